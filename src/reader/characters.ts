// Characters that the reader knows: token boundaries, what names consist of, the names of characters.
//
// The boundary set and the ASCII part of the names are language §1.2 and §1.5. Beyond ASCII a name may contain what
// R7RS §7.1.1 allows by Unicode category, except U+FFFD, which marks bytes that somebody could not decode.

import { onDemand } from '../values/on-demand.ts';

/** Inside a character class: everything that ends a token (white space, NUL, hard delimiters). */
export const BOUNDARY = '\\0\\t-\\r "\'(),;[\\]`';

/** Inside a character class: what may start, and what may continue, a name; ASCII only. */
export const INITIAL = 'A-Za-z!$%&*/:<=>?^_~@';
export const SUBSEQUENT = `${INITIAL}0-9+.\\-`;

const WIDE_INITIAL = '[\\p{L}\\p{Mn}\\p{Nl}\\p{No}\\p{Pd}\\p{Pc}\\p{Po}\\p{S}\\p{Co}\\u200c\\u200d]';
const WIDE_SUBSEQUENT = '[\\p{L}\\p{M}\\p{N}\\p{Pd}\\p{Pc}\\p{Po}\\p{S}\\p{Co}\\u200c\\u200d]';
const WIDE = '(?![\\0-\\x7f\\ufffd])';

const nameStart = onDemand(
  `(?:[${INITIAL}]|[+-](?![0-9.])|\\.(?![0-9])(?=[${SUBSEQUENT}]|${WIDE}${WIDE_SUBSEQUENT})|${WIDE}${WIDE_INITIAL})`,
  'uy',
);
const asciiRun = new RegExp(`[${SUBSEQUENT}]+`, 'y');
const wideChar = onDemand(`${WIDE}${WIDE_SUBSEQUENT}`, 'uy');
const wordRun = new RegExp(`[^${BOUNDARY}]+`, 'y');

/** Offset just after the name that starts at `at`, or `at` if none does. */
export function nameEnd(text: string, at: number): number {
  const start = nameStart();
  start.lastIndex = at;
  if (!start.test(text)) return at;
  const wide = wideChar();
  // One character at a time: a repeated group would need the matcher's stack for each, and a name may be long.
  for (let end = start.lastIndex; ; ) {
    asciiRun.lastIndex = end;
    if (asciiRun.test(text)) end = asciiRun.lastIndex;
    wide.lastIndex = end;
    if (!wide.test(text)) return end;
    end = wide.lastIndex;
  }
}

/** Offset of the first token boundary at or after `at`. */
export function wordEnd(text: string, at: number): number {
  wordRun.lastIndex = at;
  return wordRun.test(text) ? wordRun.lastIndex : at;
}

const boundary = new RegExp(`[${BOUNDARY}]`);
const isBoundaryCode = Array.from({ length: 128 }, (_, code) => boundary.test(String.fromCharCode(code)));

/** Is there a token boundary (or the end of the text) at `at`? */
export function isBoundary(text: string, at: number): boolean {
  if (at >= text.length) return true;
  const code = text.charCodeAt(at);
  return code < 128 && isBoundaryCode[code];
}

const invisible = onDemand('[\\p{C}\\p{Z}\\p{M}]', 'u');

/** `{`, or `U+00A0` for a character that one would not see. */
export function showCharacter(char: string): string {
  const code = char.codePointAt(0)!;
  if (code >= 0xdc80 && code <= 0xdcff) return `byte 0x${(code - 0xdc00).toString(16).toUpperCase()}`;
  const isInvisible = invisible().test(char);
  return isInvisible ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : `'${char}'`;
}

/** Character names, in lower case; language §1.7. */
export const CHARACTER_NAMES: ReadonlyMap<string, number> = new Map([
  ['space', 0x20],
  ['newline', 0x0a],
  ['linefeed', 0x0a],
  ['tab', 0x09],
  ['return', 0x0d],
  ['backspace', 0x08],
  ['alarm', 0x07],
  ['vtab', 0x0b],
  ['page', 0x0c],
  ['nul', 0x00],
  ['null', 0x00],
  ['escape', 0x1b],
  ['delete', 0x7f],
  ['del', 0x7f],
]);
