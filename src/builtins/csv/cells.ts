// Cells: from the text of a field to a typed value, and from a value to the text of a field.
//
// Source: builtins §17.3, §17.4, README V2.

import { flonumToText } from '../../values/number-text.ts';
import { isNumber } from '../../values/numbers.ts';
import { displayText } from '../../values/printer.ts';
import { flonum, integerFromBigint, NIL, type Value } from '../../values/types.ts';

const INTEGER = /^-?\d+$/;
const FRACTION = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL = /^(-?)(inf|infinity|nan)$/i;

/** The integer that the whole of a text is, null if it is none of 64 bits. */
export function integerCell(text: string): Value | null {
  if (!INTEGER.test(text)) return null;
  if (text.length <= 15) return Number(text) + 0; // the sum removes the sign of -0
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? integerFromBigint(value) : null;
}

/** The flonum that the whole of a text is, null if it is none within the range of doubles. */
export function fractionCell(text: string): Value | null {
  const special = SPECIAL.exec(text);
  if (special !== null) {
    if (special[2].toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (!FRACTION.test(text)) return null;
  const value = Number(text);
  const isLost = !Number.isFinite(value) || (value === 0 && /[1-9]/.test(text.replace(/e.*/i, '')));
  return isLost ? null : flonum(value);
}

/** `()` for a null token, else an integer, else a flonum, else the text. */
export function typedCell(text: string, nullTokens: ReadonlySet<string>): Value {
  if (nullTokens.has(text)) return NIL;
  return integerCell(text) ?? fractionCell(text) ?? text;
}

/** The text of a value, before quoting. */
export function cellText(value: Value): string {
  if (value === NIL) return '';
  if (typeof value === 'number' && !Number.isInteger(value)) return specialText(value);
  return displayText(value);
}

function specialText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return flonumToText(value, 'display');
}

export const QUOTE_POLICIES = ['minimal', 'all', 'non-numeric', 'none'] as const;
export type QuotePolicy = (typeof QUOTE_POLICIES)[number];

export interface WriterDialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly quotePolicy: QuotePolicy;
}

/** One row of text with its line end. */
export function rowText(cells: readonly Value[], dialect: WriterDialect): string {
  return `${cells.map((cell) => fieldText(cell, dialect)).join(dialect.delimiter)}\n`;
}

function fieldText(value: Value, { delimiter, quote, quotePolicy }: WriterDialect): string {
  const text = cellText(value);
  const isQuoted =
    quotePolicy === 'all' ||
    (quotePolicy === 'non-numeric' && !isNumber(value)) ||
    (quotePolicy === 'minimal' && (text.includes(delimiter) || text.includes(quote) || /[\r\n]/.test(text)));
  return isQuoted ? quote + text.replaceAll(quote, quote + quote) + quote : text;
}
