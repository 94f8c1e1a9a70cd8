// Functions that tail calls lead to, written into one generated function: nobody can tell. Each program is hot by the time
// that something unusual happens; its value, errors, their places and traces, and its output are the same on every tier.

import { describe, test } from 'vitest';
import { expectOnEveryTier } from './every-tier.ts';

/** Call a procedure of one argument with n, n-1, … 1 and give the last value. */
const HOT = '(define (hot n f) (if (= n 1) (f 1) (begin (f n) (hot (- n 1) f))))';

const FIB = `
  (define (fib n k)
    (if (< n 2) (k n) (fib (- n 1) (lambda (a) (fib (- n 2) (lambda (b) (k (+ a b))))))))`;

// [what it is about, program, a part of its behaviour]
const PROGRAMS = [
  [
    'states that pass their variables on in another order',
    `(define (a x y z) (if (= x 0) (list 'a x y z) (b y z (- x 1))))
     (define (b x y z) (if (= y 0) (list 'b x y z) (c (- y 1) x z)))
     (define (c x y z) (if (= z 0) (list 'c x y z) (a z x y)))
     (list (hot 500 (lambda (n) (a n (+ n 1) (+ n 2)))) (a 30 20 10) (b 7 8 9) (c 3 2 1))`,
    '((c 2 2 0) (b 10 0 9) (c 2 3 0) (c 1 3 0))',
  ],
  [
    'more arguments, more variables and other kinds of numbers in one than in the other',
    `(define (one x) (if (< x 1) x (two x 0.5 (/ x 2))))
     (define (two x y z) (let* ((h (* y 1.5)) (s (+ h z)) (t (if (> s 1000.0) h 0.25))) (three (- x 1) s t y z h)))
     (define (three x s t y z h) (if (= x 3) (list x s t y z h) (one x)))
     (list (hot 500 one) (one 10) (one 2.5))`,
    '0.5',
  ],
  [
    'an error in the middle, with its place and the trace of what waits',
    `(define (walk l) (if (null? l) 0 (skip (cdr l))))
     (define (skip l) (if (pair? l) (walk (cdr l)) (car l)))
     (define (outer l) (+ 1 (walk l)))
     (hot 2000 (lambda (n) (outer (if (= n 1) '(1 2 3 . 4) '(1 2 3 4)))))`,
    'skip',
  ],
  [
    'a continuation that is captured in the middle, and entered again',
    `(define k #f)
     (define (up n acc) (if (= n 0) acc (down (- n 1) (+ acc (if (= acc 7) (call/cc (lambda (c) (set! k c) 1)) 1)))))
     (define (down n acc) (if (= n 0) (list acc) (up (- n 1) acc)))
     (define log '())
     (let ((v (hot 500 (lambda (n) (up 40 0))))) (set! log (cons v log)) (if (< (length log) 3) (k (* 100 (length log))) log))`,
    '(219 119 20)',
  ],
  [
    'a member that is redefined while the loop runs',
    `(define (ping n) (if (= n 0) 'ping (pong (- n 1))))
     (define (pong n) (if (= n 5) (set! ping (lambda (n) (list 'new n)))) (if (= n 0) 'pong (ping (- n 1))))
     (hot 500 (lambda (n) (ping 4)))
     (list (ping 20) (ping 9))`,
    '((new 4) (new 9))',
  ],
  [
    'two closures of one function that call each other',
    `(define (make id) (lambda (n other seen) (if (= n 0) (cons id seen) (other (- n 1) (if (= id 1) two one) (cons id seen)))))
     (define one (make 1))
     (define two (make 2))
     (define (start n) (one n two '()))
     (hot 2000 (lambda (n) (start 3)))
     (start 4)`,
    '(1 1 2 2 1)',
  ],
  [
    'a member that also calls itself and waits',
    `(define (shape f g) (lambda (t) (if (pair? t) (f (car t) (cdr t)) (g t))))
     (define (tree n) (if (= n 0) 'leaf (cons (tree (- n 1)) (tree (- n 1)))))
     (define (count)
       (letrec ((self (lambda (t) (if (pair? t) (both (self (car t)) (cdr t)) 1)))
                (both (lambda (n t) (if (> n 100) n (plus n t))))
                (plus (lambda (n t) (+ n (self t)))))
         (list self both)))
     (define all (count))
     (hot 500 (lambda (n) ((car all) (tree 3))))
     (list ((car all) (tree 7)) ((shape list (lambda (x) x)) (tree 1)))`,
    '(128 (leaf leaf))',
  ],
  [
    'deep recursion inside',
    `(define (left n) (if (= n 0) 0 (right (+ 1 (right (- n 1) 0)) 0)))
     (define (right n x) (if (< n 0) x (if (= x 1) (left n) (stay n))))
     (define (stay n) (if (= n 0) 0 (+ 1 (stay (- n 1)))))
     (hot 500 (lambda (n) (left 20)))
     (list (left 1000) (right 50000 0))`,
    '50000)',
  ],
  ['continuations in style', `${FIB}\n(hot 50 (lambda (n) (fib 8 (lambda (v) v))))\n(fib 15 list)`, '(610)'],
  [
    'continuations of a kind that comes late',
    `${FIB}
     (hot 50 (lambda (n) (fib 8 (lambda (v) v))))
     (define k #f)
     (list (fib 10 car-of) (fib 9 (lambda (v) (call/cc (lambda (c) (set! k c) v)))) (catch (fib 5 (lambda () 1))) (catch (fib 5 'no)))`,
    'car-of',
  ],
  [
    'an error in a continuation, with its place and trace',
    `${FIB}
     (define (run n) (+ 1 (fib 8 (if (= n 1) (lambda (v) (car v)) (lambda (v) v)))))
     (hot 200 run)`,
    'car: not a pair',
  ],
  [
    'a wrong number of arguments for a continuation',
    `${FIB}
     (define (run n) (+ 1 (fib 8 (if (= n 1) (lambda (v w) v) (lambda (v) v)))))
     (hot 200 run)`,
    'run',
  ],
  [
    'continuations that are primitives, records and parameters',
    `(define (go n k) (if (= n 0) (k 4) (back (- n 1) k)))
     (define (back n k) (if (= n 0) (k 5) (go (- n 1) k)))
     (define-record-type box (make-box value) box? (value value-of))
     (hot 500 (lambda (n) (go 7 (lambda (x) (go 0 (lambda (y) (+ x y)))))))
     (list (go 6 -) (value-of (go 5 make-box)) (go 4 (lambda all all)) (go 6 list))`,
    '(-4 5 (4) (4))',
  ],
  [
    'variables that are kept in closures of each turn',
    `(define (a n acc) (if (= n 0) acc (b (- n 1) (cons (lambda () n) acc))))
     (define (b n acc) (let ((m (* 2 n))) (if (= n 0) acc (a (- n 1) (cons (lambda () (set! m (+ m 1)) m) acc)))))
     (hot 500 (lambda (n) (a 5 '())))
     (let ((l (a 6 '()))) (map (lambda (f) (f)) (append l l)))`,
    '(3 2 7 4 11 6 4 2 8 4 12 6)',
  ],
  [
    'a dynamic-wind and a catch around it, and a raise in it',
    `(define log '())
     (define (a n) (if (= n 0) (raise 'end 'a) (b (- n 1))))
     (define (b n) (if (= n 0) (raise 'end 'b) (a (- n 1))))
     (define (run n) (catch 'end (dynamic-wind (lambda () 1) (lambda () (a n)) (lambda () (if (< n 3) (set! log (cons n log)))))))
     (list (hot 500 run) (run 2) log)`,
    '(b a (2 1 2))',
  ],
] as const;

describe('functions in one are not seen', () => {
  test.each(PROGRAMS)('%s', (_, body, part) => {
    const program = `${HOT}\n${body}`;
    expectOnEveryTier(program, part);
  });
});
