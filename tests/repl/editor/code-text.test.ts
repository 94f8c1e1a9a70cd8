// What the editor knows of code: indentation, brackets, places. `|` is the cursor.

import { describe, expect, test } from 'vitest';
import { CodeText } from '../../../src/repl/editor/code-text.ts';

function at(marked: string): { code: CodeText; cursor: number } {
  const cursor = marked.lastIndexOf('|');
  return { code: new CodeText(marked.slice(0, cursor) + marked.slice(cursor + 1)), cursor };
}

describe('a new line is indented', () => {
  // [text up to the cursor, columns]
  test.each([
    ['|', 0],
    ['(list 1 2)|', 0],
    ['(list|', 2],
    ['(list 1|', 6],
    ['(list (f 1)\n      2|', 6],
    ['(define (f x)|', 2],
    ['(defun f (x)|', 2],
    ['(let ((a 1)|', 6],
    ['(let ((a 1))|', 2],
    ['(let loop ((i 0))|', 2],
    ['(lambda (x)|', 2],
    ['(if a|', 4],
    ['(cond (a 1)|', 6],
    ['(cond ((null? x)|', 7],
    ["'(a b|", 2],
    ['#(1 2|', 2],
    ['(when x|', 2],
    ['(f "(" ; (|', 3],
    ['(f "日本" (g|', 12],
    ['[list 1|', 6],
    ['(foo)) (bar 1|', 12],
    ['"abc|', null],
    ['(f "abc|', null],
    ['#| a|', null],
  ])('%j: %j', (marked, columns) => {
    const { code, cursor } = at(marked);
    expect(code.indentation(cursor)).toBe(columns);
  });
});

// [text, offsets that stand out, whether the first is wrong]
test.each([
  ['(a)|', [0, 2], false],
  ['|(a)', [0, 2], false],
  ['(a [b]|)', [3, 5], false],
  ['(a ")"|', [], false],
  ['(a #\\)|', [], false],
  ['(a ; )|', [], false],
  ['#(1)|', [1, 3], false],
  [')|', [0], true],
  ['(a]|', [2], true],
  ['a|b', [], false],
])('brackets at the cursor of %j', (marked, offsets, isWrong) => {
  const { code, cursor } = at(marked);
  const pair = [...code.pairAt(cursor)].sort((a, b) => a - b);
  expect(pair).toEqual(offsets);
  if (pair.length > 0) expect(code.isWrong(pair[pair.length - 1])).toBe(isWrong);
});

// [text, head and count of the innermost list]
test.each([
  ['(f a |', { head: 'f', count: 2 }],
  ['(f (g 1) |', { head: 'f', count: 2 }],
  ['(f (g 1| 2)', { head: 'g', count: 2 }],
  ['((f) |', { head: null, count: 1 }],
  ["(f 'a |", { head: 'f', count: 2 }],
  ['(f) |', null],
])('the call at the cursor of %j', (marked, enclosing) => {
  const { code, cursor } = at(marked);
  expect(code.enclosing(cursor)).toEqual(enclosing);
});

// [text, where the string around the cursor begins]
test.each([
  ['(f "a|', 3],
  ['(f "a|b")', 3],
  ['(f "ab"|)', -1],
  ['(f |"ab")', -1],
  ['(f "a\\"b|', 3],
])('the string at the cursor of %j', (marked, start) => {
  const { code, cursor } = at(marked);
  expect(code.stringStart(cursor)).toBe(start);
});
