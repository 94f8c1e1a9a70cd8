// The executable, alone: without Node, without libnng, without an environment, in places of all kinds. What it prints is
// what etai prints, so the tests are about where and how it runs.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArchive } from '../../src/executable/archive.ts';
import { ROOT, unpackedIn, Workplace } from './support.ts';

const EXAMPLES = join(ROOT, 'examples');
const HELLO = '(println "hello")\n';
const GREETED = { stdout: 'hello\n', stderr: '', status: 0 };

let place: Workplace;
let hello = '';
beforeAll(() => {
  place = new Workplace();
  hello = join(place.folder, 'hello.eta');
  writeFileSync(hello, HELLO);
});
afterAll(() => place?.remove());

describe('the executable', () => {
  test('runs programs, and ends with their status', () => {
    expect(place.run([hello])).toEqual(GREETED);
    writeFileSync(join(place.folder, 'bad.eta'), '(display "x")\n(car 5)\n');
    const failed = place.run(['bad.eta', '--', 'argument']);
    expect(failed).toMatchObject({ stdout: 'x', status: 1 });
    expect(failed.stderr).toMatch(/^error \[bad\.eta:2:1-2:8\]: car: not a pair\n/);
  });

  test('has the commands and the prompt', () => {
    expect(place.run(['repl'], { input: '(define x 20)\n(+ x 1)\n' })).toMatchObject({ stdout: '=> 21\n', status: 0 });
    expect(place.run(['--version']).stdout).toContain(process.version);
    expect(place.run(['frobnicate']).stderr).toContain('file not found: frobnicate');
  });

  test('carries the code caches of all bundles, also those for hot programs', () => {
    const caches = (files: readonly string[]) => files.filter((file) => file.endsWith('.cache')).sort();
    const own = caches(readdirSync(join(ROOT, 'dist')));
    const carried = readArchive(place.executable)!.files.map(([path]) => path.replace(/^dist\//, ''));
    expect(own).toContain('translator.cjs.hot.cache');
    expect(caches(carried)).toEqual(own);
  });

  // Child processes, and a worker pool; threads; each with libnng.
  test.each(['showcase', 'thread-workers'])('starts itself for actors: %s', (name) => {
    const cwd = place.emptyFolder();
    const stdout = readFileSync(join(EXAMPLES, name, 'expected.txt'), 'utf8');
    const program = join(EXAMPLES, name, 'main.eta');
    expect(place.run([program], { cwd })).toEqual({ stdout, stderr: '', status: 0 });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('runs from a read-only folder with spaces in its name', () => {
    const folder = place.emptyFolder('read only');
    const executable = place.linkTo(join(folder, 'the etai'));
    chmodSync(folder, 0o500);
    try {
      expect(place.run([hello], { executable })).toEqual(GREETED);
    } finally {
      chmodSync(folder, 0o700);
    }
  });

  test('says so when it has been cut off', () => {
    const executable = join(place.folder, 'cut');
    copyFileSync(place.executable, executable);
    truncateSync(executable, statSync(executable).size - 10);
    const { stderr, status } = place.run([hello], { executable });
    expect({ stderr, status }).toEqual({
      stderr: `etai: ${executable} has lost its archive; get a new copy of the file\n`,
      status: 1,
    });
    unlinkSync(executable);
  });
});

/** The libraries of the C compiler that every Node needs; [] where there is no telling. */
function systemLibraries(executable: string): string[] {
  const { stdout, status } = spawnSync('ldd', [executable], { encoding: 'utf8' });
  return status === 0 ? [...stdout.matchAll(/(?:=> )?(\/[^ ]+) \(0x/g)].map(([, file]) => file) : [];
}

// chroot is for root only.
const CHROOT = ['/usr/sbin/chroot', '/usr/bin/chroot'].find(existsSync);
const canConfine = process.platform === 'linux' && process.geteuid!() === 0 && CHROOT !== undefined;

describe.runIf(canConfine)('confined to a folder with nothing but the C library', () => {
  test('the executable and a bundled program run the showcase', () => {
    const root = place.emptyFolder('root');
    for (const file of systemLibraries(place.executable)) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      copyFileSync(file, join(root, file));
    }
    mkdirSync(join(root, 'tmp'));
    cpSync(EXAMPLES, join(root, 'examples'), { recursive: true });
    linkSync(place.executable, join(root, 'etai'));
    const inside = (...words: string[]) => {
      const result = spawnSync(CHROOT!, [root, ...words], { env: {}, encoding: 'utf8', timeout: 60_000 });
      return { stdout: result.stdout, stderr: result.stderr, status: result.status };
    };
    const stdout = readFileSync(join(EXAMPLES, 'showcase', 'expected.txt'), 'utf8');
    const shown = { stdout, stderr: '', status: 0 };
    expect(inside('/etai', '/examples/showcase/main.eta')).toEqual(shown);
    expect(inside('/etai', 'bundle', '/examples/showcase/main.eta', '-o', '/show')).toMatchObject({ status: 0 });
    for (const path of ['examples', 'etai', 'tmp']) rmSync(join(root, path), { recursive: true });
    mkdirSync(join(root, 'tmp'));
    expect(inside('/show')).toEqual(shown);
    rmSync(root, { recursive: true });
  });
});

describe('what it unpacks', () => {
  const cacheOf = () => join(place.emptyFolder('cache'), 'eta');
  const unpacked = (cache: string) => join(cache, readArchive(place.executable)!.hash);

  test('only its user can enter', () => {
    const cache = cacheOf();
    expect(place.run([hello], { variables: { ETA_CACHE_DIR: cache } })).toEqual(GREETED);
    expect(unpackedIn(cache)).toEqual([readArchive(place.executable)!.hash]);
    for (const folder of [cache, unpacked(cache)]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('is unpacked once, by whichever of several processes is first', async () => {
    const cache = cacheOf();
    const results = await place.runTogether(4, [hello], { ETA_CACHE_DIR: cache });
    expect(results).toEqual([GREETED, GREETED, GREETED, GREETED]);
    expect(unpackedIn(cache)).toEqual([readArchive(place.executable)!.hash]);
    const { ino } = statSync(unpacked(cache));
    expect(place.run([hello], { variables: { ETA_CACHE_DIR: cache } })).toEqual(GREETED);
    expect(statSync(unpacked(cache)).ino).toBe(ino);
  });

  const bundleIn = (folder: string) => join(folder, 'dist', 'etai.cjs');
  const overwrite = (file: string, change: (bytes: Buffer) => Buffer) => {
    chmodSync(file, 0o600);
    writeFileSync(file, change(readFileSync(file)));
  };
  const breakages: readonly (readonly [string, (folder: string) => void])[] = [
    ['a file is cut off', (folder) => overwrite(bundleIn(folder), (bytes) => bytes.subarray(0, 1000))],
    ['a file has other bytes', (folder) => overwrite(bundleIn(folder), (bytes) => Buffer.alloc(bytes.length, '('))],
    ['a file is missing', (folder) => unlinkSync(bundleIn(folder))],
    ['a folder is missing', (folder) => rmSync(join(folder, 'stdlib'), { recursive: true })],
    ['it is a file', (folder) => putFileAt(folder)],
    ['it is a link', (folder) => putLinkAt(folder)],
    ['others can write to it', (folder) => chmodSync(folder, 0o777)],
  ];

  test.each(breakages)('is mended when %s, by several processes at once', async (_, damage) => {
    const cache = cacheOf();
    const variables = { ETA_CACHE_DIR: cache };
    expect(place.run([hello], { variables })).toEqual(GREETED);
    damage(unpacked(cache));
    expect(await place.runTogether(2, [hello], variables)).toEqual([GREETED, GREETED]);
    expect(statSync(unpacked(cache)).mode & 0o777).toBe(0o700);
    expect(readFileSync(bundleIn(unpacked(cache)))).toEqual(readFileSync(join(ROOT, 'dist', 'etai.cjs')));
    expect(readdirSync(cache).filter((name) => name.includes('.tmp-'))).toEqual([]);
  });

  test('lies in the temporary folder where there is no home to write to', () => {
    const temporary = place.emptyFolder('tmp');
    const variables = { HOME: '/dev/null', TMPDIR: temporary };
    expect(place.run([hello], { emptyEnvironment: true, variables })).toEqual(GREETED);
    expect(readdirSync(temporary)).toEqual([`eta-cache-${process.geteuid!()}`]);
    expect(statSync(join(temporary, `eta-cache-${process.geteuid!()}`)).mode & 0o777).toBe(0o700);
  });

  test('does not go where others could put something in its place', () => {
    const cache = place.emptyFolder('open');
    chmodSync(cache, 0o777);
    const { stdout, stderr, status } = place.run([hello], { variables: { ETA_CACHE_DIR: cache } });
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toBe(
      'etai: found no folder to unpack itself to; name one that you can write to in ETA_CACHE_DIR\n' +
        `  ${cache} is open to others (mode 777)\n`,
    );
    expect(readdirSync(cache)).toEqual([]);
  });
});

describe('etai bundle', () => {
  const APPLICATION: Readonly<Record<string, string>> = {
    'app/main.eta': `(module main (import std.io) (import std.net) (import greeting) (import shared.words)
      (begin
        (define (main arguments)
          (let ((child (spawn "workers/worker.eta")))
            (send! child (greet (car arguments)))
            (println (recv! child 'wait))
            (spawn-wait child)
            (nng-close child))
          (let ((thread (spawn-thread (lambda () (send! (current-mailbox) (word))))))
            (println (recv! thread 'wait))
            (nng-close thread))
          (write (command-line-arguments))
          (newline)
          (exit 7))))`,
    'app/greeting.eta': '(module greeting (export greet) (begin (define (greet name) (string-append "hello " name))))',
    'app/workers/worker.eta': `(module worker (import greeting) (begin
      (send! (current-mailbox) (list (answer (recv! (current-mailbox) 'wait))))))`,
    'app/workers/greeting.eta':
      '(module greeting (export answer) (begin (define (answer text) (string-append text "!"))))',
    'library/shared/words.eta': '(module shared.words (export word) (begin (define (word) "a word")))',
    'app/wrong.eta': '(println (undefined-name))',
    // What must not be found at run time.
    'hostile/eta.toml': '[package]\nname = "hostile"\n',
    'hostile/src/greeting.eta': '(module greeting (export greet) (begin (define (greet name) "hostile")))',
    'hostile/src/std/net.eta': '(module std.net)',
    'hostile/workers/worker.eta': '(println "hostile")',
    'hostile/shared/words.eta': '(module shared.words (export word) (begin (define (word) "hostile")))',
  };
  let folder = '';
  let sources = '';
  beforeAll(() => {
    folder = place.emptyFolder('bundle');
    sources = join(folder, 'sources');
    for (const [name, text] of Object.entries(APPLICATION)) {
      mkdirSync(dirname(join(sources, name)), { recursive: true });
      writeFileSync(join(sources, name), text);
    }
  });

  const bundle = (...words: string[]) => place.run(['bundle', ...words], { cwd: folder });

  test('makes an executable of a program, its modules and its workers', () => {
    const made = bundle('sources/app/main.eta', '--path', 'sources/library', '-o', 'app');
    expect(made).toMatchObject({ stderr: '', status: 0 });
    expect(made.stdout.split('\n').slice(0, -2).sort()).toEqual([
      '  greeting.eta',
      '  main.eta',
      '  shared/words.eta',
      '  workers/greeting.eta',
      '  workers/worker.eta',
    ]);
    const elsewhere = place.emptyFolder('elsewhere');
    cpSync(join(sources, 'hostile'), elsewhere, { recursive: true });
    renameSync(sources, `${sources}-gone`);
    try {
      // Words that mean something to etai are the program's.
      const words = ['reader', '--help', '--path', '--', '-x', '--etai'];
      const variables = { ETA_MODULE_PATH: elsewhere };
      expect(place.run(words, { executable: join(folder, 'app'), cwd: elsewhere, variables })).toEqual({
        stdout: '(hello reader!)\na word\n("reader" "--help" "--path" "--" "-x" "--etai")\n',
        stderr: '',
        status: 7,
      });
    } finally {
      renameSync(`${sources}-gone`, sources);
    }
  });

  test('shows sources of a bundled program in its errors', () => {
    writeFileSync(join(folder, 'fails.eta'), '(define (f) (car 5))\n(f)\n');
    expect(bundle('fails.eta')).toMatchObject({ status: 0 });
    const { stderr, status } = place.run([], { executable: join(folder, 'fails') });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error \[fails\.eta:1:13-1:20\]: car: not a pair\n +1 \| \(define \(f\) \(car 5\)\)\n/);
  });

  test('leaves a bundled program an etai, too', () => {
    expect(place.run(['--etai', hello], { executable: join(folder, 'fails') })).toEqual(GREETED);
    const made = place.run(['--etai', 'bundle', hello, '-o', 'again'], {
      executable: join(folder, 'fails'),
      cwd: folder,
    });
    expect(made).toMatchObject({ stderr: '', status: 0 });
    expect(place.run([], { executable: join(folder, 'again') })).toEqual(GREETED);
    expect(readArchive(join(folder, 'again'))!.files.map(([path]) => path)).not.toContain('program/files/fails.eta');
  });

  test('is not written over what runs, by whatever name', () => {
    const self = join(folder, 'self');
    copyFileSync(place.executable, self);
    symlinkSync(self, join(folder, 'link'));
    const before = statSync(self);
    for (const name of ['self', 'link']) {
      expect(place.run(['bundle', hello, '-o', name], { executable: self, cwd: folder })).toEqual({
        stdout: '',
        stderr: `error: ${name} is what runs just now; name another file with -o\n`,
        status: 1,
      });
    }
    expect(statSync(self)).toMatchObject({ ino: before.ino, size: before.size, mtimeMs: before.mtimeMs });
  });

  test('takes along what is included', () => {
    writeFileSync(
      join(folder, 'computed.eta'),
      `(define c (spawn (string-append "sources/app/workers/" "worker.eta")))
       (send! c "included") (println (recv! c 'wait)) (spawn-wait c) (nng-close c)`,
    );
    const made = bundle('computed.eta', '--include', 'sources/app/workers/worker.eta', '-o', 'computed');
    expect(made).toMatchObject({ stderr: '', status: 0 });
    const cwd = place.emptyFolder();
    expect(place.run([], { executable: join(folder, 'computed'), cwd }).stdout).toBe('(included!)\n');
  });

  // [words, standard error]
  test.each<readonly [readonly string[], RegExp]>([
    [
      ['sources/app/wrong.eta', '-o', 'none'],
      /^error \[sources\/app\/wrong\.eta:1:11-1:25\]: Undefined symbol: undefined-name\n/,
    ],
    [['missing.eta', '-o', 'none'], /^error: file not found: missing\.eta\n$/],
    [['fails.eta', '-o', 'none', '--include', 'missing.txt'], /^error: file not found: missing\.txt\n$/],
    [
      ['fails.eta', '-o', 'fails.eta'],
      /^error: fails\.eta would overwrite its own source; name another file with -o\n$/,
    ],
    [['fails.eta', '-o', 'sources'], /^error: sources is a folder; name another file with -o\n$/],
    [
      ['fails.eta', '-o', 'no/such/folder/none'],
      /^error: cannot write no\/such\/folder\/none: No such file or directory\n$/,
    ],
    [
      ['fails.eta', '-o', 'none', '--base', 'fails.eta'],
      /^error: fails\.eta: not a Node that can be made an executable\n$/,
    ],
    [['fails.eta', '--outptu', 'none'], /^error: etai bundle: unknown option --outptu\n\(Did you mean --output\?\)\n/],
  ])('refuses %j', (words, message) => {
    const { stderr, status } = bundle(...words);
    expect({ stderr, status }).toEqual({ stderr: expect.stringMatching(message), status: 1 });
    expect(existsSync(join(folder, 'none'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

function putFileAt(folder: string): void {
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
}

function putLinkAt(folder: string): void {
  renameSync(folder, `${folder}-moved`);
  symlinkSync(`${folder}-moved`, folder);
}
