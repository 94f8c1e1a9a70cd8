// What each form expands to. Notation: tests/support/core-text.ts.

import { describe, expect, test } from 'vitest';
import { coreOf, type Setting } from '../support/expansion.ts';

type Row = readonly [program: string, core: string, setting?: Setting];

const BASIC: readonly Row[] = [
  ['', "'()"],
  ['()', "'()"],
  ['5 "s" #t #\\a #(1 x) #u8(1)', '(begin 5 "s" #t #\\a #(1 x) #u8(1))'],
  ["'(a . (b c))", "'(a b c)"],
  ["''a", "'(quote a)"],
  ['(quote 5)', '5'],
  ['(if 1 2)', "(if 1 2 '())"],
  ['(if 1 2 3)', '(if 1 2 3)'],
  ['(list (begin) (progn 1 2))', "($list '() (begin 1 2))"],
  ['(lambda x x)', '(lambda x x)'],
  ['(lambda (a b . c) c a)', '(lambda (a b . c) (begin c a))'],
  ['((lambda (x) x) 5)', '((lambda (x) x) 5)'],
  ['(lambda (x) (set! x 1))', '(lambda (x) (set! x 1))'],
  ['(define f (lambda () 1)) (f)', '(begin (define m:f (lambda:f () 1)) (m:f))'],
  ['(define x 1) (set! x (lambda () x))', '(begin (define m:x 1) (set! m:x (lambda:x () m:x)))'],
  ['(define (car x) x) (car 1)', '(begin (define m:car (lambda:car (x) x)) (m:car 1))'],
  ['(f) (define (f) 1)', '(begin (m:f) (define m:f (lambda:f () 1)))'],
  ['(define x 1) (define x 2)', '(begin (define m:x 1) (define m:x 2))'],
  ['(def x 1) (def (f . r) r)', '(begin (define m:x 1) (define m:f (lambda:f r r)))'],
  ['(defun f (a) a) (defun g all all)', '(begin (define m:f (lambda:f (a) a)) (define m:g (lambda:g all all)))'],
  ['(begin (define a 1) (begin (progn (define b a))))', '(begin (define m:a 1) (define m:b m:a))'],
  ['((if #t car cdr) 1)', '((if #t $car $cdr) 1)'],
];

const BINDING: readonly Row[] = [
  ['(let ((x 1) (y 2)) x y)', '(let ((x 1) (y 2)) (begin x y))'],
  ['(let () 1)', '1'],
  ['(let ((x 1)) (let ((x x)) x))', '(let ((x 1)) (let ((x.2 x)) x.2))'],
  ['(let ((f (lambda () 1))) (f))', '(let ((f (lambda:f () 1))) (f))'],
  ['(let* ((x 1) (x x)) x)', '(let ((x 1)) (let ((x.2 x)) x.2))'],
  ['(let* () 1)', '1'],
  ['(letrec ((f (lambda () (g))) (g (lambda () 1))) (f))', '(letrec ((f (lambda:f () (g))) (g (lambda:g () 1))) (f))'],
  ['(letrec* () 1 2)', '(begin 1 2)'],
  ['(letrec* ((a 1) (b a)) b)', '(letrec ((a 1) (b a)) b)'],
  ['(let loop ((i 0)) (loop i))', '(letrec ((loop (lambda:loop (i) (loop i)))) (loop 0))'],
  ['(let f ((g f)) g)', '(letrec ((f (lambda:f (g) g))) (f f))'],
  [
    '(do ((i 0 (+ i 1)) (k 9)) ((= i 3)) (display k))',
    "(letrec ((do (lambda:do (i k) (if ($= i 3) '() (begin ($display k) (do ($+ i 1) k)))))) (do 0 9))",
  ],
  ['(do () (#t 1 2))', '(letrec ((do (lambda:do () (if #t (begin 1 2) (do))))) (do))'],
  ['(let ((do 1)) do)', '(let ((do 1)) do)', { isR7rs: true }],
];

