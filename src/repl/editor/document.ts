// The text being edited, with its cursor: values, and functions from one to the next.
//
// Offsets count UTF-16 units, and a cursor never stands inside of what the user sees as one character.

import { textWidth } from '../../values/display-width.ts';

export interface Document {
  readonly text: string;
  readonly cursor: number;
}

export const EMPTY: Document = { text: '', cursor: 0 };

/** A document with its cursor at the end. */
export const endOf = (text: string): Document => ({ text, cursor: text.length });

/** Put a text in place of what stands between two offsets; the cursor is behind it. */
export function replaced({ text }: Document, start: number, end: number, insertion: string): Document {
  return { text: text.slice(0, start) + insertion + text.slice(end), cursor: start + insertion.length };
}

export const inserted = (document: Document, insertion: string): Document =>
  replaced(document, document.cursor, document.cursor, insertion);

export const movedTo = ({ text }: Document, cursor: number): Document => ({
  text,
  cursor: Math.min(Math.max(cursor, 0), text.length),
});

let segmenter: Intl.Segmenter | null = null;

/** Where the character behind the cursor ends. */
export function nextCharacter({ text, cursor }: Document): number {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const [first] = segmenter.segment(text.slice(cursor, cursor + 64));
  return cursor + (first?.segment.length ?? 0);
}

/** Where the character in front of the cursor begins. */
export function previousCharacter({ text, cursor }: Document): number {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let last = cursor;
  const start = Math.max(text.lastIndexOf('\n', cursor - 2) + 1, cursor - 64, 0);
  for (const { index } of segmenter.segment(text.slice(start, cursor))) last = start + index;
  return last;
}

/** What belongs to a word: names have more in them than letters, but their parts are what one moves by. */
const WORD = /[\p{L}\p{N}_]/u;

export function wordEnd({ text, cursor }: Document): number {
  let at = cursor;
  while (at < text.length && !WORD.test(text[at])) at++;
  while (at < text.length && WORD.test(text[at])) at++;
  return at;
}

export function wordStart({ text, cursor }: Document): number {
  let at = cursor;
  while (at > 0 && !WORD.test(text[at - 1])) at--;
  while (at > 0 && WORD.test(text[at - 1])) at--;
  return at;
}

/** Where what stands between blanks begins: what Ctrl-W deletes. */
export function blankStart({ text, cursor }: Document): number {
  let at = cursor;
  while (at > 0 && /\s/.test(text[at - 1])) at--;
  while (at > 0 && !/[\s()[\]"]/.test(text[at - 1])) at--;
  // At a bracket there is no word to delete: the bracket is.
  return at === cursor ? Math.max(0, cursor - 1) : at;
}

export const lineStart = ({ text, cursor }: Document): number => text.lastIndexOf('\n', cursor - 1) + 1;

export function lineEnd({ text, cursor }: Document): number {
  const end = text.indexOf('\n', cursor);
  return end < 0 ? text.length : end;
}

/** The cursor in the line above or below, as near to `column` as it gets; null if there is no such line. */
export function inNeighbourLine(document: Document, direction: -1 | 1, column: number): number | null {
  const { text } = document;
  const border = direction < 0 ? lineStart(document) - 1 : lineEnd(document);
  if (border < 0 || (direction > 0 && border >= text.length)) return null;
  const start = direction < 0 ? text.lastIndexOf('\n', border - 1) + 1 : border + 1;
  const end = lineEnd({ text, cursor: start });
  let at = start;
  while (at < end && textWidth(text.slice(start, at)) < column) at = Math.min(nextCharacter({ text, cursor: at }), end);
  return at;
}

/** Columns between the start of the line and the cursor. */
export const columnOf = (document: Document): number =>
  textWidth(document.text.slice(lineStart(document), document.cursor));
