// The wire formats: golden frames, round trips, limits, and what hostile bytes may do (networking §9).

import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, Frame } from '../../src/builtins/nng/frame.ts';
import { NESTING_LIMIT } from '../../src/builtins/nng/serializable.ts';
import { encodeBinary, encodeBinaryInPieces, type FrameRest } from '../../src/builtins/nng/wire-binary.ts';
import { encodeText } from '../../src/builtins/nng/wire-text.ts';
import { Closure } from '../../src/bytecode/procedures.ts';
import { readWireDatum } from '../../src/reader/index.ts';
import { isEqual } from '../../src/values/equality.ts';
import { EtaError } from '../../src/values/errors.ts';
import { HashMap } from '../../src/values/hash-map.ts';
import { datumText, writeText } from '../../src/values/printer.ts';
import {
  Bytevector,
  charOf,
  flonum,
  HeapObject,
  integerFromBigint,
  intern,
  listFrom,
  NIL,
  Pair,
  type Value,
  Vector,
} from '../../src/values/types.ts';

interface WireVector {
  readonly hex: string;
  readonly text?: string;
  readonly error?: string;
  readonly tag?: string;
  readonly decodeOnly?: boolean;
}

const VECTORS: readonly WireVector[] = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'wire-vectors.json'), 'utf8'),
);
const frameOf = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hexOf = (frame: Buffer): string => frame.toString('hex').toUpperCase();

function failure(action: () => unknown): EtaError {
  try {
    action();
  } catch (error) {
    if (error instanceof EtaError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('golden frames', () => {
  test.each(VECTORS.filter((v) => v.error !== undefined))('$hex is refused: $error', ({ hex, error, tag }) => {
    expect(failure(() => decodeFrame(frameOf(hex)))).toMatchObject({ message: error, tag: tag ?? 'nng-error' });
  });

  test.each(VECTORS.filter((v) => v.text !== undefined))('$hex is $text', ({ hex, text, decodeOnly }) => {
    const value = decodeFrame(frameOf(hex));
    expect(writeText(value)).toBe(text);
    if (decodeOnly) return;
    expect(hexOf(encodeBinary(value))).toBe(hex);
    expect(hexOf(encodeBinary(readWireDatum(text!)))).toBe(hex);
  });
});

// ---- properties

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(integerFromBigint);
const char = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map(charOf);
const text = fc.string({ unit: 'binary', maxLength: 60 });
const atom: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(NIL, true, false, 0, -1),
  fc.integer(),
  int64,
  fc.double().map(flonum),
  char,
  text,
  text.map(intern),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => new Bytevector(bytes)),
);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.array(tie('value'), { maxLength: 5 }).map((items) => listFrom(items)),
    fc.tuple(tie('value'), tie('value')).map(([car, cdr]) => new Pair(car, cdr)),
    fc.array(tie('value'), { maxLength: 5 }).map((items) => new Vector(items)),
  ),
})).value;

/** equal?, with NaN equal to itself. */
const same = (a: Value, b: Value): boolean => isEqual(a, b) || datumText(a) === datumText(b);

describe('round trips', () => {
  test('binary: equal, and the same bytes again', () => {
    fc.assert(
      fc.property(value, (v) => {
        const frame = Buffer.from(encodeBinary(v));
        const back = decodeFrame(frame);
        return same(v, back) && encodeBinary(back).equals(frame);
      }),
      { numRuns: 500 },
    );
  });

  test('a frame in pieces has the same bytes', () => {
    const large = fc
      .integer({ min: 16_000, max: 70_000 })
      .map((length) => new Bytevector(new Uint8Array(length).fill(length)));
    const list = fc
      .array(fc.oneof({ weight: 3, arbitrary: value }, large), { maxLength: 6 })
      .map((items) => listFrom(items));
    fc.assert(
      fc.property(list, (v) => Buffer.concat(encodeBinaryInPieces(v)).equals(encodeBinary(v))),
      { numRuns: 100 },
    );
  });

  test.each([32, 33, 5000, 100_000])('texts of %d characters, ASCII and not', (length) => {
    for (const end of ['', 'e', 'é', '€', 'š', '𝄞']) {
      const text = 'a'.repeat(length - 1) + end;
      const frame = Buffer.from(encodeBinary(text));
      expect(frame.subarray(6)).toEqual(Buffer.from(text));
      expect(decodeFrame(frame)).toBe(text);
    }
  });

  test.each([10, 50, 5000])('bytes that are no UTF-8, behind %d that are, become U+FFFD', (length) => {
    for (const end of ['C3', 'ED A0 80', 'F5 80', 'E2 82', '80 C3 A9']) {
      const bytes = Buffer.concat([Buffer.from('é'.repeat(length)), frameOf(end.replaceAll(' ', ''))]);
      const header = Buffer.from([0xea, 0x05, bytes.length & 0xff, bytes.length >> 8, 0, 0]);
      expect(decodeFrame(Buffer.concat([header, bytes]))).toBe(bytes.toString('utf8'));
    }
  });

  test('text: equal', () => {
    fc.assert(
      fc.property(value, (v) => same(v, decodeFrame(encodeText(v)))),
      { numRuns: 300 },
    );
  });

  test('a million elements, in a list and in a vector', () => {
    const items = Array.from({ length: 1_000_000 }, (_, i) => i);
    for (const big of [listFrom(items), new Vector(items)]) {
      expect(isEqual(decodeFrame(Buffer.from(encodeBinary(big))), big)).toBe(true);
    }
  });
});

