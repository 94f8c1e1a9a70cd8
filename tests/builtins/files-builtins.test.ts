// Files and paths: predicates that never fail, operations that say what the system said, lexical paths.

import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defineFiles } from '../../src/builtins/files.ts';
import { definePaths } from '../../src/builtins/paths.ts';
import { callerOf, sym } from './os-support.ts';

const { call, show } = callerOf(defineFiles, definePaths);
const folder = call('temp-directory') as string;
const file = join(folder, 'b.txt');
fs.writeFileSync(file, '12345');
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('paths', () => {
  test.each([
    [['a', 'b', 'c'], 'a/b/c'],
    [['a/', 'b'], 'a/b'],
    [['a', '/b'], '/b'],
    [['', 'b'], 'b'],
    [['a', ''], 'a/'],
    [['a//', 'b'], 'a//b'],
    [['a', '..', 'b'], 'a/../b'],
    [['/', 'x'], '/x'],
  ])('joined: %j', (segments, path) => {
    expect(call('path-join', ...segments)).toBe(path);
  });

  test.each([
    ['/usr//local/', '("/" "usr" "local")'],
    ['', '()'],
    ['/', '("/")'],
    ['./a/../b', '("." "a" ".." "b")'],
  ])('split: %s', (path, parts) => {
    expect(show('path-split', path)).toBe(parts);
  });

  test.each([
    ['', ''],
    ['.', '.'],
    ['./', '.'],
    ['a/.', 'a/'],
    ['a//b/../c', 'a/c'],
    ['a/..', '.'],
    ['a/../..', '..'],
    ['../', '..'],
    ['a/b/..', 'a/'],
    ['a/b/../', 'a/'],
    ['../../a/..', '../..'],
    ['/../a', '/a'],
    ['/a/../..', '/'],
    ['///a///b', '/a/b'],
    ['//', '//'],
    ['a/b..', 'a/b..'],
    ['a/..b', 'a/..b'],
    ['a/./b/./c/', 'a/b/c/'],
  ])('normalised: %s', (path, normal) => {
    expect(call('path-normalize', path)).toBe(normal);
  });
});

describe('files', () => {
  test('predicates answer #f for what is not there', () => {
    const paths = [folder, file, join(folder, 'missing'), join(file, 'below'), 'a\0b'];
    expect(paths.map((path) => call('file-exists?', path))).toEqual([true, true, false, false, false]);
    expect(paths.map((path) => call('directory?', path))).toEqual([true, false, false, false, false]);
  });

  test('directories are listed by bytes', () => {
    const inner = join(folder, 'inner');
    expect([show('make-directory', inner), show('make-directory', inner)]).toEqual(['()', '()']);
    for (const name of ['zeta', 'Beta', 'é', '\u{1f600}', '\uff5e']) fs.writeFileSync(join(inner, name), '');
    expect(show('list-directory', inner)).toBe('("Beta" "zeta" "é" "\uff5e" "\u{1f600}")');
  });

  test('a file has a size and a time', () => {
    expect(show('file-size', file)).toBe('5');
    expect(Math.abs((call('file-modification-time', file) as number) - Date.now())).toBeLessThan(3_600_000);
  });

  test('temporary files belong to their owner', () => {
    const path = call('temp-file') as string;
    expect(path).toMatch(/\/eta-[0-9a-f]+\.tmp$/);
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(show('delete-file', path)).toBe('()');
    expect(fs.existsSync(path)).toBe(false);
    expect(folder).toMatch(/\/eta-[0-9a-f]+\.dir$/);
  });

  const missing = join(folder, 'missing');
  test.each([
    ['make-directory', file, 'failed to create directory', 'File exists'],
    ['make-directory', join(missing, 'x'), 'failed to create directory', 'No such file or directory'],
    ['delete-file', folder, 'path is a directory', 'Is a directory'],
    ['delete-file', missing, 'failed to remove file', 'No such file or directory'],
    ['list-directory', file, 'path is not a directory', 'Not a directory'],
    ['list-directory', missing, 'path is not a directory', 'No such file or directory'],
    ['file-size', missing, 'failed to query file size', 'No such file or directory'],
    ['file-size', folder, 'failed to query file size', 'Is a directory'],
    ['file-size', '/dev/null', 'failed to query file size', 'Not a regular file'],
    ['file-modification-time', 'a\0b', 'failed to query modification time', 'Invalid argument'],
  ])('%s %s: %s', (name, path, what, words) => {
    expect(show(name, path)).toBe(`runtime.type-error: ${name}: ${what}: ${path}: ${words}`);
  });

  test.each(['file-exists?', 'directory?', 'delete-file', 'list-directory', 'path-join', 'path-normalize'])(
    '%s takes strings only',
    (name) => {
      expect(show(name, sym('a'))).toBe(`runtime.type-error: ${name}: path must be a string`);
    },
  );
});
