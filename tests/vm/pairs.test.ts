// What is known to be a pair is not looked at again. Each program is hot by the time that something is no pair, where it
// could be taken for one: its value, errors, their places and traces are the same on every tier.

import { describe, test } from 'vitest';
import { expectOnEveryTier } from './every-tier.ts';

/** Call a procedure of one argument with n, n-1, … 1 and give the last value. */
const HOT = '(define (hot n f) (if (= n 1) (f 1) (begin (f n) (hot (- n 1) f))))';

// [what it is about, definition of f, which is given a list most of the time, and 'no once; a part of its behaviour]
const PROGRAMS = [
  ['the first look', '(define (f x) (list (cdr x) (car x)))', 'cdr: not a pair'],
  [
    'a way on which it has not been looked at',
    '(define (f x) (define n (if (symbol? x) 0 (car x))) (list n (cdr x)))',
    'cdr: not a pair',
  ],
  ['the other branch of a test', '(define (f x) (if (pair? x) (list (car x) (cdr x)) (car x)))', 'car: not a pair'],
  [
    'the other branch, the other way round',
    '(define (f x) (if (not (pair? x)) (cdr x) (list (cdr x) (car x))))',
    'cdr: not a pair',
  ],
  ['both branches of an and', "(define (f x) (if (and (pair? x) (eq? (car x) 'no)) 1 (cdr x)))", 'cdr: not a pair'],
  ['both tests of an or', '(define (f x) (if (or (symbol? x) (pair? x)) (car x) 1))', 'car: not a pair'],
  [
    'a variable that is assigned meanwhile',
    '(define (f x) (let ((y (list 1 2))) (let ((n (car y))) (set! y x) (list n (cdr y)))))',
    'cdr: not a pair',
  ],
  [
    'a variable of a loop, in its next turn',
    '(define (f x) (let loop ((l (list 1 x)) (n 0)) (if (= n 2) l (let ((a (car l))) (loop (if (= n 1) a (cdr l)) (+ n 1))))) (let loop ((l (list x)) (n 0)) (if (= n 2) (cdr l) (loop (begin (car l) (if (= n 1) x l)) (+ n 1)))))',
    'cdr: not a pair',
  ],
  [
    'a slot that another variable has after it',
    '(define (f x) (list (let ((y (list 1))) (car y) (cdr y)) (let ((z x)) (cdr z))))',
    'cdr: not a pair',
  ],
  [
    'what is behind a catch that was left early',
    "(define (f x) (catch 'e (begin (if (symbol? x) (raise 'e 1)) (car x))) (cdr x))",
    'cdr: not a pair',
  ],
  [
    'arguments of a call of itself',
    "(define (f x) (car x) (if (eq? (cdr x) 'end) (f (car x)) (cdr x)))\n(hot 2000 (lambda (n) (f (cons 'no 'end))))",
    'car: not a pair',
  ],
] as const;

describe('what is no pair is noticed', () => {
  test.each(PROGRAMS)('%s', (_, definition, part) => {
    const program = `${HOT}\n${definition}\n(hot 2000 (lambda (n) (f (if (= n 1) 'no (list n 2)))))`;
    expectOnEveryTier(program, part);
  });
});
