// What the editor knows of the text that is being typed: tokens, comments, which brackets belong together, and how a new
// line is indented.
//
// The tokens are the reader's, so that colours and brackets agree with what will be read. What lies between tokens is
// white space and comments. Source: language §1.

import { childShape, nextColumn, type OpenList, type Shape, shapeOf } from '../../format/indentation.ts';
import { PREFIXES } from '../../format/pieces.ts';
import { TokenKind, tokenize, tokenKind } from '../../reader/lexer.ts';
import { Flaw } from '../../reader/scanners.ts';
import { textWidth } from '../../values/display-width.ts';
import { closingOf } from '../gathering.ts';

export type TokenClass = 'comment' | 'string' | 'number' | 'constant' | 'name' | 'head' | 'bracket' | 'fault' | 'quote';

export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly class: TokenClass;
}

/** A call, or another list, that a place lies in. */
export interface Enclosing {
  /** The name at its head; null if that is something else. */
  readonly head: string | null;
  /** How many elements stand in front of the place. */
  readonly count: number;
}

/** A token of the reader, with its place. */
export interface CodeToken {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly image: string;
  readonly flaw: Flaw | null;
}

/** A list while tokens are followed: what indentation needs, and where it began. */
interface OpenBracket extends OpenList {
  readonly token: CodeToken;
  readonly closing: TokenKind;
  head: string | null;
  headLine: number;
  shape: Shape;
  /** The shape that the list around it gives it; undefined: by its head. */
  readonly given: Shape | undefined;
}

const tokensOf = (text: string): CodeToken[] =>
  tokenize(text).map((token) => {
    const { startOffset: start, image, payload } = token;
    const flaw = payload instanceof Flaw ? payload : null;
    return { kind: tokenKind(token), start, end: start + image.length, image, flaw };
  });

const isUnterminated = ({ flaw }: CodeToken): boolean => flaw?.fault.atEnd ?? false;

export class CodeText {
  readonly tokens: readonly CodeToken[];
  /** By the offset of a bracket, that of the one that belongs to it; -1 for a bracket that is wrong. */
  private readonly partners = new Map<number, number>();

  constructor(readonly text: string) {
    this.tokens = tokensOf(text);
    this.pairBrackets();
  }

