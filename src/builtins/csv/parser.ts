// CSV text to rows of fields, one row at a time, from a string or a file of any size.
//
// Written here rather than taken from a package: the contract is a particular one (a blank line is a row of no fields, a
// quote opens a field only as its very first character, a quote inside that ends nothing is data, quoted fields are
// trimmed too), and no package offers all of it with synchronous reading.
//
// Invariant: `buffer` holds the text from `position` on that has been read ahead. A field that crosses the end of the
// buffer is carried over in a string of its own, so that each character is looked at once: linear time.
// Source: builtins §17.2, stdlib §11.1.

/** More text of the input; an empty string at its end. */
export type TextSource = () => string;

export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  /** Strip blanks and tabs from both ends of each field. */
  readonly trim: boolean;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = '\ufeff';

export class CsvParser {
  /** The line that the next row begins on, from 1. */
  line = 1;
  private buffer = '';
  private position = 0;
  private isAtEnd = false;
  private readonly delimiter: number;
  private readonly quote: number;
  private readonly trim: boolean;

  constructor(
    private readonly source: TextSource,
    dialect: Dialect,
  ) {
    this.delimiter = dialect.delimiter.charCodeAt(0);
    this.quote = dialect.quote.charCodeAt(0);
    this.trim = dialect.trim;
    if (this.peek() === BYTE_ORDER_MARK.charCodeAt(0)) this.position++;
  }

  /** The fields of the next row, null at the end of the input. */
  nextRow(): string[] | null {
    const first = this.peek();
    if (first < 0) return null;
    const fields: string[] = [];
    if (first === LINE_FEED || first === CARRIAGE_RETURN) {
      this.endRow(first);
      return fields;
    }
    for (;;) {
      const isQuoted = this.peek() === this.quote;
      const text = isQuoted ? this.quotedField() : this.plainField();
      if (isQuoted) this.line += lineEnds(text);
      fields.push(this.trim ? trimBlanks(text) : text);
      const code = this.peek();
      if (code !== this.delimiter) {
        this.endRow(code);
        return fields;
      }
      this.position++;
    }
  }

  /** The next character, as a code unit, -1 at the end; it stays unread. */
  private peek(): number {
    if (this.position >= this.buffer.length && !this.refill()) return -1;
    return this.buffer.charCodeAt(this.position);
  }

  /** Replace a buffer that has been read to its end. */
  private refill(): boolean {
    if (this.isAtEnd) return false;
    this.buffer = this.source();
    this.position = 0;
    this.isAtEnd = this.buffer === '';
    return !this.isAtEnd;
  }

  private endRow(code: number): void {
    if (code < 0) return;
    this.line++;
    this.position++;
    if (code === CARRIAGE_RETURN && this.peek() === LINE_FEED) this.position++;
  }

  /** Up to a delimiter or the end of the row. */
  private plainField(): string {
    let text = '';
    do {
      const { buffer } = this;
      const start = this.position;
      let i = start;
      for (; i < buffer.length; i++) {
        const code = buffer.charCodeAt(i);
        if (code === this.delimiter || code === LINE_FEED || code === CARRIAGE_RETURN) break;
      }
      text += buffer.slice(start, i);
      this.position = i;
      if (i < buffer.length) return text;
    } while (this.refill());
    return text;
  }

  /** A field that begins with a quote: to the quote that a delimiter or the end of the row follows. */
  private quotedField(): string {
    this.position++;
    let text = '';
    for (;;) {
      text += this.untilQuote();
      if (this.peek() < 0) return text;
      this.position++;
      const next = this.peek();
      if (next < 0 || next === this.delimiter || next === LINE_FEED || next === CARRIAGE_RETURN) return text;
      text += String.fromCharCode(this.quote);
      if (next === this.quote) this.position++;
    }
  }

  private untilQuote(): string {
    let text = '';
    while (this.peek() >= 0) {
      const found = this.buffer.indexOf(String.fromCharCode(this.quote), this.position);
      const end = found < 0 ? this.buffer.length : found;
      text += this.buffer.slice(this.position, end);
      this.position = end;
      if (found >= 0) break;
    }
    return text;
  }
}

function lineEnds(text: string): number {
  return text.includes('\n') || text.includes('\r') ? (text.match(/\r\n|\r|\n/g)?.length ?? 0) : 0;
}

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
