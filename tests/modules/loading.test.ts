// Modules through the front door: files in a folder of their own, run by a session, compared by output and diagnostics.

import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { headLine, relatedLine } from '../../src/session/diagnostic-text.ts';

import { compiledOutput } from '../../src/session/file-compiler.ts';
import type { Outcome } from '../../src/session/outcome.ts';
import { Session, type SessionOptions } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { type Files, writeFiles } from '../support/files.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-modules-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (files: Files): void => writeFiles(folder, files);

interface Run {
  readonly output: string;
  readonly outcome: Outcome;
  /** First lines of what was found, with the folder left out. */
  readonly errors: readonly string[];
  /** The further places of the first finding, likewise. */
  readonly places: readonly string[];
}

/** Run `main.eta` of these files. */
function run(files: Files, options: SessionOptions = {}): Run {
  write(files);
  const output = new StringOutput();
  const session = new Session({ ports: { input: new StringInput(''), output, error: new StringOutput() }, ...options });
  try {
    const outcome = session.runFile(join(folder, 'main.eta'));
    const inFolder = (line: string) => line.replaceAll(`${folder}/`, '');
    const errors = outcome.findings.map((finding) => inFolder(headLine(finding)));
    const places = (outcome.findings[0]?.related ?? []).map((place) => inFolder(relatedLine(place)));
    return { output: output.contents, outcome, errors, places };
  } finally {
    session.close();
  }
}

const LIB = '(module lib (export a b c) (begin (define a 1) (define b 2) (define c 3)))';
const using = (clauses: string, expression: string) =>
  `(module main (import ${clauses}) (begin (write ${expression})))`;

describe('an import', () => {
  // [clauses, expression, what is written]
  test.each([
    ['lib', '(list a b c)', '(1 2 3)'],
    ['(only lib a)', 'a', '1'],
    ['(only lib)', "'none", 'none'],
    ['(except lib a zzz)', '(list b c)', '(2 3)'],
    ['(rename lib (a x) (b y))', '(list x y c)', '(1 2 3)'],
    ['(rename lib (a b) (b a))', '(list a b)', '(2 1)'],
    ['(prefix lib lib:)', '(list lib:a lib:c)', '(1 3)'],
    ['(prefix (only lib a) x.)', 'x.a', '1'],
    ['(lib)', 'a', '1'],
    ['lib (only lib a) (except lib b)', '(list a b)', '(1 2)'],
  ])('%s', (clauses, expression, written) => {
    const { output, errors } = run({ 'lib.eta': LIB, 'main.eta': using(clauses, expression) });
    expect({ output, errors }).toEqual({ output: written, errors: [] });
  });

  test('may stand anywhere in the module, also in its begin', () => {
    const text = '(module main (begin (write a) (import lib)) (write b))';
    expect(run({ 'lib.eta': LIB, 'main.eta': text }).output).toBe('12');
  });

  test('sees later assignments of the exporter', () => {
    const counter = '(module lib (export n inc!) (begin (define n 0) (define (inc!) (set! n (+ n 1)))))';
    expect(run({ 'lib.eta': counter, 'main.eta': using('lib', '(begin (inc!) (inc!) n)') }).output).toBe('2');
  });

  test('of the same thing along several ways is one import', () => {
    const middle = '(module middle (export a (rename b bee)) (import lib))';
    const files = { 'lib.eta': LIB, 'middle.eta': middle, 'main.eta': using('lib middle', '(list a b bee)') };
    expect(run(files)).toMatchObject({ output: '(1 2 2)', errors: [] });
  });

  test('brings macros under any name', () => {
    const macros = `(module lib (export swap! twice)
      (begin (define (helper x) (* 2 x))
             (define-syntax twice (syntax-rules () ((_ e) (helper e))))
             (define-syntax swap! (syntax-rules () ((_ a b) (let ((t a)) (set! a b) (set! b t)))))))`;
    const main = `(module main (import (prefix (rename lib (twice double)) m:))
      (begin (define t 1) (define u 2) (m:swap! t u) (write (list t u (m:double 21)))))`;
    expect(run({ 'lib.eta': macros, 'main.eta': main })).toMatchObject({ output: '(2 1 42)', errors: [] });
  });

  test('finds dotted names in folders and runs each file once', () => {
    const files = {
      'a/b.eta': '(module a.b (export x) (begin (display "once ") (define x 5)))',
      'c.eta': '(module c (export y) (import a.b) (begin (define y x)))',
      'main.eta': using('c a.b', '(list x y)'),
    };
    expect(run(files).output).toBe('once (5 5)');
  });

  test('of a file with several modules makes all of them importable', () => {
    const files = {
      'lib.eta': '(module helper (export h) (begin (define h 1))) (module lib (export l) (begin (define l 2)))',
      'main.eta': using('lib helper', '(list l h)'),
    };
    expect(run(files)).toMatchObject({ output: '(2 1)', errors: [] });
  });
});

