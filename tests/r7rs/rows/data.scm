;;; R7RS 6.1, 6.3–6.9: equivalence, booleans, pairs, symbols, characters, strings, vectors, bytevectors; 5.5 records.

(define x '(a b c))
(define y x)
(define e '((a 1) (b 2) (c 3)))
(define gen-counter (lambda () (let ((n 0)) (lambda () (set! n (+ n 1)) n))))
(define-record-type pare (kons x y) pare? (x kar set-kar!) (y kdr))
(define-record-type <point> (make-point x y) point? (x point-x) (y point-y set-point-y!) (z point-z set-point-z!))
(define-record-type empty (make-empty) empty?)
(define-record-type named all-fields named? (a named-a) (b named-b))
(define-record-type (hidden) #f hidden? (a hidden-a))
---

;; 6.1 eqv? eq? equal?
(eqv? 'a 'a) ⇒ #t
(eqv? 'a 'b) ⇒ #f
(eqv? 2 2) ⇒ #t
(eqv? 2 2.0) ⇒ #f
(eqv? '() '()) ⇒ #t
(eqv? 100000000 100000000) ⇒ #t
(eqv? 0.0 +nan.0) ⇒ #f
(eqv? 0.0 -0.0) ⇒ #f
(eqv? +nan.0 +nan.0) ⇒ #t
(eqv? 1.5 1.5) ⇒ #t
(eqv? (cons 1 2) (cons 1 2)) ⇒ #f
(eqv? (lambda () 1) (lambda () 2)) ⇒ #f
(let ((p (lambda (x) x))) (eqv? p p)) ⇒ #t
(eqv? #f 'nil) ⇒ #f
(let ((g (gen-counter))) (eqv? g g)) ⇒ #t
(eqv? (gen-counter) (gen-counter)) ⇒ #f
(letrec ((f (lambda () (if (eqv? f g) 'f 'both))) (g (lambda () (if (eqv? f g) 'g 'both)))) (eqv? f g)) ⇒ #f
(let ((x '(a))) (eqv? x x)) ⇒ #t
(eq? 'a 'a) ⇒ #t
(eq? (list 'a) (list 'a)) ⇒ #f
(eq? '() '()) ⇒ #t
(eq? car car) ⇒ #t
(let ((x '(a))) (eq? x x)) ⇒ #t
(let ((x '#())) (eq? x x)) ⇒ #t
(let ((p (lambda (x) x))) (eq? p p)) ⇒ #t
(equal? 'a 'a) ⇒ #t
(equal? '(a) '(a)) ⇒ #t
(equal? '(a (b) c) '(a (b) c)) ⇒ #t
(equal? "abc" "abc") ⇒ #t
(equal? 2 2) ⇒ #t
(equal? (make-vector 5 'a) (make-vector 5 'a)) ⇒ #t
(equal? '#1=(a b . #1#) '#2=(a b a b . #2#)) ⇒ #t
(equal? '#u8(1 2) (bytevector 1 2)) ⇒ #t
(equal? "abc" 'abc) ⇒ #f
(equal? (make-string 2 #\a) "aa") ⇒ #t
(equal? '(1 . 2) '(1 2)) ⇒ #f

;; 6.3 booleans
(not 3) ⇒ #f
(not (list 3)) ⇒ #f
(not #f) ⇒ #t
(not '()) ⇒ #f
(not 'nil) ⇒ #f
(boolean? #f) ⇒ #t
(boolean? 0) ⇒ #f
(boolean? '()) ⇒ #f
(boolean=? #t #t) ⇒ #t
(boolean=? #t #f) ⇒ #f
(boolean=? #f #f #f) ⇒ #t
(boolean=? #f #f #t) ⇒ #f
(boolean=? 1 #t) ⇒ error

;; 6.4 pairs and lists
(pair? '(a . b)) ⇒ #t
(pair? '(a b c)) ⇒ #t
(pair? '()) ⇒ #f
(pair? '#(a b)) ⇒ #f
(cons 'a '()) ⇒ (a)
(cons '(a) '(b c d)) ⇒ ((a) b c d)
(cons "a" '(b c)) ⇒ ("a" b c)
(cons 'a 3) ⇒ (a . 3)
(cons '(a b) 'c) ⇒ ((a b) . c)
(car '(a b c)) ⇒ a
(car '((a) b c d)) ⇒ (a)
(car '(1 . 2)) ⇒ 1
(car '()) ⇒ error
(cdr '((a) b c d)) ⇒ (b c d)
(cdr '(1 . 2)) ⇒ 2
(cdr '()) ⇒ error
(let ((l (list 1 2))) (set-car! l 9) l) ⇒ (9 2)
(let ((l (list 1 2))) (set-cdr! l 9) l) ⇒ (1 . 9)
(let ((t '((1 . 2) . (3 . 4)))) (list (caar t) (cdar t) (car (cdr t)))) ⇒ (1 2 3)
(list (caar '((1) 2)) (cadr '(1 2)) (cdar '((1 2) 3)) (cddr '(1 2 3))) ⇒ (1 2 (2) (3))
(let ((t '(((a b) (c d)) ((e f) (g h)))))
  (list (caaar t) (caadr t) (cadar t) (caddr '(1 2 3)) (cdaar t) (cdadr t) (cddar t) (cdddr '(1 2 3 4)))) ⇒ (a (e f) (c d) 3 (b) ((g h)) () (4))
(let ((t '((((a . b) (c . d)) ((e . f) (g . h))) (((i . j) (k . l)) ((m . n) (o . p))))))
  (list (caaaar t) (caaadr t) (caadar t) (caaddr '(1 2 (3))) (cadaar t) (cadadr t) (caddar '((1 2 3))) (cadddr '(1 2 3 4))
        (cdaaar t) (cdaadr t) (cdadar t) (cdaddr '(1 2 (3 4))) (cddaar t) (cddadr t) (cdddar '((1 2 3 4))) (cddddr '(1 2 3 4 5)))) ⇒ (a (i . j) (e . f) 3 (c . d) ((m . n) (o . p)) 3 4 b ((k . l)) ((g . h)) (4) () () (4) (5))
(null? '()) ⇒ #t
(null? '(a)) ⇒ #f
(list? '(a b c)) ⇒ #t
(list? '()) ⇒ #t
(list? '(a . b)) ⇒ #f
(let ((x (list 'a))) (set-cdr! x x) (list? x)) ⇒ #f
(make-list 2 3) ⇒ (3 3)
(length (make-list 3)) ⇒ 3
(make-list 0 'x) ⇒ ()
(list 'a (+ 3 4) 'c) ⇒ (a 7 c)
(list) ⇒ ()
(length '(a b c)) ⇒ 3
(length '(a (b) (c d e))) ⇒ 3
(length '()) ⇒ 0
(length '(1 . 2)) ⇒ error
(append '(x) '(y)) ⇒ (x y)
(append '(a) '(b c d)) ⇒ (a b c d)
(append '(a (b)) '((c))) ⇒ (a (b) (c))
(append '(a b) '(c . d)) ⇒ (a b c . d)
(append '() 'a) ⇒ a
(append) ⇒ ()
(append '(1) '(2) '(3 4) '()) ⇒ (1 2 3 4)
(append '(1) 2) ⇒ (1 . 2)
(append '(1 . 2) '(3)) ⇒ error
(reverse '(a b c)) ⇒ (c b a)
(reverse '(a (b c) d (e (f)))) ⇒ ((e (f)) d (b c) a)
(list-tail '(1 2 3) 1) ⇒ (2 3)
(list-tail '(1 2 3) 3) ⇒ ()
(list-tail '(1 2) 3) ⇒ error
(list-ref '(a b c d) 2) ⇒ c
(list-ref '(a b c d) (exact (round 1.8))) ⇒ c
(let ((ls (list 'one 'two 'five!))) (list-set! ls 2 'three) ls) ⇒ (one two three)
(list-set! (list 1 2) 2 'x) ⇒ error
(memq 'c '(a b c d e)) ⇒ (c d e)
(memq (list 'a) '(b (a) c)) ⇒ #f
(member (list 'a) '(b (a) c)) ⇒ ((a) c)
(member "B" '("a" "b" "c") string-ci=?) ⇒ ("b" "c")
(memv 101 '(100 101 102)) ⇒ (101 102)
(memq 'x '()) ⇒ #f
(member 2.0 '(1 2 3) =) ⇒ (2 3)
(assq 'a e) ⇒ (a 1)
(assq 'b e) ⇒ (b 2)
(assq 'd e) ⇒ #f
(assq (list 'a) '(((a)) ((b)) ((c)))) ⇒ #f
(assoc (list 'a) '(((a)) ((b)) ((c)))) ⇒ ((a))
(assoc 2.0 '((1 1) (2 4) (3 9)) =) ⇒ (2 4)
(assv 5 '((2 3) (5 7) (11 13))) ⇒ (5 7)
(let* ((a '(1 8 2 8)) (b (list-copy a))) (set-car! b 3) (list a b)) ⇒ ((1 8 2 8) (3 8 2 8))
(list-copy '(1 2 . 3)) ⇒ (1 2 . 3)
(list-copy 5) ⇒ 5
(list-copy '()) ⇒ ()

;; 6.5 symbols
(symbol? 'foo) ⇒ #t
(symbol? (car '(a b))) ⇒ #t
(symbol? "bar") ⇒ #f
(symbol? 'nil) ⇒ #t
(symbol? '()) ⇒ #f
(symbol? #f) ⇒ #f
(symbol=? 'a 'a 'a) ⇒ #t
(symbol=? 'a 'a 'b) ⇒ #f
(symbol=? 'a "a") ⇒ error
(symbol->string 'flying-fish) ⇒ "flying-fish"
(symbol->string 'Martin) ⇒ "Martin"
(symbol->string (string->symbol "Malvina")) ⇒ "Malvina"
(string->symbol "mISSISSIppi") ⇒ mISSISSIppi
(eqv? 'bitBlt (string->symbol "bitBlt")) ⇒ #t
(eqv? 'LollyPop (string->symbol (symbol->string 'LollyPop))) ⇒ #t
(string=? "K. Harper, M.D." (symbol->string (string->symbol "K. Harper, M.D."))) ⇒ #t
(string->symbol "two words") ⇒ |two words|
(string->symbol "") ⇒ ||
'|foo bar| ⇒ |foo bar|
'|foo\x20;bar| ⇒ |foo bar|
(eq? '|abc| 'abc) ⇒ #t
(string->symbol "1+") ⇒ |1+|
(string->symbol "+1") ⇒ |+1|
(string->symbol ".") ⇒ |.|
'... ⇒ ...
'+ ⇒ +
'->x ⇒ ->x
'|a\|b| ⇒ |a\|b|

;; 6.6 characters
(char? #\a) ⇒ #t
(char? "a") ⇒ #f
(char? 'a) ⇒ #f
(list #\alarm #\backspace #\delete #\escape #\newline #\null #\return #\space #\tab) ⇒ (#\alarm #\backspace #\delete #\escape #\newline #\null #\return #\space #\tab)
(map char->integer (list #\alarm #\backspace #\delete #\escape #\newline #\null #\return #\space #\tab)) ⇒ (7 8 127 27 10 0 13 32 9)
(list #\x #\x41 #\( #\; #\λ #\x03BB) ⇒ (#\x #\A #\( #\; #\λ #\λ)
(char=? #\x41 #\A) ⇒ #t
(char=? #\a #\a #\a) ⇒ #t
(char=? #\a #\a #\b) ⇒ #f
(char<? #\a #\b #\c) ⇒ #t
(char<? #\a #\c #\b) ⇒ #f
(char>? #\c #\b #\a) ⇒ #t
(char<=? #\a #\a #\b) ⇒ #t
(char>=? #\b #\a #\a) ⇒ #t
(char-ci=? #\a #\A #\a) ⇒ #t
(char-ci<? #\a #\B) ⇒ #t
(char-ci>? #\B #\a) ⇒ #t
(char-ci<=? #\a #\A #\b) ⇒ #t
(char-ci>=? #\B #\a #\A) ⇒ #t
(char-ci=? #\x #\y) ⇒ #f
(map char-alphabetic? (list #\a #\space #\1 #\λ)) ⇒ (#t #f #f #t)
(map char-numeric? (list #\a #\1 #\٣)) ⇒ (#f #t #t)
(map char-whitespace? (list #\space #\newline #\a #\xA0)) ⇒ (#t #t #f #t)
(map char-upper-case? (list #\a #\A #\1 #\Σ)) ⇒ (#f #t #f #t)
(map char-lower-case? (list #\a #\A #\1 #\σ)) ⇒ (#t #f #f #t)
(map digit-value (list #\3 #\x0664 #\x0AE6 #\x0EA6 #\a)) ⇒ (3 4 0 #f #f)
(char->integer #\A) ⇒ 65
(integer->char 955) ⇒ #\λ
(char->integer #\x10FFFF) ⇒ 1114111
(integer->char 128512) ⇒ #\😀
(map char-upcase (list #\i #\λ #\1 #\ß)) ⇒ (#\I #\Λ #\1 #\ß)
(map char-downcase (list #\I #\Λ #\Σ)) ⇒ (#\i #\λ #\σ)
(map char-foldcase (list #\i #\Σ #\ς)) ⇒ (#\i #\σ #\σ)

;; 6.7 strings
(string? "a") ⇒ #t
(string? 'a) ⇒ #f
(string? (make-string 1 #\a)) ⇒ #t
"a\tb\n\"q\"\\" ⇒ "a\tb\n\"q\"\\"
"\x41;bc" ⇒ "Abc"
"\a\b" ⇒ "\a\b"
"one \
     line" ⇒ "one line"
"two
lines" ⇒ "two\nlines"
(string-length (make-string 3)) ⇒ 3
(make-string 3 #\*) ⇒ "***"
(make-string 0 #\a) ⇒ ""
(string) ⇒ ""
(string #\a #\b #\c) ⇒ "abc"
(string-length "") ⇒ 0
(string-length "abc") ⇒ 3
(string-length "日本語😀") ⇒ 4
(string-ref "abc" 1) ⇒ #\b
(string-ref "a😀b" 2) ⇒ #\b
(string-ref "abc" 3) ⇒ error
(let* ((key (string-copy "key")) (m (hash-map key 1))) (list (hash-map-ref m "key") (hash-map-ref (hash-map "key" 2) key) (equal? m (hash-map "key" 1)))) ⇒ (1 2 #t)
(let* ((key (string-copy "key")) (m (hash-map key 1))) (string-set! key 0 #\x) (list m (hash-map-ref m "key") (hash-map-ref m key 'none))) ⇒ (#hashmap{"key" 1} 1 none)
(let ((s (hash-set (string-copy "a") "a" (list (string-copy "b")) '("b")))) (list s (hash-set-contains? s (string #\a)))) ⇒ (#hashset{"a" ("b")} #t)
(let ((s (string-upcase "abc"))) (string-set! s 0 #\x) s) ⇒ "xBC"
(let ((s (string-downcase "ABC"))) (string-set! s 0 #\x) s) ⇒ "xbc"
(let ((s (string-foldcase "ABC"))) (string-set! s 0 #\x) s) ⇒ "xbc"
(let ((s (number->string 10))) (string-set! s 0 #\x) s) ⇒ "x0"
(let ((s (read-line (open-input-string "abc")))) (string-set! s 0 #\x) s) ⇒ "xbc"
(let ((p (open-output-string))) (write 'abc p) (let ((s (get-output-string p))) (string-set! s 0 #\x) (list s (get-output-string p)))) ⇒ ("xbc" "abc")
(let ((s (make-string 3 #\*))) (string-set! s 0 #\?) s) ⇒ "?**"
(let ((s (string-copy "abc"))) (string-set! s 1 #\😀) (string-set! s 2 #\x) s) ⇒ "a😀x"
(let ((s (string #\a #\b))) (string-set! s 1 #\z) s) ⇒ "az"
(let ((s (string-append "ab" "cd"))) (string-set! s 0 #\X) s) ⇒ "Xbcd"
(let ((s (list->string '(#\a #\b)))) (string-set! s 0 #\X) s) ⇒ "Xb"
(let ((s (substring "hello" 1 3))) (string-set! s 0 #\X) s) ⇒ "Xl"
(let ((s (make-string 2 #\a))) (string-set! s 2 #\b)) ⇒ error
(string-set! (symbol->string 'immutable) 0 #\?) ⇒ error
(string-set! "literal" 0 #\?) ⇒ error
(let ((a (make-string 2 #\a)) (b (make-string 2 #\a))) (list (eq? a b) (eq? a a) (equal? a b))) ⇒ (#f #t #t)
(string=? "a" "a" "a") ⇒ #t
(string=? "a" "a" "b") ⇒ #f
(string=? (string #\a) "a") ⇒ #t
(string<? "a" "b" "c") ⇒ #t
(string<? "abc" "abcd") ⇒ #t
(string>? "c" "b" "a") ⇒ #t
(string<=? "a" "a" "b") ⇒ #t
(string>=? "b" "a" "a") ⇒ #t
(string-ci=? "Strasse" "STRASSE" "strasse") ⇒ #t
(string-ci=? "Straße" "STRASSE") ⇒ #t
(string-ci<? "a" "B" "c") ⇒ #t
(string-ci>? "C" "b" "A") ⇒ #t
(string-ci<=? "a" "A" "b") ⇒ #t
(string-ci>=? "B" "a" "A") ⇒ #t
(string-upcase "abc") ⇒ "ABC"
(string-downcase "ABC") ⇒ "abc"
(string-foldcase "Straße") ⇒ "strasse"
(string-upcase "Straße") ⇒ "STRASSE"
(string-downcase "ΧΑΟΣ") ⇒ "χαος"
(string-foldcase "ΧΑΟΣΣ") ⇒ "χαοσσ"
(substring "hello" 1 3) ⇒ "el"
(substring "hello" 0 5) ⇒ "hello"
(substring "hello" 2 2) ⇒ ""
(substring "hello" 3 2) ⇒ error
(string-append) ⇒ ""
(string-append "foo" "bar" "baz") ⇒ "foobarbaz"
(string->list "apple") ⇒ (#\a #\p #\p #\l #\e)
(string->list "apple" 2) ⇒ (#\p #\l #\e)
(string->list "apple" 2 4) ⇒ (#\p #\l)
(list->string '(#\a #\b)) ⇒ "ab"
(list->string '()) ⇒ ""
(string-copy "hello") ⇒ "hello"
(string-copy "hello" 2) ⇒ "llo"
(string-copy "hello" 2 4) ⇒ "ll"
(let ((a "12345") (b (string-copy "abcde"))) (string-copy! b 1 a 0 2) b) ⇒ "a12de"
(let ((s (make-string 5 #\x))) (string-copy! s 1 "ab") s) ⇒ "xabxx"
(let ((s (string-copy "abcde"))) (string-copy! s 1 s 0 4) s) ⇒ "aabcd"
(let ((s (string-copy "abcde"))) (string-copy! s 0 s 1) s) ⇒ "bcdee"
(string-copy! (make-string 2 #\a) 1 "abc") ⇒ error
(let ((s (make-string 3 #\a))) (string-fill! s #\b) s) ⇒ "bbb"
(let ((s (string-copy "abcde"))) (string-fill! s #\x 1 3) s) ⇒ "axxde"
(let ((s (string-copy "abcde"))) (string-fill! s #\x 3) s) ⇒ "abcxx"
(let* ((s (string-copy "key")) (sym (string->symbol s))) (string-set! s 0 #\K) (list s sym)) ⇒ ("Key" key)
(let ((s (string-copy "12"))) (string-set! s 0 #\9) (string->number s)) ⇒ 92
(let ((s (string-copy "abc"))) (string-set! s 0 #\λ) (list (string-length s) (string->utf8 s))) ⇒ (3 #u8(206 187 98 99))

;; 6.8 vectors
(vector? #(1)) ⇒ #t
(vector? '(1)) ⇒ #f
(make-vector 3 'a) ⇒ #(a a a)
(vector-length (make-vector 4)) ⇒ 4
(vector 'a 'b 'c) ⇒ #(a b c)
(vector) ⇒ #()
(vector-length #()) ⇒ 0
(vector-length #(a b)) ⇒ 2
(vector-ref '#(1 1 2 3 5 8 13 21) 5) ⇒ 8
(vector-ref #(1) 1) ⇒ error
(let ((vec (vector 0 '(2 2 2 2) "Anna"))) (vector-set! vec 1 '("Sue" "Sue")) vec) ⇒ #(0 ("Sue" "Sue") "Anna")
(vector->list '#(dah dah didah)) ⇒ (dah dah didah)
(vector->list '#(dah dah didah) 1) ⇒ (dah didah)
(vector->list '#(dah dah didah) 1 2) ⇒ (dah)
(list->vector '(dididit dah)) ⇒ #(dididit dah)
(string->vector "ABC") ⇒ #(#\A #\B #\C)
(string->vector "ABCDE" 1) ⇒ #(#\B #\C #\D #\E)
(string->vector "ABCDE" 1 3) ⇒ #(#\B #\C)
(vector->string #(#\1 #\2 #\3)) ⇒ "123"
(vector->string #(#\1 #\2 #\3) 1) ⇒ "23"
(vector->string #(#\1 #\2 #\3) 1 2) ⇒ "2"
(vector->string #(1)) ⇒ error
(let* ((a #(1 8 2 8)) (b (vector-copy a))) (vector-set! b 0 3) (list a b (vector-copy b 1 3) (vector-copy b 2))) ⇒ (#(1 8 2 8) #(3 8 2 8) #(8 2) #(2 8))
(let ((a (vector 1 2 3 4 5)) (b (vector 10 20 30 40 50))) (vector-copy! b 1 a 0 2) b) ⇒ #(10 1 2 40 50)
(let ((a (vector 1 2 3 4 5))) (vector-copy! a 1 a 0 4) a) ⇒ #(1 1 2 3 4)
(let ((a (vector 1 2 3 4 5))) (vector-copy! a 0 a 1) a) ⇒ #(2 3 4 5 5)
(vector-copy! (vector 1 2) 1 #(1 2 3)) ⇒ error
(vector-append #(a b c) #(d e f)) ⇒ #(a b c d e f)
(vector-append) ⇒ #()
(vector-append #(1) #() #(2 3)) ⇒ #(1 2 3)
(let ((a (vector 1 2 3 4 5))) (vector-fill! a 'smash 2 4) a) ⇒ #(1 2 smash smash 5)
(let ((a (vector 1 2 3))) (vector-fill! a 0) a) ⇒ #(0 0 0)
(let ((a (vector 1 2 3))) (vector-fill! a 0 1) a) ⇒ #(1 0 0)

;; 6.9 bytevectors
(bytevector? #u8(1)) ⇒ #t
(bytevector? #(1)) ⇒ #f
(make-bytevector 2 12) ⇒ #u8(12 12)
(bytevector-length (make-bytevector 3)) ⇒ 3
(bytevector 1 3 5 1 3 5) ⇒ #u8(1 3 5 1 3 5)
(bytevector) ⇒ #u8()
(bytevector 256) ⇒ error
(bytevector-u8-ref '#u8(1 1 2 3 5 8 13 21) 5) ⇒ 8
(bytevector-u8-ref #u8(1) 1) ⇒ error
(let ((bv (bytevector 1 2 3 4))) (bytevector-u8-set! bv 1 3) bv) ⇒ #u8(1 3 3 4)
(bytevector-u8-set! (bytevector 1) 0 256) ⇒ error
(let ((a #u8(1 2 3 4 5))) (list (bytevector-copy a 2 4) (bytevector-copy a 3) (bytevector-copy a))) ⇒ (#u8(3 4) #u8(4 5) #u8(1 2 3 4 5))
(let ((a (bytevector 1 2 3 4 5)) (b (bytevector 10 20 30 40 50))) (bytevector-copy! b 1 a 0 2) b) ⇒ #u8(10 1 2 40 50)
(let ((a (bytevector 1 2 3 4 5))) (bytevector-copy! a 1 a 0 4) a) ⇒ #u8(1 1 2 3 4)
(bytevector-append (bytevector 0 1 2) (bytevector 3 4 5)) ⇒ #u8(0 1 2 3 4 5)
(bytevector-append) ⇒ #u8()
(utf8->string #u8(#x41)) ⇒ "A"
(utf8->string #u8(97 98 99 100) 1 3) ⇒ "bc"
(utf8->string #u8(97 98 99) 1) ⇒ "bc"
(string->utf8 "λ") ⇒ #u8(206 187)
(string->utf8 "abcd" 1 3) ⇒ #u8(98 99)
(string->utf8 "aλb" 1) ⇒ #u8(206 187 98)

;; 5.5 records
(pare? (kons 1 2)) ⇒ #t
(pare? (cons 1 2)) ⇒ #f
(kar (kons 1 2)) ⇒ 1
(kdr (kons 1 2)) ⇒ 2
(let ((k (kons 1 2))) (set-kar! k 3) (kar k)) ⇒ 3
(kar (cons 1 2)) ⇒ error
(let ((p (make-point 1 2))) (set-point-z! p 3) (set-point-y! p 5) (list (point-x p) (point-y p) (point-z p))) ⇒ (1 5 3)
(list (empty? (make-empty)) (empty? (kons 1 2))) ⇒ (#t #f)
(let ((n (all-fields 1 2))) (list (named? n) (named-a n) (named-b n))) ⇒ (#t 1 2)
(vector? (kons 1 2)) ⇒ #f
(let () (define-record-type local (make a) local? (a get)) (get (make 5))) ⇒ 5
(let ((p (kons 1 2))) (list (pair? p) (procedure? p) (eq? p p) (eqv? p (kons 1 2)))) ⇒ (#f #f #t #f)
