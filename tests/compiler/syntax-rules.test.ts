// Macros: what patterns match, what templates make, and that names keep their meaning.

import { describe, expect, test } from 'vitest';
import { coreOf, findingsOf, type Setting } from '../support/expansion.ts';

/** [rules, use, core form of the use]; the macro is called `m`. */
const TRANSCRIPTS = [
  ['((_ a) a)', '(m 5)', '5'],
  ['((_) 0) ((_ a) 1) ((_ a b) 2) ((_ a b c ...) 3)', '(m 1 2 3 4)', '3'],
  [
    "((_ 0) 'zero) ((_ \"s\") 'string) ((_ #\\a) 'char) ((_ 1.5) 'flo) ((_ ()) 'empty) ((_ _) 'other)",
    '(list (m 0) (m "s") (m #\\a) (m 1.5) (m ()) (m 1))',
    "($list 'zero 'string 'char 'flo 'empty 'other)",
  ],
  ["((_ 1) 'exact) ((_ _) 'other)", '(m 1.0)', "'other"],
  ["((_ (a b) ...) '((a ...) (b ...)))", '(m (1 2) (3 4))', "'((1 3) (2 4))"],
  ["((_ (a b) ...) '((a ...) (b ...)))", '(m)', "'(() ())"],
  ["((_ a ... y z) '((a ...) y z))", '(m 1 2 3 4)', "'((1 2) 3 4)"],
  ["((_ a . r) '(a r))", '(list (m 1) (m 1 2) (m 1 . 2))', "($list '(1 ()) '(1 (2)) '(1 2))"],
  ["((_ (a ... . r)) '((a ...) r))", '(list (m (1 2 . 3)) (m (1)) (m ()))', "($list '((1 2) 3) '((1) ()) '(() ()))"],
  ["((_ (a ... b . r)) '((a ...) b r))", '(m (1 2 3 . 4))', "'((1 2) 3 4)"],
  ["((_ #(a b ...)) '(a #(b ... a)))", '(m #(1 2 3))', "'(1 #(2 3 1))"],
  ["((_ #(#(a ...) ...)) '(a ... ...))", '(m #(#(1 2) #() #(3)))', "'(1 2 3)"],
  ["((_ (k v ...) ...) '((k (v ...)) ...))", '(m (a 1 2) (b) (c 3))', "'((a (1 2)) (b ()) (c (3)))"],
  ["((_ x (y ...) ...) '((x y ...) ...))", '(m q (1 2) (3))', "'((q 1 2) (q 3))"],
  ["((_ (x ...) (y ...)) '((x y ...) ...))", '(m (1 2) (3 4 5))', "'((1 3 4 5) (2 3 4 5))"],
  ["((_ (a b ...) ...) '((a b) ... ...))", '(m (1 2 3) (4 5))', "'((1 2) (1 3) (4 5))"],
  ["((_ x ...) '(x ... end x ...))", '(m 1 2)', "'(1 2 end 1 2)"],
  ["((_ x ...) '(0 x ... . t))", '(m 1)', "'(0 1 . t)"],
  ["((_ x . r) '(x . r))", '(m 1 2 3)', "'(1 2 3)"],
  ["((_ x) '(x (... ...)))", '(m 5)', "'(5 ...)"],
  ["((_ x) '((... (x ...)) x))", '(m 5)', "'((5 ...) 5)"],
  ['((_ x y ...) `(x ,y ... ,@(list y ...)))', '(m a 1 2)', "($cons 'a ($cons 1 ($cons 2 ($list 1 2))))"],
  ["((_ _ x _) 'x)", '(m 1 2 3)', '2'],
] as const;

describe('rules', () => {
  test.each(TRANSCRIPTS)('%s: %s', (rules, use, core) => {
    expect(coreOf(`(define-syntax m (syntax-rules () ${rules})) ${use}`)).toBe(core);
  });
});

type Row = readonly [program: string, core: string, setting?: Setting];