// ---- frames of which only a head is at hand

/** What follows the first `length` bytes of a frame. */
const restOf = (frame: Buffer, length: number): FrameRest => ({
  length: frame.length - length,
  copy(target, position) {
    if (position + target.length > this.length) throw new Error('there are not so many bytes');
    frame.copy(target, 0, length + position);
  },
});

const outcome = (decode: () => Value): string => {
  try {
    return datumText(decode());
  } catch (error) {
    if (error instanceof EtaError) return `${error.tag}: ${error.message}`;
    throw error;
  }
};

describe('a frame in two parts', () => {
  const long = fc.integer({ min: 0, max: 200_000 });
  const large = fc.oneof(
    long.map((length) => new Bytevector(new Uint8Array(length).map((_, i) => i))),
    fc.tuple(fc.constantFrom('a', 'é', '€'), long).map(([unit, length]) => unit.repeat(length)),
    long.map((length) => new Vector(Array.from({ length: length / 10 }, (_, i) => i))),
  );
  const list = fc
    .array(fc.oneof({ weight: 2, arbitrary: value }, large), { maxLength: 5 })
    .map((items) => listFrom(items));

  test('is decoded like one in one', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 3000 }), (v, at) => {
        const frame = Buffer.from(encodeBinary(v));
        const length = Math.min(at, frame.length);
        return same(v, decodeFrame(frame.subarray(0, length), restOf(frame, length)));
      }),
      { numRuns: 100 },
    );
  });

  test('is refused like one in one', () => {
    fc.assert(
      fc.property(list, fc.nat(), fc.nat(), fc.nat(255), fc.nat(), (v, cut, at, bits, headLength) => {
        const whole = Buffer.from(encodeBinary(v));
        whole[at % whole.length] ^= bits;
        const frame = whole.subarray(0, 1 + (cut % whole.length));
        const length = 1 + (headLength % frame.length);
        const inParts = outcome(() => decodeFrame(frame.subarray(0, length), restOf(frame, length)));
        return inParts === outcome(() => decodeFrame(frame));
      }),
      { numRuns: 200 },
    );
  });

  test('a text frame, too', () => {
    const frame = encodeText(listFrom([1, 'two']));
    expect(writeText(decodeFrame(frame.subarray(0, 4), restOf(frame, 4)))).toBe('(1 "two")');
  });

  test('has no other length and start than one in one', () => {
    const bytes = Buffer.from('abcdef');
    const frame = new Frame(bytes.subarray(0, 2), restOf(bytes, 2));
    expect(frame.length).toBe(6);
    expect(frame.copy()).toEqual(bytes);
    expect(['', 'a', 'ab', 'abcd', 'abcdef'].every((start) => frame.startsWith(Buffer.from(start)))).toBe(true);
    expect(['b', 'abd', 'abcdeg', 'abcdefg'].some((start) => frame.startsWith(Buffer.from(start)))).toBe(false);
  });
});

// ---- limits

const nestedCars = (depth: number): Value => {
  let v: Value = 1;
  for (let i = 0; i < depth; i++) v = new Pair(v, NIL);
  return v;
};
const nestedVectors = (depth: number): Value => {
  let v: Value = 1;
  for (let i = 0; i < depth; i++) v = new Vector([v]);
  return v;
};
const nestedTails = (depth: number): Value => {
  let v: Value = 1;
  for (let i = 0; i < depth / 2; i++) v = new Pair(0, new Vector([v]));
  return v;
};

describe.each([
  ['cars', nestedCars],
  ['vectors', nestedVectors],
  ['vectors in tails', nestedTails],
] as const)('nesting of %s', (_, nest) => {
  const tooDeep = { tag: 'nng-error', message: 'binary wire format: nesting too deep' };

  test('up to the limit travels', () => {
    const deep = nest(NESTING_LIMIT);
    expect(isEqual(decodeFrame(Buffer.from(encodeBinary(deep))), deep)).toBe(true);
    expect(isEqual(decodeFrame(encodeText(deep)), deep)).toBe(true);
  });

  test('beyond it is refused by both sides', () => {
    const deeper = nest(NESTING_LIMIT + 2);
    expect(failure(() => encodeBinary(deeper))).toMatchObject(tooDeep);
    expect(failure(() => encodeText(deeper))).toMatchObject(tooDeep);
  });
});

