// etai test: the real command, in a folder of test files.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Files, writeFiles } from '../support/files.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-test-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ETA_MODULE_PATH: undefined };

const write = (files: Files): void => writeFiles(folder, files);

function etaTest(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, 'test', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
  });
  return { stdout, stderr, status };
}

/** A file with a group of tests: [name, body]. */
const suite = (...tests: readonly (readonly [string, string])[]): string =>
  `(import std.test)
(print-tap (run (make-group "g" (list
${tests.map(([name, body]) => `  (make-test "${name}" (lambda () ${body}))`).join('\n')}))))
`;

const PASSING = suite(['one', '(assert-equal 1 1)']);
const FAILING = suite(['right', '#t'], ['wrong', '(assert-equal 1 2)']);

/** The folder of the specification's transcript (tools §7.3). */
const TRANSCRIPT = {
  't/a.test.eta': `(module a.test (import std.test) (begin
    (print-tap (run (make-group "g" (list
      (make-test "one" (lambda () #t))
      (make-group "nested" (list (make-test "two <&>" (lambda () #t))))
      (make-test "three" (lambda () #t))))))))`,
  't/c.test.eta': '(module c (begin (car 1)))',
  't/d.test.eta':
    '(display "TAP version 13\\n1..3\\nok 1 - x\\nnot ok 2 - y # TODO\\n  ---\\n  message: why\\n  ...\\nnoise\\nok 3\\n\\n   indented\\n")',
  't/e.test.eta': '(display "1..0\\n")',
  't/sub/b_smoke.eta': '(display "plain\\n")',
  't/lib.eta': '(car 5)',
};

