// Strings and symbols. A string is an immutable sequence of characters; indices count characters (values/text.ts).
//
// What makes strings exists twice: `%r7rs-NAME`, which (scheme base) exports under the plain name, gives a string that can
// be changed (values/mutable-string.ts). Source: builtins §7, README V1, V12, R7RS 6.5, 6.7.

import type { Define } from '../bytecode/builtin-table.ts';
import type { BuiltinDoc } from '../bytecode/procedures.ts';
import { indexError, typeError } from '../values/errors.ts';
import { MutableString, textOf } from '../values/mutable-string.ts';
import { codePointAt, codePoints, compareText, textLength, textSlice } from '../values/text.ts';
import { type Char, charOf, intern, listFrom, NIL, Sym, type Value, Vector } from '../values/types.ts';
import { want, wantChar, wantCount, wantList, wantRange, wantString, wantSymbol } from './arguments.ts';

const spec = 'builtins §7';
const r7rs = 'R7RS 6.7';

export function defineStrings(define: Define): void {
  defineSymbols(define);
  defineStringBasics(define);
  defineStringComparison(define);
  defineStringCase(define);
  defineStringMaking(define);
  defineStringConversion(define);
  defineStringMutators(define);
}

/** A procedure whose result is a new string, in both variants. */
export function defineMaker(
  define: Define,
  usage: string,
  doc: BuiltinDoc,
  // biome-ignore lint/suspicious/noExplicitAny: as for any primitive
  make: (...args: any[]) => string,
): void {
  define(usage, doc, make);
  const { ofMany } = doc;
  const mutable = {
    ...doc,
    doc: `${doc.doc.slice(0, -1)}, as a string that can be changed.`,
    spec: r7rs,
    ofMany: ofMany && ((args: readonly Value[]) => new MutableString(ofMany(args) as string)),
  };
  define(`(%r7rs-${usage.slice(1)}`, mutable, (...args) => new MutableString(make(...args)));
}

function defineSymbols(define: Define): void {
  define(
    '(symbol->string sym)',
    { doc: 'The name of a symbol.', errors: 'sym is not a symbol', spec },
    (sym: Value) => {
      return wantSymbol(sym, 'symbol->string: not a symbol').name;
    },
  );
  define('(string->symbol s)', { doc: 'The symbol of this name.', errors: 's is not a string', spec }, (s: Value) =>
    intern(wantString(s, 'string->symbol: not a string')),
  );
  let generated = 0;
  define(
    '(gensym [prefix])',
    { doc: 'A fresh symbol, different from every other one.', spec: 'README V12' },
    (prefix?: Value) => {
      const name = prefix instanceof Sym ? prefix.name : prefix === undefined ? undefined : textOf(prefix);
      return new Sym(`${name ?? 'g'}${++generated}`);
    },
  );
}

function defineStringBasics(define: Define): void {
  define('(string-length s)', { doc: 'The count of characters.', errors: 's is not a string', spec }, (s: Value) =>
    typeof s !== 'string' && s instanceof MutableString
      ? s.length
      : textLength(wantString(s, 'string-length: not a string')),
  );
  define(
    '(string-ref s k)',
    { doc: 'The character at index k, counted from 0.', errors: 's is not a string; k is not an index of it', spec },
    (s: Value, k: Value) => {
      const string =
        typeof s !== 'string' && s instanceof MutableString ? s : wantString(s, 'string-ref: not a string');
      const index = wantCount(k, 'string-ref: index must be a non-negative integer');
      const code = typeof string === 'string' ? codePointAt(string, index) : string.at(index);
      if (code < 0)
        throw indexError(
          'string-ref: index out of bounds',
          k,
          typeof string === 'string' ? textLength(string) : string.length,
        );
      return charOf(code);
    },
  );
  defineMaker(
    define,
    '(substring s start end)',
    {
      doc: 'The characters from index start up to, not including, end.',
      errors: 's is not a string; not 0 <= start <= end <= length',
      spec,
    },
    (s: Value, start: Value, end: Value) => {
      const text = wantString(s, 'substring: not a string');
      const from = wantCount(start, 'substring: start must be a non-negative integer');
      const to = wantCount(end, 'substring: end must be a non-negative integer');
      if (from > to) throw indexError('substring: indices out of bounds', start, to + 1);
      if (to > text.length || to > textLength(text))
        throw indexError('substring: indices out of bounds', end, textLength(text) + 1);
      return textSlice(text, from, to);
    },
  );
  defineMaker(
    define,
    '(string-append s …)',
    { doc: 'The strings, one after the other.', errors: 'an argument is not a string', spec, isLeftFold: true },
    (...items: Value[]) => {
      let text = '';
      for (const item of items) text += wantString(item, 'string-append: not a string');
      return text;
    },
  );
}

