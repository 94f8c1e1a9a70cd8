// Procedures that are inlined into their callers: nobody can tell. Each program is hot by the time that something unusual
// happens; its value, errors, their places and traces, and its output are the same on every tier.

import { describe, test } from 'vitest';
import { expectOnEveryTier } from './every-tier.ts';

/** Call a procedure of one argument with n, n-1, … 1 and give the last value. */
const HOT = '(define (hot n f) (if (= n 1) (f 1) (begin (f n) (hot (- n 1) f))))';

// [what it is about, program, a part of its behaviour]
const PROGRAMS = [
  [
    'an error in what is inlined, with the trace of all',
    `(define (inner x) (+ 1 (car x)))
     (define (middle x) (* 2 (inner x)))
     (define (outer x) (- (middle x) 1))
     (hot 2000 (lambda (n) (outer (if (= n 1) 'oops (list n)))))`,
    'inner 2:24\n  middle 3:30\n  outer 4:27',
  ],
  [
    'an error in a recursion that is inlined into itself',
    '(define (sum l) (if (null? l) 0 (+ (car l) (sum (cdr l)))))\n(hot 2000 (lambda (n) (sum (if (= n 1) (list 1 2 3 (quote x)) (list 1 2 3)))))',
    'sum 2:33\n  sum 2:44',
  ],
  [
    'a wrong number of arguments in what is inlined',
    `(define (two a b) (+ a b))
     (define (inner f x) (+ 1 (f x x)))
     (define (outer f x) (+ 1 (inner f x)))
     (hot 2000 (lambda (n) (outer (if (= n 1) car two) n)))`,
    'inner',
  ],
  [
    'a continuation that is captured in what is inlined, and entered again',
    `(define k #f)
     (define (inner x) (+ 1 (if (= x 1) (call/cc (lambda (c) (set! k c) 10)) x)))
     (define (outer x) (let ((y (* 2 x))) (+ y (inner x))))
     (define log '())
     (let ((v (hot 2000 outer))) (set! log (cons v log)) (if (< (length log) 4) (k (* 100 (length log))) log))`,
    '(303 203 103 13)',
  ],
  [
    'a flonum that what is inlined always gives, whole ones and -0.0 among them',
    `(define (half x) (if (= x 2) -0.0 (/ x 2.0)))
     (define (outer x) (let ((h (half x))) (list h (+ h h) (* 2 h))))
     (list (hot 2000 outer) (outer 2) (outer 8))`,
    '((0.5 1.0 1.0) (-0.0 -0.0 -0.0) (4.0 8.0 8.0))',
  ],
  [
    'a continuation that is captured in what always gives a flonum, and entered again',
    `(define k #f)
     (define (inner x) (* 2.0 (if (= x 1) (call/cc (lambda (c) (set! k c) 10)) x)))
     (define (outer x) (+ (inner x) 1))
     (define log '())
     (let ((v (hot 2000 outer))) (set! log (cons v log)) (if (< (length log) 3) (k (* 100 (length log))) log))`,
    '(401.0 201.0 21.0)',
  ],
  [
    'a procedure that is redefined while its callers wait for it',
    `(define (leaf x) (if (= x 1) (set! leaf (lambda (x) (* 1000 x)))) x)
     (define (inner x) (+ (leaf x) (leaf x)))
     (define (outer x) (+ (inner x) (leaf x)))
     (list (hot 2000 outer) (outer 1))`,
    '(2001 3000)',
  ],
  [
    'a recursion that redefines itself at its deepest',
    `(define (down n) (if (= n 0) (begin (if (= depth 1) (set! down (lambda (n) (* n 100)))) 0) (+ 1 (down (- n 1)))))
     (define depth 0)
     (define (run x) (set! depth x) (down 9))
     (list (hot 2000 run) (down 9))`,
    '(9 900)',
  ],
  [
    'redefinition over and over',
    `(define (f x) x)
     (define (g x) (+ 1 (f x)))
     (define (turn i acc)
       (if (= i 12) (reverse acc)
         (begin (hot 600 g) (set! f (if (even? i) (lambda (x) (* x i)) (lambda (x) (- x i)))) (turn (+ i 1) (cons (g 10) acc)))))
     (turn 0 '())`,
    '(1 10 21 8 41 6 61 4 81 2 101 0)',
  ],
  [
    'redefinition inside a catch of generated code',
    `(define (f x) x)
     (define (g x) (catch 'e (begin (if (= x 1) (begin (set! f (lambda (x) 'new)) (raise 'e (f x)))) (f x))))
     (list (hot 2000 g) (g 5))`,
    '(new new)',
  ],
  [
    'a variable that is assigned the value of a call that is inlined',
    `(define (f x) (* 2 x))
     (define (g x) (+ 1 (f x)))
     (define (h x) (if (= x 1) (set! g (f g1))) (g x))
     (define g1 21)
     (catch (hot 2000 h))`,
    '',
  ],
  [
    'a raise out of what is inlined, past a dynamic-wind',
    `(define log '())
     (define (note x) (set! log (cons x log)))
     (define (inner x) (if (= x 1) (raise 'out x) x))
     (define (middle x) (+ 1 (inner x)))
     (define (outer x) (dynamic-wind (lambda () #t) (lambda () (+ 1 (middle x))) (lambda () (if (= x 1) (note 'after)))))
     (list (catch 'out (hot 2000 outer)) log)`,
    '(1 (after))',
  ],
  [
    'a handler that goes on where the raise is inlined',
    `(define (inner x) (+ 1 (if (= x 1) (raise-continuable 'more) x)))
     (define (outer x) (* 2 (inner x)))
     (with-exception-handler (lambda (e) 20) (lambda () (hot 2000 outer)))`,
    '42',
  ],
  [
    'tail calls out of what is inlined',
    `(define (even n) (if (= n 0) #t (odd (- n 1))))
     (define (odd n) (if (= n 0) #f (even (- n 1))))
     (define (count n) (+ (if (even n) 1 0) (if (odd n) 1 0)))
     (list (hot 500 count) (count 60000))`,
    '(1 1)',
  ],
  [
    'a recursion that is deeper than the stack of the host',
    '(define (up n) (if (= n 0) 0 (+ 1 (up (- n 1)))))\n(define (twice n) (+ (up n) (up n)))\n(list (hot 500 twice) (twice 60000))',
    '(2 120000)',
  ],
  [
    'closures over the variables of what is inlined',
    `(define (make x) (let ((n 0)) (lambda () (set! n (+ n x)) n)))
     (define (use x) (let ((a (make x)) (b (make 1))) (a) (b) (+ (a) (b))))
     (hot 2000 use)`,
    '4',
  ],
  [
    'flonums through what is inlined',
    `(define (half x) (/ x 2.0))
     (define (mean x y) (half (+ x y)))
     (define (area x) (* (mean x 1.5) (mean 2 x)))
     (list (hot 2000 area) (area 3) (area 4.0))`,
    '(1.875 5.625 8.25)',
  ],
  [
    'what ends a recursion, for numbers of every kind',
    `(define (down n acc) (if (< n 1) acc (+ 1 (down (- n 1) acc) (down (- n 2) acc))))
     (define nan (- (* 1e300 1e300) (* 1e300 1e300)))
     (hot 2000 (lambda (n) (down 4 n)))
     (define (least x) (if (< x 1) x (least 0.5)))
     (hot 2000 (lambda (n) (list (least n))))
     (println (list (least nan) (least 2.0)))
     (list (down 6 1.5) (down 3.0 1) (down 2.5 -0.0) (down -9223372036854775807 'end) (catch (down 'x 1)))`,
    '<: argument is not a number',
  ],
  [
    'an error in the test that ends a recursion, with its place and trace',
    `(define (down l n) (cond ((< n 1) 0) ((null? l) n) (else (+ (down (cdr l) n) (down (cdr l) (car l))))))
     (hot 2000 (lambda (n) (down (if (= n 1) (list 1 'two 3) (list 1 2 3)) 1)))`,
    '<: argument is not a number',
  ],
  [
    'a recursion that is ended by one of several tests, in order',
    `(define (kind x n)
       (cond ((= n 0) 'none) ((eq? x 'a) x) ((not (pair? x)) "atom") (else (list (kind (car x) (- n 1)) (kind (cdr x) n)))))
     (define (any x) (or (null? x) (and (car x) (any (cdr x)))))
     (define (first x) (or x (first 1)))
     (hot 2000 (lambda (n) (list (kind (list 'a n "s") 2) (any (list n #t)) (first n) (first #f))))`,
    '((a ("atom" ("atom" "atom")))',
  ],
  [
    'a recursion that is ended by a predicate',
    `(define (leaves x) (if (symbol? x) 1 (if (number? x) 'number (+ (leaves (car x)) (leaves (cdr x))))))
     (define (halve n) (if (zero? n) "zero" (if (negative? n) n (list (halve (- n 1)) (halve (- n 2))))))
     (hot 2000 (lambda (n) (list (leaves '(a b . c)) (catch (leaves (cons 1 n))) (halve 3) (halve 1.0))))`,
    '"zero"',
  ],
  [
    'a recursion whose last calls are redefined',
    `(define (leaf x) (if (= x 0) 'old (leaf (- x 1))))
     (define (pair-of x) (list (leaf x) (leaf 0)))
     (hot 2000 pair-of)
     (define before (pair-of 0))
     (set! leaf (lambda (x) (if (= x 0) 'new x)))
     (list before (pair-of 0))`,
    '((old old) (new new))',
  ],
] as const;

describe('inlining is not seen', () => {
  test.each(PROGRAMS)('%s', (_, body, part) => {
    const program = `${HOT}\n${body}`;
    expectOnEveryTier(program, part);
  });
});
