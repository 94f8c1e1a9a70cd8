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
  ['[dependencies', 'm:7:2: unterminated section header'],
  ['[[x]]\na = 1', 'm: array-of-table syntax is not supported in eta.toml'],
  ['[dependencies]\na', 'm:8:1: expected key/value assignment'],
  ['[dependencies]\n= { path = "p" }', 'm:8:1: empty key in assignment'],
  ['[future]\na = "\\q"', 'm:8:7: unsupported escape sequence in string'],
  ['[future]\na = "q\\', 'm:8:5: unterminated escape in string'],
  ['[future]\na = q', 'm:8:5: expected quoted string'],
  ['[dependencies]\na = { path = p }', 'm:8:14: expected quoted string'],
  ['[dependencies]\na = { path = 5 }', 'm:8: expected quoted string'],
  ['[dependencies]\na = { path "p" }', 'm:8:12: invalid dependency inline table entry'],
  ['[dependencies]\na = { path = "p", path = "q" }', 'm:8:19: duplicate path key in dependency spec'],
  ['[dependencies]\nBad = { path = "p" }', 'm:8: dependency name must match [a-z][a-z0-9_-]{0,63}'],
  ['[dependencies]\na = "p"', 'm:8: dependencies must use inline table form'],
  ['[dependencies]\na = { path = "p", branch = "b" }', 'm:8: unsupported dependency key: branch'],
  ['[dependencies]\na = {}', 'm:8: dependency spec must declare exactly one of path/git/tarball'],
  [
    '[dependencies]\na = { path = "p", git = "g" }',
    'm:8: dependency spec must declare exactly one of path/git/tarball',
  ],
  ['[dependencies]\na = { path = "" }', 'm:8: dependency spec is missing non-empty path'],
  ['[dependencies]\na = { git = "g" }', 'm:8: git dependencies require git and rev keys'],
  ['[dependencies]\na = { git = "g", rev = "12" }', 'm:8: git dependency rev must be a full 40-hex commit id'],
  ['[dependencies]\na = { tarball = "t" }', 'm:8: tarball dependencies require tarball and sha256 keys'],
  ['[dependencies]\na = { tarball = "t", sha256 = "1" }', 'm:8: tarball dependency sha256 must be 64 hex characters'],
  ['[dependencies]\na = { path = "p" }\na = { path = "q" }', 'm:9:1: duplicate dependency entry: a'],
  [
    '[dependencies]\na = { path = "p" }\n[dev-dependencies]\na = { path = "p" }',
    "m:10: dependency 'a' cannot be in both dependencies and dev-dependencies",
  ],
] as const;

// [pattern in the head, replacement, message]
const HEADS = [
  ['name = "app"\n', '', 'm: missing required field [package].name'],
  ['version = "1.2.3"\n', '', 'm: missing required field [package].version'],
  ['license = "MIT"\n', '', 'm: missing required field [package].license'],
  ['eta = ">=0.6, <0.8"\n', '', 'm: missing required field [compatibility].eta'],
  ['"app"', '"App"', 'm:2: package.name must match [a-z][a-z0-9_-]{0,63}'],
  ['"app"', '7', 'm:2: expected quoted string'],
  ['"1.2.3"', '"1.2"', 'm:3: package.version must be valid semver (MAJOR.MINOR.PATCH)'],
  ['"MIT"', '"/"', 'm:4: package.license must be a valid SPDX expression'],
  ['">=0.6, <0.8"', '"any"', 'm:6: compatibility.eta must be a valid semver range expression'],
] as const;

const faultOf = (text: string): string => {
  try {
    parseManifest(text, 'm');
    return 'none';
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

describe('faults', () => {
  test.each(FAULTS)('%j', (text, message) => {
    expect(faultOf(HEAD + text)).toBe(message);
  });
  test.each(HEADS)('%j → %j', (pattern, replacement, message) => {
    expect(faultOf(HEAD.replace(pattern, replacement))).toBe(message);
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
