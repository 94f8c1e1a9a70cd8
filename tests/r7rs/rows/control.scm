;;; R7RS 6.10–6.12, 6.14: control features, exceptions, environments, system interface.

(define (generate-one-element-at-a-time lst)
  (define (control-state return)
    (for-each (lambda (element) (set! return (call/cc (lambda (resume-here) (set! control-state resume-here) (return element))))) lst)
    (return 'you-fell-off-the-end))
  (define (generator) (call/cc control-state))
  generator)
(define generate-digit (generate-one-element-at-a-time '(0 1 2)))
(define list-length
  (lambda (obj)
    (call-with-current-continuation
     (lambda (return)
       (letrec ((r (lambda (obj) (cond ((null? obj) 0) ((pair? obj) (+ (r (cdr obj)) 1)) (else (return #f)))))) (r obj))))))
(define compose (lambda (f g) (lambda args (f (apply g args)))))
(define (try thunk) (call/cc (lambda (k) (with-exception-handler (lambda (e) (k (list 'caught e))) thunk))))
(define env (environment '(scheme base)))
---

;; 6.10
(procedure? car) ⇒ #t
(procedure? 'car) ⇒ #f
(procedure? (lambda (x) (* x x))) ⇒ #t
(procedure? '(lambda (x) (* x x))) ⇒ #f
(call-with-current-continuation procedure?) ⇒ #t
(apply + (list 3 4)) ⇒ 7
(apply + 1 2 '(3 4)) ⇒ 10
(apply + '()) ⇒ 0
((compose sqrt *) 12 75) ⇒ 30
(apply apply (list + (list 1 2))) ⇒ 3
(apply + 1 2) ⇒ error
(map cadr '((a b) (d e) (g h))) ⇒ (b e h)
(map (lambda (n) (expt n n)) '(1 2 3 4 5)) ⇒ (1 4 27 256 3125)
(map + '(1 2 3) '(4 5 6)) ⇒ (5 7 9)
(map + '(1 2) '(10 20 30) '(100 200)) ⇒ (111 222)
(map (lambda (x) x) '()) ⇒ ()
(let ((k #f) (runs 0))
  (let ((r (map (lambda (x) (call/cc (lambda (c) (if (= x 2) (set! k c)) x))) '(1 2 3))))
    (set! runs (+ runs 1))
    (if (= runs 1) (k 'two) (list r runs)))) ⇒ ((1 two 3) 2)
(let ((k #f) (runs 0))
  (let ((r (map (lambda (x y) (call/cc (lambda (c) (if (= x 2) (set! k c)) (+ x y)))) '(1 2 3) '(10 20 30 40))))
    (set! runs (+ runs 1))
    (if (= runs 1) (k 'two) (list r runs)))) ⇒ ((11 two 33) 2)
(guard (e (#t (error-object-message e))) (map + '(1 2) '(1 . 2))) ⇒ "map: not a proper list"
(guard (e (#t (error-object-message e))) (for-each + '(1 2 . 3) '(1 2 3))) ⇒ "for-each: not a proper list"
(string-map char-foldcase "AbdEgH") ⇒ "abdegh"
(string-map (lambda (c) (integer->char (+ 1 (char->integer c)))) "HAL") ⇒ "IBM"
(string-map (lambda (c k) ((if (eqv? k #\u) char-upcase char-downcase) c)) "studlycaps xxx" "ululululul") ⇒ "StUdLyCaPs"
(string-map (lambda (a b c) b) "abc" "de" "fghi") ⇒ "de"
(let ((s (string-map char-upcase "abc"))) (string-set! s 0 #\x) s) ⇒ "xBC"
(vector-map cadr '#((a b) (d e) (g h))) ⇒ #(b e h)
(vector-map + #(1 2) #(10 20 30)) ⇒ #(11 22)
(vector-map * #(1 2) #(3 4) #(5 6)) ⇒ #(15 48)
(let ((v (make-vector 5))) (for-each (lambda (i) (vector-set! v i (* i i))) '(0 1 2 3 4)) v) ⇒ #(0 1 4 9 16)
(let ((l '())) (for-each (lambda (a b) (set! l (cons (+ a b) l))) '(1 2) '(10 20 30)) l) ⇒ (22 11)
(let ((v '())) (string-for-each (lambda (c) (set! v (cons (char->integer c) v))) "abcde") v) ⇒ (101 100 99 98 97)
(let ((l '())) (string-for-each (lambda (a b) (set! l (cons (string a b) l))) "abc" "xy") l) ⇒ ("by" "ax")
(let ((v (make-list 5))) (vector-for-each (lambda (i) (list-set! v i (* i i))) '#(0 1 2 3 4)) v) ⇒ (0 1 4 9 16)
(let ((l '())) (vector-for-each (lambda (a b) (set! l (cons (* a b) l))) #(1 2) #(3 4 5)) l) ⇒ (8 3)
(call/cc (lambda (exit) (for-each (lambda (x) (if (negative? x) (exit x))) '(54 0 37 -3 245 19)) #t)) ⇒ -3
(list-length '(1 2 3 4)) ⇒ 4
(list-length '(a b . c)) ⇒ #f
(list (generate-digit) (generate-digit) (generate-digit) (generate-digit)) ⇒ (0 1 2 you-fell-off-the-end)
(call-with-values (lambda () (values 4 5)) (lambda (a b) b)) ⇒ 5
(call-with-values * -) ⇒ -1
(call-with-values (lambda () (values)) list) ⇒ ()
(call-with-values (lambda () 1) list) ⇒ (1)
(call-with-values (lambda () (call/cc (lambda (k) (k 1 2 3)))) list) ⇒ (1 2 3)
(+ 1 (call/cc (lambda (k) (+ 10 (k 1))))) ⇒ 2
(let ((r '())) (let ((k (call/cc (lambda (c) c)))) (set! r (cons 1 r)) (if (< (length r) 3) (k k) r))) ⇒ (1 1 1)
(let ((path '()) (c #f))
  (let ((add (lambda (s) (set! path (cons s path)))))
    (dynamic-wind (lambda () (add 'connect)) (lambda () (add (call/cc (lambda (c0) (set! c c0) 'talk1)))) (lambda () (add 'disconnect)))
    (if (< (length path) 4) (c 'talk2) (reverse path)))) ⇒ (connect talk1 disconnect connect talk2 disconnect)
(let ((p '()))
  (let ((k (call/cc (lambda (out)
      (dynamic-wind (lambda () (set! p (cons 'a p))) (lambda () (dynamic-wind (lambda () (set! p (cons 'b p))) (lambda () (call/cc out)) (lambda () (set! p (cons 'c p))))) (lambda () (set! p (cons 'd p))))))))
    (if (procedure? k) (if (< (length p) 8) (k 'again) #f))
    (reverse p))) ⇒ (a b c d a b c d)
(dynamic-wind (lambda () #f) (lambda () 'result) (lambda () 'ignored)) ⇒ result
(call-with-values (lambda () (dynamic-wind (lambda () #f) (lambda () (values 1 2)) (lambda () #f))) list) ⇒ (1 2)
(let ((trace '()))
  (call/cc (lambda (k) (dynamic-wind (lambda () (set! trace (cons 1 trace))) (lambda () (k 'out)) (lambda () (set! trace (cons 2 trace))))))
  (reverse trace)) ⇒ (1 2)
(let* ((n 0) (k (call/cc (lambda (c) c)))) (set! n (+ n 1)) (if (< n 3) (k k) n)) ⇒ 3
(let loop ((i 0)) (if (< i 200000) (loop (+ i 1)) i)) ⇒ 200000
(letrec ((f (lambda (n) (if (= n 0) 0 (+ 1 (f (- n 1))))))) (f 100000)) ⇒ 100000
(letrec ((e? (lambda (n) (if (= n 0) #t (o? (- n 1))))) (o? (lambda (n) (if (= n 0) #f (e? (- n 1)))))) (e? 100001)) ⇒ #f

;; 6.11 exceptions
(call/cc (lambda (k) (with-exception-handler (lambda (e) (k (list 'condition: e))) (lambda () (+ 1 (raise 'an-error)))))) ⇒ (condition: an-error)
(with-exception-handler (lambda (con) (cond ((string? con) 10) (else 42))) (lambda () (+ (raise-continuable "should be a number") 23))) ⇒ 33
(guard (e (#t (list 'returned (error-object? e)))) (with-exception-handler (lambda (e) 'ignored) (lambda () (+ 1 (raise 'an-error))))) ⇒ (returned #t)
(with-exception-handler
  (lambda (e) (+ e 1))
  (lambda () (with-exception-handler (lambda (e) (* 10 (raise-continuable (+ e 1)))) (lambda () (raise-continuable 1))))) ⇒ 30
(guard (e (#t (list 'outer e))) (with-exception-handler (lambda (e) (raise (list 'again e))) (lambda () (raise 'first)))) ⇒ (outer (again first))
(guard (e ((error-object? e) (list (error-object-message e) (error-object-irritants e)))) (error "BOOM!" 1 "two" 'three)) ⇒ ("BOOM!" (1 "two" three))
(guard (e ((error-object? e) (error-object-irritants e))) (error "no irritants")) ⇒ ()
(guard (e (#t (error-object? e))) (raise 'x)) ⇒ #f
(guard (e (#t (error-object? e))) (car 1)) ⇒ #t
(guard (e (#t (string? (error-object-message e)))) (vector-ref #(1) 5)) ⇒ #t
(guard (e (#t (list? (error-object-irritants e)))) (vector-ref #(1) 5)) ⇒ #t
(guard (e ((error-object? e) 'arity)) ((lambda (x) x))) ⇒ arity
(guard (e ((error-object? e) 'zero)) (/ 1 0)) ⇒ zero
(guard (e ((error-object? e) 'unbound)) (eval 'no-such-variable env)) ⇒ unbound
(guard (e ((file-error? e) 'file) (else 'other)) (open-input-file "/no/such/file")) ⇒ file
(guard (e ((file-error? e) 'file) (else 'other)) (delete-file "/no/such/file")) ⇒ file
(guard (e ((file-error? e) 'file) (else 'other)) (car 1)) ⇒ other
(guard (e ((read-error? e) 'read) (else 'other)) (read (open-input-string ")"))) ⇒ read
(guard (e ((read-error? e) 'read) (else 'other)) (read (open-input-string "(1 . "))) ⇒ read
(guard (e ((read-error? e) 'read) (else 'other)) (read (open-input-string "(1 2"))) ⇒ read
(guard (e ((read-error? e) 'read) (else 'other)) (read (open-input-string "#\\no-such-char"))) ⇒ read
(guard (e ((read-error? e) 'read) (else 'other)) (raise 'x)) ⇒ other
(list (read-error? 1) (file-error? "x")) ⇒ (#f #f)
(guard (e (#t e)) (raise (list 1 2))) ⇒ (1 2)
(guard (e ((string? e) e)) (guard (e ((number? e) e)) (raise "str"))) ⇒ "str"
(try (lambda () (raise 'oops))) ⇒ (caught oops)
(try (lambda () 'fine)) ⇒ fine
(let ((out '()))
  (guard (e (#t (set! out (cons 'guard out))))
    (with-exception-handler (lambda (e) (set! out (cons 'handler out)) (raise e)) (lambda () (dynamic-wind (lambda () (set! out (cons 'in out))) (lambda () (raise 'x)) (lambda () (set! out (cons 'after out)))))))
  (reverse out)) ⇒ (in handler after guard)
(with-exception-handler (lambda (e) 0) (lambda () (+ 1 (raise-continuable 'c)))) ⇒ 1
(call-with-values (lambda () (with-exception-handler (lambda (e) (values 1 2)) (lambda () (raise-continuable 'x)))) list) ⇒ (1 2)
(guard (e (#t (list (error-object-message e) (error-object-irritants e)))) (with-exception-handler (lambda (e) (raise e)) (lambda () (error "deep" 1)))) ⇒ ("deep" (1))
(with-exception-handler 5 (lambda () 1)) ⇒ error
(guard (e ((error-object? e) (error-object-message e))) (raise-continuable (guard (x (#t x)) (error "made")))) ⇒ "made"

;; 6.12 environments and evaluation
(eval '(* 7 3) (environment '(scheme base))) ⇒ 21
(let ((f (eval '(lambda (f x) (f x x)) env))) (f + 10)) ⇒ 20
(eval '(let ((a 1)) (define b 2) (+ a b)) env) ⇒ 3
(eval '(sqrt 16) (environment '(scheme base) '(scheme inexact))) ⇒ 4
(eval '(p:car '(1 2)) (environment '(prefix (only (scheme base) car) p:))) ⇒ error
(eval '(p:car (p:list 1 2)) (environment '(prefix (only (scheme base) car list) p:))) ⇒ 1
(eval 'vector-map (environment '(only (scheme base) car))) ⇒ error
(eval '(begin (define z 5) (+ z 1)) (interaction-environment)) ⇒ 6
(eval '(+ 1 2) (interaction-environment)) ⇒ 3
(eval '(if #t 'yes 'no) env) ⇒ yes
(eval ''sym env) ⇒ sym
(eval "text" env) ⇒ "text"
(procedure? (eval '(case-lambda ((x) x)) (environment '(scheme case-lambda)))) ⇒ #t
(eval '(let-syntax ((m (syntax-rules () ((_ x) (+ x 1))))) (m 5)) env) ⇒ 6
(eval '(let loop ((i 0)) (if (< i 10) (loop (+ i 1)) i)) env) ⇒ 10

;; 6.14 system interface
(list? (features)) ⇒ #t
(pair? (memq 'r7rs (features))) ⇒ #t
(list? (command-line)) ⇒ #t
(string? (car (command-line))) ⇒ #t
(string? (get-environment-variable "PATH")) ⇒ #t
(get-environment-variable "NO_SUCH_VARIABLE_") ⇒ #f
(list? (get-environment-variables)) ⇒ #t
(let ((p (assoc "PATH" (get-environment-variables)))) (string=? (cdr p) (get-environment-variable "PATH"))) ⇒ #t
(and (real? (current-second)) (> (current-second) 1e9)) ⇒ #t
(inexact? (current-second)) ⇒ #t
(exact-integer? (current-jiffy)) ⇒ #t
(exact-integer? (jiffies-per-second)) ⇒ #t
(let* ((a (current-jiffy)) (b (current-jiffy))) (<= a b)) ⇒ #t
(file-exists? "/no/such/file") ⇒ #f
(list (procedure? exit) (procedure? emergency-exit) (procedure? load)) ⇒ (#t #t #t)
(let ((path '()))
  (guard (e (#t (reverse path)))
    (dynamic-wind (lambda () (raise 'no)) (lambda () (set! path '(body))) (lambda () (set! path '(after)))))) ⇒ ()
