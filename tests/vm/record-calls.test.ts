// Record procedures that are translated, not called. Each program is hot by the time that something unusual happens; its
// value, errors, their places and traces are the same on every tier.

import { describe, test } from 'vitest';
import { expectOnEveryTier } from './every-tier.ts';

/** A type, one with fields that its constructor leaves out, and a procedure that calls another with n, n-1, … 1. */
const SETTING = `
(define-record-type point (make-point x y) point? (x point-x set-point-x!) (y point-y))
(define-record-type node (make-node left) node? (key node-key set-key!) (left node-left))
(define (hot n f) (if (= n 1) (f 1) (begin (f n) (hot (- n 1) f))))`;

// [what it is about, program, a part of its behaviour]
const PROGRAMS = [
  [
    'their values',
    `(define (f n) (let ((p (make-point n 2)) (q (make-node 'l)))
       (set-point-x! p (+ 1 (point-x p)))
       (set-key! q (list (node-key q) n))
       (list (point-x p) (point-y p) (node-key q) (node-left q))))
     (hot 2000 f)`,
    '(2 2 (() 1) l)',
  ],
  [
    'predicates of any value',
    `(define (f x) (list (point? x) (if (point? x) 1 2) (not (point? x))))
     (map f (list (make-point 1 2) (make-node 1) 1 1.5 "s" 'a #\\c '() '(1) (vector 1) car f #t (hot 2000 (lambda (n) (f n) n))))`,
    '((#t 1 #f) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t) (#f 2 #t))',
  ],
  [
    'an accessor of another type',
    '(define (f x) (+ 1 (point-x x)))\n(hot 2000 (lambda (n) (f (if (= n 1) (make-node 1) (make-point n n)))))',
    'point-x: not a record of type point',
  ],
  [
    'an accessor of no record, in a tail call',
    '(define (f x) (point-x x))\n(define (g x) (+ 1 (f x)))\n(hot 2000 (lambda (n) (g (if (= n 1) 5 (make-point n n)))))',
    'point-x: not a record of type point',
  ],
  [
    'a modifier of no record',
    '(define (f x) (set-point-x! x 1) 2)\n(hot 2000 (lambda (n) (f (if (= n 1) "no" (make-point n n)))))',
    'set-point-x!: not a record of type point',
  ],
  [
    'a wrong number of arguments',
    '(define (f x) (if (= x 1) (make-point x) (make-point x x)))\n(hot 2000 f)',
    'Wrong number of arguments: expected 2, got 1',
  ],
  [
    'what is defined anew',
    `(define (f p) (list (point-x p) (if (point? p) 'yes 'no)))
     (define old (hot 2000 (lambda (n) (f (make-point n n)))))
     (set! point-x point-y)
     (set! point? (lambda (p) #f))
     (list old (f (make-point 1 2)))`,
    '((1 yes) (2 no))',
  ],
] as const;

describe('record procedures that are translated', () => {
  test.each(PROGRAMS)('%s', (_, text, part) => {
    const program = `${SETTING}\n${text}`;
    expectOnEveryTier(program, part);
  });
});
