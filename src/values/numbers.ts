// Numbers: generic arithmetic on the two kinds of Eta number, 64-bit integers and doubles.
//
//   integer   number, integral, |n| <= 2^53-1; beyond that bigint, inside the signed 64-bit range
//   flonum    number, not integral; an integral one is a Flonum box
//
// Each operation has two parts. Its first lines take the common case, two plain numbers, and are small enough to be
// inlined. Everything else (bigints, boxes, overflow, type errors) is in a function `…Slow` out of line.
//
// Rules: integers stay exact; a result beyond 64 bits, or any flonum operand, makes a flonum, computed by converting
// both operands to doubles first. A zero divisor is an error for both kinds. An integer is never -0.
//
// Source: builtins §5, language §5, README V3, V4, V5, V10.

import { divisionByZero, typeError } from './errors.ts';
import { Flonum, flonum, integerFromBigint, type Value } from './types.ts';

export const MAX_FIXNUM = Number.MAX_SAFE_INTEGER;
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

// ---- kinds

export function isNumber(value: Value): boolean {
  return typeof value === 'number' || value instanceof Flonum || typeof value === 'bigint';
}

/** An integer of the exact kind: `2`, not `2.0`. */
export function isExactInteger(value: Value): value is number | bigint {
  return typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint';
}

/** A flonum, boxed or not. */
export function isFlonum(value: Value): boolean {
  return typeof value === 'number' ? !Number.isInteger(value) : value instanceof Flonum;
}

/** Whether arithmetic on these gives a flonum: both are numbers, and one is a flonum. */
export function areFlonums(a: Value, b: Value): boolean {
  return isNumber(a) && isNumber(b) && (isFlonum(a) || isFlonum(b));
}

/** What `integer?` means: an exact integer, or a finite flonum without a fraction. */
export function isIntegral(value: Value): boolean {
  return isExactInteger(value) || value instanceof Flonum;
}

/** The double nearest to a number, or undefined for anything else. */
export function doubleOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Flonum) return value.value;
  if (typeof value === 'bigint') return Number(value);
  return undefined;
}

/** The double nearest to a number; `message` is the whole text of the type error. */
export function wantDouble(value: Value, message: string): number {
  const double = doubleOf(value);
  if (double === undefined) throw typeError(message, value);
  return double;
}

const notANumber = (who: string): string => `${who}: argument is not a number`;

function checkNumbers(a: Value, b: Value, message: string): void {
  if (!isNumber(a) || !isNumber(b)) throw typeError(message, isNumber(a) ? b : a);
}

/** The exact result where it fits 64 bits, else the flonum that the operation gives on doubles. */
function exactOr(result: bigint, overflowed: () => number): Value {
  return result >= MIN_INT64 && result <= MAX_INT64 ? integerFromBigint(result) : flonum(overflowed());
}

// ---- arithmetic

export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    // A sum that is not integral has a fractional operand, and is a flonum as it stands.
    if (!Number.isInteger(sum)) return sum;
    if (Number.isInteger(a) && Number.isInteger(b) && sum <= MAX_FIXNUM && sum >= -MAX_FIXNUM) return sum;
  }
  return addSlow(a, b);
}

function addSlow(a: Value, b: Value): Value {
  if (a instanceof Flonum && typeof b === 'number') return flonum(a.value + b);
  if (b instanceof Flonum && typeof a === 'number') return flonum(a + b.value);
  if (isExactInteger(a) && isExactInteger(b)) return exactOr(BigInt(a) + BigInt(b), () => Number(a) + Number(b));
  return flonum(wantDouble(a, notANumber('+')) + wantDouble(b, notANumber('+')));
}

export function sub(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (!Number.isInteger(difference)) return difference;
    if (Number.isInteger(a) && Number.isInteger(b) && difference <= MAX_FIXNUM && difference >= -MAX_FIXNUM) {
      return difference;
    }
  }
  return subSlow(a, b);
}

function subSlow(a: Value, b: Value): Value {
  if (a instanceof Flonum && typeof b === 'number') return flonum(a.value - b);
  if (b instanceof Flonum && typeof a === 'number') return flonum(a - b.value);
  if (isExactInteger(a) && isExactInteger(b)) return exactOr(BigInt(a) - BigInt(b), () => Number(a) - Number(b));
  return flonum(wantDouble(a, notANumber('-')) - wantDouble(b, notANumber('-')));
}

