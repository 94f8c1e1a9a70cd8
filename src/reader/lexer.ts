// Lexer: the table of tokens, and the loop that runs it.
//
// The next character chooses the rows to try, in the order of the table; a row is one character, a sticky regular
// expression, or a scanner (scanners.ts). The last row takes whatever no other row took, so that there is a token for
// every text: the texts of lexical errors are those of the specification, carried by the faulty token as its payload.
// Lines and columns are found later (line-index.ts), because Eta's columns count bytes.
//
// Source: language §1.

import { InvariantError } from '../values/errors.ts';
import type { Value } from '../values/types.ts';
import { BOUNDARY, INITIAL, isBoundary, nameEnd, SUBSEQUENT } from './characters.ts';
import { LEX } from './faults.ts';
import {
  blockCommentEnd,
  directiveEnd,
  Flaw,
  type Scanned,
  scanBarIdentifier,
  scanCharacter,
  scanMalformed,
  scanPrefixedNumber,
  scanString,
  unterminatedAt,
} from './scanners.ts';

export const enum TokenKind {
  Skipped,
  Open,
  OpenSquare,
  OpenVector,
  OpenBytevector,
  Close,
  CloseSquare,
  Quote,
  Quasiquote,
  Unquote,
  UnquoteSplicing,
  Dot,
  DatumComment,
  Directive,
  LabelDefinition,
  LabelReference,
  Identifier,
  Number,
  Boolean,
  /** The payload is the value, or a Flaw. */
  Scanned,
}

export class Token {
  constructor(
    readonly kind: TokenKind,
    readonly startOffset: number,
    readonly image: string,
    /** Of scanned tokens: the value, or a Flaw. */
    readonly payload: Value | Flaw,
  ) {}
}

type Scanner = (text: string, start: number) => Scanned | null;

interface Row {
  readonly kind: TokenKind;
  /** The character that is the token, a sticky expression, or a scanner. */
  readonly pattern: string | RegExp | Scanner;
}

/** Of the table: by the code of the first character, the rows to try. Beyond ASCII all are alike. */
let rowsByStart: readonly (readonly Row[])[] | null = null;
const BEYOND_ASCII = 128;

/** Does the text begin with what is being tokenized? A byte-order mark and a shebang line stand only there. */
let isTextStart = true;

/** Only the first unterminated token of a text is cut short at the next form; see `abandon`. */
let abandoned = false;

/** The tokens of `text`, without white space and comments; `isStart` is false if it is cut out of a longer one. */
export function tokenize(text: string, isStart = true): Token[] {
  rowsByStart ??= sortByStart(tokenTable());
  abandoned = false;
  isTextStart = isStart;
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    at = readToken(text, at, rowsByStart[code < BEYOND_ASCII ? code : BEYOND_ASCII], tokens);
  }
  return tokens;
}

/** Add the token at `start`, if it counts, and give its end. */
function readToken(text: string, start: number, rows: readonly Row[], tokens: Token[]): number {
  for (const { kind, pattern } of rows) {
    let end = start + 1;
    let content: Value | Flaw = true;
    if (typeof pattern === 'function') {
      const scanned = pattern(text, start);
      if (scanned === null) continue;
      ({ end, content } = scanned);
      if (content instanceof Flaw && content.fault.atEnd) end = abandon(text, start, end);
    } else if (typeof pattern !== 'string') {
      pattern.lastIndex = start;
      if (!pattern.test(text)) continue;
      end = pattern.lastIndex;
    }
    if (kind !== TokenKind.Skipped) tokens.push(new Token(kind, start, text.slice(start, end), content));
    return end;
  }
  throw new InvariantError('the last row takes every text');
}

function sortByStart(table: readonly (readonly [Row, string])[]): Row[][] {
  const sorted: Row[][] = Array.from({ length: BEYOND_ASCII + 1 }, () => []);
  for (const [row, starts] of table) {
    const codes =
      starts === ANYTHING ? sorted.keys() : [...starts].map((char) => Math.min(char.charCodeAt(0), BEYOND_ASCII));
    for (const code of codes) sorted[code].push(row);
  }
  return sorted;
}

const B = `(?=[${BOUNDARY}]|$)`;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const BYTE_ORDER_MARK = '\ufeff';
/** As the start of a row: all that is not ASCII; everything. */
const WIDE = '\u0080';
const ANYTHING = '';
const NAME_STARTS = `${LETTERS}!$%&*/:<=>?^_~@+-.`;

