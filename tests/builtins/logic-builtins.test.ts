// Logic variables, unification, the trail, attributes, compound terms, and std.logic and std.freeze over them.

import { describe, expect, test } from 'vitest';
import { evaluateRows, type Row } from '../stdlib/rows.ts';

const VALUES: readonly Row[] = [
  // variables
  ['(let ((x (logic-var))) (list (logic-var? x) (unify x 5) (logic-var? x) (deref-lvar x)))', '(#t #t #f 5)'],
  ['(let ((x (logic-var)) (y (logic-var))) (unify x y) (list (logic-var? x) (eq? (deref-lvar x) y)))', '(#t #t)'],
  ['(map var-name (list (logic-var/named \'n) (logic-var/named "s") (logic-var) 5))', '("n" "s" #f #f)'],
  ['(logic-var/named 5)', 'runtime.type-error: logic-var/named: name must be a symbol or string'],
  // printing and equal? look through bindings
  ["(let ((x (logic-var))) (unify x '(2 3)) (cons 1 x))", '(1 2 3)'],
  ["(let ((x (logic-var)) (y (logic-var))) (unify x (cons 2 y)) (unify y '()) (cons 1 x))", '(1 2)'],
  ['(let ((x (logic-var))) (unify x 2) (cons 1 x))', '(1 . 2)'],
  [
    "(let ((x (logic-var))) (unify x '(1)) (list (equal? x '(1)) (equal? (list 0 x) '(0 (1))) (equal? x 1) (equal? x x)))",
    '(#t #t #f #t)',
  ],
  [
    "(let ((x (logic-var))) (unify x 5) (list (equal? x 5) (equal? '(5) (list x)) (equal? (vector x) #(6))))",
    '(#t #t #f)',
  ],
  // unification
  ['(list (unify 1 1) (unify 1 1.0) (unify "a" "a") (unify \'() #f) (unify car car))', '(#t #f #t #f #t)'],
  ["(let ((x (logic-var))) (list (unify (list x 1) (list 'a 2)) (logic-var? x)))", '(#f #t)'],
  ["(let ((x (logic-var)) (y (logic-var))) (unify (vector x '(2 . 3)) (vector 1 (cons y 3))) (list x y))", '(1 2)'],
  [
    "(let ((x (logic-var))) (list (unify (term 'f x 2) (term 'f 1 2)) (unify (term 'f 1) (term 'g 1)) (unify (term 'f) (term 'f 1)) x))",
    '(#t #f #f 1)',
  ],
  ['(let ((x (logic-var))) (unify x (list x)))', '#f'],
  ['(let ((x (logic-var))) (unify x x))', '#t'],
  [
    "(let ((x (logic-var))) (set-occurs-check! 'error) (let ((e (catch (unify (list x) (list (list x)))))) (set-occurs-check! 'always) (list (caddr e) (logic-var? x))))",
    '("unify: occurs-check violation (cyclic term)" #t)',
  ],
  [
    "(let ((x (logic-var))) (set-occurs-check! 'never) (let ((r (unify x (list 1 x)))) (set-occurs-check! 'always) (list r x)))",
    '(#t #0=(1 #0#))',
  ],
  ["(set-occurs-check! 'sometimes)", "runtime.user-error: set-occurs-check!: mode must be 'always, 'never, or 'error"],
  ['(occurs-check-mode)', 'always'],
  // a million levels
  ["(let loop ((a '()) (b '()) (i 0)) (if (= i 300000) (unify a b) (loop (list a) (list b) (+ i 1))))", '#t'],
  // the trail
  [
    '(let ((x (logic-var)) (m (trail-mark))) (unify x 1) (unwind-trail m) (list (logic-var? x) (= m (trail-mark))))',
    '(#t #t)',
  ],
  ['(unwind-trail (+ 5 (trail-mark)))', '()'],
  ["(unwind-trail 'a)", 'runtime.type-error: unwind-trail: mark must be a fixnum'],
  // attributes
  [
    "(let ((x (logic-var)) (m (trail-mark))) (put-attr x 'k 1) (put-attr x 'k 2) (let ((before (get-attr x 'k))) (unwind-trail m) (list before (get-attr x 'k) (attr-var? x))))",
    '(2 #f #f)',
  ],
  [
    "(let ((x (logic-var))) (put-attr x 'k 1) (let* ((m (trail-mark)) (d (del-attr x 'k)) (gone (get-attr x 'k))) (unwind-trail m) (list d gone (get-attr x 'k) (del-attr x 'none))))",
    '(#t #f 1 #f)',
  ],
  ["(put-attr 5 'k 1)", 'runtime.type-error: put-attr: first arg must be a logic variable'],
  ['(put-attr (logic-var) 5 1)', 'runtime.type-error: put-attr: second arg must be a symbol (module name)'],
  ['(get-attr 5 6)', '#f'],
  // hooks
  [
    "(let ((x (logic-var)) (seen '())) (register-attr-hook! 'k1 (lambda (v bound a) (set! seen (list (deref-lvar v) bound a)) #t)) (put-attr x 'k1 'attribute) (unify x 7) seen)",
    '(7 7 attribute)',
  ],
  [
    "(let ((x (logic-var)) (y (logic-var))) (register-attr-hook! 'k2 (lambda (v bound a) #f)) (put-attr x 'k2 1) (list (unify (list y x) '(1 2)) (logic-var? x) (logic-var? y)))",
    '(#f #t #t)',
  ],
  ["(let ((x (logic-var))) (register-attr-hook! 'k3 (lambda (v bound a) '())) (put-attr x 'k3 1) (unify x 1))", '#t'],
  [
    "(let ((x (logic-var)) (y (logic-var))) (register-attr-hook! 'k4 (lambda (v bound other) (unify other (* 2 bound)))) (put-attr x 'k4 y) (unify x 4) y)",
    '8',
  ],
  [
    "(let ((x (logic-var)) (y (logic-var))) (register-attr-hook! 'k5 (lambda (v bound a) (car bound))) (put-attr y 'k5 1) (let ((e (catch (unify (list x y) '(1 2))))) (list (caddr e) (logic-var? x) (logic-var? y))))",
    '("car: not a pair" #t #t)',
  ],
  [
    "(let ((x (logic-var))) (register-attr-hook! 'k6 (lambda (v bound escape) (escape 'out))) (let ((r (call/cc (lambda (k) (put-attr x 'k6 k) (unify x 1))))) (list r (logic-var? x))))",
    '(out #t)',
  ],
  // terms
  [
    "(list (term 'f 1 \"s\" 2.0) (term 'g) (functor (term 'f 1)) (arity (term 'f 1 2)) (arg 2 (term 'f 1 2)) (functor 5) (compound? (term 'f)))",
    '(f(1, "s", 2.0) g() f 2 2 #f #t)',
  ],
  ["(arg 3 (term 'f 1 2))", 'runtime.user-error: arg: index out of range'],
  ["(arg 1.0 (term 'f 1 2))", 'runtime.type-error: arg: first argument must be a fixnum index'],
  ['(arity 5)', 'runtime.type-error: arity: argument must be a compound term'],
  ['(term 5)', 'runtime.type-error: term: functor must be a symbol'],
  [
    "(list (equal? (term 'f 1 '(2)) (term 'f 1 '(2))) (equal? (term 'f 1) (term 'f 2)) (hash-map-ref (hash-map (term 'f 1) 'hit) (term 'f 1)))",
    '(#t #f hit)',
  ],
  [
    "(let ((x (logic-var))) (list (ground? (list 1 (term 'f x))) (unify x 1) (ground? (list 1 (term 'f x)))))",
    '(#f #t #t)',
  ],
  [
    "(let* ((x (logic-var)) (c (copy-term (term 'p x (list x 7))))) (list (eq? (arg 1 c) (car (arg 2 c))) (eq? (arg 1 c) x)))",
    '(#t #f)',
  ],
  [
    "(let ((x (logic-var))) (unify x '(1)) (let ((c (copy-term (vector x)))) (list c (eq? (vector-ref c 0) (deref-lvar x)))))",
    '(#((1)) #f)',
  ],
];

