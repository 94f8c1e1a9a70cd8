// Completion scripts: what a real shell makes of them. A shell that is not installed is left out.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
const etai = (...words: string[]) => spawnSync(process.execPath, [ETAI, ...words], { encoding: 'utf8' });
const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta-completions-'));
  writeFileSync(join(folder, 'prime numbers.eta'), '');
  mkdirSync(join(folder, 'private'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.runIf(has('bash'))('bash completes commands, options, choices and files', () => {
  const script = etai('completions', 'bash').stdout;
  const complete = (...words: string[]): string[] => {
    const program = `${script}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _etai; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const run = spawnSync('bash', ['-u', '-c', program, 'bash', 'etai', ...words], { cwd: folder, encoding: 'utf8' });
    expect(run.stderr).toBe('');
    return run.stdout.split('\n').slice(0, -1);
  };
  expect(complete('')).toEqual(expect.arrayContaining([...Object.keys(COMMANDS), '--eval', 'private']));
  expect(complete('com')).toEqual(['compile', 'completions']);
  expect(complete('pri').sort()).toEqual(['prime numbers.eta', 'private']);
  expect(complete('--str')).toEqual(['--strict-shadows']);
  expect(complete('fmt', '--')).toEqual(['--check', '--diff', '--stdin', '--help']);
  expect(complete('fmt', 'prim')).toEqual(['prime numbers.eta']);
  expect(complete('bundle', 'x.eta', '--inc')).toEqual(['--include']);
  expect(complete('completions', 'b')).toEqual(['bash']);
  expect(complete('help', 'do')).toEqual(['doctor']);
});

describe.each(['zsh', 'fish'])('%s', (shell) => {
  const script = etai('completions', shell).stdout;

  test('has each command and each of its options', () => {
    for (const command of Object.keys(COMMANDS)) expect(script).toContain(command);
    expect(script).toContain(shell === 'fish' ? '-l strict-shadows' : '--strict-shadows[');
  });

  test.runIf(has(shell))('takes the script', () => {
    const run = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
    expect({ stderr: run.stderr, status: run.status }).toEqual({ stderr: '', status: 0 });
  });
});

test.each([
  [[], "error: missing required argument 'shell'\n"],
  [
    ['tcsh'],
    "error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n",
  ],
])('etai completions %j is refused', (words, message) => {
  const { stdout, stderr, status } = etai('completions', ...words);
  expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  expect(stderr.startsWith(message)).toBe(true);
});
