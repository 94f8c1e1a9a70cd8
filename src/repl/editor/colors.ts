// The colours of code that is being typed, as parameters of select-graphic-rendition.

import type { CodeText, TokenClass } from './code-text.ts';

const COLORS: Readonly<Record<TokenClass, string>> = {
  comment: '2',
  string: '32',
  number: '36',
  constant: '36',
  quote: '35',
  name: '',
  head: '',
  bracket: '',
  fault: '31',
};
const KEYWORD = '1;34';
const FUNCTION = '34';
const PAIR = '1;4;36';
const WRONG = '1;7;31';

/** What a name at the head of a list is. */
export type HeadKind = 'keyword' | 'function' | 'unknown';

/** The style of each character of a text, by offset. */
export function stylesOf(code: CodeText, cursor: number, headKind: (name: string) => HeadKind): string[] {
  const styles: string[] = [];
  const paint = (start: number, end: number, style: string) => {
    if (style !== '') for (let at = start; at < end; at++) styles[at] = style;
  };
  for (const { start, end, class: tokenClass } of code.pieces()) {
    const kind = tokenClass === 'head' ? headKind(code.text.slice(start, end)) : 'unknown';
    paint(start, end, kind === 'keyword' ? KEYWORD : kind === 'function' ? FUNCTION : COLORS[tokenClass]);
  }
  for (const offset of code.pairAt(cursor)) paint(offset, offset + 1, code.isWrong(offset) ? WRONG : PAIR);
  return styles;
}