const CONDITIONALS: readonly Row[] = [
  ['(cond (1 2) (3 4 5) (else 6 7))', '(if 1 2 (if 3 (begin 4 5) (begin 6 7)))'],
  ['(cond (#f 1))', "(if #f 1 '())"],
  ['(cond ((car 1)) (else 2))', '(let ((or ($car 1))) (if or or 2))'],
  ['(cond ((car 1) => cdr))', "(let ((test ($car 1))) (if test ($cdr test) '()))"],
  ['(let ((=> 5)) (cond (#t => 1)))', "(let ((=> 5)) (if #t (begin => 1) '()))"],
  ['(let ((else #f)) (cond (else 1)))', "(let ((else #f)) (if else 1 '()))"],
  [
    '(case (car 1) ((1 a) 2) ((#\\c "s") 3) (else 4))',
    '(let ((key ($car 1))) (if (if ($eqv? key 1) #t ($eqv? key \'a)) 2 (if (if ($eqv? key #\\c) #t ($eqv? key "s")) 3 4)))',
  ],
  ['(case 1)', "(let ((key 1)) '())"],
  ['(case 1 ((1) => car) (else => cdr))', '(let ((key 1)) (if ($eqv? key 1) ($car key) ($cdr key)))'],
  ['(and)', '#t'],
  ['(and 1)', '1'],
  ['(and 1 2 3)', '(if 1 (if 2 3 #f) #f)'],
  ['(or)', '#f'],
  ['(or 1)', '1'],
  ['(or 1 2 3)', '(let ((or 1)) (if or or (let ((or.2 2)) (if or.2 or.2 3))))'],
  ['(when 1 2 3)', "(if 1 (begin 2 3) '())"],
  ['(when 1)', "(if 1 '() '())"],
  ['(unless 1 2)', "(if 1 '() 2)"],
];

const QUASIQUOTE: readonly Row[] = [
  ['`a', "'a"],
  ['`(1 #(2) ("s"))', '\'(1 #(2) ("s"))'],
  ['`,car', '$car'],
  ['`(a ,car)', "($cons 'a ($cons $car '()))"],
  ['`(,car a b . c)', "($cons $car '(a b . c))"],
  ['`(a . ,car)', "($cons 'a $car)"],
  ['`(,@car)', '$car'],
  ['`(,@car ,@cdr b)', "($append $car ($append $cdr '(b)))"],
  ['`(1 ,@car . ,cdr)', '($cons 1 ($append $car $cdr))'],
  ['`#(a ,car)', "($list->vector ($cons 'a ($cons $car '())))"],
  ["`('a ,car)", "($cons '(quote a) ($cons $car '()))"],
  [
    '`(a `(b ,(c ,car)))',
    "($cons 'a ($cons ($cons 'quasiquote ($cons ($cons 'b ($cons ($cons 'unquote ($cons ($cons 'c ($cons $car '())) '())) '())) '())) '()))",
  ],
  ['`(a `(b ,@(c)))', "'(a (quasiquote (b (unquote-splicing (c)))))"],
  ['(quasiquote (a (unquote car)))', "($cons 'a ($cons $car '()))"],
  ['(let ((unquote car)) `(a ,b))', "(let ((unquote $car)) '(a (unquote b)))", { isR7rs: true }],
  ['`(,car ,car ,car ,car ,car ,car ,car ,car ,car)', '($list $car $car $car $car $car $car $car $car $car)'],
  [
    '`(,car ,car ,car ,car ,car ,car ,car ,car ,car x)',
    "($append ($list $car $car $car $car $car $car $car $car $car) '(x))",
  ],
];

const CONTROL: readonly Row[] = [
  ['(apply + 1 car)', '($%apply 1 $car $+)'],
  ['(let ((apply 1)) (apply))', '(let ((apply 1)) (apply))'],
  ['(call/cc car)', '($call/cc $car)'],
  ['(call-with-current-continuation car)', '($call-with-current-continuation $car)'],
  ['(dynamic-wind 1 2 3)', '($dynamic-wind 1 2 3)'],
  ['(values) (values 1 2)', '(begin ($values) ($values 1 2))'],
  ['(call-with-values 1 2)', '($call-with-values 1 2)'],
  ['(list values call/cc apply dynamic-wind)', '($list $values $call/cc $apply $dynamic-wind)'],
  ["(raise 'tag (car 1))", "($%raise 'tag ($car 1))"],
  ["(raise 'tag)", "($%raise-untagged 'tag)"],
  ["(catch 'tag 1 2)", '(catch tag (begin 1 2))'],
  ["(catch 'a)", "(catch * 'a)"],
  ["(catch '(a) 1)", "(catch * (begin '(a) 1))"],
  ['(catch 1 2)', '(catch * (begin 1 2))'],
  ['(catch (define x 1) x)', '(catch * (letrec ((x 1)) x))'],
  ['(logic-var) (trail-mark)', '(begin ($%logic-var) ($%trail-mark))'],
  ['(unify 1 2) (deref-lvar 1)', '(begin ($%unify 1 2) ($%deref-lvar 1))'],
  ['(unwind-trail 1) (copy-term 1)', '(begin ($%unwind-trail 1) ($%copy-term 1))'],
  ['(lambda (x) (eval x))', '(lambda (x) (eval x))'],
  [
    '(eval 1 2) (map* eval) (define (map* f) f)',
    '(begin ($eval 1 2) (m:map* $eval) (define m:map* (lambda:map* (f) f)))',
  ],
  ['(let ((eval car)) (eval 1))', '(let ((eval $car)) (eval 1))'],
];

