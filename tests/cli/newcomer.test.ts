// What happens to somebody who mistypes, names what is not there, works where nothing can be written, or pipes the output
// into something that does not read it all: for every command, in an empty folder.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeCommands } from '../../src/cli/command-modules.ts';
import { hasTerminals, TerminalProgram } from '../support/terminal.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
/** A user without rights; for root, who could write anywhere. */
const uid = process.geteuid?.() === 0 ? 65_534 : undefined;
const COMMANDS = await describeCommands();

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-newcomer-')));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = { ...process.env, HOME: '/dev/null', ETA_MODULE_PATH: undefined, FORCE_COLOR: undefined };

function etai(words: readonly string[], options: { cwd?: string; uid?: number } = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, ...words], {
    cwd: folder,
    env: environment,
    input: '',
    encoding: 'utf8',
    gid: options.uid,
    ...options,
  });
  return { stdout, stderr, status };
}

describe('a misspelt option', () => {
  const rows = COMMANDS.flatMap(({ name, parser }) => {
    const option = parser.options.map(({ long }) => long ?? '').find((long) => long.length > 5);
    return option === undefined ? [] : [[name, option] as const];
  });

  test.each(rows)('of etai %s is answered with the one that was meant: %s', (name, option) => {
    const misspelt = option.slice(0, -2) + option.slice(-1);
    const { stdout, stderr, status } = etai([name, misspelt]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    const [message, suggestion] = stderr.split('\n');
    expect(message).toMatch(/^error: (etai \w+: )?(unknown option|invalid argument)/);
    expect(suggestion).toBe(`(Did you mean ${option}?)`);
  });
});

// [words, the first lines of standard error]
test.each([
  [['helo.eta'], 'error: file not found: helo.eta\n'],
  // What other tools call it.
  [['lint'], "error: file not found: lint\n  hint: did you mean the command 'etai check'?\n"],
  [['format', '--check'], "error: file not found: format\n  hint: did you mean the command 'etai fmt'?\n"],
  [
    ['help', 'uninstall'],
    "error: unknown command: uninstall; did you mean 'remove'?\nUsage: etai help [options] [command]\n",
  ],
  [['chekc', 'a.eta'], "error: file not found: chekc\n  hint: did you mean the command 'etai check'?\n"],
  [
    ['--versoin'],
    "error: unknown option '--versoin'\n(Did you mean --version?)\nUsage: etai [options] FILE [--] [arg …]\netai --help tells more\n",
  ],
  [['repl', 'a.eta'], 'error: unexpected argument: a.eta\nUsage: etai repl [options]\n'],
  [['new'], 'error: etai new requires a package name\nUsage: etai new [options] <name>\n'],
  [['new', 'a', 'b'], 'error: etai new accepts exactly one <name> argument\nUsage: etai new [options] <name>\n'],
  [['fmt', '--stdin', 'a.eta'], 'error: --stdin takes no path: a.eta\nUsage: etai fmt [options] [path...]\n'],
  [['fmt', 'a.eta'], 'error: no such file or folder: a.eta\n'],
  [['check', 'a.eta'], 'error: no such file or folder: a.eta\nchecked 0 files, 0 errors, 0 warnings\n'],
  [['compile', 'a.eta'], 'error: file not found: a.eta\n'],
  [['bundle', 'a.eta'], 'error: file not found: a.eta\n'],
  [
    ['bundle'],
    'error: etai bundle: no eta.toml found: name a file, or say --self for etai itself\nUsage: etai bundle [options] [file]\n',
  ],
  [
    ['bundle', '--self', 'a.eta'],
    'error: etai bundle: --self is for etai itself, without a.eta\nUsage: etai bundle [options] [file]\n',
  ],
  [['--profile', 'a.eta'], 'error: file not found: a.eta\n'],
  [['--trace-actors', 'a.eta'], 'error: file not found: a.eta\n'],
  [['completions', 'bsh'], 'error: no completions for bsh; there are those for bash, zsh and fish\n'],
] as const)('%j is refused', (words, message) => {
  const { stdout, stderr, status } = etai(words);
  expect({ stdout, stderr: stderr.slice(0, message.length), status }).toEqual({
    stdout: '',
    stderr: message,
    status: 1,
  });
  expect(readdirSync(folder)).toEqual([]);
});

describe('in a folder that cannot be written to', () => {
  let readOnly = '';
  beforeAll(() => {
    readOnly = join(folder, 'read-only');
    mkdirSync(readOnly);
    writeFileSync(join(readOnly, 'a.eta'), '(define  x 1)\n(println x)\n');
    writeFileSync(
      join(readOnly, 'a.test.eta'),
      '(import std.test) (print-tap (run (make-test "sum" (lambda () (assert-equal 4 (+ 2 2)) \'ok))))',
    );
    chmodSync(readOnly, 0o555);
  });
  afterAll(() => rmSync(readOnly, { recursive: true }));

  // [words, what is printed, what standard error ends with]
  test.each([
    [['fmt', 'a.eta'], '', 'error: cannot write a.eta: Permission denied\n'],
    [['compile', 'a.eta'], '', 'error: cannot open output file: a.etac (EACCES)\n'],
    [['bundle', 'a.eta'], '', 'error: cannot write a: Permission denied\n'],
    [['--profile', 'a.eta'], '1\n', 'error: cannot write the flame graph profile.html: Permission denied\n'],
    [['new', 'app'], '', /^error: cannot make the project in .*: EACCES: permission denied/],
    [
      ['test', '--coverage=lcov'],
      /^TAP version 13\n1\.\.1\nok 1 - sum\n/,
      'error: cannot write coverage/lcov.info: Permission denied\n',
    ],
  ] as const)('%j says what it cannot write', (words, printed, message) => {
    const { stdout, stderr, status } = etai(words, { cwd: readOnly, uid });
    expect(status).toBe(1);
    if (typeof printed === 'string') expect(stdout).toBe(printed);
    else expect(stdout).toMatch(printed);
    if (typeof message === 'string') expect(stderr.slice(-message.length)).toBe(message);
    else expect(stderr).toMatch(message);
    expect(readdirSync(readOnly)).toEqual(['a.eta', 'a.test.eta']);
  });

  test.each([['check'], ['test', 'a.test.eta'], ['a.eta']])('%s works', (...words) => {
    expect(etai(words, { cwd: readOnly, uid }).status).toBe(0);
  });
});

// Without --norc bash may take a test's pipe for a network connection, and read its start-up file.
const inShell = (script: string) => {
  const shell = spawnSync('bash', ['--norc', '-c', script, process.execPath, ETAI], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  return { stdout: shell.stdout, stderr: shell.stderr, status: shell.status };
};

// The reader goes after the first line; what is longer than a pipe holds would wait for it for ever.
test.each(['help', 'doctor', 'completions bash', '-e "(let loop () (println 1) (loop))"', '--disasm f.eta'])(
  'etai %s | head -1 ends quietly',
  (words) => {
    writeFileSync(join(folder, 'f.eta'), '(import std.json std.regex)\n');
    const { stdout, stderr, status } = inShell(`"$0" "$1" ${words} | head -1`);
    expect({ lines: stdout.split('\n').length, stderr, status }).toEqual({ lines: 2, stderr: '', status: 0 });
    rmSync(join(folder, 'f.eta'));
  },
);

test
  .runIf(process.platform === 'linux')
  .each([
    'doctor',
    'check --json f.eta',
    'fmt --check f.eta',
    'fmt --diff f.eta',
    'completions zsh',
    'test f.test.eta',
  ])('etai %s > /dev/full fails', (words) => {
  writeFileSync(join(folder, 'f.eta'), '(define  x nowhere)');
  writeFileSync(join(folder, 'f.test.eta'), '(import std.test) (print-tap (run (make-test "t" (lambda () 1))))');
  const { stderr, status } = inShell(`"$0" "$1" ${words} > /dev/full`);
  expect(status).toBe(1);
  expect(stderr).toBe('error: cannot write to standard output: ENOSPC: no space left on device, write\n');
  for (const name of ['f.eta', 'f.test.eta']) rmSync(join(folder, name));
});

test.runIf(hasTerminals).each([{ TERM: 'dumb' }, { NO_COLOR: '1' }])(
  'on a terminal with %j nothing is coloured',
  async (env) => {
    writeFileSync(join(folder, 'f.eta'), '(car 5)');
    const program = new TerminalProgram([process.execPath, ETAI, 'f.eta'], { cwd: folder, columns: 20, env });
    try {
      expect(await program.ended).toBe(1);
      await program.until(({ raw }) => raw.includes('at f_init'));
      expect(program.raw).not.toContain('\x1b');
    } finally {
      await program.close();
      rmSync(join(folder, 'f.eta'));
    }
  },
);