describe('R7RS', () => {
  test('libraries can be written, found and imported', () => {
    const library = `(define-library (geo plane)
      (export area (rename %norm norm))
      (import (scheme base))
      (include "plane.scm")
      (cond-expand ((library (no such)) (begin (define which 'wrong)))
                   ((and eta (library (scheme write))) (export which) (begin (define which 'right)))
                   (else (begin (define which 'else)))))`;
    const files = {
      'geo/plane.sld': library,
      'geo/plane.scm': '(define (area a b) (* a b)) (define (%norm a b) (+ a b))',
      'main.eta': '(import (scheme base) (scheme write) (geo plane)) (write (list (area 2 3) (norm 2 3) which))',
    };
    expect(run(files)).toMatchObject({ output: '(6 5 right)', errors: [] });
  });

  test.each([
    ['(define-library)', 'define-library expects (define-library (name ...) declarations...)'],
    ['(define-library (x) 5)', 'define-library: invalid declaration'],
    ['(define-library (x) (frob))', 'define-library: unknown declaration: frob'],
    ['(define-library (x) (include 5))', 'include: expected file name(s)'],
    ['(define-library (x) (include "none.scm"))', 'cannot open file: none.scm'],
    ['(define-library (x) (export . y))', 'export: invalid syntax; proper list required'],
    ['(define-library (x) (cond-expand 5))', 'cond-expand: each clause must be (requirement form ...)'],
    ['(define-library (x) (cond-expand ((not) 5)))', 'cond-expand: invalid feature requirement'],
  ])('%s is refused', (text, message) => {
    const { outcome, output } = run({ 'main.eta': text });
    expect(outcome.findings.map((finding) => finding.message)).toEqual([message]);
    expect(output).toBe('');
  });

  test('programs can include files', () => {
    const files = {
      'sub/part.scm': '(define X 5) (display x)',
      'main.eta': '(import (scheme base) (scheme write)) (include-ci "sub/part.scm")',
    };
    expect(run(files)).toMatchObject({ output: '5', errors: [] });
  });

  test('programs have no prelude', () => {
    const { errors } = run({ 'main.eta': "(import (scheme base)) (println 'x)" });
    expect(errors).toEqual(['error [main.eta:1:25-1:32]: Undefined symbol: println']);
  });

  test('imports of words that forms recognise by being unbound do nothing', () => {
    const main = "(import (only (scheme base) cond else =>) (scheme write)) (write (cond (#f 1) (else 'else)))";
    expect(run({ 'main.eta': main })).toMatchObject({ output: 'else', errors: [] });
  });
});

describe('bare forms', () => {
  test('are a module with the prelude, whose names give way', () => {
    const main = "(define (filter x) 'mine) (println (filter 1) (reduce + '(1 2 3)))";
    expect(run({ 'main.eta': main })).toMatchObject({ output: 'mine 6\n', errors: [] });
  });

  test('may import what the prelude has under the same name', () => {
    const lib = "(module lib (export filter) (begin (define (filter x) 'theirs)))";
    expect(run({ 'lib.eta': lib, 'main.eta': '(import lib) (println (filter 1))' }).output).toBe('theirs\n');
  });

  test('run beside modules, after those in front of them', () => {
    const main = "(display 1) (module m (begin (display 'm))) (display 2)";
    expect(run({ 'main.eta': main }).output).toBe('m12');
    expect(run({ 'main.eta': "(display 1) (module m (begin (display 'm)))" }).output).toBe('1m');
  });

  test('beside a module of the name of the file are another module', () => {
    expect(run({ 'main.eta': '(module main (export x) (begin (define x 5))) (import main) (display x)' }).output).toBe(
      '5',
    );
  });

  test('of a file can be imported under its name', () => {
    const files = { 'tools.eta': '(export f) (define (f) 7)', 'main.eta': '(import tools) (display (f))' };
    expect(run(files)).toMatchObject({ output: '7', errors: [] });
  });

  test.each(['', '; nothing\n', '#!/usr/bin/env etai\n'])('are none in %j', (text) => {
    expect(run({ 'main.eta': text })).toMatchObject({ output: '', outcome: { kind: 'finished', status: 0 } });
  });
});

