// Lexer: the table of tokens, run by chevrotain.
//
// chevrotain's Lexer chooses the patterns to try by the next character (START_CHARS_HINT), tries them in the order of
// the table, and reports offsets; lines and columns are ours (line-index.ts), because Eta's columns count bytes. The
// last row takes whatever no other row took, so chevrotain never has an error of its own to report: the texts of lexical
// errors are those of the specification, carried by the faulty token as its payload.
//
// Only chevrotain's Lexer is used. Its parsers descend recursively, which a million open brackets would overflow, and
// analysing a grammar takes longer than reading a usual file; our grammar is a list of data, for which an explicit stack
// (parser.ts) is also the simpler program.
//
// The lexer is built when text is first read: about 6 ms, once a process.
//
// Source: language §1.

import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';
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

/** A token; `payload` is there for scanned tokens only. */
export type Token = IToken;

const kinds: TokenKind[] = [];

export function tokenKind(token: Token): TokenKind {
  return kinds[token.tokenTypeIdx];
}

let lexer: Lexer | null = null;

/** Does the text begin with what is being tokenized? A byte-order mark and a shebang line stand only there. */
let isTextStart = true;

/** Only the first unterminated token of a text is cut short at the next form; see `abandon`. */
let abandoned = false;

/** The tokens of `text`, without white space and comments; `isStart` is false if it is cut out of a longer one. */
export function tokenize(text: string, isStart = true): Token[] {
  lexer ??= buildLexer();
  abandoned = false;
  isTextStart = isStart;
  return lexer.tokenize(text).tokens;
}

function buildLexer(): Lexer {
  const types = tokenTypes();
  const built = new Lexer(
    types.map(([, type]) => type),
    { positionTracking: 'onlyOffset', skipValidations: true },
  );
  // chevrotain numbers the types while it builds the lexer.
  for (const [kind, type] of types) kinds[type.tokenTypeIdx!] = kind;
  return built;
}

const B = `(?=[${BOUNDARY}]|$)`;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const NAME_STARTS = `${LETTERS}!$%&*/:<=>?^_~@+-.`;

const WHITE_SPACE = /[ \t\n\v\f\r]+/;
const LINE_COMMENT = /;[^\n]*/;
const INFINITY_OR_NAN = /[+-](?:inf|nan)\.0/i;
const IDENTIFIER = new RegExp(`(?:[${INITIAL}]|[+-](?![0-9.])|\\.(?![0-9])(?=[${SUBSEQUENT}]))[${SUBSEQUENT}]*${B}`);
const NUMBER = new RegExp(`[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?${B}`);
const BOOLEAN = new RegExp(`#(?:t(?:rue)?|f(?:alse)?)${B}`, 'i');

/** In the order in which they are tried. */
function tokenTypes(): [TokenKind, TokenType][] {
  return [
    row(TokenKind.Skipped, 'WhiteSpace', ' \t\n\v\f\r', WHITE_SPACE),
    row(TokenKind.Skipped, 'LineComment', ';', LINE_COMMENT),
    row(TokenKind.Open, 'Open', '(', '('),
    row(TokenKind.Close, 'Close', ')', ')'),
    row(TokenKind.OpenSquare, 'OpenSquare', '[', '['),
    row(TokenKind.CloseSquare, 'CloseSquare', ']', ']'),
    row(TokenKind.Quote, 'Quote', "'", "'"),
    row(TokenKind.Quasiquote, 'Quasiquote', '`', '`'),
    row(TokenKind.UnquoteSplicing, 'UnquoteSplicing', ',', /,@/),
    row(TokenKind.Unquote, 'Unquote', ',', ','),
    row(TokenKind.Scanned, 'String', '"', scanString),
    row(TokenKind.Scanned, 'BarIdentifier', '|', scanBarIdentifier),
    row(TokenKind.Number, 'InfinityOrNan', '+-', INFINITY_OR_NAN),
    row(TokenKind.Identifier, 'Identifier', NAME_STARTS, IDENTIFIER),
    row(TokenKind.Number, 'Number', `${DIGITS}+-.`, NUMBER),
    row(TokenKind.Identifier, 'WideIdentifier', [...codes(NAME_STARTS), ...beyondAscii()], scanWideIdentifier),
    row(TokenKind.Dot, 'Dot', '.', new RegExp(`\\.${B}`)),

    row(TokenKind.OpenVector, 'OpenVector', '#', /#\(/),
    row(TokenKind.Boolean, 'Boolean', '#', BOOLEAN),
    row(TokenKind.Scanned, 'Character', '#', after(/#\\/y, scanCharacter)),
    row(TokenKind.DatumComment, 'DatumComment', '#', /#;/),
    row(TokenKind.Skipped, 'BlockComment', '#', after(/#\|/y, scanBlockComment)),
    row(TokenKind.Scanned, 'UnterminatedBlockComment', '#', after(/#\|/y, scanUnterminated)),
    row(TokenKind.OpenBytevector, 'OpenBytevector', '#', /#[uU]8\(/),
    row(TokenKind.Scanned, 'PrefixedNumber', '#', after(/#[bodxei]/iy, scanPrefixedNumber)),
    row(TokenKind.LabelDefinition, 'LabelDefinition', '#', /#[0-9]+=/),
    row(TokenKind.LabelReference, 'LabelReference', '#', /#[0-9]+#/),
    row(TokenKind.Directive, 'Directive', '#', after(/#!/y, scanDirective)),

    row(TokenKind.Skipped, 'ByteOrderMark', [0xfeff], scanByteOrderMark),
    row(TokenKind.Scanned, 'Malformed', [...Array(128).keys(), ...beyondAscii()], scanMalformed),
  ];
}

/** Char codes beyond ASCII: all up to 255, then one of each bucket of 255 into which chevrotain sorts the others. */
function beyondAscii(): number[] {
  const found = Array.from({ length: 128 }, (_, i) => 128 + i);
  for (let code = 256; code < 0x10000; code += 255) found.push(code);
  found.push(0xffff);
  return found;
}

const codes = (chars: string): number[] => [...chars].map((char) => char.charCodeAt(0));

type Scanner = (text: string, start: number) => Scanned | null;

function row(
  kind: TokenKind,
  name: string,
  starts: string | readonly number[],
  pattern: RegExp | string | Scanner,
): [TokenKind, TokenType] {
  const type = createToken({
    name,
    pattern: typeof pattern === 'function' ? custom(pattern) : pattern,
    start_chars_hint: [...starts],
    ...(kind === TokenKind.Skipped ? { group: Lexer.SKIPPED } : {}),
  });
  return [kind, type];
}

type CustomMatch = RegExpExecArray & { payload?: unknown };

/** Wrap a scanner as a pattern of chevrotain's: it wants the matched text in an array, and takes a payload with it. */
function custom(scan: Scanner): { exec: (text: string, offset: number) => CustomMatch | null } {
  return {
    exec(text, offset) {
      const scanned = scan(text, offset);
      if (scanned === null) return null;
      const { content } = scanned;
      const end = content instanceof Flaw && content.fault.atEnd ? abandon(text, offset, scanned.end) : scanned.end;
      const match = [text.slice(offset, end)] as unknown as CustomMatch;
      match.payload = content;
      return match;
    },
  };
}

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
  const first = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return { end: directiveEnd(text, start, isTextStart && start === first), content: true };
}

function scanByteOrderMark(_text: string, start: number): Scanned | null {
  return isTextStart && start === 0 ? { end: 1, content: true } : null;
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
