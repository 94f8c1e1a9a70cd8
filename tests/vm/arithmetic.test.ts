// Arithmetic in generated code that is more than an instruction: remainders of large products, extremes, functions that give
// flonums. Each program is hot by the time that it meets the odd operand: it does the same on every tier.

import { describe, test } from 'vitest';
import { expectOnEveryTier } from './every-tier.ts';

// [what it is about, definition of f, what it is given once it is hot, a part of its behaviour]
const PROGRAMS = [
  [
    'a generator of random numbers',
    '(define (f s) (remainder (+ (* s 1103515245) 12345) 2147483648))',
    '7',
    '1282168116',
  ],
  ['its state is a flonum', '(define (f s) (remainder (+ (* s 1103515245) 12345) 2147483648))', '2.5', '611316809.5'],
  ['its state is negative', '(define (f s) (modulo (+ (* s 1103515245) 12345) 2147483648))', '-3', '984433906'],
  ['a product beyond 64 bits', '(define (f s) (modulo (* s 9007199254740991) 1000))', '9007199254740991', '.0'],
  ['a sum beyond 64 bits', '(define (f s) (modulo (+ (* s 4503599627370497) 4503599627370497) 1000))', '2047', '.0'],
  [
    'a modulus of zero',
    '(define (f s) (remainder (* s s) (- s 4000000000)))',
    '4000000000',
    'remainder: division by zero',
  ],
  [
    'a modulus that is a flonum',
    '(define (f s) (let ((m (if (= s 7) 10.0 97))) (modulo (* (+ s 4000000000) s) m)))',
    '7',
    '9.0',
  ],
  ['no number', '(define (f s) (remainder (+ (* s 4000000000) 1) 97))', "'no", '*: argument is not a number'],
  [
    'a summand that is no number',
    "(define (f s) (let ((c (if (= s 7) 'no s))) (modulo (+ (* s 4000000000) c) 97)))",
    '7',
    '+: argument is not a number',
  ],
  ['a product in one branch of two', '(define (f s) (modulo (if (= s 7) 1000 (* s 4000000000)) 97))', '7', '30'],
  ['the least of a fixnum and a flonum', '(define (f s) (list (min s 5 9) (max s 5 9)))', '6.5', '(5.0 9.0)'],
  ['the least of no number', '(define (f s) (list (min s 5 9) (max s 5 9)))', "'no", 'min: argument is not a number'],
  [
    'extremes of a flonum',
    '(define (f s) (let ((x (* 0.5 s))) (list (min x 1) (max 1 x) (min 2 x 1.5))))',
    '2',
    '(1.0 1.0 1.0)',
  ],
  ['extremes of NaN', '(define (f s) (let ((x (sqrt s))) (list (min x 0.5) (max 0.5 x))))', '-1', '(+nan.0 0.5)'],
  ['extremes of a flonum and no number', '(define (f s) (max (sqrt 2) s))', "'no", 'max: argument is not a number'],
  ['magnitudes', '(define (f s) (list (abs s) (abs (- 0 s))))', '-2147483648', '(2147483648 2147483648)'],
  ['magnitude of zero', '(define (f s) (abs s))', '-0.0', '0.0'],
  [
    'conversion to a flonum',
    '(define (f s) (list (* 2 (inexact s)) (exact->inexact s) (floor (/ (inexact s) 2))))',
    '3',
    '(6.0 3.0 1.0)',
  ],
  ['no conversion', '(define (f s) (* 2 (exact->inexact s)))', "'no", 'inexact: argument is not a number'],
  ['floor of a flonum', '(define (f s) (floor (* s 0.25)))', '-1', '-1.0'],
  [
    'integers beyond 32 bits in the code',
    '(define (f s) (list (+ s 4294967296) (* s 4294967296) (< s 4294967296) (eq? s 4294967296)))',
    '4294967296',
    '(8589934592 18446744073709552000.0 #f #t)',
  ],
  [
    'a flonum that is dead behind a jump',
    '(define (f s) (let loop ((i 0) (r 0)) (if (= i 3) r (let ((x (* 2.0 i))) (loop (+ i 1) (if (< x s) i r))))))',
    '3',
    '1',
  ],
] as const;

describe('arithmetic does the same on every tier', () => {
  test.each(PROGRAMS)('%s', (_, definition, odd, part) => {
    const program = `${definition}\n(let loop ((i 1000)) (if (= i 0) (f ${odd}) (begin (f (+ 2147483000 i)) (loop (- i 1)))))`;
    expectOnEveryTier(program, part);
  });
});
