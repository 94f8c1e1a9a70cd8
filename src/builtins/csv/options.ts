// The options of CSV readers, writers and fact tables: an association list, checked key by key in its order.
//
// Source: builtins §17.1, §17.5.

import { type EtaError, typeError } from '../../values/errors.ts';
import { textOf } from '../../values/mutable-string.ts';
import { Char, listToArray, Pair, Sym, type Value } from '../../values/types.ts';
import { QUOTE_POLICIES, type QuotePolicy } from './cells.ts';

export interface CsvOptions {
  delimiter: string;
  quote: string;
  header: boolean;
  headerRow: number;
  trim: boolean;
  comment: string | null;
  columnNames: readonly string[] | null;
  nullTokens: ReadonlySet<string>;
  quotePolicy: QuotePolicy;
  inferTypes: boolean;
}

const COMMON = ['delimiter', 'quote', 'header', 'column-names'];
const READING = [...COMMON, 'header-row', 'trim', 'comment', 'null-tokens'];

/** The keys that each kind of user takes. */
export const READER_KEYS: readonly string[] = READING;
export const WRITER_KEYS: readonly string[] = [...COMMON, 'quote-policy'];
export const LOAD_KEYS: readonly string[] = [...READING, 'infer-types?', 'infer-types'];
export const SAVE_KEYS: readonly string[] = WRITER_KEYS;

/** Read an option list for the builtin `who`, which takes `keys`. */
export function parseOptions(value: Value, keys: readonly string[], who: string): CsvOptions {
  const options: CsvOptions = {
    delimiter: ',',
    quote: '"',
    header: true,
    headerRow: 0,
    trim: true,
    comment: null,
    columnNames: null,
    nullTokens: new Set(['', 'NA', 'NaN']),
    quotePolicy: 'minimal',
    inferTypes: true,
  };
  const entries = listToArray(value);
  if (entries === null) throw typeError(`${who}: options must be an alist`, value);
  for (const entry of entries) {
    if (!(entry instanceof Pair)) throw typeError(`${who}: options must be an alist`, entry);
    const name = nameText(entry.car);
    if (name === null) throw typeError(`${who}: option key must be a symbol or string`, entry.car);
    const key = name.replace(/^:+/, '');
    if (!keys.includes(key)) throw typeError(`${who}: unknown option key '${key}'`);
    setOption(options, key, entry.cdr, who);
  }
  return options;
}

function setOption(options: CsvOptions, key: string, value: Value, who: string): void {
  const invalid = (name: string, what: string): EtaError => typeError(`${who}: ${name} must be ${what}`, value);
  switch (key) {
    case 'delimiter':
    case 'quote':
      options[key] = wantAscii(key, value, invalid);
      return;
    case 'comment':
      options.comment = value === false ? null : wantAscii(key, value, invalid);
      return;
    case 'header':
    case 'trim':
      options[key] = wantBoolean(key, value, invalid);
      return;
    case 'infer-types?':
    case 'infer-types':
      options.inferTypes = wantBoolean('infer-types?', value, invalid);
      return;
    case 'header-row':
      if (!(typeof value === 'number' && Number.isInteger(value) && value >= 0)) {
        throw invalid(key, 'a non-negative fixnum');
      }
      options.headerRow = value;
      return;
    case 'column-names':
      options.columnNames = value === false ? null : wantTexts(key, value, invalid);
      return;
    case 'null-tokens':
      options.nullTokens = new Set(value === false ? [] : wantTexts(key, value, invalid));
      return;
    case 'quote-policy':
      options.quotePolicy = wantQuotePolicy(value, invalid);
  }
}

type Invalid = (key: string, what: string) => EtaError;

function wantAscii(key: string, value: Value, invalid: Invalid): string {
  if (!(value instanceof Char)) throw invalid(key, 'a character');
  if (value.code > 0x7f) throw invalid(key, 'an ASCII character');
  return String.fromCharCode(value.code);
}

function wantBoolean(key: string, value: Value, invalid: Invalid): boolean {
  if (typeof value !== 'boolean') throw invalid(key, '#t or #f');
  return value;
}

function wantTexts(key: string, value: Value, invalid: Invalid): string[] {
  const items = listToArray(value);
  if (items === null) throw invalid(key, 'a proper list');
  return items.map((item) => {
    const text = nameText(item);
    if (text === null) throw invalid(key, 'a symbol or string');
    return text;
  });
}

function wantQuotePolicy(value: Value, invalid: Invalid): QuotePolicy {
  const name = nameText(value)?.replace(/^:+/, '');
  const policy = QUOTE_POLICIES.find((known) => known === name);
  if (policy === undefined) throw invalid('quote-policy', `one of ${QUOTE_POLICIES.join(', ')}`);
  return policy;
}

/** The text of a string or a symbol, null for anything else. */
export const nameText = (value: Value): string | null => (value instanceof Sym ? value.name : (textOf(value) ?? null));

/** A reader cannot tell these characters apart if two of them are the same. */
export function checkCharacters({ delimiter, quote, trim }: CsvOptions, who: string): void {
  const offending = new Set<string>();
  if (quote === delimiter) offending.add(quote);
  if (trim) for (const character of [delimiter, quote]) if (' \t'.includes(character)) offending.add(character);
  if (offending.size === 0) return;
  const list = [...offending].sort().map((character) => `'${character}'`);
  throw typeError(
    `${who}: There should be no overlap between the quote character, the set of possible delimiters and the set of ` +
      `whitespace characters. Offending characters: ${list.join(', ')}.`,
  );
}
