// The compile cache: what is run from it is what would be compiled, and nothing that is wrong with it shows.

import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hexChecksum } from '../../src/bytecode/checksum.ts';
import { reportText } from '../../src/cli/report.ts';
import { CompileCache, MAX_ENTRIES } from '../../src/modules/compile-cache.ts';
import { Session, type SessionOptions } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { type Files, writeFiles } from '../support/files.ts';

const CASES = resolve(import.meta.dirname, '..', 'conformance');
const ROOT = resolve(import.meta.dirname, '..', '..');
const ETAI = join(ROOT, 'bin', 'etai');
/** The compiled library, as in a program; its sources would have entries of their own. */
const LIBRARIES = [join(ROOT, 'dist', 'stdlib'), join(ROOT, 'stdlib')];

let folder = '';
let cache = '';
const inherited = process.env['ETA_CACHE_DIR'];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-compile-cache-')));
  cache = join(folder, 'cache');
  process.env['ETA_CACHE_DIR'] = cache;
});
afterEach(() => {
  process.env['ETA_CACHE_DIR'] = inherited;
  rmSync(folder, { recursive: true, force: true });
});

const write = (files: Files): void => writeFiles(folder, files);

interface Run {
  readonly output: string;
  readonly errors: string;
  readonly status: number;
}

/** Run a file in a session, as `etai FILE` does. */
function run(file: string, options: SessionOptions = {}, compiler: string | null = 'test'): Run {
  const output = new StringOutput();
  const session = new Session({
    compileCache: compiler === null ? undefined : new CompileCache(compiler),
    ports: { input: new StringInput(''), output, error: output },
    libraries: LIBRARIES,
    ...options,
  });
  try {
    const { status, findings } = session.runFile(file);
    session.flush();
    return { output: output.contents, errors: reportText(findings, { color: false, width: 100 }), status };
  } finally {
    session.close();
  }
}

/** The entries by name, with what tells one that was written again from the one before. */
function entries(): Record<string, number> {
  const place = join(cache, 'compiled');
  try {
    return Object.fromEntries(readdirSync(place).map((name) => [name, statSync(join(place, name)).ino]));
  } catch {
    return {};
  }
}

const entryFile = (): string => join(cache, 'compiled', Object.keys(entries())[0]);

const SHOP: Files = {
  'main.eta': '(import shop)\n(println (price 2))',
  'shop.eta': '(module shop (import rates) (export price) (define (price n) (* n rate)))',
  'rates.eta': '(module rates (export rate) (define rate 3))',
};

test('a second run compiles nothing', () => {
  write(SHOP);
  expect(run(join(folder, 'main.eta')).output).toBe('6\n');
  const kept = entries();
  expect(Object.keys(kept)).toHaveLength(3);
  expect(run(join(folder, 'main.eta')).output).toBe('6\n');
  expect(entries()).toEqual(kept);
});

test('the code that runs is that of the entry', () => {
  write({ 'main.eta': '(println "written")' });
  run(join(folder, 'main.eta'));
  const bytes = readFileSync(entryFile());
  // In the compiled file within, whose checksum is made to fit.
  const start = bytes.indexOf('ETAC');
  const file = bytes.subarray(start);
  file.write('planted', file.indexOf('written'));
  file.write(hexChecksum(file.subarray(13)), 5, 'hex');
  writeFileSync(entryFile(), bytes);
  expect(run(join(folder, 'main.eta')).output).toBe('planted\n');
});

const MACROS: Files = {
  'main.eta': '(import macros)\n(println (twice 4))',
  'macros.eta':
    '(module macros (import helper) (export twice) (define-syntax twice (syntax-rules () ((_ x) (help x)))))',
  'helper.eta': '(module helper (export help) (define (help x) (* 2 x)))',
};

