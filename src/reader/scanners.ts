// Scanners: the tokens that one regular expression cannot describe, found by hand-written loops.
//
// Each takes the text and the offset of the token's first character, and returns where the token ends and either its
// value or the fault in it. A faulty token still ends at a sensible place, so that one slip gives one diagnostic. All
// are linear in what they consume, and none recurses or leans on a regular expression's backtracking stack.
//
// Sources: language §1.1, §1.4, §1.5, §1.7.

import { type Char, charOf, intern, type Value } from '../values/types.ts';
import { CHARACTER_NAMES, isBoundary, nameEnd, showCharacter, wordEnd } from './characters.ts';
import { type Fault, LEX, lexFault, PARSE } from './faults.ts';
import { explainNumber, parseNumber } from './number-syntax.ts';
import { explainIllFormed, findIllFormed } from './source-text.ts';

/** A fault inside a token; `end` is where the reader noticed (language §1.8: a span ends "at the current position"). */
export class Flaw {
  constructor(
    readonly fault: Fault,
    readonly end: number,
  ) {}
}

/** A scanned token: where it ends, and what it is. */
export interface Scanned {
  readonly end: number;
  readonly content: Value | Flaw;
}

/**
 * `"…"`. Beyond the reference it may span lines (a CRLF inside is one newline), a backslash at the end of a line joins
 * the next as in R7RS, and the escapes that only its documentation knows, `\0` and `\uXXXX`, are there.
 */
export function scanString(text: string, start: number): Scanned {
  return scanQuoted(text, start, STRING);
}

/** `|…|`, which must be followed by a boundary. */
export function scanBarIdentifier(text: string, start: number): Scanned {
  const { end, content } = scanQuoted(text, start, BAR);
  if (content instanceof Flaw) return { end, content };
  if (!isBoundary(text, end)) return { end: wordEnd(text, end), content: new Flaw(LEX.identifierDelimiter, end) };
  return { end, content: intern(content as string) };
}

/** The name that the image of a bar identifier without flaws stands for in R7RS, where \n between bars is a newline. */
export const r7rsBarName = (image: string): string => scanQuoted(image, 0, R7RS_BAR).content as string;

interface QuoteStyle {
  readonly stop: RegExp;
  readonly unterminated: Fault;
  /** The meaning of the escape at `at`, which is no hex escape. */
  readonly readEscape: (text: string, at: number) => Escape;
}

interface Escape {
  readonly end: number;
  readonly meaning: string | Fault;
}

const STRING: QuoteStyle = { stop: /["\\]/g, unterminated: LEX.unterminatedString, readEscape: stringEscape };
const BAR: QuoteStyle = { stop: /[|\\]/g, unterminated: LEX.unterminatedBar, readEscape: barEscape };

const R7RS_BAR: QuoteStyle = { ...BAR, readEscape: r7rsBarEscape };

function scanQuoted(text: string, start: number, { stop, unterminated, readEscape }: QuoteStyle): Scanned {
  const chunks: string[] = [];
  let flaw: Flaw | null = null;
  let at = start + 1;
  for (;;) {
    stop.lastIndex = at;
    const match = stop.exec(text);
    if (match === null) return { end: text.length, content: unterminatedAt(text, start, unterminated) };
    chunks.push(text.slice(at, match.index));
    if (match[0] !== '\\') {
      at = match.index + 1;
      break;
    }
    const { end, meaning } = hexEscape(text, match.index) ?? readEscape(text, match.index);
    if (typeof meaning === 'string') chunks.push(meaning);
    else flaw ??= new Flaw(meaning, end);
    at = end;
  }
  if (flaw !== null) return { end: at, content: flaw };
  const raw = text.slice(start, at);
  const bad = findIllFormed(raw);
  if (bad !== -1) return { end: at, content: new Flaw(explainIllFormed(text, start + bad), start + bad + 1) };
  return { end: at, content: raw.includes('\r\n') ? joinRaw(chunks) : chunks.join('') };
}

/** The token takes the rest of the text, but only its first line is shown. */
export function unterminatedAt(text: string, start: number, fault: Fault): Flaw {
  const lineEnd = text.indexOf('\n', start);
  return new Flaw(fault, lineEnd === -1 ? text.length : lineEnd);
}

/** Chunks at even places are raw text, where CRLF counts as LF; those at odd places are the meanings of escapes. */
function joinRaw(chunks: readonly string[]): string {
  return chunks.map((chunk, i) => (i % 2 === 0 ? chunk.replaceAll('\r\n', '\n') : chunk)).join('');
}

const HEX_ESCAPE = /\\[xX]([0-9A-Fa-f]*)/y;

function hexEscape(text: string, at: number): Escape | null {
  HEX_ESCAPE.lastIndex = at;
  const match = HEX_ESCAPE.exec(text);
  if (match === null) return null;
  const end = HEX_ESCAPE.lastIndex;
  if (text[end] !== ';') return { end, meaning: LEX.badHexDigit };
  const meaning = scalarValue(match[1]);
  return { end: end + 1, meaning: typeof meaning === 'number' ? String.fromCodePoint(meaning) : meaning };
}

function scalarValue(hex: string): number | Fault {
  if (hex === '') return LEX.emptyHex;
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff) return LEX.hexTooLarge;
  return code >= 0xd800 && code <= 0xdfff ? LEX.hexSurrogate : code;
}

const MEANINGS: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  r: '\r',
  '"': '"',
  '\\': '\\',
};
const LINE_JOIN = /\\[ \t]*\r?\n[ \t]*/y;

