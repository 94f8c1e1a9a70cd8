// R7RS-small, by whole programs: libraries, includes, top-level forms, ways to end.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { writeFiles } from '../support/files.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');

interface Program {
  readonly what: string;
  /** By name; `main.scm` is the program. */
  readonly files: Readonly<Record<string, string>>;
  readonly output: string;
  readonly status?: number;
  /** What the first line on standard error ends with. */
  readonly error?: string;
}

const BASE = '(import (scheme base) (scheme write))';

const PROGRAMS: readonly Program[] = [
  {
    what: 'a library in the file of the program',
    files: {
      'main.scm': `
        (define-library (stack)
          (export make push! pop! empty? (rename depth-of depth))
          (import (scheme base))
          (begin
            (define (make) (list '()))
            (define (push! s v) (set-car! s (cons v (car s))))
            (define (pop! s) (let ((v (caar s))) (set-car! s (cdar s)) v))
            (define (empty? s) (null? (car s)))
            (define (depth-of s) (length (car s)))))
        (import (scheme base) (scheme write) (prefix (only (stack) make push! pop! depth) stack-) (rename (stack) (empty? none?)))
        (define s (stack-make))
        (stack-push! s 1)
        (stack-push! s 2)
        (write (list (stack-depth s) (stack-pop! s) (none? s)))`,
    },
    output: '(2 2 #f)',
  },
  {
    what: 'a library in a file of its own, with included declarations and bodies',
    files: {
      'geometry/plane.sld': `
        (define-library (geometry plane)
          (import (scheme base))
          (include-library-declarations "exports.scm")
          (include "area.scm")
          (include-ci "circumference.scm")
          (cond-expand (no-such-feature (begin (define kind 'unknown)))
                       ((library (scheme base)) (begin (define kind 'flat)))
                       (else (begin (define kind 'other)))))`,
      'geometry/exports.scm': '(export area circumference kind)',
      'geometry/area.scm': '(define (area w h) (* w h))',
      'geometry/circumference.scm': '(define (CIRCUMFERENCE W H) (* 2 (+ w h)))',
      'main.scm': `${BASE} (import (geometry plane)) (write (list (area 2 3) (circumference 2 3) kind))`,
    },
    output: '(6 10 flat)',
  },
  {
    what: 'macros and records that a library exports',
    files: {
      'main.scm': `
        (define-library (point)
          (export point-of point? point-x with-point)
          (import (scheme base))
          (begin
            (define-record-type point (make x y) point? (x point-x) (y point-y))
            (define-syntax point-of (syntax-rules () ((_ x y) (make x y))))
            (define-syntax with-point
              (syntax-rules () ((_ (a b) p body ...) (let ((a (point-x p)) (b (point-y p))) body ...))))))
        ${BASE} (import (point))
        (define (make x) 'mine)
        (with-point (a b) (point-of 3 4) (write (list a b (point? (point-of 1 2)) (make 1))))`,
    },
    output: '(3 4 #t mine)',
  },
  {
    what: 'a library whose name has numbers, and state that importers share',
    files: {
      'main.scm': `
        (define-library (counter 1) (export next!) (import (scheme base)) (begin (define n 0) (define (next!) (set! n (+ n 1)) n)))
        (define-library (user) (export twice) (import (scheme base) (counter 1)) (begin (define (twice) (next!) (next!))))
        ${BASE} (import (user) (counter 1))
        (twice) (write (next!))`,
    },
    output: '3',
  },
  {
    what: 'data with labels in the text of a program',
    files: {
      'main.scm': `${BASE}
        (define ring '#0=(a b . #0#))
        (write (list (eq? ring (cddr ring)) (equal? ring '#1=(a b a b . #1#)) (vector-ref '#0=#(1 #0#) 0)))
        (write (let ((x '(#0=(1 2) #0#))) (eq? (car x) (cadr x))))`,
    },
    output: '(#t #t 1)#t',
  },
  {
    what: 'include in a program, at its top level and in a body',
    files: {
      'main.scm': `${BASE}
        (include "part.scm")
        (define (local) (include "part.scm") (+ a 1))
        (write (list a (local)))
        (include-ci "loud.scm")`,
      'part.scm': '(define a 1)',
      'loud.scm': "(WRITE 'LOUD)",
    },
    output: '(1 2)loud',
  },
  {
    what: 'a file that is loaded, with its definitions kept',
    files: {
      'main.scm': `(import (scheme base) (scheme write) (scheme load) (scheme eval) (scheme repl) (scheme file))
        (load "more.scm")
        (load "again.scm" (interaction-environment))
        (write (eval '(doubled answer) (interaction-environment)))
        (define env (environment '(scheme base)))
        (load "more.scm" env)
        (write (eval 'answer env))
        (write (guard (e ((file-error? e) 'missing)) (load "no-such-file.scm")))
        (write (guard (e ((symbol? e) e)) (load "raises.scm")))`,
      'more.scm': '(define answer 42) (define (doubled x) (* 2 x))',
      'again.scm': '(set! answer (+ answer 1))',
      'raises.scm': "(raise 'inside)",
    },
    output: '8642missinginside',
  },
  {
    what: 'an environment with a library that is not loaded yet, which runs once',
    files: {
      'noisy.sld':
        '(define-library (noisy) (export x) (import (scheme base) (scheme write)) (begin (display "loading ") (define x \'here)))',
      'main.scm': `(import (scheme base) (scheme write) (scheme eval))
        (define (look) (eval 'x (environment '(noisy))))
        (write (list (dynamic-wind (lambda () #f) look (lambda () (display "after "))) (look)))
        (write (guard (e ((error-object? e) 'no-library)) (environment '(no such library))))`,
    },
    output: 'loading after (here here)no-library',
  },
  {
    what: 'definitions at the top level, in any order of use',
    files: {
      'main.scm': `${BASE}
        (define (f) (g))
        (define-values (a b . c) (values 1 2 3 4))
        (define-record-type <r> (r x) r? (x r-x))
        (define-syntax twice (syntax-rules () ((_ e) (begin e e))))
        (define (g) (r-x (r (list a b c))))
        (begin (define d 5) (define e 6))
        (twice (write (f)))
        (write (+ d e))
        (set! a 10)
        (write (f))
        (define a 11)
        (write a)`,
    },
    output: '(1 2 (3 4))(1 2 (3 4))11(10 2 (3 4))11',
  },
  {
    what: 'keywords and builtins that a program defines for itself',
    files: {
      'main.scm': `${BASE}
        (define (list . args) (cons 'mine args))
        (define (when x) (* x 2))
        (define-syntax if (syntax-rules () ((_ a b c) (cond (a c) (else b)))))
        (write (list 1 (when 4) (if #t 'no 'yes)))`,
    },
    output: '(mine 1 8 yes)',
  },
  {
    what: 'exit, with after-thunks and status',
    files: {
      'main.scm': `(import (scheme base) (scheme write) (scheme process-context))
        (dynamic-wind (lambda () (display "in ")) (lambda () (exit 3)) (lambda () (display "out")))`,
    },
    output: 'in out',
    status: 3,
  },
  {
    what: 'exit with what is no status',
    files: { 'main.scm': "(import (scheme base) (scheme process-context)) (exit 'oops)" },
    output: '',
    status: 1,
  },
  {
    what: 'exit with #f',
    files: { 'main.scm': '(import (scheme base) (scheme process-context)) (exit #f)' },
    output: '',
    status: 1,
  },
  {
    what: 'emergency-exit, without after-thunks',
    files: {
      'main.scm': `(import (scheme base) (scheme write) (scheme process-context))
        (dynamic-wind (lambda () (display "in")) (lambda () (emergency-exit 4)) (lambda () (display "out")))`,
    },
    output: 'in',
    status: 4,
  },
  {
    what: 'the command line',
    files: { 'main.scm': '(import (scheme base) (scheme write) (scheme process-context)) (write (command-line))' },
    output: '("main.scm" "one" "two")',
  },
  {
    what: 'an error that nobody catches',
    files: { 'main.scm': `${BASE} (display "before") (newline) (error "went wrong:" 1 "two")` },
    output: 'before\n',
    status: 1,
    error: 'went wrong: 1 "two"',
  },
  {
    what: 'reading from a closed port',
    files: {
      'main.scm': `${BASE}
        (define (closed port) (close-port port) port)
        (define text (closed (open-input-string "abc")))
        (define bytes (closed (open-input-bytevector (bytevector 1 2))))
        (define (message thunk) (guard (e ((error-object? e) (error-object-message e))) (thunk)))
        (for-each (lambda (thunk) (display (message thunk)) (newline))
          (list (lambda () (read-char text)) (lambda () (peek-char text)) (lambda () (read-line text))
                (lambda () (read-string 2 text)) (lambda () (read-u8 bytes)) (lambda () (read-bytevector 1 bytes))))`,
    },
    output: ['char', 'char', 'line', 'string', 'u8', 'bytevector']
      .map((what, i) => `${i === 1 ? 'peek' : 'read'}-${what}: the port is closed\n`)
      .join(''),
  },
  {
    what: 'mnemonic escapes between bars, in the program and in what it reads',
    files: {
      'main.scm': `${BASE} (import (scheme read))
        (define (codes symbol) (map char->integer (string->list (symbol->string symbol))))
        (write (map codes '(|a\\nb| |\\t\\x9;| |\\|\\\\|)))
        (write (codes (read (open-input-string "|\\\\n|"))))`,
    },
    output: '((97 10 98) (9 9) (124 92))(10)',
  },
  {
    what: 'an object that nobody catches',
    files: { 'main.scm': `${BASE} (raise 'some-symbol)` },
    output: '',
    status: 1,
    error: 'Unhandled raise: some-symbol',
  },
  {
    what: 'syntax-error in a macro',
    files: {
      'main.scm': `${BASE}
        (define-syntax never (syntax-rules () ((_ x) (syntax-error "never use this" x))))
        (never 5)`,
    },
    output: '',
    status: 1,
    error: 'never use this 5',
  },
  {
    what: 'a continuation of the top level',
    files: {
      'main.scm': `${BASE}
        (define k #f)
        (define n 0)
        (display (+ 100 (call/cc (lambda (c) (set! k c) 1))))
        (newline)
        (set! n (+ n 1))
        (if (< n 3) (k n))
        (display "done")`,
    },
    output: '101\n101\n102\ndone',
  },
];

/** Run a program in a folder of its own. */
function run(files: Program['files']) {
  const folder = mkdtempSync(join(tmpdir(), 'eta-r7rs-'));
  try {
    writeFiles(folder, files);
    return spawnSync(process.execPath, [ETAI, 'main.scm', 'one', 'two'], { cwd: folder, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(PROGRAMS)('$what', ({ files, output, status = 0, error = '' }) => {
  const { stdout, stderr, status: ended } = run(files);
  expect({ stdout, ended, message: stderr.split('\n')[0].slice(-error.length || stderr.length) }).toEqual({
    stdout: output,
    ended: status,
    message: error,
  });
});
