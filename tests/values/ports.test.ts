// Reading through the buffer of a file port: whatever way a file is read in, the pieces are its contents.

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { typeError } from '../../src/values/errors.ts';
import { ByteSource, END } from '../../src/values/ports.ts';

const folder = fs.mkdtempSync(path.join(tmpdir(), 'eta-ports-'));
const file = path.join(folder, 'text');
afterAll(() => fs.rmSync(folder, { recursive: true }));

function withSource<T>(text: string, action: (source: ByteSource) => T): T {
  fs.writeFileSync(file, text);
  const source = new ByteSource(fs.openSync(file, 'r'), true);
  try {
    return action(source);
  } finally {
    source.close();
  }
}

const LONG = 'é'.repeat(50_000);

/** Parts that lie on both sides of the buffer's 65,536 bytes, and that make it grow. */
const parts = fc.array(fc.constantFrom('a', 'é', '𝄞', '\n', 'line\n', 'x'.repeat(30_000), LONG, `${LONG}\n`), {
  maxLength: 12,
});

/** Ways to take the next piece of text; each gives '' at the end only. */
const WAYS: readonly ((source: ByteSource) => string)[] = [
  (source) => source.readText(1),
  (source) => source.readText(70_000),
  (source) => {
    const point = source.peekCharacter();
    expect(source.readCharacter()).toBe(point);
    return point === END ? '' : String.fromCodePoint(point);
  },
  (source) => {
    const hadInput = source.peekByte() !== END;
    const line = source.readLine();
    if (line === null || !hadInput) return '';
    // Whether its newline was there is seen in the whole.
    return `${line}\n`;
  },
];

describe('a source of bytes', () => {
  test('gives the whole file, in whatever pieces it is read', () => {
    fc.assert(
      fc.property(parts, fc.array(fc.nat(WAYS.length - 1), { minLength: 1, maxLength: 6 }), (pieces, ways) => {
        const text = `${pieces.join('')}\n`;
        const read = withSource(text, (source) => {
          let whole = '';
          for (let i = 0; ; i++) {
            const piece = WAYS[ways[i % ways.length]](source);
            if (piece === '') return whole;
            whole += piece;
          }
        });
        expect(read === text).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('takes back what was read too much', () => {
    withSource('one two\nthree\n', (source) => {
      const line = source.readLine();
      source.unreadText(`${line?.slice(4)}\n`);
      expect([source.readLine(), source.readLine(), source.readLine()]).toEqual(['two', 'three', null]);
      source.unreadText('more than ever was there\n');
      expect([source.readLine(), source.readLine()]).toEqual(['more than ever was there', null]);
    });
  });

  test('gives bytes in pieces that the reader chooses, or as they come', () => {
    const text = 'abc'.repeat(40_000);
    withSource(text, (source) => {
      const bytes = new Uint8Array(100_000);
      expect(source.readBytes(bytes)).toBe(100_000);
      const pieces = [Buffer.from(bytes).toString()];
      for (let piece = source.takeBytes(); piece.length > 0; piece = source.takeBytes()) {
        pieces.push(Buffer.from(piece).toString());
      }
      expect(pieces.join('') === text).toBe(true);
      expect(source.readBytes(bytes)).toBe(0);
    });
  });

  test('a line after a long one is not searched for in what the long one has left', () => {
    withSource(`${'x\n'.repeat(40_000)}end`, (source) => {
      for (let i = 0; i < 40_000; i++) expect(source.readLine()).toBe('x');
      expect([source.readLine(), source.readLine()]).toEqual(['end', null]);
    });
  });

  test('reports what the system refuses to read', () => {
    const refused = (error: unknown) => typeError(`no: ${(error as NodeJS.ErrnoException).code}`);
    const source = new ByteSource(fs.openSync(file, 'w'), false, refused);
    expect(() => source.readLine()).toThrow('no: EBADF');
    source.close();
  });
});