  /** Everything but white space and plain names, in order. */
  pieces(): Piece[] {
    const pieces: Piece[] = [];
    let end = 0;
    let before: CodeToken | null = null;
    for (const token of [...this.tokens, null]) {
      const start = token?.start ?? this.text.length;
      for (const { index, 0: comment } of this.text.slice(end, start).matchAll(/;[^\n]*|#\|[\s\S]*/g)) {
        pieces.push({ start: end + index, end: end + index + comment.length, class: 'comment' });
      }
      if (token === null) break;
      end = token.end;
      pieces.push({ start, end, class: this.classOf(token, before) });
      before = token;
    }
    return pieces;
  }

  /** The bracket at a cursor, the one before it if that closes, else the one behind, last; its partner before it. */
  pairAt(cursor: number): readonly number[] {
    for (const offset of [cursor - 1, cursor]) {
      const partner = this.partners.get(offset);
      const isClosing = /[)\]]/.test(this.text[offset] ?? '');
      if (partner !== undefined && isClosing === offset < cursor) return partner < 0 ? [offset] : [partner, offset];
    }
    return [];
  }

  /** Whether a bracket closes what it does not fit, or nothing. */
  isWrong(offset: number): boolean {
    return this.partners.get(offset) === -1;
  }

  /** The offset of the bracket that belongs to the one at `offset`; null if there is none. */
  partnerOf(offset: number): number | null {
    const partner = this.partners.get(offset);
    return partner === undefined || partner < 0 ? null : partner;
  }

  /** The innermost list around a place; null outside of all. */
  enclosing(offset: number): Enclosing | null {
    const list = this.openLists(offset).at(-1);
    return list === undefined ? null : { head: list.head, count: list.count };
  }

  /** Whether a place lies in a string that has not been closed in front of it; gives where that begins, else -1. */
  stringStart(offset: number): number {
    const token = this.tokens.findLast(({ start }) => start < offset);
    if (token === undefined || token.image[0] !== '"') return -1;
    return offset < token.end || (isUnterminated(token) && offset <= token.end) ? token.start : -1;
  }

  /** The columns by which a line that begins at `offset` is indented; null inside of a string or comment. */
  indentation(offset: number): number | null {
    const last = this.tokens.findLast(({ start }) => start < offset);
    if (last !== undefined && (last.end > offset || isUnterminated(last))) return null;
    const list = this.openLists(offset).at(-1);
    return list === undefined ? 0 : nextColumn(list);
  }

  private pairBrackets(): void {
    const open: CodeToken[] = [];
    for (const token of this.tokens) {
      const { kind, start } = token;
      if (closingOf(kind) !== null) open.push(token);
      if (kind !== TokenKind.Close && kind !== TokenKind.CloseSquare) continue;
      const opening = open.at(-1);
      if (opening === undefined || closingOf(opening.kind) !== kind) this.partners.set(start, -1);
      else {
        open.pop();
        const bracket = opening.end - 1;
        this.partners.set(start, bracket).set(bracket, start);
      }
    }
  }

  private classOf(token: CodeToken, before: CodeToken | null): TokenClass {
    const { kind, flaw, image } = token;
    if (flaw !== null && !flaw.fault.atEnd) return 'fault';
    if (closingOf(kind) !== null) return 'bracket';
    if (PREFIXES.has(kind)) return 'quote';
    switch (kind) {
      case TokenKind.Close:
      case TokenKind.CloseSquare:
        return this.isWrong(token.start) ? 'fault' : 'bracket';
      case TokenKind.Number:
        return 'number';
      case TokenKind.Boolean:
        return 'constant';
      case TokenKind.Identifier:
        return before?.kind === TokenKind.Open ? 'head' : 'name';
      case TokenKind.Scanned:
        if (image.startsWith('"')) return 'string';
        if (image.startsWith('#|')) return 'comment';
        return image.startsWith('#\\') ? 'constant' : image.startsWith('#') ? 'number' : 'name';
      default:
        return 'name';
    }
  }

  /** The lists that are open at a place, innermost last. */
  private openLists(offset: number): readonly OpenBracket[] {
    const lists: OpenBracket[] = [];
    let before: CodeToken | null = null;
    for (const token of this.tokens) {
      const { kind } = token;
      if (token.end > offset) break;
      if (kind === TokenKind.Close || kind === TokenKind.CloseSquare) {
        if (lists.at(-1)?.closing === kind) lists.pop();
      } else {
        const isPrefixed = before !== null && PREFIXES.has(before.kind);
        if (!isPrefixed && kind !== TokenKind.DatumComment) this.countElement(lists.at(-1), token);
        const closing = closingOf(kind);
        if (closing !== null) lists.push(this.openBracket(token, closing, lists.at(-1), before));
      }
      before = token;
    }
    return lists;
  }

  private openBracket(
    token: CodeToken,
    closing: TokenKind,
    around: OpenBracket | undefined,
    before: CodeToken | null,
  ): OpenBracket {
    const column = this.columnOf(token.start);
    const isQuoted = before?.kind === TokenKind.Quote || around?.shape === 'quoted';
    const given = around === undefined ? undefined : childShape(around.shape, around.count - 1);
    const shape: Shape = isQuoted ? 'quoted' : token.image.startsWith('#') ? 'data' : (given ?? 'data');
    const inner = column + token.image.length;
    return { token, closing, column, inner, shape, given, head: null, headLine: 0, count: 0, operandColumn: -1 };
  }

  private countElement(list: OpenBracket | undefined, token: CodeToken): void {
    if (list === undefined) return;
    const isName = token.kind === TokenKind.Identifier;
    if (list.count === 0) {
      list.head = isName && list.token.kind !== TokenKind.OpenVector ? token.image : null;
      list.headLine = this.lineStart(token.start);
      if (list.given === undefined && list.shape === 'data' && !list.token.image.startsWith('#')) {
        list.shape = shapeOf(list.head, false);
      } else if (list.given === 'clause' && list.shape === 'clause' && closingOf(token.kind) !== null)
        list.shape = 'data';
    } else if (list.count === 1) {
      if (list.headLine === this.lineStart(token.start)) list.operandColumn = this.columnOf(token.start);
      if (list.head === 'let' && isName) list.shape = shapeOf('let', true);
    }
    list.count++;
  }

  private lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  private columnOf(offset: number): number {
    return textWidth(this.text.slice(this.lineStart(offset), offset));
  }
}
