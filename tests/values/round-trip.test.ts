import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDatum } from '../../src/reader/index.ts';
import { isEqual } from '../../src/values/equality.ts';
import { datumText, displayText, writeText } from '../../src/values/printer.ts';
import {
  Bytevector,
  charOf,
  flonum,
  integerFromBigint,
  intern,
  listFrom,
  NIL,
  type Value,
  Vector,
} from '../../src/values/types.ts';

const texts = fc.string({
  unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom('\n', '"', '\\', '|', 'λ', '𝄞', '\x07')),
});

const { datum } = fc.letrec<{ datum: Value }>((tie) => ({
  datum: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Value>(NIL, true, false, Number.NaN),
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(integerFromBigint),
    fc.double().map(flonum),
    texts,
    fc
      .oneof(texts, fc.constantFrom('+', '-', '...', '+5', '-.5', '1+', '.', '.a', '#t', '+inf.0', 'a.b', '->x', '--1'))
      .filter((name) => name !== 'Nil')
      .map(intern),
    fc
      .integer({ min: 0, max: 0x10ffff })
      .filter((code) => (code & 0x1ff800) !== 0xd800)
      .map(charOf),
    fc.uint8Array({ maxLength: 5 }).map((bytes) => new Bytevector(bytes)),
    fc.array(tie('datum'), { maxLength: 5 }).map((items) => new Vector(items)),
    fc.array(tie('datum'), { maxLength: 5 }).map((items) => listFrom(items)),
    fc
      .tuple(fc.array(tie('datum'), { minLength: 1, maxLength: 3 }), tie('datum'))
      .map(([items, tail]) => listFrom(items, tail)),
  ),
}));

test('what is printed as a datum reads back equal', () => {
  fc.assert(
    fc.property(datum, (value) => {
      const text = datumText(value);
      const read = readDatum(text);
      expect(read?.end, text).toBe(text.length);
      expect(isEqual(read?.value as Value, value), text).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('printing is the same whether or not cycles are looked for', () => {
  fc.assert(
    fc.property(datum, (value) => {
      // The filler is beyond the budget of the walk that tells trees from cycles.
      const filler = new Vector(new Array<Value>(1_000_001).fill(0));
      for (const print of [displayText, writeText]) {
        expect(print(listFrom([value, filler])).startsWith(`(${print(value)} #(0 0 `)).toBe(true);
      }
    }),
    { numRuns: 10 },
  );
});
