;;; R7RS 4.1–4.2: primitive and derived expression types.

(define x 28)
(define radix (make-parameter 10 (lambda (x) (if (and (exact-integer? x) (<= 2 x 16)) x (error "invalid radix")))))
(define (radix-text n) (number->string n (radix)))
(define-values (base-quotient base-remainder . base-rest) (values 7 2 'x 'y))
(define range (case-lambda ((e) (range 0 e)) ((b e) (do ((r '() (cons e r)) (e (- e 1) (- e 1))) ((< e b) r)))))
(define plus (case-lambda (() 0) ((x) x) ((x y) (+ x y)) ((x y z . rest) (apply plus (plus x y) z rest))))
(define count 0)
(define p (delay (begin (set! count (+ count 1)) (if (> count x5) count (force p)))))
(define x5 5)
(define integers (letrec ((next (lambda (n) (delay (cons n (next (+ n 1))))))) (next 0)))
(define (stream-head s) (car (force s)))
(define (stream-tail s) (cdr (force s)))
(define (stream-filter p? s)
  (delay-force
   (if (null? (force s))
       (delay '())
       (let ((h (car (force s))) (t (cdr (force s))))
         (if (p? h) (delay (cons h (stream-filter p? t))) (stream-filter p? t))))))
(define (stream-loop n) (if (= n 0) (delay 'done) (delay-force (stream-loop (- n 1)))))
(define-syntax be-like-begin
  (syntax-rules () ((be-like-begin name) (define-syntax name (syntax-rules () ((name expr (... ...)) (begin expr (... ...))))))))
(be-like-begin sequence)
---

;; 4.1.1 variable references, 4.1.2 literals
x ⇒ 28
(quote a) ⇒ a
(quote #(a b c)) ⇒ #(a b c)
(quote (+ 1 2)) ⇒ (+ 1 2)
'"abc" ⇒ "abc"
"abc" ⇒ "abc"
'145932 ⇒ 145932
145932 ⇒ 145932
'#t ⇒ #t
#t ⇒ #t
#true ⇒ #t
#false ⇒ #f
'#\a ⇒ #\a
#(a 10) ⇒ #(a 10)
#u8(64 65) ⇒ #u8(64 65)
#() ⇒ #()
''a ⇒ (quote a)
'() ⇒ ()

;; 4.1.3 procedure calls
(+ 3 4) ⇒ 7
((if #f + *) 3 4) ⇒ 12

;; 4.1.4 lambda
((lambda (x) (+ x x)) 4) ⇒ 8
(let ((reverse-subtract (lambda (x y) (- y x)))) (reverse-subtract 7 10)) ⇒ 3
(let ((add4 (let ((x 4)) (lambda (y) (+ x y))))) (add4 6)) ⇒ 10
((lambda x x) 3 4 5 6) ⇒ (3 4 5 6)
((lambda (x y . z) z) 3 4 5 6) ⇒ (5 6)
((lambda (x y . z) z) 3 4) ⇒ ()
((lambda args args)) ⇒ ()
((lambda (if) (+ if 1)) 2) ⇒ 3
(procedure? (lambda () 1)) ⇒ #t

;; 4.1.5 if
(if (> 3 2) 'yes 'no) ⇒ yes
(if (> 2 3) 'yes 'no) ⇒ no
(if (> 3 2) (- 3 2) (+ 3 2)) ⇒ 1
(if '() 'yes 'no) ⇒ yes
(begin (if #f #f) 'ok) ⇒ ok

;; 4.1.6 set!
(let ((x 2)) (+ x 1) (set! x 4) (+ x 1)) ⇒ 5
(let ((n 0)) (let ((inc! (lambda () (set! n (+ n 1))))) (inc!) (inc!) n)) ⇒ 2

;; 4.2.1 cond, case, and, or, when, unless, cond-expand
(cond ((> 3 2) 'greater) ((< 3 2) 'less)) ⇒ greater
(cond ((> 3 3) 'greater) ((< 3 3) 'less) (else 'equal)) ⇒ equal
(cond ((assv 'b '((a 1) (b 2))) => cadr) (else #f)) ⇒ 2
(cond (#f 1) (2)) ⇒ 2
(cond ((values 1) => (lambda (x) (+ x 1))) (else 3)) ⇒ 2
(cond (#f => car) (else 'none)) ⇒ none
(let ((=> #f)) (cond (#t => 'ok))) ⇒ ok
(let ((else #f)) (cond (else 'a) (#t 'b))) ⇒ b
(cond (1 2 3)) ⇒ 3
(case (* 2 3) ((2 3 5 7) 'prime) ((1 4 6 8 9) 'composite)) ⇒ composite
(case (car '(c d)) ((a e i o u) 'vowel) ((w y) 'semivowel) (else => (lambda (x) x))) ⇒ c
(case 'w ((a e i o u) => (lambda (x) (list 'vowel x))) ((w y) => (lambda (x) (list 'semi x))) (else 'no)) ⇒ (semi w)
(case #\a ((#\a #\b) 1) (else 2)) ⇒ 1
(case 2.0 ((2) 'exact) ((2.0) 'inexact) (else 'none)) ⇒ inexact
(case "a" (("a") 'eq) (else 'other)) ⇒ eq
(case '() ((()) 'nil) (else 'no)) ⇒ nil
(case 1 ((1) 'a 'b 'c)) ⇒ c
(case 1 (else 'a 'b)) ⇒ b
(let ((n 0)) (case (begin (set! n (+ n 1)) n) ((0) 'zero) ((2) 'two) ((1) (list n)))) ⇒ (1)
(and (= 2 2) (> 2 1)) ⇒ #t
(and (= 2 2) (< 2 1)) ⇒ #f
(and 1 2 'c '(f g)) ⇒ (f g)
(and) ⇒ #t
(or (= 2 2) (> 2 1)) ⇒ #t
(or (= 2 2) (< 2 1)) ⇒ #t
(or #f #f #f) ⇒ #f
(or (memq 'b '(a b c)) (/ 3 0)) ⇒ (b c)
(or) ⇒ #f
(or 1) ⇒ 1
(when (> 2 1) 1 2 3) ⇒ 3
(unless (> 1 2) 1 2 3) ⇒ 3
(let ((out '())) (when #f (set! out 1)) (unless #t (set! out 1)) out) ⇒ ()
(cond-expand (r7rs 'r7rs) (else 'other)) ⇒ r7rs
(cond-expand ((and r7rs (not no-such-feature)) 1) (else 2)) ⇒ 1
(cond-expand ((or no-such-feature r7rs) 1) (else 2)) ⇒ 1
(cond-expand ((library (scheme base)) 'yes) (else 'no)) ⇒ yes
(cond-expand ((library (no such library)) 'yes) (else 'no)) ⇒ no
(cond-expand (no-such-feature 1) (else 2 3)) ⇒ 3
(cond-expand ((and) 1) (else 2)) ⇒ 1
(cond-expand ((or) 1) (else 2)) ⇒ 2
(cond-expand (full-unicode 'yes) (else 'no)) ⇒ yes

;; 4.2.2 binding constructs
(let ((x 2) (y 3)) (* x y)) ⇒ 6
(let ((x 2) (y 3)) (let ((x 7) (z (+ x y))) (* z x))) ⇒ 35
(let ((x 2) (y 3)) (let* ((x 7) (z (+ x y))) (* z x))) ⇒ 70
(let* () 5) ⇒ 5
(let () (define a 1) (define b (+ a 1)) b) ⇒ 2
(let* ((x 1) (x (+ x 1)) (x (* x 10))) x) ⇒ 20
(letrec ((even? (lambda (n) (if (zero? n) #t (odd? (- n 1))))) (odd? (lambda (n) (if (zero? n) #f (even? (- n 1)))))) (even? 88)) ⇒ #t
(letrec* ((p (lambda (x) (+ 1 (q (- x 1))))) (q (lambda (y) (if (zero? y) 0 (+ 1 (p (- y 1)))))) (x (p 5)) (y x)) y) ⇒ 5
(letrec* ((means (lambda () (+ a 1))) (a 1) (b (means))) b) ⇒ 2
(let-values (((root rem) (exact-integer-sqrt 32))) (* root rem)) ⇒ 35
(let ((a 'a) (b 'b) (x 'x) (y 'y)) (let*-values (((a b) (values x y)) ((x y) (values a b))) (list a b x y))) ⇒ (x y x y)
(let ((a 'a) (b 'b) (x 'x) (y 'y)) (let-values (((a b) (values x y)) ((x y) (values a b))) (list a b x y))) ⇒ (x y a b)
(let-values (((a . rest) (values 1 2 3)) (all (values 4 5)) ((b) 6)) (list a rest all b)) ⇒ (1 (2 3) (4 5) 6)
(let-values () 1) ⇒ 1
(let*-values (((a b) (values 1 2)) ((c) (+ a b)) (d (values c))) (list a b c d)) ⇒ (1 2 3 (3))
(let-values (((a b c) (values 1 2 3))) (define d 4) (+ a b c d)) ⇒ 10

;; 4.2.3 begin
(let ((x 0)) (and (= x 0) (begin (set! x 5) (+ x 1)))) ⇒ 6
(begin 1 2 3) ⇒ 3

;; 4.2.4 do, named let
(do ((vec (make-vector 5)) (i 0 (+ i 1))) ((= i 5) vec) (vector-set! vec i i)) ⇒ #(0 1 2 3 4)
(let ((x '(1 3 5 7 9))) (do ((x x (cdr x)) (sum 0 (+ sum (car x)))) ((null? x) sum))) ⇒ 25
(do ((i 0 (+ i 1)) (l '() (cons (lambda () i) l))) ((= i 3) (map (lambda (f) (f)) l))) ⇒ (2 1 0)
(let loop ((numbers '(3 -2 1 6 -5)) (nonneg '()) (neg '()))
  (cond ((null? numbers) (list nonneg neg))
        ((>= (car numbers) 0) (loop (cdr numbers) (cons (car numbers) nonneg) neg))
        ((< (car numbers) 0) (loop (cdr numbers) nonneg (cons (car numbers) neg))))) ⇒ ((6 1 3) (-5 -2))
(let loop () 5) ⇒ 5
(let f ((f 1)) f) ⇒ 1

;; 4.2.5 delay, delay-force, force, make-promise, promise?
(force (delay (+ 1 2))) ⇒ 3
(let ((p (delay (+ 1 2)))) (list (force p) (force p))) ⇒ (3 3)
(stream-head (stream-tail (stream-tail integers))) ⇒ 2
(stream-head (stream-tail (stream-tail (stream-filter odd? integers)))) ⇒ 5
(force (stream-loop 100000)) ⇒ done
(list (promise? p) (force p)) ⇒ (#t 6)
(begin (set! x5 10) (force p)) ⇒ 6
(promise? (delay 1)) ⇒ #t
(promise? 1) ⇒ #f
(promise? (make-promise 1)) ⇒ #t
(force (make-promise 5)) ⇒ 5
(let ((q (delay 3))) (eq? q (make-promise q))) ⇒ #t
(force 7) ⇒ 7
(let ((n 0)) (let ((p (delay (begin (set! n (+ n 1)) n)))) (force p) (force p) n)) ⇒ 1
(force (delay-force (delay-force (delay 'deep)))) ⇒ deep
(letrec ((r (delay (begin (display "") (set! k (+ k 1)) (force s)))) (s (delay k)) (k 0)) (list (force r) k)) ⇒ (1 1)
(force (make-promise (list 1 2))) ⇒ (1 2)
(call-with-values (lambda () (force (delay (values 1)))) list) ⇒ (1)

;; 4.2.6 make-parameter, parameterize
(radix-text 12) ⇒ "12"
(parameterize ((radix 2)) (radix-text 12)) ⇒ "1100"
(parameterize ((radix 0)) (radix-text 12)) ⇒ error: "invalid radix"
(radix) ⇒ 10
(let ((p (make-parameter 1))) (parameterize ((p 2)) (p))) ⇒ 2
(let ((p (make-parameter 1))) (parameterize ((p 2)) #f) (p)) ⇒ 1
(let ((n 0)) (let ((p (make-parameter 1 (lambda (x) (set! n (+ n 1)) (* x 2))))) (list (p) (parameterize ((p 10)) (p)) (p) n))) ⇒ (2 20 2 2)
(let ((a (make-parameter 1)) (b (make-parameter 2))) (parameterize ((a (b)) (b (a))) (list (a) (b)))) ⇒ (2 1)
(let ((p (make-parameter 0))) (list (parameterize ((p 1) (p 2)) (p)) (p))) ⇒ (2 0)
(guard (e (#t 'refused)) ((make-parameter 1) 2)) ⇒ refused
(let ((p (make-parameter 0)) (k #f) (seen '()))
  (parameterize ((p 1)) (call/cc (lambda (c) (set! k c))) (set! seen (cons (p) seen)))
  (set! seen (cons (p) seen))
  (if (< (length seen) 4) (k 'again) (reverse seen))) ⇒ (1 0 1 0)
(let ((p (make-parameter 1))) (guard (e (#t (p))) (parameterize ((p 2)) (raise 'out)))) ⇒ 1
(parameterize () 5) ⇒ 5
(let ((p (make-parameter 5))) (define (get) (p)) (parameterize ((p 6)) (define y (get)) y)) ⇒ 6

;; 4.2.7 guard
(guard (condition ((assq 'a condition) => cdr) ((assq 'b condition))) (raise (list (cons 'a 42)))) ⇒ 42
(guard (condition ((assq 'a condition) => cdr) ((assq 'b condition))) (raise (list (cons 'b 23)))) ⇒ (b . 23)
(guard (e (#f 'no)) 'fine) ⇒ fine
(guard (e ((symbol? e) (list 'sym e)) ((string? e) (list 'str e))) (raise 'boom)) ⇒ (sym boom)
(guard (e ((symbol? e) (list 'sym e)) ((string? e) (list 'str e))) (raise "boom")) ⇒ (str "boom")
(guard (e ((string? e) 'outer)) (guard (e2 ((symbol? e2) 'inner)) (raise "x"))) ⇒ outer
(guard (e (else 'else)) (raise 1)) ⇒ else
(with-exception-handler (lambda (e) 42) (lambda () (guard (e2 ((string? e2) 'no)) (+ (raise-continuable 'x) 1)))) ⇒ 43
(let ((trace '()))
  (define (note x) (set! trace (cons x trace)))
  (guard (e (#t (note 'caught)))
    (dynamic-wind (lambda () (note 'in)) (lambda () (raise 'x)) (lambda () (note 'out))))
  (reverse trace)) ⇒ (in out caught)
(let ((trace '()))
  (define (note x) (set! trace (cons x trace)))
  (guard (outer (#t (note (list 'outer outer))))
    (guard (inner ((string? inner) 'never))
      (dynamic-wind (lambda () (note 'in)) (lambda () (raise 'x)) (lambda () (note 'out)))))
  (reverse trace)) ⇒ (in out in out (outer x))
(guard (e ((eq? e 'a) 1) ((eq? e 'b) 2)) (raise 'b)) ⇒ 2
(let loop ((i 0)) (if (< i 1000) (guard (e (#t #f)) (raise i)) #f) (if (< i 1000) (loop (+ i 1)) i)) ⇒ 1000
(guard (e (#t (call-with-values (lambda () (values 1 2)) +))) (raise 'x)) ⇒ 3
(call-with-values (lambda () (guard (e (#t (values 1 2))) (raise 'x))) list) ⇒ (1 2)
(call-with-values (lambda () (guard (e (#t 0)) (values 1 2))) list) ⇒ (1 2)

;; 4.2.8 quasiquotation
`(list ,(+ 1 2) 4) ⇒ (list 3 4)
(let ((name 'a)) `(list ,name ',name)) ⇒ (list a (quote a))
`(a ,(+ 1 2) ,@(map abs '(4 -5 6)) b) ⇒ (a 3 4 5 6 b)
`((foo ,(- 10 3)) ,@(cdr '(c)) . ,(car '(cons))) ⇒ ((foo 7) . cons)
`#(10 5 ,(sqrt 4) ,@(map sqrt '(16 9)) 8) ⇒ #(10 5 2 4 3 8)
(let ((foo '(foo bar)) (@baz 'baz)) `(list ,@foo , @baz)) ⇒ (list foo bar baz)
`(a `(b ,(c ,(+ 1 2)))) ⇒ (a (quasiquote (b (unquote (c 3)))))
`(a `(b ,(foo ,(+ 1 3) d) e) f) ⇒ (a (quasiquote (b (unquote (foo 4 d)) e)) f)
(let ((name1 'x) (name2 'y)) `(a `(b ,,name1 ,',name2 d) e)) ⇒ (a (quasiquote (b (unquote x) (unquote (quote y)) d)) e)
(quasiquote (list (unquote (+ 1 2)) (unquote-splicing (list 4)))) ⇒ (list 3 4)
'(quasiquote (list (unquote (+ 1 2)) 4)) ⇒ (quasiquote (list (unquote (+ 1 2)) 4))
`(1 . ,(+ 1 1)) ⇒ (1 . 2)
`(1 ,@'() 2) ⇒ (1 2)
`(,@'(1 2) . 3) ⇒ (1 2 . 3)
`,(+ 1 2) ⇒ 3
`#(,@'()) ⇒ #()
`(1 `,@(2 ,@(list 3 4))) ⇒ (1 (quasiquote (unquote-splicing (2 3 4))))
`"x" ⇒ "x"
`(#u8(1 2) #\a "s" ,@(list 1)) ⇒ (#u8(1 2) #\a "s" 1)
`(1 . (2 3 ,(+ 2 2))) ⇒ (1 2 3 4)
`(,@(list 1 2) ,@(list 3)) ⇒ (1 2 3)

;; 4.2.9 case-lambda
(range 3) ⇒ (0 1 2)
(range 3 5) ⇒ (3 4)
(list (plus) (plus 1) (plus 1 2) (plus 1 2 3) (plus 1 2 3 4)) ⇒ (0 1 3 6 10)
((case-lambda ((x) 'one) (rest (cons 'many rest))) 1 2) ⇒ (many 1 2)
((case-lambda ((x . r) (list x r)) (() 'none))) ⇒ none
(procedure? plus) ⇒ #t

;; 5.3.3 define-values
(list base-quotient base-remainder base-rest) ⇒ (7 2 (x y))
(let () (define-values (x y) (exact-integer-sqrt 17)) (list x y)) ⇒ (4 1)
(let () (define-values (x . y) (values 1 2 3)) (list x y)) ⇒ (1 (2 3))
(let () (define-values all (values 1 2)) all) ⇒ (1 2)
(let () (define-values (a b) (values 1 2)) (define c (+ a b)) (define-values (d) (values (* c 2))) (list a b c d)) ⇒ (1 2 3 6)
(let () (define-values () (values)) 'none) ⇒ none

;; 5.3.2 internal definitions
(let ((x 5)) (define foo (lambda (y) (bar x y))) (define bar (lambda (a b) (+ (* a b) a))) (foo (+ x 3))) ⇒ 45
(let () (define (f x) (* x 2)) (begin (define y 1) (define z 2)) (f (+ y z))) ⇒ 6
(let ((x 1)) (define-syntax m (syntax-rules () ((_ e) (+ e x)))) (define x 10) (m 1)) ⇒ 11

(sequence 1 2 3 4) ⇒ 4