// [what changes, the program, the change, what the two runs print]
const CHANGES: readonly (readonly [string, Files, () => void, string, string])[] = [
  ['the file', { 'main.eta': '(println 1)' }, () => write({ 'main.eta': '(println 2)' }), '1\n', '2\n'],
  [
    'an included file',
    { 'main.eta': '(include "part.eta")', 'part.eta': '(println 1)' },
    () => write({ 'part.eta': '(println 2)' }),
    '1\n',
    '2\n',
  ],
  [
    'a file that an included file includes',
    { 'main.eta': '(include "part.eta")', 'part.eta': '(include "deep.eta")', 'deep.eta': '(println 1)' },
    () => write({ 'deep.eta': '(println 2)' }),
    '1\n',
    '2\n',
  ],
  [
    'an imported module',
    SHOP,
    () => write({ 'rates.eta': '(module rates (export rate) (define rate 5))' }),
    '6\n',
    '10\n',
  ],
  [
    'what an imported name is',
    { 'main.eta': '(import m)\n(println (first 1 2))', 'm.eta': '(module m (export first) (define (first a b) a))' },
    () =>
      write({
        'm.eta': '(module m (export first) (define-syntax first (syntax-rules () ((_ a b) (quote (a b))))))',
      }),
    '1\n',
    '(1 2)\n',
  ],
  [
    'a macro',
    MACROS,
    () =>
      write({
        'macros.eta': '(module macros (export twice) (define-syntax twice (syntax-rules () ((_ x) (list x x)))))',
      }),
    '8\n',
    '(4 4)\n',
  ],
  [
    'which module a name finds: one that lies earlier on the path',
    SHOP,
    () => write({ 'first/rates.eta': '(module rates (export rate) (define rate 7))' }),
    '6\n',
    '14\n',
  ],
  [
    'whether a library exists, for the program',
    { 'main.eta': '(cond-expand ((library extra) (println "with")) (else (println "without")))' },
    () => write({ 'extra.eta': '(module extra)' }),
    'without\n',
    'with\n',
  ],
  [
    'whether a library exists, for what is imported',
    {
      'main.eta': '(import lib)\n(println (f))',
      'lib.sld':
        '(define-library (lib) (export f) (import (scheme base)) (cond-expand ((library (extra)) (begin (define (f) 1))) (else (begin (define (f) 2)))))',
    },
    () => write({ 'extra.eta': '(module extra)' }),
    '2\n',
    '1\n',
  ],
  [
    'whether a library exists, for a macro',
    {
      'main.eta': '(import macros)\n(println (m))',
      'macros.eta':
        '(module macros (export m) (cond-expand ((library extra) (define-syntax m (syntax-rules () ((_) 1)))) (else (define-syntax m (syntax-rules () ((_) 2))))))',
    },
    () => write({ 'extra.eta': '(module extra)' }),
    '2\n',
    '1\n',
  ],
  [
    'a module of the library, hidden by one of the program',
    { 'main.eta': '(module main (import std.io std.math) (println pi))' },
    () => write({ 'first/std/math.eta': '(module std.math (export pi) (define pi 3))' }),
    '3.141592653589793\n',
    '3\n',
  ],
  [
    'an imported module that comes to import the program',
    SHOP,
    () => write({ 'rates.eta': '(module rates\n  (import shop)\n  (export rate)\n  (define rate 1))' }),
    '6\n',
    '',
  ],
  ['a module that is gone', SHOP, () => rmSync(join(folder, 'rates.eta')), '6\n', ''],
];

test.each(CHANGES)('what runs follows a change of %s', (_, files, change, before, after) => {
  write(files);
  const options = { path: join(folder, 'first') };
  const main = join(folder, 'main.eta');
  expect(run(main, options).output).toBe(before);
  expect(run(main, options).output).toBe(before);
  change();
  const fresh = run(main, options, null);
  expect(fresh.output).toBe(after);
  expect(run(main, options)).toEqual(fresh);
  expect(run(main, options)).toEqual(fresh);
});

// [what differs, the name of the entry's file changes with it]
test('another build and another name of the file have entries of their own', () => {
  write({ 'main.eta': '(module main (import std.io) (define (main) (println "main")))\n(println "bare")' });
  symlinkSync(join(folder, 'main.eta'), join(folder, 'link.eta'));
  run(join(folder, 'main.eta'));
  run(join(folder, 'main.eta'), {}, 'another');
  run(join(folder, 'link.eta'));
  expect(Object.keys(entries())).toHaveLength(3);
});

