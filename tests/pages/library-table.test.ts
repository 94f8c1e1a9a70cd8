// The guide's table of the library names each module of it once.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

test('docs/language.md, the library', () => {
  const [, table] = /\| Module \| For \|\n\| --- \| --- \|\n((?:\|.*\n)+)/.exec(
    readFileSync(join(ROOT, 'docs', 'language.md'), 'utf8'),
  )!;
  const named = table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  const modules = readdirSync(join(ROOT, 'stdlib', 'std')).map((file) => `std.${file.replace(/\.eta$/, '')}`);
  expect(named.sort()).toEqual(modules.sort());
});
