import { describe, expect, test } from 'vitest';
import { LineIndex, readProgram, type Syntax } from '../../src/reader/index.ts';
import { Source } from '../../src/values/span.ts';
import { allWithin, place, read } from './helpers.ts';

const places = (text: string) =>
  read(text)
    .forms.flatMap(allWithin)
    .map((syntax: Syntax) => place(syntax.span));

// [text, the places of all data, outer before inner]
test.each([
  ['a', ['1:1-1:2']],
  ['  (a "b")', ['1:3-1:10', '1:4-1:5', '1:6-1:9']],
  ['a\n b\n\n  c', ['1:1-1:2', '2:2-2:3', '4:3-4:4']],
  ['(a\n  b)', ['1:1-2:5', '1:2-1:3', '2:3-2:4']],
  ["'x", ['1:1-1:3', '1:1-1:2', '1:2-1:3']],
  ["',@ x", ['1:1-1:6', '1:1-1:2', '1:2-1:6', '1:2-1:4', '1:5-1:6']],
  ['(a . b)', ['1:1-1:8', '1:2-1:3', '1:6-1:7']],
  ['#(1 #\\a)', ['1:1-1:9', '1:3-1:4', '1:5-1:8']],
  ['#u8(1 2)', ['1:1-1:9']],
  ['[]', ['1:1-1:3']],
  ['#;a b', ['1:5-1:6']],
  ['"a\nb" c', ['1:1-2:3', '2:4-2:5']],

  // columns count bytes: é and λ have two, 你 three, 😀 four
  ['é x', ['1:1-1:3', '1:4-1:5']],
  ['"é" λ "你" y', ['1:1-1:5', '1:6-1:8', '1:9-1:14', '1:15-1:16']],
  ['#\\😀 z', ['1:1-1:7', '1:8-1:9']],
  ['; 😀\nx "λ" y', ['2:1-2:2', '2:3-2:7', '2:8-2:9']],

  // only LF ends a line; a byte-order mark has no width
  ['a\r\nb', ['1:1-1:2', '2:1-2:2']],
  ['a\rb', ['1:1-1:2', '1:3-1:4']],
  ['a\fb', ['1:1-1:2', '1:3-1:4']],
  ['\uFEFFa', ['1:1-1:2']],
  ['\uFEFF"é" a', ['1:1-1:5', '1:6-1:7']],
])('%j stands at %j', (text, expected) => {
  expect(places(text)).toEqual(expected);
});

test('a span knows its source', () => {
  const source = new Source('x.eta', '/x.eta', '(a', 3);
  const { diagnostics } = readProgram(source);
  expect(diagnostics[0].span.source).toBe(source);
  expect(readProgram(new Source('y', null, 'b')).forms[0].span.source.name).toBe('y');
  expect(readProgram(new Source('compiled', null, null)).forms).toEqual([]);
});

describe('line index', () => {
  /** The definition: count the bytes. */
  function expected(text: string, offset: number): [number, number] {
    const before = text.slice(0, offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    return [before.split('\n').length, Buffer.byteLength(before.slice(lineStart)) + 1];
  }

  test.each([
    ['ASCII', 'one\n\ntwo three\n' + 'x'.repeat(200) + '\n'],
    ['mixed', 'é\nλλ 你好\n'.repeat(40) + '😀x\n'.repeat(30)],
    ['one long line', 'aé你😀'.repeat(100)],
    ['64 units', 'é'.repeat(64)],
    ['128 units', 'é\n'.repeat(64)],
  ])('%s: any offset, in any order', (_, text) => {
    const index = new LineIndex(text);
    // 7 is coprime to the lengths here, so that this visits all offsets, jumping forward and back.
    for (let i = 0, offset = 0; i <= text.length; i++, offset = (offset + 7 * 13) % (text.length + 1)) {
      if ((text.charCodeAt(offset) & 0xfc00) === 0xdc00) continue;
      index.seek(offset);
      expect([index.line, index.column]).toEqual(expected(text, offset));
    }
  });
});
