// The tools of the executable: all of them, in a folder that has nothing but the user's files, with next to no
// environment, from a place that cannot be written to and has blanks in its name, and, for root, as a user without a home.

import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readArchive } from '../../src/executable/archive.ts';
import { hasTerminals, TerminalProgram } from '../support/terminal.ts';
import { type Result, unpackedIn, Workplace } from './support.ts';

/** Whoever that is: it has no home and no rights. */
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;
const uid = isRoot ? NOBODY : undefined;

let place: Workplace;
let executable = '';
let compiler = '';
let variables: Record<string, string> = {};
let cwd = '';

const ownedFolder = (name: string): string => {
  const folder = place.emptyFolder(name);
  if (uid !== undefined) chownSync(folder, uid, uid);
  return folder;
};

beforeAll(() => {
  place = new Workplace();
  chmodSync(place.folder, 0o755);
  const home = place.emptyFolder('read only');
  [executable, compiler] = ['etai', 'etac'].map((name) => place.linkTo(join(home, name)));
  chmodSync(home, 0o555);
  variables = { ETA_CACHE_DIR: ownedFolder('cache') };
});
afterAll(() => {
  for (const name of readdirSync(place.folder)) chmodSync(join(place.folder, name), 0o755);
  place?.remove();
});
beforeEach(() => {
  cwd = ownedFolder('the user');
});

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(cwd, name), text);
    if (uid !== undefined) chownSync(join(cwd, name), uid, uid);
  }
};
const run = (words: readonly string[], options: { input?: string; executable?: string; cwd?: string } = {}): Result =>
  place.run(words, { executable, cwd, variables, emptyEnvironment: true, uid, ...options });
const printed = (stdout: string): Result => ({ stdout, stderr: '', status: 0 });

test('cannot write where it lies', () => {
  const result = run(['-e', `(open-output-file "${executable}.x")`]);
  expect(result).toMatchObject({ stdout: '', status: 1 });
  expect(result.stderr).toContain('Permission denied');
});

test('etai test runs files in processes of their own', () => {
  const group = (name: string, value: number) =>
    `(import std.test) (print-tap (run (make-test "${name}" (lambda () (assert-equal ${value} (+ 2 2)) 'ok))))`;
  write({ 'good.test.eta': group('good', 4), 'bad.test.eta': group('bad', 5) });
  expect(run(['test', 'good.test.eta'])).toEqual(printed('TAP version 13\n1..1\nok 1 - good\n'));
  const { stdout, status } = run(['test', '--coverage']);
  expect(status).toBe(1);
  expect(stdout).toContain('not ok 1 - bad\n');
  expect(stdout).toContain('ok 2 - good\n');
});

test('etai compile and etac compile, and what they make runs', () => {
  write({ 'a.eta': '(println "compiled")', 'wrong.eta': '(println nowhere)' });
  expect(run(['compile', 'a.eta', '-o', 'one.etac'])).toMatchObject({ stdout: '', status: 0 });
  expect(run(['a.eta', '-O', '-o', 'two.etac'], { executable: compiler })).toMatchObject({ stdout: '', status: 0 });
  for (const file of ['one.etac', 'two.etac']) expect(run([file])).toEqual(printed('compiled\n'));
  expect(run(['wrong.eta'], { executable: compiler }).stderr).toContain(
    '[wrong.eta:1:10-1:17]: Undefined symbol: nowhere',
  );
  expect(existsSync(join(cwd, 'wrong.etac'))).toBe(false);
});

test('etai check and etai fmt', () => {
  write({ 'a.eta': '(define  (f x)\n1)\n(f nowhere)' });
  const { stderr, status } = run(['check']);
  expect(status).toBe(1);
  expect(stderr).toContain('error [a.eta:3:4-3:11]: Undefined symbol: nowhere');
  expect(run(['fmt'])).toEqual(printed(''));
  expect(readFileSync(join(cwd, 'a.eta'), 'utf8')).toBe('(define (f x)\n  1)\n(f nowhere)\n');
});

