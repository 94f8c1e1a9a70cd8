// The prompt on pipes: bin/etai in a process of its own, lines in, bytes out. (`npm test` builds it first.)

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-repl-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function etai(args: readonly string[], input: string): Result {
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ETA_MODULE_PATH: undefined },
  });
  return { stdout, stderr, status };
}

const repl = (...lines: string[]) => etai(['repl'], lines.map((line) => `${line}\n`).join(''));

const MARK = '\x01';
const NEXT = [`(begin (display "${MARK}") (display "${MARK}" (current-error-port)))`, ':reset'];

/** Sessions that follow one another in one process, which saves a start-up for each. */
function sessions(inputs: readonly (readonly string[])[]): { stdout: string; stderr: string }[] {
  const { stdout, stderr, status } = repl(...inputs.flatMap((lines) => [...lines, ...NEXT]));
  expect(status).toBe(0);
  const errors = stderr.split(MARK);
  return stdout
    .split(MARK)
    .map((text, i) => ({ stdout: i === 0 ? text : text.replace(/^forgotten everything\n/, ''), stderr: errors[i] }));
}

/** The first lines of the findings. */
const findings = ({ stderr }: { readonly stderr: string }) =>
  stderr.split('\n').filter((line) => /^(?:error|warning)/.test(line));

const BANNER =
  'eta REPL - type an expression and press Enter.\nUse Ctrl+D or (exit) to quit, :help for the commands.\n';

describe('with --interactive, the transcripts of the specification', () => {
  // [lines, standard output behind the banner, findings on standard error, status]
  const TRANSCRIPTS: [string[], string, string[], number][] = [
    [['(+ 1 2)'], 'eta> => 3\neta> \n', [], 0],
    [['(define x 10) x'], 'eta> => 10\neta> \n', [], 0],
    [
      ['(defun f (x) x)', '(defun g (x) (f x))', '(defun f (x) (* x 2))', '(g 5)', '(f 5)'],
      'eta> eta> eta> eta> => 5\neta> => 10\neta> \n',
      [],
      0,
    ],
    [['(list 1', '2)'], 'eta> ... => (1 2)\neta> \n', [], 0],
    [['"a', 'b"'], 'eta> ... => "a\\nb"\neta> \n', [], 0],
    [['1 2 3'], 'eta> => 3\neta> \n', [], 0],
    [['(foo)'], 'eta> eta> \n', ['error [<repl>:1:2-1:5]: Undefined symbol: foo'], 0],
    [
      ['#f', '#\\a', '(quote sym)', '(list 1 2.5 "x")', '(vector 1 2)', '(lambda (x) x)', 'car', '1e21'],
      'eta> => #f\neta> => #\\a\neta> => sym\neta> => (1 2.5 "x")\neta> => #(1 2)\neta> => #<closure>\n' +
        'eta> => #<primitive>\neta> => 1e+21\neta> \n',
      [],
      0,
    ],
    [['(exit 3)'], 'eta> ', [], 3],
    [['(car 5)', '1'], 'eta> eta> => 1\neta> \n', ['error [<repl>:1:1-1:8]: car: not a pair'], 0],
    [['(define x 1)', '(set! x 2)', 'x'], 'eta> eta> eta> => 2\neta> \n', [], 0],
    [['(display "x")'], 'eta> xeta> \n', [], 0],
    [["'()"], 'eta> eta> \n', [], 0],
    [['(exit)'], 'eta> ', [], 0],
    [[' (quit) '], 'eta> ', [], 0],
    [['', '  ', '; nothing'], 'eta> eta> eta> eta> \n', [], 0],
    [['(list 1'], 'eta> ... \n', [], 0],
    [['1 ; (', '(list #\\( #\\))', '#| ( |# 2'], 'eta> => 1\neta> => (#\\( #\\))\neta> => 2\neta> \n', [], 0],
    [[')'], 'eta> eta> \n', ['error [<repl>:1:1-1:2]: unexpected closing delimiter'], 0],
  ];
  test.each(TRANSCRIPTS)('%j', (lines, stdout, errors, status) => {
    const result = etai(['repl', '--interactive'], lines.map((line) => `${line}\n`).join(''));
    expect({ stdout: result.stdout, status: result.status }).toEqual({ stdout: BANNER + stdout, status });
    expect(findings(result)).toEqual(errors);
  });
});

