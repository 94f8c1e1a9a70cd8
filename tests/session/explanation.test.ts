// What a report says about an error beside its message, on every tier.

import { describe, expect, test } from 'vitest';
import { headLine, relatedLine } from '../../src/session/diagnostic-text.ts';
import type { Finding } from '../../src/session/outcome.ts';
import { Session, type SessionOptions } from '../../src/session/session.ts';
import { TIERS } from '../support/evaluate.ts';

// [program, notes; with "→", the label of a further place]
const ROWS = [
  ['(car 5)', ['note: the value is 5, an integer', 'usage: (car p)']],
  ["(cdr (cdr '(1 . 2)))", ['note: the value is 2, an integer', 'usage: (cdr p)']],
  ["(+ 1 'a)", ['note: the value is a, a symbol', 'usage: (+ n …)']],
  ['(- "x" 1)', ['note: the value is "x", a string', 'usage: (- n m …)']],
  ['(< 1 #t)', ['note: the value is #t, a boolean', 'usage: (< a b c …)']],
  ["(vector-ref '(1) 0)", ['note: the value is (1), a list', 'usage: (vector-ref v k)']],
  ['(vector-ref (vector 1 2) 2)', ['note: the index is 2, not in 0 … 1', 'usage: (vector-ref v k)']],
  ['(vector-ref (vector) 0)', ['note: the index is 0, of something empty', 'usage: (vector-ref v k)']],
  ['(vector-set! (vector 1) -1 0)', ['note: the index is -1, not in 0 … 0', 'usage: (vector-set! v k obj)']],
  ['(string-ref "añ" 2)', ['note: the index is 2, not in 0 … 1', 'usage: (string-ref s k)']],
  ["(length '(1 . 2))", ['note: the value is (1 . 2), a pair', 'usage: (length list)']],
  ['(string-length 1.5)', ['note: the value is 1.5, a flonum', 'usage: (string-length s)']],
  ["(hash-map-ref (hash-map 'a 1) 'b)", ['note: the key is b, a symbol', 'usage: (hash-map-ref m key [default])']],
  ["(for-each display '(1 . 2))", ['note: the value is (1 . 2), a pair', 'usage: (for-each f list …)']],
  ['("f" 1)', ['note: what is called here is "f", a string']],
  ['((hash-map 1 2) 1)', ['note: what is called here is #hashmap{1 2}']],
  ["(map (lambda (x) (car x)) '(()))", ['note: the value is (), the empty list', 'usage: (car p)']],
  ['(+ 1 car)', ['note: the value is the procedure (car p)', 'usage: (+ n …)']],
  ['(define (f x . y) x) (+ 1 f)', ['note: the value is the procedure (f x . y)', 'usage: (+ n …)']],
  ['(%json-write-string (list 1 #\\a))', ['note: the value is #\\a, a character']],
  ['(%json-write-string (hash-map (list 1) 2))', ['note: the value is (1), a list']],
  ['(%json-read-string "[1,\\n x]" #t)', ['note: line 2, column 2']],
  ['(%csv-read-record (%csv-reader-from-string "a,b\\n1\\n" \'()))', ['note: line 2, fields 1, columns 2']],
  ['(string-length)', ['usage: (string-length s)']],
  ['(map)', ['usage: (map f list …)']],
  ['(define (area w h) 1) (area 3)', ['→ (area w h) is defined here']],
  ["(map (lambda (x y) x) '(1))", ['→ (lambda (x y) …) is defined here']],
  ["(raise 'oops '(1))", ['note: the raised value is (1)']],
  ["(send! (nng-socket 'pair) (list 1 car))", ['note: what cannot be sent is the procedure (car p)']],
  ['(error "no" 1)', []],
  ['(/ 1 0)', []],
] as const;

