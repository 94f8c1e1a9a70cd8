// The file of the history.

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HISTORY_LIMIT, History, historyFile } from '../../src/repl/history.ts';

let folder = '';
let file = '';
let notices: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta-history-'));
  file = join(folder, 'deep', 'history');
  notices = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (path: string | null = file) => new History(path, (notice) => notices.push(notice));
const entries = (history: History) => Array.from({ length: history.length }, (_, i) => history.entry(i));

test('entries come back as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z\\\n"é日 ()]+$/)), (texts) => {
      rmSync(file, { force: true });
      const history = open();
      for (const text of texts) history.add(text);
      const kept = texts.filter(
        (text, i) => text.trim() !== '' && text !== texts.slice(0, i).findLast((each) => each.trim() !== ''),
      );
      expect(entries(open())).toEqual(kept);
    }),
    { numRuns: 50 },
  );
});

test('nobody else can read it', () => {
  open().add('secret');
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('it is made shorter when it has grown far beyond its limit, and keeps the newest', () => {
  mkdirSync(join(folder, 'deep'));
  const kept = join(folder, 'kept');
  symlinkSync(kept, file);
  writeFileSync(file, Array.from({ length: HISTORY_LIMIT + 1500 }, (_, i) => `(e ${i})\n`).join(''));
  chmodSync(kept, 0o600);
  const history = open();
  expect([lstatSync(file).isSymbolicLink(), statSync(kept).mode & 0o777]).toEqual([true, 0o600]);
  expect([history.length, history.entry(0)]).toEqual([HISTORY_LIMIT, '(e 1500)']);
  expect(readFileSync(file, 'utf8').split('\n')[0]).toBe('(e 1500)');
  history.add('(new)');
  expect(readFileSync(file, 'utf8').endsWith(`(e ${HISTORY_LIMIT + 1499})\n(new)\n`)).toBe(true);
});

test('two at once keep each other’s entries', () => {
  const [one, two] = [open(), open()];
  one.add('a');
  two.add('b');
  one.add('c');
  expect(entries(open())).toEqual(['a', 'b', 'c']);
});

test('a lock that somebody has left is no obstacle', () => {
  open().add('a');
  mkdirSync(`${file}.lock`);
  open().add('b');
  expect(entries(open())).toEqual(['a', 'b']);
});

// [what is wrong, how it is made, notice]
test.each([
  ['bytes that are no text', () => writeFileSync(file, Buffer.from([0, 1, 0xff, 10, 97, 10])), /^1 damaged entry of /],
  ['a folder in its place', () => mkdirSync(file), /^the history is not kept: .* cannot be read \(EISDIR\)$/],
  [
    'a file in place of its folder',
    () => {
      rmSync(join(folder, 'deep'), { recursive: true });
      writeFileSync(join(folder, 'deep'), '');
    },
    /^the history is not kept: .* cannot be read \(ENOTDIR\)$/,
  ],
])('%s: one notice, and the prompt goes on', (_what, make, notice) => {
  mkdirSync(join(folder, 'deep'));
  make();
  const history = open();
  history.add('b');
  history.add('c');
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(notice);
  expect(entries(history).slice(-2)).toEqual(['b', 'c']);
});

test('without a file nothing is written', () => {
  open(null).add('a');
  expect(existsSync(file)).toBe(false);
});

test.each([
  [{ ETA_HISTORY: '' }, null],
  [{ ETA_HISTORY: '/x/y' }, '/x/y'],
])('%j', (environment, expected) => {
  expect(historyFile(environment)).toBe(expected);
});
