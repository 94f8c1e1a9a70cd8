// Runs of frames: a recursion that outgrows the host's stack, and something unusual on the way down or back. Value, errors
// with their traces, and output are the same on every tier.

import { describe, expect, test } from 'vitest';
import { countOf, fitsRun, isRun, MAX_RUN, pcOf, runOf, sizeOf, withoutUppermost } from '../../src/vm/runs.ts';
import { expectOnEveryTier } from './every-tier.ts';

/** Deeper than the host's stack takes. */
const DEEP = 40_000;

// [what it is about, program, a part of its behaviour]
const PROGRAMS = [
  [
    'an error in the middle of a way back, with the trace of all that still waits',
    `(define (down n) (if (= n 0) '() (cons n (down (- n 1)))))
     (define (sum l) (if (null? l) 0 (+ (car l) (sum (cdr l)))))
     (sum (down ${DEEP}))
     (define (poison l) (if (null? l) 'oops (+ (car l) (poison (cdr l)))))
     (poison (down ${DEEP}))`,
    '  poison 4:56\n  poison 4:56',
  ],
  [
    'values that are put in order again, integers, flonums and others',
    `(define (copy l) (if (null? l) '() (cons (car l) (copy (cdr l)))))
     (define (make n) (let loop ((i 0) (l '())) (if (= i n) l (loop (+ i 1) (cons (if (= (remainder i 3) 0) (/ i 2.0) (if (= (remainder i 5) 0) (number->string i) i)) l)))))
     (define l (make ${DEEP}))
     (list (equal? l (copy l)) (equal? l (copy (copy l))) (car (copy l)))`,
    '(#t #t ',
  ],
  [
    'a catch in the middle of a recursion, and an error below it',
    `(define (down n)
       (cond ((= n 0) (raise 'found 0))
             ((= (remainder n 10000) 9999) (let ((r (catch 'found (+ 1 (down (- n 1)))))) (if (number? r) r (raise 'found (+ 1 (caddr r))))))
             (else (+ 1 (down (- n 1))))))
     (define (try n) (catch 'found (down n)))
     (list (try ${DEEP}) (try ${DEEP}) (try 9998))`,
    '(30001 30001 0)',
  ],
  [
    'a continuation from the deep, entered again from further up',
    `(define k #f)
     (define times 0)
     (define (down n) (if (= n 0) (call/cc (lambda (c) (set! k c) 0)) (+ 1 (down (- n 1)))))
     (define (twice n) (down n) (down n))
     (let ((v (twice ${DEEP})))
       (set! times (+ times 1))
       (if (< times 5) (k times) (list v times)))`,
    `(${DEEP + 4} 5)`,
  ],
  [
    'a fixnum where a flonum was expected, on the way back through a run',
    `(define v (make-vector ${DEEP} 1.5))
     (define (sum n) (if (= n 0) 0.5 (let ((r (sum (- n 1)))) (+ (* (vector-ref v n) (vector-ref v n)) r))))
     (define (sum2 n) (if (= n 0) 0.5 (let ((r (sum2 (- n 1)))) (+ (- (vector-ref v n) (vector-ref v 0)) r))))
     (define n ${DEEP - 1})
     (sum n) (sum n) (sum2 n) (sum2 n)
     (vector-set! v 30001 2) (vector-set! v 0 1)
     (list (sum n) (sum2 n) (sum n))`,
    `(${(DEEP - 1) * 2.25 + 2.25}.0 `,
  ],
  [
    'a continuation of each frame on the way back',
    `(define last #f)
     (define (note v) (call/cc (lambda (c) (set! last c) v)))
     (define (down n) (if (= n 0) 0 (+ 1 (note (down (- n 1))))))
     (list (down ${DEEP}) (down ${DEEP}))`,
    `(${DEEP} ${DEEP})`,
  ],
  [
    'a procedure that is redefined while thousands of its frames wait',
    `(define (down n) (if (= n 0) (begin (set! down (lambda (n) 'new)) 0) (+ 1 (down (- n 1)))))
     (define first down)
     (list (first ${DEEP}) (down 1))`,
    `(${DEEP} new)`,
  ],
  [
    'frames of two procedures in turn, and of many values',
    `(define (even n a b c d e) (if (= n 0) (list a b c d e) (let ((r (odd (- n 1) b c d e n))) (cons a (cdr r)))))
     (define (odd n a b c d e) (if (= n 0) (list e d c b a) (let ((r (even (- n 1) b c d e n))) (cons (+ a b c d e) (cdr r)))))
     (list (even ${DEEP} 1 2 3 4 5) (odd ${DEEP} 1 2 3 4 5))`,
    '((1 ',
  ],
  [
    'closures of one procedure, each with variables of its own',
    `(define (chain n) (let loop ((i 0) (f (lambda () 0))) (if (= i n) f (loop (+ i 1) (lambda () (+ i (f)))))))
     (list ((chain ${DEEP})) ((chain 10)))`,
    `(${(DEEP * (DEEP - 1)) / 2} 45)`,
  ],
] as const;

describe('runs of frames', () => {
  test.each(PROGRAMS)('%s', (_, program, part) => {
    expectOnEveryTier(program, part);
  });
});

test('the place of a run gives back what it is made of', () => {
  for (const pc of [0, 7, 65_535]) {
    for (const size of [0, 2, 511]) {
      for (const count of [1, 2, MAX_RUN]) {
        const place = runOf(pc, size, count);
        expect(isRun(place)).toBe(true);
        expect([pcOf(place), sizeOf(place), countOf(place)]).toEqual([pc, size, count]);
        if (count > 1) expect(withoutUppermost(place)).toBe(runOf(pc, size, count - 1));
      }
    }
  }
  expect([fitsRun(65_535, 511), fitsRun(65_536, 0), fitsRun(0, 512)]).toEqual([true, false, false]);
  expect([isRun(70_000), pcOf(70_000), countOf(70_000)]).toEqual([false, 70_000, 1]);
});
