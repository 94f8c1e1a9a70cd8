// Projects, as a user meets them: etai new, run, test, add, … in folders of their own, with a home of their own.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { create as createTar } from 'tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Files, writeFiles } from '../support/files.ts';
import { hasTerminals, TerminalProgram } from '../support/terminal.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta project-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function etai(cwd: string, ...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, ...args], {
    cwd: join(folder, cwd),
    encoding: 'utf8',
    env: { ...process.env, HOME: join(folder, 'home'), ETA_MODULE_PATH: undefined, NO_COLOR: '1' },
  });
  return { stdout, stderr, status };
}

const write = (files: Files): void => writeFiles(folder, files);

const text = (path: string) => readFileSync(join(folder, path), 'utf8');

const manifest = (name: string, version: string, dependencies = '') =>
  `[package]\nname = "${name}"\nversion = "${version}"\nlicense = "MIT"\n\n[compatibility]\neta = ">=0.6, <0.8"\n\n[dependencies]\n${dependencies}`;

/** A library package with one module that exports its own name as a string. */
const library = (path: string, name: string, version = '0.1.0', dependencies = '') =>
  write({
    [`${path}/eta.toml`]: manifest(name, version, dependencies),
    [`${path}/src/${name}.eta`]: `(module ${name} (export ${name}-name) (define ${name}-name "${name} ${version}"))`,
  });

const ok = (stdout: string) => ({ stdout, stderr: '', status: 0 });
const refused = (message: string) => ({ stdout: '', stderr: `error: ${message}\n`, status: 1 });

describe('a new project', () => {
  test('runs, builds, and cleans up', () => {
    expect(etai('', 'new', 'hello-world')).toEqual(ok(`created ${folder}/hello-world\n`));
    for (const file of ['eta.toml', 'src/hello_world.eta', 'tests/smoke.test.eta', '.gitignore', 'README.md'])
      expect(existsSync(join(folder, 'hello-world', file))).toBe(true);
    expect(etai('hello-world/src', 'run')).toEqual(ok('Hello from hello_world\n'));
    expect(etai('hello-world', 'build').stdout).toContain(
      `compiled 1 source file(s) to ${folder}/hello-world/.eta/target/release\n`,
    );
    expect(etai('hello-world', '.eta/target/release/hello_world.etac')).toEqual(ok('Hello from hello_world\n'));
    expect(etai('hello-world', 'install').stdout).toContain(
      `installed ${folder}/hello-world/.eta/bin/hello_world.etac\n`,
    );
    expect(etai('hello-world', 'clean', '--all')).toEqual(ok('cleaned project artifacts\n'));
    expect(existsSync(join(folder, 'hello-world/.eta/target'))).toBe(false);
  });

  test('in a folder that is there, whose files stay', () => {
    write({ 'lib_1/README.md': 'mine' });
    expect(etai('lib_1', 'init', '--lib')).toEqual(ok(`initialized ${folder}/lib_1\n`));
    expect(text('lib_1/README.md')).toBe('mine');
    expect(text('lib_1/eta.toml')).toContain('name = "lib_1"');
    expect(etai('lib_1', '--path', 'src', '--eval', '(import lib_1)', '-p', '-e', '(square 3)').stdout).toBe('9\n');
    expect(etai('lib_1', 'init')).toEqual(refused(`eta.toml already exists in ${folder}/lib_1`));
  });

  test.each([
    [['new', 'Bad'], 'package name must match [a-z][a-z0-9_-]{0,63}: Bad'],
    [['new'], 'etai new requires a package name\n'],
    [['new', 'a', 'b'], 'etai new accepts exactly one <name> argument\n'],
    [['new', 'a', '--lbi'], 'unknown option for etai new: --lbi\n(Did you mean --lib?)\n'],
    [['init', 'a'], 'etai init does not accept positional arguments: a\n'],
    [['init', '--x'], 'etai init: unknown option --x\n'],
    [['add'], 'etai add: missing package name\n'],
    [['add', 'a', 'b'], 'etai add: accepts exactly one package argument\n'],
    [['add', 'a', '--path'], 'etai add: --path requires a value\n'],
    [['add', 'a', '--pth', '.'], 'etai add: unknown option --pth\n(Did you mean --path?)\n'],
    [['remove'], 'etai remove: requires exactly one package name\n'],
    [['remove', 'a', 'b'], 'etai remove: requires exactly one package name\n'],
    [['update', '--x'], 'etai update: unknown option --x\n'],
    [['tree', '--depth'], 'etai tree: --depth requires a value\n'],
    [['run', '--x'], 'etai run: unknown option --x\n'],
    [['bench'], 'etai bench: no eta.toml found\n'],
    [['bench', '--x'], 'etai bench: unknown option --x\n'],
    [['build'], 'etai build: no eta.toml found'],
    [['run', 'a', 'b'], 'etai run accepts at most one positional file path\n'],
    [['run', '--bin', 'a', '--example', 'b'], 'etai run: --bin and --example are mutually exclusive\n'],
    [['run', 'nowhere.eta'], 'etai run: file not found: '],
    [['run', '--bin'], 'etai run: --bin requires a value\n'],
    [['build', '--profile', 'fast'], "etai build: --profile must be 'release' or 'debug'\n"],
    [['install', '--x'], 'etai install: unknown option --x\n'],
    [['tree'], 'etai tree: could not find eta.toml (searched from '],
    [['run'], 'etai run: no eta.toml found (or pass a file path for script mode)'],
    [['add', 'x', '--path', '.'], 'etai add: no eta.toml found'],
    [['add', 'x'], 'etai add: choose exactly one source kind: --path, --git, or --tarball'],
    [['add', 'x', '--git', 'u'], 'etai add: git dependencies require --rev <40-hex>'],
    [['add', 'x', '--git', 'u', '--rev', '1'], 'etai add: --rev must be a full 40-hex commit id'],
    [['add', 'x', '--tarball', 't'], 'etai add: tarball dependencies require --sha256 <64-hex>'],
    [['tree', '--depth', '-1'], 'etai tree: depth must be a non-negative integer'],
    [['run', 'x.eta', '--bin', 'b'], 'etai run: positional file path cannot be combined with --bin/--example'],
    [['run', '--profile', 'fast'], "etai run: --profile must be 'release' or 'debug'"],
  ])('%j is refused', (words, message) => {
    const { stdout, stderr, status } = etai('', ...words);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr.startsWith(`error: ${message}`)).toBe(true);
  });

  test('a file runs without a project, with arguments and its exit status', () => {
    write({ 'f.eta': '(write (command-line-arguments)) (exit 7)' });
    expect(etai('', 'run', 'f.eta', '--', 'a', '--help')).toEqual({ stdout: '("a" "--help")', stderr: '', status: 7 });
  });
});