// Programs whose code is not all there is to say about them, or that say something about themselves.
const PROGRAMS: readonly (readonly [string, Files])[] = [
  ['error', { 'main.eta': '(define (area w h)\n  (* w h))\n(define (main)\n  (println "on")\n  (area 2 #f))' }],
  ['arity', { 'main.eta': '(define (f x) x)\n(println 1)\n(f 1 2)' }],
  ['raise', { 'main.eta': "(raise 'oops '(1 2))" }],
  ['exit', { 'main.eta': '(println "x")\n(exit 7)' }],
  ['syntax error', { 'main.eta': '(println 1\n' }],
  ['undefined name', { 'main.eta': '(printn 1)' }],
  [
    'warning',
    {
      'main.eta': '(import (lib))\n(println (f))',
      'lib.sld': '(define-library (lib) (export f 5) (import (scheme base)) (begin (define (f) 1)))',
    },
  ],
  [
    'error in a module',
    { 'main.eta': '(import m)\n(println (f "x"))', 'm.eta': '(module m\n  (export f)\n  (define (f x)\n    (+ x 1)))' },
  ],
  ['error while a module is loaded', { 'main.eta': '(import m)\n(println 1)', 'm.eta': '(module m (car 1))' }],
  ['error in an included file', { 'main.eta': '(include "part.eta")\n(f 1)', 'part.eta': '(define (f x)\n  (car x))' }],
  [
    'modules out of order',
    {
      'main.eta':
        '(module b (import a) (println "b" x) (define (main) (println "main b")))\n(module a (export x) (define x 1) (println "a") (define (main) (println "main a")))',
    },
  ],
  [
    'macros and eval',
    {
      'main.eta':
        "(define x 2)\n(define-syntax add (syntax-rules () ((_ a) (define y (+ a x)))))\n(add 1)\n(println (eval '(+ x 1)))",
    },
  ],
  ['help', { 'main.eta': ';;; (f x): x, and one.\n(define (f x) (+ x 1))\n(help f)\n(help car)' }],
  ['use before definition', { 'main.eta': '(define (f) later)\n(f)\n(define later 1)' }],
  [
    'no text in UTF-8',
    { 'main.eta': '; \u00ff\n(println "é" 1.5 #\\é 12345678901234567890 #u8(1 2) \'#(a "b"))\n(car \'é)' },
  ],
  [
    'R7RS',
    {
      'main.eta':
        '(import (scheme base) (scheme write))\n(define-record-type p (mk a) p? (a pa))\n(display (pa (mk 1)))\n(vector-ref (vector 1) 1)',
    },
  ],
];

const fresh = (file: string): Run => run(file, {}, null);

test.each(PROGRAMS)('the first and the second run are like one without a cache: %s', (_, files) => {
  write(files);
  const main = join(folder, 'main.eta');
  const expected = fresh(main);
  expect(run(main)).toEqual(expected);
  expect(run(main)).toEqual(expected);
});

/** Every so manieth case; those that change files or the working directory are no good for three runs in one process. */
const sample = (area: string): string[] =>
  readdirSync(join(CASES, area))
    .filter((name, i) => i % 9 === 4 && name.endsWith('.eta'))
    .map((name) => join(CASES, area, name));

describe.each(['language', 'builtins', 'stdlib'])('conformance cases: %s', (area) => {
  test.each(sample(area).map((file) => [basename(file), file]))('%s', (_, file) => {
    const expected = readFileSync(file.replace(/eta$/, 'out'), 'utf8');
    const first = run(file);
    const second = run(file);
    expect([second.errors, second.status]).toEqual([first.errors, first.status]);
    expect(second.output).toBe(first.output);
    if (first.status === 0) expect(second.output).toBe(expected);
  });
});