test('projects: new, run, build, test, bundle', () => {
  expect(run(['new', 'my-app'])).toEqual(printed(`created ${cwd}/my-app\n`));
  const project = { cwd: join(cwd, 'my-app') };
  expect(run(['run'], project)).toEqual(printed('Hello from my_app\n'));
  expect(run(['build'], project)).toMatchObject({ status: 0 });
  expect(run(['test', '--format', 'tap'], project).stdout).toContain('ok 1 - smoke');
  // Without a file it is the project's program that is bundled, named like the package.
  const made = run(['bundle'], { cwd: join(cwd, 'my-app', 'src') });
  expect(made.stdout).toMatch(/^ {2}my_app\.eta\nmy-app: [\d.]+ MB\n$/);
  expect(made).toMatchObject({ stderr: '', status: 0 });
  expect(run([], { executable: join(cwd, 'my-app', 'src', 'my-app') })).toEqual(printed('Hello from my_app\n'));
});

test('etai bundle in a project that has no program says what is missing', () => {
  write({
    'eta.toml': '[package]\nname = "lib"\nversion = "0.1.0"\nlicense = "MIT"\n[compatibility]\neta = ">=0.6"\n',
  });
  expect(run(['bundle', '-o', 'app'])).toEqual({
    stdout: '',
    stderr: `error: etai bundle: entry file not found: ${cwd}/src/lib.eta\n`,
    status: 1,
  });
  expect(run(['bundle', '--self', '-o', 'own'])).toMatchObject({ stderr: '', status: 0 });
  expect(run(['-e', '(println 1)'], { executable: join(cwd, 'own') })).toEqual(printed('1\n'));
});

test('the prompt, through a pipe', () => {
  expect(run([], { input: '(+ 1 2)\n' }).stderr).toContain('no input file specified');
  expect(run(['repl'], { input: '(define (f x) (* 2 x))\n(f 4)\n(car 5)\n(f 5)\n' })).toMatchObject({
    stdout: '=> 8\n=> 10\n',
    stderr: expect.stringContaining('car: not a pair'),
  });
});

describe.runIf(hasTerminals)('on a terminal', () => {
  test('the prompt', async () => {
    const home = place.emptyFolder('home');
    const env = { HOME: home, ETA_CACHE_DIR: join(home, 'cache'), NODE_OPTIONS: undefined, ETA_MODULE_PATH: undefined };
    const program = new TerminalProgram([executable], { cwd: home, env });
    try {
      await program.shows('eta>');
      program.send('(import std.json)\r');
      await program.shows('eta>');
      program.send('(json:write-string (list 1 2))\r');
      await program.until(({ screen }) => screen.includes('=> "[1,2]"') && screen.endsWith('eta>'));
      program.send('\x04');
      expect(await program.ended).toBe(0);
    } finally {
      await program.close();
    }
  });

  test('a bundle says how far it is, until it is done', async () => {
    writeFileSync(join(cwd, 'a.eta'), '(println 1)');
    const program = new TerminalProgram([executable, 'bundle', 'a.eta'], { cwd, env: { ETA_CACHE_DIR: undefined } });
    try {
      expect(await program.ended).toBe(0);
      await program.until(({ everything }) => everything.includes('MB'));
      for (const step of ['1/3 read a.eta', '2/3 prepare', '3/3 write a']) expect(program.raw).toContain(step);
      expect(program.everything).toMatch(/^ {2}a\.eta\na: [\d.]+ MB$/);
    } finally {
      await program.close();
    }
  });
});

test('carries the library, but not its tests', () => {
  const files = readArchive(executable)!.files.map(([path]) => path);
  expect(files).toContain('stdlib/std/test.eta');
  expect(files.filter((path) => path.startsWith('stdlib/tests'))).toEqual([]);
});

test.runIf(isRoot)('two users at once have a folder each', async () => {
  const temporary = place.emptyFolder('tmp');
  chmodSync(temporary, 0o1777);
  const hello = join(place.folder, 'hello.eta');
  writeFileSync(hello, '(println "hello")');
  const users = { HOME: '/dev/null', TMPDIR: temporary, ETA_CACHE_DIR: '' };
  const results = await place.runTogether(4, [hello], users, [0, NOBODY, 0, NOBODY]);
  expect(results).toEqual(Array(4).fill(printed('hello\n')));
  expect(readdirSync(temporary).sort()).toEqual(['eta-cache-0', `eta-cache-${NOBODY}`]);
  for (const user of [0, NOBODY]) {
    const cache = join(temporary, `eta-cache-${user}`);
    expect(statSync(cache)).toMatchObject({ uid: user });
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(unpackedIn(cache)).toEqual([readArchive(executable)!.hash]);
  }
});