describe('tests of a project', () => {
  test('run from any folder of it, with what development alone needs', () => {
    etai('', 'new', 'app');
    expect(etai('app/src', 'test', '--format', 'tap')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('ok 1 - '),
    });
    library('fixtures', 'fixtures');
    expect(etai('app', 'add', '--dev', 'fixtures', '--path', '../fixtures').status).toBe(0);
    expect(text('app/eta.lock')).not.toContain('fixtures');
    write({
      'app/tests/smoke.test.eta':
        '(import std.test fixtures) (print-tap (run (make-test "dev" (lambda () (assert-equal "fixtures 0.1.0" fixtures-name)))))',
    });
    const { stdout, status } = etai('app', 'test', '--format', 'tap');
    expect({ stdout, status }).toMatchObject({ status: 0, stdout: expect.stringContaining('dev') });
    rmSync(join(folder, 'app/tests'), { recursive: true });
    expect(etai('app', 'test')).toEqual(ok(`no suite directory: ${folder}/app/tests\n`));
    write({ 'app/eta.toml': '[package]' });
    expect(etai('app', 'test').stderr).toContain('error: etai test: ');
  });

  test('run in its folder, whatever the working directory, and find paths from both', () => {
    etai('', 'new', 'app', '--lib');
    write({
      'app/src/deep/word.txt': '',
      'app/more/here.eta':
        "(import std.test std.os) (print-tap (run (make-test (os:current-directory) (lambda () 'ok))))",
      'app/lib/other.eta': '(module other (export y) (define y 7))',
      'app/more/uses.eta': '(import std.test other) (print-tap (run (make-test "y" (lambda () (assert-equal 7 y)))))',
    });
    const tap = (...names: string[]) =>
      ok(`TAP version 13\n1..${names.length}\n${names.map((each, i) => `ok ${i + 1} - ${each}\n`).join('')}`);
    expect(etai('app/src', 'test')).toEqual(tap('square'));
    expect(etai('app/more', 'test', 'here.eta')).toEqual(tap(`${folder}/app`));
    expect(etai('app/src/deep', 'test', 'more/here.eta', '../../tests')).toEqual(tap(`${folder}/app`, 'square'));
    expect(etai('app/more', 'test', '--path', '../lib', 'uses.eta')).toEqual(tap('y'));
  });

  test('and benchmarks are run and listed with their times', () => {
    etai('', 'new', 'app', '--lib');
    expect(etai('app/src', 'bench')).toEqual(ok(`no suite directory: ${folder}/app/bench\n`));
    const bench = (body: string) =>
      `(import std.test app) (print-tap (run (make-group "g" (list (make-test "squares" (lambda () ${body}))))))`;
    write({
      'app/bench/square.test.eta': bench('(map square (range 0 100))'),
      'app/bench/sub/wrong_smoke.eta': bench('(assert-equal 5 (square 2))'),
      'app/bench/notes.eta': '(car 5)',
    });
    const { stdout, status } = etai('app/src', 'bench', '--format', 'pretty');
    expect(status).toBe(1);
    expect(stdout.replace(/\d+(\.\d+)? ms/g, 'N ms')).toBe(`ok    bench/square.test.eta  1 test  N ms
      squares  N ms
FAIL  bench/sub/wrong_smoke.eta  1 test, 1 failed  N ms
      squares  N ms
        expected 5 but got 4
        expected: 5
        actual:   4
        at wrong_smoke.eta:1:82

FAILED  2 files, 1 failed; 2 tests, 1 failed  N ms
`);
    expect(etai('app', 'bench', 'bench/square.test.eta')).toEqual(ok('TAP version 13\n1..1\nok 1 - squares\n'));
    expect(etai('', 'bench', 'app/tests').stdout).toContain('not ok 1 - smoke.test.eta (load error)');
  });

  test.each(['test', 'bench'])('%s refuses words in the words of a project command', (command) => {
    etai('', 'new', 'app');
    expect(etai('app', command, '--fliter', 'x')).toEqual(
      refused(
        `etai ${command}: unknown option --fliter\n(Did you mean --filter?)\nUsage: etai ${command} [options] [path...]`,
      ),
    );
  });
});

