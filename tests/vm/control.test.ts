// Control flow on every tier: tail calls, deep recursion, continuations, winding, handlers, errors and their traces.

import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { evaluate, TIERS } from '../support/evaluate.ts';

const HOT = '(define (hot n f) (if (> n 1) (begin (f) (hot (- n 1) f)) (f)))';

// [what it is about, program, what `write` prints of its value]
const VALUES = [
  [
    'a flonum behind a raise that cannot be reached otherwise',
    `(define (f x y) (- 2 (if (> x y) (raise 'tag y) (* 0.5 x)))) (define (many n) (if (= n 0) (f 1 2) (begin (f n 9999) (many (- n 1))))) (many 2000)`,
    '1.5',
  ],
  [
    'a global procedure that is redefined when its callers are hot',
    `(define (g x) (+ x 1)) (define (f x) (g x)) (define (many n acc) (if (= n 0) acc (many (- n 1) (+ acc (f n)))))
     (define (run) (many 2000 0)) (define a (run)) (set! g (lambda (x) (* x 2))) (define b (run))
     (set! g (lambda (x . r) 1)) (define c (run)) (set! g number->string) (list a b c (caddr (catch (run))))`,
    '(2003000 4002000 2000 "+: argument is not a number")',
  ],
  [
    'a raise while entering',
    `(define log '()) (define (note x) (set! log (cons x log))) (catch (dynamic-wind (lambda () (raise 'b 1)) (lambda () (note 'body)) (lambda () (note 'after)))) log`,
    '(after)',
  ],
  [
    'long runs of tail calls of procedures that are not known',
    `(define (ping n k other) (if (= n 0) (k 'done) (other (- n 1) (lambda (v) (k v)) other)))
     (define (walk n f g) (if (= n 0) 'end (f (- n 1) g f)))
     (list (ping 10000 (lambda (v) v) ping) (walk 100001 walk walk) (+ 1 (walk 5000 walk (lambda (n f g) (if (= n 0) 1 (f n f g))))))`,
    '(done end 2)',
  ],
  [
    'deep recursion of a procedure with a rest parameter',
    `(define (f n) (if (= n 0) 0 (+ 1 (g n n 'b)))) (define (g n . rest) (+ (length rest) (f (- n 1)))) (f 30000)`,
    '90000',
  ],
  [
    'a deep recursion of which every frame ends in a run of tail calls',
    `(define (walk n v f) (if (= n 0) v (f (- n 1) v f)))
     (define (deep n) (if (= n 0) 0 (let ((v (deep (- n 1)))) (walk 300 (+ v 1) walk))))
     (list (deep 10) (deep 12000))`,
    '(10 12000)',
  ],
  [
    'runs of tail calls that are caught, wound and captured in',
    `(define log '())
     (define (walk n end f) (if (= n 0) (end) (f (- n 1) end f)))
     (define (one i)
       (list (catch 'out (walk 500 (lambda () (raise 'out i)) walk))
             (dynamic-wind (lambda () (set! log (cons 'in log))) (lambda () (walk 200 (lambda () i) walk)) (lambda () (set! log (cons 'out log))))
             (call/cc (lambda (k) (walk 200 (lambda () (+ 1 (k i))) walk)))))
     (define (many n) (if (= n 1) (one n) (begin (one n) (many (- n 1)))))
     (list (many 400) (length log))`,
    '((1 1 1) 800)',
  ],
  [
    'the arity of what a record defines',
    `(define-record-type p (make-p x y) p? (x p-x)) (list (caddr (catch (make-p 1))) (caddr (catch (p-x))))`,
    '("Wrong number of arguments: expected 2, got 1" "Wrong number of arguments: expected 1, got 0")',
  ],
  [
    'an endless loop as the body of a catch',
    `${HOT} (define (f) (catch (let loop ((i 0)) (if (> i 3) (raise i)) (loop (+ i 1))))) (list (f))`,
    '(4)',
  ],
  [
    'an endless loop as an argument',
    `${HOT} (hot 1000 (lambda () (catch (+ 1 (let loop ((i 5)) (if (= i 0) (raise 'end)) (loop (- i 1)))))))`,
    'end',
  ],
  [
    'an endless loop as an initial value',
    `${HOT} (catch (let* ((x (let loop () (raise 5) (loop))) (y (do () (#f) 1))) (list x y)))`,
    '5',
  ],
  [
    'an endless loop as a test',
    `${HOT} (list (catch (if (let loop () (raise 5) (loop)) 1 2)) (catch (or (let loop () (raise 6) (loop)) 2)))`,
    '(5 6)',
  ],
  [
    'an endless loop before another',
    `${HOT} (begin (catch (begin (let loop () (raise 5) (loop)) (catch (let loop ((i 0)) (loop i))))) 3)`,
    '3',
  ],
  [
    'a hot raise through after-thunks',
    `${HOT} (define log 0) (define (t) (catch 'a (dynamic-wind (lambda () 1) (lambda () (dynamic-wind (lambda () 1) (lambda () (raise 'a 5)) (lambda () (set! log (+ log 1))))) (lambda () (set! log (+ log 10)))))) (list (hot 1000 t) log)`,
    '(5 11000)',
  ],
  [
    'an after-thunk that raises elsewhere, hot',
    `${HOT} (hot 1000 (lambda () (catch 'z (catch 'a (dynamic-wind (lambda () 1) (lambda () (raise 'a 1)) (lambda () (raise 'z 'from-after)))))))`,
    'from-after',
  ],
  [
    'an after-thunk too deep for the host, hot',
    `${HOT} (define (deep n) (if (= n 0) 0 (+ 1 (deep (- n 1))))) (hot 500 (lambda () (catch 'a (dynamic-wind (lambda () 1) (lambda () (raise 'a 1)) (lambda () (deep 5000))))))`,
    '1',
  ],
  [
    'an after-thunk that captures, hot',
    `${HOT} (hot 1000 (lambda () (catch (dynamic-wind (lambda () 1) (lambda () (catch 'q (raise 'a 5))) (lambda () (call/cc (lambda (k) (k 1))))))))`,
    '5',
  ],
  [
    'an after-thunk that leaves, hot',
    `${HOT} (hot 1000 (lambda () (call/cc (lambda (out) (catch 'a (dynamic-wind (lambda () 1) (lambda () (raise 'a 5)) (lambda () (out 'escaped))))))))`,
    'escaped',
  ],
  ['a million tail calls', '(define (f n) (if (= n 0) (quote done) (f (- n 1)))) (f 1000000)', 'done'],
  [
    'mutual tail calls',
    '(define (e n) (if (= n 0) #t (o (- n 1)))) (define (o n) (if (= n 0) #f (e (- n 1)))) (e 300001)',
    '#f',
  ],
  ['tail calls through apply', '(define (f n) (if (= n 0) (quote end) (apply f (list (- n 1))))) (f 200000)', 'end'],
  ['recursion a million deep', '(define (d n) (if (= n 0) 0 (+ 1 (d (- n 1))))) (d 1000000)', '1000000'],
  [
    'deep recursion twice',
    '(define (d n) (if (= n 0) 0 (+ 1 (d (- n 1))))) (list (d 70000) (d 70000))',
    '(70000 70000)',
  ],
  ['deep recursion through map', '(define (d n) (if (= n 0) 0 (+ 1 (car (map d (list (- n 1))))))) (d 50000)', '50000'],
  [
    'a nested loop',
    '(let a ((i 0) (s 0)) (if (= i 300) s (let b ((j 0) (s s)) (if (= j 300) (a (+ i 1) s) (b (+ j 1) (+ s 1))))))',
    '90000',
  ],
  [
    'a loop that is left from inside',
    '(call/cc (lambda (k) (let l ((i 0)) (if (= i 5000) (k (list (quote left) i)) (l (+ i 1))))))',
    '(left 5000)',
  ],
  [
    'closures of a loop have their own variables',
    '(define fs (do ((i 0 (+ i 1)) (a (quote ()) (cons (lambda () i) a))) ((= i 3) a))) (map (lambda (f) (f)) fs)',
    '(2 1 0)',
  ],
  [
    'a hot loop with assigned variables',
    '(define (f) (let ((s 0)) (do ((i 0 (+ i 1))) ((= i 2000) s) (set! s (+ s i))))) (f)',
    '1999000',
  ],
  [
    'closures that share a variable',
    '(define (mk) (let ((n 0)) (list (lambda () (set! n (+ n 1)) n) (lambda () n)))) (define p (mk)) ((car p)) ((car p)) ((cadr p))',
    '2',
  ],
  [
    'rest parameters in hot code',
    '(define (f a . r) (cons a r)) (define (g n) (if (= n 0) (f 1 2 3) (begin (f n) (g (- n 1))))) (g 1000)',
    '(1 2 3)',
  ],
  [
    'a generator re-entered many times',
    `
     (define (gen xs)
       (define return #f)
       (define (next)
         (call/cc (lambda (r)
           (set! return r)
           (for-each (lambda (x) (call/cc (lambda (k) (set! next (lambda () (k #f))) (return x)))) xs)
           (return 'end))))
       (lambda () (call/cc (lambda (r) (set! return r) (next)))))
     (define g (gen '(1 2 3)))
     (let loop ((x (g)) (acc '())) (if (eq? x 'end) (reverse acc) (loop (g) (cons x acc))))`,
    '(1 2 3)',
  ],
  [
    'captures in a hot recursion',
    '(define (c x y z) (call/cc (lambda (k) (t k x y z)))) (define (t k x y z) (if (< y x) (t k (call/cc (lambda (a) (t a (- x 1) y z))) (call/cc (lambda (a) (t a (- y 1) z x))) (call/cc (lambda (a) (t a (- z 1) x y)))) (k z))) (c 8 4 2)',
    '3',
  ],
  [
    'winding in order',
    "(define log '()) (define (n x) (set! log (cons x log))) (dynamic-wind (lambda () (n 'in)) (lambda () (call/cc (lambda (k) (dynamic-wind (lambda () (n 'in2)) (lambda () (k 1)) (lambda () (n 'out2)))))) (lambda () (n 'out))) (reverse log)",
    '(in in2 out2 out)',
  ],
  [
    'winding a thousand times',
    "(define c 0) (define (f n) (if (= n 0) c (begin (catch (dynamic-wind (lambda () (set! c (+ c 1))) (lambda () (raise 'x n)) (lambda () (set! c (+ c 1))))) (f (- n 1))))) (f 1000)",
    '2000',
  ],
  [
    'a raise out of a deep recursion',
    "(define (d n) (if (= n 0) (raise 'deep 'bottom) (+ 1 (d (- n 1))))) (catch 'deep (d 30000))",
    'bottom',
  ],
  [
    'a catch in a hot loop',
    "(define (f i) (if (= (modulo i 3) 0) (raise 'three i) i)) (let loop ((i 0) (n 0)) (if (= i 3000) n (loop (+ i 1) (if (eq? (catch 'three (f i) 'ok) 'ok) n (+ n 1)))))",
    '1000',
  ],
  [
    'a catch below temporaries',
    "(define (f x) (+ 1 (* 2 (catch 'e (+ 100 (if (> x 0) (raise 'e x) x)))))) (let loop ((i 0) (s 0)) (if (= i 2000) s (loop (+ i 1) (+ s (f (modulo i 2))))))",
    '204000',
  ],
  [
    'errors of primitives in hot code',
    "(define (f x) (catch 'runtime.type-error (car x) 'none)) (let loop ((i 0)) (if (= i 1000) (list (f '(1)) (car (f 5))) (begin (f '(1)) (loop (+ i 1)))))",
    '(none runtime-error)',
  ],
  [
    'redefinition is seen',
    '(define (f) 1) (define (g n) (if (= n 0) (f) (begin (f) (g (- n 1))))) (g 1000) (set! f (lambda () 2)) (g 1)',
    '2',
  ],
  [
    'handlers run where the error is',
    "(with-exception-handler (lambda (e) 10) (lambda () (+ 1 (raise-continuable 'c))))",
    '11',
  ],
  [
    'guard goes on outward',
    "(guard (e ((symbol? e) (list 'outer e))) (guard (e2 ((string? e2) 'inner)) (raise 'x)))",
    '(outer x)',
  ],
  ['guard keeps the tag of what it does not take', "(catch 'a (guard (e ((string? e) 1)) (raise 'a 2)))", '2'],
  [
    'guard passes a runtime error on',
    "(car (cdr (catch 'runtime.type-error (guard (e ((string? e) 1)) (car 5)))))",
    'runtime.type-error',
  ],
  ['values to a continuation', '(call-with-values (lambda () (call/cc (lambda (k) (k 1 2 3)))) list)', '(1 2 3)'],
  [
    'arithmetic at the edge of the small integers',
    '(let loop ((i 0) (x 2147483646)) (if (= i 1000) x (loop (+ i 1) (+ x 1))))',
    '2147484646',
  ],
  [
    'arithmetic at the edge of the safe integers',
    '(let loop ((i 0) (x 9007199254740000)) (if (= i 2000) x (loop (+ i 1) (+ x 1))))',
    '9007199254742000',
  ],
  [
    'products beyond 2^53 stay exact',
    '(define (f x) (* x 3037000499)) (let loop ((i 0)) (if (= i 1000) (f 3037000499) (begin (f 3) (loop (+ i 1)))))',
    '9223372030926249001',
  ],
  [
    'a product of zero and a negative is zero',
    '(define (f x y) (* x y)) (let loop ((i 0)) (if (= i 1000) (f 0 -5) (begin (f 2 3) (loop (+ i 1)))))',
    '0',
  ],
  [
    'flonums that become integral stay flonums',
    '(define (f x) (+ x 0.5)) (let loop ((i 0)) (if (= i 1000) (f 1.5) (begin (f 0.25) (loop (+ i 1)))))',
    '2.0',
  ],
  [
    'mixed comparisons',
    '(define (f x y) (list (< x y) (= x y))) (let loop ((i 0)) (if (= i 1000) (list (f 1 1.0) (f 1.5 2)) (begin (f 1 2) (loop (+ i 1)))))',
    '((#f #t) (#t #f))',
  ],
  [
    'what builtins make for a program',
    '(define p (make-parameter 1)) (list p (case-lambda ((x) x)) map (p))',
    '(#<closure> #<closure> #<primitive> 1)',
  ],
] as const;