type TextRelation = (a: string, b: string) => boolean;

/** By code points. Equality needs no decoding. */
export const TEXT_RELATIONS: readonly (readonly [suffix: string, meaning: string, holds: TextRelation])[] = [
  ['=?', 'equal', (a, b) => a === b],
  ['<?', 'ascending', (a, b) => compareText(a, b) < 0],
  ['>?', 'descending', (a, b) => compareText(a, b) > 0],
  ['<=?', 'ascending or equal', (a, b) => compareText(a, b) <= 0],
  ['>=?', 'descending or equal', (a, b) => compareText(a, b) >= 0],
];

function holdsBetweenAll(texts: readonly string[], holds: TextRelation): boolean {
  for (let i = 1; i < texts.length; i++) if (!holds(texts[i - 1], texts[i])) return false;
  return true;
}

function defineStringComparison(define: Define): void {
  for (const [suffix, meaning, holds] of TEXT_RELATIONS) {
    const name = `string${suffix}`;
    const doc = `Whether the strings are ${meaning}, by code points.`;
    define(`(${name} a b)`, { doc, errors: 'an argument is not a string', spec }, (a: Value, b: Value) =>
      holds(
        wantString(a, `${name}: first argument is not a string`),
        wantString(b, `${name}: second argument is not a string`),
      ),
    );
    for (const [variant, fold] of [
      [`%r7rs-${name}`, (text: string) => text],
      [`string-ci${suffix}`, foldCase],
    ] as const) {
      const who = variant.replace('%r7rs-', '');
      define(
        `(${variant} a b c …)`,
        {
          doc: variant === who ? `${doc.slice(0, -1)}, letter case aside.` : doc,
          errors: 'an argument is not a string',
          spec: r7rs,
        },
        (...items: Value[]) =>
          holdsBetweenAll(
            items.map((item) => fold(wantString(item, `${who}: not a string`))),
            holds,
          ),
      );
    }
  }
}

/** Full case folding: both ways through upper case, so that ß and SS meet; the two small sigmas are one. */
export const foldCase = (text: string): string => text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');

function defineStringCase(define: Define): void {
  for (const [name, what, change] of [
    ['string-upcase', 'in upper case', (text: string) => text.toUpperCase()],
    ['string-downcase', 'in lower case', (text: string) => text.toLowerCase()],
    ['string-foldcase', 'with the differences of letter case removed', foldCase],
  ] as const) {
    defineMaker(define, `(${name} s)`, { doc: `The string ${what}.`, errors: 's is not a string', spec: r7rs }, (s) =>
      change(wantString(s, `${name}: not a string`)),
    );
  }
}

function defineStringMaking(define: Define): void {
  const ofCharacters = (items: readonly Value[]): string => charactersToText(items, 'string: not a character');
  defineMaker(
    define,
    '(string c …)',
    {
      doc: 'The string of these characters.',
      errors: 'an argument is not a character',
      spec: r7rs,
      ofMany: ofCharacters,
    },
    (...items) => ofCharacters(items),
  );
  defineMaker(
    define,
    '(make-string k [c])',
    {
      doc: 'A string of k times the character c, or a space.',
      errors: 'k is not a non-negative integer; c is not a character',
      spec: r7rs,
    },
    (k: Value, c: Value = charOf(0x20)) => {
      const count = wantCount(k, 'make-string: length must be a non-negative integer');
      const text = String.fromCodePoint(wantChar(c, 'make-string: not a character').code);
      if (count * text.length > MAX_STRING_UNITS) throw typeError('make-string: length is too large', k);
      return text.repeat(count);
    },
  );
  defineMaker(
    define,
    '(string-copy s [start end])',
    {
      doc: 'The characters from start up to end, or to the end of s.',
      errors: 's is not a string; the range is not within it',
      spec: r7rs,
    },
    (s: Value, start?: Value, end?: Value) => slice(s, start, end, 'string-copy'),
  );
  define(
    '(string-join strings [separator])',
    {
      doc: 'The strings of a list, with separator (a space) between them.',
      errors: 'an element or separator is not a string',
      spec: 'README V12',
    },
    (strings: Value, separator: Value = ' ') => {
      const message = 'string-join: not a string';
      const texts = wantList(strings, 'string-join: not a proper list').map((text) => wantString(text, message));
      return texts.join(wantString(separator, message));
    },
  );
}

