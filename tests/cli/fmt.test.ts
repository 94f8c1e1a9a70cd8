// etai fmt, as a user meets it.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatText } from '../../src/format/layout.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta fmt-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
const readBack = (name: string) => readFileSync(join(folder, name), 'utf8');

function fmt(args: readonly string[], input = '') {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, 'bin/etai'), 'fmt', ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
  });
  return { stdout, stderr, status };
}

const QUIET = { stdout: '', stderr: '', status: 0 };

test('files and folders are laid out in place, and keep their modes', () => {
  mkdirSync(join(folder, 'sub/.hidden'), { recursive: true });
  write('a.eta', '(f  1)');
  write('sub/b.eta', '(g\n 1 )');
  write('sub/.hidden/c.eta', '(h  1)');
  write('sub/other.txt', '(i  1)');
  chmodSync(join(folder, 'a.eta'), 0o750);
  symlinkSync(join(folder, 'a.eta'), join(folder, 'link.eta'));
  expect(fmt(['link.eta', 'sub'])).toEqual(QUIET);
  expect(['a.eta', 'sub/b.eta', 'sub/.hidden/c.eta', 'sub/other.txt'].map(readBack)).toEqual([
    '(f 1)\n',
    '(g\n  1)\n',
    '(h  1)',
    '(i  1)',
  ]);
  expect(statSync(join(folder, 'a.eta')).mode & 0o777).toBe(0o750);
});

test('without a path, the working directory', () => {
  write('a.eta', '(f  1)');
  expect(fmt([])).toEqual(QUIET);
  expect(readBack('a.eta')).toBe('(f 1)\n');
});

test('macros of other modules of the project are laid out as their rules say', () => {
  mkdirSync(join(folder, 'src/app'), { recursive: true });
  mkdirSync(join(folder, 'tests'));
  write('eta.toml', '');
  const macro = (name: string, template: string) =>
    `(define-syntax ${name} (syntax-rules () ((_ test e ...) (${template} test e ...))))`;
  write(
    'src/app/loops.eta',
    `(module app.loops (export (rename inner while) until) ${macro('inner', 'when')} ${macro('until', 'unless')} ${macro('own', 'when')})`,
  );
  // One module imports the other, which defines a macro with it.
  write('src/app.eta', `(module app (import app.loops) (export while repeat) ${macro('repeat', 'while')})`);
  write('tests/beside.eta', `(module beside (import app) (import beside) (export again) ${macro('again', 'repeat')})`);
  const uses = (...names: string[]) => names.map((name) => `(${name} a\nb)`).join('\n');
  const body = (...names: string[]) => names.map((name) => `(${name} a\n  b)`).join('\n');
  const call = (...names: string[]) => names.map((name) => `(${name} a\n${' '.repeat(name.length + 2)}b)`).join('\n');
  // [imports, names that have a body, names that have none]
  const rows = [
    ['app', ['while', 'repeat'], ['until', 'own', 'inner']],
    ['(only app.loops until)', ['until'], ['while']],
    ['(except app.loops until)', ['while'], ['until']],
    ['(prefix app.loops l:)', ['l:while', 'l:until'], ['while']],
    ['(rename app.loops (until til))', ['til', 'while'], ['until']],
    ['beside', ['again'], ['repeat']],
    ['nowhere std.io', [], ['while']],
  ] as const;
  rows.forEach(([imports, bodies, calls], i) => {
    write(`tests/${i}.eta`, `(import ${imports})\n${uses(...bodies, ...calls)}\n`);
  });
  write('tests/own.eta', `(import app)\n(define-syntax while (syntax-rules () ((_ a b) (f a b))))\n${uses('while')}\n`);
  expect(fmt(['tests'])).toEqual(QUIET);
  rows.forEach(([imports, bodies, calls], i) => {
    const lines = [`(import ${imports})`, body(...bodies), call(...calls)].filter((line) => line !== '');
    expect(readBack(`tests/${i}.eta`)).toBe(`${lines.join('\n')}\n`);
  });
  expect(readBack('tests/own.eta')).toContain(call('while'));
  expect(fmt(['--stdin'], '(import app.loops)\n(until a\nb)').stdout).toBe('(import app.loops)\n(until a\n  b)\n');
});

test('--check and --diff change nothing', () => {
  write('a.eta', '(f  1)\n');
  write('b.eta', '(f 1)\n');
  expect(fmt(['--check', '.'])).toEqual({ stdout: 'a.eta\n', stderr: '', status: 1 });
  const { stdout, status } = fmt(['--diff', 'a.eta']);
  expect(stdout).toContain('-(f  1)\n+(f 1)\n');
  expect(status).toBe(0);
  expect(readBack('a.eta')).toBe('(f  1)\n');
});

test('--stdin', () => {
  expect(fmt(['--stdin'], '(f\n1)')).toEqual({ stdout: '(f\n  1)\n', stderr: '', status: 0 });
});

test('what cannot be read is reported and left alone', () => {
  write('a.eta', '(f  1');
  write('b.eta', '(f  1)');
  write('c.eta', Uint8Array.of(59, 255, 10));
  const { stdout, stderr, status } = fmt(['a.eta', 'b.eta', 'c.eta', 'd.eta']);
  expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  expect(stderr).toContain('error [a.eta:1:1-');
  expect(stderr).toContain('error: c.eta: not UTF-8 text; left as it is\n');
  expect(stderr).toContain('error: no such file or folder: d.eta\n');
  expect(readBack('a.eta')).toBe('(f  1');
  expect(readBack('b.eta')).toBe('(f 1)\n');
});

test('unknown options are refused with the nearest one', () => {
  const { stderr, status } = fmt(['--chek']);
  expect(stderr).toContain("error: unknown option '--chek'\n(Did you mean --check?)\n");
  expect(status).toBe(1);
  expect(fmt(['--help']).stdout).toContain('Usage: etai fmt [options] [path...]');
});

test('the layouts in the documentation are layouts', () => {
  const text = readFileSync(join(ROOT, 'docs/formatting.md'), 'utf8');
  const blocks = [...text.matchAll(/```layout\n(.*?)```/gs)].map(([, block]) => block);
  expect(blocks).toHaveLength(5);
  for (const block of blocks) expect(formatText(block)).toBe(block);
});

test('the library and the examples are laid out', () => {
  const all = ['stdlib', 'examples', 'bench'].map((name) => join(ROOT, name));
  expect(fmt(['--check', ...all])).toEqual({ stdout: '', stderr: '', status: 0 });
});
