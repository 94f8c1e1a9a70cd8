// Where only flonums have come out of an instruction, generated code expects another one, and goes on in the interpreter if
// there is none. Each program is hot with flonums by the time that something else comes: it does the same on every tier.

import { describe, test } from 'vitest';
import { expectOnEveryTier } from './every-tier.ts';

// [what it is about, definition of f, what it is given once it is hot, a part of its behaviour]
const PROGRAMS = [
  ['fixnums', '(define (f x y) (list (+ x y) (- x y) (* x y)))', '3 4', '(7 -1 12)'],
  ['a fixnum and a flonum', '(define (f x y) (list (+ x y) (- x y) (* x y)))', '3 0.5', '(3.5 2.5 1.5)'],
  ['integral flonums', '(define (f x y) (list (+ x y) (- x y) (* x y)))', '3.0 -0.0', '(3.0 3.0 -0.0)'],
  ['NaN and an infinity', '(define (f x y) (list (+ x y) (- x y) (* x y)))', '(sqrt -1) (/ 1 1e-320)', '+nan.0'],
  ['large integers', '(define (f x y) (list (+ x y) (- x y) (* x y)))', '9223372036854775807 1', '9223372036854775806'],
  ['a large integer and a flonum', '(define (f x y) (* x y))', '9223372036854775807 0.5', '4611686018427388000.0'],
  ['no number', '(define (f x y) (* (+ x 1) y))', "'no 1.5", '+: argument is not a number'],
  ['no number on the right', '(define (f x y) (* (+ x 1) y))', "1.5 'no", '*: argument is not a number'],
  ['a constant operand', '(define (f x y) (list (+ x 1) (- y 1) (* 2 x)))', '3 4', '(4 3 6)'],
  ['results that are used again', '(define (f x y) (let ((d (- x y))) (+ (* d d) (* d d))))', '5 2', '18'],
  [
    'parts of pairs',
    '(define (f x y) (let ((p (cons x y))) (+ (* (car p) (car p)) (* (cdr p) (cdr p)))))',
    '3 4',
    '25',
  ],
  [
    'elements of vectors',
    '(define (f x y) (let ((v (vector x y))) (- (* 2 (vector-ref v 0)) (vector-ref v 1))))',
    '3 4',
    '2',
  ],
  [
    'what waits on the stack',
    '(define (f x y) (list x (* 1.5 x) (let ((z (+ x y))) (list z (* x y)))))',
    '2 4',
    '(2 3.0 (6 8))',
  ],
  [
    'a procedure that is inlined',
    '(define (g a b) (+ (* a b) a))\n(define (f x y) (list x (g y x) (g x (g x y))))',
    '2 3',
    '(2 9 18)',
  ],
  [
    'constants',
    '(define (f x y) (list (* -1073741824 -9007199254740991) (+ x y)))',
    '3 4',
    '(9.671406556917032e+24 7)',
  ],
  [
    'a variable of a loop',
    '(define (f x y) (let loop ((i 0) (z x)) (if (= i 300) z (loop (+ i 1) (if (= i 250) x (+ z y))))))',
    '1 2',
    '99',
  ],
  [
    'a loop that the interpreter enters with a fixnum',
    '(define (f x y) (let loop ((i 0) (z (* x y)) (n 0)) (if (= i 3) (list z n) (let inner ((j 0) (w z)) (if (= j 100) (loop (+ i 1) z (+ n w)) (inner (+ j 1) (+ w x)))))))',
    '1 2',
    '(2 306)',
  ],
  [
    'a value that a call is waited for with',
    '(define (h x) (if (pair? x) (car x) (h (list x))))\n(define (f x y) (+ (* x y) (h (* x x))))',
    '3 4',
    '21',
  ],
  [
    'what is thrown past',
    "(define (f x y) (list (catch 'e (+ (* x y) (quotient 2 (+ 1 x)) (if (= x 3) (raise 'e 1) y)))))",
    '2 4.0',
    '12.0',
  ],
] as const;

describe('what is no flonum is noticed', () => {
  test.each(PROGRAMS)('%s', (_, definition, odd, part) => {
    const program =
      `${definition}\n(let loop ((i 2000)) (if (= i 0) '() (begin (f (+ i 0.25) 1.3) (loop (- i 1)))))\n` +
      `(let loop ((i 300) (r (f ${odd}))) (if (= i 0) r (loop (- i 1) (f ${odd}))))\n` +
      `(list (f ${odd}) (f 1.25 2.25))`;
    expectOnEveryTier(program, part);
  });
});
