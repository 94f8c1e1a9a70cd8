// The reserved words: the guide lists them all, and says where they may not stand.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RESERVED } from '../../src/compiler/keywords.ts';
import { evaluate } from '../support/evaluate.ts';

const GUIDE = join(import.meta.dirname, '..', '..', 'docs', 'language.md');

test('docs/language.md lists them', () => {
  const [, table] = /\| Reserved words \|\n\| --- \|\n((?:\|.*\n)+)/.exec(readFileSync(GUIDE, 'utf8'))!;
  expect([...table.matchAll(/`([^`]+)`/g)].map(([, word]) => word)).toEqual([...RESERVED]);
});

describe.each([...RESERVED])('%s', (word) => {
  test.each([
    [`(define (f ${word}) 1)`, 'reserved keyword as parameter: '],
    [`(define (f . ${word}) 1)`, 'reserved keyword as rest parameter: '],
    [`(let ((${word} 1)) 1)`, 'reserved keyword as binding: '],
    [`(define-record-type r (make-r) r? (${word} r-x))`, 'define-record-type: reserved keyword as field name: '],
  ])('%s', (program, message) => {
    expect(evaluate(program).error?.message).toBe(message + word);
  });
});
