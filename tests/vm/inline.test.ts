// Primitives that are translated to an expression. Each program is hot by the time that something unusual happens; its
// value, errors, their places and traces are the same on every tier.

import { describe, test } from 'vitest';
import { expectOnEveryTier } from './every-tier.ts';

/** Call a procedure of one argument with n, n-1, … 1 and give the last value. */
const HOT = '(define (hot n f) (if (= n 1) (f 1) (begin (f n) (hot (- n 1) f))))';

// [what it is about, program, a part of its behaviour]
const PROGRAMS = [
  [
    'characters compare by code points',
    `(define (f a b) (list (char=? a b) (char<? a b) (if (char>? a b) 1 2) (not (char<=? a b)) (char>=? a b) (char->integer a)))
     (hot 2000 (lambda (n) (f #\\a #\\b)))
     (list (f #\\a #\\a) (f #\\a #\\b) (f #\\x10000 #\\xffff))`,
    '((#t #f 2 #f #t 97) (#f #t 2 #f #f 97) (#f #f 1 #t #t 65536))',
  ],
  [
    'what is no character',
    '(define (f a) (if (char<? a #\\b) 1 2))\n(hot 2000 (lambda (n) (f (if (= n 1) "a" #\\a))))',
    'char<?: not a character',
  ],
  [
    'a code point of no character',
    '(define (f a) (+ 1 (char->integer a)))\n(hot 2000 (lambda (n) (f (if (= n 1) 97 #\\a))))',
    'char->integer: not a character',
  ],
  [
    'equality of strings, and what is none',
    `(define (f a b) (if (string=? a b) 'same 'other))
     (hot 2000 (lambda (n) (f "a" "b")))
     (list (f "ab" (string-append "a" "b")) (f "a" "b") (catch (f "a" 'a)))`,
    'string=?: second argument is not a string',
  ],
] as const;

describe('primitives that are translated', () => {
  test.each(PROGRAMS)('%s', (_, text, part) => {
    const program = `${HOT}\n${text}`;
    expectOnEveryTier(program, part);
  });
});
