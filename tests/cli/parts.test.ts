// The bundle and its parts: what a start loads, and what it leaves alone.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..', '..');
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-parts-')));
  for (const name of ['bin', 'dist', 'stdlib', 'package.json'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const etai = (...words: string[]) => etaiWith({}, ...words);

function etaiWith(variables: Readonly<Record<string, string>>, ...words: string[]) {
  const env = { ...process.env, ETA_CACHE_DIR: join(folder, 'cache'), ETA_CACHE: '1', ETA_JIT: '1', ...variables };
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, 'bin', 'etai'), ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

// [a program, the names of its code caches, whether V8 takes them with the flags that it starts with]
test.each([
  ['(println 1)', 'cache', true],
  ['(define (f n) (if (= n 0) 1 (f (- n 1)))) (println (f 20000))', 'hot.cache', false],
] as const)('code caches are named after the flags of V8 that they are for: %s', (program, suffix, isTaken) => {
  const to = mkdtempSync(join(folder, 'caches-'));
  writeFileSync(join(folder, 'recorded.eta'), program);
  expect(etaiWith({ ETA_RECORD_CODE_CACHE: to }, 'recorded.eta')).toMatchObject({
    stdout: '1\n',
    status: 0,
  });
  const names = readdirSync(to);
  expect(names).toContain(`etai.cjs.${suffix}`);
  expect(names.filter((name) => !name.endsWith(`.cjs.${suffix}`))).toEqual([]);
  const source = readFileSync(join(ROOT, 'dist', 'etai.cjs'), 'latin1');
  const cachedData = readFileSync(join(to, `etai.cjs.${suffix}`));
  expect(new Script(source, { cachedData }).cachedDataRejected).toBe(!isTaken);
});

// Programs whose code is kept, with what they print. They use modules of their own, of the library, of R7RS, and fail.
const PROGRAMS: readonly (readonly [string, string, string])[] = [
  ['bare.eta', '(println (map (lambda (x) (* x x)) (list 1 2 (string->number "3"))))', '(1 4 9)\n'],
  ['lists.eta', '(module lists (import std.io std.collections) (println (foldl + 0 (list 1 2 3))))', '6\n'],
  ['r7rs.eta', '(import (scheme base) (scheme write))\n(display (vector-map + #(1 2) #(3 4)))', '#(4 6)'],
  ['main.eta', '(defun main (args) (println (car args)))', 'word\n'],
];

test('a program whose code is kept starts with nothing but the bundle', () => {
  for (const [name, program, output] of PROGRAMS) {
    writeFileSync(join(folder, name), program);
    expect(etai(name, 'word')).toEqual({ stdout: output, stderr: '', status: 0 });
  }
  for (const part of ['compiler', 'translator', 'subsystems', 'options', 'tools'])
    rmSync(join(folder, 'dist', `${part}.cjs`));
  for (const [name, , output] of PROGRAMS) {
    expect(etai(name, 'word')).toEqual({ stdout: output, stderr: '', status: 0 });
  }
  const missing = (part: string) =>
    `etai: ${join(folder, 'dist', part)}.cjs is missing: run \`npm run setup\` in ${folder}\n`;
  writeFileSync(join(folder, 'new.eta'), '(println 1)');
  expect(etai('new.eta')).toEqual({ stdout: '', stderr: missing('compiler'), status: 1 });
  expect(etai('--path', '.', 'bare.eta')).toEqual({ stdout: '', stderr: missing('options'), status: 1 });
});
