// The deepest, the longest, the most. What must hold is that these end, with the right answer and within the test's
// time limit: an algorithm that is quadratic in any of them would take minutes.

import { describe, expect, test } from 'vitest';
import { type AtomSyntax, datumToSyntax, ListSyntax, readStatus, syntaxToDatum } from '../../src/reader/index.ts';
import { NO_SPAN } from '../../src/values/span.ts';
import { listFrom, NIL, Pair, type Value, Vector } from '../../src/values/types.ts';
import { faults, read } from './helpers.ts';

const MILLION = 1_000_000;

describe('depth', () => {
  test('a million open brackets: one fault, at the innermost', () => {
    expect(faults('('.repeat(MILLION))).toEqual([`1:${MILLION}-1:${MILLION + 1} unclosed list`]);
    expect(readStatus('('.repeat(MILLION))).toBe('incomplete');
  });
  test('a million nested lists', () => {
    const { forms } = read('('.repeat(MILLION) + ')'.repeat(MILLION));
    let depth = 0;
    for (let value = syntaxToDatum(forms[0]); value instanceof Pair; value = value.car) depth++;
    expect(depth).toBe(MILLION - 1);
  });
  test.each([
    ['quotes', "'".repeat(MILLION) + 'a'],
    ['vectors', '#('.repeat(300_000) + ')'.repeat(300_000)],
    ['dotted tails', '(a . '.repeat(300_000) + 'a' + ')'.repeat(300_000)],
    ['datum comments', '#;'.repeat(300_000) + 'a '.repeat(300_000) + 'b'],
    ['labels', Array.from({ length: 100_000 }, (_, i) => `#${i}=(`).join('') + '#0#' + ')'.repeat(100_000)],
  ])('%s', (_, text) => {
    expect(read(text)).toMatchObject({ diagnostics: [], forms: [{}] });
  });
  test('comments', () => {
    expect(read('#|'.repeat(MILLION) + '|#'.repeat(MILLION))).toEqual({ diagnostics: [], forms: [] });
  });
});

describe('length', () => {
  test.each([
    ['a name', 'a'.repeat(5 * MILLION)],
    ['a name beyond ASCII', 'λ'.repeat(MILLION)],
    ['a string', `"${'\\n'.repeat(MILLION)}"`],
    ['white space', `${' '.repeat(5 * MILLION)}a`],
    ['a comment', `;${'a'.repeat(5 * MILLION)}\na`],
    ['a number', '1'.repeat(300)],
    ['a list', `(${'a '.repeat(MILLION)})`],
    ['one line beyond ASCII', `(${'λ '.repeat(300_000)})`],
  ])('%s', (_, text) => {
    expect(read(text)).toMatchObject({ diagnostics: [], forms: [{}] });
  });
});

describe('hostile texts', () => {
  test.each([
    ['escaped quotation marks behind brackets in the first column', '\n(\\"'.repeat(200_000)],
    ['unterminated comments', '\n(#|'.repeat(200_000)],
    ['unterminated bars', '\n(|\\|'.repeat(200_000)],
    ['a bad word', '{'.repeat(3 * MILLION)],
    ['a name that ends badly', `${'a'.repeat(3 * MILLION)}#`],
    ['wrong closers', '(['.repeat(200_000) + ')'.repeat(200_000)],
    ['open brackets in the first column', '(\n'.repeat(200_000)],
    ['prefixes before closers', `${"('".repeat(200_000)}${')'.repeat(200_000)}`],
    ['closers', ')'.repeat(MILLION)],
    ['signs', '+ - '.repeat(300_000) + ')'],
    ['labels that refer to what was read before', `(#0=(${'a '.repeat(20_000)})${' (x . #0#)'.repeat(20_000)} ]`],
  ])('%s', (_, text) => {
    const { diagnostics } = read(text);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.length).toBeLessThanOrEqual(20);
  });
});

describe('data and syntax', () => {
  test('deep data become syntax and come back', () => {
    let deep: Value = NIL;
    for (let i = 0; i < MILLION; i++) deep = new Pair(deep, NIL);
    const back = syntaxToDatum(datumToSyntax(deep, NO_SPAN));
    let depth = 0;
    for (let value = back; value instanceof Pair; value = value.car) depth++;
    expect(depth).toBe(MILLION);
  });

  test('long lists too', () => {
    const long = listFrom(Array.from({ length: MILLION }, (_, i) => i));
    const syntax = datumToSyntax(long, NO_SPAN) as ListSyntax;
    expect(syntax.items).toHaveLength(MILLION);
    expect(syntax.tail).toBe(null);
  });

  test('what is circular stays a value', () => {
    const circle = new Pair(1, NIL);
    circle.cdr = circle;
    const list = datumToSyntax(circle, NO_SPAN) as ListSyntax;
    expect(list.items).toHaveLength(1);
    expect((list.tail as AtomSyntax).value).toBe(circle);

    const vector = new Vector([1]);
    vector.items.push(new Pair(vector, NIL));
    expect(syntaxToDatum(datumToSyntax(vector, NO_SPAN))).toBeInstanceOf(Vector);
  });

  test('what is shared stays shared, and costs no more than its size', () => {
    let value: Value = listFrom([1]);
    for (let i = 0; i < 100; i++) value = listFrom([value, value]);
    const back = syntaxToDatum(datumToSyntax(value, NO_SPAN)) as Pair;
    expect(back.car).toBe((back.cdr as Pair).car);
  });

  test('an element that is also the tail around it is not a cycle', () => {
    const rest = listFrom([2]);
    const syntax = datumToSyntax(new Pair(rest, rest), NO_SPAN) as ListSyntax;
    expect(syntax.items[0]).toBeInstanceOf(ListSyntax);
  });
});