const BODIES: readonly Row[] = [
  ['(lambda () (define a 1) (define (b) a) (b))', '(lambda () (letrec ((a 1) (b (lambda:b () a))) (b)))'],
  [
    '(lambda () (define a 1) (display a) (define b 2) a b)',
    '(lambda () (letrec ((a 1) (_ ($display a)) (b 2)) (begin a b)))',
  ],
  ['(let () (begin (def a 1) (begin (defun b () a))) (b))', '(letrec ((a 1) (b (lambda:b () a))) (b))'],
  ['(define (f x) (define x 2) x)', '(define m:f (lambda:f (x) (letrec ((x.2 2)) x.2)))'],
  ['(let () (f) (define (f) 1) (f))', '(letrec ((_ (f)) (f (lambda:f () 1))) (f))'],
  ['(let () (define-syntax k (syntax-rules () ((_) 1))) (k))', '1'],
  ['(let () (define-syntax k (syntax-rules () ((_) 1))))', "'()"],
  [
    '(let () (define-values (a . b) (values 1 2)) b)',
    '(letrec ((values ($call-with-values (lambda () ($values 1 2)) (lambda (a.2 . b.2) ($vector a.2 b.2)))) (a ($vector-ref values 0)) (b ($vector-ref values 1))) b)',
  ],
  [
    '(let () (define-record-type t (mk) t?) (mk))',
    "(letrec ((t ($%make-record-type 't '())) (t.2 t) (mk ($%record-constructor t '())) (t? ($%record-predicate t))) (mk))",
  ],
  ['(when 1 (define-syntax k (syntax-rules () ((_) 2))) (k))', "(if 1 2 '())"],
];

const RECORDS: readonly Row[] = [
  [
    '(define-record-type pt (mk x y) pt? (x px) (y py set-py!))',
    "(let ((pt ($%make-record-type 'pt '(x y)))) (begin (define m:pt pt) (define m:mk ($%record-constructor pt '(0 1))) (define m:pt? ($%record-predicate pt)) (define m:px ($%record-accessor pt 0 'px)) (define m:py ($%record-accessor pt 1 'py)) (define m:set-py! ($%record-modifier pt 1 'set-py!))))",
  ],
  [
    '(define-record-type car (mk b) p? (a get-a) (b get-b))',
    "(let ((car ($%make-record-type 'car '(b a)))) (begin (define m:mk ($%record-constructor car '(0))) (define m:p? ($%record-predicate car)) (define m:get-a ($%record-accessor car 1 'get-a)) (define m:get-b ($%record-accessor car 0 'get-b))))",
  ],
  [
    '(define-record-type (t) t #f (a t-a))',
    "(let ((t ($%make-record-type 't '(a)))) (begin (define m:t ($%record-constructor t '(0))) (define m:t-a ($%record-accessor t 0 't-a))))",
  ],
  [
    '(define-record-type t #f t? (a t-a))',
    "(let ((t ($%make-record-type 't '(a)))) (begin (define m:t t) (define m:t? ($%record-predicate t)) (define m:t-a ($%record-accessor t 0 't-a))))",
  ],
  [
    '(define t 1) (define-record-type t (mk) t?)',
    "(begin (define m:t 1) (let ((t ($%make-record-type 't '()))) (begin (define m:mk ($%record-constructor t '())) (define m:t? ($%record-predicate t)))))",
  ],
  [
    '(define-record-type car (mk) p?)',
    "(let ((car ($%make-record-type 'car '()))) (begin (define m:car car) (define m:mk ($%record-constructor car '())) (define m:p? ($%record-predicate car))))",
    { isR7rs: true },
  ],
];

