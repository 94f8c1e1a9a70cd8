// std.core, std.io, std.math, std.collections, std.hashmap, std.hashset, std.atom: results, and every error that a
// docstring promises. The conformance cases hold more of the same; here are the rules at their edges.

import { beforeAll, describe, expect, test } from 'vitest';
import { evaluateRows, type Row } from './rows.ts';

const CORE: readonly Row[] = [
  ['((compose) 5)', '5'],
  ['((compose car) (list 1 2))', '1'],
  ['((compose car cdr cdr) (list 1 2 3))', '3'],
  ['((compose car cdr) 1 2)', 'runtime.invalid-arity: Wrong number of arguments: expected 1, got 2'],
  ['((constantly 7) 1 2 3)', '7'],
  ['((negate =) 1 2)', '#t'],
  ['(cadr (list 1))', 'runtime.type-error: car: not a pair'],
  ['(cadr 1)', 'runtime.type-error: cdr: not a pair'],
  ['(last (list))', 'runtime.type-error: cdr: not a pair'],
  ["(list? '(1 . 2))", '#f'],
  ['(let ((ring (list 1 2 3))) (set-cdr! (cddr ring) ring) (list? ring))', '#f'],
  ["(map list? '(() (1) (1 2) (1 2 3) 5))", '(#t #t #t #t #f)'],
  ['(iota 3 1 2)', '(1 3 5)'],
  ['(iota -1)', '()'],
  ["(iota 'a)", 'runtime.type-error: <: argument is not a number'],
  ["(assoc-ref '(1) '(((1) . one)))", 'one'],
  ["(assoc-ref 'a 5)", 'runtime.type-error: assoc: not a proper alist'],
];

const IO: readonly Row[] = [
  ['(display->string (list "a" #\\b 1.0))', '"(a b 1)"'],
  ['(captured (lambda () (println 1 "two" #\\3) (println)))', '"1 two 3\\n\\n"'],
  ['(read-line (open-input-string ""))', '#f'],
  ['(read-line (open-input-string "\\n"))', '""'],
  ['(read-line (open-input-string "a\\rb\\r\\n"))', '"ab"'],
  ['(read-line 5)', 'runtime.type-error: not a port'],
  ['(with-input-from-port (open-input-string "x\\ny") (lambda () (read-line) (read-line)))', '"y"'],
  [
    '(with-output-to-port (open-input-string "") list)',
    'runtime.type-error: set-current-output-port!: not an output port',
  ],
  ['(with-output-to-port 5 list)', 'runtime.type-error: not a port'],
  [
    '(let ((port (open-output-string))) (catch (with-output-to-port port (lambda () (display "in") (car 1)))) (get-output-string port))',
    '"in"',
  ],
  // A continuation that leaves and enters again finds the port that it was captured under.
  [
    `(let ((port (open-output-string)) (again #f) (visits 0))
       (with-output-to-port port (lambda () (call/cc (lambda (k) (set! again k))) (display "x")))
       (set! visits (+ visits 1))
       (if (< visits 3) (again 'once-more))
       (get-output-string port))`,
    '"xxx"',
  ],
];

const MATH: readonly Row[] = [
  ['(map floor (list 2.5 -2.5 -0.5 3 3.0 1e-20 -1e-20))', '(2.0 -3.0 -1.0 3 3.0 0.0 -1.0)'],
  ['(map ceiling (list 2.5 -2.5 0.5))', '(3.0 -2.0 1.0)'],
  ['(map truncate (list 2.7 -2.7))', '(2.0 -2.0)'],
  ['(map round (list 0.5 1.5 2.5 -0.5 -1.5 -2.5))', '(1.0 2.0 3.0 0.0 -1.0 -2.0)'],
  ['(round 0.49999999999999994)', '0.0'],
  ['(list (floor +inf.0) (round -inf.0) (truncate +inf.0))', '(+inf.0 -inf.0 +inf.0)'],
  ["(floor 'a)", 'runtime.type-error: modulo: arguments must be numbers'],
  ["(round 'a)", 'runtime.type-error: +: argument is not a number'],
  ['(quotient 9223372036854775807 2)', '4611686018427387903'],
  ['(quotient -9223372036854775807 10)', '-922337203685477580'],
  ['(list (quotient 7 -2) (quotient 7.5 2) (quotient 6.0 2))', '(-3 3.0 3.0)'],
  ['(quotient 1 0)', 'runtime.type-error: /: division by zero'],
  ["(quotient 'a 1)", 'runtime.type-error: /: argument is not a number'],
  ['(list (gcd) (gcd -4) (gcd 12 18 8) (lcm) (lcm 4 6 10) (lcm 0 3))', '(0 4 2 1 60 0)'],
  ['(lcm 4294967296 4294967296)', '4294967296'],
  ['(list (expt 2 62) (expt 2 -2) (expt 0 0) (expt 1.5 2) (expt 9 0.5))', '(4611686018427387904 0.25 1 2.25 3.0)'],
  ['(expt 0 -1)', 'runtime.type-error: /: division by zero'],
  ['(list (sign -2.5) (sign 0) (sign 3) (clamp 5 0 3) (clamp -5 0 3))', '(-1 0 1 3 0)'],
  ['(list (sum (list)) (product (list)) (sum (list 1 2.5)))', '(0 1 3.5)'],
  ['(sum 5)', 'runtime.type-error: cdr: not a pair'],
];

