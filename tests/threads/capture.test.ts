// What a thunk takes along into another VM: two sessions in this process, and the bytes between them.

import { afterAll, describe, expect, test } from 'vitest';
import { capture } from '../../src/builtins/threads/capture.ts';
import { decodeCapture, encodeCapture } from '../../src/builtins/threads/capture-format.ts';
import type { Closure } from '../../src/bytecode/procedures.ts';
import { Session } from '../../src/session/session.ts';
import { EtaError } from '../../src/values/errors.ts';
import { writeText } from '../../src/values/printer.ts';
import { HeapObject, type Value } from '../../src/values/types.ts';

const sessions: Session[] = [];
afterAll(() => {
  for (const session of sessions) session.close();
});

function makeSession(): Session {
  const session = new Session();
  sessions.push(session);
  return session;
}

/** The value of the last form of a program. */
function evaluate(session: Session, program: string): Value {
  const { value, findings } = session.evaluateText(program, 'test.eta');
  if (value === undefined) throw new Error(findings[0].message);
  return value;
}

const capturedBytes = (session: Session, thunk: Value): Buffer =>
  Buffer.from(encodeCapture(capture(thunk as Closure, session.names)));

const there = makeSession();

/** Evaluate a program whose value is a thunk, and call the thunk in another session: what `write` prints. */
function callThere(program: string): string {
  const here = makeSession();
  const thunk = decodeCapture(capturedBytes(here, evaluate(here, program)), there.names);
  return writeText(there.machine.run(thunk, []));
}

// [program whose value is a thunk, what the thunk gives elsewhere]
const COPIES = [
  // data
  ['(let ((x 42)) (lambda () x))', '42'],
  ['(let ((x -2.5)) (lambda () x))', '-2.5'],
  ['(let ((x 3.0)) (lambda () (list x (eqv? x 3))))', '(3.0 #f)'],
  ['(let ((x 9223372036854775807)) (lambda () x))', '9223372036854775807'],
  ['(let ((x (list #t #f (list) #\\q "text Δ" (quote sym)))) (lambda () x))', '(#t #f () #\\q "text Δ" sym)'],
  ["(let ((x '(1 (2) . 3))) (lambda () x))", '(1 (2) . 3)'],
  ['(let ((x (vector 1 "b" (vector)))) (lambda () x))', '#(1 "b" #())'],
  ['(let ((x #u8(1 2 255))) (lambda () x))', '#u8(1 2 255)'],
  ['(let ((x (eof-object))) (lambda () (eof-object? x)))', '#t'],
  ['(let ((x (%r7rs-string-copy "abc"))) (lambda () (string-set! x 0 #\\z) x))', '"zbc"'],
  // strings and symbols are the other VM's own
  ["(let ((x 'abc)) (lambda () (eq? x 'abc)))", '#t'],
  // sharing of data is not kept
  ['(let* ((v (vector 1)) (l (list v v))) (lambda () (eq? (car l) (cadr l))))', '#f'],
  // builtins travel by name, whichever language they are written in
  [
    '(let ((f car) (g map)) (lambda () (list (f (list 1 2)) (g f (list (list 3))) (eq? f car) (eq? g map))))',
    '(1 (3) #t #t)',
  ],
  ['(let ((a apply)) (lambda () (a + (list 1 2))))', '3'],
  // closures: upvalues, identity, cycles
  ['(let* ((k 3) (f (lambda (x) (+ x k))) (g (lambda (x) (f (f x))))) (lambda () (g 1)))', '7'],
  ['(let* ((z 1) (f (lambda () z)) (l (list f (vector f)))) (lambda () (eq? (car l) (vector-ref (cadr l) 0))))', '#t'],
  [
    '(letrec ((ev? (lambda (n) (if (= n 0) #t (od? (- n 1))))) (od? (lambda (n) (if (= n 0) #f (ev? (- n 1)))))) (lambda () (list (ev? 10) (od? 10))))',
    '(#t #f)',
  ],
  [
    '(let ((end 7)) (lambda () (define (ev? n) (if (= n 0) end (od? (- n 1)))) (define (od? n) (if (= n 0) #f (ev? (- n 1)))) (list (ev? 10) (od? 10))))',
    '(7 #f)',
  ],
  [
    '(let ((a 1) (b 2) (c 3) (d 4) (e 5) (f 6) (g 7)) (set! g 70) (lambda () (list a b c d e f g)))',
    '(1 2 3 4 5 6 70)',
  ],
  ['(letrec ((f (lambda (n) (if (= n 0) f (f (- n 1)))))) (lambda () (eq? f (f 3))))', '#t'],
  ['(define (self) self) (lambda () (eq? self (self)))', '#t'],
  // a shared variable stays shared among the copies
  [
    '(define (counter) (let ((n 10)) (cons (lambda (d) (set! n (+ n d))) (lambda () n)))) (define c (counter)) ((car c) 5) (lambda () ((car c) 100) ((cdr c)))',
    '115',
  ],
  // module variables, transitively, and those that are assigned
  ['(define a 1) (define (b) (+ a 1)) (define (c) (* (b) 10)) (lambda () (c))', '20'],
  ['(define n 1) (define (bump!) (set! n (+ n 1)) n) (lambda () (bump!) (bump!))', '3'],
  [
    '(define (ev? n) (if (= n 0) #t (od? (- n 1)))) (define (od? n) (if (= n 0) #f (ev? (- n 1)))) (lambda () (ev? 7))',
    '#f',
  ],
  // library functions
  ['(import std.collections) (lambda () (filter odd? (list 1 2 3)))', '(1 3)'],
  ['(import std.core) (lambda () (cadr (list 1 2)))', '2'],
  // what the kernel is needed for
  ['(define p (make-parameter 10)) (lambda () (list (p) (parameterize ((p 20)) (p)) (p)))', '(10 20 10)'],
  ['(lambda () (catch (quote t) (dynamic-wind (lambda () 1) (lambda () (raise (quote t) 5)) (lambda () 2))))', '5'],
  ['(lambda () (call/cc (lambda (k) (for-each (lambda (x) (if (= x 2) (k x))) (list 1 2 3)))))', '2'],
  // records: their procedures travel with the type
  [
    '(define-record-type point (make-point x y) point? (x px set-px!) (y py)) (lambda () (let ((p (make-point 1 2))) (set-px! p 7) (list (point? p) (px p) (py p) (point? 1))))',
    '(#t 7 2 #f)',
  ],
  [
    '(define-record-type a (make-a) a?) (define-record-type b (make-b) b?) (lambda () (list (a? (make-a)) (a? (make-b))))',
    '(#t #f)',
  ],
] as const;

