// `apply` with more arguments than the host's stack holds.

import { describe, expect, test } from 'vitest';
import { evaluate, TIERS } from '../support/evaluate.ts';

const items = (n: number, item: string): string =>
  `(let loop ((i 0) (l '())) (if (= i ${n}) l (loop (+ i 1) (cons ${item} l))))`;

// [program, what `write` prints]
const VALUES = [
  [`(apply + ${items(300_000, 'i')})`, '44999850000'],
  [`(apply - 1 ${items(300_000, 'i')})`, '-44999849999'],
  [`(apply * ${items(300_000, '-1')})`, '1'],
  [`(apply / 1.5 ${items(300_001, '-1')})`, '-1.5'],
  [`(apply min ${items(300_000, 'i')})`, '0'],
  [`(apply max 0.5 ${items(300_000, 'i')})`, '299999.0'],
  [`(string-length (apply string-append ${items(300_000, '"ab"')}))`, '600000'],
  [`(length (apply append ${items(300_000, '(list i)')}))`, '300000'],
  [`(vector-length (apply vector ${items(300_000, 'i')}))`, '300000'],
  [`(length (apply list ${items(300_000, 'i')}))`, '300000'],
  [`(string-length (apply string ${items(300_000, '#\\a')}))`, '300000'],
  [`(let ((s (apply %r7rs-string ${items(20_000, '#\\a')}))) (string-set! s 0 #\\b) (string-length s))`, '20000'],
  [`(hash-map-size (apply hash-map ${items(300_000, 'i')}))`, '150000'],
  [`(length (hash-set->list (apply hash-set ${items(300_000, 'i')})))`, '300000'],
  [`(list (apply < ${items(300_000, 'i')}) (apply > ${items(300_000, 'i')}))`, '(#f #t)'],
  [`(apply (lambda all (length all)) ${items(300_000, 'i')})`, '300000'],
] as const;

// [program, message]
const ERRORS = [
  [`(apply bytevector ${items(300_000, '1')})`, 'bytevector: too many arguments for a builtin: 300000'],
  [`(apply hash-map ${items(300_001, 'i')})`, 'hash-map: expected an even number of key/value arguments'],
  [`(apply > ${items(20_000, "'a")})`, '>: argument is not a number'],
  [`(apply + ${items(300_000, "'a")})`, '+: argument is not a number'],
] as const;

describe.each(TIERS)('a list of many arguments, tier %s', (tier) => {
  test.each(VALUES)('%s', (program, printed) => {
    expect(evaluate(program, { tier })).toEqual({ printed });
  });
  test.each(ERRORS)('%s', (program, message) => {
    expect(evaluate(program, { tier })).toMatchObject({ error: { message } });
  });
});
