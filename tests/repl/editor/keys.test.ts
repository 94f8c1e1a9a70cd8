// What a terminal sends, decoded.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Key, KeyDecoder } from '../../../src/repl/editor/keys.ts';

const decode = (...chunks: (string | Uint8Array)[]): Key[] => {
  const decoder = new KeyDecoder();
  const keys = chunks.flatMap((chunk) => decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  return decoder.isWaiting ? [...keys, ...decoder.flush()] : keys;
};

// [what is sent, keys]
test.each([
  ['a', [{ text: 'a' }]],
  ['é日😀', [{ text: 'é' }, { text: '日' }, { text: '😀' }]],
  ['\x01\x1a\x1f', [{ name: 'C-a' }, { name: 'C-z' }, { name: 'C-_' }]],
  ['\r\t\x7f\n', [{ name: 'enter' }, { name: 'tab' }, { name: 'backspace' }, { name: 'C-j' }]],
  ['\x1b[A\x1bOA', [{ name: 'up' }, { name: 'up' }]],
  ['\x1b[1;5C\x1b[1;3D', [{ name: 'C-right' }, { name: 'M-left' }]],
  ['\x1b[H\x1b[4~\x1b[3~\x1b[Z', [{ name: 'home' }, { name: 'end' }, { name: 'delete' }, { name: 'S-tab' }]],
  ['\x1bf\x1b\x7f\x1b\r\x1b\x02', [{ name: 'M-f' }, { name: 'M-backspace' }, { name: 'M-enter' }, { name: 'M-C-b' }]],
  ['\x1b', [{ name: 'escape' }]],
  ['\x1b\x1b[A', [{ name: 'escape' }, { name: 'up' }]],
  ['\x1b[200~a\r\nb\x1b[201~c', [{ paste: 'a\nb' }, { text: 'c' }]],
  ['\x1b[999~\x1b[?1;2cx', [{ text: 'x' }]],
  ['\x1b[12\x01', [{ text: '1' }, { text: '2' }, { name: 'C-a' }]],
])('%j', (sent, keys) => {
  expect(decode(sent)).toEqual(keys);
});

test('a sequence may arrive in pieces', () => {
  expect(decode('\x1b', '[', '1;5', 'C')).toEqual([{ name: 'C-right' }]);
  expect(decode(Uint8Array.of(0xc3), Uint8Array.of(0xa9))).toEqual([{ text: 'é' }]);
  expect(decode('\x1b[200~one ', 'two\x1b[20', '1~')).toEqual([{ paste: 'one two' }]);
});

test('where bytes are cut makes no difference, and nothing is left', () => {
  const pieces = fc.array(
    fc.constantFrom('a', 'é', '\x1b[A', '\x1bf', '\x1bOF', '\r', '\x1b[1;5D', '\x1b[200~x(\x1b[201~'),
  );
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(40)), (parts, cuts) => {
      const bytes = Buffer.from(parts.join(''));
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
      expect(decode(...chunks)).toEqual(decode(bytes));
      expect(decode(bytes)).toHaveLength(parts.length);
    }),
  );
});
