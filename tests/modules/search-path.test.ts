import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  buildSearchPath,
  findAllModules,
  findModule,
  splitPathString,
  withDirectory,
} from '../../src/modules/search-path.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'eta-path-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Make files (or, with a trailing slash, folders) below the root. */
function make(...paths: string[]): void {
  for (const path of paths) {
    const full = join(root, path);
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(full, '');
  }
}

const below = (...paths: string[]) => paths.map((path) => join(root, path));

function search(options: Partial<Parameters<typeof buildSearchPath>[0]>): string[] {
  return buildSearchPath({ startDirectory: root, configured: null, environment: undefined, stdlib: [], ...options });
}

describe('a path string', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    [`${delimiter}a${delimiter}${delimiter}b${delimiter}`, ['a', 'b']],
  ] as const)('%j has the directories %j', (text, directories) => {
    expect(splitPathString(text)).toEqual(directories);
  });
});

test('what cannot be looked at is not there', () => {
  symlinkSync('circle', join(root, 'circle'));
  make('eta.toml', 'b.eta', '.eta/modules/');
  symlinkSync(join(root, 'circle'), join(root, '.eta/modules/dep-1.0.0'));
  expect(search({})).toEqual([root]);
  expect(findModule('circle.b', [root])).toBe(null);
  expect(findModule('b'.repeat(300), [root])).toBe(null);
  expect(findModule('b', [join(root, 'circle'), root])).toBe(join(root, 'b.eta'));
});

describe('the search path', () => {
  test('is --path, then the standard library', () => {
    make('one/', 'two/', 'std/', 'env/');
    const [one, two, std, env] = below('one', 'two', 'std', 'env');
    const configured = `${one}${delimiter}${two}`;
    expect(search({ configured, environment: env, stdlib: [std] })).toEqual([one, two, std]);
  });

  test('is ETA_MODULE_PATH where --path is not given or empty', () => {
    make('env/');
    const [env] = below('env');
    expect(search({ environment: env })).toEqual([env]);
    expect(search({ configured: '', environment: env })).toEqual([env]);
  });

  test('leaves out what is no directory and what it has already', () => {
    make('a/', 'file');
    const [a, file] = below('a', 'file');
    symlinkSync(a, join(root, 'link'));
    expect(search({ configured: [a, file, join(root, 'none'), join(root, 'link'), a].join(delimiter) })).toEqual([a]);
  });

  test('begins with the sources of the project around', () => {
    make('eta.toml', 'src/', 'deep/er/', 'lib/');
    const startDirectory = join(root, 'deep/er');
    expect(search({ startDirectory, configured: join(root, 'lib') })).toEqual(below('src', 'lib'));
  });

  test('has the folder of a project without src', () => {
    make('eta.toml');
    expect(search({})).toEqual([root]);
  });

  test('has the installed packages in the order of the lock file', () => {
    make('eta.toml', 'src/');
    make('.eta/modules/alpha-1.0.0/src/', '.eta/modules/beta-2.0.0/src/', '.eta/modules/beta-2.0.0/target/release/');
    writeFileSync(
      join(root, 'eta.lock'),
      `[[package]]\nname = "app"\nversion = "0.1.0"\nsource = "root"\n
[[package]]\nname = "beta"\nversion = "2.0.0"\nsource = "path"\n
[[package]]\nname = "alpha"\nversion = "1.0.0"\nsource = "git"\n`,
    );
    const modules = '.eta/modules';
    expect(search({})).toEqual(
      below('src', `${modules}/beta-2.0.0/target/release`, `${modules}/beta-2.0.0/src`, `${modules}/alpha-1.0.0/src`),
    );
  });

  test('has a package of a path where its author keeps it, and as it was installed where that has gone', () => {
    make('app/eta.toml', 'app/src/', 'alpha/eta.toml', 'alpha/src/');
    make('app/.eta/modules/alpha-1.0.0/src/', 'app/.eta/modules/beta-2.0.0/src/');
    const table = (name: string, version: string) =>
      `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = "path+${join(root, name)}"\n`;
    writeFileSync(join(root, 'app/eta.lock'), table('alpha', '1.0.0') + table('beta', '2.0.0'));
    expect(search({ startDirectory: join(root, 'app') })).toEqual(
      below('app/src', 'alpha/src', 'app/.eta/modules/beta-2.0.0/src'),
    );
    expect(search({ startDirectory: join(root, 'app'), project: below('alpha') })).toEqual(below('alpha'));
  });

  test('is found whatever is left of the lock file', () => {
    make('eta.toml', 'src/', '.eta/modules/alpha-1.0.0/src/');
    const [src, alpha] = below('src', '.eta/modules/alpha-1.0.0/src');
    const lock = `# made\nversion = 1\n\n[[package]]\nname = "app"\nversion = "0.1.0"\nsource = "root"\ndependencies = ["alpha@1.0.0"]\n
[[package]]\nname = "alpha"\nversion = "1.0.0"\nsource = "path+/nowhere"\ndependencies = []\n`;
    for (let length = 0; length <= lock.length; length++) {
      writeFileSync(join(root, 'eta.lock'), lock.slice(0, length));
      const path = search({});
      expect([[src], [src, alpha]]).toContainEqual(path);
      if (length === 0 || length === lock.length) expect(path).toEqual([src, alpha]);
    }
  });

  test('has the installed packages in order of their names where there is no lock file', () => {
    make('eta.toml', 'src/', '.eta/modules/zeta-1.0.0/', '.eta/modules/alpha-1.0.0/src/');
    expect(search({})).toEqual(below('src', '.eta/modules/alpha-1.0.0/src', '.eta/modules/zeta-1.0.0'));
  });
});

describe('a module', () => {
  test('is looked for in the order of the path', () => {
    make('one/a/b.eta', 'two/a/b.eta', 'two/a/c.eta');
    const path = below('one', 'two');
    expect(findModule('a.b', path)).toBe(join(root, 'one/a/b.eta'));
    expect(findModule('a.c', path)).toBe(join(root, 'two/a/c.eta'));
    expect(findModule('a.d', path)).toBeNull();
  });

  test('is compiled rather than source in one directory, but not across directories', () => {
    make('one/m.eta', 'two/m.eta', 'two/m.etac');
    expect(findModule('m', below('two', 'one'))).toBe(join(root, 'two/m.etac'));
    expect(findModule('m', below('one', 'two'))).toBe(join(root, 'one/m.eta'));
  });

  test.each(['', '.', 'a..b', '..', 'a/../../b', 'a\\b', 'a\0b'])('is never named %j', (name) => {
    make('one/');
    expect(findModule(name, below('one'))).toBeNull();
  });

  test('is not a folder of its name', () => {
    make('one/m.eta/');
    expect(findModule('m', below('one'))).toBeNull();
  });

  test('in two files is two candidates, one file reached twice is one', () => {
    make('one/m.eta', 'two/m.eta');
    const path = below('one', 'two');
    expect(findAllModules('m', path)).toEqual(below('one/m.eta', 'two/m.eta'));
    expect(findAllModules('m', withDirectory(below('one'), join(root, 'one')))).toEqual(below('one/m.eta'));
  });
});
