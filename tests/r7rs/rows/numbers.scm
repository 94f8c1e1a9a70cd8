;;; R7RS 6.2: numbers, but for exact fractions, integers beyond 64 bits and complex numbers.

---
(number? 3) ⇒ #t
(number? 'a) ⇒ #f
(complex? 3) ⇒ #t
(real? 3) ⇒ #t
(real? -2.5) ⇒ #t
(real? 1e10) ⇒ #t
(real? +inf.0) ⇒ #t
(real? +nan.0) ⇒ #t
(rational? 6) ⇒ #t
(rational? 3.5) ⇒ #t
(rational? -inf.0) ⇒ #f
(rational? +nan.0) ⇒ #f
(integer? 3.0) ⇒ #t
(integer? 3.5) ⇒ #f
(integer? +inf.0) ⇒ #f
(integer? "3") ⇒ #f
(exact? 3.0) ⇒ #f
(exact? 3) ⇒ #t
(exact? #e3.0) ⇒ #t
(inexact? 3.) ⇒ #t
(inexact? 3) ⇒ #f
(exact? 'a) ⇒ error
(exact-integer? 32) ⇒ #t
(exact-integer? 32.0) ⇒ #f
(exact-integer? 'a) ⇒ #f
(finite? 3) ⇒ #t
(finite? +inf.0) ⇒ #f
(finite? +nan.0) ⇒ #f
(infinite? 3) ⇒ #f
(infinite? +inf.0) ⇒ #t
(infinite? -inf.0) ⇒ #t
(infinite? +nan.0) ⇒ #f
(nan? +nan.0) ⇒ #t
(nan? 32) ⇒ #f
(= 1 1.0 1) ⇒ #t
(= 1 2) ⇒ #f
(= 0.0 -0.0) ⇒ #t
(= +nan.0 +nan.0) ⇒ #f
(< 1 2 3) ⇒ #t
(< 1 1 2) ⇒ #f
(> 3.0 2.0 1.0) ⇒ #t
(> -3.0 2.0 1.0) ⇒ #f
(<= 1 1 2) ⇒ #t
(<= 1 2 1) ⇒ #f
(>= 2 1 1) ⇒ #t
(>= 1 2) ⇒ #f
(< 1 'a) ⇒ error
(list (zero? 0) (zero? 0.0) (zero? 1) (zero? -0.0)) ⇒ (#t #t #f #t)
(list (positive? 0) (positive? 1.0) (positive? -1)) ⇒ (#f #t #f)
(list (negative? 0) (negative? -1.0) (negative? 1)) ⇒ (#f #t #f)
(list (odd? 0) (odd? 1) (odd? -1) (odd? 1.0)) ⇒ (#f #t #t #t)
(list (even? 0) (even? 1) (even? -2) (even? 2.0)) ⇒ (#t #f #t #t)
(max 3 4) ⇒ 4
(max 3.9 4) ⇒ 4.0
(max 1) ⇒ 1
(max 5 1 3) ⇒ 5
(min 3 4) ⇒ 3
(min 3 3.1) ⇒ 3.0
(min 1) ⇒ 1
(+ 3 4) ⇒ 7
(+ 3) ⇒ 3
(+) ⇒ 0
(+ 1 2.0) ⇒ 3.0
(* 4) ⇒ 4
(*) ⇒ 1
(* 2 3 4) ⇒ 24
(- 3 4) ⇒ -1
(- 3 4 5) ⇒ -6
(- 3) ⇒ -3
(/ 6 3) ⇒ 2
(/ 3.0 2) ⇒ 1.5
(/ 1.0) ⇒ 1.0
(abs -7) ⇒ 7
(abs 7) ⇒ 7
(abs -7.5) ⇒ 7.5
(call-with-values (lambda () (floor/ 5 2)) list) ⇒ (2 1)
(call-with-values (lambda () (floor/ -5 2)) list) ⇒ (-3 1)
(call-with-values (lambda () (floor/ 5 -2)) list) ⇒ (-3 -1)
(call-with-values (lambda () (floor/ -5 -2)) list) ⇒ (2 -1)
(call-with-values (lambda () (truncate/ 5 2)) list) ⇒ (2 1)
(call-with-values (lambda () (truncate/ -5 2)) list) ⇒ (-2 -1)
(call-with-values (lambda () (truncate/ 5 -2)) list) ⇒ (-2 1)
(call-with-values (lambda () (truncate/ -5 -2)) list) ⇒ (2 -1)
(call-with-values (lambda () (truncate/ -5.0 2)) list) ⇒ (-2.0 -1.0)
(call-with-values (lambda () (floor/ -5.0 2)) list) ⇒ (-3.0 1.0)
(list (floor-quotient 7 -2) (floor-remainder 7 -2) (truncate-quotient 7 -2) (truncate-remainder 7 -2)) ⇒ (-4 -1 -3 1)
(modulo 13 4) ⇒ 1
(remainder 13 4) ⇒ 1
(modulo -13 4) ⇒ 3
(remainder -13 4) ⇒ -1
(modulo 13 -4) ⇒ -3
(remainder 13 -4) ⇒ 1
(modulo -13 -4) ⇒ -1
(remainder -13 -4.0) ⇒ -1.0
(quotient 17 5) ⇒ 3
(quotient -17 5) ⇒ -3
(quotient 17.0 5) ⇒ 3.0
(quotient 1 0) ⇒ error
(modulo 1 0) ⇒ error
(gcd 32 -36) ⇒ 4
(gcd) ⇒ 0
(gcd 12) ⇒ 12
(gcd 12 18 27) ⇒ 3
(gcd -4) ⇒ 4
(lcm 32 -36) ⇒ 288
(lcm 32.0 -36) ⇒ 288.0
(lcm) ⇒ 1
(lcm 2 3 4) ⇒ 12
(lcm 0 5) ⇒ 0
(numerator 6) ⇒ 6
(denominator 6) ⇒ 1
(denominator 0) ⇒ 1
(denominator 0.5) ⇒ 2.0
(numerator 0.75) ⇒ 3.0
(floor -4.3) ⇒ -5.0
(ceiling -4.3) ⇒ -4.0
(truncate -4.3) ⇒ -4.0
(round -4.3) ⇒ -4.0
(floor 3.5) ⇒ 3.0
(ceiling 3.5) ⇒ 4.0
(truncate 3.5) ⇒ 3.0
(round 3.5) ⇒ 4.0
(round 2.5) ⇒ 2.0
(round -2.5) ⇒ -2.0
(round 0.5) ⇒ 0.0
(round -0.5) ⇒ -0.0
(round 7) ⇒ 7
(floor 7) ⇒ 7
(rationalize .3 (/ 1.0 10)) ⇒ 0.3333333333333333
(exp 0) ⇒ 1.0
(exp 0.0) ⇒ 1.0
(log 1) ⇒ 0.0
(log 1.0) ⇒ 0.0
(log 8 2) ⇒ 3.0
(log 100 10) ⇒ 2.0
(sin 0) ⇒ 0.0
(cos 0) ⇒ 1.0
(tan 0) ⇒ 0.0
(asin 0) ⇒ 0.0
(acos 1) ⇒ 0.0
(atan 0) ⇒ 0.0
(sin 0.0) ⇒ 0.0
(cos 0.0) ⇒ 1.0
(tan 0.0) ⇒ 0.0
(asin 1.0) ⇒ 1.5707963267948966
(acos 1.0) ⇒ 0.0
(acos -1.0) ⇒ 3.141592653589793
(atan 1.0 1.0) ⇒ 0.7853981633974483
(atan 0.0 -1.0) ⇒ 3.141592653589793
(atan -0.0 1.0) ⇒ -0.0
(atan -1.0 0.0) ⇒ -1.5707963267948966
(atan 1.0) ⇒ 0.7853981633974483
(square 42) ⇒ 1764
(square 2.0) ⇒ 4.0
(square -3) ⇒ 9
(sqrt 9) ⇒ 3
(sqrt 9.0) ⇒ 3.0
(sqrt 2) ⇒ 1.4142135623730951
(sqrt 0) ⇒ 0
(sqrt 16) ⇒ 4
(exact? (sqrt 16)) ⇒ #t
(call-with-values (lambda () (exact-integer-sqrt 4)) list) ⇒ (2 0)
(call-with-values (lambda () (exact-integer-sqrt 5)) list) ⇒ (2 1)
(call-with-values (lambda () (exact-integer-sqrt 0)) list) ⇒ (0 0)
(call-with-values (lambda () (exact-integer-sqrt 9223372036854775807)) list) ⇒ (3037000499 5928526806)
(exact-integer-sqrt -1) ⇒ error
(expt 3 3) ⇒ 27
(expt 3 0) ⇒ 1
(expt 0 0) ⇒ 1
(expt 0 1) ⇒ 0
(expt 0.0 0) ⇒ 1
(expt 0 1.0) ⇒ 0.0
(expt 2 0.5) ⇒ 1.4142135623730951
(expt 2.0 3) ⇒ 8.0
(expt 2 -2) ⇒ 0.25
(expt -1 5) ⇒ -1
(inexact 3) ⇒ 3.0
(inexact 3.5) ⇒ 3.5
(exact 3.0) ⇒ 3
(exact 3) ⇒ 3
(exact (floor 2.5)) ⇒ 2
(exact +inf.0) ⇒ error
(exact +nan.0) ⇒ error
(number->string 10) ⇒ "10"
(number->string 255 16) ⇒ "ff"
(number->string -255 16) ⇒ "-ff"
(number->string 5 2) ⇒ "101"
(number->string 8 8) ⇒ "10"
(number->string 3.5) ⇒ "3.5"
(number->string 2.0) ⇒ "2.0"
(number->string +inf.0) ⇒ "+inf.0"
(number->string -inf.0) ⇒ "-inf.0"
(number->string +nan.0) ⇒ "+nan.0"
(string->number "100") ⇒ 100
(string->number "100" 16) ⇒ 256
(string->number "1e2") ⇒ 100.0
(string->number "FF" 16) ⇒ 255
(string->number "-ff" 16) ⇒ -255
(string->number "101" 2) ⇒ 5
(string->number "102" 2) ⇒ #f
(string->number "17" 8) ⇒ 15
(string->number "#xff") ⇒ 255
(string->number "#b101" 10) ⇒ 5
(string->number "#e1.0") ⇒ 1
(string->number "#i1") ⇒ 1.0
(string->number "#x#e10") ⇒ 16
(string->number "1.5") ⇒ 1.5
(string->number ".5") ⇒ 0.5
(string->number "-.5e1") ⇒ -5.0
(string->number "1.") ⇒ 1.0
(string->number "+5") ⇒ 5
(string->number "+inf.0") ⇒ +inf.0
(string->number "-INF.0") ⇒ -inf.0
(nan? (string->number "+nan.0")) ⇒ #t
(string->number "") ⇒ #f
(string->number "-") ⇒ #f
(string->number ".") ⇒ #f
(string->number "abc") ⇒ #f
(string->number "1 2") ⇒ #f
(string->number " 1") ⇒ #f
(string->number "1e") ⇒ #f
(string->number "- 1") ⇒ #f
(string->number "inf") ⇒ #f
#xFF ⇒ 255
#b-101 ⇒ -5
#o17 ⇒ 15
#d10 ⇒ 10
#e1.0 ⇒ 1
#i5 ⇒ 5.0
#x#i10 ⇒ 16.0
1e3 ⇒ 1000.0
-0.0 ⇒ -0.0
1E3 ⇒ 1000.0
(list (exact (truncate 2.9)) (exact (round 2.5)) (exact -0.0)) ⇒ (2 2 0)
(* 1.0 0) ⇒ 0.0
(- 0.0) ⇒ -0.0
(+ 9223372036854775806 1) ⇒ 9223372036854775807
(- 5 5.0) ⇒ 0.0
(exact 1e18) ⇒ 1000000000000000000
(list (real-part 5) (imag-part 5) (real-part 1.5) (magnitude -5) (angle 1) (angle -1)) ⇒ (5 0 1.5 5 0 3.141592653589793)
(list (make-rectangular 5 0) (make-polar 2.5 0)) ⇒ (5 2.5)
(make-rectangular 1 2) ⇒ error