test.each([
  ['EA', '08', 1_000_000],
  ['EA', '0901000000', 1_000_000],
  ['', '28', 1_000_000],
] as const)('a frame of %s and many %s is refused, not followed', (start, hex, times) => {
  expect(failure(() => decodeFrame(frameOf(start + hex.repeat(times)))).message).toBe(
    'binary wire format: nesting too deep',
  );
});

// ---- refusals

class Tape extends HeapObject {
  readonly kind = 'Tape';
}
const tape = new Tape();
const closureOver = (v: Value): Closure => new Closure(null as never, v);
const cycle = (): Pair => {
  const last = new Pair(2, NIL);
  const list = new Pair(1, last);
  last.cdr = list;
  return list;
};
const vectorCycle = (): Vector => {
  const vector = new Vector([1, 2]);
  vector.items[1] = new Pair(vector, NIL);
  return vector;
};
/** A long list whose last element is the list. */
const longCycle = (): Pair => {
  const list = listFrom(Array.from({ length: 300_000 }, (_, i) => i)) as Pair;
  let last = list;
  while (last.cdr instanceof Pair) last = last.cdr;
  last.car = list;
  return list;
};

// [what, value, path and kind]
const UNSENDABLE: readonly (readonly [string, Value, string])[] = [
  ['a closure', closureOver(1), 'send-arg: Closure'],
  ['a hash map in a list', listFrom([1, HashMap.empty()]), 'send-arg.cdr.car: HashMap'],
  ['a closure in a vector', new Vector([1, new Vector([closureOver(1)])]), 'send-arg[1][0]: Closure'],
  ['a closure in a tail', new Pair(1, closureOver(1)), 'send-arg.cdr: Closure'],
  ['the first of two', listFrom([closureOver(1), HashMap.empty()]), 'send-arg.car: Closure'],
  ['a cyclic list', cycle(), 'send-arg.cdr.cdr: cyclic structure'],
  ['a cyclic vector', vectorCycle(), 'send-arg[1].car: cyclic structure'],
  ['a long cyclic list', longCycle(), `send-arg${'.cdr'.repeat(299_999)}.car: cyclic structure`],
];

describe.each([
  ['binary', encodeBinary],
  ['text', encodeText],
] as const)('%s refuses', (_, encode) => {
  test.each(UNSENDABLE)('%s', (_what, v, where) => {
    const { message, tag } = failure(() => encode(v));
    expect(tag).toBe('nng-error');
    expect(message === `nng-error: cannot send non-serializable value: ${where}`).toBe(true);
  });

  test('nothing after a refusal', () => {
    failure(() => encode(listFrom([1, closureOver(1)])));
    expect(writeText(decodeFrame(encode(listFrom([1, 2]))))).toBe('(1 2)');
  });

  test('no shared structure', () => {
    const shared = listFrom([1, 2]);
    expect(writeText(decodeFrame(encode(listFrom([shared, shared]))))).toBe('((1 2) (1 2))');
  });
});

test('tapes are looked for in closures too', async () => {
  const { refuseLocalValues } = await import('../../src/builtins/nng/serializable.ts');
  const held = listFrom([1, new Vector([2, closureOver(tape)])]);
  const error = failure(() => refuseLocalValues('send!', held, 'send-arg'));
  expect(error).toMatchObject({
    tag: ':ad/cross-vm-ref',
    message: 'send!: Tape/TapeRef values cannot cross VM boundaries',
    fields: [
      ['op', 'send!'],
      ['path', 'send-arg.cdr.car[1].upvals[0]: tape'],
    ],
  });
  expect(() => refuseLocalValues('send!', cycle(), 'send-arg')).not.toThrow();
});

// ---- fuzz

const onlyEtaErrors = (frame: Buffer): boolean => {
  try {
    decodeFrame(frame);
  } catch (error) {
    if (!(error instanceof EtaError)) throw error;
  }
  return true;
};

describe('hostile frames end in an error of Eta or in a value', () => {
  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => onlyEtaErrors(Buffer.from(bytes))));
  });

  test('random bytes behind the magic', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => onlyEtaErrors(Buffer.from([0xea, ...bytes]))),
      { numRuns: 500 },
    );
  });

  test('good frames, cut and flipped', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.nat(), fc.nat(255), fc.boolean(), (v, cut, at, bits, asText) => {
        const frame = Buffer.from(asText ? encodeText(v) : encodeBinary(v));
        frame[at % frame.length] ^= bits;
        return onlyEtaErrors(frame) && onlyEtaErrors(frame.subarray(0, cut % frame.length));
      }),
      { numRuns: 500 },
    );
  });
});
