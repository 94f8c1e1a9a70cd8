// The command line as a user meets it: bin/etai in a process of its own. (`npm test` builds it first.)

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-cli-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Run etai in the folder; a file of a program is `f.eta` unless the name is given. */
function etai(
  args: readonly string[],
  options: { file?: string; name?: string; input?: string; heapLimit?: string } = {},
): Result {
  if (options.file !== undefined) writeFileSync(join(folder, options.name ?? 'f.eta'), options.file);
  const environment = {
    ...process.env,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    ETA_MODULE_PATH: undefined,
    ETA_HEAP_SOFT_LIMIT: options.heapLimit,
  };
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, ...args], {
    cwd: folder,
    encoding: 'utf8',
    input: options.input ?? '',
    env: environment,
  });
  return { stdout, stderr, status };
}

const run = (file: string) => etai(['f.eta'], { file });

describe('a program', () => {
  // [text, standard output, status]
  test.each([
    ['(module hello (import std.io) (begin (println "hi")))', 'hi\n', 0],
    ['(println "hi")', 'hi\n', 0],
    ['; nothing', '', 0],
    ['#!/usr/bin/env etai\n(println 1)', '1\n', 0],
    ['(module ex (begin (display "x") (exit 7)))', 'x', 7],
    ['(display 1) (exit 256)', '1', 0],
    ['(exit #f)', '', 1],
    ['(display "before") (car 5)', 'before', 1],
  ])('%s', (text, stdout, status) => {
    expect(run(text)).toMatchObject({ stdout, status });
  });

  test('loses no line to bytes that are not UTF-8', () => {
    writeFileSync(join(folder, 'f.eta'), '(let loop () (let ((l (read-line))) (when l (write l) (loop))))');
    const input = Buffer.from('caf\xe9 bar\r\n\xe4 second\nthird', 'latin1');
    const { stdout } = spawnSync(process.execPath, [ETAI, 'f.eta'], { cwd: folder, encoding: 'utf8', input });
    expect(stdout).toBe('"caf\ufffd bar""\ufffd second""third"');
  });

  test('that cannot be opened is an error of one line, for each command', () => {
    symlinkSync('circle', join(folder, 'circle'));
    // [words, standard error]
    const rows = [
      [['circle'], 'error: cannot open file (ELOOP): circle\n'],
      [
        ['check', 'circle'],
        'error: cannot open file: circle\n  hint: ELOOP: too many symbolic links encountered, open ',
      ],
      [['fmt', 'circle'], 'error: cannot read circle: Too many levels of symbolic links\n'],
      [['bundle', 'circle'], 'error: file not found: circle\n'],
      [['fmt', 'c'.repeat(300)], `error: cannot read ${'c'.repeat(300)}: File name too long\n`],
    ] as const;
    for (const [words, message] of rows) {
      const { stderr, status } = etai(words);
      expect({ start: stderr.slice(0, message.length), status }).toEqual({ start: message, status: 1 });
    }
    rmSync(join(folder, 'circle'));
  });

  test.skipIf(process.platform === 'win32').each([
    ['-e', '1'],
    ['check', '.'],
    ['new', 'x'],
  ])('in a folder that has been deleted, etai %s %s says so', (...words) => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
    const result = spawnSync('sh', ['-c', script, 'sh', process.execPath, ETAI, ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(result).toMatchObject({
      stdout: '',
      stderr: 'error: the working directory is not there any more\n',
      status: 1,
    });
  });

  test('gets its arguments and its standard input', () => {
    const file =
      '(write (command-line-arguments)) (newline) (write (read-line)) (write (read-char)) (write (read-line))';
    const result = etai(['f.eta', 'a', '-x', '--', 'b', '--path'], { file, input: 'one\ntwo' });
    expect(result).toEqual({ stdout: '("a" "-x" "b" "--path")\n"one"#\\t"wo"', stderr: '', status: 0 });
  });

  test('can ask whether a pipe has input', async () => {
    const file = `(import std.io)
      (write (char-ready?)) (flush-output)
      (let wait () (unless (char-ready?) (wait)))
      (write (read-char)) (write (char-ready?)) (flush-output)
      (read-line) (write (char-ready?))`;
    writeFileSync(join(folder, 'f.eta'), file);
    const child = spawn(process.execPath, [ETAI, 'f.eta'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      if (printed === '#f') child.stdin.write('x');
      if (printed.endsWith('x#f')) child.stdin.end();
    });
    await once(child, 'close');
    expect(printed).toBe('#f#\\x#f#t');
  });

  test('can be standard input', () => {
    expect(etai(['-', 'x'], { input: '(write (command-line-arguments))' })).toMatchObject({
      stdout: '("x")',
      status: 0,
    });
  });

  test('prints what its last words are, after the output before them', () => {
    const { stdout, stderr, status } = run(
      '(module m (begin\n  (define (f x) (+ 1 (car x)))\n  (display "é")\n  (f 5)\n  (newline)))',
    );
    expect({ stdout, status }).toEqual({ stdout: 'é', status: 1 });
    expect(stderr).toBe(`error [f.eta:2:22-2:29]: car: not a pair
  2 |   (define (f x) (+ 1 (car x)))
    |                      ^^^^^^^
  note: the value is 5, an integer
  usage: (car p)
  at f (f.eta:2:22)
  at m_init (f.eta:4:3)
`);
  });

  test('that has had a thread leaves nothing unwritten', () => {
    const writing = '(define w (csv:open-writer "rows.eta")) (csv:write-row w (list 1 2))';
    run(`(import std.csv) (thread-join (spawn-thread (lambda () 1))) ${writing}`);
    expect(readFileSync(join(folder, 'rows.eta'), 'utf8')).toBe('1,2\n');
  });

  test('prints a raised value that nothing caught', () => {
    expect(run('(raise \'my-tag \'(1 "x"))').stderr).toMatch(
      /^error \[f\.eta:1:1-1:25\]: Unhandled raise: my-tag\n.*\n.*\n {2}note: the raised value is \(1 "x"\)\n/,
    );
  });

  test('is not run if it does not compile; all errors are shown', () => {
    const { stdout, stderr, status } = run('(display "no")\n(display nope)\n(if)\n');
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr.split('\n').filter((line) => line.startsWith('error'))).toEqual([
      'error [f.eta:2:10-2:14]: Undefined symbol: nope',
      'error [f.eta:3:1-3:5]: if: invalid syntax; expected (if test consequent [alternate])',
    ]);
  });

  test('with a warning runs all the same', () => {
    const { stdout, stderr, status } = run('(define x 1 2) (display x)');
    expect({ stdout, status }).toEqual({ stdout: '1', status: 0 });
    expect(stderr).toMatch(/^warning \[f\.eta:1:13-1:14\]: /);
  });
});