// [program, tag, message]
const ERRORS = [
  ['(list (call/cc (lambda (k) (k 1 2))))', 'runtime.invalid-arity', 'Continuation expects 1 argument'],
  ['(list (call/cc (lambda (k) (k))))', 'runtime.invalid-arity', 'Continuation expects 1 argument'],
  [
    '(define (f x) (car x)) (define (g n) (if (= n 0) (f 5) (begin (f (list 1)) (g (- n 1))))) (g 1000)',
    'runtime.type-error',
    'car: not a pair',
  ],
  [
    '(define (f n) (if (= n 0) (vector-ref (vector 1) 1) (f (- n 1)))) (f 1000)',
    'runtime.type-error',
    'vector-ref: index out of bounds',
  ],
  [
    '(define (f a) a) (define (g n) (if (= n 0) (f 1 2) (g (- n 1)))) (g 1000)',
    'runtime.invalid-arity',
    'Wrong number of arguments: expected 1, got 2',
  ],
  ['(define (g n) (if (= n 0) (5 1) (g (- n 1)))) (g 1000)', 'runtime.type-error', 'Callee is not a function'],
  ['(define (g n) (if (= n 0) (2.5) (g (- n 1)))) (g 1000)', 'runtime.type-error', 'Callee is not boxed'],
  [
    "(define (g n) (if (= n 0) (map (lambda (a b) a) '(1)) (g (- n 1)))) (g 1000)",
    'runtime.invalid-arity',
    'call_value: expected 2 argument(s), got 1',
  ],
  ['(parameterize ((list 1)) 5)', 'runtime.type-error', 'parameterize: not a parameter'],
  [
    "(catch 'runtime.type-error (dynamic-wind list (lambda () (car 5)) (lambda (x) 1)))",
    'runtime.invalid-arity',
    'Wrong number of arguments: expected 1, got 0',
  ],
  [
    '(call/cc (lambda (k) (dynamic-wind list (lambda () (k 1)) (lambda (x) 1))))',
    'runtime.invalid-arity',
    'Wrong number of arguments: expected 1, got 0',
  ],
  [
    '(with-exception-handler (lambda () 1) (lambda () (raise-continuable 1)))',
    'runtime.invalid-arity',
    'Wrong number of arguments: expected 0, got 1',
  ],
  ['(define (g n) (if (= n 0) (+ 1 "x") (g (- n 1)))) (g 1000)', 'runtime.type-error', '+: argument is not a number'],
  [
    '(define (g n) (if (= n 0) later (g (- n 1)))) (g 1000) (define later 1)',
    'runtime.type-error',
    'variable used before its definition: later',
  ],
] as const;

