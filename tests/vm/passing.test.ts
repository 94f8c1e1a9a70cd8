// Arguments that are passed from a list, or to a rest parameter. Each program is hot by the time that something unusual
// happens; its value, errors, their places and traces are the same on every tier.

import { describe, test } from 'vitest';
import { expectOnEveryTier } from './every-tier.ts';

/** A procedure that calls another with n, n-1, … 1, and procedures of all kinds of parameters. */
const SETTING = `
(define (hot n f) (if (= n 1) (f 1) (begin (f n) (hot (- n 1) f))))
(define all
  (list (lambda () 'none) (lambda (a) (list a)) (lambda (a b) (list b a)) (lambda (a b c) (list c b a))
        (lambda (a b c d) (list d c b a)) (lambda (a b c d e) (list e d c b a))
        (lambda r (list r)) (lambda (a . r) (list r a)) (lambda (a b . r) (list r b a)) (lambda (a b c . r) (list r c b a))
        (lambda (a b c d . r) (list r d c b a)) list + max vector car))
(define lists '(() (1) (1 2) (1 2 3) (1 2 3 4) (1 2 3 4 5) (1 2 3 4 5 6)))`;

// [what it is about, program, a part of its behaviour]
const PROGRAMS = [
  [
    'lists of all lengths for parameters of all kinds',
    `(define (try f l) (catch (apply f l)))
     (define (short r) (if (pair? r) (if (eq? (car r) 'runtime-error) (caddr r) r) r))
     (hot 400 (lambda (n) (map (lambda (f) (map (lambda (l) (short (try f l))) lists)) all)))`,
    '((5) 4 3 2 1) ((5 6) 4 3 2 1)',
  ],
  [
    'arguments in front of the list',
    `(define (f g l) (catch (let ((r (apply g 'x 'y l))) r)))
     (define (short r) (if (pair? r) (if (eq? (car r) 'runtime-error) (caddr r) r) r))
     (hot 400 (lambda (n) (map (lambda (g) (map (lambda (l) (short (f g l))) lists)) all)))`,
    '((3 4 5 6) 2 1 y x)',
  ],
  [
    'a few arguments for parameters of all kinds',
    `(define (short r) (if (pair? r) (if (eq? (car r) 'runtime-error) (caddr r) r) r))
     (define (try f) (map short (list (catch (f)) (catch (f 1)) (catch (f 1 2)) (catch (f 1 2 3)) (catch (f 1 2 3 4)))))
     (hot 400 (lambda (n) (map try all)))`,
    '((1 2 3 4))) ("Wrong',
  ],
  [
    'a list that is changed while it is a rest parameter',
    `(define (f . r) (set-car! r 'changed) r)
     (define (g a . r) (set-car! r 'changed) r)
     (hot 2000 (lambda (n) (let ((l (list 1 2 3))) (list (apply f l) (apply g l) (apply f 0 l) l))))`,
    '((changed 2 3) (changed 3) (changed 1 2 3) (1 2 3))',
  ],
  [
    'a last argument that is no list',
    `(define (f l) (+ 1 (apply + 1 l)))
     (hot 2000 (lambda (n) (f (if (= n 1) '(2 . 3) (list n)))))`,
    'apply: last argument must be a proper list',
  ],
  [
    'the same in a tail call',
    `(define (f l) (apply + 1 l))
     (define (g l) (+ 1 (f l)))
     (hot 2000 (lambda (n) (g (if (= n 1) 5 (list n)))))`,
    'apply: last argument must be a proper list',
  ],
  [
    'a list without an end',
    `(define ring (list 1 2 3))
     (set-cdr! (cddr ring) ring)
     (define (f l) (+ 1 (apply + l)))
     (hot 2000 (lambda (n) (f (if (= n 1) ring (list n)))))`,
    'apply: last argument must be a proper list',
  ],
  [
    'a list that is too long, in a tail call',
    `(define (two a b) a)
     (define (f l) (apply two l))
     (define (g l) (+ 1 (f l)))
     (hot 2000 (lambda (n) (g (if (= n 1) '(1 2 3) '(1 2)))))`,
    'Wrong number of arguments: expected 2, got 3',
  ],
  [
    'an error of a primitive, in a tail call',
    `(define (f g l) (apply g l))
     (define (h g l) (+ 1 (f g l)))
     (hot 2000 (lambda (n) (h (if (= n 1) car +) '(5))))`,
    'car: not a pair',
  ],
  [
    'the same without a list',
    `(define (f g x) (g x))
     (define (h g x) (+ 1 (f g x)))
     (hot 2000 (lambda (n) (h (if (= n 1) car abs) 5)))`,
    'car: not a pair',
  ],
  [
    'too few for a rest parameter',
    `(define (f g) (+ 1 (g 1)))
     (hot 2000 (lambda (n) (f (if (= n 1) (lambda (a b . r) a) (lambda (a . r) a)))))`,
    'Wrong number of arguments: expected at least 2, got 1',
  ],
  [
    'a deep recursion through lists of arguments',
    '(define (f n . r) (if (= n 0) r (cons n (apply f (- n 1) r))))\n(length (f 50000 1 2 3))',
    '50003',
  ],
  [
    'a deep recursion through a procedure with a rest parameter that is not known',
    `(define (f self) (lambda (n . r) (if (= n 0) r (cons n ((self self) (- n 1) 'r)))))
     (length ((f f) 50000))`,
    '50001',
  ],
  [
    'a continuation that is captured below it and entered again',
    `(define k #f)
     (define (f . r) (cons (call/cc (lambda (c) (set! k c) 0)) r))
     (define (g l) (cons 'g (apply f l)))
     (define old (hot 2000 (lambda (n) (g (list n)))))
     (define runs 0)
     (let ((r (g '(1 2))))
       (set! runs (+ runs 1))
       (if (< runs 3) (k runs) (list r old)))`,
    '((g 2 1 2) (g 0 1))',
  ],
] as const;

describe('arguments from lists and for rest parameters', () => {
  test.each(PROGRAMS)('%s', (_, text, part) => {
    const program = `${SETTING}\n${text}`;
    expectOnEveryTier(program, part);
  });
});
