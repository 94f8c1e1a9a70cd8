// Numbers as text: the shortest decimal that reads back as the same double, in JavaScript's exponent form.
//
// `display` shows an integral flonum without a point (`2`), `write` marks it as a flonum (`2.0`).
//
// Source: README V2.

import { doubleOf, isExactInteger } from './numbers.ts';
import type { Value } from './types.ts';

export type NumberMode = 'display' | 'write';

/**
 * The text of a number (of any kind; the caller has checked that it is one).
 *
 * @param radix  2 … 36; letters are lower case, no prefix is written
 */
export function numberToText(value: Value, mode: NumberMode, radix = 10): string {
  if (isExactInteger(value)) return value.toString(radix);
  return flonumToText(Number(doubleOf(value)), mode, radix);
}

/** The text of a double that stands for a flonum, whether or not it is integral. */
export function flonumToText(value: number, mode: NumberMode, radix = 10): string {
  if (Number.isNaN(value)) return '+nan.0';
  if (!Number.isFinite(value)) return value > 0 ? '+inf.0' : '-inf.0';
  const text = Object.is(value, -0) ? '-0' : value.toString(radix);
  if (mode === 'display' || text.includes('.') || (radix === 10 && text.includes('e'))) return text;
  return `${text}.0`;
}