describe.each(TIERS)('an uncaught error, tier %s', (tier) => {
  test.each(ROWS)('%s', (program, lines) => {
    const session = new Session({ tier });
    // In a function, so that it is translated where it can be.
    const [definitions, call] = /^(.*\) )?(\(.*)$/.exec(program)!.slice(1);
    const isDefinition = (definitions ?? '').startsWith('(define');
    const text = isDefinition ? `${definitions}(define (run) ${call}) (run)` : `(define (run) ${program}) (run)`;
    const [finding] = session.evaluateText(text, 'test.eta').findings;
    session.close();
    const places = (finding.related ?? []).map(({ label }) => `→ ${label}`);
    expect([...(finding.notes ?? []), ...places]).toEqual(lines);
  });
});

/** What is said about a program that imports std.prelude, its place first. */
function reported(text: string, options: SessionOptions = {}): string[] {
  const session = new Session(options);
  const { findings } = session.evaluateText(text, 'test.eta');
  session.close();
  return findings.flatMap(linesOf);
}

const linesOf = (finding: Finding): string[] => [
  headLine(finding),
  ...(finding.related ?? []).map(relatedLine),
  ...(finding.notes ?? []),
  ...(finding.hint === undefined ? [] : [`hint: ${finding.hint}`]),
  ...(finding.trace ?? []).map(({ name }) => `at ${name}`),
];

describe('an error inside the library is shown at the call', () => {
  // [program, what is said]
  test.each([
    [
      '(list (take (list 1 2) 1))',
      [
        'error [test.eta:1:7-1:26]: =: argument is not a number',
        'note: inside take the value is (1 2), a list',
        'usage: (take n xs)',
        'at take',
        'at __repl_0_init',
      ],
    ],
    [
      '(list (sort (list 2 1) <))',
      [
        'error [test.eta:1:7-1:26]: cdr: not a pair',
        'note: inside sort the value is the procedure (< a b c …)',
        'usage: (sort less? xs)',
        'at sort',
        'at __repl_0_init',
      ],
    ],
    [
      // What f calls in its place is not what stands at the call of f.
      '(define (f) (take (list 1 2) 1)) (list (f))',
      [
        'error [test.eta:1:40-1:43]: =: argument is not a number',
        'note: inside take the value is (1 2), a list',
        'at take',
        'at __repl_0_init',
      ],
    ],
    [
      '(list (map* (lambda () 1) (list 1)))',
      [
        'error [test.eta:1:7-1:36]: Wrong number of arguments: expected 0, got 1',
        '  [test.eta:1:13-1:26]: (lambda () …) is defined here',
        'note: it was called inside map*',
        'at map*',
        'at __repl_0_init',
      ],
    ],
    [
      // A procedure of the program that the library calls is the program.
      '(list (map* (lambda (x) (car x)) (list 1)))',
      [
        'error [test.eta:1:25-1:32]: car: not a pair',
        'note: the value is 1, an integer',
        'usage: (car p)',
        'at __repl_0_init_lambda0',
        'at map*',
        'at __repl_0_init',
      ],
    ],
    [
      '(import std.args) (list (args:parse (quote ((port (--port) int))) (list "--prot" "1")))',
      [
        'error [test.eta:1:25-1:87]: args: unknown option',
        'note: the option is "--prot"',
        "hint: did you mean '--port'?",
        'at unknown-option',
        'at parse-tokens',
        'at __repl_0_init',
      ],
    ],
  ])('%s', (program, lines) => {
    expect(reported(program)).toEqual(lines);
  });
});

describe('an error of eval is shown at the call and in the datum', () => {
  test.each([
    [
      "(list (eval '(list (prinltn 1))))",
      [
        'error [test.eta:1:7-1:33]: Undefined symbol: prinltn',
        '  [eval:1:8-1:15]: in what is evaluated here',
        "hint: did you mean 'println'?",
        'at __repl_0_init',
      ],
    ],
    [
      "(list (eval '(car 5)))",
      [
        'error [test.eta:1:7-1:22]: car: not a pair',
        'note: the value is 5, an integer',
        'usage: (car p)',
        'at eval',
        'at __repl_0_init',
      ],
    ],
    [
      "(list (eval '(list (if) (nope))))",
      [
        'error [test.eta:1:7-1:33]: if: invalid syntax; expected (if test consequent [alternate])',
        '  [eval:1:7-1:11]: in what is evaluated here',
        'error [test.eta:1:7-1:33]: Undefined symbol: nope',
        '  [eval:1:13-1:17]: in what is evaluated here',
        'at __repl_0_init',
      ],
    ],
  ])('%s', (program, lines) => {
    expect(reported(program)).toEqual(lines);
  });
});

