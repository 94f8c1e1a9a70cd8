// docs/reference: what the pages have to hold, and that they are those that the sources give. `npm run docs` writes them.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { SPECIAL_FORMS } from '../../src/compiler/special-forms/index.ts';
import type { Documentation } from '../../src/help/documentation.ts';
import { referencePages } from '../../src/help/reference-pages.ts';
import { Session } from '../../src/session/session.ts';

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'reference');
const session = new Session();
const help = session.help();
const pages = referencePages(help);
afterAll(() => session.close());

describe('docs/reference', () => {
  test.each(pages)('$file', async ({ file, text }) => {
    await expect(text).toMatchFileSnapshot(path.join(FOLDER, file));
  });
  test('has no other files', () => {
    expect(existsSync(FOLDER) ? readdirSync(FOLDER).sort() : []).toEqual(pages.map(({ file }) => file).sort());
  });
});

describe('everything is documented', () => {
  test('builtins: each on one page, reserved names and helpers (%) on none', () => {
    const names = help.builtinPages().flatMap(({ examples }) => [...examples.keys()]);
    const public_ = [...session.builtins.all()]
      .filter(({ name, doc }) => !name.startsWith('%') && !doc.doc.endsWith('not in this build yet.'))
      .map(({ name }) => name);
    expect(names.sort()).toEqual(public_.sort());
  });

  test('special forms', () => {
    const names = help.forms().map(({ name }) => name);
    // Words inside of forms, which are bound to nothing.
    const words = ['else', '=>', 'syntax-rules', 'define-library'];
    expect(names.sort()).toEqual([...Object.keys(SPECIAL_FORMS), ...words].sort());
  });

  test('exports of the library', () => {
    const missing = help.moduleNames().flatMap((module) => {
      if (module === 'std.prelude') return [];
      const names = help.module(module)?.exports ?? [];
      return names.filter((name) => help.inModule(name, module) === null).map((name) => `${module} ${name}`);
    });
    expect(missing).toEqual([]);
  });

  const lacks = (what: (each: Documentation) => boolean) =>
    [...help.everything()].filter((each) => each.kind !== 'module' && what(each)).map(({ name }) => name);

  test('usage, documentation and example are there', () => {
    expect(lacks(({ usage }) => usage === '')).toEqual([]);
    expect(lacks(({ doc }) => doc === '')).toEqual([]);
    expect(lacks(({ example }) => !/; (=>|prints|error) /.test(example))).toEqual([]);
  });
});
