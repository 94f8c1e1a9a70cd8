;;; R7RS 4.3: macros.

(define-syntax my-or (syntax-rules () ((my-or) #f) ((my-or e) e) ((my-or e1 e2 ...) (let ((temp e1)) (if temp temp (my-or e2 ...))))))
(define-syntax swap! (syntax-rules () ((_ a b) (let ((tmp a)) (set! a b) (set! b tmp)))))
(define-syntax my-let* (syntax-rules () ((_ () b ...) (let () b ...)) ((_ ((n v) rest ...) b ...) (let ((n v)) (my-let* (rest ...) b ...)))))
(define-syntax while
  (syntax-rules () ((_ c b ...) (let lp () (when c b ... (lp))))))
(define-syntax my-if
  (syntax-rules (then else) ((_ c then t else e) (if c t e)) ((_ c t) (if c t 'none))))
(define-syntax tail-pattern (syntax-rules () ((_ a ... y z) (list 'a: a ... 'y: y 'z: z))))
(define-syntax dotted-tail (syntax-rules () ((_ a ... y . z) '((a ...) y z))))
(define-syntax vector-pattern (syntax-rules () ((_ #(a b ...)) (list a '(b ...))) ((_ x) 'other)))
(define-syntax nested (syntax-rules () ((_ ((a b ...) ...)) '((b ... a) ...))))
(define-syntax flatten2 (syntax-rules () ((_ ((a ...) ...)) '(a ... ...))))
(define-syntax my-cond
  (syntax-rules (else) ((_ (else e)) e) ((_ (c e) clause ...) (if c e (my-cond clause ...)))))
(define-syntax escaped (syntax-rules () ((_ x) '(x (... ...)))))
(define-syntax custom (syntax-rules ::: () ((_ x :::) (list x ::: '...))))
(define-syntax lit-ellipsis (syntax-rules (...) ((_ ...) 'dots) ((_ x) 'one)))
(define-syntax underscore-literal (syntax-rules (_) ((m _) 'under) ((m x) 'other)))
(define-syntax define-two (syntax-rules () ((_ a b v) (begin (define a v) (define b v)))))
(define-two first-name second-name 5)
(define-syntax define-getter (syntax-rules () ((_ name v) (begin (define hidden v) (define (name) hidden)))))
(define-getter get-a 1)
(define-getter get-b 2)
(define-syntax jabberwocky
  (syntax-rules () ((_ hatter) (begin (define march-hare 42) (define-syntax hatter (syntax-rules () ((_) march-hare)))))))
(jabberwocky mad-hatter)
(define-syntax my-list-of (syntax-rules () ((_ (x y) ...) (list (cons x y) ...))))
(define-syntax count-to-2 (syntax-rules () ((_) 0) ((_ _) 1) ((_ _ _) 2) ((_ . _) 'many)))
(define-syntax ck-string (syntax-rules () ((_ "a" e) (list 'str e)) ((_ 1 e) (list 'one e)) ((_ #\c e) (list 'chr e)) ((_ #t e) (list 'true e)) ((_ other e) 'none)))
(define-syntax kw (syntax-rules () ((_ (a (b c) ...) ...) '((a (c b) ...) ...))))
(define-syntax my-letrec
  (syntax-rules ()
    ((_ ((var init) ...) . body) (let () (define var init) ... (let () . body)))))
(define-syntax loop-until
  (syntax-rules () ((_ id init pred step result) (let loop ((id init)) (if pred result (loop step))))))
(define-syntax m-quasi (syntax-rules () ((_ a b ...) `(a ,a ,@(list b ...)))))
(define-syntax part-2 (syntax-rules () ((_ a b (m n) ... x y) (vector (list a b) (list m ...) (list n ...) (list x y))) ((_ . rest) 'other)))
(define-syntax be-like-begin1 (syntax-rules () ((_ name) (define-syntax name (syntax-rules () ((name expr (... ...)) (begin expr (... ...))))))))
(be-like-begin1 sequence1)
(define-syntax be-like-begin2 (syntax-rules () ((_ name) (define-syntax name (... (syntax-rules () ((_ expr ...) (begin expr ...))))))))
(be-like-begin2 sequence2)
(define-syntax tag-of (syntax-rules () ((_ name) 'name)))
---

(let ((x 1) (y 2)) (swap! x y) (list x y)) ⇒ (2 1)
(let ((tmp 1) (other 2)) (swap! tmp other) (list tmp other)) ⇒ (2 1)
(let ((x #f) (y 7) (temp 8) (let odd?) (if even?)) (my-or x (let temp) (if y) y)) ⇒ 7
(my-or) ⇒ #f
(my-or #f #f 3) ⇒ 3
(let ((=> #f)) (cond (#t => 'ok))) ⇒ ok
(my-let* ((x 1) (y (+ x 1)) (x (* y 10))) (list x y)) ⇒ (20 2)
(let ((i 0) (l '())) (while (< i 3) (set! l (cons i l)) (set! i (+ i 1))) l) ⇒ (2 1 0)
(my-if #t then 1 else 2) ⇒ 1
(my-if #f then 1 else 2) ⇒ 2
(my-if #f 1) ⇒ none
(tail-pattern 1 2 3 4) ⇒ (a: 1 2 y: 3 z: 4)
(tail-pattern 1 2) ⇒ (a: y: 1 z: 2)
(dotted-tail 1 2 3 . 4) ⇒ ((1 2) 3 4)
(dotted-tail 1 2 3) ⇒ ((1 2) 3 ())
(dotted-tail 1 . 2) ⇒ (() 1 2)
(vector-pattern #(1 2 3)) ⇒ (1 (2 3))
(vector-pattern #(1)) ⇒ (1 ())
(vector-pattern (1 2)) ⇒ other
(nested ((1 2 3) (4) (5 6))) ⇒ ((2 3 1) (4) (6 5))
(flatten2 ((1 2) () (3))) ⇒ (1 2 3)
(my-cond (#f 1) (else 2)) ⇒ 2
(guard (e (#t 'no-match)) (eval '(let ((else #f)) (let-syntax ((m (syntax-rules (then else) ((_ c then t else e) t)))) (m #t then 1 else 2))) (environment '(scheme base)))) ⇒ 1
(let-syntax ((m (syntax-rules (else) ((_ else) 'keyword) ((_ x) 'variable)))) (let ((else #f)) (m else))) ⇒ variable
(let ((... 2)) (let-syntax ((s (syntax-rules () ((_ x ...) 'bad) ((_ . r) 'ok)))) (s a b c))) ⇒ ok
(escaped 5) ⇒ (5 ...)
(custom 1 2 3) ⇒ (1 2 3 ...)
(lit-ellipsis ...) ⇒ dots
(lit-ellipsis 5) ⇒ one
(list (underscore-literal _) (underscore-literal x)) ⇒ (under other)
(list first-name second-name) ⇒ (5 5)
(list (get-a) (get-b)) ⇒ (1 2)
(mad-hatter) ⇒ 42
(my-list-of (1 2) (3 4)) ⇒ ((1 . 2) (3 . 4))
(my-list-of) ⇒ ()
(list (count-to-2) (count-to-2 a) (count-to-2 a b) (count-to-2 a b c)) ⇒ (0 1 2 many)
(list (ck-string "a" 1) (ck-string 1 2) (ck-string #\c 3) (ck-string #t 4) (ck-string b 5)) ⇒ ((str 1) (one 2) (chr 3) (true 4) none)
(kw (a (b c) (d e)) (f)) ⇒ ((a (c b) (e d)) (f))
(my-letrec ((ev? (lambda (n) (or (= n 0) (od? (- n 1))))) (od? (lambda (n) (and (> n 0) (ev? (- n 1)))))) (ev? 10)) ⇒ #t
(loop-until x 1 (> x 100) (* x 2) x) ⇒ 128
(let ((loop 5)) (loop-until x 1 (> x loop) (+ x loop) x)) ⇒ 6
(m-quasi 1 2 3) ⇒ (1 1 2 3)
(part-2 10 (+ 21 22) (31 32) (41 42) (51 52) (+ 61 62) 63) ⇒ #((10 43) (31 41 51) (32 42 52) (123 63))
(part-2 1 2 3 4) ⇒ #((1 2) () () (3 4))
(part-2 1 2 3) ⇒ other
(sequence1 1 2 3 4) ⇒ 4
(sequence2 1 2 3 4) ⇒ 4
(let ((x 'outer)) (let-syntax ((m (syntax-rules () ((m) x)))) (let ((x 'inner)) (m)))) ⇒ outer
(let ((x 'outer)) (define-syntax m (syntax-rules () ((m) x))) (let ((x 'inner)) (m))) ⇒ outer
(let-syntax ((given-that (syntax-rules () ((given-that test stmt1 stmt2 ...) (if test (begin stmt1 stmt2 ...)))))) (let ((if #t)) (given-that if (set! if 'now)) if)) ⇒ now
(letrec-syntax ((my-or (syntax-rules () ((my-or) #f) ((my-or e) e) ((my-or e1 e2 ...) (let ((temp e1)) (if temp temp (my-or e2 ...)))))))
  (let ((x #f) (y 7) (temp 8) (let odd?) (if even?)) (my-or x (let temp) (if y) y))) ⇒ 7
(let-syntax ((foo (syntax-rules () ((_ x) (+ x 1)))) (bar (syntax-rules () ((_ x) (* x 2))))) (foo (bar 5))) ⇒ 11
(let-syntax () 5) ⇒ 5
(letrec-syntax () (define x 5) x) ⇒ 5
(let ((x 1)) (letrec-syntax ((foo (syntax-rules () ((_ y) (let-syntax ((bar (syntax-rules () ((_) (let ((x 2)) y))))) (bar)))))) (foo x))) ⇒ 1
(let ((x 1)) (letrec-syntax ((foo (syntax-rules () ((_ y) (bar y)))) (bar (syntax-rules () ((_ x) (let ((z 5)) x))))) (let ((z 3)) (foo z)))) ⇒ 3
(let ((a 1)) (let-syntax ((foo (syntax-rules () ((_ b) (let ((a 2)) (+ a b)))))) (foo a))) ⇒ 3
(let-syntax ((q (syntax-rules () ((_ x) '(x y z))))) (q 1)) ⇒ (1 y z)
(let-syntax ((v (syntax-rules () ((_ x ...) #(x ... end))))) (v 1 2)) ⇒ #(1 2 end)
(let ((f (lambda (x) (let-syntax ((inc (syntax-rules () ((_ e) (+ e x))))) (inc 10))))) (list (f 1) (f 2))) ⇒ (11 12)
(tag-of hello) ⇒ hello
(let () (define-syntax ten (syntax-rules () ((_) 10))) (define x (ten)) x) ⇒ 10
(let () (define-record-type point (make-point x) point? (x point-x)) (define-syntax px (syntax-rules () ((_ p) (point-x p)))) (px (make-point 5))) ⇒ 5
(let ((y 1)) (define-syntax m (syntax-rules () ((_ (a . b)) '(b . a)))) (m (1 2 3))) ⇒ ((2 3) . 1)
(let-syntax ((foo (syntax-rules () ((_ (a b ... c) ...) '((a c) ...))))) (foo (1 2 3) (4 5) (6 7 8 9))) ⇒ ((1 3) (4 5) (6 9))
(let-syntax ((foo (syntax-rules () ((_ x ... . r) '(r x ...))))) (foo 1 2 . 3)) ⇒ (3 1 2)
(let-syntax ((m (syntax-rules () ((_ a b ...) '((a b) ...))))) (m x 1 2 3)) ⇒ ((x 1) (x 2) (x 3))
(let-syntax ((m (syntax-rules () ((_ (a ...) (b ...)) '((a b ...) ...))))) (m (1 2) (x y))) ⇒ ((1 x y) (2 x y))
(let-syntax ((m (syntax-rules () ((_ ((a b ...) ...) ) '((a ...) (b ... ...)))))) (m ((1 2 3) (4 5)))) ⇒ ((1 4) (2 3 5))
(let () (define-syntax my-define (syntax-rules () ((_ n v) (define n v)))) (my-define z 3) (+ z 1)) ⇒ 4
(let () (define-syntax hygienic-tmp (syntax-rules () ((_ e) (let ((x 10)) (+ x e))))) (let ((x 1)) (hygienic-tmp x))) ⇒ 11
(let ((list vector)) (let-syntax ((m (syntax-rules () ((_ x) (list x))))) (m 1))) ⇒ #(1)
(let-syntax ((m (syntax-rules () ((_ x) (list x))))) (let ((list vector)) (m 1))) ⇒ (1)
(let-syntax ((even-args (syntax-rules () ((_) #t) ((_ a) #f) ((_ a b . rest) 'more)))) (list (even-args) (even-args 1) (even-args 1 2 3))) ⇒ (#t #f more)
(guard (e (#t 'reported)) (eval '(let-syntax ((m (syntax-rules () ((_ x) x)))) (m 1 2)) (environment '(scheme base)))) ⇒ reported
(guard (e (#t 'reported)) (eval '(syntax-error "message" 1 2) (environment '(scheme base)))) ⇒ reported
(let-syntax ((m (syntax-rules () ((_ #t) 'true) ((_ #f) 'false) ((_ x) 'else)))) (list (m #t) (m #f) (m 1))) ⇒ (true false else)
