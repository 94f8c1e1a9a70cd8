// Local procedures that need no closure: which they are, and that nobody can tell.

import { describe, expect, test } from 'vitest';
import type { CodeObject } from '../../src/bytecode/code.ts';
import { functionsIn } from '../../src/bytecode/functions.ts';
import { OPS, Op } from '../../src/bytecode/ops.ts';
import type { Closure } from '../../src/bytecode/procedures.ts';
import { Session } from '../../src/session/session.ts';
import { behaviour } from '../vm/tier-comparison.ts';

/** The functions in a procedure that no closure is made of. */
function liftedIn(program: string): string[] {
  const session = new Session();
  try {
    const { value, findings } = session.evaluateText(`${program} f`, 'test.eta');
    if (value === undefined) throw new Error(findings[0].message);
    const codes = functionsIn((value as Closure).code);
    const closed = new Set(codes.flatMap(closuresMadeBy));
    return codes
      .slice(1)
      .filter((code) => !closed.has(code))
      .map(({ name }) => name);
  } finally {
    session.close();
  }
}

function closuresMadeBy({ code, constants }: CodeObject): CodeObject[] {
  const made: CodeObject[] = [];
  for (let pc = 0; pc < code.length; pc += 1 + OPS[code[pc]].operands.length)
    if (code[pc] === Op.MakeClosure) made.push(constants[code[pc + 1]] as CodeObject);
  return made;
}

// [what it is about, program, names of what is lifted]
const LIFTED: readonly (readonly [string, string, readonly string[]])[] = [
  ['a helper', '(define (f a) (define (g x) (+ x a)) (* (g 1) (g 2)))', ['g']],
  ['a recursion', '(define (f a) (define (g x) (if (= x 0) a (+ 1 (g (- x 1))))) (g 3))', ['g']],
  ['one that is bound by let', '(define (f a) (let ((g (lambda (x) (+ x a))) (y 2)) (* (g 1) (g y))))', ['g']],
  [
    'two that call each other',
    '(define (f a) (define (g x) (if (= x 0) a (+ 1 (h (- x 1))))) (define (h x) (+ 1 (g x))) (g 3))',
    ['g', 'h'],
  ],
  [
    'one inside of another that it calls',
    '(define (f a) (define (g t) (define (h l) (if (null? l) a (+ (g (car l)) (h (cdr l))))) (if (pair? t) (h t) 1)) (+ (g 1) (g a)))',
    ['g', 'h'],
  ],
  [
    'one in a loop',
    '(define (f a) (let l ((i 0)) (let ((g (lambda (x) (+ x i a)))) (if (> (+ (g 1) (g 2)) 9) i (l (+ i 1))))))',
    ['g'],
  ],
  ['one in a closure', '(define (f a) (lambda (b) (define (g x) (+ x a b)) (* (g 1) (g 2))))', ['g']],
  [
    'one that uses another that is a value, too',
    '(define (f a) (define (g x) (+ x a)) (define (h x) (* 2 (g x))) (list (h 1) (h 2) (map g a)))',
    ['h'],
  ],
  ['none that is a value', '(define (f a) (define (g x) (+ x a)) (map g (list (g 1))))', []],
  ['none that is called wrongly', '(define (f a) (define (g x) (+ x a)) (list (g 1) (g 1 2)))', []],
  ['none that takes any number of arguments', '(define (f a) (define (g . x) (cons a x)) (list (g 1) (g 2)))', []],
  ['none that is assigned', '(define (f a) (define (g x) (+ x a)) (if (= a 1) (set! g car)) (list (g 1) (g 2)))', []],
  ['none that a closure calls', '(define (f a) (define (g x) (+ x a)) (g 1) (lambda () (g 2)))', []],
  [
    'none that what is no longer lifted calls',
    '(define (f a) (define (g x) (+ x a)) (define (h x) (g (g x))) (list (h 1) (map h a)))',
    [],
  ],
  ['none with a variable that is assigned', '(define (f a) (define (g x) (set! a (+ x a))) (g 1) (g 2) a)', []],
  [
    'none with many variables',
    '(define (f a b c d e u v) (define (g x) (list x a b c d e u v)) (list (g 1) (g 2)))',
    [],
  ],
  ['none that an eval may see', "(define (f a) (define (g x) (+ x a)) (list (g 1) (eval '(g 2))))", []],
];

describe('what is lifted', () => {
  test.each(LIFTED)('%s', (_, program, names) => {
    expect(liftedIn(program)).toEqual(names);
  });
});

/** Call a procedure of one argument with n, n-1, … 1 and give the last value. */
const HOT = '(define (hot n f) (if (= n 1) (f 1) (begin (f n) (hot (- n 1) f))))';

