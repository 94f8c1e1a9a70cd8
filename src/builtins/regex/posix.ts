// The POSIX grammars: basic and extended regular expressions, and what grep, egrep and awk make of them.
//
//   grammar    groups    bounds    + ? |     \( \{       a newline
//   basic      \( \)     \{ \}     literal   special     itself
//   grep       as basic                                  separates alternatives
//   extended   ( )       { }       special   literal     itself
//   egrep      as extended                               separates alternatives
//   awk        as extended, with the escapes of C (\n, \ooo, \/, \") in and out of brackets
//
// POSIX wants the longest match among alternatives; `longest` tells the caller to look for it (regex.ts).
// Source: builtins §15.2, POSIX.1-2017 chapter 9.

import { classEnd, PatternError, SYNTAX_CHARACTERS, translateClass } from './classes.ts';

export const GRAMMARS = ['ecmascript', 'basic', 'extended', 'awk', 'grep', 'egrep'] as const;
export type Grammar = (typeof GRAMMARS)[number];

const AWK_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '/': '\\/',
  a: '\\x07',
  b: '\\x08',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
};

export function translatePosix(pattern: string, grammar: Grammar): { source: string; longest: boolean } {
  const separatesLines = grammar === 'grep' || grammar === 'egrep';
  const branches = separatesLines ? pattern.split('\n') : [pattern];
  const translator = new PosixTranslator(grammar);
  const source = branches.map((branch) => translator.translate(branch)).join('|');
  return { source, longest: branches.length > 1 || translator.hasAlternatives };
}

class PosixTranslator {
  hasAlternatives = false;
  private readonly isBasic: boolean;
  private readonly isAwk: boolean;

  constructor(grammar: Grammar) {
    this.isBasic = grammar === 'basic' || grammar === 'grep';
    this.isAwk = grammar === 'awk';
  }

  translate(pattern: string): string {
    let out = '';
    for (let i = 0; i < pattern.length; ) {
      const atStart = isStart(pattern, i, this.isBasic);
      const { source, end } = this.item(pattern, i, atStart);
      out += source;
      i = end;
    }
    return out;
  }

  private item(pattern: string, i: number, atStart: boolean): { source: string; end: number } {
    const c = pattern[i];
    if (c === '[') {
      const end = classEnd(pattern, i, this.isAwk);
      return { source: translateClass(pattern.slice(i, end), this.isAwk), end };
    }
    if (c === '\\') return this.escape(pattern, i);
    if (this.isBasic) return { source: basicCharacter(pattern, i, atStart), end: i + 1 };
    return this.extendedCharacter(pattern, i);
  }

  private extendedCharacter(pattern: string, i: number): { source: string; end: number } {
    const c = pattern[i];
    if (c === '|') this.hasAlternatives = true;
    const bound = c === '{' ? /^\{\d+(?:,\d*)?\}/.exec(pattern.slice(i, i + 40))?.[0] : undefined;
    const quantifier = bound ?? (c === '*' || c === '+' || c === '?' ? c : null);
    if (quantifier === null) return { source: c === ']' || c === '}' || c === '/' ? `\\${c}` : c, end: i + 1 };
    // To the host `a*?` is lazy and `(?` opens something; to POSIX they repeat what cannot be repeated.
    if (/(?:^|[^\\])[(*+?}]$/.test(pattern.slice(Math.max(0, i - 2), i))) throw new PatternError('Nothing to repeat');
    return { source: quantifier, end: i + quantifier.length };
  }

  private escape(pattern: string, i: number): { source: string; end: number } {
    const c = pattern[i + 1];
    if (c === undefined) throw new PatternError('\\ at end of pattern');
    const end = i + 2;
    if (this.isBasic && '(){}'.includes(c)) return { source: c, end };
    if (this.isBasic && /[1-9]/.test(c)) return { source: `(?:\\${c})`, end };
    if (this.isAwk) {
      const octal = /^[0-7]{1,3}/.exec(pattern.slice(i + 1, i + 4))?.[0];
      if (octal !== undefined) {
        return { source: `\\u{${Number.parseInt(octal, 8).toString(16)}}`, end: i + 1 + octal.length };
      }
      if (AWK_ESCAPES[c] !== undefined) return { source: AWK_ESCAPES[c], end };
    }
    return { source: literal(c), end };
  }
}

/** Where `*` is literal and `^` an anchor, in a basic expression: at the start of the whole or of a group. */
function isStart(pattern: string, i: number, isBasic: boolean): boolean {
  return isBasic && (i === 0 || pattern.slice(0, i).endsWith('\\(') || (i === 1 && pattern[0] === '^'));
}

function basicCharacter(pattern: string, i: number, atStart: boolean): string {
  const c = pattern[i];
  if (c === '*') return atStart ? '\\*' : '*';
  if (c === '^') return atStart ? '^' : '\\^';
  if (c === '$') return i === pattern.length - 1 || pattern.startsWith('\\)', i + 1) ? '$' : '\\$';
  return c === '.' ? c : literal(c);
}

function literal(c: string): string {
  return SYNTAX_CHARACTERS.includes(c) ? `\\${c}` : c;
}
