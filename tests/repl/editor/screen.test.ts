// The edited text as rows of a terminal.

import { expect, test } from 'vitest';
import { layOut, type View } from '../../../src/repl/editor/screen.ts';

const view = (text: string, cursor = text.length): View => ({
  prompt: '> ',
  continuation: '. ',
  text,
  cursor,
  styleAt: () => '',
  promptStyle: '',
  below: [],
  belowStyle: '',
});

// [text, cursor, columns, rows, cursor's row and column]
test.each([
  ['', 0, 10, ['> '], [0, 2]],
  ['abc', 1, 10, ['> abc'], [0, 3]],
  ['a\nb', 2, 10, ['> a', '. b'], [1, 2]],
  ['a\n', 2, 10, ['> a', '. '], [1, 2]],
  ['abcdefgh', 8, 10, ['> abcdefgh', ''], [1, 0]],
  ['abcdefgh', 7, 10, ['> abcdefgh'], [0, 9]],
  ['abcdefghi', 8, 10, ['> abcdefgh', 'i'], [1, 0]],
  ['日本語日本', 5, 10, ['> 日本語日', '本'], [1, 2]],
  ['a日本語日', 5, 10, ['> a日本語', '日'], [1, 2]],
  ['a\tb', 3, 10, ['> a b'], [0, 5]],
  ['a\x1bb', 3, 10, ['> a␛b'], [0, 5]],
  ['e\u0301x', 2, 10, ['> e\u0301x'], [0, 3]],
  ['abc', 3, 4, ['> ab', 'c'], [1, 1]],
] as const)('%j with the cursor at %i in %i columns', (text, cursor, columns, rows, place) => {
  const layout = layOut(view(text, cursor), columns);
  expect(layout.rows.map((row) => row.text)).toEqual(rows);
  expect([layout.cursorRow, layout.cursorColumn]).toEqual(place);
});

test('styles are turned on and off around what they are for, on each row', () => {
  const styled = { ...view('abcd'), styleAt: (offset: number) => (offset === 1 || offset === 2 ? '31' : '') };
  expect(layOut(styled, 4).rows.map(({ text }) => text)).toEqual(['> a\x1b[31mb\x1b[0m', '\x1b[31mc\x1b[0md']);
});
