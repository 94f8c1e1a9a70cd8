// Finalizers and guardians: what becomes unreachable is delivered, what is reachable never is.

import { describe, expect, test } from 'vitest';
import { evaluate, TIERS } from '../support/evaluate.ts';

/** Enough allocation that dead objects are looked for, with a safe point after each part of it. */
const WORK = `
  (define (allocate n) (let loop ((i 0) (l '())) (if (< i n) (loop (+ i 1) (cons (make-vector 10 i) l)) (length l))))
  (define (until holds?) (let loop ((n 8)) (or (holds?) (if (= n 0) 'never (begin (allocate 30000) (guardian-collect idle) (loop (- n 1)))))))
  (define g (make-guardian))
  (define idle (make-guardian))
  (define (collected) (until (lambda () (guardian-collect g))))`;

const PROGRAMS: readonly (readonly [what: string, program: string, printed: string])[] = [
  ['an object that nothing refers to', "(guardian-track! g (vector 'dead)) (collected)", '#(dead)'],
  [
    'a local variable that is out of scope',
    "(let ((v (vector 'local))) (guardian-track! g v)) (collected)",
    '#(local)',
  ],
  [
    'a variable that was assigned',
    "(define v (vector 'old)) (guardian-track! g v) (set! v 'new) (collected)",
    '#(old)',
  ],
  [
    'an element that was replaced',
    "(define holder (vector (vector 'inner))) (guardian-track! g (vector-ref holder 0)) (vector-set! holder 0 #f) (collected)",
    '#(inner)',
  ],
  [
    'a cycle',
    "(define (ring) (let ((v (vector 'ring #f))) (vector-set! v 1 v) v)) (guardian-track! g (ring)) (vector-ref (collected) 0)",
    'ring',
  ],
  ['a closure', '(guardian-track! g (let ((n 1)) (lambda () n))) ((collected))', '1'],
  ['a hash map', "(guardian-track! g (hash-map 'a 1)) (hash-map-ref (collected) 'a)", '1'],
  [
    // A literal was taken for the number of a local variable: a set with so many members cannot be.
    'an object, while a function with a large integer in it waits',
    "(guardian-track! g (vector 'big)) (define (wait n) (let ((v (collected))) (if (= n 0) 2147483647 v))) (wait 1)",
    '#(big)',
  ],
  ['a guardian delivers an object once', "(guardian-track! g (vector 'once)) (collected) (collected)", 'never'],
  [
    'an object that two guardians track',
    '(define h (make-guardian)) (let ((v (vector 1))) (guardian-track! g v) (guardian-track! h v)) (let* ((a (collected)) (b (guardian-collect h))) (eq? a b))',
    '#t',
  ],
  [
    'a finalizer gets the object',
    "(define seen #f) (register-finalizer! (vector 'final) (lambda (o) (set! seen o))) (until (lambda () seen))",
    '#(final)',
  ],
  [
    'a finalizer may keep the object, and is not called again',
    "(define seen '()) (register-finalizer! (vector 'kept) (lambda (o) (set! seen (cons o seen)))) (until (lambda () (pair? seen))) (until (lambda () (pair? (cdr seen)))) seen",
    '(#(kept))',
  ],
  [
    'an error in a finalizer counts for nothing',
    '(define seen #f) (register-finalizer! (vector 1) (lambda (o) (set! seen #t) (car o))) (until (lambda () seen))',
    '#t',
  ],
  [
    'a registration that was removed',
    '(define seen #f) (define v (vector 1)) (register-finalizer! v (lambda (o) (set! seen #t))) (define removed (list (unregister-finalizer! v) (unregister-finalizer! v))) (set! v #f) (cons (until (lambda () seen)) removed)',
    '(never #t #f)',
  ],
  [
    'a registration that was replaced',
    "(define seen '()) (define (both v) (register-finalizer! v (lambda (o) (set! seen (cons 1 seen)))) (register-finalizer! v (lambda (o) (set! seen (cons 2 seen))))) (both (vector 1)) (until (lambda () (pair? seen))) seen",
    '(2)',
  ],
];