describe('dependencies', () => {
  beforeEach(() => {
    write({
      'app/eta.toml': `# kept\n${manifest('app', '1.0.0')}`,
      'app/src/app.eta': '(module app (import std.io alpha beta) (println alpha-name beta-name))',
    });
    library('gamma', 'gamma', '0.3.0');
    library('alpha', 'alpha', '0.1.0', 'gamma = { path = "../gamma" }\n');
    library('beta', 'beta', '0.2.0');
  });

  test('by path: added, locked, shown, imported, removed', () => {
    expect(etai('app', 'add', 'beta', '--path', '../beta')).toEqual(ok('added dependency beta\n'));
    expect(etai('app', 'add', 'alpha', '--path', '../alpha')).toEqual(ok('added dependency alpha\n'));
    expect(text('app/eta.toml')).toBe(
      `# kept\n${manifest('app', '1.0.0', 'alpha = { path = "../alpha" }\nbeta = { path = "../beta" }\n')}`,
    );
    expect(text('app/eta.lock')).toBe(
      '# Auto-generated by eta - DO NOT EDIT.\nversion = 1\n' +
        '\n[[package]]\nname = "app"\nversion = "1.0.0"\nsource = "root"\ndependencies = ["alpha@0.1.0", "beta@0.2.0"]\n' +
        `\n[[package]]\nname = "alpha"\nversion = "0.1.0"\nsource = "path+${folder}/alpha"\ndependencies = ["gamma@0.3.0"]\n` +
        `\n[[package]]\nname = "beta"\nversion = "0.2.0"\nsource = "path+${folder}/beta"\ndependencies = []\n` +
        `\n[[package]]\nname = "gamma"\nversion = "0.3.0"\nsource = "path+${folder}/gamma"\ndependencies = []\n`,
    );
    expect(etai('app', 'tree')).toEqual(
      ok('app v1.0.0 (.)\n|-- alpha v0.1.0 (../alpha)\n|   `-- gamma v0.3.0 (../gamma)\n`-- beta v0.2.0 (../beta)\n'),
    );
    expect(etai('app', 'tree', '--depth', '0')).toEqual(ok('app v1.0.0 (.)\n'));
    expect(etai('app', 'run')).toEqual(ok('alpha 0.1.0 beta 0.2.0\n'));
    // A copy is made anew each time.
    library('beta', 'beta', '0.2.1');
    expect(etai('app', 'run')).toEqual(ok('alpha 0.1.0 beta 0.2.1\n'));
    expect(etai('app', 'vendor', '--target', 'third party').stdout).toBe(
      `materialized dependencies to ${folder}/app/third party\n`,
    );
    expect(existsSync(join(folder, 'app/third party/beta-0.2.1/eta.toml'))).toBe(true);
    expect(etai('app', 'remove', 'beta')).toEqual(ok('removed dependency beta\n'));
    expect(text('app/eta.toml')).not.toContain('beta');
    expect(etai('app', 'remove', 'beta')).toEqual(refused('etai remove: dependency not found: beta'));
    expect(etai('app', 'remove', 'alhpa')).toEqual(
      refused('etai remove: dependency not found: alhpa\n(Did you mean alpha?)'),
    );
    expect(etai('app', 'update', 'alpha').stdout).toContain('updated lockfile (full graph refresh;');
  });

  test('of a path are as they are now, whatever was installed, and also before anything was', () => {
    write({
      'app/eta.toml': manifest('app', '1.0.0', 'alpha = { path = "../alpha" }\nbeta = { path = "../beta" }\n'),
      'app/tests/app.test.eta':
        '(import std.test alpha) (print-tap (run (make-test "name" (lambda () (assert-equal "alpha 0.1.0" alpha-name)))))',
    });
    const checked = (status: number) => expect(etai('app', 'check')).toMatchObject({ stdout: '', status });
    const tested = (status: number) => expect(etai('app', 'test').status).toBe(status);
    checked(0);
    tested(0);
    expect(existsSync(join(folder, 'app/.eta'))).toBe(false);
    expect(etai('app', 'build').status).toBe(0);
    const change = (value: string) =>
      write({ 'alpha/src/alpha.eta': `(module alpha (export alpha-name) (define alpha-name ${value}))` });
    change('"alpha new"');
    tested(1);
    expect(etai('app', 'src/app.eta')).toEqual(ok('alpha new beta 0.2.0\n'));
    expect(etai('app', 'run')).toEqual(ok('alpha new beta 0.2.0\n'));
    change('nowhere');
    checked(1);
    const { stdout, stderr, status } = etai('app', 'build');
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(/^error \[.*alpha\.eta:1:54-1:61\]: Undefined symbol: nowhere$/m);
    // Where the author's folder has gone, the copy counts.
    change('"alpha kept"');
    expect(etai('app', 'vendor').status).toBe(0);
    rmSync(join(folder, 'alpha'), { recursive: true });
    expect(etai('app', 'src/app.eta')).toEqual(ok('alpha kept beta 0.2.0\n'));
  });

  test('of a path are installed as they were built', () => {
    write({ 'built-user/eta.toml': manifest('built-user', '0.1.0', 'built = { path = "../built" }\n') });
    library('built', 'built');
    expect(etai('built-user', 'install', 'absent')).toEqual(
      refused('etai install: package not found in lockfile: absent'),
    );
    expect(etai('built-user', 'install', 'built')).toEqual(
      refused(`etai install: dependency has no release artifacts: ${folder}/built/target/release`),
    );
    expect(etai('built', 'build').status).toBe(0);
    expect(etai('built-user', 'install', 'built')).toEqual(
      ok(`installed dependency artifacts to ${folder}/built-user/.eta/bin/built\n`),
    );
    expect(existsSync(join(folder, 'built-user/.eta/bin/built/built.etac'))).toBe(true);
  });

  test('by git and tarball: fetched once, checked, linked', () => {
    const git = (...args: readonly string[]) =>
      spawnSync('git', ['-C', join(folder, 'alpha'), '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        encoding: 'utf8',
      }).stdout.trim();
    write({ 'alpha/eta.toml': manifest('alpha', '0.1.0') });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    const rev = git('rev-parse', 'HEAD');
    createTar({ file: join(folder, 'beta.tgz'), gzip: true, sync: true, cwd: folder }, ['beta']);
    const sum = createHash('sha256')
      .update(readFileSync(join(folder, 'beta.tgz')))
      .digest('hex');

    // A hook of git sets variables that lead git to the repository of the hook.
    git('init', '-q', `${folder}/mine`);
    const index = join(folder, 'mine', '.git', 'index');
    const hook = { GIT_DIR: join(folder, 'mine', '.git'), GIT_INDEX_FILE: index, GIT_WORK_TREE: join(folder, 'mine') };
    Object.assign(process.env, hook);
    const fromHook = etai('app', 'add', 'alpha', '--git', '../alpha', '--rev', rev);
    for (const name of Object.keys(hook)) delete process.env[name];
    expect(fromHook).toEqual(ok('added dependency alpha\n'));
    expect(readdirSync(join(folder, 'mine'))).toEqual(['.git']);
    expect(existsSync(index)).toBe(false);
    // Relative to the project, wherever in it a command is given.
    rmSync(join(folder, 'home/.eta'), { recursive: true });
    expect(etai('app/src', 'update')).toEqual(ok('updated lockfile\n'));

    expect(etai('app', 'add', 'alpha', '--git', `${folder}/alpha`, '--rev', rev)).toEqual(
      ok('added dependency alpha\n'),
    );
    expect(etai('app', 'add', 'beta', '--tarball', '../beta.tgz', '--sha256', sum)).toEqual(
      ok('added dependency beta\n'),
    );
    expect(lstatSync(join(folder, 'app/.eta/modules/alpha-0.1.0')).isSymbolicLink()).toBe(true);
    expect(etai('app', 'tree').stdout).toContain(`alpha v0.1.0 (git+${folder}/alpha#${rev})`);
    // What somebody has spoilt in the cache is fetched again.
    const cache = join(folder, 'home/.eta/cache/modules');
    for (const name of readdirSync(cache)) {
      if (name.startsWith('git-')) rmSync(join(cache, name, 'eta.toml'));
      if (!name.startsWith('tarball-')) continue;
      rmSync(join(cache, name), { recursive: true });
      writeFileSync(join(cache, name), 'no folder');
    }
    expect(etai('app', 'run')).toEqual(ok('alpha 0.1.0 beta 0.2.0\n'));
    expect(readdirSync(cache).filter((name) => name.startsWith('.'))).toEqual([]);
    rmSync(join(folder, 'alpha'), { recursive: true });
    rmSync(join(folder, 'beta.tgz'));
    expect(etai('app', 'run')).toEqual(ok('alpha 0.1.0 beta 0.2.0\n'));
  });

  test.runIf(hasTerminals)('say on a terminal what is fetched, while it is', async () => {
    createTar({ file: join(folder, 'beta.tgz'), gzip: true, sync: true, cwd: folder }, ['beta']);
    const bytes = readFileSync(join(folder, 'beta.tgz'));
    const sum = createHash('sha256').update(bytes).digest('hex');
    const onTerminal = async (words: readonly string[]) => {
      const options = { cwd: join(folder, 'app'), columns: 120, env: { HOME: join(folder, 'home') } };
      const program = new TerminalProgram([process.execPath, ETAI, ...words], options);
      try {
        expect(await program.ended).toBe(0);
        await program.until(({ screen }) => screen !== '');
        return { raw: program.raw, screen: program.screen };
      } finally {
        await program.close();
      }
    };
    const added = await onTerminal(['add', 'beta', '--tarball', '../beta.tgz', '--sha256', sum]);
    expect(added.raw).toContain('fetch beta from ../beta.tgz');
    expect(added.screen).toBe('added dependency beta');
    const updated = await onTerminal(['update']);
    expect(updated.raw).not.toContain('fetch');
    expect(updated.screen).toBe('updated lockfile');
  });

  test('what cannot be had leaves the manifest as it was', () => {
    const before = text('app/eta.toml');
    const zeros = '0'.repeat(40);
    write({ 'junk.tgz': 'no archive' });
    const sum = createHash('sha256').update('no archive').digest('hex');
    // [words, message]
    const rows = [
      [['--path', '../none'], `dependency 'x' manifest not found at ${folder}/none/eta.toml`],
      [['--path', '../beta'], `dependency key 'x' does not match package.name 'beta' in ${folder}/beta/eta.toml`],
      [['--git', `${folder}/none`, '--rev', zeros], "git clone failed for dependency 'x'"],
      [['--tarball', 'none.tgz', '--sha256', sum], `tarball file not found: ${folder}/app/none.tgz`],
      [['--tarball', '../junk.tgz', '--sha256', '0'.repeat(64)], "tarball sha256 mismatch for dependency 'x'"],
      [['--tarball', '../junk.tgz', '--sha256', sum], "failed to extract tarball dependency 'x'"],
    ] as const;
    for (const [words, message] of rows) {
      const { stderr, status } = etai('app', 'add', 'x', ...words);
      expect(status).toBe(1);
      expect(stderr).toContain(`error: etai add: ${message}`);
      expect(text('app/eta.toml')).toBe(before);
    }
  });

  test('cycles and clashes are named', () => {
    library('gamma', 'gamma', '0.3.0', 'alpha = { path = "../alpha" }\n');
    expect(etai('app', 'add', 'alpha', '--path', '../alpha')).toEqual(
      refused("etai add: dependency cycle detected at package 'alpha': alpha -> gamma -> alpha"),
    );
    library('gamma', 'gamma', '0.3.0');
    library('other/gamma', 'gamma', '0.9.0');
    write({
      'app/eta.toml': manifest('app', '1.0.0', 'alpha = { path = "../alpha" }\ngamma = { path = "../other/gamma" }\n'),
    });
    expect(etai('app', 'update').stderr).toContain(
      `package name 'gamma' is provided by multiple manifests: ${folder}/gamma/eta.toml and ${folder}/other/gamma/eta.toml`,
    );
  });

  test('what development needs and cannot be had leaves the manifest as it was, too', () => {
    const before = text('app/eta.toml');
    expect(etai('app', 'add', '--dev', 'x', '--path', '../none').stderr).toContain("dependency 'x' manifest not found");
    expect(text('app/eta.toml')).toBe(before);
  });

  test('a path on the command line begins in the working directory', () => {
    write({ 'app/src/deep/note.txt': '' });
    expect(etai('app/src/deep', 'add', 'alpha', '--path', '../../../alpha')).toEqual(ok('added dependency alpha\n'));
    expect(text('app/eta.toml')).toContain('alpha = { path = "../alpha" }');
    expect(etai('app/src', 'add', 'beta', '--path', `${folder}/beta`)).toEqual(ok('added dependency beta\n'));
    expect(etai('app/src/deep', 'run')).toEqual(ok('alpha 0.1.0 beta 0.2.0\n'));
  });

  test('of several processes that install at once, none fails', async () => {
    etai('app', 'add', 'alpha', '--path', '../alpha');
    etai('app', 'add', 'beta', '--path', '../beta');
    write(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`beta/data/${i}.txt`, ''])));
    const runs = Array.from({ length: 6 }, async () => {
      const env = { ...process.env, HOME: join(folder, 'home'), ETA_MODULE_PATH: undefined };
      const child = spawn(process.execPath, [ETAI, 'run'], { cwd: join(folder, 'app'), env });
      const [[status], output] = await Promise.all([
        once(child, 'close'),
        readText(child.stdout),
        child.stderr.resume(),
      ]);
      return { status, output };
    });
    const printed = { status: 0, output: 'alpha 0.1.0 beta 0.2.0\n' };
    expect(await Promise.all(runs)).toEqual(runs.map(() => printed));
    expect(readdirSync(join(folder, 'app/.eta/modules')).sort()).toEqual(['alpha-0.1.0', 'beta-0.2.0', 'gamma-0.3.0']);
  });

  test('nothing is written where nothing is new', () => {
    etai('app', 'add', 'alpha', '--path', '../alpha');
    etai('app', 'add', 'beta', '--path', '../beta');
    const before = statSync(join(folder, 'app/eta.lock'));
    expect(etai('app', 'run').status).toBe(0);
    expect(statSync(join(folder, 'app/eta.lock'))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  test('a lock file that is half written is made anew', () => {
    etai('app', 'add', 'alpha', '--path', '../alpha');
    etai('app', 'add', 'beta', '--path', '../beta');
    const whole = text('app/eta.lock');
    write({ 'app/eta.lock': whole.slice(0, 100) });
    expect(etai('app', 'run')).toEqual(ok('alpha 0.1.0 beta 0.2.0\n'));
    expect(text('app/eta.lock')).toBe(whole);
  });

  test('a module that two packages have is refused where shadows are', () => {
    etai('app', 'add', 'alpha', '--path', '../alpha');
    etai('app', 'add', 'beta', '--path', '../beta');
    write({ 'app/src/beta.eta': '(module beta (export beta-name) (define beta-name "own"))' });
    expect(etai('app', 'run')).toEqual(ok('alpha 0.1.0 own\n'));
    const { stderr, status } = etai('app', 'run', '--strict-shadows');
    expect(stderr).toContain("strict shadow mode: module 'beta'");
    expect(status).toBe(1);
  });
});