describe('a copy of', () => {
  test.each(COPIES)('%s gives %s', (program, printed) => {
    expect(callThere(program)).toBe(printed);
  });

  test('a long list and deep nesting', () => {
    expect(
      callThere(
        '(define (up n l) (if (= n 0) l (up (- n 1) (cons n l)))) (let ((l (up 200000 (list)))) (lambda () (length l)))',
      ),
    ).toBe('200000');
    const deep = '(define (in n v) (if (= n 0) v (in (- n 1) (vector (list v)))))';
    const depth = '(define (out v n) (if (vector? v) (out (car (vector-ref v 0)) (+ n 1)) n))';
    expect(callThere(`${deep} ${depth} (let ((v (in 100000 0))) (lambda () (out v 0)))`)).toBe('100000');
  });

  test('an error says where it happened', () => {
    const here = makeSession();
    const thunk = decodeCapture(
      capturedBytes(here, evaluate(here, '(define (f x)\n  (car x))\n(lambda () (+ 1 (f 5)))')),
      there.names,
    );
    const error = failure(() => there.machine.run(thunk, []));
    expect(error.message).toBe('car: not a pair');
    expect(error.span).toMatchObject({ startLine: 2, startColumn: 3, source: { name: 'test.eta' } });
    expect(error.trace!.map(({ name }) => name)[0]).toBe('f');
  });
});

function failure(action: () => unknown): EtaError {
  try {
    action();
  } catch (error) {
    if (error instanceof EtaError) return error;
    throw error;
  }
  throw new Error('nothing was raised');
}

describe('a copy shares nothing', () => {
  test('neither variables nor vectors', () => {
    const here = makeSession();
    const thunk = evaluate(
      here,
      '(define n 5) (define v (vector 1 2)) (define (thunk) (set! n (+ n 100)) (vector-set! v 0 n) (list n v)) thunk',
    );
    const bytes = capturedBytes(here, thunk);
    expect(writeText(there.machine.run(decodeCapture(bytes, there.names), []))).toBe('(105 #(105 2))');
    expect(writeText(there.machine.run(decodeCapture(bytes, there.names), []))).toBe('(105 #(105 2))');
    expect(writeText(evaluate(here, '(list n v)'))).toBe('(5 #(1 2))');
  });

  test('and later changes are not seen', () => {
    const here = makeSession();
    const bytes = capturedBytes(here, evaluate(here, '(define n 1) (lambda () n)'));
    evaluate(here, '(set! n 2)');
    expect(there.machine.run(decodeCapture(bytes, there.names), [])).toBe(1);
  });
});