describe('the command line', () => {
  test.each([
    [[], 'error: no input file specified\nUsage: etai [options] FILE [--] [arg …]\n'],
    [['none.eta'], 'error: file not found: none.eta\n'],
    [['.'], 'error: is a directory: .\n'],
    [['f.eta', '--path'], 'error: --path requires a value\nUsage: etai'],
    [['--frob', 'f.eta'], "error: unknown option '--frob'\n"],
    [
      ['f.eta', '--mailbox', `ipc:///none/${process.pid}`],
      'error: --mailbox: failed to connect to parent at ipc:///none/',
    ],
  ])('%j is an error', (args, message) => {
    const { stdout, stderr, status } = etai(args, { file: '(display 1)' });
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr.startsWith(message)).toBe(true);
  });

  test('a missing file is reported before a missing parent', () => {
    expect(etai(['none.eta', '--mailbox', 'ipc:///none']).stderr).toBe('error: file not found: none.eta\n');
  });

  test('help and version', () => {
    expect(etai(['--help'])).toMatchObject({ stdout: '', status: 0, stderr: expect.stringMatching(/^Usage: etai /) });
    expect(etai(['-V'])).toMatchObject({ stderr: '', status: 0, stdout: expect.stringMatching(/^etai \d/) });
  });

  test('expressions share definitions; --print prints the last value', () => {
    expect(etai(['-e', '(define x 20)', '-e', '(display "out ") (* x 2)', '-p'])).toEqual({
      stdout: 'out 40\n',
      stderr: '',
      status: 0,
    });
    expect(etai(['-e', '(define x 20)', '-e', '(car x)', '-e', '(display 1)'])).toMatchObject({
      stdout: '',
      status: 1,
    });
    expect(etai(['-e', '(write (command-line-arguments))', 'a', '--', '-b']).stdout).toBe('("a" "-b")');
  });

  test('--path finds modules', () => {
    const lib = realpathSync(mkdtempSync(join(folder, 'lib-')));
    writeFileSync(join(lib, 'lib.eta'), '(module lib (export x) (begin (define x 5)))');
    expect(etai(['--path', lib, 'f.eta'], { file: '(import lib) (display x)' })).toMatchObject({ stdout: '5' });
  });

  test('--disasm lists the bytecode after the run', () => {
    const { stdout } = etai(['--disasm', 'f.eta'], { file: '(module m (begin (define (f x) (car x)) (display 1)))' });
    expect(stdout).toMatch(/^1; \d+ function\(s\)\n\n=== /);
    expect(stdout).toContain('=== m_init ===\n  arity:      0\n');
    expect(stdout).toContain('=== f ===\n  arity:      1\n');
  });
});