const HASHES: readonly Row[] = [
  // equal terms, however they are made
  ["(= (term-hash '(a (b 1) #(2)) 8) (term-hash (list 'a (list 'b 1) (vector 2)) 8))", '#t'],
  ["(let ((x (logic-var))) (unify x '(1)) (= (term-hash (list x 2) 8) (term-hash '((1) 2) 8)))", '#t'],
  ["(= (term-hash (hash-map 'a 1 'b 2) 8) (term-hash (hash-map 'b 2 'a 1) 8))", '#t'],
  ['(= (term-hash (range 0 20000) 1) (term-hash (range 0 20000) 1))', '#t'],
  // what tells terms apart
  ["(= (term-hash '(1 2) 8) (term-hash '(2 1) 8))", '#f'],
  ["(= (term-hash '(1 (2)) 8) (term-hash '((1) 2) 8))", '#f'],
  [
    '(map (lambda (x) (= (term-hash 1 0) (term-hash x 0))) (list 1.0 "1" (string->symbol "1") #\\1 \'(1)))',
    '(#f #f #f #f #f)',
  ],
  ["(= (term-hash (term 'f 1) 4) (term-hash (term 'f 1 2) 4))", '#f'],
  ['(= (term-hash car 4) (term-hash cdr 4))', '#f'],
  // depth
  ["(= (term-hash '(1 (2 (3))) 2) (term-hash '(1 (2 (4))) 2))", '#t'],
  ["(= (term-hash '(1 (2 (3))) 3) (term-hash '(1 (2 (4))) 3))", '#f'],
  ["(= (term-hash '(1 2 3 4) 1) (term-hash '(1 2 3 5) 1))", '#f'],
  ["(= (term-hash '(1) 0) (term-hash '(2) 0))", '#t'],
  // cycles and sharing end
  ['(let ((p (list 1 2))) (set-cdr! (cdr p) p) (integer? (term-hash p 1000000000)))', '#t'],
  ["(let loop ((t 'leaf) (i 0)) (if (< i 200) (loop (vector t t) (+ i 1)) (integer? (term-hash t 1000))))", '#t'],
  // variables
  [
    '(let ((x (logic-var))) (list (= (term-hash x 3) (term-hash x 3)) (= (term-hash x 3) (term-hash (logic-var) 3))))',
    '(#t #f)',
  ],
  ["(= (term-variant-hash (term 'f (logic-var)) 3) (term-variant-hash (term 'f (logic-var)) 3))", '#t'],
  [
    '(let ((x (logic-var)) (y (logic-var))) (map (lambda (a b) (= (term-variant-hash a 4) (term-variant-hash b 4))) (list (list x y) (list x x) (list x x)) (list (list y x) (list y y) (list x y))))',
    '(#t #t #f)',
  ],
  ["(term-hash 'a -1)", 'runtime.type-error: term-hash: second arg must be a non-negative fixnum depth'],
  [
    "(term-variant-hash 'a 2.0)",
    'runtime.type-error: term-variant-hash: second arg must be a non-negative fixnum depth',
  ],
  ["(let ((h (term-hash '(some term) 4))) (and (>= h 0) (< h 70368744177664)))", '#t'],
];

