// Number syntax: the one definition of what text is a number, for the reader and for `string->number`.
//
//   decimal      [sign] digits [. digits] [e [sign] digits]     a dot or an exponent makes it a flonum
//   special      +inf.0 -inf.0 +nan.0 -nan.0
//   other radix  [sign] digits                                  integers only, at most 64 bits
//   prefixes     #b #o #d #x  and  #e #i, at most one of each, in either order
//
// There are no rationals and no bignums. Where `#e` asks for an exact number that has no representation (#e1.5, or an
// integer beyond 64 bits), the result is the nearest flonum, as it is for long decimal integers.
//
// Sources: language §1.6; README V2, V3, "Numbers".

import { flonum, integerFromBigint, type Value } from '../values/types.ts';
import { type Fault, LEX } from './faults.ts';

const PREFIXES = /^(?:#([bodx])(?:#([ei]))?|#([ei])(?:#([bodx]))?)?/i;
const INTEGER = /^[+-]?[0-9]+$/;
const DECIMAL = /^([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?$/;
const SPECIAL = /^[+-](?:inf|nan)\.0$/i;
const RADIXES: Readonly<Record<string, number>> = { b: 2, o: 8, d: 10, x: 16 };

/** Decimal integers of up to this many characters, sign included, are safe integers of JavaScript. */
const SAFE_LENGTH = 15;

/** The number that `text` spells, or null if it spells none. A prefix in the text overrules `radix` (2 … 36). */
export function parseNumber(text: string, radix = 10): Value | null {
  if (text.charCodeAt(0) !== 35) return parseBody(text, radix, '');
  const [whole, radixFirst, exactSecond, exactFirst, radixSecond] = PREFIXES.exec(text)!;
  if (whole === '') return null;
  const radixLetter = (radixFirst ?? radixSecond)?.toLowerCase();
  const exactness = (exactFirst ?? exactSecond ?? '').toLowerCase();
  return parseBody(text.slice(whole.length), radixLetter === undefined ? radix : RADIXES[radixLetter], exactness);
}

function parseBody(body: string, radix: number, exactness: string): Value | null {
  if (SPECIAL.test(body)) return exactness === 'e' ? null : parseSpecial(body);
  if (radix === 10) return parseDecimal(body, exactness);
  const integer = parseInRadix(body, radix);
  return integer !== null && exactness === 'i' ? flonum(Number(integer)) : integer;
}

function parseSpecial(body: string): number {
  if (body[1].toLowerCase() === 'n') return NaN;
  return body[0] === '-' ? -Infinity : Infinity;
}

function parseDecimal(body: string, exactness: string): Value | null {
  if (INTEGER.test(body)) {
    if (exactness === 'i') return finite(Number(body));
    // `+ 0` turns -0 into the integer 0.
    if (body.length <= SAFE_LENGTH) return Number(body) + 0;
    return parseLongInteger(body);
  }
  const parts = DECIMAL.exec(body);
  if (parts === null) return null;
  return exactness === 'e' ? parseExact(body, parts) : finite(Number(body));
}

/** Digits beyond 64 bits give a flonum at once: BigInt needs more than linear time for a hostile number of them. */
function parseLongInteger(body: string): Value | null {
  const digits = body.replace(/^[+-]?0*/, '');
  if (digits.length > 19) return finite(Number(body));
  const magnitude = BigInt(digits === '' ? 0 : digits);
  return integerFromBigint(body[0] === '-' ? -magnitude : magnitude);
}

function finite(value: number): Value | null {
  return Number.isFinite(value) ? flonum(value) : null;
}

/** `#e` of a decimal with a point or an exponent: the integer if it is one of 64 bits, else the nearest flonum. */
function parseExact(
  body: string,
  [, sign, whole = '', fraction = '', bare = '', exponent = '0']: string[],
): Value | null {
  const places = fraction + bare;
  const significant = (whole + places).replace(/^0+/, '');
  const digits = significant.replace(/0+$/, '');
  if (digits === '') return 0;
  const scale = Number(exponent) - places.length + (significant.length - digits.length);
  if (scale < 0 || digits.length + scale > 19) return finite(Number(body));
  const magnitude = BigInt(digits + '0'.repeat(scale));
  return integerFromBigint(sign === '-' ? -magnitude : magnitude);
}

/** An integer in a radix other than ten; null beyond 64 bits (language §1.6). */
function parseInRadix(body: string, radix: number): Value | null {
  let at = body[0] === '+' || body[0] === '-' ? 1 : 0;
  if (at === body.length) return null;
  const base = BigInt(radix);
  const limit = 2n ** 63n;
  let magnitude = 0n;
  for (; at < body.length; at++) {
    const digit = digitValue(body.charCodeAt(at));
    if (digit >= radix) return null;
    magnitude = magnitude * base + BigInt(digit);
    if (magnitude > limit) return null;
  }
  if (body[0] === '-') magnitude = -magnitude;
  return magnitude === limit ? null : integerFromBigint(magnitude);
}

/** 0 … 35, or 36 for what is no digit in any radix. */
function digitValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 122 ? lower - 87 : 36;
}

/**
 * Why a word that starts like a number is none, and how much of it the number syntax could use.
 *
 * @param word  up to the next token boundary
 * @param atEnd  whether the text ends with the word
 * Returns a null fault where the spelling is fine and only the value is out of range.
 */
export function explainNumber(word: string, atEnd: boolean): { fault: Fault | null; length: number } {
  const prefix = PREFIXES.exec(word)![0];
  const rest = word.slice(prefix.length);
  if (rest[0] === '#')
    return { fault: rest === '#' && atEnd ? LEX.hashAtEnd : LEX.badPrefix, length: prefix.length + 1 };
  const radixLetter = /#([box])/i.exec(prefix)?.[1].toLowerCase();
  if (radixLetter !== undefined) return explainInRadix(prefix, rest, RADIXES[radixLetter]);
  const mantissa = /^[+-]?([0-9]*)(?:\.([0-9]*))?/.exec(rest)!;
  let length = prefix.length + mantissa[0].length;
  if (!mantissa[1] && !mantissa[2]) return { fault: LEX.noDigits, length };
  const exponent = /^[eE][+-]?([0-9]*)/.exec(word.slice(length));
  if (exponent !== null) {
    length += exponent[0].length;
    if (exponent[1] === '') return { fault: LEX.noExponent, length };
  }
  return { fault: length < word.length ? LEX.numberDelimiter : null, length };
}

function explainInRadix(prefix: string, rest: string, radix: number): { fault: Fault | null; length: number } {
  let at = rest[0] === '+' || rest[0] === '-' ? 1 : 0;
  if (at === rest.length) return { fault: LEX.missingDigits, length: prefix.length + at };
  while (at < rest.length && digitValue(rest.charCodeAt(at)) < radix) at++;
  return { fault: at < rest.length ? LEX.badDigit : null, length: prefix.length + at };
}
