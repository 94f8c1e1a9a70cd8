;;; R7RS 6.13: input and output; 2.4, 7.1: external representations.

(define (written x) (call-with-port (open-output-string) (lambda (p) (write x p) (get-output-string p))))
(define (displayed x) (call-with-port (open-output-string) (lambda (p) (display x p) (get-output-string p))))
(define (read-from s) (read (open-input-string s)))
(define (read-all s) (let ((p (open-input-string s))) (let loop ((l '())) (let ((d (read p))) (if (eof-object? d) (reverse l) (loop (cons d l)))))))
(define file "/tmp/eta-r7rs-io-rows.txt")
(define (lines port) (let ((line (read-line port))) (if (eof-object? line) '() (cons line (lines port)))))
(define (lines-of-file text) (call-with-output-file file (lambda (p) (write-string text p))) (call-with-input-file file lines))
(define circular (let ((l (list 1 2 3))) (set-cdr! (cddr l) l) l))
---

;; ports
(call-with-output-file file (lambda (p) (write '(1 "two" #\3) p) (newline p) (display "more λ" p))) ⇒ ()
(call-with-input-file file (lambda (p) (let* ((a (read p)) (b (read-char p)) (c (read-line p)) (d (read-line p))) (list a b c (eof-object? d))))) ⇒ ((1 "two" #\3) #\newline "more λ" #t)
(file-exists? file) ⇒ #t
(with-output-to-file file (lambda () (display "via current port") (write #\x))) ⇒ ()
(with-input-from-file file (lambda () (read-line))) ⇒ "via current port#\\x"
(with-input-from-file file (lambda () (list (read-char) (peek-char) (read-string 2)))) ⇒ (#\v #\i "ia")
(let ((p (open-output-file file))) (write-string "abc" p) (close-port p) (list (output-port-open? p) (output-port? p))) ⇒ (#f #t)
(let ((p (open-input-file file))) (let* ((a (input-port-open? p)) (b (read-char p))) (close-input-port p) (list a b (input-port-open? p)))) ⇒ (#t #\a #f)
(let ((p (open-input-file file))) (close-port p) (read-char p)) ⇒ error
(let ((p (open-output-file file))) (close-port p) (write-char #\a p)) ⇒ error
(let ((p (open-binary-output-file file))) (write-u8 1 p) (write-bytevector #u8(2 3 255) p) (close-output-port p)) ⇒ ()
(let ((p (open-binary-input-file file))) (let* ((a (read-u8 p)) (b (peek-u8 p)) (c (read-bytevector 10 p)) (d (read-u8 p))) (close-port p) (list a b c (eof-object? d)))) ⇒ (1 2 #u8(2 3 255) #t)
(let ((p (open-binary-input-file file))) (list (binary-port? p) (textual-port? p) (input-port? p) (output-port? p) (port? p))) ⇒ (#t #f #t #f #t)
(begin (delete-file file) (file-exists? file)) ⇒ #f
(call-with-port (open-input-string "abc") read-char) ⇒ #\a
(let ((p (open-input-string "abc"))) (call-with-port p read-char) (input-port-open? p)) ⇒ #f
(list (port? (current-input-port)) (input-port? (current-input-port)) (output-port? (current-output-port)) (output-port? (current-error-port)) (port? 1)) ⇒ (#t #t #t #t #f)
(list (textual-port? (current-input-port)) (textual-port? (open-input-string "")) (binary-port? (open-input-bytevector #u8())) (textual-port? (open-output-bytevector))) ⇒ (#t #t #t #f)
(list (input-port? 1) (output-port? "x") (binary-port? 'a) (textual-port? #f)) ⇒ (#f #f #f #f)
(let ((p (open-output-string))) (parameterize ((current-output-port p)) (write 'captured) (display " text")) (get-output-string p)) ⇒ "captured text"
(parameterize ((current-input-port (open-input-string "from string"))) (read-line)) ⇒ "from string"
(let ((p (open-output-string))) (parameterize ((current-error-port p)) (write-string "err" (current-error-port))) (get-output-string p)) ⇒ "err"
(let ((p (open-output-string)) (q (make-parameter 1))) (list (guard (e (#t 'refused)) (parameterize ((q 2) (current-output-port 5)) #t)) (q))) ⇒ (refused 1)
(parameterize ((current-input-port (open-output-string))) #t) ⇒ error
(let ((p (open-output-string))) (guard (e (#t (get-output-string p))) (parameterize ((current-output-port p)) (display "x") (raise 'out)))) ⇒ "x"

;; input
(read (open-input-string "(a . b) c")) ⇒ (a . b)
(eof-object? (read (open-input-string ""))) ⇒ #t
(eof-object? (read (open-input-string "  ; comment\n"))) ⇒ #t
(eof-object? (eof-object)) ⇒ #t
(eof-object? #f) ⇒ #f
(eof-object? 'eof) ⇒ #f
(read-all "1 (2 3) \"x\" #\\a") ⇒ (1 (2 3) "x" #\a)
(let ((p (open-input-string "ab"))) (let* ((a (peek-char p)) (b (read-char p)) (c (read-char p)) (d (peek-char p)) (e (read-char p))) (list a b c (eof-object? d) (eof-object? e)))) ⇒ (#\a #\a #\b #t #t)
(let ((p (open-input-string "one\ntwo\r\nthree"))) (let* ((a (read-line p)) (b (read-line p)) (c (read-line p)) (d (read-line p))) (list a (eof-object? d) c))) ⇒ ("one" #t "three")
(read-line (open-input-string "\nabc")) ⇒ ""
(let ((p (open-output-string)))
  (write 'a p)
  (close-port p)
  (list (get-output-string p)
        (map (lambda (write-to) (guard (e ((error-object? e) (error-object-message e))) (write-to p)))
             (list (lambda (p) (write 1 p)) (lambda (p) (display 1 p)) (lambda (p) (write-simple 1 p)) (lambda (p) (write-shared 1 p))
                   newline (lambda (p) (write-char #\a p)) (lambda (p) (write-string "a" p)))))) ⇒ ("a" ("write: the port is closed" "display: the port is closed" "write-simple: the port is closed" "write-shared: the port is closed" "newline: the port is closed" "write-char: the port is closed" "write-string: the port is closed"))
(let ((p (open-output-bytevector))) (close-output-port p) (write-u8 1 p)) ⇒ error: "write-u8: the port is closed"
(let ((p (open-output-bytevector))) (close-port p) (write-bytevector #u8(1) p)) ⇒ error: "write-bytevector: the port is closed"
(lines (open-input-string "a\r\nb\rc\n\rd\r\r\ne\r")) ⇒ ("a" "b" "c" "" "d" "" "e")
(lines-of-file "a\r\nb\rλ\n\rd\r\r\ne\r") ⇒ ("a" "b" "λ" "" "d" "" "e")
(char-ready? (open-input-string "x")) ⇒ #t
(char-ready? (open-input-string "")) ⇒ #t
(u8-ready? (open-input-bytevector #u8(1))) ⇒ #t
(let ((p (open-input-string "abcdef"))) (let* ((a (read-string 2 p)) (b (read-string 10 p)) (c (read-string 1 p))) (list a b (eof-object? c)))) ⇒ ("ab" "cdef" #t)
(read-string 0 (open-input-string "abc")) ⇒ ""
(let ((s (read-string 3 (open-input-string "abcdef")))) (string-set! s 0 #\X) s) ⇒ "Xbc"
(let ((p (open-input-bytevector #u8(1 2)))) (let* ((a (peek-u8 p)) (b (read-u8 p)) (c (read-u8 p)) (d (read-u8 p)) (e (peek-u8 p))) (list a b c (eof-object? d) (eof-object? e)))) ⇒ (1 1 2 #t #t)
(let ((p (open-input-bytevector #u8(1 2 3 4 5)))) (let* ((a (read-bytevector 2 p)) (b (read-bytevector 9 p)) (c (read-bytevector 1 p))) (list a b (eof-object? c)))) ⇒ (#u8(1 2) #u8(3 4 5) #t)
(read-bytevector 0 (open-input-bytevector #u8(1))) ⇒ #u8()
(let* ((p (open-input-bytevector #u8(1 2 3 4 5))) (b (make-bytevector 4 0)) (n (read-bytevector! b p 1 3))) (list n b)) ⇒ (2 #u8(0 1 2 0))
(let* ((p (open-input-bytevector #u8(1 2))) (b (make-bytevector 4 0)) (n (read-bytevector! b p))) (list n b (eof-object? (read-bytevector! b p)))) ⇒ (2 #u8(1 2 0 0) #t)
(let* ((p (open-input-bytevector #u8(1 2 3))) (b (make-bytevector 4 0)) (n (read-bytevector! b p 2))) (list n b)) ⇒ (2 #u8(0 0 1 2))

;; output
(written '(1 2.0 "s\n" #\a sym)) ⇒ "(1 2.0 \"s\\n\" #\\a sym)"
(displayed '(1 2.0 "s" #\a sym)) ⇒ "(1 2.0 s a sym)"
(displayed 2.0) ⇒ "2.0"
(displayed '|two words|) ⇒ "two words"
(written '|two words|) ⇒ "|two words|"
(written '(|a| |B c| ||)) ⇒ "(a |B c| ||)"
(written #\x7f) ⇒ "#\\delete"
(written "λ\x7;") ⇒ "\"λ\\a\""
(written ''a) ⇒ "(quote a)"
(written '(quote a b)) ⇒ "(quote a b)"
(written '#(a #(b) ())) ⇒ "#(a #(b) ())"
(written #u8(1 2)) ⇒ "#u8(1 2)"
(written circular) ⇒ "#0=(1 2 3 . #0#)"
(displayed circular) ⇒ "#0=(1 2 3 . #0#)"
(let ((x (list 1 2))) (written (list x x))) ⇒ "((1 2) (1 2))"
(let ((x (list 1 2)) (p (open-output-string))) (write-shared (list x x) p) (get-output-string p)) ⇒ "(#0=(1 2) #0#)"
(let ((p (open-output-string))) (write-shared circular p) (get-output-string p)) ⇒ "#0=(1 2 3 . #0#)"
(let ((x (list 1 2)) (p (open-output-string))) (write-simple (list x x) p) (get-output-string p)) ⇒ "((1 2) (1 2))"
(let ((v (vector 1 2))) (vector-set! v 1 v) (written v)) ⇒ "#0=#(1 #0#)"
(let ((p (open-output-string))) (newline p) (write-char #\λ p) (write-string "hello" p 1 3) (write-string "hello" p 3) (get-output-string p)) ⇒ "\nλello"
(let ((p (open-output-string))) (write-string "abc" p) (flush-output-port p) (list (get-output-string p) (get-output-string p))) ⇒ ("abc" "abc")
(let ((p (open-output-bytevector))) (write-u8 1 p) (write-bytevector #u8(2 3) p) (write-bytevector #u8(9 4 5 9) p 1 3) (get-output-bytevector p)) ⇒ #u8(1 2 3 4 5)
(let ((p (open-output-bytevector))) (write-bytevector #u8(1 2 3) p 1) (get-output-bytevector p)) ⇒ #u8(2 3)
(displayed (string-append "a" "b")) ⇒ "ab"
(written (make-string 2 #\")) ⇒ "\"\\\"\\\"\""
(written (list #t #f '())) ⇒ "(#t #f ())"
(write-u8 1 (open-output-string)) ⇒ error
(write-char #\a (open-output-bytevector)) ⇒ error
(read-u8 (open-input-string "a")) ⇒ error
(write 1 (open-input-string "")) ⇒ error

;; external representations
(read-from "abc") ⇒ abc
(read-from "ABC") ⇒ ABC
(read-from "#!fold-case ABC") ⇒ abc
(read-all "#!fold-case ABC #!no-fold-case ABC") ⇒ (abc ABC)
(read-from "|ABC def|") ⇒ |ABC def|
(read-from "#;(hidden) shown") ⇒ shown
(read-from "(1 #;2 3)") ⇒ (1 3)
(read-from "(1 #;(a #;b c) 3)") ⇒ (1 3)
(read-from "(1 . #;2 3)") ⇒ (1 . 3)
(read-from "(1 #;2)") ⇒ (1)
(read-from "#| block #| nested |# |# x") ⇒ x
(read-from "; line\nx") ⇒ x
(read-from "'a") ⇒ (quote a)
(read-from "`(a ,b ,@c)") ⇒ (quasiquote (a (unquote b) (unquote-splicing c)))
(read-from "#(1 #(2))") ⇒ #(1 #(2))
(read-from "#u8(0 255)") ⇒ #u8(0 255)
(read-from "#u8(256)") ⇒ error
(read-from "#t") ⇒ #t
(read-from "#true") ⇒ #t
(read-from "#FALSE") ⇒ #f
(read-from "(a . (b . (c)))") ⇒ (a b c)
(read-from "(a . b c)") ⇒ error
(read-from "#0=(a . #0#)") ⇒ #0=(a . #0#)
(read-from "#0=(a #0# b)") ⇒ #0=(a #0# b)
(read-from "(#0=(1 2) #0#)") ⇒ ((1 2) (1 2))
(let ((d (read-from "(#0=(1 2) #0#)"))) (eq? (car d) (cadr d))) ⇒ #t
(read-from "#0=#(1 #0#)") ⇒ #0=#(1 #0#)
(let ((x '#5=(a b . #5#))) (eq? x (cddr x))) ⇒ #t
(read-from "#1#") ⇒ error
(read-from "\"a\\x3bb;b\"") ⇒ "aλb"
(read-from "\"a\\   \n   b\"") ⇒ "ab"
(read-from "\"a\\tb\"") ⇒ "a\tb"
(read-from "#\\x") ⇒ #\x
(read-from "#\\x3bb") ⇒ #\λ
(read-from "#\\A") ⇒ #\A
(read-from "#\\space") ⇒ #\space
(read-from "#d1.5") ⇒ 1.5
(read-from "#x-1A") ⇒ -26
(read-from "+.5") ⇒ 0.5
(read-from "-") ⇒ -
(read-from "...") ⇒ ...
(read-from "-a") ⇒ -a
(read-from "+inf.0") ⇒ +inf.0
(read-from "(a.b .c d.)") ⇒ (a.b .c d.)
(read-from "()") ⇒ ()
(read-from "[1 2]") ⇒ (1 2)
(read-all "a\"b\"c(d)'e") ⇒ (a "b" c (d) (quote e))
(read-from "|a\\x41;b|") ⇒ aAb
(read-from "#\\(") ⇒ #\(
