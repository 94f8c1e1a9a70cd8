// Each program is hot with small integers by the time that something else comes: it does the same on every tier.

import { describe, test } from 'vitest';
import { expectOnEveryTier } from './every-tier.ts';

const ARITHMETIC = '(define (f x y) (list (+ x y) (- x y) (* x y) (+ x 1) (- y 1)))';
const COMPARISONS =
  '(define (f x y) (map (lambda (less) (if (less) 1 0)) (list (lambda () (< x y)) (lambda () (= x y)) (lambda () (>= x y)) (lambda () (> x 7)) (lambda () (<= 7 y)))))';

// [what it is about, definition of f, what it is given once it is hot, a part of its behaviour]
const PROGRAMS = [
  ['integral flonums', ARITHMETIC, '3.0 4.0', '(7.0 -1.0 12.0 4.0 3.0)'],
  ['fractions', ARITHMETIC, '0.5 0.5', '(1.0 0.0 0.25 1.5 -0.5)'],
  ['a flonum of two operands', ARITHMETIC, '3 4.0', '(7.0 -1.0 12.0 4 3.0)'],
  [
    'the ends of 32 bits',
    ARITHMETIC,
    '2147483647 -2147483648',
    '(-1 4294967295 -4611686016279904256 2147483648 -2147483649)',
  ],
  ['the ends of fixnums', ARITHMETIC, '9007199254740991 -9007199254740991', '(0 18014398509481982 '],
  [
    'large integers',
    ARITHMETIC,
    '9007199254740992 2',
    '(9007199254740994 9007199254740990 18014398509481984 9007199254740993 1)',
  ],
  ['negative large integers', ARITHMETIC, '2 -9223372036854775808', '(-9223372036854775806 '],
  ['negative zero', ARITHMETIC, '-0.0 0', '(0.0 '],
  ['NaN', ARITHMETIC, '(sqrt -1) 1', '(+nan.0 +nan.0 +nan.0 +nan.0 0)'],
  ['texts of numbers', ARITHMETIC, '"3" 4', '+: argument is not a number'],
  ['booleans', ARITHMETIC, '#t 4', '+: argument is not a number'],
  ['the empty list', ARITHMETIC, "'() 4", '+: argument is not a number'],
  ['a number and no number', ARITHMETIC, "4 'no", '+: argument is not a number'],
  ['comparisons of integral flonums', COMPARISONS, '3.0 8.0', '(1 0 0 0 1)'],
  ['comparisons of fractions', COMPARISONS, '8.5 8.5', '(0 1 1 1 1)'],
  ['comparisons of large integers', COMPARISONS, '9223372036854775807 9007199254740993', '(0 0 1 1 1)'],
  ['comparisons of a large integer and a flonum', COMPARISONS, '9007199254740993 9007199254740992.0', '(0 1 1 1 1)'],
  ['comparisons of NaN', COMPARISONS, '(sqrt -1) 7', '(0 0 0 0 1)'],
  ['comparisons of texts', COMPARISONS, '"3" "4"', '<: argument is not a number'],
  ['comparisons of booleans', COMPARISONS, '#f #f', '<: argument is not a number'],
  ['an index that is a flonum', '(define (f x y) (vector-ref (vector 1 2 3 4 5 6 7 8 9) x))', '1.0 0', 'vector-ref'],
  ['an index that is a text', '(define (f x y) (vector-ref (vector 1 2 3 4 5 6 7 8 9) x))', '"length" 0', 'vector-ref'],
  [
    'an index that is too large',
    '(define (f x y) (vector-set! (make-vector 9 0) x y))',
    '9007199254740993 0',
    'vector-set!',
  ],
  ['an index that is a fraction', '(define (f x y) (vector-set! (make-vector 9 0) x y))', '1.5 0', 'vector-set!'],
  [
    'a loop that goes on with flonums',
    '(define (f x y) (let loop ((i 0) (s 0)) (if (= i 60) s (loop (+ i 1) (if (= i 50) (+ s x) (+ s 1))))))',
    '2.0 0',
    '61.0',
  ],
  [
    'a product that outgrows fixnums on its way',
    '(define (f x y) (let loop ((i 0) (p 1)) (if (= i 21) p (loop (+ i 1) (if (< x 7) p (* p (+ i 1)))))))',
    '7 0',
    '51090942171709440000.0',
  ],
  [
    'procedures that end in calls of each other',
    "(define (f x y) (catch 'no 0) (if (= x 0) y (g (- x 1) (+ y 1))))\n(define (g x y) (catch 'no 0) (if (= x 0) y (f (- x 1) (+ y 1))))",
    '200 0.0',
    '(200.0 200.0 7)',
  ],
  [
    'procedures that call each other',
    '(define (g n x) (if (= n 0) (+ x 1) (+ 1 (h (- n 1) x))))\n(define (h n x) (let ((y (+ x 1))) (if (= n 0) y (+ 1 (g (- n 1) y)))))\n(define (f x y) (g 7 x))',
    '2.0 0',
    '(13.0 13.0 14)',
  ],
] as const;

describe('what is no small integer comes late', () => {
  test.each(PROGRAMS)('%s', (_, definition, args, result) => {
    const program =
      `${definition}\n(let loop ((i 1000)) (if (= i 0) '() (begin (f (remainder i 7) 5) (loop (- i 1)))))\n` +
      `(list (f ${args}) (f ${args}) (f 3 4))`;
    expectOnEveryTier(program, result);
  });
});
