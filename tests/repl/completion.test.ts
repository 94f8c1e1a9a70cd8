// What could stand at the cursor, `|`.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonPrefix, complete } from '../../src/repl/completion.ts';
import { Session } from '../../src/session/session.ts';

const session = new Session();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta-completion-'));
  mkdirSync(join(folder, 'sub', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'notes.txt'), '');
  writeFileSync(join(folder, '.hidden'), '');
  writeFileSync(join(folder, 'mine.eta'), '');
  writeFileSync(join(folder, 'sub', 'part.eta'), '');
  session.enterFolder(folder);
  session.evaluateText('(define my-value 1) (define-syntax my-macro (syntax-rules () ((_ a) a)))', '<repl>');
});
afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true });
});

function candidates(marked: string): readonly string[] {
  const text = marked.replace('FOLDER', folder);
  return complete(session, text.replace('|', ''), text.indexOf('|')).candidates;
}

test.each([
  ['(vector-re|', ['vector-ref']],
  ['(my-|', ['my-macro', 'my-value']],
  ['(list my|-v', ['my-macro', 'my-value']],
  ['(syntax-ru|', []],
  ['(define-rec|', ['define-record-type']],
  ['(println-nothing|', []],
  ['(import std.superv|', ['std.supervisor']],
  ['(import std.json std.superv|', ['std.supervisor']],
  ['(import (only std.superv|', ['std.supervisor']],
  ['(import (only std.supervisor vector-re|', []],
  ['(import (only std.json json:read-|', ['json:read-string']],
  ['(import (prefix (only std.json json:read json:read-|', ['json:read-string']],
  ['(import (except mine |', []],
  ['(import mi|', ['mine']],
  ['(import sub.|', ['sub.part']],
  ['(open-input-file "FOLDER/no|', ['notes.txt']],
  ['(open-input-file "FOLDER/su|b")', ['sub/']],
  ['(open-input-file "FOLDER/.h|', ['.hidden']],
  ['(open-input-file "/no/such/folder/|', []],
  [':rel|', ['reload ']],
  [':qu|', ['quit']],
  [':re|', ['reload', 'reset']],
  [':load FOLDER/mi|', ['mine.eta']],
  [':reload std.superv|', ['std.supervisor']],
  [':doc vector-re|', ['vector-ref']],
  [':help rel|', ['reload']],
  [':set it|', ['items']],
  [':time (vector-re|', ['vector-ref']],
])('%s', (marked, expected) => {
  if (expected.length > 0) expect(candidates(marked)).toEqual(expected);
  else expect(candidates(marked)).toHaveLength(0);
});

test('the range is the name around the cursor', () => {
  expect(complete(session, '(import std.supervi)', 18)).toMatchObject({ start: 8, end: 19 });
  expect(complete(session, '(car x)', 3)).toMatchObject({ start: 1, end: 4 });
});

test.each([
  [['string-append', 'string-length'], 'string-'],
  [['a', 'b'], ''],
  [['only'], 'only'],
  [[], ''],
])('what %j have in common', (words, common) => {
  expect(commonPrefix(words)).toBe(common);
});
