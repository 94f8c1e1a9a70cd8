// What indentation says about brackets that do not match: where one was probably forgotten, or is one too many.
//
//   (define (f x)
//     (let ((y 1)      what follows stands to the left of `((y`, so that one was meant to end here
//       (+ x y)))
//
// People indent what is inside a bracket deeper than the bracket. Where that and the brackets disagree, the brackets are
// probably wrong. This runs after a fault has been found, never for a sound text, and only adds to the report.

import { type Token, TokenKind, tokenKind } from './lexer.ts';
import type { LineIndex } from './line-index.ts';

export interface Place {
  readonly start: number;
  readonly end: number;
}

interface Opening {
  readonly token: Token;
  readonly line: number;
  readonly column: number;
}

export const endOf = (token: Token): number => token.startOffset + token.image.length;

export function isOpener(token: Token): boolean {
  const kind = tokenKind(token);
  return kind >= TokenKind.Open && kind <= TokenKind.OpenBytevector;
}

export function isCloser(token: Token): boolean {
  const kind = tokenKind(token);
  return kind === TokenKind.Close || kind === TokenKind.CloseSquare;
}

/**
 * The first bracket among the tokens from `from` up to `to` that still waits for its closer where a line begins no
 * further right than it, and the end of the text in front of that line; null if indentation tells nothing.
 */
export function likelyUnclosed(
  tokens: readonly Token[],
  from: number,
  to: number,
  lines: LineIndex,
): { readonly opener: Place; readonly closerAt: number } | null {
  const open: Opening[] = [];
  let lastLine = 0;
  for (let i = from; i < to; i++) {
    const token = tokens[i];
    lines.seek(token.startOffset);
    const { line, column } = lines;
    if (line > lastLine && !isCloser(token)) {
      const outer = open.find((each) => each.column >= column && each.line < line);
      if (outer !== undefined) return { opener: placeOf(outer.token), closerAt: endOf(tokens[i - 1]) };
    }
    lastLine = line;
    if (isOpener(token)) open.push({ token, line, column });
    else if (isCloser(token)) open.pop();
  }
  return null;
}

/**
 * In front of a closer that closes nothing: the last closer that ended a form at the top although the next line is
 * indented as if it went on; null if there is none.
 */
export function likelySurplus(tokens: readonly Token[], stray: number, lines: LineIndex): Place | null {
  let surplus: Place | null = null;
  let depth = 0;
  for (let i = topLevelStart(tokens, stray, lines); i < stray; i++) {
    if (isOpener(tokens[i])) depth++;
    else if (isCloser(tokens[i]) && --depth === 0) {
      lines.seek(tokens[i].startOffset);
      const { line } = lines;
      lines.seek(tokens[i + 1].startOffset);
      if (lines.line > line && lines.column > 1) surplus = placeOf(tokens[i]);
    }
  }
  return surplus;
}

/** Index of the last opener in the first column before `index`. */
function topLevelStart(tokens: readonly Token[], index: number, lines: LineIndex): number {
  for (let i = index - 1; i > 0; i--) {
    if (!isOpener(tokens[i])) continue;
    lines.seek(tokens[i].startOffset);
    if (lines.column === 1) return i;
  }
  return 0;
}

const placeOf = (token: Token): Place => ({ start: token.startOffset, end: endOf(token) });
