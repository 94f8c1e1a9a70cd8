// Gathering lines until they are a submission that can be read.
//
// Asking the reader after every line would make long inputs quadratic. So only the tokens of the new line are looked
// at as long as brackets are open; the reader has the last word once they are closed.
//
// Source: tools §4.2, §5.1.

import { type Token, TokenKind, tokenize, tokenKind } from '../reader/lexer.ts';
import { type ReadStatus, readStatus } from '../reader/read-status.ts';
import { Flaw } from '../reader/scanners.ts';

export class Gathering {
  text = '';
  /** How much of the text has been taken apart: an unterminated string or comment begins here. */
  private scanned = 0;
  /** The closing brackets that are due, innermost last. */
  private readonly due: TokenKind[] = [];

  /** Add a line; gives whether the text is complete now. */
  add(line: string): ReadStatus {
    this.text += this.text === '' ? line : `\n${line}`;
    for (const token of tokenize(this.text.slice(this.scanned), this.scanned === 0)) {
      if (isUnterminated(token)) {
        this.scanned += token.startOffset;
        return 'incomplete';
      }
      if (!this.follow(tokenKind(token))) return readStatus(this.text);
    }
    this.scanned = this.text.length;
    return this.due.length > 0 ? 'incomplete' : readStatus(this.text);
  }

  /** Keep track of brackets; false if one is closed that was not opened. */
  private follow(kind: TokenKind): boolean {
    const closing = closingOf(kind);
    if (closing !== null) this.due.push(closing);
    return kind === TokenKind.Close || kind === TokenKind.CloseSquare ? this.due.pop() === kind : true;
  }
}

const isUnterminated = ({ payload }: Token): boolean => payload instanceof Flaw && payload.fault.atEnd;

/** The bracket that closes what a token opens, null for other tokens. */
export function closingOf(kind: TokenKind): TokenKind.Close | TokenKind.CloseSquare | null {
  switch (kind) {
    case TokenKind.Open:
    case TokenKind.OpenVector:
    case TokenKind.OpenBytevector:
      return TokenKind.Close;
    case TokenKind.OpenSquare:
      return TokenKind.CloseSquare;
    default:
      return null;
  }
}
