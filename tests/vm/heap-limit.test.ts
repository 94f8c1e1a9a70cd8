// The heap limit, on every tier: what fills the memory ends in an error that can be caught.

import { expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { TIERS } from '../support/evaluate.ts';

const LIMIT_BYTES = 50 * 2 ** 20;

const GREEDY = [
  ['pairs', "(let loop ((l '())) (loop (cons 1 l)))"],
  ['recursion', '(define (deep n) (+ 1 (deep n))) (deep 0)'],
  ['large vectors', "(let loop ((l '())) (loop (cons (make-vector 100000 1) l)))"],
  ['vectors of middle size', "(let loop ((l '())) (loop (cons (make-vector 500 1) l)))"],
  ['bytevectors, whose bytes are not on the heap', "(let loop ((l '())) (loop (cons (make-bytevector 1000000 1) l)))"],
];

test.each(TIERS.flatMap((tier) => GREEDY.map(([what, text]) => ({ tier, what, text }))))(
  '$what, tier $tier',
  ({ tier, text }) => {
    const session = new Session({ tier, heapLimitBytes: LIMIT_BYTES });
    const { findings } = session.evaluateText(text, 'greedy.eta');
    session.close();
    expect(findings.map(({ message }) => message)).toEqual(['heap error: HeapError::SoftHeapLimitExceeded']);
  },
);

test('garbage does not count', () => {
  const session = new Session({ heapLimitBytes: LIMIT_BYTES });
  const { findings } = session.evaluateText(
    '(let loop ((i 0)) (when (< i 2000) (make-bytevector 1000000 1) (make-vector 10000 1) (loop (+ i 1))))',
    'thrifty.eta',
  );
  session.close();
  expect(findings).toEqual([]);
});
