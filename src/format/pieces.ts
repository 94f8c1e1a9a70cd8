// Pieces: a source text as what a formatter moves about: tokens, comments, and where the author broke lines.
//
//   (define x   ; why        open `(`, atom `define`, atom `x`, comment `; why`,
//     '(1))                  prefix `'` on a new line, open `(`, atom `1`, close, close
//
// Comments are what lies between the tokens of the lexer, so that the two never disagree about where a comment begins.
// Source: language §1.

import { type Token, TokenKind, tokenize, tokenKind } from '../reader/lexer.ts';

export type PieceKind = 'open' | 'close' | 'atom' | 'prefix' | 'line comment' | 'block comment';

export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
  /** Line ends between the piece before and this one: 0 on the same line, 2 or more behind an empty line. */
  readonly newlines: number;
  /** Of an `open`: the index of its `close`. */
  close: number;
  /** Columns on one line, of an `open` those of the whole list; infinite if a comment or a line end stands in it. */
  flat: number;
  /** Of an `open`: whether lists stand in the list. */
  isNested: boolean;
  /** How many brackets close right behind the piece, of an `open` behind the whole list. */
  closersBehind: number;
}

const OPENS = new Set([TokenKind.Open, TokenKind.OpenSquare, TokenKind.OpenVector, TokenKind.OpenBytevector]);
const CLOSES = new Set([TokenKind.Close, TokenKind.CloseSquare]);
/** What stands before a datum without a space. */
export const PREFIXES: ReadonlySet<TokenKind> = new Set([
  TokenKind.Quote,
  TokenKind.Quasiquote,
  TokenKind.Unquote,
  TokenKind.UnquoteSplicing,
  TokenKind.DatumComment,
  TokenKind.LabelDefinition,
]);

/** The pieces of a text that the reader has found no fault in. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const token of tokenize(text)) {
    const newlines = addComments(text.slice(end, token.startOffset), pieces);
    pieces.push(piece(kindOf(token), token.image.replaceAll('\r\n', '\n'), newlines));
    end = token.startOffset + token.image.length;
  }
  addComments(text.slice(end), pieces);
  measure(pieces);
  return pieces;
}

function kindOf(token: Token): PieceKind {
  const kind = tokenKind(token);
  if (OPENS.has(kind)) return 'open';
  if (CLOSES.has(kind)) return 'close';
  return PREFIXES.has(kind) ? 'prefix' : 'atom';
}

const piece = (kind: PieceKind, text: string, newlines: number): Piece => ({
  kind,
  text,
  newlines,
  close: -1,
  flat: columnsOf(text),
  isNested: false,
  closersBehind: 0,
});

/** Columns of a text on one line, infinite if it has several. */
const columnsOf = (text: string): number => (text.includes('\n') ? Number.POSITIVE_INFINITY : [...text].length);

/** Add the comments of a gap between two tokens; gives the count of line ends behind the last one. */
function addComments(gap: string, pieces: Piece[]): number {
  let newlines = 0;
  for (let at = 0; at < gap.length; ) {
    if (gap[at] === ';') {
      const end = gap.indexOf('\n', at);
      const text = gap.slice(at, end < 0 ? gap.length : end).trimEnd();
      pieces.push(piece('line comment', text, newlines));
      newlines = 0;
      at += text.length;
    } else if (gap.startsWith('#|', at)) {
      const end = blockEnd(gap, at);
      pieces.push(piece('block comment', gap.slice(at, end).replaceAll('\r\n', '\n'), newlines));
      newlines = 0;
      at = end;
    } else {
      if (gap[at] === '\n') newlines++;
      at++;
    }
  }
  return newlines;
}

/** Behind the block comment, which may hold others, that begins at `start`. */
function blockEnd(text: string, start: number): number {
  const mark = /#\||\|#/g;
  mark.lastIndex = start;
  for (let depth = 0; ; ) {
    const match = mark.exec(text);
    if (match === null) return text.length;
    depth += match[0] === '#|' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
}

/** Match brackets, and add up how wide lists are. */
function measure(pieces: readonly Piece[]): void {
  for (let at = pieces.length - 2; at >= 0; at--) {
    if (pieces[at + 1].kind === 'close') pieces[at].closersBehind = pieces[at + 1].closersBehind + 1;
  }
  const open: Piece[] = [];
  const add = (width: number) => {
    if (open.length > 0) open[open.length - 1].flat += width;
  };
  pieces.forEach((each, index) => {
    if (open.length > 0 && breaksLine(pieces, index)) add(Number.POSITIVE_INFINITY);
    if (each.kind === 'close') {
      const list = open.pop()!;
      list.close = index;
      list.closersBehind = each.closersBehind;
      list.flat += 1;
      add(list.flat);
      return;
    }
    if (index > 0 && open.length > 0 && !isTight(pieces[index - 1], each)) add(1);
    if (each.kind === 'open') {
      if (open.length > 0) open[open.length - 1].isNested = true;
      open.push(each);
    } else add(each.kind === 'line comment' ? Number.POSITIVE_INFINITY : each.flat);
  });
}

/** Whether the author's line end before a piece is kept: not behind a bracket or a quote, and not before a bracket. */
export function breaksLine(pieces: readonly Piece[], index: number): boolean {
  const { kind, newlines } = pieces[index];
  if (newlines === 0 || index === 0) return false;
  const isComment = kind === 'line comment' || kind === 'block comment';
  const before = pieces[index - 1].kind;
  return isComment || (kind !== 'close' && before !== 'open' && before !== 'prefix');
}

/** Whether no space stands between two pieces on one line. */
export const isTight = (before: Piece, after: Piece): boolean =>
  before.kind === 'prefix' || (before.kind === 'open' && after.kind !== 'line comment') || after.kind === 'close';
