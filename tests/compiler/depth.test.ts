// How deep programs may nest: 10,000 expansions, and as much of anything else as memory allows.
//
// Every row is run, since what is too deep for a recursion of the compiler is cut into functions (pieces.ts).

import { describe, expect, test } from 'vitest';
import { evaluate } from '../support/evaluate.ts';

const nest = (open: string, inner: string, close: string, depth: number): string =>
  open.repeat(depth) + inner + close.repeat(depth);

/** Each level is one expansion. */
const EXPANSIONS: readonly (readonly [what: string, program: (depth: number) => string, printed: string])[] = [
  ['calls', (n) => nest('(+ 1 ', '0', ')', n), '9000'],
  ['conditionals', (n) => `(define x 1) ${nest('(if (> x 5) 1 ', 'x', ')', n)}`, '1'],
  ['bindings', (n) => `(define (f x) ${nest('(let ((y x)) ', '(+ y x)', ')', n)}) (f 1)`, '2'],
  [
    'closures, with an assigned variable',
    (n) => `(define (f x) ${nest('(car (list (lambda () ', '(set! x (+ x 1)) x', ')))', n / 3)}) (procedure? (f 1))`,
    '#t',
  ],
  [
    'assignments of variables that are further out',
    (n) => `(define (f x) ${nest('(let ((y 1)) (set! x (+ x y)) ', 'x', ')', n / 2)}) (f 0)`,
    '4500',
  ],
  ['handlers', (n) => nest('(catch ', '(raise 5)', ')', n), '5'],
  ['operators', (n) => `(define (h . r) h) (procedure? ${nest('(', 'h', ')', n)})`, '#t'],
  ['loops', (n) => `(define (f x) ${nest('(do ((i 0 (+ i 1))) ((= i 1) ', 'x', '))', n / 4)}) (f 7)`, '7'],
  ['bodies', (n) => `(define (f x) ${nest('(let () (define y x) ', 'x', ')', n / 2)}) (f 3)`, '3'],
];

describe('expansions', () => {
  test.each(EXPANSIONS)('%s nest 9,000 deep', (_what, program, printed) => {
    expect(evaluate(program(9000))).toEqual({ printed });
  });
});

const words = (count: number, word: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => word(i)).join(' ');

/** What makes deep code of flat text. */
const LONG: readonly (readonly [what: string, program: string, printed: string])[] = [
  [
    'cond',
    `(define (f x) (cond ${words(20_000, (i) => `((= x ${i}) ${i})`)} (else 'none))) (list (f 19999) (f -1))`,
    '(19999 none)',
  ],
  ['case', `(define (f x) (case x ${words(20_000, (i) => `((${i}) ${i})`)})) (f 19999)`, '19999'],
  ['let*', `(define (f x) (let* (${words(5_000, () => '(x (+ x 1))')}) x)) (f 0)`, '5000'],
  ['and', `(define (f x) (and ${words(20_000, () => 'x')})) (f 5)`, '5'],
  ['or', `(define (f x) (or ${words(20_000, () => 'x')} 'last)) (f #f)`, 'last'],
  ['begin', nest('(begin ', '5', ')', 20_000), '5'],
  ['quasiquote', `(define x 5) (length (list ${nest('`(a ,', 'x', ')', 2_500)}))`, '1'],
];

test.each(LONG)('%s of many parts', (_what, program, printed) => {
  expect(evaluate(program)).toEqual({ printed });
});

test('a loop whose body is cut goes round', () => {
  const deep = nest('(if (< i 0) 1 ', '(loop (+ i 1))', ')', 2_000);
  expect(evaluate(`(let loop ((i 0)) (if (= i 100) i ${deep}))`)).toEqual({ printed: '100' });
});

test('deeper than 10,000 expansions is an error, with its place', () => {
  const program = nest('(+ 1 ', '0', ')', 10_001);
  const { error } = evaluate(program);
  expect(error).toEqual({ tag: 'compile', message: 'expansion depth exceeded' });
});

test('eval takes data as deep', () => {
  const build = "(define (build n) (if (= n 0) 'x (list '+ 1 (build (- n 1)))))";
  expect(evaluate(`${build} (define (f x) (eval (build 9000))) (f 1)`)).toEqual({ printed: '9001' });
});

test('an error far inside is reported with its place', () => {
  const { error } = evaluate(nest('(+ 1 ', '(no-such-name)', ')', 3_000));
  expect(error).toEqual({ tag: 'compile', message: 'Undefined symbol: no-such-name' });
});

test('a continuation that was captured far inside can be entered again', () => {
  const inner = '(call/cc (lambda (k) (set! again k) 0))';
  const program = `(define again #f) (define n 0)
    (define total ${nest('(+ 1 ', inner, ')', 3_000)})
    (set! n (+ n 1))
    (if (< n 3) (again n))
    total`;
  expect(evaluate(program)).toEqual({ printed: '3002' });
});
