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
    const line = words[0] === 'etac' ? words : ['etai', ...words];
    const run = spawnSync('bash', ['--norc', '-u', '-c', program, 'bash', ...line], { cwd: folder, encoding: 'utf8' });
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
  expect(complete('help', 'do')).toEqual(['doc', 'doctor']);
  // Values of options: words of their own, and behind `=`, which bash takes for a word.
  expect(complete('test', '--format', '')).toEqual(['pretty', 'tap', 'junit', 'json']);
  expect(complete('test', '--format', 'j')).toEqual(['junit', 'json']);
  expect(complete('test', '--format', '=')).toEqual(['pretty', 'tap', 'junit', 'json']);
  expect(complete('test', '--coverage', '=', 'l')).toEqual(['lcov']);
  expect(complete('test', '--coverage', 'pri').sort()).toEqual(['prime numbers.eta', 'private']);
  expect(complete('build', '--profile', 'r')).toEqual(['release']);
  expect(complete('--profile', 'prim')).toEqual(['prime numbers.eta']);
  expect(complete('--profile', '--out')).toEqual(['--output']);
  expect(complete('--trace-actors', '-o', 'prim')).toEqual(['prime numbers.eta']);
  expect(complete('bundle', '-o', 'prim')).toEqual(['prime numbers.eta']);
  // etac
  expect(complete('etac', '--dis')).toEqual(['--disasm']);
  expect(complete('etac', 'pri').sort()).toEqual(['prime numbers.eta', 'private']);
  expect(complete('etac', '-o', 'prim')).toEqual(['prime numbers.eta']);
});

test.runIf(has('fish'))('fish completes values of options', () => {
  const script = etai('completions', 'fish').stdout;
  const complete = (line: string): string[] => {
    const program = `${script}complete -C '${line}'`;
    const run = spawnSync('fish', ['-N', '-c', program], { cwd: folder, encoding: 'utf8' });
    expect(run.stderr).toBe('');
    return run.stdout
      .split('\n')
      .slice(0, -1)
      .map((found) => found.replace(/\t.*/, ''));
  };
  expect(complete('etai test --format ')).toEqual(['json', 'junit', 'pretty', 'tap']);
  expect(complete('etai test --coverage=')).toEqual(['--coverage=lcov', '--coverage=summary']);
  expect(complete('etai test pri')).toEqual(['prime numbers.eta', 'private/']);
  expect(complete('etac --dis')).toEqual(['--disasm']);
});

describe.each(['zsh', 'fish'])('%s', (shell) => {
  const script = etai('completions', shell).stdout;

  test('has each command and each of its options', () => {
    for (const command of Object.keys(COMMANDS)) expect(script).toContain(command);
    expect(script).toContain(shell === 'fish' ? '-l strict-shadows' : '--strict-shadows[');
  });

  test('has the values of options, and etac', () => {
    const lines = {
      zsh: [
        /'--format\[[^\]]*\]:value:\(pretty tap junit json\)'/,
        /'--coverage=-\[[^\]]*\]::value:\(summary lcov\)'/,
        /^compdef _etai etai etac$/m,
      ],
      fish: [
        /from test' -l format -r -f -a 'pretty tap junit json' -d/,
        /from test' -l coverage -f -a 'summary lcov' -d/,
        /^complete -c etac -l disasm -d/m,
      ],
    }[shell]!;
    for (const line of lines) expect(script).toMatch(line);
  });

  test.runIf(has(shell))('takes the script', () => {
    const file = join(folder, `script.${shell}`);
    writeFileSync(file, script);
    const run = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    rmSync(file);
    expect({ stderr: run.stderr, status: run.status }).toEqual({ stderr: '', status: 0 });
  });
});

test.each([
  [[], 'error: which shell? There are completions for bash, zsh and fish\n'],
  [['tcsh'], 'error: no completions for tcsh; there are those for bash, zsh and fish\n'],
  [['bash', 'fish'], 'error: unexpected argument: fish\n'],
])('etai completions %j is refused', (words, message) => {
  const { stdout, stderr, status } = etai('completions', ...words);
  expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  expect(stderr.startsWith(message)).toBe(true);
});
