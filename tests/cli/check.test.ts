// etai check, as a user meets it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LINTS } from '../../src/check/lints.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta-check-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, 'bin/etai'), 'check', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ETA_MODULE_PATH: undefined },
  });
  return { stdout, stderr, status };
}

test('the warnings in the documentation are all that there are, and can be forbidden', () => {
  const page = readFileSync(join(ROOT, 'docs/checking.md'), 'utf8');
  const [, program] = /```scheme file=shop.eta\n(.*?)```/s.exec(page)!;
  expect(check(['shop.eta'], { 'shop.eta': program }).status).toBe(0);
  expect(check(['--deny-warnings', 'shop.eta']).status).toBe(1);
  for (const [code, meaning] of Object.entries(LINTS)) {
    expect(page.replaceAll('`', '')).toContain(`| ${code} | ${meaning} |`);
  }
});

test('--json gives an object a line', () => {
  const { stdout, stderr, status } = check(['--json', 'j.eta'], {
    'j.eta': '(println (nowhere))\n(println elsewhere)',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
  const objects = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(objects).toMatchObject([
    { severity: 'error', code: 'UndefinedName', startLine: 1, startColumn: 11, endLine: 1, endColumn: 18 },
    { severity: 'error', code: 'UndefinedName', startLine: 2, message: 'Undefined symbol: elsewhere' },
  ]);
});

test('an error that several files share is told once', () => {
  const files = {
    'shared.eta': '(module shared (export a) (define a nowhere))',
    'x.eta': '(import shared)',
    'y.eta': '(import shared)',
  };
  const { stderr, status } = check(['x.eta', 'y.eta', 'shared.eta'], files);
  expect(stderr.match(/Undefined symbol: nowhere/g)).toHaveLength(1);
  expect(stderr).toContain('checked 3 files, 1 error, 0 warnings\n');
  expect(status).toBe(1);
});

test('nothing is run', () => {
  const { stdout, stderr, status } = check(['r.eta'], { 'r.eta': '(display "ran") (exit 7)' });
  expect({ stdout, stderr, status }).toEqual({
    stdout: '',
    stderr: 'checked 1 file, 0 errors, 0 warnings\n',
    status: 0,
  });
});

test('what is missing', () => {
  expect(check(['gone.eta'])).toMatchObject({ status: 1 });
  expect(check(['gone.eta']).stderr).toContain('error: no such file or folder: gone.eta\n');
});

test('the tests of the standard library, and its modules themselves, are checked like any other file, not run', () => {
  const library = join(ROOT, 'stdlib');
  const { stdout, stderr, status } = check([library]);
  expect({ stdout, status }, stderr).toEqual({ stdout: '', status: 0 });
});