describe('etai test', () => {
  test('reports all files of a folder as one TAP document', () => {
    write(TRANSCRIPT);
    const { stdout, stderr, status } = etaTest('t');
    expect(stdout).toBe(`TAP version 13
1..8
ok 1 - one
ok 2 - two <&>
ok 3 - three
not ok 4 - c.test.eta (load error)
ok 5 - x
not ok 6 - y # TODO
  ---
  message: why
  ...
ok 7 - 3
   indented
not ok 8 - b_smoke.eta (no test was run)
`);
    expect(stderr).toMatch(
      /^eta-test: error in "c\.test\.eta":\nerror \[t\/c\.test\.eta:1:18-1:25\]: car: not a pair\n/,
    );
    expect(status).toBe(1);
  });

  test('reports them as JUnit', () => {
    write({ ...TRANSCRIPT, 't/f.test.eta': suite(['<wrong>', '(assert-equal 1 2 "a & b")']) });
    const { stdout, status } = etaTest('t', '--format', 'junit');
    expect(stdout).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="9" failures="4">
  <testsuite name="a.test" tests="3" failures="0">
    <testcase name="one"/>
    <testcase name="two &lt;&amp;&gt;"/>
    <testcase name="three"/>
  </testsuite>
  <testsuite name="c.test" tests="1" failures="1">
    <testcase name="c.test">
      <failure message="File failed to load/execute"/>
    </testcase>
  </testsuite>
  <testsuite name="d.test" tests="3" failures="1">
    <testcase name="x"/>
    <testcase name="y # TODO">
      <failure message="why"/>
    </testcase>
    <testcase name="3"/>
  </testsuite>
  <testsuite name="e.test" tests="0" failures="0">
  </testsuite>
  <testsuite name="f.test" tests="1" failures="1">
    <testcase name="&lt;wrong&gt;">
      <failure message="a &amp; b">expected: 1
actual: 2
position: f.test.eta:3:24</failure>
    </testcase>
  </testsuite>
  <testsuite name="b_smoke" tests="1" failures="1">
    <testcase name="b_smoke">
      <failure message="No test was run"/>
    </testcase>
  </testsuite>
</testsuites>
`);
    expect(status).toBe(1);
  });

  test('reports them as JSON', () => {
    write({ 'a.test.eta': FAILING, 'b.test.eta': '(exit 0)' });
    const { stdout, status } = etaTest('--format', 'json');
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const durationMs = expect.any(Number);
    expect(objects).toEqual([
      { type: 'test', file: 'a.test.eta', name: 'right', ok: true, durationMs },
      {
        type: 'test',
        file: 'a.test.eta',
        name: 'wrong',
        ok: false,
        message: 'expected 1 but got 2',
        expected: '1',
        actual: '2',
        at: 'a.test.eta:4:22',
        durationMs,
      },
      { type: 'file', file: 'a.test.eta', tests: 2, failed: 1, trouble: null, durationMs },
      {
        type: 'file',
        file: 'b.test.eta',
        tests: 0,
        failed: 0,
        trouble: 'load error',
        error: 'exit was called with status 0\n',
        durationMs,
      },
      { type: 'summary', files: 2, failedFiles: 2, tests: 2, failed: 1, durationMs },
    ]);
    expect(status).toBe(1);
  });

  test('reports them for people', () => {
    write({ 'a.test.eta': PASSING, 'b.test.eta': FAILING, 'c.test.eta': '(display "ok 1 - never mind\\n") (car 5)' });
    const { stdout, stderr, status } = etaTest('--format', 'pretty');
    expect(stdout.replace(/[\d.]+ ms/g, 'N ms')).toBe(`ok    a.test.eta  1 test  N ms
FAIL  b.test.eta  2 tests, 1 failed  N ms
      wrong  N ms
        expected 1 but got 2
        expected: 1
        actual:   2
        at b.test.eta:4:22
FAIL  c.test.eta  load error  N ms
      error [c.test.eta:1:33-1:40]: car: not a pair
        1 | (display "ok 1 - never mind\\n") (car 5)
          |                                 ^^^^^^^
        note: the value is 5, an integer
        usage: (car p)
        at c.test_init (c.test.eta:1:33)

FAILED  3 files, 2 failed; 3 tests, 1 failed  N ms
`);
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
  });

  test('tells how long a test took, whatever the order in which they are printed', () => {
    const slow = (name: string, ms: number) => `(make-test "${name}" (lambda () (time:sleep-ms ${ms})))`;
    write({
      'a.test.eta': `(import std.test std.time)
(define one (run ${slow('slow', 520)}))
(define group (run (make-group "g" (list ${slow('other', 20)} ${slow('slow', 70)}))))
(print-tap one)
(display "ok 7 - by hand\\n")
(print-tap group)`,
    });
    const { stdout } = etaTest('--format', 'json');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const least = lines.slice(0, 4).map(({ name, durationMs }) => [name, Math.floor(durationMs / 10)]);
    const [first, byHand, other, second] = least;
    expect(least.map(([name]) => name)).toEqual(['slow', 'by hand', 'other', 'slow']);
    expect([first[1] >= 52, byHand[1], other[1] >= 2, second[1] >= 7]).toEqual([true, Number.NaN, true, true]);
    expect(etaTest('--format', 'pretty').stdout).toMatch(
      /^ok {4}a\.test\.eta {2}4 tests {2}\d+ ms\n {6}slow {2}\d+ ms\n/,
    );
  });

  test('has no colour where there is no terminal', () => {
    write({ 'a.test.eta': FAILING });
    expect(etaTest('--format', 'pretty').stdout).not.toContain('\x1b');
  });

  test('passes if all tests pass', () => {
    write({ 'a.test.eta': PASSING, 'sub/b.test.eta': PASSING, 'node_modules/x/c.test.eta': '(car 5)' });
    expect(etaTest()).toEqual({ stdout: 'TAP version 13\n1..2\nok 1 - one\nok 2 - one\n', stderr: '', status: 0 });
  });
});

describe('which files are tests', () => {
  test('a file is, whatever its name, if it is Eta', () => {
    write({ 'x.eta': PASSING, 'x.txt': '' });
    expect(etaTest('x.eta', 'x.txt')).toMatchObject({ stdout: 'TAP version 13\n1..1\nok 1 - one\n', status: 0 });
  });

  test('none is no failure', () => {
    expect(etaTest()).toEqual({ stdout: '', stderr: 'eta-test: no *.test.eta files found\n', status: 0 });
  });

  test('a path that does not exist is told, the others are run', () => {
    write({ 'a.test.eta': PASSING });
    const { stdout, stderr, status } = etaTest('none', 'a.test.eta');
    expect({ stderr, status }).toEqual({ stderr: 'eta-test: path does not exist: "none"\n', status: 1 });
    expect(stdout).toContain('ok 1 - one');
  });
});

describe('a test file', () => {
  test.each([
    ['(exit 0)', 'exit was called with status 0\n'],
    ['(exit 7)', 'exit was called with status 7\n'],
  ])('that calls %s does not load', (text, error) => {
    write({ 'a.test.eta': `${PASSING}${text}` });
    const { stdout, stderr } = etaTest();
    expect(stdout).toBe('TAP version 13\n1..1\nnot ok 1 - a.test.eta (load error)\n');
    expect(stderr).toBe(`eta-test: error in "a.test.eta":\n${error}`);
  });

  test('that dies is told of', () => {
    write({
      'a.test.eta': '(import std.process) (process:run "sh" (list "-c" "kill -9 $PPID"))',
      'b.test.eta': PASSING,
    });
    const { stdout, stderr } = etaTest();
    expect(stdout).toBe('TAP version 13\n1..2\nnot ok 1 - a.test.eta (load error)\nok 2 - one\n');
    expect(stderr).toBe('eta-test: error in "a.test.eta":\nit was ended by SIGKILL\n');
  });

  test('that does not end is ended, with its children', async () => {
    write({
      'worker.eta': "(recv! (current-mailbox) 'wait)",
      'a.test.eta': '(define w (spawn "worker.eta")) (let loop () (loop))',
    });
    const { stdout, stderr, status } = etaTest('--timeout', '2');
    expect({ stdout, status }).toEqual({
      stdout: 'TAP version 13\n1..1\nnot ok 1 - a.test.eta (timed out)\n',
      status: 1,
    });
    // Its child may have been cut short while it started, and says so.
    expect(stderr).toMatch(/eta-test: error in "a\.test\.eta":\nno end within 2 s\n$/);
    await noProcessesIn(folder);
  });

  test('finds modules beside it and in --path, and has a standard error', () => {
    write({
      'lib/one.eta': '(module one (export x) (define x 1))',
      'more/two.eta': '(module two (export y) (define y 2))',
      't/near.eta': '(module near (export z) (define z 3))',
      't/a.test.eta': `(import one two near) (display "noise" (current-error-port))\n${suite(['sum', '(assert-equal 6 (+ x y z))'])}`,
    });
    expect(etaTest('--path', 'lib', '--path', 'more', 't')).toEqual({
      stdout: 'TAP version 13\n1..1\nok 1 - sum\n',
      stderr: 'noise',
      status: 0,
    });
  });

  test('without results fails, even if it is fine', () => {
    write({ 'a.test.eta': '(define suite 1 (print-tap (run suite)))' });
    expect(etaTest()).toMatchObject({
      stdout: 'TAP version 13\n1..1\nnot ok 1 - a.test.eta (no test was run)\n',
      status: 1,
    });
  });
});

describe('options', () => {
  test('--filter runs the tests whose name matches, with those of their groups', () => {
    write({
      'a.test.eta': suite(['one', '#t'], ['two', '(error "not to be run")'], ['one more', '#t']),
      'b.test.eta': suite(['two', '(error "not to be run")']),
    });
    expect(etaTest('--filter', '^g one')).toMatchObject({
      stdout: 'TAP version 13\n1..2\nok 1 - one\nok 2 - one more\n',
      status: 0,
    });
  });

  test('--filter that matches nothing fails, unless there is nothing that it could apply to', () => {
    const handWritten = '(display "1..1\\nok 1 - by hand\\n")';
    write({ 'a.test.eta': PASSING, 'b.test.eta': suite(['two', '#t']), 'tap.test.eta': handWritten });
    const notApplied = 'eta-test: --filter does not apply to "tap.test.eta", whose results are not those of std.test\n';
    const noMatch = 'eta-test: no test matches --filter nothing\n';
    expect(etaTest('--filter', 'nothing', 'a.test.eta', 'b.test.eta')).toEqual({
      stdout: 'TAP version 13\n1..0\n',
      stderr: noMatch,
      status: 1,
    });
    expect(etaTest('--filter', 'two', 'a.test.eta', 'b.test.eta')).toMatchObject({ stderr: '', status: 0 });
    expect(etaTest('--filter', 'nothing', 'a.test.eta', 'tap.test.eta')).toEqual({
      stdout: 'TAP version 13\n1..1\nok 1 - by hand\n',
      stderr: notApplied + noMatch,
      status: 1,
    });
    expect(etaTest('--filter', 'nothing', 'tap.test.eta')).toMatchObject({ stderr: notApplied, status: 0 });
  });

  test('--jobs changes nothing but the time', () => {
    const names = Array.from({ length: 6 }, (_, i) => `t${i}`);
    write(Object.fromEntries(names.map((name) => [`${name}.test.eta`, suite([name, '#t'])])));
    const stdout = `TAP version 13\n1..6\n${names.map((name, i) => `ok ${i + 1} - ${name}\n`).join('')}`;
    for (const jobs of ['1', '6']) expect(etaTest('--jobs', jobs)).toEqual({ stdout, stderr: '', status: 0 });
  });

  test('--fail-fast stops after a failure', () => {
    write({ 'a.test.eta': PASSING, 'b.test.eta': FAILING, 'c.test.eta': PASSING });
    const { stdout, stderr, status } = etaTest('--fail-fast', '--jobs', '1');
    expect(stdout).toMatch(/^TAP version 13\n1\.\.3\nok 1 - one\nok 2 - right\nnot ok 3 - wrong\n {2}---\n/);
    expect(stderr).toBe('eta-test: stopped after a failure; 1 of 3 files have no result\n');
    expect(status).toBe(1);
  });

  // [arguments, standard error begins with]
  test.each([
    [['--fromat', 'tap'], 'error: invalid argument: --fromat\n(Did you mean --format?)\n\nUsage: etai test '],
    [['--format'], 'error: --format requires a value\n'],
    [['--format', 'xml'], "error: --format must be 'pretty', 'tap', 'junit' or 'json'\n"],
    [['--jobs', '0'], 'error: --jobs must be a number above 0\n'],
    [['--timeout', 'soon'], 'error: --timeout must be a number of seconds above 0\n'],
    [['--filter', '('], 'error: --filter: Invalid regular expression'],
  ])('%j is an error', (args, message) => {
    const { stdout, stderr, status } = etaTest(...args);
    expect({ stdout, status, begins: stderr.slice(0, message.length) }).toEqual({
      stdout: '',
      status: 1,
      begins: message,
    });
  });
});

describe('a signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the run and its files', async (signal, status) => {
    write({
      'a.test.eta':
        '(display "child " (current-error-port)) (with-output-to-file "started" (lambda () (display 1))) (let loop () (loop))',
    });
    const child = spawn(process.execPath, [ETAI, 'test'], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    for (let i = 0; i < 3000 && !isThere('started'); i++) await sleep(20);
    expect(isThere('started')).toBe(true);
    child.kill(signal);
    expect(await exited).toEqual([status, null]);
    await noProcessesIn(folder);
  });
});

describe('--watch', () => {
  let child: ChildProcess;
  let output = '';
  let said = '';

  function watch(...words: readonly string[]): void {
    output = '';
    said = '';
    child = spawn(process.execPath, [ETAI, 'test', '--watch', '--format', 'json', ...words], {
      cwd: folder,
      env: environment,
    });
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
  }

  /** What the next run prints. */
  async function nextRun(): Promise<string[]> {
    for (let i = 0; i < 3000 && !/"summary".*\n$/.test(output); i++) await sleep(20);
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    output = '';
    return lines.filter(({ type }) => type === 'test').map(({ name, ok }) => `${name} ${ok}`);
  }

  async function ends(): Promise<void> {
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
  }

  afterEach(() => {
    child.kill('SIGKILL');
  });

  test('runs again what a change concerns, and new files, until Ctrl-C', async () => {
    write({
      'lib.eta': '(module lib (export x) (define x 1))',
      'a.test.eta': `(import lib)\n${suite(['a', '(assert-equal 1 x)'])}`,
      'b.test.eta': suite(['b', '#t']),
    });
    watch();
    expect(await nextRun()).toEqual(['a true', 'b true']);
    write({ 'lib.eta': '(module lib (export x) (define x 2))' });
    expect(await nextRun()).toEqual(['a false']);
    write({ 'lib.eta': '(module lib (export x)' });
    expect(await nextRun()).toEqual([]);
    write({ 'lib.eta': '(module lib (export x) (define x 1))' });
    expect(await nextRun()).toEqual(['a true']);
    write({ 'c.test.eta': suite(['c', '#t']) });
    expect(await nextRun()).toEqual(['c true']);
    await ends();
    expect(said).toMatch(/watching 3 files with tests; Ctrl-C ends\n$/);
  });

  test('follows a module that goes and comes back, by itself or with its folder', async () => {
    write({
      'part/lib.eta': '(module part.lib (export x) (define x 1))',
      'a.test.eta': `(import part.lib)\n${suite(['a', '(assert-equal 1 x)'])}`,
    });
    const part = join(folder, 'part');
    watch();
    expect(await nextRun()).toEqual(['a true']);
    rmSync(join(part, 'lib.eta'));
    expect(await nextRun()).toEqual([]);
    write({ 'part/lib.eta': '(module part.lib (export x) (define x 2))' });
    expect(await nextRun()).toEqual(['a false']);
    renameSync(part, join(folder, 'away'));
    expect(await nextRun()).toEqual([]);
    renameSync(join(folder, 'away'), part);
    expect(await nextRun()).toEqual(['a false']);
    // As editors write: to another file, which takes the place of the old one.
    write({ 'part/.lib.eta.new': '(module part.lib (export x) (define x 1))' });
    renameSync(join(part, '.lib.eta.new'), join(part, 'lib.eta'));
    expect(await nextRun()).toEqual(['a true']);
    write({ 'part/.lib.eta.new': '(module part.lib (export x) (define x 3))' });
    renameSync(join(part, '.lib.eta.new'), join(part, 'lib.eta'));
    expect(await nextRun()).toEqual(['a false']);
    await ends();
    expect(said).toContain('watching 1 file with tests;');
  });

  test('finds a module that has never been there, and tests in folders that are made later', async () => {
    write({ 'a.test.eta': `(import later.lib)\n${suite(['a', '(assert-equal 1 x)'])}` });
    watch('.', 'more');
    expect(await nextRun()).toEqual([]);
    write({ 'later/lib.eta': '(module later.lib (export x) (define x 1))' });
    expect(await nextRun()).toEqual(['a true']);
    write({ 'sub/deep/b.test.eta': suite(['b', '#t']) });
    expect(await nextRun()).toEqual(['b true']);
    write({ 'sub/deep/b.test.eta': suite(['b2', '#t']) });
    expect(await nextRun()).toEqual(['b2 true']);
    await ends();
  });

  test('follows the folder that is watched when that is replaced, and one that is not there yet', async () => {
    const [tests, later] = ['tests', 'later'].map((name) => join(folder, name));
    write({ 'tests/a.test.eta': suite(['a', '#t']) });
    watch(tests, later);
    expect(await nextRun()).toEqual(['a true']);
    rmSync(tests, { recursive: true });
    await sleep(300);
    write({ 'tests/a.test.eta': suite(['a', '(assert-equal 1 2)']) });
    expect(await nextRun()).toEqual(['a false']);
    write({ 'later/b.test.eta': suite(['b', '#t']) });
    expect(await nextRun()).toEqual(['b true']);
    await ends();
  });
});

describe('--coverage', () => {
  const STACK = `(module stack
  (export push pop sign)
  (define (push s x) (cons x s))
  (define (pop s)
    (if (null? s)
        (error "empty")
        (cdr s)))
  (define (sign n)
    (cond ((< n 0) 'negative)
          (else
           'positive)))
  (define-syntax twice (syntax-rules () ((_ e) (begin e e))))
  (define unused
    (lambda ()
      (twice (push '() 1)))))
`;
  const TESTS = `(import stack)\n${suite(['push', '(assert-equal 1 (length (pop (push (push (quote ()) 1) 2))))'], ['sign', '(sign 5)'])}`;
  const TABLE = `
file       lines     forms      lines not covered
stack.eta  8/11 72%  12/16 75%  6, 14-15
all files  8/11 72%  12/16 75%
`;

  test.each([
    ['0', false],
    ['force', false],
    ['', true],
  ])('tells what has been run (ETA_JIT=%s, compiled %s)', (jit, isCompiled) => {
    write({ 'stack.eta': STACK, 'a.test.eta': TESTS });
    if (isCompiled) spawnSync(process.execPath, [ETAI, 'compile', 'stack.eta'], { cwd: folder });
    const env = { ...environment, ETA_JIT: jit };
    const { stdout, stderr } = spawnSync(process.execPath, [ETAI, 'test', '--coverage'], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'TAP version 13\n1..2\nok 1 - push\nok 2 - sign\n', stderr: TABLE });
  });

  test('adds up all files, and writes LCOV', () => {
    write({
      'stack.eta': STACK,
      'a.test.eta': TESTS,
      'b.test.eta': `(import stack)\n${suite(['empty', '(catch (pop (quote ())))'])}`,
    });
    const { stderr, status } = etaTest('--coverage=lcov');
    expect({ stderr, status }).toEqual({
      stderr: TABLE.replaceAll('8/11 72%  12/16 75%', '9/11 81%  13/16 81%').replace('6, 14-15', '14-15'),
      status: 0,
    });
    const lcov = readFileSync(join(folder, 'coverage/lcov.info'), 'utf8');
    expect(lcov).toMatch(`TN:\nSF:${join(folder, 'stack.eta')}\nFN:3,push:3:3\n`);
    expect(lcov).toMatch(/\nFNDA:2,push:3:3\nFNDA:2,pop:4:3\nFNDA:1,sign:8:3\nFNDA:0,unused:14:5\nFNF:4\nFNH:3\n/);
    expect(lcov).toMatch(/\nDA:5,2\nDA:6,1\nDA:7,1\n(.*\n)*DA:15,0\nLF:11\nLH:9\nend_of_record\n$/);
  });

  test('changes nothing for the program, threads included', () => {
    write({
      'lib.eta':
        '(module lib (export double start) (define (double x) (* 2 x)) (define (start n) (spawn-thread (lambda () (send! (current-mailbox) (double n))))))',
      'a.test.eta': `(import lib)\n${suite(['thread', "(let ((t (start 21))) (assert-equal 42 (recv! t 'wait)))"], ['tail calls', '(let loop ((i 0)) (if (< i 300000) (loop (+ i 1)) i))'])}`,
    });
    expect(etaTest('--coverage').stdout).toBe('TAP version 13\n1..2\nok 1 - thread\nok 2 - tail calls\n');
  });
});

function isThere(name: string): boolean {
  try {
    return readFileSync(join(folder, name)).length > 0;
  } catch {
    return false;
  }
}

/** Children of a file that was ended see that it has gone, and follow it. */
async function noProcessesIn(cwd: string): Promise<void> {
  for (let i = 0; i < 3000 && processesIn(cwd).length > 0; i++) await sleep(20);
  expect(processesIn(cwd)).toEqual([]);
}

/** The processes whose working directory is a folder. */
const processesIn = (cwd: string): string[] =>
  spawnSync('sh', ['-c', 'for p in /proc/[0-9]*; do readlink $p/cwd; done 2>/dev/null'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line === cwd);
