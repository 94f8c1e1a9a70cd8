import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../package.json';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-doctor-')));
  for (const name of ['a', 'b']) {
    mkdirSync(join(folder, name, 'deep'), { recursive: true });
    writeFileSync(join(folder, name, 'deep', 'same.eta'), '(module deep.same)');
    writeFileSync(join(folder, name, `only-${name}.eta`), `(module only-${name})`);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Finding {
  readonly state: string;
  readonly check: string;
  readonly text: string;
  readonly remedy?: string;
}

function doctor(variables: Record<string, string> = {}): { status: number | null; ok: boolean; findings: Finding[] } {
  const env = { PATH: process.env.PATH, HOME: folder, ETA_CACHE_DIR: join(folder, 'no-cache'), ...variables };
  const run = spawnSync(process.execPath, [ETAI, 'doctor', '--json'], { cwd: folder, env, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return { status: run.status, ...JSON.parse(run.stdout) };
}

const problems = ({ findings }: { findings: readonly Finding[] }) =>
  findings.filter(({ state }) => state === 'problem');

test('finds everything that belongs to etai', () => {
  const found = doctor();
  expect(problems(found)).toEqual([]);
  expect(found).toMatchObject({ status: 0, ok: true });
  const text = (check: string) => found.findings.find((each) => each.check === check)?.text;
  expect(text('etai')).toContain(version);
  expect(text('Node')).toContain(process.version);
  expect(text('koffi')).toMatch(/^3\./);
  expect(text('libnng')).toMatch(/^1\.\d+\.\d+/);
  expect(text('standard library')).toMatch(/^\d+ modules, /);
  expect(text('compiled code')).toBe('none is kept yet');
});

test('tells where compiled code is kept', () => {
  const cache = join(folder, 'cache');
  writeFileSync(join(folder, 'kept.eta'), '(+ 1 2)');
  const env = { PATH: process.env.PATH, ETA_CACHE_DIR: cache };
  expect(spawnSync(process.execPath, [ETAI, join(folder, 'kept.eta')], { env }).status).toBe(0);
  const found = (variables: Record<string, string>) =>
    doctor(variables).findings.find(({ check }) => check === 'compiled code');
  expect(found({ ETA_CACHE_DIR: cache })?.text).toBe(`${join(cache, 'compiled')}, 1 files, 1 kB`);
  expect(found({ ETA_CACHE: '0' })).toMatchObject({ state: 'note', text: 'is not kept: ETA_CACHE is 0' });
});

// [variables, what is wrong, what to do]
test.each<readonly [string, () => Record<string, string>, string | RegExp, RegExp]>([
  [
    'no libnng',
    () => ({ ETA_NNG_LIB: '/nowhere/libnng.so' }),
    /^libnng was not found; /,
    /name the file in ETA_NNG_LIB/,
  ],
  [
    'a library that is none',
    () => ({ ETA_NNG_LIB: join(folder, 'a', 'only-a.eta') }),
    /^libnng was not found; .*only-a\.eta: /,
    /name the file in ETA_NNG_LIB/,
  ],
  ['a missing folder', () => ({ ETA_MODULE_PATH: '/nowhere' }), '/nowhere is no folder', /make it, or take it out/],
  [
    'a shadowed module',
    () => ({ ETA_MODULE_PATH: ['a', 'b'].map((name) => join(folder, name)).join(delimiter) }),
    /^deep\.same is .*\/a\/deep\/same\.eta, which hides .*\/b\/deep\/same\.eta$/,
    /rename one/,
  ],
  [
    'a cache that cannot be',
    () => ({ ETA_CACHE_DIR: '/dev/null/x' }),
    /^is not kept: \/dev\/null\/x: /,
    /ETA_CACHE_DIR/,
  ],
  [
    'a cache that others can enter',
    () => {
      const compiled = join(folder, 'open', 'compiled');
      mkdirSync(compiled, { recursive: true, mode: 0o700 });
      chmodSync(compiled, 0o777);
      return { ETA_CACHE_DIR: join(folder, 'open') };
    },
    /^is not kept: .*\/open\/compiled is open to others \(mode 777\)$/,
    /chmod 700/,
  ],
])('%s is a problem with a remedy', (_, variables, text, remedy) => {
  const found = doctor(variables());
  expect(found).toMatchObject({ status: 1, ok: false });
  expect(problems(found)).toEqual([
    expect.objectContaining({ text: expect.stringMatching(text), remedy: expect.stringMatching(remedy) }),
  ]);
});

test('prints a table for people', () => {
  const env = { PATH: process.env.PATH, ETA_MODULE_PATH: '/nowhere' };
  const run = spawnSync(process.execPath, [ETAI, 'doctor'], { cwd: folder, env, encoding: 'utf8' });
  expect(run.stdout).toMatch(/^ok {7}etai {14}\S+, installed in /);
  expect(run.stdout).toContain('problem  ETA_MODULE_PATH   /nowhere is no folder\n');
  expect(run.stdout).toContain('                           remedy: make it, or take it out\n');
  expect(run.status).toBe(1);
});
