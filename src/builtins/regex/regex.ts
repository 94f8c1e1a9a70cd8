// Regex objects: a pattern, its flags, and how it is matched.
//
// Matching is the host's; this file asks it and turns code units into characters. A match is remembered in code units
// (`Match`) and becomes Eta's match vector only where a program sees it (match.ts).
//
// Source: builtins §15, stdlib §12, README B6.

import { EtaError } from '../../values/errors.ts';
import { HeapObject } from '../../values/types.ts';
import { PatternError } from './classes.ts';
import type { Grammar } from './posix.ts';
import { readGroups, type Translation, translate } from './translate.ts';

/** In the order in which they are listed. */
export const OPTIONS = ['icase', 'multiline', 'nosubs', 'optimize', 'collate'] as const;
export type Option = (typeof OPTIONS)[number];

export interface RegexFlags {
  readonly grammar: Grammar;
  /** In the order of OPTIONS, without duplicates. */
  readonly options: readonly Option[];
}

export const NO_FLAGS: RegexFlags = { grammar: 'ecmascript', options: [] };

export type UnitSpan = readonly [start: number, end: number];

/** One match, in code units of the input; `groups[0]` is the whole. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (UnitSpan | undefined)[];
}

export class Regex extends HeapObject {
  readonly kind = 'Regex';
  private readonly hostFlags: string;
  /** The flag by which the host says where groups matched. It costs as much again, so only what has groups has it. */
  private readonly indices: 'd' | '';
  private whole: RegExp | null = null;
  private scanner: RegExp | null = null;

  constructor(
    readonly pattern: string,
    readonly flags: RegexFlags,
    private readonly translation: Translation,
  ) {
    super();
    this.hostFlags = `u${this.has('icase') ? 'i' : ''}${this.has('multiline') ? 'm' : ''}`;
    const groups = new RegExp(`${translation.source}|`, 'u').exec('')!.length - 1;
    this.indices = groups > 0 && !this.has('nosubs') ? 'd' : '';
  }

  get names(): ReadonlyMap<string, number> {
    return this.translation.names;
  }

  has(option: Option): boolean {
    return this.flags.options.includes(option);
  }

  /** Whether the whole of the text matches. */
  matchesWhole(text: string): boolean {
    // `(?![^])` is the end of the text, whatever `multiline` makes of `$`.
    this.whole ??= new RegExp(`(?:${this.translation.source})(?![^])`, `${this.hostFlags}y`);
    this.whole.lastIndex = 0;
    return this.whole.test(text);
  }

  /** The first match at or after a code unit; what stands before it is seen by `^`, `\b` and lookbehind. */
  matchFrom(text: string, unit: number): Match | null {
    this.scanner ??= new RegExp(this.translation.source, `${this.hostFlags}g${this.indices}`);
    this.scanner.lastIndex = unit;
    const found = this.scanner.exec(text);
    if (found === null) return null;
    return this.toMatch(this.translation.longest ? this.longestFrom(text, found) : found);
  }

  /** All matches, left to right. After an empty one the search goes on one character later. */
  *matches(text: string): Generator<Match> {
    for (let unit = 0; unit <= text.length; ) {
      const match = this.matchFrom(text, unit);
      if (match === null) return;
      yield match;
      unit = match.end > match.start ? match.end : nextCharacter(text, match.end);
    }
  }

  /** The longest match that begins where `found` does: ask for an end further right until there is none. */
  private longestFrom(text: string, found: RegExpExecArray): RegExpExecArray {
    let best = found;
    for (;;) {
      // In `u` mode [^] is a character; the lookbehind counts those before the end of the match.
      const characters = [...text.slice(0, best.index + best[0].length)].length;
      const longer = new RegExp(
        `(?:${this.translation.source})(?<=(?<![^])[^]{${characters + 1},})`,
        `${this.hostFlags}y${this.indices}`,
      );
      longer.lastIndex = best.index;
      const better = longer.exec(text);
      if (better === null) return best;
      best = better;
    }
  }

  private toMatch(found: RegExpExecArray): Match {
    const start = found.index;
    const end = start + found[0].length;
    return { start, end, groups: found.indices ?? [[start, end]] };
  }

  override equalParts(other: HeapObject): boolean {
    return other instanceof Regex && other.pattern === this.pattern && flagsText(other.flags) === flagsText(this.flags);
  }

  override printed(): string {
    const pattern = this.pattern.replace(/["\\\n\r\t]/g, (c) => PRINTED_ESCAPES[c]);
    const flags = flagNames(this.flags).filter((name) => name !== 'ecmascript');
    return `#<regex "${pattern}"${flags.map((name) => ` :${name}`).join('')}>`;
  }
}

const PRINTED_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** The grammar, then the options. */
export function flagNames(flags: RegexFlags): readonly string[] {
  return [flags.grammar, ...flags.options];
}

const flagsText = (flags: RegexFlags): string => flagNames(flags).join(' ');

function nextCharacter(text: string, unit: number): number {
  const code = text.codePointAt(unit);
  return unit + (code !== undefined && code > 0xffff ? 2 : 1);
}

/** Compile a pattern; `who` names the builtin in the error of a malformed one. */
export function compileRegex(pattern: string, flags: RegexFlags, who: string): Regex {
  try {
    const translation = translate(pattern, flags.grammar);
    new RegExp(translation.source, 'u');
    return new Regex(pattern, flags, translation);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof PatternError)) throw error;
    const quoted = flags.grammar === 'ecmascript' ? readGroups(pattern).plain : pattern;
    throw patternError(who, quoted, hostDetail(error));
  }
}

/** The host says `Invalid regular expression: /SOURCE/u: DETAIL`. */
function hostDetail(error: Error): string {
  return error.message.replace(/^Invalid regular expression: \/.*\/\w*: /s, '');
}

function patternError(who: string, pattern: string, detail: string): EtaError {
  const message = `${who}: invalid regex pattern: ${detail} (pattern: "${pattern}")`;
  return new EtaError('runtime.regex-error', message, [
    ['pattern', pattern],
    ['detail', detail],
  ]);
}