// [what is wrong, how it comes to that]
const DAMAGES: readonly (readonly [string, () => void])[] = [
  ['an empty entry', () => truncateSync(entryFile(), 0)],
  ['half an entry', () => truncateSync(entryFile(), Math.floor(statSync(entryFile()).size / 2))],
  ['a head that claims to be longer', () => damage((bytes) => bytes.writeUInt32LE(0x7fffffff, 4))],
  ['an entry of other bytes', () => writeFileSync(entryFile(), 'garbage of some length, no entry')],
  ['a folder in place of the entry', () => swap(entryFile(), (file) => mkdirSync(file))],
  ['a folder that others can enter', () => chmodSync(join(cache, 'compiled'), 0o755)],
  ['a cache that others can write to', () => chmodSync(cache, 0o777)],
  ['a link in place of the folder', () => swap(join(cache, 'compiled'), (path) => symlinkSync(`${path}.old`, path))],
  ['a file in place of the folder', () => swap(join(cache, 'compiled'), (path) => writeFileSync(path, ''))],
  ['a file in place of the cache', () => swap(cache, (path) => writeFileSync(path, ''))],
  ['no cache any more', () => rmSync(cache, { recursive: true })],
];

function damage(change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(entryFile());
  change(bytes);
  writeFileSync(entryFile(), bytes);
}

function swap(path: string, make: (path: string) => void): void {
  renameSync(path, `${path}.old`);
  make(path);
}

test.each(DAMAGES)('%s does not show', (_, spoil) => {
  write({ 'main.eta': '(println "hello")\n(car 1)' });
  const main = join(folder, 'main.eta');
  const expected = run(main);
  expect(expected.output).toBe('hello\n');
  spoil();
  expect(run(main)).toEqual(expected);
  expect(run(main)).toEqual(expected);
});

test('no bit of an entry can be flipped so that it shows', () => {
  write({ 'main.eta': '(define (f x) (if (> x 1) (f (- x 1)) (println "hello" x)))\n(f 3)' });
  const main = join(folder, 'main.eta');
  const expected = run(main);
  const sound = readFileSync(entryFile());
  for (let i = 0; i < sound.length; i += 13) {
    const bytes = Buffer.from(sound);
    bytes[i] ^= 1 << (i % 8);
    writeFileSync(entryFile(), bytes);
    expect(run(main)).toEqual(expected);
  }
});

test('the folder is for its user alone, and a file that was left half written does no harm', () => {
  write({ 'main.eta': '(println 1)' });
  mkdirSync(join(cache, 'compiled'), { recursive: true, mode: 0o700 });
  writeFileSync(join(cache, 'compiled', 'left.1.tmp'), 'half');
  expect(run(join(folder, 'main.eta')).output).toBe('1\n');
  expect(statSync(join(cache, 'compiled')).mode & 0o777).toBe(0o700);
  expect(statSync(cache).mode & 0o777).toBe(0o700);
});

test('more entries than the limit: the oldest go', () => {
  write({ 'main.eta': '(println 1)' });
  const place = join(cache, 'compiled');
  mkdirSync(place, { recursive: true, mode: 0o700 });
  for (let i = 0; i < MAX_ENTRIES + 5; i++) {
    writeFileSync(join(place, `entry${i}`), '');
    utimesSync(join(place, `entry${i}`), i + 1, i + 1);
  }
  run(join(folder, 'main.eta'));
  const left = Object.keys(entries());
  expect(left).toHaveLength(MAX_ENTRIES);
  expect(left).not.toContain('entry5');
  expect(left).toContain('entry6');
});

/** Run bin/etai. */
function etai(words: readonly string[], variables: Files = {}): Promise<{ output: string; status: number | null }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [ETAI, ...words], {
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('close', (status) => done({ output, status }));
  });
}

test('several processes at once', async () => {
  write(SHOP);
  const runs = await Promise.all(Array.from({ length: 6 }, () => etai([join(folder, 'main.eta')])));
  for (const each of runs) expect(each).toEqual({ output: '6\n', status: 0 });
  expect(Object.keys(entries()).filter((name) => name.includes('.'))).toEqual([]);
  expect(Object.keys(entries())).toHaveLength(3);
});

test('ETA_CACHE=0 turns it off; expressions and a cache that cannot be written to leave nothing', async () => {
  write({ 'main.eta': '(println 1)' });
  const main = join(folder, 'main.eta');
  expect(await etai([main], { ETA_CACHE: '0' })).toEqual({ output: '1\n', status: 0 });
  expect(await etai(['-e', '(println 2)'])).toEqual({ output: '2\n', status: 0 });
  expect(await etai([main], { ETA_CACHE_DIR: '/proc/nowhere' })).toEqual({ output: '1\n', status: 0 });
  expect(entries()).toEqual({});
});
