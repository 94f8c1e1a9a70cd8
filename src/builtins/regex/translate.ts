// From the patterns that programs write to the patterns of the host's engine.
//
// The host runs everything in its `u` mode, because only there is a match a match of characters. That mode is strict, so
// this file spells out what programs may leave lenient:
//
//   (?<name>…)          plain group; its number is remembered, the first definition of a name counts
//   \k<name>            (?:\N)
//   \- \_ \y            an escaped character that means nothing stands for itself
//   ]  }                literal where they close nothing
//   [[:alpha:]]         a range of ASCII characters; also [.x.] and [=x=]
//
// Everything else is passed on, and what the host then rejects is the program's mistake. The POSIX grammars (`basic`,
// `extended`, …) are translated from scratch. Source: builtins §15, stdlib §12, README B6.

import { classEnd, findClassEnd, SYNTAX_CHARACTERS, translateClass } from './classes.ts';
import { type Grammar, translatePosix } from './posix.ts';

export interface Translation {
  /** For `new RegExp(source, 'u…')`. */
  readonly source: string;
  /** Group names in order of first appearance, each with the number of its group. */
  readonly names: ReadonlyMap<string, number>;
  /** Among alternatives the longest match is wanted, not the first (POSIX). */
  readonly longest: boolean;
}

export function translate(pattern: string, grammar: Grammar): Translation {
  if (grammar !== 'ecmascript') return { ...translatePosix(pattern, grammar), names: new Map() };
  const { names } = readGroups(pattern);
  return { source: new Translator(pattern, names).translate(), names, longest: false };
}

/** Letters and digits whose escape means something to the host in `u` mode, outside of classes. */
const MEANINGFUL_ESCAPES = 'dDwWsSbBtnvfrcxuk0123456789';

/** The named groups of an ECMAScript pattern, and the pattern with these made plain, as error messages quote it. */
export function readGroups(pattern: string): { names: Map<string, number>; plain: string } {
  const names = new Map<string, number>();
  let groups = 0;
  let plain = '';
  for (let i = 0; i < pattern.length; ) {
    let end = i + 1;
    if (pattern[i] === '\\') end = i + 2;
    else if (pattern[i] === '[') end = Math.max(end, findClassEnd(pattern, i));
    else if (pattern[i] === '(') {
      const group = groupName(pattern, i);
      if (group !== null || pattern[i + 1] !== '?') groups++;
      if (group !== null) {
        if (!names.has(group.name)) names.set(group.name, groups);
        plain += '(';
        i = group.end;
        continue;
      }
    }
    plain += pattern.slice(i, end);
    i = end;
  }
  return { names, plain };
}

/** `(?<name>` at index i. */
function groupName(pattern: string, i: number): { name: string; end: number } | null {
  if (!/^\(\?<[^=!>]/.test(pattern.slice(i, i + 4))) return null;
  const close = pattern.indexOf('>', i);
  return close < 0 ? null : { name: pattern.slice(i + 3, close), end: close + 1 };
}

class Translator {
  private source = '';

  constructor(
    private readonly pattern: string,
    private readonly names: ReadonlyMap<string, number>,
  ) {}

  translate(): string {
    for (let i = 0; i < this.pattern.length; ) i = this.step(i);
    return this.source;
  }

  /** Translate what begins at i; the result is where the rest begins. */
  private step(i: number): number {
    const { pattern } = this;
    const c = pattern[i];
    switch (c) {
      case '\\':
        return this.escape(i);
      case '[': {
        const end = classEnd(pattern, i);
        return this.emit(translateClass(pattern.slice(i, end)), end);
      }
      case '(':
        return this.emit('(', groupName(pattern, i)?.end ?? i + 1);
      case '{': {
        // A quantifier goes through whole, so that its brace is not taken for a lone one.
        const quantifier = /^\{\d+(?:,\d*)?\}/.exec(pattern.slice(i, i + 40))?.[0] ?? '{';
        return this.emit(quantifier, i + quantifier.length);
      }
      case ']':
      case '}':
        return this.emit(`\\${c}`, i + 1);
      default:
        return this.emit(c, i + 1);
    }
  }

  private escape(i: number): number {
    const { pattern } = this;
    const code = pattern.codePointAt(i + 1);
    if (code === undefined) return this.emit('\\', i + 1);
    const c = String.fromCodePoint(code);
    const end = i + 1 + c.length;
    if (c === 'k') {
      const reference = /^\\k<([^>]*)>/.exec(pattern.slice(i, i + 200));
      const group = reference === null ? undefined : this.names.get(reference[1]);
      if (reference !== null && group !== undefined) return this.emit(`(?:\\${group})`, i + reference[0].length);
    }
    if (c === 'p' || c === 'P') return this.property(i);
    if (c === 'u' && pattern[end] === '{') {
      const close = pattern.indexOf('}', end);
      if (close >= 0) return this.emit(pattern.slice(i, close + 1), close + 1);
    }
    if (MEANINGFUL_ESCAPES.includes(c) || SYNTAX_CHARACTERS.includes(c)) return this.emit(`\\${c}`, end);
    return this.emit(c, end);
  }

  /** `\p{L}` is a property, a bare `\p` is the letter. */
  private property(i: number): number {
    const property = /^\\[pP]\{[^}]*\}/.exec(this.pattern.slice(i, i + 80))?.[0];
    if (property !== undefined) return this.emit(property, i + property.length);
    return this.emit(this.pattern[i + 1], i + 2);
  }

  private emit(translated: string, end: number): number {
    this.source += translated;
    return end;
  }
}