describe('advice', () => {
  // [program, what is said]
  test.each([
    [
      '(define (count n) (+ 1 (count n))) (list (count 1))',
      'hint: count calls itself again and again: does it come to a case in which it stops?',
    ],
    [
      '(define (ping n) (+ 1 (pong n))) (define (pong n) (+ 1 (ping n))) (list (ping 1))',
      /^hint: p[io]ng calls itself again and again/,
    ],
    [
      '(define (grow xs n) (grow (cons n xs) (+ n 1))) (grow (list) 0)',
      /^hint: the program holds more data than the heap limit allows; the variable ETA_HEAP_SOFT_LIMIT sets it: 2G, say$/,
    ],
    ['(define m (hash-map 1 2)) (list (m 1))', 'hint: a value of a hash map is (hash-map-ref map key)'],
    ['(list (#(1 2) 0))', 'hint: an element of a vector is (vector-ref vector index)'],
    ['(list (1 + 2))', 'hint: the procedure stands first: (+ 1 2)'],
    ['(list (string-append "n = " 5))', 'hint: number->string makes a string of it'],
    ['(if #t 1 2 3)', 'hint: several forms in one branch stand in (begin …)'],
    [
      '(let ((x 5) (y (+ x 1))) y)',
      'hint: let binds its names for its body alone: with let*, each value sees the names before it',
    ],
    ['(define (f prefix) 1)', 'hint: the language keeps this word to itself: choose another name'],
    ['(define-syntax my (syntax-rules (=>) ((my a => b) 1))) (my 1)', 'hint: it is used like (my a => b)'],
    [
      '(define-syntax my (syntax-rules () ((_) 0) ((_ (a b) ... . c) 1))) (my 1 2)',
      'hint: it is used like\n(my)\n(my (a b) ... . c)',
    ],
    [
      '(define-syntax in (syntax-rules () ((_ a) 1))) (define-syntax out (syntax-rules () ((_ a) (in a a)))) (out 5)',
      'hint: it is used like (in a)',
    ],
  ])('%s', (program, advice) => {
    const hint = reported(program, { heapLimitBytes: 40_000_000 }).find((line) => line.startsWith('hint: '));
    if (typeof advice === 'string') expect(hint).toBe(advice);
    else expect(hint).toMatch(advice);
  });
});

test('a tagless raise shows its value', () => {
  expect(reported('(raise \'(1 "two"))')[0]).toBe('error [test.eta:1:1-1:19]: Unhandled raise: (1 "two")');
});

describe('a main that cannot be called', () => {
  const hint =
    'hint: a started file calls its main: a procedure without parameters, or with one, the list of its arguments';
  test.each([
    ['(define (main a b) 1)', ['error [p.eta:1:10-1:14]: call_value: expected 2 argument(s), got 0', hint]],
    [
      '(define main 5)',
      ['error [p.eta:1:9-1:13]: call_value: argument is not a procedure', 'note: the value is 5, an integer', hint],
    ],
    [
      '(module p (define (main a . b) 1))',
      ['error [p.eta:1:20-1:24]: call_value: expected at least 1 argument(s), got 0', hint],
    ],
  ])('%s', (program, lines) => {
    const session = new Session({});
    const { findings, status } = session.runText(program, 'p.eta');
    session.close();
    expect({ lines: findings.flatMap(linesOf), status }).toEqual({ lines, status: 1 });
  });
});

test('a long value is cut', () => {
  const session = new Session({});
  const [finding] = session.evaluateText('(car (make-vector 1000 1))', 'test.eta').findings;
  session.close();
  expect(finding.notes![0]).toMatch(/^note: the value is #\((1 )+…, a vector$/);
});