const KEPT: readonly (readonly [what: string, program: string])[] = [
  ['a module variable', '(define v (vector 1)) (guardian-track! g v)'],
  ['a closure', '(define f (let ((v (vector 1))) (guardian-track! g v) (lambda () v)))'],
  ['a list', '(define l (list (vector 1))) (guardian-track! g (car l))'],
  ['a hash map', "(define m (hash-map 'k (vector 1))) (guardian-track! g (hash-map-ref m 'k))"],
  ['a parameter', '(define p (make-parameter (vector 1))) (guardian-track! g (p))'],
  ['an atom', '(define a (%atom-new (vector 1))) (guardian-track! g (%atom-deref a))'],
  ['a promise', '(define p (delay (vector 1))) (guardian-track! g (force p))'],
  [
    'a continuation',
    '(define k #f) (define (f v) (call/cc (lambda (c) (set! k c))) (vector-length v)) (f (let ((v (vector 1))) (guardian-track! g v) v))',
  ],
  ['a winder', '(define (f v) (guardian-track! g v) (dynamic-wind list collected (lambda () v)))'],
  [
    'a port',
    '(define p (open-output-string)) (define q (current-output-port)) (set-current-output-port! p) (guardian-track! g p) (set! p #f)',
  ],
  ['a record', '(define-record-type r (mk x) r? (x rx)) (define one (mk (vector 1))) (guardian-track! g (rx one))'],
  [
    'an exception handler',
    '(define (h) (let ((v (vector 1))) (guardian-track! g v) (lambda (e) v))) (define (collected-inside) (with-exception-handler (h) (lambda () (let ((r (collected))) r))))',
  ],
  [
    'another finalizer',
    '(define v (vector 1)) (register-finalizer! v (let ((w (vector 2))) (guardian-track! g w) (lambda (o) w)))',
  ],
];

describe.each(TIERS)('tier %s', (tier) => {
  test.each(PROGRAMS)('%s', (_what, program, printed) => {
    expect(evaluate(`${WORK} ${program}`, { tier })).toEqual({ printed });
  });
});

describe('what can be reached', () => {
  test.each(KEPT)('what %s refers to is alive', (_what, program) => {
    const ask = program.includes('collected-inside')
      ? '(collected-inside)'
      : program.includes('(f v) (guardian')
        ? '(f (vector 1))'
        : '(collected)';
    expect(evaluate(`${WORK} ${program} ${ask}`)).toEqual({ printed: 'never' });
  });
});

test('a running function still has its variables, and only those that it will use', () => {
  const program = `${WORK}
    (define (f used unused)
      (guardian-track! g used)
      (guardian-track! g unused)
      (let ((first (collected)))
        (list first (guardian-collect g) used)))
    (f (vector 'used) (vector 'unused))`;
  expect(evaluate(program, { tier: 'off' })).toEqual({ printed: '(#(unused) #f #(used))' });
});

test('many registrations do not fill the memory', () => {
  const program = `
    (define dead 0)
    (define (one) (register-finalizer! (make-vector 1000 0) (lambda (o) (set! dead (+ dead 1)))))
    (let loop ((i 0)) (if (< i 30000) (begin (one) (loop (+ i 1)))))
    (> dead 20000)`;
  expect(evaluate(program, { heapLimitBytes: 150 * 2 ** 20 })).toEqual({ printed: '#t' });
});

// [program, what is printed or the message of the error]
const CALLS = [
  ['(register-finalizer! (vector) car)', '#t'],
  ['(unregister-finalizer! (vector))', '#f'],
  ['(register-finalizer! 1 car)', 'register-finalizer!: first arg must be a heap object'],
  ['(register-finalizer! (list 1) car)', 'register-finalizer!: first arg must be a non-cons heap object'],
  ['(register-finalizer! (vector) 1)', 'register-finalizer!: second arg must be a procedure'],
  ['(unregister-finalizer! "s")', 'unregister-finalizer!: first arg must be a heap object'],
  ['(guardian-track! 5 (vector))', 'guardian-track!: first arg must be a guardian'],
  ['(guardian-track! (make-guardian) "s")', 'guardian-track!: second arg must be a heap object'],
  ['(guardian-track! (make-guardian) (list 1))', 'guardian-track!: second arg must be a non-cons heap object'],
  ['(guardian-track! (make-guardian) (vector))', '#t'],
  ['(guardian-collect 5)', 'guardian-collect: arg must be a guardian'],
  ['(guardian-collect (make-guardian))', '#f'],
] as const;

test.each(CALLS)('%s gives %s', (program, outcome) => {
  const { printed, error } = evaluate(program);
  expect(printed ?? error?.message).toBe(outcome);
});