const R7RS: readonly Row[] = [
  [
    '(let-values (((a b) 1) (c 2)) (list a b c))',
    '($call-with-values (lambda () 1) (lambda (a b) ($call-with-values (lambda () 2) (lambda c ($list a b c)))))',
  ],
  [
    '(let ((a 1)) (let-values (((a) 2) ((b) a)) b))',
    '(let ((a 1)) ($call-with-values (lambda () 2) (lambda (a.2) ($call-with-values (lambda () a) (lambda (b) b)))))',
  ],
  [
    '(let ((a 1)) (let*-values (((a) 2) ((b) a)) b))',
    '(let ((a 1)) ($call-with-values (lambda () 2) (lambda (a.2) ($call-with-values (lambda () a.2) (lambda (b) b)))))',
  ],
  ['(let-values () 1)', '1'],
  ['(receive (a . r) 1 r)', '($call-with-values (lambda () 1) (lambda (a . r) r))'],
  [
    '(define-values (a b) 1) (define-values all 2)',
    '(begin (let ((values ($call-with-values (lambda () 1) (lambda (a b) ($vector a b))))) (begin (define m:a ($vector-ref values 0)) (define m:b ($vector-ref values 1)))) (let ((values.2 ($call-with-values (lambda () 2) (lambda all ($vector all))))) (define m:all ($vector-ref values.2 0))))',
  ],
  ['(parameterize ((car 1) (cdr 2)) 3)', '($%with-parameters ($list ($cons $car 1) ($cons $cdr 2)) (lambda () 3))'],
  ['(parameterize () (define a 1) a)', '($%with-parameters ($list) (lambda () (letrec ((a 1)) a)))'],
  ['(guard (e ((car e) 1)) 2)', '($%guard (lambda (e reraise) (if ($car e) 1 (reraise))) (lambda () 2))'],
  ['(guard (e (else e)) 1 2)', '($%guard (lambda (e reraise) e) (lambda () (begin 1 2)))'],
  ['(guard (e) 1)', '($%guard (lambda (e reraise) (reraise)) (lambda () 1))'],
  ['(delay 1)', '($%make-promise #f (lambda () ($%make-promise #t 1)))'],
  ['(delay-force 1)', '($%make-promise #f (lambda () 1))'],
  ['(define f (case-lambda ((a) 1) (r r)))', '(define m:f ($%case-lambda (lambda:f (a) 1) (lambda:f r r)))'],
  ['(cond-expand (nope 1) ((and r7rs (not nope) (or nope full-unicode)) 2))', '2'],
  ['(cond-expand ((library (a b)) 1) ((library (c 1)) 2) (else 3))', '2', { libraries: ['c.1'] }],
  ['(list (cond-expand (nope 1) (else 2 3)) (cond-expand (nope 1)))', "($list (begin 2 3) '())"],
  ['(cond-expand (eta (define x 1)) (else)) x', '(begin (define m:x 1) m:x)'],
  ['(let ((if car) (define 1)) (if define))', '(let ((if $car) (define 1)) (if define))', { isR7rs: true }],
  ['(let loop ((loop 1)) loop)', '(letrec ((loop (lambda:loop (loop.2) loop.2))) (loop 1))', { isR7rs: true }],
  ['(define (guard x) x) (guard 1)', '(begin (define m:guard (lambda:guard (x) x)) (m:guard 1))'],
];

const TABLES = { BASIC, BINDING, CONDITIONALS, QUASIQUOTE, CONTROL, BODIES, RECORDS, R7RS };

describe.each(Object.entries(TABLES))('%s', (_name, table) => {
  test.each(table.map((row) => [row] as const))('%j', ([program, core, setting]) => {
    expect(coreOf(program, setting)).toBe(core);
  });
});

test('a quasiquoted list may be long', () => {
  const elements = Array.from({ length: 5000 }, () => ',car').join(' ');
  expect(coreOf(`\`(${elements})`)).toHaveLength('($list)'.length + 5000 * ' $car'.length);
});
