// How wide text is on a terminal, and how to make a source line safe to show there.

import { onDemand } from '../values/on-demand.ts';

/** First and last code points of what terminals draw two columns wide: East Asian wide and full-width forms, emoji. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

const zeroWidth = onDemand('^[\\p{Mn}\\p{Me}\\p{Cf}]$', 'u');

/** Columns that one character takes: 0, 1 or 2. */
export function charWidth(char: string): number {
  const code = char.codePointAt(0) as number;
  if (code < 0x300) return 1;
  if (zeroWidth().test(char)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

const TAB_STOP = 4;

/** One character as shown: a tab as blanks up to the next stop, a control character as its picture (`␛`). */
export function shownChar(char: string, column: number): string {
  if (char === '\t') return ' '.repeat(TAB_STOP - (column % TAB_STOP));
  const code = char.codePointAt(0) as number;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  // Half a character; C1 controls and marks that reorder text could make a terminal show something else than what is there.
  if (
    (code >= 0xd800 && code <= 0xdfff) ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  )
    return '�';
  return char;
}

/** A text of several lines as shown: what `shownChar` does to each character but tabs and line ends. */
export function shownText(text: string): string {
  return text.replace(/[^\t\n\x20-\x7e]/gu, (char) => shownChar(char, 0));
}

/** Columns that a text takes that has no tabs or control characters. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** A text on one line cut to so many columns, with `…` where something is missing. */
export function fitted(text: string, columns: number): string {
  let shown = '';
  let width = 0;
  for (const char of text.replace(/\s*\n\s*/g, ' ')) {
    const next = shownChar(char, width);
    if (width + charWidth(next) > columns) return `${shown.slice(0, -1)}…`;
    shown += next;
    width += charWidth(next);
  }
  return shown;
}
