// Reading while somebody types: is a text complete, could more input complete it, or is it wrong already?
//
// Source: tools §5.1.

import { tokenize } from './lexer.ts';
import { Parser } from './parser.ts';

export type ReadStatus = 'complete' | 'incomplete' | 'wrong';

/** `wrong` should be submitted like `complete`, for its diagnostics to be seen. */
export function readStatus(text: string): ReadStatus {
  const parser = new Parser(text, tokenize(text), {
    place: null,
    maxForms: Number.POSITIVE_INFINITY,
    maxFindings: 1,
    maxDepth: Number.POSITIVE_INFINITY,
    labels: true,
    foldCase: false,
    isR7rs: false,
  });
  parser.run();
  const [finding] = parser.findings;
  if (finding !== undefined) return finding.fault.atEnd ? 'incomplete' : 'wrong';
  return endsWithDot(text) ? 'incomplete' : 'complete';
}

/** Does the last line that is neither blank nor a comment begin with a dot? */
function endsWithDot(text: string): boolean {
  const last = text.split('\n').findLast((line) => !/^\s*(?:;|$)/.test(line));
  return last?.trimStart().startsWith('.') ?? false;
}
