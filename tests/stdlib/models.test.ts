// String, list and vector procedures against models that can be seen to be right: JavaScript arrays, of characters for strings.
//
// Each property is one program with many random calls; a failure shows the call.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeText } from '../../src/values/printer.ts';
import { listFrom, type Value, Vector } from '../../src/values/types.ts';
import { evaluateRows, type Row } from './rows.ts';

const RUNS = 60;

const characters = fc.array(fc.constantFrom(...'abcXYZ 09éλß\u{1d11e}\u{1f600}'), { maxLength: 12 });
const numbers = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 10 });

const str = (text: readonly string[]): string => writeText(text.join(''));
const list = (items: readonly Value[]): Value => listFrom(items);
const quoted = (items: readonly Value[]): string => `'${writeText(list(items))}`;

type Call = readonly [expression: string, result: Value];

/** A position within something of this length, or just behind it. */
const within = (length: number) => fc.integer({ min: 0, max: length });

const STRINGS: readonly fc.Arbitrary<Call>[] = [
  characters.map((s): Call => [`(string-length ${str(s)})`, s.length]),
  fc
    .tuple(characters, characters)
    .map(([a, b]): Call => [`(string-append ${str(a)} ${str(b)})`, [...a, ...b].join('')]),
  characters.chain((s) =>
    fc.tuple(within(s.length), within(s.length)).map(([i, j]): Call => {
      const [from, to] = [Math.min(i, j), Math.max(i, j)];
      return [`(substring ${str(s)} ${from} ${to})`, s.slice(from, to).join('')];
    }),
  ),
  characters
    .filter((s) => s.length > 0)
    .chain((s) => within(s.length - 1).map((i): Call => [`(string (string-ref ${str(s)} ${i}))`, s[i]])),
  characters.map((s): Call => [`(list->string (reverse (string->list ${str(s)})))`, [...s].reverse().join('')]),
  characters.map((s): Call => [`(map char->integer (string->list ${str(s)}))`, list(s.map((c) => c.codePointAt(0)!))]),
  fc.tuple(characters, characters).map(([a, b]): Call => [`(string=? ${str(a)} ${str(b)})`, a.join('') === b.join('')]),
  fc.tuple(characters, characters).map(([a, b]): Call => {
    const points = (s: readonly string[]) => s.map((c) => c.codePointAt(0)!.toString(16).padStart(6, '0')).join('');
    return [`(string<? ${str(a)} ${str(b)})`, points(a) < points(b)];
  }),
  characters.map((s): Call => [`(string->symbol ${str(s)})`, `symbol ${s.join('')}`]),
];

const LISTS: readonly fc.Arbitrary<Call>[] = [
  numbers.map((l): Call => [`(length ${quoted(l)})`, l.length]),
  numbers.map((l): Call => [`(reverse ${quoted(l)})`, list([...l].reverse())]),
  fc
    .tuple(numbers, numbers, numbers)
    .map(([a, b, c]): Call => [`(append ${[a, b, c].map(quoted).join(' ')})`, list([...a, ...b, ...c])]),
  numbers.chain((l) => within(l.length).map((k): Call => [`(list-tail ${quoted(l)} ${k})`, list(l.slice(k))])),
  numbers.chain((l) =>
    within(12).map((k): Call => [`(take ${Math.min(k, l.length)} ${quoted(l)})`, list(l.slice(0, k))]),
  ),
  numbers.chain((l) => within(12).map((k): Call => [`(drop ${Math.min(k, l.length)} ${quoted(l)})`, list(l.slice(k))])),
  numbers.map((l): Call => [`(map (lambda (x) (* x x)) ${quoted(l)})`, list(l.map((x) => x * x))]),
  numbers.map((l): Call => [`(filter even? ${quoted(l)})`, list(l.filter((x) => x % 2 === 0))]),
  numbers.map((l): Call => [`(foldl - 0 ${quoted(l)})`, l.reduce((a, x) => a - x, 0)]),
  numbers.map((l): Call => [`(foldr cons '() ${quoted(l)})`, list(l)]),
  numbers.map((l): Call => [`(sort < ${quoted(l)})`, list([...l].sort((a, b) => a - b))]),
  // Stable: of equals, the one that came first stays first.
  numbers.map(
    (l): Call => [
      `(map cdr (sort (lambda (a b) (< (car a) (car b))) (map-indexed (lambda (i x) (cons x i)) ${quoted(l)})))`,
      list(
        l
          .map((x, i) => [x, i] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, i]) => i),
      ),
    ],
  ),
  fc.tuple(numbers, fc.integer({ min: -5, max: 5 })).map(([l, x]): Call => {
    const at = l.indexOf(x);
    return [`(member ${x} ${quoted(l)})`, at < 0 ? false : list(l.slice(at))];
  }),
  numbers.map((l): Call => [`(any? negative? ${quoted(l)})`, l.some((x) => x < 0)]),
  numbers.map((l): Call => [`(every? negative? ${quoted(l)})`, l.every((x) => x < 0)]),
  fc
    .tuple(numbers, numbers)
    .map(([a, b]): Call => [`(map + ${quoted(a)} ${quoted(b)})`, list(a.slice(0, b.length).map((x, i) => x + b[i]))]),
  numbers.map((l): Call => [`(list->vector ${quoted(l)})`, new Vector(l)]),
  numbers.map((l): Call => [`(vector->list (vector-map - (list->vector ${quoted(l)})))`, list(l.map((x) => 0 - x))]),
  fc.tuple(numbers, numbers).map(([a, b]): Call => [`(equal? ${quoted(a)} ${quoted(b)})`, String(a) === String(b)]),
];

test.each([
  ['strings', STRINGS],
  ['lists and vectors', LISTS],
] as const)('%s', (_what, calls) => {
  const seed = Date.now();
  const rows: Row[] = fc
    .sample(fc.oneof(...calls), { numRuns: RUNS * calls.length, seed })
    .map(([expression, result]) => {
      const isSymbol = typeof result === 'string' && result.startsWith('symbol ');
      if (isSymbol) return [`(symbol->string ${expression})`, writeText(result.slice('symbol '.length))];
      return [expression, writeText(result)];
    });
  const printed = evaluateRows('(import std.core std.collections std.math)', rows);
  expect({ seed, calls: rows.map(([expression], i) => [expression, printed[i]]) }).toEqual({ seed, calls: rows });
});