describe('a link error', () => {
  // [text, first lines]
  test.each([
    ['(module m (import no.such))', ['1:19-1:26]: unknown module in import: no.such']],
    ['(module m (import (only no.such a)))', ['1:19-1:35]: unknown module in import: no.such']],
    ['(module m (import (scheme nonsense)))', ['1:19-1:36]: unknown module in import: scheme.nonsense']],
    ['(module m (export z))', ["1:1-1:22]: export of unknown name 'z' in module m"]],
    ['(module a) (module a)', ['1:12-1:22]: duplicate module: a']],
    ['(module m (import (only lib q a)))', ["1:19-1:33]: import only: name 'q' is not exported by module 'lib'"]],
    ['(module m (import (rename lib (q r))))', ["1:19-1:37]: import rename: name 'q' is not exported by module 'lib'"]],
    ['(module m (import (rename lib (a x) (a y))))', ["1:19-1:43]: rename: name 'a' is not in the current import set"]],
    ['(module m (import (rename lib (a b))))', ["1:19-1:37]: rename produces duplicate local name 'b'"]],
    [
      '(module m (import lib) (begin (define a 1)))',
      ["1:19-1:22]: imported name 'a' conflicts with local define in module 'm'"],
    ],
    [
      '(module m (import lib) (begin (define-syntax a (syntax-rules ()))))',
      ["1:19-1:22]: imported name 'a' conflicts with local define in module 'm'"],
    ],
    [
      '(module o (export a) (begin (define a 1))) (module m (import o lib))',
      ["1:64-1:67]: conflicting imports for 'a' from 'o' and 'lib'"],
    ],
    ['(module)', ['1:1-1:9]: module expects (module name forms...)']],
    ['(module "m" 1)', ['1:1-1:15]: module expects (module name forms...)']],
    ['(module m (import 5))', ['1:19-1:20]: import: invalid clause']],
    ['(module m (export . a))', ['1:11-1:23]: export: invalid syntax; proper list required']],
    [
      '(module m (import none) (begin (f 1))) (module n (begin (g 1)))',
      ['1:19-1:23]: unknown module in import: none', '1:58-1:59]: Undefined symbol: g'],
    ],
  ])('%s', (text, lines) => {
    const { errors, output, outcome } = run({ 'lib.eta': LIB, 'main.eta': text });
    expect(errors).toEqual(lines.map((line) => `error [main.eta:${line}`));
    expect({ output, status: outcome.status }).toEqual({ output: '', status: 1 });
  });

  test('at the first of its imports: a cycle', () => {
    const main = '(module a (import c)) (module b (import a)) (module c (import b))';
    const { errors, places } = run({ 'main.eta': main });
    expect(errors).toEqual(['error [main.eta:1:19-1:20]: Circular module dependency detected: a -> c -> b -> a']);
    expect(places).toEqual(['  [main.eta:1:63-1:64]: c imports b', '  [main.eta:1:41-1:42]: b imports a']);
    expect(run({ 'main.eta': '(module a (import a))' }).errors).toEqual([
      'error [main.eta:1:19-1:20]: Circular module dependency detected: a -> a',
    ]);
  });

  test('at the first of its imports: a cycle across files', () => {
    const files = {
      'main.eta': '(module main (import a))',
      'a.eta': '(module a (import b))',
      'b.eta': '(module b (import a))',
    };
    const { errors, places } = run(files);
    expect(errors).toEqual(['error [a.eta:1:19-1:20]: circular module import detected: a -> b -> a']);
    expect(places).toEqual(['  [b.eta:1:19-1:20]: b imports a']);
  });

  test('tells where an unknown module was looked for', () => {
    write({ 'one/x': '' });
    const { outcome } = run(
      { 'main.eta': '(module m (import no.such))' },
      { path: join(folder, 'one'), libraries: stdlib },
    );
    expect(outcome.findings[0].hint).toBe(
      `looked for no/such.etac and no/such.eta in\n${join(folder, 'one')}\n${stdlib[0]}\n${folder}`,
    );
  });

  test.each(['std.stats', 'std.causal.admg'])('tells that %s is still to come', (name) => {
    const { outcome } = run({ 'main.eta': `(module m (import ${name}))` }, { libraries: stdlib });
    expect(outcome.findings[0].hint).toBe(`${name} is not in this build yet`);
  });

  test('tells that a file lacks the module that it is named for', () => {
    const files = { 'lib.eta': '(module other)', 'main.eta': '(module m (import lib))' };
    expect(run(files).outcome.findings).toMatchObject([
      {
        message: 'unknown module in import: lib',
        hint: `${join(folder, 'lib.eta')} was loaded for it, but defines no module of that name`,
      },
    ]);
  });

  test('advises about undefined names', () => {
    const main =
      '(module m (import lib) (begin (define counter 1) (write (list countre bb (foldl + 0 (list)) zzzzzz))))';
    const { outcome } = run({ 'lib.eta': '(module lib (export bbb) (begin (define bbb 1)))', 'main.eta': main });
    expect(outcome.findings.map(({ message, hint }) => [message, hint])).toEqual([
      ['Undefined symbol: countre', "did you mean 'counter'?"],
      ['Undefined symbol: bb', "did you mean 'bbb'?"],
      ['Undefined symbol: foldl', 'add (import std.collections)'],
      ['Undefined symbol: zzzzzz', undefined],
    ]);
  });
});