const LOGIC: readonly Row[] = [
  [
    "(let ((x (logic-var)) (y (logic-var))) (run* (lambda () (list (deref-lvar x) (deref-lvar y))) (conj (membero x '(1 2)) (disj (==o y 'p) (==o y 'q)))))",
    '((1 p) (1 q) (2 p) (2 q))',
  ],
  [
    "(let ((tried '()) (x (logic-var))) (list (run1 (lambda () 'first) (map (lambda (i) (lambda () (set! tried (cons i tried)) (> i 1))) '(1 2 3))) tried))",
    '(first (2 1))',
  ],
  ['(run-n 0 (lambda () 1) (succeedo))', '()'],
  ['(run1 (lambda () 1) (failo))', '#f'],
  ['(list (naf (lambda () #f)) (succeeds? (lambda () 5)) (naf (lambda () 1)))', '(#t #t #f)'],
  ['(let ((x (logic-var))) (list (succeeds? (lambda () (== x 1))) (logic-var? x)))', '(#t #t)'],
  [
    "(let ((x (logic-var))) (run* (lambda () (deref-lvar x)) (conda (==o 1 2) (==o x 'then) (disj (==o x 'a) (==o x 'b)))))",
    '(a)',
  ],
  [
    "(let ((x (logic-var))) (run* (lambda () (deref-lvar x)) (conda (membero x '(1 2)) (==o x 2) (==o x 'else))))",
    '()',
  ],
  [
    "(let ((x (logic-var))) (list (logic-catch 'a (lambda () (logic-catch 'b (lambda () (unify x 1) (logic-throw 'a 5)) list)) (lambda (v) (list 'got v))) (logic-var? x)))",
    '((got 5) #t)',
  ],
  ["(logic-catch 'a (lambda () #f) list)", '#f'],
  ['(fresh 3 list)', '(_ _ _)'],
];