export function mul(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (!Number.isInteger(product)) return product;
    if (Number.isInteger(a) && Number.isInteger(b) && product <= MAX_FIXNUM && product >= -MAX_FIXNUM) {
      return product + 0; // an integer zero has no sign: -0 + 0 is 0
    }
  }
  return mulSlow(a, b);
}

function mulSlow(a: Value, b: Value): Value {
  if (a instanceof Flonum && typeof b === 'number') return flonum(a.value * b);
  if (b instanceof Flonum && typeof a === 'number') return flonum(a * b.value);
  if (isExactInteger(a) && isExactInteger(b)) return exactOr(BigInt(a) * BigInt(b), () => Number(a) * Number(b));
  return flonum(wantDouble(a, notANumber('*')) * wantDouble(b, notANumber('*')));
}

export function div(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number' && b !== 0) {
    const ratio = a / b;
    if (!Number.isInteger(ratio)) return ratio;
    // Below 2^53 the product is exact, so it tells an exact ratio from a rounded one.
    if (Number.isInteger(a) && Number.isInteger(b) && ratio * b === a) return ratio + 0;
  }
  return divSlow(a, b);
}

function divSlow(a: Value, b: Value): Value {
  const x = wantDouble(a, notANumber('/'));
  const y = wantDouble(b, notANumber('/'));
  if (y === 0) throw divisionByZero('/');
  if (isExactInteger(a) && isExactInteger(b)) {
    const dividend = BigInt(a);
    const divisor = BigInt(b);
    if (dividend % divisor === 0n) return exactOr(dividend / divisor, () => x / y);
  }
  return flonum(x / y);
}

/** `(- x)`. */
export function negate(a: Value): Value {
  if (typeof a === 'number') return a === 0 ? 0 : -a;
  if (a instanceof Flonum) return new Flonum(-a.value);
  if (typeof a === 'bigint') return integerFromBigint(-a);
  throw typeError(notANumber('-'), a);
}

/** `(/ x)`: always a flonum. */
export function reciprocal(a: Value): Value {
  const x = wantDouble(a, notANumber('/'));
  if (x === 0) throw divisionByZero('/');
  return flonum(1 / x);
}

export function abs(a: Value): Value {
  if (typeof a === 'number') return Math.abs(a);
  if (a instanceof Flonum) return new Flonum(Math.abs(a.value));
  if (typeof a === 'bigint') return a < 0n ? integerFromBigint(-a) : a;
  throw typeError(notANumber('abs'), a);
}

// ---- comparison

export function numEq(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  return compareSlow(a, b, '=', (x, y) => x === y);
}

export function lt(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return compareSlow(a, b, '<', (x, y) => x < y);
}

export function gt(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a > b;
  return compareSlow(a, b, '>', (x, y) => x > y);
}

export function le(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  return compareSlow(a, b, '<=', (x, y) => x <= y);
}

export function ge(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a >= b;
  return compareSlow(a, b, '>=', (x, y) => x >= y);
}

type Comparison = (x: number | bigint, y: number | bigint) => boolean;

/** Two integers compare exactly, a pair with a flonum as doubles. */
function compareSlow(a: Value, b: Value, who: string, holds: Comparison): boolean {
  if (isExactInteger(a) && isExactInteger(b)) return holds(BigInt(a), BigInt(b));
  return holds(wantDouble(a, notANumber(who)), wantDouble(b, notANumber(who)));
}

/** The lesser of two; on a tie, and where the second is NaN, the first. A flonum operand makes it a flonum. */
export function min(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) === Number.isInteger(b))
    return b < a ? b : a;
  checkNumbers(a, b, notANumber('min'));
  if (isExactInteger(a) && isExactInteger(b)) return b < a ? b : a;
  const x = Number(doubleOf(a));
  const y = Number(doubleOf(b));
  return flonum(y < x ? y : x);
}

/** The greater of two; otherwise like `min`. */
export function max(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) === Number.isInteger(b))
    return b > a ? b : a;
  checkNumbers(a, b, notANumber('max'));
  if (isExactInteger(a) && isExactInteger(b)) return b > a ? b : a;
  const x = Number(doubleOf(a));
  const y = Number(doubleOf(b));
  return flonum(y > x ? y : x);
}