const stdlib = [realpathSync(join(import.meta.dirname, '..', '..', 'stdlib'))];

describe('strict shadows', () => {
  const files = { 'one/lib.eta': LIB, 'two/lib.eta': LIB, 'main.eta': using('lib', 'a') };
  const path = () => `${join(folder, 'one')}:${join(folder, 'two')}`;

  test('refuse a module with two files', () => {
    const { errors } = run(files, { path: path(), strictShadows: true });
    expect(errors).toEqual([
      "error: strict shadow mode: module 'lib' resolves to multiple files\n  - one/lib.eta\n  - two/lib.eta",
    ]);
  });

  test('let one file be found twice', () => {
    const once = { 'one/lib.eta': LIB, 'main.eta': using('lib', 'a') };
    const options = { path: `${join(folder, 'one')}:${join(folder, 'one')}`, strictShadows: true };
    expect(run(once, options)).toMatchObject({ output: '1', errors: [] });
  });

  test('are off by default', () => {
    expect(run(files, { path: path() })).toMatchObject({ output: '1', errors: [] });
  });
});

describe('running', () => {
  test('begins when the whole text has been compiled, imports aside', () => {
    const files = {
      'lib.eta': '(module lib (begin (display "lib")))',
      'main.eta': '(module a (import lib) (begin (display "a"))) (module b (begin (nope) (nope2)))',
    };
    const { output, errors } = run(files);
    expect(output).toBe('lib');
    expect(errors).toHaveLength(2);
  });

  test('goes in order of dependency, then of the text', () => {
    const module = (name: string, imports: string) => `(module ${name} (import ${imports}) (begin (display '${name})))`;
    const empty = '(module x (begin))';
    const text = [module('a', 'd'), module('b', 'x'), module('c', 'a'), module('d', 'x'), empty].join(' ');
    expect(run({ 'main.eta': text }).output).toBe('dabc');
  });

  test('stops at an error; what an import has done stays', () => {
    const files = {
      'lib.eta': '(module lib (begin (display "lib ")))',
      'main.eta': '(module a (import lib) (begin (display "a ") (car 5))) (module b (begin (display "b")))',
    };
    const { output, errors } = run(files);
    expect({ output, errors }).toEqual({ output: 'lib a ', errors: ['error [main.eta:1:46-1:53]: car: not a pair'] });
  });

  test('reports an error of an import with its own place', () => {
    const files = {
      'lib.eta': '(module lib\n (begin (vector-ref (vector) 0)))',
      'main.eta': '(module m (import lib))',
    };
    expect(run(files).errors).toEqual(['error [lib.eta:2:9-2:32]: vector-ref: index out of bounds']);
  });
});

