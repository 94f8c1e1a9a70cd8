// Arguments: what a builtin does first with each of them, check its type and take it apart.
//
// `message` is always the whole text of the error: the specification fixes these texts one by one.

import { indexError, typeError } from '../values/errors.ts';
import { textOf } from '../values/mutable-string.ts';
import { doubleOf, isExactInteger, isNumber } from '../values/numbers.ts';
import { Char, listToArray, Sym, type Value } from '../values/types.ts';

// biome-ignore lint/suspicious/noExplicitAny: any class will do, whatever its constructor takes
type Class<T> = abstract new (...args: any[]) => T;

// `instanceof` of a class that is named is a comparison once V8 has compiled it; of one that is passed, two calls. So the
// arguments of builtins that programs call in their inner loops have functions of their own.

export function want<T>(value: Value, type: Class<T>, message: string): T {
  if (value instanceof type) return value;
  throw typeError(message, value);
}

/** The text of a string, mutable ones included. */
export function wantString(value: Value, message: string): string {
  const text = textOf(value);
  if (text !== undefined) return text;
  throw typeError(message, value);
}

export function wantSymbol(value: Value, message: string): Sym {
  if (value instanceof Sym) return value;
  throw typeError(message, value);
}

export function wantChar(value: Value, message: string): Char {
  if (value instanceof Char) return value;
  throw typeError(message, value);
}

export function wantBoolean(value: Value, message: string): boolean {
  if (typeof value === 'boolean') return value;
  throw typeError(message, value);
}

export function wantNumber(value: Value, message: string): Value {
  if (isNumber(value)) return value;
  throw typeError(message, value);
}

export function wantExactInteger(value: Value, message: string): number | bigint {
  if (isExactInteger(value)) return value;
  throw typeError(message, value);
}

/** The elements of a proper list. */
export function wantList(value: Value, message: string): Value[] {
  const items = listToArray(value);
  if (items === null) throw typeError(message, value);
  return items;
}

/** A non-negative integer: a length, a count, an index. Beyond 2^53 it is too large for anything, if not exact. */
export function wantCount(value: Value, message: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  if (typeof value === 'bigint' && value > 0n) return Number(value);
  throw isNumber(value) ? indexError(message, value) : typeError(message, value);
}

/** An integer in 0 … length-1. */
export function wantIndex(value: Value, length: number, message: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < length) return value;
  throw doubleOf(value) === undefined ? typeError(message, value) : indexError(message, value, length);
}

/** An integer in 0 … 255. */
export function wantByte(value: Value, message: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255) return value;
  throw typeError(message, value);
}

/**
 * R7RS's optional arguments `[start [end]]` of a sequence: a range within 0 … length.
 *
 * @param who  the operation; errors are `WHO: index must be a non-negative integer`, `WHO: indices out of bounds`
 */
export function wantRange(
  start: Value | undefined,
  end: Value | undefined,
  length: number,
  who: string,
): [number, number] {
  const message = `${who}: index must be a non-negative integer`;
  const from = start === undefined ? 0 : wantCount(start, message);
  const to = end === undefined ? length : wantCount(end, message);
  if (from > to || to > length) throw indexError(`${who}: indices out of bounds`, to > length ? to : from, length + 1);
  return [from, to];
}