export function isZero(a: Value): boolean {
  return wantDouble(a, notANumber('zero?')) === 0;
}

export function isPositive(a: Value): boolean {
  return wantDouble(a, notANumber('positive?')) > 0;
}

export function isNegative(a: Value): boolean {
  return wantDouble(a, notANumber('negative?')) < 0;
}

// ---- integer division, for flonums too
//
// Of two integers that are not negative, the ratio rounded down is right in doubles, and so is what is left: below 2^53, the
// rounding of a double never reaches the next integer. The host's own `%` of doubles is a slow loop.

/** The remainder with the sign of the divisor; `who` names the operation in errors. */
export function modulo(a: Value, b: Value, who = 'modulo'): Value {
  if (typeof a === 'number' && typeof b === 'number' && b !== 0 && Number.isInteger(a) && Number.isInteger(b)) {
    if (a >= 0 && b > 0) return a - Math.floor(a / b) * b;
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
  }
  return moduloSlow(a, b, who);
}

function moduloSlow(a: Value, b: Value, who: string): Value {
  const [x, y] = wantDivision(a, b, who);
  if (isExactInteger(a) && isExactInteger(b)) {
    const divisor = BigInt(b);
    const rest = BigInt(a) % divisor;
    return integerFromBigint(rest !== 0n && rest < 0n !== divisor < 0n ? rest + divisor : rest);
  }
  return flonum(floorRemainder(x, y));
}

/** Zero takes the sign of the divisor as well. */
function floorRemainder(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
}

/**
 * `(remainder (+ (* a b) c) m)`, which is `modulo` as well, of fixnums that are not negative, where the sum is within 64 bits;
 * anything else gives -1. Without bigints: generators of random numbers and powers modulo m live on it.
 */
export function multiplyRemainder(a: Value, b: Value, c: Value, m: Value): number {
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number' || typeof m !== 'number') return -1;
  if (!(a >= 0 && b >= 0 && c >= 0 && m > 0)) return -1;
  if (Math.floor(a) !== a || Math.floor(b) !== b || Math.floor(c) !== c || Math.floor(m) !== m) return -1;
  const product = a * b;
  if (product + c <= MAX_FIXNUM) return product + c - Math.floor((product + c) / m) * m;
  const ratio = Math.floor(product / m);
  if (product + c >= SAFELY_INT64 || ratio > MAX_FIXNUM) return -1;
  // Both products are of about the same size: the difference of their doubles is exact, and so are the errors of them.
  const rest = product - ratio * m + (productError(a, b, product) - productError(ratio, m, ratio * m));
  const sum = rest + c;
  if (!(sum >= -MAX_FIXNUM && sum <= MAX_FIXNUM)) return -1;
  return sum - Math.floor(sum / m) * m;
}

/** Less than the largest 64-bit integer by more than a double near it is rounded. */
const SAFELY_INT64 = 2 ** 63 - 2 ** 12;