const PROGRAMS: readonly Row[] = [
  // Literals match by what they mean.
  [
    "(define-syntax m (syntax-rules (to) ((_ a to b) '(a b)) ((_ a b c) 'no))) (list (m 1 to 2) (let ((to 5)) (m 1 to 2)))",
    "($list '(1 2) (let ((to 5)) 'no))",
  ],
  [
    '(define-syntax m (syntax-rules (car) ((_ car) 1) ((_ x) 2))) (list (m car) (let ((car 3)) (m car)) (m cdr))',
    '($list 1 (let ((car 3)) 2) 2)',
  ],
  ["(define-syntax m (syntax-rules (...) ((_ ...) 'dots) ((_ x) 'x))) (list (m ...) (m 1))", "($list 'dots 1)"],
  ["(define-syntax m (syntax-rules (_) ((m _) 'blank) ((m x) 'x))) (list (m _) (m 1))", "($list 'blank 1)"],
  ["(define-syntax m (syntax-rules ::: (x) ((_ x n :::) '(n ::: ...)))) (m x 1 2)", "'(1 2 ...)"],
  [
    '(define-syntax m (syntax-rules (else) ((_ (else e)) e) ((_ (c e) r ...) (if c e (m r ...))))) (m (1 2) (else 3))',
    '(if 1 2 3)',
  ],
  // What a template inserts means what it meant where the macro was defined.
  [
    '(define-syntax m (syntax-rules () ((_ x) (list x)))) (let ((list vector)) (m 1))',
    '(let ((list $vector)) ($list 1))',
  ],
  [
    '(define x 1) (define-syntax m (syntax-rules () ((_) x))) (let ((x 2)) (list x (m)))',
    '(begin (define m:x 1) (let ((x 2)) ($list x m:x)))',
  ],
  [
    '(define-syntax m (syntax-rules () ((_ x) (later x)))) (m 1) (define (later x) x)',
    '(begin (m:later 1) (define m:later (lambda:later (x) x)))',
  ],
  ['(let ((x 1)) (let-syntax ((m (syntax-rules () ((_) x)))) (let ((x 2)) (m))))', '(let ((x 1)) (let ((x.2 2)) x))'],
  [
    '(define-syntax m (syntax-rules () ((_ k) (cond ((car k) => cdr) (else 1))))) (m 5)',
    '(let ((test ($car 5))) (if test ($cdr test) 1))',
  ],
  [
    '(define-syntax m (syntax-rules () ((_ a) (let ((if car)) (if a))))) (m 1)',
    '(let ((if $car)) (if 1))',
    { isR7rs: true },
  ],
  [
    '(define-syntax m (syntax-rules () ((_ a b) (or a b)))) (let ((t 5)) (m #f t))',
    '(let ((t 5)) (let ((or #f)) (if or or t)))',
  ],
  // What a template binds is its own.
  [
    '(define-syntax or2 (syntax-rules () ((_ a b) (let ((t a)) (if t t b))))) (let ((t 5) (if list)) (or2 #f t))',
    '(let ((t 5) (if $list)) (let ((t.2 #f)) (if t.2 t.2 t)))',
    { isR7rs: true },
  ],
  [
    '(define-syntax swap! (syntax-rules () ((_ a b) (let ((tmp a)) (set! a b) (set! b tmp))))) (lambda (tmp y) (swap! tmp y))',
    '(lambda (tmp y) (let ((tmp.2 tmp)) (begin (set! tmp y) (set! y tmp.2))))',
  ],
  [
    '(define-syntax m (syntax-rules () ((_ e) (lambda (x) (list x e))))) (lambda (x) (m (m x)))',
    '(lambda (x) (lambda (x.2) ($list x.2 (lambda (x.3) ($list x.3 x)))))',
  ],
  [
    '(define-syntax counter (syntax-rules () ((_ n) (begin (define hidden 0) (define (n) hidden))))) (counter a) (counter b)',
    '(begin (define m:hidden.0 0) (define m:a (lambda:a () m:hidden.0)) (define m:hidden.2 0) (define m:b (lambda:b () m:hidden.2)))',
  ],
  [
    '(define-syntax m (syntax-rules () ((_ n) (let loop ((i n)) (loop i))))) (m 3)',
    '(letrec ((loop (lambda:loop (i) (loop i)))) (loop 3))',
  ],
  [
    '(define-syntax m (syntax-rules () ((_ v e) (do ((v 0 (+ v 1)) (end e)) ((= v end)) v)))) (lambda (end) (m i end))',
    "(lambda (end) (letrec ((do (lambda:do (i end.2) (if ($= i end.2) '() (begin i (do ($+ i 1) end.2)))))) (do 0 end)))",
  ],
  // Macros that define macros.
  [
    '(define-syntax make (syntax-rules () ((_ n v) (define-syntax n (syntax-rules () ((_) v)))))) (make five 5) (five)',
    '5',
  ],
  [
    "(define-syntax make (syntax-rules () ((_ n) (define-syntax n (syntax-rules () ((_ e (... ...)) (list e (... ...) 'end))))))) (make l) (l 1 2)",
    "($list 1 2 'end)",
  ],
  [
    "(define-syntax make (syntax-rules () ((_ n) (define-syntax n (syntax-rules ::: () ((_ e :::) '(e ::: x))))))) (make l) (l 1 2)",
    "'(1 2 x)",
  ],
  [
    '(define-syntax m (syntax-rules () ((_) (let ((t 1)) (let-syntax ((n (syntax-rules () ((_ e) (list t e))))) (let ((t 2)) (n t))))))) (m)',
    '(let ((t 1)) (let ((t.2 2)) ($list t t.2)))',
  ],
  [
    '(define-syntax be (syntax-rules () ((_ name) (define-syntax name (syntax-rules () ((_ expr (... ...)) (begin expr (... ...)))))))) (be sequence) (list (sequence 1 2))',
    '($list (begin 1 2))',
  ],
  // Where macros are known.
  ['(define-syntax f (syntax-rules () ((_) 1))) (let ((f car)) (f 2))', '(let ((f $car)) (f 2))'],
  ['(define-syntax f (syntax-rules () ((_) 1))) (let () (define (f) 2) (f))', '(letrec ((f (lambda:f () 2))) (f))'],
  [
    '(let-syntax ((f (syntax-rules () ((_) 1)))) (f)) (define (f) 2) (f)',
    '(begin 1 (define m:f (lambda:f () 2)) (m:f))',
  ],
  [
    '(letrec-syntax ((ev? (syntax-rules () ((_) #t) ((_ x . r) (od? . r)))) (od? (syntax-rules () ((_) #f) ((_ x . r) (ev? . r))))) (list (ev? a b) (od? a b)))',
    '($list #t #f)',
  ],
  ['(define (f) (g)) (define-syntax g (syntax-rules () ((_) 1)))', '(define m:f (lambda:f () 1))'],
  ["(define-syntax car (syntax-rules () ((_ x) 'macro))) (car 1)", "'macro"],
  ["(define-syntax when (syntax-rules () ((_ x) 'mine))) (when 1)", "'mine"],
  ['(define-syntax v (syntax-rules () ((_) 1))) (define v 2) v', '(begin (define m:v 2) m:v)'],
  // Macros that define.
  [
    '(define-syntax d (syntax-rules () ((_ n) (define n 1)))) (d a) (let () (d b) (list a b))',
    '(begin (define m:a 1) (letrec ((b 1)) ($list m:a b)))',
  ],
  [
    '(define-syntax r (syntax-rules () ((_ make get) (define-record-type rec (make v) rec? (v get))))) (r mk get) (get (mk 1))',
    "(begin (let ((rec ($%make-record-type 'rec '(v)))) (begin (define m:rec.3 rec) (define m:mk ($%record-constructor rec '(0))) (define m:rec?.1 ($%record-predicate rec)) (define m:get ($%record-accessor rec 0 'get)))) (m:get (m:mk 1)))",
  ],
];

