// What etai check says, file by file: through the session's checker, so with real imports.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { etaFiles } from '../../src/cli/source-files.ts';
import { checkFile } from '../../src/session/checker.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta-check-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `L:C MESSAGE`, errors marked. */
function check(text: string, name = 'f.eta'): string[] {
  const file = join(folder, name);
  writeFileSync(file, text);
  return checkFile(file, {}).map(({ severity, message, span }) => {
    const mark = severity === 'error' ? 'error ' : '';
    return `${mark}${span.startLine}:${span.startColumn} ${message}`;
  });
}

// [text, findings]
const ROWS: readonly (readonly [string, readonly string[]])[] = [
  ['(println 1)', []],
  ['(println (let ((x 1)) 2))', ['1:17 unused variable: x (unused-variable)']],
  ['(println (let ((_x 1)) 2))', []],
  ['(println (let ((x 1)) (set! x 2) 3))', ['1:17 unused variable: x (unused-variable)']],
  ['(define (main) (define (helper) 1) 2)', ['1:25 unused variable: helper (unused-variable)']],
  ['(println (lambda (x) 2))', []],
  ['(println (let ((x 1)) (eval (read))))', []],
  ['(println (do ((i 0 (+ i 1))) (#t 1)))', []],
  ['(module m (export f) (define (f) 1) (define (g) 2))', ['1:46 unused definition: g (unused-definition)']],
  ['(module m (define (main) 1))', []],
  ['(module m (export f) (define-record-type p (make-p x) p? (x p-x)) (define (f) 1))', []],
  ['(module m (export s) (define (g) 1) (define-syntax s (syntax-rules () ((_) (g)))))', []],
  [
    '(module m (import std.io) (import std.math))',
    ['1:19 unused import: std.io (unused-import)', '1:35 unused import: std.math (unused-import)'],
  ],
  ['(module m (import (only std.io println eprintln)) (println 1))', ['1:19 unused import: eprintln (unused-import)']],
  ['(module m (import (prefix std.io io:)) (io:println 1))', []],
  ['(module m (import std.io) (export println))', []],
  ['(define (car x) x) (car 1)', ['1:10 car takes the name of a builtin (shadowed-builtin)']],
  ['(println (let ((list 1)) list))', []],
  ['(car 1 2)', ['1:1 car takes 1, but is given 2 (wrong-arity)']],
  ['(vector-ref)', ['1:1 vector-ref takes 2, but is given 0 (wrong-arity)']],
  ['(define (f x . r) x) (f) (f 1) (f 1 2)', ['1:22 f takes at least 1, but is given 0 (wrong-arity)']],
  ['(define (f x) x) (set! f list) (f)', []],
  ['(define (f x) x) (define (f) 1) (f 1)', []],
  ['(println (let ((f (lambda (x) x))) (f)))', ['1:36 f takes 1, but is given 0 (wrong-arity)']],
  ['((lambda (x) x))', ['1:1 lambda takes 1, but is given 0 (wrong-arity)']],
  ['(sort 1 2 3)', ['1:1 sort takes 2, but is given 3 (wrong-arity)']],
  ["(catch 'runtime.typo 1)", ['1:1 no error has the tag runtime.typo (unknown-tag)']],
  ["(catch 'runtime.type-error (car 1)) (catch 'mine 1)", []],
  // Errors come together, and nothing is run.
  [
    '(println (undefined-1))\n(println undefined-2)',
    ['error 1:11 Undefined symbol: undefined-1', 'error 2:10 Undefined symbol: undefined-2'],
  ],
  ['(error "never run")', []],
  // Silence
  [';; eta-ignore: unused-variable\n(println (let ((x 1)) 2))', []],
  ['(println (let ((x 1)) 2)) ; eta-ignore: unused-variable', []],
  [';; eta-ignore: wrong-arity\n(println (let ((x 1)) 2))', ['2:17 unused variable: x (unused-variable)']],
  [
    '(begin\n  ;; eta-ignore: unused-variable, wrong-arity\n  (let ((x (car)))\n    2)\n  (car))',
    ['5:3 car takes 1, but is given 0 (wrong-arity)'],
  ],
];

describe('lints', () => {
  test.each(ROWS)('%s', (text, findings) => {
    expect(check(text)).toEqual(findings);
  });

  test('of more forms than a call can have arguments', () => {
    expect(check(`(println (list ${'1 '.repeat(150_000)}))`)).toEqual([]);
  });

  test('errors of imports are reported, their warnings are not', () => {
    check('(module lib (export f) (define (f) (car 1 2)))', 'lib.eta');
    expect(check('(import lib) (f)')).toEqual([]);
    check('(module bad (export f) (define (f) nowhere))', 'bad.eta');
    expect(check('(import bad) (f)')).toEqual(['error 1:36 Undefined symbol: nowhere']);
  });
});

test.each(['stdlib/std', 'examples'])('%s has no findings', (part) => {
  const { files } = etaFiles([join(ROOT, part)]);
  expect(files.length).toBeGreaterThan(10);
  expect(files.flatMap((file) => checkFile(file, {}).map(({ message }) => `${file}: ${message}`))).toEqual([]);
});