function stringEscape(text: string, at: number): Escape {
  const meaning = MEANINGS[text[at + 1]];
  if (meaning !== undefined) return { end: at + 2, meaning };
  if (text[at + 1] === 'u') return unicodeEscape(text, at);
  LINE_JOIN.lastIndex = at;
  if (LINE_JOIN.test(text)) return { end: LINE_JOIN.lastIndex, meaning: '' };
  return { end: Math.min(at + 2, text.length), meaning: LEX.badEscape };
}

const UNICODE_ESCAPE = /\\u([0-9A-Fa-f]{0,4})/y;
const SURROGATE_PAIR = /\\u([Dd][89ABab][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})/y;

/** `\u03BB`; a character beyond U+FFFF is a pair of surrogates, as in JSON. */
function unicodeEscape(text: string, at: number): Escape {
  SURROGATE_PAIR.lastIndex = at;
  const pair = SURROGATE_PAIR.exec(text);
  if (pair !== null) {
    const meaning = String.fromCharCode(Number.parseInt(pair[1], 16), Number.parseInt(pair[2], 16));
    return { end: SURROGATE_PAIR.lastIndex, meaning };
  }
  UNICODE_ESCAPE.lastIndex = at;
  const [whole, digits] = UNICODE_ESCAPE.exec(text)!;
  const value = digits.length % 4 === 0 ? scalarValue(digits) : LEX.badHexDigit;
  return { end: at + whole.length, meaning: typeof value === 'number' ? String.fromCodePoint(value) : value };
}

function barEscape(text: string, at: number): Escape {
  return { end: Math.min(at + 2, text.length), meaning: text.slice(at + 1, at + 2) };
}

function r7rsBarEscape(text: string, at: number): Escape {
  const letter = text[at + 1];
  return 'abtnr'.includes(letter) ? { end: at + 2, meaning: MEANINGS[letter] } : barEscape(text, at);
}

/** Offset after the nesting block comment `#| … |#` at `start`, or -1 if it does not end. */
export function blockCommentEnd(text: string, start: number): number {
  const marks = /\|#|#\|/g;
  marks.lastIndex = start + 2;
  for (let depth = 1; depth > 0; ) {
    const mark = marks.exec(text);
    if (mark === null) return -1;
    depth += mark[0] === '#|' ? 1 : -1;
  }
  return marks.lastIndex;
}

/** Offset after the directive `#!word` at `start`. As the first thing of a text it is a whole line, unless it folds. */
export function directiveEnd(text: string, start: number, isFirst: boolean): number {
  const end = wordEnd(text, start + 2);
  const word = text.slice(start, end);
  if (!isFirst || word === '#!fold-case' || word === '#!no-fold-case') return end;
  const lineEnd = text.indexOf('\n', start);
  return lineEnd === -1 ? text.length : lineEnd;
}

const HEX_CHARACTER = /[xX]([0-9A-Fa-f]+)/y;

/** `#\…`. The `;` of a hex character may be missing (the printer leaves it out), and `#\x` is the letter x. */
export function scanCharacter(text: string, start: number): Scanned {
  const at = start + 2;
  if (at >= text.length) return { end: at, content: new Flaw(LEX.charAtEnd, at) };
  const first = text.codePointAt(at)!;
  if (first === 0 || first === 0x20 || (first >= 9 && first <= 13))
    return { end: at, content: new Flaw(LEX.charEmpty, at) };
  if (isBoundary(text, at)) return boundedCharacter(text, at + 1, charOf(first));
  const end = wordEnd(text, at);
  if (end - at === (first > 0xffff ? 2 : 1)) return { end, content: soleCharacter(first, end) };
  if (first === 0x78 || first === 0x58) return hexCharacter(text, at, end);
  return { end, content: namedCharacter(text.slice(at, end), end) };
}