/** V8's limit is 2^29-24 units. */
const MAX_STRING_UNITS = 2 ** 29 - 24;

function slice(s: Value, start: Value | undefined, end: Value | undefined, who: string): string {
  const text = wantString(s, `${who}: not a string`);
  if (start === undefined) return text;
  const [from, to] = wantRange(start, end, textLength(text), who);
  return textSlice(text, from, to);
}

function charactersToText(items: readonly Value[], message: string): string {
  let text = '';
  for (const item of items) text += String.fromCodePoint(wantChar(item, message).code);
  return text;
}

const charactersOf = (text: string): Char[] => codePoints(text).map(charOf);

function defineStringConversion(define: Define): void {
  const rangeErrors = 'the argument is of another type; the range is not within it';
  define(
    '(string->list s [start end])',
    { doc: 'The characters, in a list.', errors: rangeErrors, spec: r7rs },
    (s, start, end) => listFrom(charactersOf(slice(s, start, end, 'string->list'))),
  );
  defineMaker(
    define,
    '(list->string list)',
    { doc: 'The string of the characters in a list.', errors: 'list is not a proper list of characters', spec: r7rs },
    (list: Value) =>
      charactersToText(wantList(list, 'list->string: not a proper list'), 'list->string: not a character'),
  );
  define(
    '(string->vector s [start end])',
    { doc: 'The characters, in a vector.', errors: rangeErrors, spec: 'R7RS 6.8' },
    (s, start, end) => new Vector(charactersOf(slice(s, start, end, 'string->vector'))),
  );
  defineMaker(
    define,
    '(vector->string v [start end])',
    { doc: 'The string of the characters in a vector.', errors: rangeErrors, spec: 'R7RS 6.8' },
    (v: Value, start?: Value, end?: Value) => {
      const { items } = want(v, Vector, 'vector->string: not a vector');
      const [from, to] = wantRange(start, end, items.length, 'vector->string');
      return charactersToText(items.slice(from, to), 'vector->string: not a character');
    },
  );
}

function wantMutable(value: Value, who: string): MutableString {
  if (value instanceof MutableString) return value;
  wantString(value, `${who}: not a string`);
  throw typeError(`${who}: the string is immutable`, value);
}

/** Only what R7RS programs make can change (values/mutable-string.ts). */
function defineStringMutators(define: Define): void {
  const errors = 's is not a mutable string; the range is not within it';
  define('(string-set! s k c)', { doc: 'Put the character c at index k.', errors, spec: r7rs }, (s, k, c: Value) => {
    const string = wantMutable(s, 'string-set!');
    const index = wantCount(k, 'string-set!: index must be a non-negative integer');
    if (index >= string.length) throw indexError('string-set!: index out of bounds');
    string.write(index, [wantChar(c, 'string-set!: not a character').code]);
    return NIL;
  });
  define(
    '(string-fill! s c [start end])',
    { doc: 'Put the character c at the indices from start up to end.', errors, spec: r7rs },
    (s: Value, c: Value, start?: Value, end?: Value) => {
      const string = wantMutable(s, 'string-fill!');
      const { code } = wantChar(c, 'string-fill!: not a character');
      string.fill(code, ...wantRange(start, end, string.length, 'string-fill!'));
      return NIL;
    },
  );
  define(
    '(string-copy! to at from [start end])',
    {
      doc: 'Copy the characters of from, from start up to end, into to, from index at on.',
      errors: `to: ${errors}; from is not a string, or has not that range`,
      spec: r7rs,
    },
    (to: Value, at: Value, from: Value, start?: Value, end?: Value) => {
      const string = wantMutable(to, 'string-copy!');
      const index = wantCount(at, 'string-copy!: index must be a non-negative integer');
      const points = codePoints(slice(from, start, end, 'string-copy!'));
      if (index + points.length > string.length) throw indexError('string-copy!: indices out of bounds');
      string.write(index, points);
      return NIL;
    },
  );
}