// [program whose value is a thunk, ROOT: REASON]
const REFUSALS = [
  ['(let ((p (open-output-string))) (lambda () p))', 'upvalue[0]: unsupported heap object kind Port'],
  ['(let ((a 1) (p (hash-map 1 2))) (lambda () (list a p)))', 'upvalue[1]: unsupported heap object kind HashMap'],
  [
    '(let ((l (list 1 (vector 2 (list (hash-set 1)))))) (lambda () l))',
    'upvalue[0]: unsupported heap object kind HashSet',
  ],
  ['(define p (open-output-string)) (lambda () p)', 'global[0]: unsupported heap object kind Port'],
  [
    '(define p (open-output-string)) (define (f) p) (define (g) (f)) (lambda () (g))',
    'global[2]: unsupported heap object kind Port',
  ],
  [
    '(let* ((m (hash-map)) (f (lambda () m))) (lambda () (f)))',
    'closure-upvalue[0][0]: unsupported heap object kind HashMap',
  ],
  [
    '(let* ((m (hash-map)) (n 0) (f (lambda () (set! n (+ n 1)) (list n m)))) (lambda () (f)))',
    'closure-upvalue[0][1]: unsupported heap object kind HashMap',
  ],
  [
    '(let ((x (hash-map))) (set! x (open-output-string)) (lambda () (set! x 1)))',
    'upvalue[0]: unsupported heap object kind Port',
  ],
  ['(define k (call/cc (lambda (c) c))) (lambda () k)', 'global[0]: unsupported heap object kind Continuation'],
  [
    '(define-record-type r (make-r) r?) (define x (make-r)) (lambda () x)',
    'global[0]: unsupported heap object kind Record',
  ],
  [
    '(define v (call-with-values (lambda () (values 1 2)) list)) (define m (vector 1)) (vector-set! m 0 m) (lambda () (list v m))',
    'global[1]: cyclic vector structure is not serializable',
  ],
  [
    '(define l (list 1 2)) (set-cdr! (cdr l) l) (lambda () l)',
    'global[0]: cyclic pair/list structure is not serializable',
  ],
  // upvalues before variables, variables before upvalues of other closures
  [
    '(define p (open-output-string)) (let* ((m (hash-map)) (f (lambda () m))) (lambda () (list (f) p)))',
    'global[0]: unsupported heap object kind Port',
  ],
  [
    '(define p (open-output-string)) (let* ((m (hash-map)) (f (lambda () p))) (lambda () (list p m (f))))',
    'upvalue[0]: unsupported heap object kind HashMap',
  ],
  // a local procedure that is only called takes its variables along, in the order in which it mentions them
  [
    '(let ((m (hash-map)) (p (open-output-string))) (lambda () (define (f x) (list x m)) (list p (f 1) (f 2))))',
    'upvalue[0]: unsupported heap object kind HashMap',
  ],
  // eval needs the names around it, which stay behind
  ["(lambda () '#0=(a . #0#))", 'function __repl_0_init_lambda0: cyclic pair/list structure is not serializable'],
  ["(lambda () (eval '(+ 1 2)))", 'function __repl_0_init_lambda0: calls eval, which needs the names around it'],
] as const;

describe('a capture is refused', () => {
  test.each(REFUSALS)('%s: %s', (program, reason) => {
    const here = makeSession();
    const thunk = evaluate(here, program) as Closure;
    const error = failure(() => capture(thunk, here.names));
    expect(error.tag).toBe('runtime.type-error');
    expect(error.message).toBe(`spawn-thread: capture is not serializable: ${reason}`);
  });

  test('what the thunk does not mention is irrelevant', () => {
    expect(callThere('(define p (open-output-string)) (define (f) p) (lambda () 1)')).toBe('1');
  });

  test('values of automatic differentiation come first, with the path to them', () => {
    class Tape extends HeapObject {
      readonly kind = 'Tape';
    }
    const here = makeSession();
    evaluate(here, '(define port (open-output-string)) (define v (vector 1 2))');
    const thunk = evaluate(here, '(let* ((x (list 0 1)) (f (lambda () x))) (lambda () (list port f v)))') as Closure;
    evaluate(here, "'()");
    const vector = evaluate(here, 'v') as { items: Value[] };
    vector.items[1] = new Tape();
    const error = failure(() => capture(thunk, here.names));
    expect(error.tag).toBe(':ad/cross-vm-ref');
    expect(error.message).toBe('spawn-thread: Tape/TapeRef values cannot cross VM boundaries');
    expect(error.fields).toEqual([
      ['op', 'spawn-thread'],
      ['path', 'global[1][1]: tape'],
    ]);
  });
});