// [what it is about, program, a part of its behaviour]
const PROGRAMS = [
  [
    'an error in what is lifted, with the trace of all',
    `(define (f a)
       (define (inner x) (+ 1 (car x)))
       (define (outer x) (* a (inner x)))
       (- (outer a) 1))
     (hot 2000 (lambda (n) (f (if (= n 1) 'oops n))))`,
    'car: not a pair',
  ],
  [
    'the name and place of each, also of one without a name',
    `(define (f a)
       (let ((g (lambda (x) (vector-ref a x))))
         (+ (g 0) (g 1))))
     (hot 2000 (lambda (n) (f (if (= n 1) (vector 1) (vector 1 2)))))`,
    'g 3:29\n  f 4:19',
  ],
  [
    'a call with a wrong number of arguments',
    '(define (f a) (define (g x) (+ x a)) (if (= a 1) (g) (g 1)))\n(hot 2000 f)',
    'expected 1, got 0',
  ],
  [
    'a continuation that is captured in what is lifted, and entered again',
    `(define k #f)
     (define (f a)
       (define (walk x) (if (= x 0) (if (= a 1) (call/cc (lambda (c) (set! k c) 10)) a) (+ a x (walk (- x 1)))))
       (+ (walk 2) (walk 1)))
     (define log '())
     (let ((v (hot 2000 f))) (set! log (cons v log)) (if (< (length log) 4) (k (* 100 (length log))) log))`,
    '(317 217 117 27)',
  ],
  [
    'a recursion that is deeper than the stack of the host',
    `(define (f a)
       (define (up n b) (if (= n 0) (list a b) (let ((r (up (- n 1) b))) (if (= a 0) n r))))
       (up (if (= a 1) 60000 5) 'b))
     (hot 500 f)`,
    '(1 b)',
  ],
  [
    'variables of a loop, whose turns have their own',
    `(define (f a)
       (let loop ((i 0) (made '()))
         (if (= i 3)
             (map (lambda (g) (g)) made)
             (let ((h (lambda (x) (lambda () (list x i a))))) (loop (+ i 1) (cons (h 1) (cons (h 2) made)))))))
     (hot 2000 f)`,
    '((1 2 1) (2 2 1) (1 1 1) (2 1 1) (1 0 1) (2 0 1))',
  ],
  [
    'arguments that are evaluated from the left, once',
    `(define log '())
     (define (note x) (set! log (cons x log)) x)
     (define (f a)
       (define (g x y) (list x y a))
       (set! log '())
       (list (g (note 1) (note 2)) (g (note 3) (note 4)) log))
     (hot 2000 f)`,
    '((1 2 1) (3 4 1) (4 3 2 1))',
  ],
  [
    'tail calls, of one another',
    `(define (f a)
       (define (even n) (if (= n 0) a (odd (- n 1))))
       (define (odd n) (if (= n 0) #f (even (- n 1))))
       (list (even 100) (even 101)))
     (list (hot 500 f) (let () (define (e n) (if (= n 0) 'even (o (- n 1)))) (define (o n) (if (= n 0) 'odd (e (- n 1)))) (e 100001)))`,
    '((1 #f) odd)',
  ],
  [
    'a raise out of what is lifted, and a catch in it',
    `(define (f a)
       (define (g x) (if (= x 0) (raise 'out a) (+ 1 (g (- x 1)))))
       (define (h x) (catch 'out (g x)))
       (list (h 2) (catch 'out (+ 1 (g 3)))))
     (hot 2000 f)`,
    '(1 1)',
  ],
  [
    'a dynamic-wind around a call that leaves',
    `(define (f a)
       (define log '())
       (define (g k x) (if (= x 0) (k a) (+ 1 (g k (- x 1)))))
       (let ((v (call/cc (lambda (k) (dynamic-wind (lambda () (set! log (cons 'in log))) (lambda () (+ 1 2) (k 7)) (lambda () (set! log (cons 'out log))))))))
         (list v (g (lambda (x) x) 3) log)))
     (hot 2000 f)`,
    '(7 4 (out in))',
  ],
  [
    'flonums that come along',
    `(define (f a)
       (define scale (/ a 2.0))
       (define (g x) (* x scale))
       (define (sum i acc) (if (= i 0) acc (+ (g i) (sum (- i 1) acc))))
       (list (sum 4 0) (g 2) (g 4)))
     (hot 2000 f)`,
    '(5.0 1.0 2.0)',
  ],
] as const;

describe('lifting is not seen', () => {
  test.each(PROGRAMS)('%s', (_, body, part) => {
    const program = `${HOT}\n${body}`;
    const expected = behaviour(program, 'off');
    expect(expected).toContain(part);
    for (const tier of ['on', 'force'] as const) expect(behaviour(program, tier)).toEqual(expected);
  });
});