describe('submissions', () => {
  // [lines, standard output, findings]
  const SUBMISSIONS: [string, string[], string, string[]][] = [
    ['a definition replaces an import', ['(import std.math)', '(define pi 3)', 'pi'], '=> 3\n', []],
    ['an import replaces a definition', ['(define sum 1)', '(import std.math)', '(sum (list 2 3))'], '=> 5\n', []],
    ['imports stay', ['(import (only std.json json:write-string))', '(procedure? json:write-string)'], '=> #t\n', []],
    [
      'macros stay',
      [
        '(define-syntax swap! (syntax-rules () ((_ a b) (let ((t a)) (set! a b) (set! b t)))))',
        '(define a 1) (define b 2)',
        '(swap! a b) (list a b)',
      ],
      '=> (2 1)\n',
      [],
    ],
    [
      'records stay',
      [
        '(define-record-type point (make-point x y) point? (x px) (y py set-py!))',
        '(define p (make-point 1 2))',
        '(set-py! p 5) (list (px p) (py p) (point? p))',
      ],
      '=> (1 5 #t)\n',
      [],
    ],
    [
      'a failing submission defines nothing',
      ['(define q 1) (car 5)', 'q'],
      '',
      ['error [<repl>:1:14-1:21]: car: not a pair', 'error [<repl>:1:1-1:2]: Undefined symbol: q'],
    ],
    [
      'but what it did stays done',
      ['(define a 1)', '(set! a 2) (car 5)', 'a'],
      '=> 2\n',
      ['error [<repl>:1:12-1:19]: car: not a pair'],
    ],
    [
      'the rest of an older submission stays',
      ['(define a 1) (define b 2)', '(define a 10)', '(list a b)'],
      '=> (10 2)\n',
      [],
    ],
    ['main is not called', ['(defun main () (display "no"))', '(main)'], 'no', []],
    [
      '_ __ ___ are the last results',
      ['1', '2', "'()", '3', '(list _ __ ___)', '_'],
      '=> 1\n=> 2\n=> 3\n=> (3 2 1)\n=> (3 2 1)\n',
      [],
    ],
    ['_ can be defined', ['(define _ 7)', '8', '_'], '=> 8\n=> 7\n', []],
    ['several values', ['(values 1 "b")', '(values)'], '=> 1\n=> "b"\n', []],
    ['modules', ['(module m (export z) (begin (define z 3) 7))', '(import m) z'], '=> 3\n', []],
    [
      'after-thunks run',
      ['(dynamic-wind (lambda () 1) (lambda () (car 5)) (lambda () (display "after")))', '1'],
      'after=> 1\n',
      ['error [<repl>:1:40-1:47]: car: not a pair'],
    ],
    [
      'positions are those of the input',
      ['(define (f x)', '  (car x))', '(f 1)'],
      '',
      ['error [<repl>:2:3-2:10]: car: not a pair'],
    ],
    [
      'continuations cross submissions',
      ['(define k #f)', '(+ 1 (call/cc (lambda (c) (set! k c) 1)))', '(procedure? k)'],
      '=> 2\n=> #t\n',
      [],
    ],
    [
      'programs read the lines behind them',
      ['(read-line)', 'hello', '(list (read-char) 1)', 'x'],
      '=> "hello"\n=> (#\\x 1)\n',
      [],
    ],
    ['long results are whole', ['(range 0 200)'], `=> (${[...Array(200).keys()].join(' ')})\n`, []],
  ];
  let results: ReturnType<typeof sessions> = [];
  beforeAll(() => {
    results = sessions(SUBMISSIONS.map(([, lines]) => lines));
  });
  test.each(SUBMISSIONS.map((row, i) => [...row, i] as const))('%s', (_what, _lines, stdout, errors, i) => {
    expect(results[i].stdout).toBe(stdout);
    expect(findings(results[i])).toEqual(errors);
  });

  test('an input that ends too early is told', () => {
    expect(repl('(+ 1').stderr).toMatch(/^error \[<repl>:1:1-1:2\]: unclosed list\n/);
  });

  test('a trace is that of the user’s functions', () => {
    expect(repl('(define (f x) (+ 1 (car x)))', '(f 5)').stderr).toBe(`error [<repl>:1:20-1:27]: car: not a pair
  1 | (define (f x) (+ 1 (car x)))
    |                    ^^^^^^^
  note: the value is 5, an integer
  usage: (car p)
  at f (<repl>:1:20)
`);
  });

  test('ten thousand lines of one form take no quadratic time', () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `  (set! total (+ total ${i})) ; "line" ${i} (`);
    expect(repl('(define total 0)', '(begin', ...lines, ')', 'total').stdout).toBe('=> 49995000\n');
  });
});

