import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EtaError } from '../../src/values/errors.ts';
import * as numbers from '../../src/values/numbers.ts';
import { Flonum, flonum, integerFromBigint, intern, type Value } from '../../src/values/types.ts';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;
const f = flonum;

/** Integers over the whole range, most of them near an edge where the representation changes. */
const edges = [0n, 2n ** 31n, 2n ** 32n, 2n ** 52n, 2n ** 53n, 2n ** 62n, 2n ** 63n].flatMap((e) => [e, -e]);
const integers = fc
  .oneof(
    fc.tuple(fc.constantFrom(...edges), fc.bigInt(-3n, 3n)).map(([edge, off]) => edge + off),
    fc.bigInt(MIN, MAX),
    fc.bigInt(-(2n ** 31n), 2n ** 31n),
  )
  .filter((n) => n >= MIN && n <= MAX);
const doubles = fc.oneof(
  fc.double(),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(0, -0, 0.5, -0.5, 2 ** 53, -(2 ** 53), 2 ** 63, Number.POSITIVE_INFINITY, Number.NaN),
);

/** Each number as a value, and as what the model computes with. */
type Model = { value: Value; exact: bigint | null; double: number };
const numberModels: fc.Arbitrary<Model> = fc.oneof(
  integers.map((n) => ({ value: integerFromBigint(n), exact: n, double: Number(n) })),
  doubles.map((x) => ({ value: flonum(x), exact: null, double: x })),
);

function expectRepresented(value: Value): void {
  if (typeof value === 'number') {
    if (Number.isInteger(value)) expect(Number.isSafeInteger(value) && !Object.is(value, -0)).toBe(true);
  } else if (typeof value === 'bigint') {
    expect(value >= MIN && value <= MAX && !Number.isSafeInteger(Number(value))).toBe(true);
  } else {
    expect(value).toBeInstanceOf(Flonum);
    expect(Number.isInteger((value as Flonum).value)).toBe(true);
  }
}

function outcome(run: () => Value): Value | { message: string } {
  try {
    return run();
  } catch (error) {
    if (error instanceof EtaError) return { message: error.message };
    throw error;
  }
}

/** What an operation must give: exact where both are integers and the result fits, else the operation on doubles. */
function model(
  a: Model,
  b: Model,
  exact: (x: bigint, y: bigint) => bigint | null,
  inexact: (x: number, y: number) => number,
) {
  if (a.exact !== null && b.exact !== null) {
    const result = exact(a.exact, b.exact);
    if (result !== null && result >= MIN && result <= MAX) return integerFromBigint(result);
  }
  return flonum(inexact(a.double, b.double));
}

const floorMod = (x: number, y: number): number => {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
};
const bigFloorMod = (x: bigint, y: bigint): bigint => ((x % y) + y) % y;

const OPERATIONS = [
  ['+', numbers.add, (x: bigint, y: bigint) => x + y, (x: number, y: number) => x + y],
  ['-', numbers.sub, (x: bigint, y: bigint) => x - y, (x: number, y: number) => x - y],
  ['*', numbers.mul, (x: bigint, y: bigint) => x * y, (x: number, y: number) => x * y],
] as const;
const DIVISIONS = [
  ['/', numbers.div, (x: bigint, y: bigint) => (x % y === 0n ? x / y : null), (x: number, y: number) => x / y],
  ['modulo', numbers.modulo, bigFloorMod, floorMod],
  ['remainder', numbers.remainder, (x: bigint, y: bigint) => x % y, (x: number, y: number) => x % y],
  ['quotient', numbers.quotient, (x: bigint, y: bigint) => x / y, (x: number, y: number) => Math.trunc(x / y)],
] as const;

