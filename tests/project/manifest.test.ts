// Manifests: what may stand in them, and edits that keep everything else.

import { describe, expect, test } from 'vitest';
import { cacheKey } from '../../src/project/cache.ts';
import { type DependencySource, parseManifest, withDependency, withoutDependency } from '../../src/project/manifest.ts';

const REV = '0123456789abcdef0123456789abcdef01234567';
const SUM = 'ab'.repeat(32);
const HEAD = '[package]\nname = "app"\nversion = "1.2.3"\nlicense = "MIT"\n[compatibility]\neta = ">=0.6, <0.8"\n';

test('a manifest', () => {
  const text = `${HEAD}[dependencies]\nzeta = { path = "../z" }\nalpha = { git = "u", rev = "${REV}" }\n[dev-dependencies]\nt = { tarball = "t.tgz", sha256 = "${SUM}" }\n[future]\nx = [1, 2]\n`;
  const manifest = parseManifest(text, '/p/eta.toml');
  expect(manifest).toMatchObject({ root: '/p', name: 'app', version: '1.2.3', compatibility: '>=0.6, <0.8' });
  expect([...manifest.dependencies]).toEqual([
    ['alpha', { kind: 'git', url: 'u', rev: REV }],
    ['zeta', { kind: 'path', path: '../z' }],
  ]);
  expect([...manifest.devDependencies]).toEqual([['t', { kind: 'tarball', location: 't.tgz', sha256: SUM }]]);
});

// [what stands behind the head, message]
const FAULTS = [
  ['[dependencies', 'm:7:'],
  ['[[x]]\na = 1', 'array-of-table syntax is not supported in eta.toml: x'],
  ['[dependencies]\nBad = { path = "p" }', 'dependency name must match [a-z][a-z0-9_-]{0,63}: Bad'],
  ['[dependencies]\na = "p"', 'dependencies must use inline table form: a'],
  ['[dependencies]\na = { path = "p", branch = "b" }', "unsupported dependency key 'branch': a"],
  ['[dependencies]\na = {}', 'dependency spec must declare exactly one of path/git/tarball: a'],
  ['[dependencies]\na = { path = "p", git = "g" }', 'dependency spec must declare exactly one of path/git/tarball: a'],
  ['[dependencies]\na = { path = "" }', 'dependency spec is missing non-empty path: a'],
  ['[dependencies]\na = { git = "g" }', 'git dependencies require git and rev keys: a'],
  ['[dependencies]\na = { git = "g", rev = "12" }', 'git dependency rev must be a full 40-hex commit id: a'],
  ['[dependencies]\na = { tarball = "t" }', 'tarball dependencies require tarball and sha256 keys: a'],
  ['[dependencies]\na = { tarball = "t", sha256 = "1" }', 'tarball dependency sha256 must be 64 hex characters: a'],
  ['[dependencies]\na = { path = "p" }\na = { path = "q" }', 'm:9:'],
  [
    '[dependencies]\na = { path = "p" }\n[dev-dependencies]\na = { path = "p" }',
    "dependency 'a' cannot be in both dependencies and dev-dependencies",
  ],
] as const;

// [pattern in the head, replacement, message]
const HEADS = [
  ['name = "app"\n', '', 'missing required field [package].name'],
  ['version = "1.2.3"\n', '', 'missing required field [package].version'],
  ['license = "MIT"\n', '', 'missing required field [package].license'],
  ['eta = ">=0.6, <0.8"\n', '', 'missing required field [compatibility].eta'],
  ['"app"', '"App"', 'package.name must match [a-z][a-z0-9_-]{0,63}'],
  ['"1.2.3"', '"1.2"', 'package.version must be valid semver (MAJOR.MINOR.PATCH)'],
  ['"MIT"', '"/"', 'package.license must be a valid SPDX expression'],
  ['">=0.6, <0.8"', '"any"', 'compatibility.eta must be a valid semver range expression'],
] as const;

describe('faults', () => {
  test.each(FAULTS)('%j', (text, message) => {
    expect(() => parseManifest(HEAD + text, 'm')).toThrow(message);
  });
  test.each(HEADS)('%j → %j', (pattern, replacement, message) => {
    expect(() => parseManifest(HEAD.replace(pattern, replacement), 'm')).toThrow(`m: ${message}`);
  });
});

describe('edits', () => {
  const path = (to: string): DependencySource => ({ kind: 'path', path: to });
  const text = `# mine\n${HEAD}# theirs\n[dependencies] # below\nb = { path = "b" } # why\nd = { path = "d" }\n\n[future]\nx = 1\n`;

  test('a new dependency is put in its place, the rest stays', () => {
    expect(withDependency(text, 'dependencies', 'c', path('../c'))).toBe(
      text.replace('d = {', 'c = { path = "../c" }\nd = {'),
    );
    expect(withDependency(text, 'dependencies', 'a', path('a'))).toBe(
      text.replace('b = {', 'a = { path = "a" }\nb = {'),
    );
  });

  test('an old one is replaced, and moved between tables', () => {
    const moved = withDependency(text, 'dev-dependencies', 'b', path('new'));
    expect(moved).toBe(`${text.replace('b = { path = "b" } # why\n', '')}\n[dev-dependencies]\nb = { path = "new" }\n`);
    expect(parseManifest(moved, 'm').devDependencies.get('b')).toEqual(path('new'));
  });

  test('removing', () => {
    expect(withoutDependency(text, 'd')).toBe(text.replace('d = { path = "d" }\n', ''));
    expect(withoutDependency(text, 'x')).toBe(text);
  });
});

test('cache keys are 64-bit FNV-1a from the documented basis', () => {
  expect(cacheKey('')).toBe(1_469_598_103_934_665_603n.toString(16).padStart(16, '0'));
  expect(cacheKey('a')).not.toBe(cacheKey('b'));
});