describe('commands', () => {
  const LIB = '(module lib (export one) (begin (define one 1)))';
  // [lines, standard output, standard error]
  const COMMANDS: [string[], string, string][] = [
    [
      [':type 1', ':type (list 1', '2)', ':type "x"', ':type car'],
      'integer\nlist of 2 items\nstring\nbuiltin function\n',
      '',
    ],
    [[':tim 3'], '', "unknown command :tim; did you mean ':time'?\n"],
    [[':frobnicate'], '', 'unknown command :frobnicate; :help lists them all\n'],
    [[':help tiem'], '', "there is no command :tiem; did you mean ':time'?\n"],
    [[':help load'], ':load FILE  load a file, again if it has been loaded, and import it\n', ''],
    [[':load'], '', 'usage: :load FILE\n'],
    [[':quit now'], '', 'usage: :quit\n'],
    [[':load none.eta'], '', ':load: file not found: none.eta\n'],
    [[':load .'], '', ':load: not a file: .\n'],
    [
      [':load bare.eta', '(double 4)', ':load lib.eta', 'one', ':reload', 'one'],
      'loading\n=> 8\n=> 1\nloading\nloaded again: bare lib\n=> 1\n',
      '',
    ],
    [[':reload nope'], '', ':reload: module nope is not loaded; :modules lists those that are\n'],
    [[':import std.json', '(procedure? json:write-string)'], '=> #t\n', ''],
    [['(define x "a")', '(define (f a b) a)', ':env'], 'x        = "a"\n(f a b)  function of 2 arguments\n', ''],
    [[':env lib'], 'one  = 1\n', ''],
    [[':env nope'], '', 'there is no module nope\n'],
    [[':expand (my-or 1 2)'], '(my-or 1 2)\n', ''],
    [
      ['(define-syntax my-or (syntax-rules () ((_ a b) (let ((t a)) (if t t b)))))', ':expand (my-or 1 2)'],
      '(let ((t 1)) (if t t 2))\n',
      '',
    ],
    [[':actors'], 'there are no actors\n', ''],
    [
      [':set'],
      "items    100    items of a list that are shown, or off\ndepth    12     levels of nesting that are shown, or off\nwidth    off    columns of results, or off for the terminal's\n",
      '',
    ],
    [[':set item 3'], '', ":set: no option is called item; did you mean 'items'?\n"],
    [[':set items none'], '', ':set: items is a positive number, or off\n'],
    [['(define x 1)', ':reset', ':env'], 'forgotten everything\nyou have not defined anything yet\n', ''],
    [[':bt'], '', 'there has been no error yet\n'],
    [[':full'], '', 'there has been no result yet\n'],
    [["'(1 2)", ':full'], '=> (1 2)\n=> (1 2)\n', ''],
    [[';; Twice x.', '(define (f x)', '  (* 2 x))', ':source f'], '(define (f x)\n  (* 2 x))\n', ''],
    [[':source car'], '', 'there is no source text of car: it is a builtin\n'],
    [[':source println'], '', 'there is no source text of println: std.io is compiled\n'],
    [[':doc vector-reff'], '', "nothing is called vector-reff; did you mean 'vector-ref'?\n"],
    [
      [':load bare.eta', ':doc double', ':source double'],
      'loading\n(double x)    function of 1 argument of bare\n  Twice x.\n;; bare.eta:2\n(define (double x) (* 2 x))\n',
      '',
    ],
  ];
  let results: ReturnType<typeof sessions> = [];
  beforeAll(() => {
    writeFileSync(join(folder, 'lib.eta'), LIB);
    writeFileSync(join(folder, 'bare.eta'), ';; Twice x.\n(define (double x) (* 2 x))\n(println "loading")\n');
    results = sessions(COMMANDS.map(([lines]) => lines));
  });
  test.each(COMMANDS.map((row, i) => [...row, i] as const))('%j', (_lines, stdout, stderr, i) => {
    expect(results[i]).toEqual({ stdout, stderr });
  });

  test(':quit leaves', () => {
    expect(repl(':quit', '(display 1)')).toEqual({ stdout: '', stderr: '', status: 0 });
  });

  test(':doc tells about builtins', () => {
    expect(repl(':doc vector-ref').stdout).toMatch(
      /^\(vector-ref v k\) +builtin\n {2}.*\n {2}Errors: .*\n {2}\(vector-ref #\(a b c\) 2\) +; => c\n/,
    );
  });

  test(':doc tells about library procedures, special forms and modules', () => {
    expect(repl(':doc foldl').stdout).toMatch(/^\(foldl f init xs\) +procedure of std\.collections\n[\s\S]*; => 4\n$/);
    expect(repl(':doc cond').stdout).toMatch(/^\(cond .*special form\n/);
    expect(repl(':doc std.json').stdout).toMatch(/\n {2}Exports: json:read .*\n$/);
  });

  test(':apropos lists names with what they do', () => {
    expect(repl(':apropos vector-re').stdout).toMatch(/^\(vector-ref v k\) .*\n/m);
  });

  test(':modules tells where modules come from', () => {
    const { stdout } = repl('(import lib)', ':modules');
    expect(stdout).toMatch(/^std\.core +standard library$/m);
    expect(stdout).toMatch(/^lib +lib\.eta$/m);
  });

  test(':time tells how long it took', () => {
    expect(repl(':time (+ 1 2)').stdout).toMatch(/^took [\d.]+ (?:µs|ms|s)\n=> 3\n$/);
  });

  test(':disasm shows bytecode', () => {
    const { stdout } = repl('(define (f x) (car x))', ':disasm f', ':disasm (car (display "not run"))');
    expect(stdout).toMatch(/^=== f ===\n {2}arity: {6}1\n[\s\S]*\bCar\b/);
    expect(stdout).not.toMatch(/^not run/m);
  });

  test(':bt shows the whole stack', () => {
    const deep = '(define (f n) (if (= n 0) (car 5) (+ 1 (f (- n 1)))))';
    const { stderr } = repl(deep, '(f 40)', ':bt');
    const [first, second] = stderr.split(/^(?=error)/m);
    expect(first).toContain('  … ');
    expect(second.match(/^ {2}at f /gm)).toHaveLength(41);
  });

  test(':save writes what has run; another file is not overwritten', () => {
    const { stdout, stderr } = repl(
      '(define x 1)',
      '(car 5)',
      '(define (f)',
      '  x)',
      ':save out.eta',
      ':save out.eta',
      ':save lib.eta',
    );
    expect(stdout).toBe('saved 2 inputs\nsaved 2 inputs\n');
    expect(stderr).toMatch(/:save: lib\.eta is there already, and not as :save has written it\n$/);
    expect(readFileSync(join(folder, 'out.eta'), 'utf8')).toBe('(define x 1)\n(define (f)\n  x)\n');
  });

  test('what :save has written runs, with what had been loaded', () => {
    const { stdout, stderr } = repl(
      ':load lib.eta',
      ':load bare.eta',
      ':load lib.eta',
      '(println (double (+ one 4)))',
      ':save runs.eta',
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'loading\n10\nsaved 3 inputs\n', stderr: '' });
    expect(repl(':load runs.eta')).toMatchObject({ stdout: 'loading\n10\n', stderr: '' });
    expect(etai(['runs.eta'], '')).toMatchObject({ stdout: 'loading\n10\n', stderr: '', status: 0 });
  });

  test(':save overwrites neither what somebody has changed, nor anything with nothing', () => {
    const { stdout, stderr } = repl(
      ':save none.eta',
      '1',
      ':save mine.eta',
      ':reset',
      ':save mine.eta',
      '(call-with-port (open-output-file "mine.eta") (lambda (p) (display "by hand" p)))',
      ':save mine.eta',
    );
    expect(stdout).toBe('=> 1\nsaved 1 input\nforgotten everything\n');
    expect(stderr.split('\n')).toEqual([
      ':save: nothing has been entered yet',
      ':save: nothing has been entered yet',
      ':save: mine.eta is there already, and not as :save has written it',
      '',
    ]);
    expect(readFileSync(join(folder, 'mine.eta'), 'utf8')).toBe('by hand');
  });

  test('what the system refuses to a command does not end the prompt', () => {
    const temporary = process.env['TMPDIR'];
    process.env['TMPDIR'] = join(folder, 'none');
    const { stdout, stderr, status } = repl(':edit', '(* 6 7)');
    if (temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporary;
    expect({ stdout, status }).toEqual({ stdout: '=> 42\n', status: 0 });
    expect(stderr).toMatch(/^:edit: ENOENT: no such file or directory, mkdtemp .*\n$/);
  });

  test(':edit evaluates what the editor leaves', () => {
    const editor = join(folder, 'editor.mjs');
    writeFileSync(
      editor,
      `import fs from 'node:fs';
const file = process.argv[2]; fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('20', '21'));`,
    );
    process.env.EDITOR = `${process.execPath} ${editor}`;
    expect(repl('(* 2 20)', ':edit')).toMatchObject({ stdout: '=> 40\n(* 2 21)\n=> 42\n' });
    process.env.EDITOR = 'false';
    expect(repl('1', ':edit').stderr).toBe(':edit: false failed: status 1\n');
  });

  test(':reload sees what has changed, and keeps everything if that fails', () => {
    // The program changes the file itself.
    const file = join(folder, 'changing.eta');
    writeFileSync(file, '(module changing (export v) (begin (define v 1)))');
    writeFileSync(join(folder, 'user.eta'), '(module user (import changing) (export w) (begin (define w (* 10 v))))');
    const change = (text: string) =>
      `(let ((p (open-output-file "changing.eta"))) (display ${JSON.stringify(text)} p) (close-port p))`;
    const { stdout, stderr } = repl(
      '(import changing user)',
      '(list v w)',
      change('(module changing (export v new) (begin (define v 2) (define new 3)))'),
      ':reload changing',
      '(list v w new)',
      change('(module changing (export v) (begin (define v (car 5))))'),
      ':reload changing',
      '(list v w new)',
    );
    expect(stdout).toBe('=> (1 10)\nloaded again: changing user\n=> (2 20 3)\n=> (2 20 3)\n');
    expect(stderr).toMatch(/^error \[changing\.eta:1:46-1:53\]: car: not a pair\n/);
  });
});

describe('the command line', () => {
  test.each([
    [['repl', 'x'], 1, 'error: unexpected argument: x\nUsage: etai repl [options]\n'],
    [['repl', '--path'], 1, 'error: --path requires a value\nUsage: etai repl [options]\n'],
    [[], 1, 'error: no input file specified\nUsage: etai '],
  ])('%j', (args, status, message) => {
    const result = etai(args, '1\n');
    expect({ stdout: result.stdout, status: result.status }).toEqual({ stdout: '', status });
    expect(result.stderr.startsWith(message)).toBe(true);
  });

  test('--help is what was asked for', () => {
    const { stdout, stderr, status } = etai(['repl', '--help'], '1\n');
    expect(stdout.startsWith('Usage: etai repl [options]\n')).toBe(true);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  test('--path finds modules, --strict-shadows refuses two', () => {
    const [a, b] = [mkdtempSync(join(folder, 'a-')), mkdtempSync(join(folder, 'b-'))];
    for (const each of [a, b]) writeFileSync(join(each, 'm.eta'), '(module m (export v) (begin (define v 1)))');
    expect(etai(['repl', '--path', a], '(import m) v\n').stdout).toBe('=> 1\n');
    expect(etai(['repl', '--strict-shadows', '--path', `${a}:${b}`], '(import m) v\n').stderr).toMatch(
      /strict shadow mode: module 'm' resolves to multiple files/,
    );
  });
});