describe('arithmetic follows the exact and the double model', () => {
  test.each(OPERATIONS)('%s', (_name, operation, exact, inexact) => {
    fc.assert(
      fc.property(numberModels, numberModels, (a, b) => {
        const result = operation(a.value, b.value);
        expectRepresented(result);
        expect(result).toEqual(model(a, b, exact, inexact));
      }),
      { numRuns: 2000 },
    );
  });

  test.each(DIVISIONS)('%s', (name, operation, exact, inexact) => {
    fc.assert(
      fc.property(numberModels, numberModels, (a, b) => {
        const result = outcome(() => operation(a.value, b.value));
        if (b.double === 0) {
          expect(result).toEqual({ message: `${name}: division by zero` });
        } else {
          expectRepresented(result as Value);
          expect(result).toEqual(model(a, b, exact, inexact));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('division is exact where the ratio is just below an integer', () => {
    const most = BigInt(Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(fc.bigInt(1n, most), fc.bigInt(1n, most), (divisor, dividend) => {
        const x = dividend - (dividend % divisor) + divisor - 1n;
        fc.pre(x <= most);
        const [a, b] = [Number(x), Number(divisor)];
        const results = [numbers.quotient, numbers.remainder, numbers.modulo].map((divide) => divide(a, b));
        expect(results).toEqual([x / divisor, x % divisor, x % divisor].map(Number));
      }),
      { numRuns: 2000 },
    );
  });

  test('floor-quotient and modulo belong together', () => {
    fc.assert(
      fc.property(integers, integers, (x, y) => {
        fc.pre(y !== 0n && !(x === MIN && y === -1n));
        const [a, b] = [integerFromBigint(x), integerFromBigint(y)];
        const quotient = BigInt(numbers.floorQuotient(a, b) as number | bigint);
        expect(quotient * y + BigInt(numbers.modulo(a, b) as number | bigint)).toBe(x);
      }),
    );
  });

  test('comparison is exact for integers and on doubles otherwise', () => {
    fc.assert(
      fc.property(numberModels, numberModels, (a, b) => {
        const areExact = a.exact !== null && b.exact !== null;
        const [x, y] = areExact ? [a.exact as bigint, b.exact as bigint] : [a.double, b.double];
        expect([
          numbers.numEq(a.value, b.value),
          numbers.lt(a.value, b.value),
          numbers.gt(a.value, b.value),
          numbers.le(a.value, b.value),
          numbers.ge(a.value, b.value),
        ]).toEqual([x === y, x < y, x > y, x <= y, x >= y]);
      }),
      { numRuns: 2000 },
    );
  });

  test('negate and abs', () => {
    fc.assert(
      fc.property(numberModels, ({ value, exact, double }) => {
        const negated = numbers.negate(value);
        const magnitude = numbers.abs(value);
        expectRepresented(negated);
        expectRepresented(magnitude);
        if (exact !== null) {
          expect(negated).toEqual(integerFromBigint(-exact));
          expect(magnitude).toEqual(integerFromBigint(exact < 0n ? -exact : exact));
        } else {
          expect(negated).toEqual(flonum(-double));
          expect(magnitude).toEqual(flonum(Math.abs(double)));
        }
      }),
    );
  });

  test('exact integer square roots', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, MAX), (n) => {
        const [root, rest] = numbers.exactIntegerSqrt(n).map((v) => BigInt(v as number | bigint));
        expect(root * root + rest).toBe(n);
        expect((root + 1n) * (root + 1n) > n).toBe(true);
      }),
    );
  });
});

// [what, result]
const VALUES: readonly (readonly [string, Value, Value])[] = [
  ['fractional operands, integral sum', numbers.add(0.5, 0.5), f(1)],
  ['a large integer plus a small fraction', numbers.add(2 ** 52, 0.25), f(2 ** 52)],
  ['an integer zero has no sign', numbers.mul(0, -5), 0],
  ['a flonum zero has one', numbers.mul(0, -0.5), f(-0)],
  ['zero divided by a negative', numbers.div(0, -5), 0],
  ['a rounded ratio is not exact', numbers.div(9007199254740991, 2), 4503599627370495.5],
  ['the least integer divided by -1', numbers.div(MIN, -1), f(2 ** 63)],
  ['the least integer modulo -1', numbers.modulo(MIN, -1), 0],
  ['the quotient of a flonum', numbers.quotient(7.5, 2), f(3)],
  ['reciprocals are flonums', numbers.reciprocal(1), f(1)],
  ['min with a flonum met', numbers.min(1, f(2)), f(1)],
  ['max keeps integers', numbers.max(3, 2), 3],
  ['a NaN in first position stays', numbers.max(Number.NaN, 1), Number.NaN],
  ['a later NaN is passed over', numbers.max(1, Number.NaN), f(1)],
  ['halves round up', numbers.round(2.5), f(3)],
  ['negative halves round up', numbers.round(-2.5), f(-2)],
  ['no negative zero from rounding', numbers.round(-0.5), f(0)],
  ['just below a half', numbers.round(0.49999999999999994), f(0)],
  ['halves to even', numbers.roundToEven(2.5), f(2)],
  ['halves to even, odd', numbers.roundToEven(3.5), f(4)],
  ['halves to even, negative', numbers.roundToEven(-2.5), f(-2)],
  ['integral values round to themselves', numbers.floor(f(3)), f(3)],
  ['floor of a negative', numbers.floor(-2.7), f(-3)],
  ['powers stay exact', numbers.expt(2, 62), 2n ** 62n],
  ['powers overflow into flonums', numbers.expt(2, 64), f(2 ** 64)],
  ['negative exponents', numbers.expt(10, -2), 0.01],
  ['a flonum base', numbers.expt(f(2), -2), 0.25],
  ['an exact power with negative exponent', numbers.expt(1, -5), 1],
  ['exact of an integral flonum', numbers.exact(f(2)), 2],
  ['exact of a large one', numbers.exact(f(2 ** 62)), 2n ** 62n],
  ['inexact', numbers.inexact(2), f(2)],
];

test.each(VALUES)('%s', (_what, result, expected) => {
  expect(result).toEqual(expected);
});

const x = intern('x');
const ERRORS: readonly (readonly [() => unknown, string])[] = [
  [() => numbers.add(1, x), '+: argument is not a number'],
  [() => numbers.sub('1', 2), '-: argument is not a number'],
  [() => numbers.mul(true, 2), '*: argument is not a number'],
  [() => numbers.div(x, 0), '/: argument is not a number'],
  [() => numbers.div(1, f(-0)), '/: division by zero'],
  [() => numbers.negate(x), '-: argument is not a number'],
  [() => numbers.reciprocal(f(0)), '/: division by zero'],
  [() => numbers.abs(x), 'abs: argument is not a number'],
  [() => numbers.min(1, x), 'min: argument is not a number'],
  [() => numbers.max(x, 1), 'max: argument is not a number'],
  [() => numbers.numEq(1, x), '=: argument is not a number'],
  [() => numbers.lt(x, 1), '<: argument is not a number'],
  [() => numbers.gt(x, 1), '>: argument is not a number'],
  [() => numbers.le(x, 1), '<=: argument is not a number'],
  [() => numbers.ge(x, 1), '>=: argument is not a number'],
  [() => numbers.isZero(x), 'zero?: argument is not a number'],
  [() => numbers.modulo(x, 0), 'modulo: arguments must be numbers'],
  [() => numbers.modulo(5, f(0)), 'modulo: division by zero'],
  [() => numbers.remainder(1, x), 'remainder: arguments must be numbers'],
  [() => numbers.quotient(1, 0), 'quotient: division by zero'],
  [() => numbers.exact(2.5), 'exact: no exact integer equals the argument'],
  [() => numbers.exact(f(2 ** 63)), 'exact: argument is outside the 64-bit range'],
];

test.each(ERRORS)('%s fails with %s', (run, message) => {
  expect(run).toThrow(expect.objectContaining({ tag: 'runtime.type-error', message }));
});

test('division by zero answers to its documented tag', () => {
  expect(() => numbers.div(1, 0)).toThrow(expect.objectContaining({ aliases: ['runtime.div-by-zero'] }));
});

test('a remainder of a product at once is that of the steps, or is left to them', () => {
  const operand = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constantFrom(0, 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1));
  fc.assert(
    fc.property(operand, operand, operand, operand, (a, b, c, m) => {
      const remainder = numbers.multiplyRemainder(a, b, c, m);
      if (remainder === -1) return BigInt(a) * BigInt(b) + BigInt(c) > BigInt(numbers.MAX_FIXNUM) || m === 0;
      return BigInt(remainder) === (BigInt(a) * BigInt(b) + BigInt(c)) % BigInt(m);
    }),
    { numRuns: 5000 },
  );
  expect(numbers.multiplyRemainder(2147483647, 1103515245, 12345, 2147483648)).toBe(1043980748);
});