describe('programs', () => {
  test.each(PROGRAMS.map((row) => [row] as const))('%j', ([program, core, setting]) => {
    expect(coreOf(program, setting)).toBe(core);
  });
});

/** [clauses or whole transformer, message]; the error stands alone, uses of the macro give no second one. */
const WRONG = [
  ['(define-syntax)', 'define-syntax expects (define-syntax name (syntax-rules ...))'],
  ['(define-syntax m)', 'define-syntax expects (define-syntax name (syntax-rules ...))'],
  ['(define-syntax 5 (syntax-rules ()))', 'define-syntax: name must be a symbol'],
  ['(define-syntax m 5) (m 1)', 'define-syntax: expected (syntax-rules ...)'],
  ['(define-syntax m (bar)) (m 1)', 'define-syntax: transformer must be (syntax-rules ...)'],
  ['(define-syntax m (syntax-rules)) (m 1)', 'syntax-rules: expected literal list'],
  ['(define-syntax m (syntax-rules 5)) (m 1)', 'syntax-rules: literals must be a list of symbols'],
  ['(define-syntax m (syntax-rules (5))) (m 1)', 'syntax-rules: each literal must be a symbol'],
  ['(define-syntax m (syntax-rules () 5)) (m 1)', 'syntax-rules: each clause must be a list'],
  ['(define-syntax m (syntax-rules () . 5)) (m 1)', 'syntax-rules: each clause must be a list'],
  ['(define-syntax m (syntax-rules () ((a) 1 2))) (m 1)', 'syntax-rules: clause must be (pattern template)'],
  ['(define-syntax m (syntax-rules () (a 1))) (m 1)', 'syntax-rules: pattern must be a list'],
  ['(define-syntax m (syntax-rules () (() 1))) (m 1)', 'syntax-rules: pattern must not be empty'],
  ['(define-syntax m (syntax-rules () ((_ a ... b ...) 1))) (m 1)', 'syntax-rules: multiple ellipses in pattern'],
  ['(define-syntax m (syntax-rules () ((_ a ... ...) 1))) (m 1)', 'syntax-rules: multiple ellipses in pattern'],
  ['(define-syntax m (syntax-rules () ((_ ...) 1))) (m 1)', 'syntax-rules: ellipsis without preceding pattern'],
  ['(define-syntax m (syntax-rules () ((_ a . ...) 1))) (m 1)', 'syntax-rules: ellipsis without preceding pattern'],
  ['(define-syntax m (syntax-rules () ((_ a a) 1))) (m 1)', 'syntax-rules: duplicate pattern variable: a'],
  ['(define-syntax m (syntax-rules () ((_ a) (... a a)))) (m 1)', 'syntax-rules: ellipsis without preceding template'],
  [
    '(define-syntax m (syntax-rules () ((_ a) (list a ...)))) (m 1)',
    'syntax-rules: nothing to repeat before ellipsis in template',
  ],
  [
    '(define-syntax m (syntax-rules () ((_ a ...) a))) (m 1)',
    'syntax-rules: ellipsis variable used outside ellipsis context: a',
  ],
  [
    '(define-syntax m (syntax-rules () ((_ (a ...) ...) (a ...)))) (m 1)',
    'syntax-rules: ellipsis variable used outside ellipsis context: a',
  ],
  [
    "(define-syntax m (syntax-rules () ((_ (a ...) (b ...)) '((a b) ...)))) (m (1 2) (3))",
    'syntax-rules: ellipsis variables match different numbers of forms',
  ],
  ['(define-syntax m (syntax-rules () ((_ a) 1))) (m)', 'no matching clause for macro: m'],
  ['(define-syntax m (syntax-rules () ((_ a) 1))) (m 1 2)', 'no matching clause for macro: m'],
  ['(define-syntax m (syntax-rules () ((_ a) 1))) (list m)', 'Undefined symbol: m'],
  ['(define-syntax m (syntax-rules () ((_ a) 1))) (set! m 1)', 'Undefined symbol: m'],
  ['(let-syntax 5 1)', 'let-syntax expects bindings and body'],
  ['(let-syntax ((5 1)) 1)', 'let-syntax: name must be a symbol'],
  ['(let-syntax ((m 1) (m 1)) 1)', 'duplicate binding: m'],
  ['(let-syntax ((m 1)) (m))', 'define-syntax: expected (syntax-rules ...)'],
  ['(list (define-syntax m 5))', 'define-syntax: expected (syntax-rules ...)'],
] as const;

describe('errors', () => {
  test.each(WRONG)('%s: %s', (program, message) => {
    expect(findingsOf(program).map((finding) => finding.replace(/^\S+ \S+ /, ''))).toEqual([message]);
  });
});

test('what a template makes has the span of the use; what the user wrote keeps its own', () => {
  const program = '(define-syntax m (syntax-rules () ((_ x) (list nope x))))\n  (m nowhere)';
  expect(findingsOf(program)).toEqual([
    '2:3 UndefinedName Undefined symbol: nope',
    '2:6 UndefinedName Undefined symbol: nowhere',
  ]);
});
