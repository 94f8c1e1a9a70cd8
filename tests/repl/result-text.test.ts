// Results within limits.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_LIMITS, resultText } from '../../src/repl/result-text.ts';
import { writeText } from '../../src/values/printer.ts';
import { intern, listFrom, NIL, Pair, type Value, Vector } from '../../src/values/types.ts';

const LIMITS = { items: 5, depth: 3, width: 20 };
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const text = (value: Value, limits = LIMITS) => resultText(value, limits).text;

test.each<[string, Value, string]>([
  ['a short list', listFrom([1, 'a', intern('b')]), '(1 "a" b)'],
  ['an improper one', listFrom([1, 2], 3), '(1 2 . 3)'],
  ['as many items as allowed', listFrom(numbers(5)), '(0 1 2 3 4)'],
  ['more', listFrom(numbers(6)), '(0 1 2 3 4 …)'],
  ['a vector', new Vector(numbers(9)), '#(0 1 2 3 4 …)'],
  ['a string', 'x'.repeat(80), `"${'x'.repeat(50)}…"`],
  ['nesting', listFrom([listFrom([listFrom([listFrom([1])])])]), '((((…))))'],
  ['a broken list', listFrom(['abcdefgh', 'abcdefgh', 1]), '("abcdefgh"\n "abcdefgh" 1)'],
  [
    'lists in a list',
    listFrom([listFrom(['abcdefgh', 1]), listFrom(['abcdefgh', 2])]),
    '(("abcdefgh" 1)\n ("abcdefgh" 2))',
  ],
])('%s', (_what, value, expected) => {
  expect(text(value)).toBe(expected);
});

test('what is empty is not broken, however little room there is', () => {
  expect(text(listFrom([new Vector([])]), { items: 5, depth: 3, width: 4 })).toBe('(#())');
});

test('something left out is told', () => {
  expect(resultText(listFrom(numbers(6)), LIMITS).isElided).toBe(true);
  expect(resultText(listFrom(numbers(5)), LIMITS).isElided).toBe(false);
});

test('cycles have labels, as `write` gives them', () => {
  const whole = new Pair(1, NIL);
  whole.cdr = whole;
  const middle = new Pair(2, NIL);
  middle.cdr = new Pair(3, middle);
  const vector = new Vector([1]);
  vector.items.push(vector);
  for (const value of [whole, listFrom([0, 1], middle), vector, listFrom([whole, vector])]) {
    expect(text(value, { items: 50, depth: 9, width: 99 })).toBe(writeText(value));
  }
});

test('a list of a million items is shown without being walked', () => {
  expect(text(listFrom(numbers(1_000_000)))).toBe('(0 1 2 3 4 …)');
});

const values = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.constantFrom(intern('a'), NIL),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => listFrom(items)),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => new Vector(items)),
    fc.tuple(tie('value'), tie('value')).map(([car, cdr]) => new Pair(car, cdr)),
  ),
})).value;

test('with room enough it is what `write` prints; in lines it differs in blanks alone', () => {
  const bare = (shown: string) => shown.replace(/\s+/g, '');
  fc.assert(
    fc.property(values, fc.integer({ min: 4, max: 60 }), (value, width) => {
      const enough = { items: 1000, depth: 100 };
      expect(text(value, { ...enough, width: Number.POSITIVE_INFINITY })).toBe(writeText(value));
      expect(bare(text(value, { ...enough, width }))).toBe(bare(writeText(value)));
      expect(resultText(value, NO_LIMITS).text).toBe(writeText(value));
    }),
  );
});
