// The npm package: what `npm pack` makes, installed by `npm install` into an empty folder, is used there as its users do it.
// Its dependencies are links into this repository, so that no registry is asked, and as pnpm makes them.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './support.ts';

let folder = '';
let installed = '';

function run(command: string, words: readonly string[], cwd = folder) {
  const { stdout, stderr, status } = spawnSync(command, words, { cwd, encoding: 'utf8', timeout: 120_000 });
  return { stdout, stderr, status };
}

const npm = (...words: string[]) => run('npm', [...words, '--offline', '--no-audit', '--no-fund', '--loglevel=error']);
/** What is installed here, and nothing else. */
const npx = (...words: string[]) => run('npx', ['--offline', '--no', '--loglevel=error', ...words]);

beforeAll(() => {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'eta-tarball-')));
  folder = join(work, 'a user');
  mkdirSync(folder);
  const packed = run('npm', ['pack', '--json', '--pack-destination', work], ROOT);
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const overrides = Object.keys(dependencies).map((name) => [name, `file:${join(ROOT, 'node_modules', name)}`]);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { etai: `file:${join(work, filename)}` },
      overrides: Object.fromEntries(overrides),
    }),
  );
  const { stderr, status } = npm('install');
  if (status !== 0) throw new Error(`npm install failed: ${stderr}`);
  installed = join(folder, 'node_modules', 'etai');
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

test('npx etai runs programs and actors', () => {
  writeFileSync(
    join(folder, 'parent.eta'),
    '(define c (spawn "child.eta")) (println (recv! c (quote wait))) (spawn-wait c) (nng-close c)',
  );
  writeFileSync(join(folder, 'child.eta'), '(send! (current-mailbox) (list "from" "a child"))');
  expect(npx('etai', 'parent.eta')).toEqual({ stdout: '(from a child)\n', stderr: '', status: 0 });
});

test('npx etac compiles', () => {
  writeFileSync(join(folder, 'a.eta'), '(import std.json) (println (json:write-string (list 1 2)))');
  expect(npx('etac', 'a.eta')).toMatchObject({ stdout: '', status: 0 });
  rmSync(join(folder, 'a.eta'));
  expect(npx('etai', 'a.etac')).toEqual({ stdout: '[1,2]\n', stderr: '', status: 0 });
});

test('the commands work', () => {
  writeFileSync(
    join(folder, 't.test.eta'),
    '(import std.test) (print-tap (run (make-test "sum" (lambda () (assert-equal 4 (+ 2 2)) \'ok))))',
  );
  expect(npx('etai', 'check', 't.test.eta')).toMatchObject({ stdout: '', status: 0 });
  expect(npx('etai', 'test', 't.test.eta')).toEqual({
    stdout: 'TAP version 13\n1..1\nok 1 - sum\n',
    stderr: '',
    status: 0,
  });
  expect(npx('etai', 'doctor')).toMatchObject({ stderr: '', status: 0 });
  expect(npx('etai', 'bundle', 't.test.eta', '-o', 'bundled')).toMatchObject({ stderr: '', status: 0 });
  expect(run(join(folder, 'bundled'), []).stdout).toContain('ok 1 - sum\n');
});

test('completions complete', () => {
  writeFileSync(join(folder, 'completions'), npx('etai', 'completions', 'bash').stdout);
  const script = `. ./completions; COMP_WORDS=(etai ch); COMP_CWORD=1; COMP_LINE='etai ch'; COMP_POINT=7
    "$(complete -p etai | sed 's/.*-F \\([^ ]*\\) .*/\\1/')" etai ch etai; echo "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = run('bash', ['--norc', '-c', script]);
  expect({ stdout: stdout.trim(), stderr }).toMatchObject({ stdout: expect.stringMatching(/^check( |$)/), stderr: '' });
});

// As `npm install --global` and `npm link` do it.
test('gives all users its commands and a manual page', () => {
  const prefix = join(folder, '..', 'global');
  const { stderr, status } = npm('install', '--global', '--prefix', prefix, installed);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(run(join(prefix, 'bin', 'etai'), ['-p', '-e', '(+ 1 2)'])).toEqual({ stdout: '3\n', stderr: '', status: 0 });
  expect(run(join(prefix, 'bin', 'etac'), ['--help']).stdout).toContain('Usage: etac');
  expect(readFileSync(join(prefix, 'share/man/man1/etai.1'), 'utf8')).toMatch(/^\.TH ETAI 1 /m);
});

test('has the documentation, and nothing that only developers need', () => {
  expect(existsSync(join(installed, 'docs', 'language.md'))).toBe(true);
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  expect(files).toContain('stdlib/std/test.eta');
  expect(files.filter((file) => /^(src|tests|bench|stdlib\/tests|\.ci)(\/|$)|\.stamp/.test(file))).toEqual([]);
});