const COLLECTIONS: readonly Row[] = [
  ['(map* car 5)', 'runtime.type-error: cdr: not a pair'],
  ['(filter car 5)', 'runtime.type-error: car: not a pair'],
  ['(foldr + 0 (range 0 100000))', '4999950000'],
  ['(foldl + 0 5)', 'runtime.type-error: car: not a pair'],
  ['(reduce + (list))', 'runtime.user-error: reduce: empty list'],
  ['(list (any? number? (list)) (every? number? (list)))', '(#f #t)'],
  ['(any? (lambda (x) 7) (list 1))', '#t'],
  ['(join-with (list 5) ",")', '5'],
  ['(join-with (list "a" 5) ",")', 'runtime.type-error: string-append: not a string'],
  ['(string-length (join-with (map number->string (range 0 20000)) ","))', '108889'],
  ['(list (pairwise (list)) (pairwise (list 1)) (pairwise (list 1 2 3)))', '(() () ((1 . 2) (2 . 3)))'],
  ['(list (take 9 (list 1)) (take -1 (list 1 2)) (drop 9 (list 1)) (drop -1 (list 1)))', '((1) (1 2) () ())'],
  ['(flatten (list 1))', 'runtime.type-error: cdr: not a pair'],
  ['(list (range 0 5 2) (range 5 0 -2) (range 0 5 -1) (range 0.5 3))', '((0 2 4) (5 3 1) () (0.5 1.5 2.5))'],
  ['(length (range 0 1 0.1))', '10'],
  ['(range 0 1 0)', 'runtime.user-error: range: step must not be zero'],
  ["(sort (lambda (a b) (< (car a) (car b))) '((2 a) (1 b) (2 c) (1 d)))", '((1 b) (1 d) (2 a) (2 c))'],
  ['(equal? (sort < (map (lambda (i) (modulo (* i 7919) 10007)) (range 0 10007))) (range 0 10007))', '#t'],
  ['(sort < 5)', 'runtime.type-error: cdr: not a pair'],
  ['(vector-map + (vector 1) (vector 2))', 'runtime.invalid-arity: Wrong number of arguments: expected 2, got 3'],
  ['(vector-map car 5)', 'runtime.type-error: vector-length: not a vector'],
  ['(list->vector 5)', 'runtime.type-error: length: not a proper list'],
  [
    '(list (vector->list (vector 1 2)) (list->vector (list 1 2)) (vector-foldr list 0 (vector 1 2)))',
    '((1 2) #(1 2) (1 (2 0)))',
  ],
  // A continuation captured in a callback may be entered again without touching the earlier result.
  [
    `(let* ((again #f)
            (result (vector-map (lambda (x) (if (= x 2) (call/cc (lambda (k) (set! again k) 2)) x)) (vector 1 2 3))))
       (let ((k again)) (set! again #f) (if k (let ((kept result)) (set! results (cons kept results)) (k 20))))
       (cons result results))`,
    '(#(1 20 3) #(1 2 3))',
  ],
];

const HASHES: readonly Row[] = [
  ["(hash-map-contains? (hash-map 'a #f) 'a)", '#t'],
  ['(hash-map-contains? (hash-map 1 2) car)', '#f'],
  ['(hash-map-contains? 5 1)', 'runtime.type-error: hash-map-fold: expected a hash-map'],
  ['(hash-map-empty? 5)', 'runtime.type-error: hash-map-size: expected a hash-map'],
  ["(hash-map-update (hash-map) 'a list)", 'runtime.user-error: hash-map-ref: key not found'],
  ["(hash-map-update-with-default (hash-map) 'a (lambda (n) (+ n 1)) 0)", '#hashmap{a 1}'],
  ["(hash-map-merge (hash-map 'a 1 'b 2) (hash-map 'b 3 'c 4))", '#hashmap{a 1, b 3, c 4}'],
  ["(hash-map-merge-with list (hash-map 'a 1 'b 2) (hash-map 'b 3 'c 4))", '#hashmap{a 1, b (2 3), c 4}'],
  ["(hash-map-map (lambda (k v) (list k v)) (hash-map 'a 1))", '#hashmap{a (a 1)}'],
  ["(hash-map-filter (lambda (k v) (> v 1)) (hash-map 'a 1 'b 2))", '#hashmap{b 2}'],
  ["(hash-map->alist (alist->hash-map '((a . 1) (b 2))))", '((a . 1) (b . 2))'],
  ['(hash-set-size (hash-set 1 2 1))', '2'],
  ['(hash-set-size 5)', 'runtime.type-error: hash-set->list: expected a hash-set'],
  ['(list (hash-set-subset? (hash-set) 5) (hash-set-equal? (hash-set 1 2) (hash-set 2 1)))', '(#t #t)'],
  [
    '(let ((a (atom 1))) (list (swap! a + 10) (deref a) (reset! a 5) (compare-and-set! a 5 6) (deref a)))',
    '(11 11 5 #t 6)',
  ],
  ['(deref 5)', 'runtime.type-error: %atom-deref: expected an atom'],
];

const PREAMBLE = `
(import std.prelude std.hashmap std.hashset (except std.atom atom?))
(define results '())
(define (captured thunk)
  (let ((port (open-output-string)))
    (with-output-to-port port thunk)
    (get-output-string port)))
`;

describe.each([
  ['std.core', CORE],
  ['std.io', IO],
  ['std.math', MATH],
  ['std.collections', COLLECTIONS],
  ['std.hashmap, std.hashset, std.atom', HASHES],
] as const)('%s', (_, rows) => {
  let outcomes: string[] = [];
  beforeAll(() => {
    outcomes = evaluateRows(PREAMBLE, rows);
  });
  test.each(rows.map(([expression, printed], index) => ({ expression, printed, index })))(
    '$expression is $printed',
    ({ printed, index }) => {
      expect(outcomes[index]).toBe(printed);
    },
  );
});