describe('a compiled file', () => {
  /** Compile a file of the folder and remove its source. */
  function compile(name: string): void {
    const session = new Session({ path: folder });
    try {
      const { text } = session.compileFile(join(folder, `${name}.eta`));
      const out = join(folder, `${name}.etac`);
      writeFileSync(out, compiledOutput(session, text!, out, true).bytes);
      rmSync(join(folder, `${name}.eta`));
    } finally {
      session.close();
    }
  }

  test('takes the place of its source, with what it imports and what it re-exports', () => {
    write({
      'base.eta':
        '(module deep (export n) (begin (define n 1))) (module base (export n bump!) (import deep) (begin (define (bump!) (list n))))',
      'middle.eta':
        '(module middle (export n (rename bump! go) twice) (import base) (begin (display "once ") (define (twice x) (list x n))))',
    });
    compile('middle');
    compile('base');
    const main = using('middle base', '(list n (go) (bump!) (twice 2))');
    expect(run({ 'main.eta': main })).toMatchObject({ output: 'once (1 (1) (1) (2 1))', errors: [] });
  });

  test('has the names of its functions and its places in traces', () => {
    write({ 'lib.eta': '(module lib (export f) (begin\n  (define (f x) (+ 1 (car x)))))' });
    compile('lib');
    expect(run({ 'main.eta': '(module m (import lib) (begin (f 1) 2))' }).errors).toEqual([
      'error [lib.eta:2:22-2:29]: car: not a pair',
    ]);
  });

  test('may define its own main', () => {
    write({ 'app.eta': '(define (main args) (display args))' });
    compile('app');
    const output = new StringOutput();
    const ports = { input: new StringInput(''), output, error: new StringOutput() };
    const session = new Session({ ports, programArguments: ['a'] });
    expect(session.runFile(join(folder, 'app.etac')).kind).toBe('finished');
    session.close();
    expect(output.contents).toBe('(a)');
  });

  test('without what it imports is an error', () => {
    write({ 'lib.eta': '(module lib)', 'user.eta': '(module user (import lib))' });
    compile('user');
    rmSync(join(folder, 'lib.eta'));
    expect(run({ 'main.eta': '(module m (import user))' }).errors).toEqual([
      "error: cannot resolve import 'lib' required by .etac",
    ]);
  });

  test('that was damaged is refused, wherever the damage is', () => {
    write({ 'lib.eta': LIB });
    compile('lib');
    const bytes = readFileSync(join(folder, 'lib.etac'));
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1 << (at % 8);
      writeFileSync(join(folder, 'lib.etac'), damaged);
      expect(run({ 'main.eta': using('lib', 'a') }).errors).toEqual([
        expect.stringMatching(/^error \[lib.etac:1:1-1:1\]: failed to load \.etac: /),
      ]);
    }
  });

  test.each(['', 'garbage', 'ETAC'])('of %j is refused', (text) => {
    const files = { 'lib.etac': text, 'main.eta': '(module m (import lib))' };
    const [error, ...others] = run(files).errors;
    expect(error).toMatch(/^error \[lib.etac:1:1-1:1\]: failed to load \.etac: /);
    expect(others).toEqual([]);
  });
});

describe('main', () => {
  // [text, what is displayed]; the file is main.eta
  test.each([
    ["(module m (begin (define (main) (display 'main)) (display 'body)))", 'bodymain'],
    ["(define (main args) (display args)) (display 'body)", 'body(a b)'],
    ['(define (main . args) (display args))', '()'],
    ['(define main car) (define x 1)', ''],
    ["(define main '())", ''],
    ["(module a (begin (define (main) (display 'a)))) (module b (begin (define (main) (display 'b))))", 'b'],
    ["(module main (begin (define (main) (display 'a)))) (module b (begin (define (main) (display 'b))))", 'a'],
    ["(module a (begin (define (main) (display 'main)))) (module b (begin (display 'b)))", 'bmain'],
  ])('%s', (text, output) => {
    const result = run({ 'main.eta': text }, { programArguments: ['a', 'b'] });
    expect({ output: result.output, errors: result.errors }).toEqual({ output, errors: [] });
  });

  test('of an import is not called', () => {
    const files = {
      'lib.eta': "(module lib (begin (define (main) (display 'no))))",
      'main.eta': '(module m (import lib))',
    };
    expect(run(files).output).toBe('');
  });

  test.each([
    ['(define (main a b) 1)', 'call_value: expected 2 argument(s), got 0'],
    ['(define main 5)', 'call_value: argument is not a procedure'],
  ])('%s fails', (text, message) => {
    expect(run({ 'main.eta': text }).outcome).toMatchObject({ kind: 'failed', status: 1, findings: [{ message }] });
  });
});