describe.each(TIERS)('control, tier %s', (tier) => {
  test.each(VALUES)('%s', (_, program, printed) => {
    expect(evaluate(program, { tier })).toEqual({ printed });
  });

  test.each(ERRORS)('%s fails', (program, tag, message) => {
    expect(evaluate(program, { tier })).toMatchObject({ error: { tag, message } });
  });

  test('a trace names every function between an error and the program, with its line', () => {
    const program = `(define (inner x) (+ 1 (car x)))
(define (outer n)
  (if (= n 0)
      (+ 1 (inner 5))
      (begin (inner (list 1)) (outer (- n 1)))))
(define p (catch (list (outer 1000))))
(map (lambda (frame) (list (cadr frame) (caddr (caddr frame)))) (car (cdr (cdr (cdr (cdr p))))))`;
    expect(evaluate(program, { tier }).printed).toMatch(/^\(\("inner" 1\) \("outer" 4\) \("[^"]+" 6\)\)$/);
  });

  test.each([
    ['a primitive', '(define (f g x) (g x))', '(f car 1)'],
    ['a primitive that a variable holds', '(define g car) (define (f h x) (if (pair? x) x (g x)))', '(f car 1)'],
    ['apply', '(define (f g x) (apply g x))', '(f car 1)'],
    ['what apply calls', '(define (f g x) (apply g x))', '(f car (list 1 2))'],
  ])('an error in a tail call of %s is not in the function that has called it', (_, definition, call) => {
    const program = `${definition}
(define (hot n) (if (> n 0) (begin (f list (list n)) (f vector (list n)) (hot (- n 1)))))
(hot ${tier === 'on' ? 2000 : 2})
(map (lambda (frame) (caddr (caddr frame))) (list-ref (catch (list ${call})) 4))`;
    expect(evaluate(program, { tier })).toEqual({ printed: '(4)' });
  });

  // Generated code knows pairs, vectors and closures by their members: no value of another kind may pass for one.
  test.each(['car', 'cdr', '(lambda (x) (vector-ref x 0))', '(lambda (x) (vector-set! x 0 1))', '(lambda (x) (x))'])(
    '%s takes no value of another kind',
    (operation) => {
      const own = operation.includes('vector')
        ? '(vector 7)'
        : operation === '(lambda (x) (x))'
          ? '(lambda () 7)'
          : "'(7)";
      const others = ['(list 1)', '(vector 1)', '(lambda () 1)'].filter((it) => !own.startsWith(it.slice(0, 4)));
      const program = `(define (hot x) (let ((v (${operation} x))) v))
(define (many n) (if (= n 0) #t (begin (hot ${own}) (many (- n 1)))))
(many 2000)
(define-record-type thing (make-thing items car cdr code) thing? (items t-items) (car t-car) (cdr t-cdr) (code t-code))
(define port (open-output-string))
(map (lambda (x) (catch 'no (begin (catch 'runtime.type-error (begin (hot x) (raise 'no 'passed))) 'refused)))
     (list 1 2.5 2.0 9223372036854775807 #t "text" 'name #\\a '() (hash-map 'a 1) (hash-set 1) (bytevector 1) (make-thing 1 2 3 4)
           (%atom-new 1) port ${others.filter((it) => !it.startsWith('(list')).join(' ')} (values 1 2) (eof-object)))`;
      expect(evaluate(program, { tier })).toMatchObject({ printed: expect.stringMatching(/^\((refused ?)+\)$/) });
    },
  );

  test('memory runs out in an error that can be caught', () => {
    const program = "(define (f x) (cons x (f x))) (car (cdr (catch 'runtime.heap-error (f 1))))";
    process.env['ETA_HEAP_SOFT_LIMIT'] = '64M';
    try {
      expect(evaluate(program, { tier })).toEqual({ printed: 'runtime.heap-error' });
    } finally {
      delete process.env['ETA_HEAP_SOFT_LIMIT'];
    }
  });

  test('what a deep recursion needed is given back, and what it held is dropped', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const session = new Session({ tier });
    const run = (program: string) => expect(session.evaluateText(program, 'test.eta').kind).toBe('finished');
    try {
      run('(define (deep i v) (if (= i 0) 0 (+ 1 (deep (- i 1) v)))) (define (spin i) (if (> i 0) (spin (- i 1)) i))');
      run('(deep 1000 0) (spin 4000000)');
      collect();
      const before = getHeapStatistics().used_heap_size;
      run('(deep 500000 (make-vector 2000000 1)) (spin 4000000)');
      collect();
      expect((getHeapStatistics().used_heap_size - before) / 2 ** 20).toBeLessThan(4);
    } finally {
      session.close();
    }
  });
});
