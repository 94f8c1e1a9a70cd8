// Characters: Unicode scalar values.
//
// Source: builtins §7, README Settled details, R7RS 6.6.

import type { Define } from '../bytecode/builtin-table.ts';
import { typeError } from '../values/errors.ts';
import { isExactInteger } from '../values/numbers.ts';
import { onDemand } from '../values/on-demand.ts';
import { type Char, charOf, type Value } from '../values/types.ts';
import { wantChar } from './arguments.ts';
import { foldCase } from './strings.ts';

const r7rs = 'R7RS 6.6';
const errors = 'an argument is not a character';

export function defineChars(define: Define): void {
  defineCodes(define);
  defineCharComparison(define);
  defineCharClasses(define);
  defineCharCase(define);
}

function defineCodes(define: Define): void {
  const spec = 'builtins §7';
  define(
    '(char->integer c)',
    { doc: 'The code point.', errors: 'c is not a character', spec },
    (c: Value) => wantChar(c, 'char->integer: not a character').code,
  );
  define(
    '(integer->char n)',
    {
      doc: 'The character of a code point.',
      errors: 'n is not a Unicode scalar value: above 10FFFF, or a surrogate',
      spec,
    },
    (n: Value) => {
      if (!isExactInteger(n) || n < 0) throw typeError('integer->char: not a non-negative integer', n);
      if (n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff)) throw typeError('integer->char: encoding failed', n);
      return charOf(Number(n));
    },
  );
  define(
    '(digit-value c)',
    { doc: 'The value of a decimal digit of any script, else #f.', errors, spec: r7rs },
    (c: Value) => digitValue(wantChar(c, 'digit-value: not a character').code),
  );
}

const digit = onDemand('^\\p{Nd}$', 'u');

/** Unicode keeps the ten digits of a script together; some blocks hold several tens, each starting at a multiple. */
function digitValue(code: number): number | false {
  if (!digit().test(String.fromCodePoint(code))) return false;
  let first = code;
  while (digit().test(String.fromCodePoint(first - 1))) first--;
  return (code - first) % 10;
}

type CodeRelation = (a: number, b: number) => boolean;

const CODE_RELATIONS: readonly (readonly [suffix: string, meaning: string, holds: CodeRelation])[] = [
  ['=?', 'equal', (a, b) => a === b],
  ['<?', 'ascending', (a, b) => a < b],
  ['>?', 'descending', (a, b) => a > b],
  ['<=?', 'ascending or equal', (a, b) => a <= b],
  ['>=?', 'descending or equal', (a, b) => a >= b],
];

function defineCharComparison(define: Define): void {
  for (const [suffix, meaning, holds] of CODE_RELATIONS) {
    for (const [name, codeOf, aside] of [
      [`char${suffix}`, (c: Char) => c.code, ''],
      [`char-ci${suffix}`, (c: Char) => changeCase(c, foldCase).code, ', letter case aside'],
    ] as const) {
      define(
        `(${name} a b c …)`,
        { doc: `Whether the characters are ${meaning}, by code points${aside}.`, errors, spec: r7rs },
        (a: Value, b: Value, ...more: Value[]) => {
          const code = (item: Value) => codeOf(wantChar(item, `${name}: not a character`));
          if (more.length === 0) return holds(code(a), code(b));
          const codes = [a, b, ...more].map(code);
          return codes.every((right, i) => i === 0 || holds(codes[i - 1], right));
        },
      );
    }
  }
}

/** A function of code points, which computes its values for ASCII once. */
function rememberingAscii<T>(of: (code: number) => T): (code: number) => T {
  let values: readonly T[] | null = null;
  return (code) => {
    if (code >= 128) return of(code);
    values ??= Array.from({ length: 128 }, (_, ascii) => of(ascii));
    return values[code];
  };
}

const CLASSES: readonly (readonly [name: string, what: string, pattern: () => RegExp])[] = [
  ['char-alphabetic?', 'a letter', onDemand('^\\p{Alphabetic}$', 'u')],
  ['char-numeric?', 'a decimal digit', digit],
  ['char-whitespace?', 'white space', onDemand('^\\p{White_Space}$', 'u')],
  ['char-upper-case?', 'an upper-case letter', onDemand('^\\p{Uppercase}$', 'u')],
  ['char-lower-case?', 'a lower-case letter', onDemand('^\\p{Lowercase}$', 'u')],
];

function defineCharClasses(define: Define): void {
  for (const [name, what, pattern] of CLASSES) {
    const isInClass = rememberingAscii((code) => pattern().test(String.fromCodePoint(code)));
    define(`(${name} c)`, { doc: `Whether c is ${what}.`, errors, spec: r7rs }, (c: Value) =>
      isInClass(wantChar(c, `${name}: not a character`).code),
    );
  }
}

function defineCharCase(define: Define): void {
  for (const [name, what, change] of [
    ['char-upcase', 'upper', (text: string) => text.toUpperCase()],
    ['char-downcase', 'lower', (text: string) => text.toLowerCase()],
    ['char-foldcase', 'folded', foldCase],
  ] as const) {
    const changed = rememberingAscii((code) => changeCase(charOf(code), change));
    define(
      `(${name} c)`,
      { doc: `The character in ${what} case; itself where it has none.`, errors, spec: r7rs },
      (c: Value) => changed(wantChar(c, `${name}: not a character`).code),
    );
  }
}

/** A character whose other case is several characters (ß) stays as it is. */
function changeCase(char: Char, change: (text: string) => string): Char {
  const changed = change(String.fromCodePoint(char.code));
  const code = changed.codePointAt(0) as number;
  return changed.length === (code > 0xffff ? 2 : 1) ? charOf(code) : char;
}