test('bytevectors that are dead do not count for the heap limit, also while V8 is still freeing them', () => {
  const file = '(let loop ((i 0)) (when (< i 100) (make-bytevector 20000000 1) (loop (+ i 1)))) (println "ok")';
  expect(etai(['f.eta'], { file, heapLimit: '30M' })).toEqual({ stdout: 'ok\n', stderr: '', status: 0 });
});

test('nesting without end is an error with a place, at whatever depth the host gives up', () => {
  for (const depth of [500, 1100, 1300, 1500, 3000, 50_000]) {
    const { stdout, stderr, status } = run(`(display ${'(+ 1 '.repeat(depth)}1${')'.repeat(depth)})`);
    if (status === 0) expect(stdout).toBe(String(depth + 1));
    else expect(stderr).toMatch(/^error \[f\.eta:1:\d+-1:\d+\]: expansion depth exceeded\n/);
  }
});

describe('Ctrl-C', () => {
  /** Run a program, send SIGINT once it has printed `ready`, and give what it did. */
  function interrupted(file: string): Promise<Result & { readonly signal: string | null }> {
    writeFileSync(join(folder, 'loop.eta'), file);
    return new Promise((done) => {
      const child = spawn(process.execPath, [ETAI, 'loop.eta'], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (!stdout.includes('ready') && (stdout + text).includes('ready')) child.kill('SIGINT');
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.on('close', (status, signal) => done({ stdout, stderr, status, signal }));
    });
  }
  const READY = '(display "ready ") (flush-output-port (current-output-port))';
  /** @param before  what has been done when the program says that it is ready */
  const wound = (body: string, before = '') =>
    `(dynamic-wind (lambda () '()) (lambda () ${before} ${READY} ${body}) (lambda () (display "cleaned up")))`;

  /** Native code is loaded when it is first needed; a signal in the middle of that ends the whole process. */
  const WAITED = '(define s (nng-socket \'pull)) (nng-listen s "inproc://nobody") (nng-poll (list s) 1)';

  // [what is interrupted, program]
  test.each([
    ['an endless loop', wound('(let loop ((i 0)) (loop (+ i 1)))')],
    ['a receiver that waits', wound("(recv! s 'wait)", WAITED)],
    ['a program that waits for input', wound('(read-line)', WAITED)],
    ['a child that is waited for', wound('(spawn-wait child)', `${WAITED} (define child (spawn "sleeper.eta"))`)],
  ])('ends %s, after its after-thunks, with status 130', async (_what, program) => {
    writeFileSync(join(folder, 'sleeper.eta'), "(recv! (current-mailbox) 'wait)");
    expect(await interrupted(program)).toEqual({ stdout: 'ready cleaned up', stderr: '', status: 130, signal: null });
  });
});

test('nothing is left in the folder of a run', () => {
  run('(display 1)');
  expect(readdirSync(folder).filter((name) => !name.endsWith('.eta') && !name.startsWith('lib-'))).toEqual([]);
});

describe('a child whose parent is killed', () => {
  const UP = '(display "up") (flush-output-port (current-output-port))';
  // [what it is doing]
  test.concurrent.each([
    ['(let loop ((i 0)) (loop (+ i 1)))'],
    ['(%time-sleep-ms 600000)'],
    ['(recv! (nng-listen (nng-socket \'pair) (string-append "inproc://" "x")) \'wait)'],
    ["(nng-poll '() 600000)"],
    ['(thread-join (spawn-thread (lambda () (let loop () (loop)))))'],
  ])('ends soon, doing %s', async (action) => {
    const own = mkdtempSync(join(folder, 'family-'));
    writeFileSync(join(own, 'child.eta'), `${UP} ${action}`);
    writeFileSync(join(own, 'parent.eta'), `(recv! (spawn "child.eta") 'wait)`);
    const parent = spawn(process.execPath, [ETAI, 'parent.eta'], { cwd: own });
    // Closes when the last process that has it is gone.
    const closed = once(parent.stdout, 'close');
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    await closed;
  });
});

describe('an error in a builtin that is written in Eta', () => {
  // [program, where the error is reported]
  test.each([
    ['(for-each 1 (list 1))', '1:1-1:22'],
    ['(define (f) (for-each 1 (list 1)))\n(f)\n(println 2)', '1:13-1:34'],
    ['(string-for-each 5 "ab")', '1:1-1:25'],
    ['(parameterize ((1 2)) 3)', '1:1-1:25'],
    ['(call-with-values 5 list)', '1:1-1:26'],
    ['(dynamic-wind 1 2 3)', '1:1-1:21'],
  ])('%s is reported where it was called', (program, span) => {
    const { stderr, status } = run(program);
    expect(stderr).toContain(`error [f.eta:${span}]: `);
    expect(status).toBe(1);
  });
});

describe('commands', () => {
  test('that look like options have to come first, and are told of by help', () => {
    expect(etai(['--path', '.', '--profile', 'f.eta'])).toMatchObject({
      stderr: 'error: --profile must be the first of all words\n',
      status: 1,
    });
    expect(etai(['--profil', 'f.eta']).stderr).toContain('(Did you mean --profile?)');
    expect(etai(['help']).stdout).toContain('--trace-actors');
  });

  test('are listed by help', () => {
    const { stdout, status } = etai(['help']);
    expect(status).toBe(0);
    expect(stdout).toContain('Commands (etai COMMAND --help tells more):\n');
    expect(stdout).toMatch(/^ {2}help +\S/m);
  });

  test('are suggested where a file is missing', () => {
    const stderr = "error: file not found: hepl\n  hint: did you mean the command 'etai help'?\n";
    expect(etai(['hepl'])).toEqual({ stdout: '', stderr, status: 1 });
    const refusal = "error: unknown command: hepl; did you mean 'help'?\nUsage: etai help [options] [command]\n";
    expect(etai(['help', 'hepl']).stderr).toBe(refusal);
  });

  test('give way to files that are named with a path', () => {
    expect(etai(['./help'], { file: '(println 1)', name: 'help' })).toEqual({ stdout: '1\n', stderr: '', status: 0 });
  });
});

describe.runIf(process.platform === 'linux')('a host that refuses', () => {
  test('a reader that has gone ends a listing quietly', () => {
    writeFileSync(join(folder, 'l.eta'), '(println 1)');
    const command = '{ "$0" "$1" --disasm l.eta; echo "status $?" >&2; } | head -1';
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', command, process.execPath, ETAI], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: 'status 141\n' });
  });

  test('a full disk is an error, not a defect of ours', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"$0" "$1" --eval '(display 1)' > /dev/full`, process.execPath, ETAI],
      {
        encoding: 'utf8',
      },
    );
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'error: File write failed\n' });
  });

  // [words, standard input]
  test.each([
    [['fmt', '--stdin'], '(f  1)'],
    [['--version'], ''],
    [['help'], ''],
  ])('a full disk makes etai %j fail, too', (words, input) => {
    const command = ['-c', '"$0" "$@" > /dev/full', process.execPath, ETAI, ...words];
    const { status, stderr } = spawnSync('sh', command, { encoding: 'utf8', input });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: cannot write to standard output: ENOSPC/);
  });

  test('a library that is not libnng is an nng-error', () => {
    const environment = { ...process.env, ETA_NNG_LIB: 'libc.so.6' };
    const program = "(display (caddr (catch 'nng-error (nng-socket 'pair))))";
    const { stdout } = spawnSync(process.execPath, [ETAI, '--eval', program], { encoding: 'utf8', env: environment });
    expect(stdout).toMatch(/^nng-error: the library that was found is not libnng 1.x: /);
  });
});
