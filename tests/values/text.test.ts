import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codePointAt, compareText, textLength, textSlice, unitOffset } from '../../src/values/text.ts';

/** Strings with and without surrogates, shorter and longer than what is remembered and than the marks' distance. */
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', 'λ', '𝄞', '\uffff'), maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('a', 'λ'), maxLength: 300 }),
);

test('indexing agrees with the array of characters', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.tuple(fc.nat(320), fc.nat(320)), { maxLength: 20 }), (text, places) => {
      const characters = [...text];
      expect(textLength(text)).toBe(characters.length);
      for (const [from, count] of places) {
        const start = Math.min(from, characters.length);
        const end = Math.min(start + count, characters.length);
        expect(codePointAt(text, from)).toBe(characters[from]?.codePointAt(0) ?? -1);
        expect(textSlice(text, start, end)).toBe(characters.slice(start, end).join(''));
        expect(unitOffset(text, start)).toBe(characters.slice(0, start).join('').length);
      }
    }),
  );
});

test('strings are ordered like their UTF-8 bytes', () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