function boundedCharacter(text: string, end: number, char: Char): Scanned {
  if (isBoundary(text, end)) return { end, content: char };
  return { end: wordEnd(text, end), content: new Flaw(LEX.charDelimiter, end) };
}

function soleCharacter(code: number, end: number): Char | Flaw {
  return code >= 0xd800 && code <= 0xdfff ? new Flaw(LEX.invalidUtf8, end) : charOf(code);
}

function hexCharacter(text: string, at: number, end: number): Scanned {
  HEX_CHARACTER.lastIndex = at;
  const match = HEX_CHARACTER.exec(text);
  if (match === null || HEX_CHARACTER.lastIndex !== end) {
    const noticed = match === null ? at + 1 : HEX_CHARACTER.lastIndex;
    return { end, content: new Flaw(LEX.charBadHex, noticed) };
  }
  const code = scalarValue(match[1]);
  const after = text[end] === ';' ? end + 1 : end;
  if (typeof code !== 'number') return { end: after, content: new Flaw(code, after) };
  return boundedCharacter(text, after, charOf(code));
}

function namedCharacter(name: string, end: number): Char | Flaw {
  const code = CHARACTER_NAMES.get(name.toLowerCase());
  return code === undefined ? new Flaw(lexFault('InvalidChar', `unknown character name: ${name}`), end) : charOf(code);
}

/** `#x1F`, `#e#b101` … */
export function scanPrefixedNumber(text: string, start: number): Scanned {
  const end = wordEnd(text, start);
  const value = parseNumber(text.slice(start, end));
  return { end, content: value ?? numberFlaw(text, start, end) };
}

/** Why the word from `start` to `end` is not a number; its value may be out of range, which is the parser's affair. */
function numberFlaw(text: string, start: number, end: number): Flaw {
  const { fault, length } = explainNumber(text.slice(start, end), end === text.length);
  return new Flaw(fault ?? PARSE.badNumber, start + length);
}

/** What every malformed token is: the rest of the word, and the reason. */
export function scanMalformed(text: string, start: number): Scanned {
  const end = Math.max(wordEnd(text, start), start + 1);
  if (/^(?:[0-9]|[+-][0-9.]|\.[0-9])/.test(text.slice(start, start + 2)))
    return { end, content: numberFlaw(text, start, end) };
  const name = nameEnd(text, start);
  if (name > start) return { end, content: nameFlaw(text, name) };
  if (text[start] === '#') return malformedHash(text, start, end);
  const char = String.fromCodePoint(text.codePointAt(start)!);
  return { end, content: unexpected(showCharacter(char), start + char.length) };
}

function nameFlaw(text: string, end: number): Flaw {
  const next = String.fromCodePoint(text.codePointAt(end)!);
  if (next.charCodeAt(0) < 128) return new Flaw(LEX.identifierDelimiter, end);
  const hint = `${showCharacter(next)} is neither white space nor part of a name`;
  return new Flaw(lexFault('MissingDelimiter', LEX.identifierDelimiter.detail, { hint }), end);
}

function malformedHash(text: string, start: number, end: number): Scanned {
  if (end === start + 1) {
    const fault = end === text.length ? LEX.hashAtEnd : unexpected("'#'", end).fault;
    return { end, content: new Flaw(fault, end) };
  }
  switch (text[start + 1]) {
    case 't':
    case 'T':
    case 'f':
    case 'F':
      return { end, content: new Flaw(LEX.booleanDelimiter, start + 2) };
    case 'u':
    case 'U':
      return { end, content: new Flaw(LEX.bytevectorOpen, start + 2) };
    case '<':
      return unreadable(text, start, end);
    default: {
      const char = String.fromCodePoint(text.codePointAt(start + 1)!);
      return { end, content: unexpected(`${showCharacter(char)} after #`, start + 1 + char.length) };
    }
  }
}

const UNREADABLE = /#<[^>\n]*>/y;

/** `#<closure>`: the printed form of an object, taken whole so that a blank in it does not lead to more faults. */
function unreadable(text: string, start: number, wordEnd: number): Scanned {
  UNREADABLE.lastIndex = start;
  const end = UNREADABLE.test(text) ? UNREADABLE.lastIndex : wordEnd;
  const hint = '#<…> is how an object without a readable form prints';
  return {
    end,
    content: new Flaw(lexFault('InvalidToken', '', { message: "unexpected '<' after #", hint }), start + 2),
  };
}

function unexpected(what: string, end: number): Flaw {
  return new Flaw(lexFault('InvalidToken', '', { message: `unexpected character ${what}` }), end);
}
