// The screen: an edited text as rows of a terminal, painted over what was painted before.
//
//   eta> (define (f x)       the prompt, the text with its colours
//   ...    (car x|           further lines, and what does not fit into a line on further rows
//   (car p)                  below it, dim: a signature, candidates, what is searched
//
// Rows are broken here and not by the terminal, so that it is known where the cursor is. A text that is higher than the
// terminal is shown around the cursor. All of it is written at once, behind a cursor that is hidden meanwhile.
//
// Source: ECMA-48.

import { charWidth, fitted, shownChar, textWidth } from '../../values/display-width.ts';

export interface View {
  readonly prompt: string;
  readonly continuation: string;
  readonly text: string;
  readonly cursor: number;
  /** The select-graphic-rendition parameters of a character of the text, empty for none: `1;34`. */
  readonly styleAt: (offset: number) => string;
  readonly promptStyle: string;
  readonly below: readonly string[];
  readonly belowStyle: string;
}

export interface ScreenOutput {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
}

interface Row {
  text: string;
  width: number;
}

interface Layout {
  readonly rows: readonly Row[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

const NOTHING: Layout = { rows: [], cursorRow: 0, cursorColumn: 0 };

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_LINE_END = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const CLEAR_ALL = '\x1b[H\x1b[2J';

/** What terminals that tell no size have, and the least that we lay out for. */
const LEAST_COLUMNS = 4;

export class Screen {
  /** What is on the terminal, from the row of the prompt on. */
  private painted = NOTHING;

  constructor(private readonly output: ScreenOutput) {}

  /** Show a view in place of the one that was painted last. */
  paint(view: View): void {
    const whole = layOut(view, this.columns);
    const height = Math.max(1, this.output.rows);
    const below = view.below.map((line) => lineBelow(line, this.columns, view.belowStyle));
    this.write(windowOf(whole, [...below], height));
  }

  /** Something else has written where the cursor was: show the view below that. */
  paintBelow(view: View, mark: string): void {
    this.painted = NOTHING;
    this.freshLine(mark);
    this.paint(view);
  }

  /** Show a view for the last time: whole, without what is below; what is written next stands on a new line. */
  finish(view: View): void {
    const { rows } = layOut({ ...view, cursor: view.text.length }, this.columns);
    // A row that is full has led the cursor into another, which is not needed.
    const isEmpty = rows.length > 1 && rows[rows.length - 1].text === '';
    const whole = isEmpty ? rows.slice(0, -1) : rows;
    this.write({ rows: whole, cursorRow: whole.length - 1, cursorColumn: 0 });
    this.output.write('\r\n');
    this.painted = NOTHING;
  }

  /** The terminal has another size: it may have broken our rows anew. */
  resized(view: View): void {
    const { rows, cursorRow, cursorColumn } = this.painted;
    const { columns } = this;
    const rowsOf = (width: number) => Math.max(1, Math.ceil(width / columns));
    const above = rows.slice(0, cursorRow).reduce((sum, { width }) => sum + rowsOf(width), 0);
    const row = above + Math.floor(Math.min(cursorColumn, Math.max(0, cursorColumn - 1)) / columns);
    this.painted = { rows, cursorRow: Math.min(row, Math.max(0, this.output.rows - 1)), cursorColumn };
    this.paint(view);
  }

  /** Begin again at the top. */
  clear(): void {
    this.output.write(CLEAR_ALL);
    this.painted = NOTHING;
  }

  /** Go to the start of a line: on from what a program has printed, if that did not end its line. */
  freshLine(mark: string): void {
    // Blanks fill the rest of an empty line exactly; behind other text they lead into the next one.
    const blanks = ' '.repeat(Math.max(0, this.columns - 1));
    this.output.write(`${mark}${blanks}\r${CLEAR_LINE_END}`);
  }

  private get columns(): number {
    return Math.max(LEAST_COLUMNS, this.output.columns);
  }

  private write(layout: Layout): void {
    const { rows, cursorRow, cursorColumn } = layout;
    const up = (count: number) => (count > 0 ? `\x1b[${count}A` : '');
    const lines = rows.map(({ text }) => `${text}${CLEAR_LINE_END}`).join('\r\n');
    const right = cursorColumn > 0 ? `\x1b[${cursorColumn}C` : '';
    this.output.write(
      `${HIDE_CURSOR}${up(this.painted.cursorRow)}\r${lines}${CLEAR_BELOW}` +
        `${up(rows.length - 1 - cursorRow)}\r${right}${SHOW_CURSOR}`,
    );
    this.painted = layout;
  }
}

/** As much of the rows as fits, the cursor's among them, and then what is below as far as there is room. */
function windowOf({ rows, cursorRow, cursorColumn }: Layout, below: readonly Row[], height: number): Layout {
  const start = Math.max(0, Math.min(cursorRow - (height >> 1), rows.length - height));
  const shown = rows.slice(start, start + height);
  const room = below.slice(0, height - shown.length);
  return { rows: [...shown, ...room], cursorRow: cursorRow - start, cursorColumn };
}

/** Break a view into rows. */
export function layOut(view: View, columns: number): Layout {
  const rows: Row[] = [];
  let text = '';
  let width = 0;
  let style = '';
  let cursor: { row: number; column: number } | null = null;

  const endRow = () => {
    rows.push({ text: style === '' ? text : `${text}\x1b[0m`, width });
    text = '';
    width = 0;
    style = '';
  };
  const put = (char: string, charStyle: string) => {
    const shown = shownChar(char, width);
    const columnsOfChar = char === '\t' ? shown.length : charWidth(shown);
    if (width + columnsOfChar > columns) endRow();
    if (charStyle !== style)
      text += charStyle === '' ? '\x1b[0m' : `${style === '' ? '' : '\x1b[0m'}\x1b[${charStyle}m`;
    style = charStyle;
    text += shown;
    width += columnsOfChar;
  };
  const mark = () => {
    cursor = width >= columns ? { row: rows.length + 1, column: 0 } : { row: rows.length, column: width };
  };

  for (const char of view.prompt) put(char, view.promptStyle);
  let offset = 0;
  for (const char of view.text) {
    if (offset === view.cursor) mark();
    if (char === '\n') {
      endRow();
      for (const each of view.continuation) put(each, view.promptStyle);
    } else put(char, view.styleAt(offset));
    offset += char.length;
  }
  if (cursor === null) mark();
  endRow();
  const { row, column } = cursor as unknown as { row: number; column: number };
  while (rows.length <= row) rows.push({ text: '', width: 0 });
  return { rows, cursorRow: row, cursorColumn: column };
}

/** A line below, cut to the width of the terminal. */
function lineBelow(line: string, columns: number, style: string): Row {
  const text = fitted(line, columns - 1);
  return { text: style === '' ? text : `\x1b[${style}m${text}\x1b[0m`, width: textWidth(text) };
}
