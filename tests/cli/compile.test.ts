// etac and `etai compile`, and how etai runs what they make: the real commands, in a folder of their own.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FORMAT_VERSION } from '../../src/bytecode/etac.ts';
import { type Files, writeFiles } from '../support/files.ts';

const BIN = resolve(import.meta.dirname, '..', '..', 'bin');
let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-compile-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function run(command: string, args: readonly string[]): Result {
  const env = { ...process.env, FORCE_COLOR: undefined, ETA_MODULE_PATH: undefined };
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(BIN, command), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { stdout, stderr, status };
}
const etac = (...args: string[]) => run('etac', args);
const etai = (...args: string[]) => run('etai', args);

const write = (files: Files): void => writeFiles(folder, files);
const remove = (name: string) => rmSync(join(folder, name));

const HELLO = '(module hello (import std.io) (begin (println "hi")))';
const UNDEFINED = '(module undef\n  (begin\n    (display nope)))';

describe('etac', () => {
  test('compiles a file, which then runs without its source', () => {
    write({ 'hello.eta': HELLO });
    const compiled = 'compiled hello.eta > hello.etac (1 functions, 1 module(s))\n';
    expect(etac('hello.eta')).toEqual({ stdout: '', stderr: compiled, status: 0 });
    remove('hello.eta');
    expect(etai('hello.etac')).toEqual({ stdout: 'hi\n', stderr: '', status: 0 });
  });

  test('is etai compile', () => {
    write({ 'hello.eta': HELLO });
    expect(etai('compile', 'hello.eta', '-o', 'out.etac').stderr).toMatch(/^compiled hello\.eta > out\.etac /);
    expect(etai('out.etac').stdout).toBe('hi\n');
  });

  test('runs imports, not the file', () => {
    write({ 'lib.eta': '(module lib (begin (display "lib ")))', 'app.eta': '(import lib) (display "app")' });
    expect(etac('app.eta').stdout).toBe('lib ');
    expect(etai('app.etac').stdout).toBe('lib app');
  });

  test('says that there are no modules', () => {
    write({ 'top.eta': '; nothing\n' });
    const stderr = 'warning: no modules found in top.eta\ncompiled top.eta > top.etac (0 functions, 0 module(s))\n';
    expect(etac('top.eta')).toEqual({ stdout: '', stderr, status: 0 });
    expect(etai('top.etac')).toEqual({ stdout: '', stderr: '', status: 0 });
  });

  test('writes nothing if there is an error', () => {
    write({ 'undef.eta': UNDEFINED });
    const { stderr, status } = etac('undef.eta');
    expect(stderr).toMatch(/^error \[undef\.eta:3:14-3:18\]: Undefined symbol: nope\n/);
    expect({ status, files: readdirSync(folder) }).toEqual({ status: 1, files: ['undef.eta'] });
  });

  // [arguments, standard error begins with]
  test.each([
    [[], 'error: no input file specified\nUsage: etac [options] FILE [-o OUT]\n'],
    [['none.eta'], 'error: file not found: none.eta\n'],
    [['.'], 'error: is a directory: .\n'],
    [['hello.eta', 'more'], 'error: unexpected argument: more\n'],
    [['hello.eta', '-o'], 'error: -o requires a value\n'],
    [['hello.eta', '--path'], 'error: --path requires a value\n'],
    [['--disam', 'hello.eta'], "error: unknown option '--disam'\n(Did you mean --disasm?)\n"],
    [['hello.eta', '-o', 'none/out.etac'], 'error: cannot open output file: none/out.etac (ENOENT)\n'],
    [['hello.eta', '-o', '.'], 'error: output file . is a folder\n'],
    [['hello.eta', '-o', 'hello.eta'], 'error: output file hello.eta would overwrite its own source\n'],
  ])('%j is an error', (args, message) => {
    write({ 'hello.eta': HELLO });
    const { stdout, stderr, status } = etac(...args);
    expect({ stdout, status, begins: stderr.slice(0, message.length) }).toEqual({
      stdout: '',
      status: 1,
      begins: message,
    });
    expect(readdirSync(folder)).toEqual(['hello.eta']);
  });

  test('a source is not overwritten, by whatever name, nor is an imported one', () => {
    const files = {
      'main.eta': '(import lib)\n(println (f))\n',
      'lib.eta': '(module lib (export f) (begin (defun f () 1)))\n',
    };
    write(files);
    symlinkSync('main.eta', join(folder, 'link'));
    linkSync(join(folder, 'main.eta'), join(folder, 'hard'));
    for (const out of ['link', 'hard', 'lib.eta'])
      expect(etac('main.eta', '-o', out)).toEqual({
        stdout: '',
        stderr: `error: output file ${out} would overwrite its own source\n`,
        status: 1,
      });
    for (const [name, text] of Object.entries(files)) expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
    expect(etai('profile', '-o', 'link', 'main.eta')).toMatchObject({ stdout: '', status: 1 });
    expect(readFileSync(join(folder, 'main.eta'), 'utf8')).toBe(files['main.eta']);
    expect(readdirSync(folder).sort()).toEqual(['hard', 'lib.eta', 'link', 'main.eta']);
  });

  test('a link is followed, a file keeps its mode, and a pipe is written to', () => {
    write({ 'hello.eta': HELLO, 'real/old.etac': 'old' });
    chmodSync(join(folder, 'real/old.etac'), 0o640);
    for (const name of ['old', 'fresh']) symlinkSync(`real/${name}.etac`, join(folder, name));
    for (const name of ['old', 'fresh']) {
      expect(etac('hello.eta', '-o', name).status).toBe(0);
      expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(true);
      expect(etai(`real/${name}.etac`)).toMatchObject({ stderr: '', status: 0 });
    }
    expect(statSync(join(folder, 'real/old.etac')).mode & 0o777).toBe(0o640);
    const piped = spawnSync(
      'sh',
      ['-c', 'mkfifo p && { cat p > got & "$0" "$1" hello.eta -o p; wait; }', process.execPath, join(BIN, 'etac')],
      {
        cwd: folder,
      },
    );
    expect(piped.status).toBe(0);
    expect(lstatSync(join(folder, 'p')).isFIFO()).toBe(true);
    expect(readFileSync(join(folder, 'got'))).toEqual(readFileSync(join(folder, 'real/fresh.etac')));
    expect(readdirSync(join(folder, 'real')).sort()).toEqual(['fresh.etac', 'old.etac']);
  });

  test('--help is no error', () => {
    expect(etac('--help')).toMatchObject({ stderr: '', status: 0 });
    expect(etac('--help').stdout).toMatch(/^Usage: etac \[options\] FILE \[-o OUT\]\n/);
    expect(etai('compile', '--help').stdout).toMatch(/^Usage: etai compile /);
  });

  test('--disasm lists the file and its imports, and writes nothing', () => {
    write({ 'lib.eta': '(module lib (export f) (define (f . x) 42.5))', 'app.eta': '(import lib) (f)' });
    const { stdout, stderr, status } = etac('--disasm', 'app.eta');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^; \d+ function\(s\)\n\n=== /);
    expect(stdout).toMatch(
      /=== f ===\n {2}arity: {6}0 \+ rest\n.*\n.*\n.*2 instructions\n.*\[x\]\n.*\n {4}\[0\] 42\.5\n/,
    );
    expect(stdout).toMatch(/=== app_init ===\n[^=]*LoadGlobal[^=]*Call/);
    expect(existsSync(join(folder, 'app.etac'))).toBe(false);
  });

  test('-O computes what is known, and nothing else changes', () => {
    write({ 'f.eta': '(define (f) (if (> 2 1) (* 6 7) (car 5)))\n(println (f) (catch (/ 1 0)))' });
    const listing = (...options: string[]) => /=== f ===[^=]*/.exec(etac('--disasm', 'f.eta', ...options).stdout)?.[0];
    for (const options of [[], ['-O', '-O0']])
      expect(listing(...options)).toMatch(/JumpIfFalse[\s\S]*Multiply[\s\S]*Car/);
    expect(listing('-O')).not.toMatch(/Multiply|Car|JumpIf/);
    const plain = etai('f.eta');
    expect(plain.stdout).toMatch(/^42 \(runtime-error runtime\.type-error "?\/: division by zero/);
    etac('-O', 'f.eta');
    expect(etai('f.etac')).toEqual(plain);
  });

  test('--no-debug leaves places out', () => {
    write({ 'f.eta': '(define (f) (+ 1 (car 5)))\n(f)' });
    etac('f.eta');
    expect(etai('f.etac').stderr).toMatch(/^error \[f\.eta:1:18-1:25\]: car: not a pair\n {2}1 \| /);
    etac('--no-debug', 'f.eta');
    expect(etai('f.etac').stderr).toMatch(/^error: car: not a pair\n(?! {2}1 \|)/);
  });
});

describe('a compiled file that is out of date', () => {
  const stale = (status: string, detail: string, source: string) =>
    `warning [${source}c:1:1-1:1]: stale .etac detected: ${status} (${detail}); falling back to source: ${source}\n`;
  const sourceChanged = stale('source hash mismatch', 'artifact source hash mismatch', 'app.eta');

  test('gives way to its source', () => {
    write({ 'app.eta': '(display 1)' });
    etac('app.eta');
    write({ 'app.eta': '(display 2)' });
    expect(etai('app.etac')).toEqual({ stdout: '2', stderr: sourceChanged, status: 0 });
    // What counts is the content.
    write({ 'app.eta': '(display 1)' });
    expect(etai('app.etac')).toEqual({ stdout: '1', stderr: '', status: 0 });
  });

  test('finds its source from where it lies', () => {
    write({ 'src/app.eta': '(display 1)', 'out/x': '' });
    etac('src/app.eta', '-o', 'out/app.etac');
    write({ 'src/app.eta': '(display 2)' });
    expect(etai('out/app.etac')).toMatchObject({ stdout: '2', status: 0 });
  });

  test('sees files that it includes', () => {
    write({ 'app.eta': '(include "part.scm") (display x)', 'part.scm': '(define x 1)' });
    etac('app.eta');
    write({ 'part.scm': '(define x 2)' });
    expect(etai('app.etac')).toEqual({ stdout: '2', stderr: sourceChanged, status: 0 });
  });

  // [what changes in lib.eta, its new text, whether app.etac is out of date]
  const LIB = '(module lib (export x) (define x 1) (define y 5))';
  test.each([
    ['a value', '(module lib (export x) (define x 2) (define y 5))', false],
    ['a further export', '(module lib (export x y) (define x 1) (define y 5))', true],
    ['what an export is', '(module lib (export (rename y x)) (define x 1) (define y 5))', true],
  ])('sees the interfaces of what it imports: %s', (_, text, isStale) => {
    write({ 'lib.eta': LIB, 'app.eta': '(import lib) (display x)' });
    etac('app.eta');
    write({ 'lib.eta': text });
    const { stdout, stderr, status } = etai('app.etac');
    expect({ stdout, status }).toEqual({ stdout: etai('app.eta').stdout, status: 0 });
    expect(stderr).toBe(
      isStale ? stale('dependency hash mismatch', "dependency hash mismatch for 'lib'", 'app.eta') : '',
    );
  });

  test('sees macros, also those behind macros', () => {
    const inner = (n: number) => `(module inner (export one) (define-syntax one (syntax-rules () ((_) ${n}))))`;
    write({
      'inner.eta': inner(1),
      'outer.eta': '(module outer (export two) (import inner) (define-syntax two (syntax-rules () ((_) (+ 1 (one))))))',
      'app.eta': '(import outer) (display (two))',
    });
    etac('app.eta');
    expect(etai('app.etac')).toEqual({ stdout: '2', stderr: '', status: 0 });
    write({ 'inner.eta': inner(5) });
    expect(etai('app.etac')).toMatchObject({ stdout: '6', status: 0 });
  });

  test('sees the manifest of its project, and only a different one', () => {
    write({ 'eta.toml': '[package]\nname = "p"\n', 'app.eta': '(display 1)' });
    etac('app.eta');
    expect(etai('app.etac').stderr).toBe('');
    write({ 'eta.toml': '[package]\nname = "q"\n' });
    expect(etai('app.etac').stderr).toMatch(
      /stale \.etac detected: manifest hash mismatch \(artifact manifest hash mismatch\)/,
    );
  });

  test('of another version is run from source, or is an error', () => {
    write({ 'app.eta': '(display 1)' });
    etac('app.eta');
    const bytes = readFileSync(join(folder, 'app.etac'));
    bytes[4] = 200;
    writeFileSync(join(folder, 'app.etac'), bytes);
    expect(etai('app.etac')).toMatchObject({ stdout: '1', status: 0 });
    remove('app.eta');
    const stderr =
      'error [app.etac:1:1-1:1]: stale .etac detected: unsupported bytecode format (format version 200); no sibling source found for fallback\n';
    expect(etai('app.etac')).toEqual({ stdout: '', stderr, status: 1 });
    expect(etai('--disasm', 'app.etac').stderr).toBe('error: unsupported .etac version (format version 200)\n');
  });
});

describe('a compiled file', () => {
  test('is preferred to its source by imports', () => {
    write({ 'lib.eta': '(module lib (export x) (define x 1))', 'app.eta': '(import lib) (display x)' });
    etac('lib.eta');
    remove('lib.eta');
    expect(etai('app.eta').stdout).toBe('1');
    etac('app.eta');
    expect(etai('app.etac').stdout).toBe('1');
  });

  test('keeps the text of what is more than code', () => {
    write({
      'mac.eta': '(module mac (export twice) (define-syntax twice (syntax-rules () ((_ e) (begin e e)))))',
      'app.eta': '(import mac) (let ((x 5)) (twice (display (eval (quote x)))))',
    });
    expect(etac('mac.eta').stderr).toMatch(/^note: mac\.eta is held as text.*: mac exports the macro twice\ncompiled /);
    expect(etac('app.eta').stderr).toMatch(/^note: app\.eta is held as text.*\ncompiled /);
    remove('mac.eta');
    remove('app.eta');
    expect(etai('app.etac')).toEqual({ stdout: '55', stderr: '', status: 0 });
    expect(etai('--disasm', 'app.etac').stdout).toContain('=== app_init ===');
  });

  test('gets arguments, has a main, and can be an actor', () => {
    write({
      'worker.eta': "(define m (current-mailbox)) (send! m (* 2 (recv! m 'wait)))",
      'app.eta':
        '(define (main args) (let ((w (spawn "worker.etac"))) (send! w 21) (println args (recv! w \'wait)) (spawn-wait w)))',
    });
    etac('worker.eta');
    remove('worker.eta');
    etac('app.eta');
    expect(etai('app.etac', 'a', '--', '-b')).toEqual({ stdout: '(a -b) 42\n', stderr: '', status: 0 });
  });

  test('that is listed is not run', () => {
    write({ 'app.eta': '(display "no")' });
    etac('app.eta');
    const { stdout, status } = etai('--disasm', 'app.etac');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^; 1 function\(s\)\n\n=== app_init ===\n/);
    expect(stdout).not.toMatch(/^no/m);
  });

  // [bytes, what etai says, what etai --disasm says]
  test.each([
    ['garbage', 'bad magic bytes (expected ETAC)'],
    ['', 'bad magic bytes (expected ETAC)'],
    ['ETAC', 'truncated .etac file'],
    [`ETAC${String.fromCharCode(FORMAT_VERSION)}00000000xyz`, 'checksum mismatch: the file is damaged'],
  ])('that holds %j is refused', (bytes, message) => {
    write({ 'g.etac': bytes });
    const stderr = `error [g.etac:1:1-1:1]: failed to load .etac: ${message}\n`;
    expect(etai('g.etac')).toEqual({ stdout: '', stderr, status: 1 });
    expect(etai('--disasm', 'g.etac')).toEqual({ stdout: '', stderr: `error: ${message}\n`, status: 1 });
  });
});