const FREEZE: readonly Row[] = [
  [
    "(let ((x (logic-var)) (y (logic-var))) (list (dif (list x y) '(1 2)) (unify x 1) (unify y 2) (unify y 3)))",
    '(#t #t #f #t)',
  ],
  ["(let ((x (logic-var)) (y (logic-var))) (list (dif (term 'f x) (term 'f y)) (unify x y)))", '(#t #f)'],
  [
    '(let ((x (logic-var)) (y (logic-var)) (z (logic-var))) (list (dif x (list y)) (unify x (list z)) (unify z 1) (unify y 1) (unify y 2)))',
    '(#t #t #t #f #t)',
  ],
  ["(list (dif (term 'f 1) (term 'f 1)) (dif '(1) '(2)) (dif 1 1.0))", '(#f #t #t)'],
  ['(let ((x (logic-var))) (list (dif x 1) (dif x 2) (unify x 2) (unify x 1) (unify x 3)))', '(#t #t #f #f #t)'],
  [
    "(let ((x (logic-var)) (n 0)) (freeze x (lambda () (set! n (+ n 1)) '())) (list (unify x 1) n (logic-var? x)))",
    '(#f 1 #t)',
  ],
  [
    '(let ((x (logic-var)) (y (logic-var)) (n 0)) (freeze x (lambda () (set! n (+ n 1)) #t)) (unify x y) (let ((after n)) (unify y 1) (list after n)))',
    '(1 1)',
  ],
  [
    "(let ((x (logic-var)) (y (logic-var)) (log '())) (unify x y) (freeze x (lambda () (set! log (cons (deref-lvar x) log)) #t)) (unify y 3) log)",
    '(3)',
  ],
  [
    '(let* ((x (logic-var)) (n 0) (m (trail-mark))) (freeze x (lambda () (set! n 1) #t)) (unwind-trail m) (unify x 1) n)',
    '0',
  ],
];

describe.each([
  ['builtins', '(import std.core)', VALUES],
  ['term hashes', '(import std.core)', HASHES],
  ['std.logic', '(import std.core std.logic)', LOGIC],
  ['std.freeze', '(import std.core std.logic std.freeze)', FREEZE],
] as const)('%s', (_name, preamble, rows) => {
  test('every expression gives what is specified', () => {
    // The numbers of unbound variables are nobody's business.
    const printed = evaluateRows(preamble, rows).map((text) => text.replaceAll(/_G\d+/g, '_'));
    expect(rows.map(([expression], i) => [expression, printed[i]])).toEqual(rows);
  });
});