const WHITE_SPACE = /[ \t\n\v\f\r]+/y;
const LINE_COMMENT = /;[^\n]*/y;
const INFINITY_OR_NAN = /[+-](?:inf|nan)\.0/iy;
const IDENTIFIER = new RegExp(
  `(?:[${INITIAL}]|[+-](?![0-9.])|\\.(?![0-9])(?=[${SUBSEQUENT}]))[${SUBSEQUENT}]*${B}`,
  'y',
);
const NUMBER = new RegExp(`[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?${B}`, 'y');
const BOOLEAN = new RegExp(`#(?:t(?:rue)?|f(?:alse)?)${B}`, 'iy');

/** In the order in which they are tried: the kind, the characters that it starts with, and how it goes on. */
function tokenTable(): [Row, string][] {
  return [
    row(TokenKind.Skipped, ' \t\n\v\f\r', WHITE_SPACE),
    row(TokenKind.Skipped, ';', LINE_COMMENT),
    row(TokenKind.Open, '(', '('),
    row(TokenKind.Close, ')', ')'),
    row(TokenKind.OpenSquare, '[', '['),
    row(TokenKind.CloseSquare, ']', ']'),
    row(TokenKind.Quote, "'", "'"),
    row(TokenKind.Quasiquote, '`', '`'),
    row(TokenKind.UnquoteSplicing, ',', /,@/y),
    row(TokenKind.Unquote, ',', ','),
    row(TokenKind.Scanned, '"', scanString),
    row(TokenKind.Scanned, '|', scanBarIdentifier),
    row(TokenKind.Number, '+-', INFINITY_OR_NAN),
    row(TokenKind.Identifier, NAME_STARTS, IDENTIFIER),
    row(TokenKind.Number, `${DIGITS}+-.`, NUMBER),
    row(TokenKind.Identifier, NAME_STARTS + WIDE, scanWideIdentifier),
    row(TokenKind.Dot, '.', new RegExp(`\\.${B}`, 'y')),

    row(TokenKind.OpenVector, '#', /#\(/y),
    row(TokenKind.Boolean, '#', BOOLEAN),
    row(TokenKind.Scanned, '#', after(/#\\/y, scanCharacter)),
    row(TokenKind.DatumComment, '#', /#;/y),
    row(TokenKind.Skipped, '#', after(/#\|/y, scanBlockComment)),
    row(TokenKind.Scanned, '#', after(/#\|/y, scanUnterminated)),
    row(TokenKind.OpenBytevector, '#', /#[uU]8\(/y),
    row(TokenKind.Scanned, '#', after(/#[bodxei]/iy, scanPrefixedNumber)),
    row(TokenKind.LabelDefinition, '#', /#[0-9]+=/y),
    row(TokenKind.LabelReference, '#', /#[0-9]+#/y),
    row(TokenKind.Directive, '#', after(/#!/y, scanDirective)),

    row(TokenKind.Skipped, WIDE, scanByteOrderMark),
    row(TokenKind.Scanned, ANYTHING, scanMalformed),
  ];
}

const row = (kind: TokenKind, starts: string, pattern: Row['pattern']): [Row, string] => [{ kind, pattern }, starts];

/** Try `scan` only where `start` matches. */
function after(start: RegExp, scan: Scanner): Scanner {
  return (text, offset) => {
    start.lastIndex = offset;
    return start.test(text) ? scan(text, offset) : null;
  };
}

/** A name with characters beyond ASCII. Its symbol is made by the parser, from the image. */
function scanWideIdentifier(text: string, start: number): Scanned | null {
  const end = nameEnd(text, start);
  return end > start && isBoundary(text, end) ? { end, content: true } : null;
}

function scanBlockComment(text: string, start: number): Scanned | null {
  const end = blockCommentEnd(text, start);
  return end === -1 ? null : { end, content: true };
}

/** Tried after `scanBlockComment`. */
function scanUnterminated(text: string, start: number): Scanned {
  return { end: text.length, content: unterminatedAt(text, start, LEX.unterminatedBlockComment) };
}

function scanDirective(text: string, start: number): Scanned {
  const first = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  return { end: directiveEnd(text, start, isTextStart && start === first), content: true };
}

function scanByteOrderMark(text: string, start: number): Scanned | null {
  return isTextStart && start === 0 && text.startsWith(BYTE_ORDER_MARK) ? { end: 1, content: true } : null;
}

/**
 * Where to go on after a token that nothing terminates: at the next bracket in the first column, which probably begins
 * a form of its own. That is done once a text: to look for the end of every later one would be quadratic.
 */
function abandon(text: string, start: number, end: number): number {
  if (abandoned) return end;
  abandoned = true;
  const form = text.indexOf('\n(', start);
  return form === -1 ? end : form + 1;
}