/** What the double `product` of two integers below 2^53 is less than their product: Dekker's way, by halves of 26 bits. */
function productError(a: number, b: number, product: number): number {
  const splitA = a * 134217729;
  const highA = splitA - (splitA - a);
  const lowA = a - highA;
  const splitB = b * 134217729;
  const highB = splitB - (splitB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

/** The remainder with the sign of the dividend. */
export function remainder(a: Value, b: Value, who = 'remainder'): Value {
  if (typeof a === 'number' && typeof b === 'number' && b !== 0 && Number.isInteger(a) && Number.isInteger(b)) {
    return a >= 0 && b > 0 ? a - Math.floor(a / b) * b : (a % b) + 0;
  }
  const [x, y] = wantDivision(a, b, who);
  if (isExactInteger(a) && isExactInteger(b)) return integerFromBigint(BigInt(a) % BigInt(b));
  return flonum(x % y);
}

/** The ratio, truncated toward zero: an integer for two integers, else a flonum. */
export function quotient(a: Value, b: Value, who = 'quotient'): Value {
  if (typeof a === 'number' && typeof b === 'number' && b !== 0 && Number.isInteger(a) && Number.isInteger(b)) {
    return a >= 0 && b > 0 ? Math.floor(a / b) : (a - (a % b)) / b + 0;
  }
  const [x, y] = wantDivision(a, b, who);
  if (isExactInteger(a) && isExactInteger(b)) return exactOr(BigInt(a) / BigInt(b), () => x / y);
  return flonum(Math.trunc(x / y));
}

/** The ratio, rounded down: an integer for two integers, else a flonum. */
export function floorQuotient(a: Value, b: Value, who = 'floor-quotient'): Value {
  const [x, y] = wantDivision(a, b, who);
  if (isExactInteger(a) && isExactInteger(b)) {
    const dividend = BigInt(a);
    const divisor = BigInt(b);
    const rest = dividend % divisor;
    const ratio = dividend / divisor;
    return exactOr(rest !== 0n && rest < 0n !== divisor < 0n ? ratio - 1n : ratio, () => x / y);
  }
  return flonum(Math.floor(x / y));
}

function wantDivision(a: Value, b: Value, who: string): [number, number] {
  checkNumbers(a, b, `${who}: arguments must be numbers`);
  const x = Number(doubleOf(a));
  const y = Number(doubleOf(b));
  if (y === 0) throw divisionByZero(who);
  return [x, y];
}

// ---- rounding and powers

/**
 * `round`: to the nearest integral value, halves up (2.5 gives 3.0, -2.5 gives -2.0). Integral values come back as
 * they are, all others give a flonum.
 */
export function round(a: Value): Value {
  return roundWith(a, 'round', (x) => Math.round(x) + 0);
}

/** `round` of R7RS: halves to even. */
export function roundToEven(a: Value): Value {
  return roundWith(a, 'round', (x) => {
    const nearest = Math.round(x);
    return Math.abs(x % 1) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
  });
}

export const floor = (a: Value): Value => roundWith(a, 'floor', Math.floor);
export const ceiling = (a: Value): Value => roundWith(a, 'ceiling', (x) => Math.ceil(x) + 0);
export const truncate = (a: Value): Value => roundWith(a, 'truncate', (x) => Math.trunc(x) + 0);

function roundWith(a: Value, who: string, rounded: (x: number) => number): Value {
  if (isIntegral(a)) return a;
  return flonum(rounded(wantDouble(a, notANumber(who))));
}

/**
 * `base` to the power `exponent`. With an integer exponent by squaring, so that it stays exact while it fits 64 bits;
 * a negative one gives the reciprocal of the power. A flonum exponent gives a flonum.
 */
export function expt(base: Value, exponent: Value): Value {
  checkNumbers(base, exponent, 'expt: arguments must be numbers');
  const n = Number(doubleOf(exponent));
  if (!isExactInteger(exponent)) return flonum(Number(doubleOf(base)) ** n);
  if (exponent < 0) {
    if (isZero(base)) throw divisionByZero('expt');
    return div(1, power(base, -BigInt(exponent)));
  }
  return power(base, BigInt(exponent));
}

function power(base: Value, exponent: bigint): Value {
  let result: Value = 1;
  let square = base;
  for (let rest = exponent; rest > 0n; ) {
    if (rest & 1n) result = mul(result, square);
    rest >>= 1n;
    if (rest > 0n) square = mul(square, square);
  }
  return result;
}

/** The exact integer equal to an integral number; others have none. */
export function exact(a: Value): Value {
  if (isExactInteger(a)) return a;
  const x = wantDouble(a, notANumber('exact'));
  if (!(a instanceof Flonum)) throw typeError('exact: no exact integer equals the argument', a);
  const integer = BigInt(x);
  if (integer < MIN_INT64 || integer > MAX_INT64) throw typeError('exact: argument is outside the 64-bit range', a);
  return integerFromBigint(integer);
}

/** The flonum nearest to a number. */
export function inexact(a: Value): Value {
  return flonum(wantDouble(a, notANumber('inexact')));
}

/** The greatest s with s*s <= n, and the rest. */
export function exactIntegerSqrt(n: number | bigint): [Value, Value] {
  const value = BigInt(n);
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  // The double can be off by one where n is beyond 2^53.
  while (root * root > value) root--;
  while ((root + 1n) * (root + 1n) <= value) root++;
  return [integerFromBigint(root), integerFromBigint(value - root * root)];
}
