// The text of one JSON value at the front of a port, and not a character more.
//
// A port may be a pipe whose writer waits for an answer to the first value, so reading must stop where the value ends.
// This scanner knows just enough to see that: brackets nest, strings hide brackets, numbers end at the first character
// that no number has. Whether it is JSON at all, the parser decides. It works on code points, since it sees every
// character of what may be a large file. Source: README B5.

import { END, MALFORMED, type Port, REPLACEMENT } from '../../values/ports.ts';
import { BYTE_ORDER_MARK } from './parser.ts';

const BLANKS = ' \t\n\r';
const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };
const IN_NUMBER = '-+.0123456789eE';
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Units that are kept as numbers before they become a string: one by one, strings would be chained. */
const CHUNK_UNITS = 4096;

/** Consumes leading blanks and the value; what is returned is all that was consumed. */
export function takeJsonText(port: Port): string {
  return new JsonTextScanner(port).take();
}

class JsonTextScanner {
  private text = '';
  private units: number[] = [];

  constructor(private readonly port: Port) {}

  take(): string {
    if (this.nextIsIn(BYTE_ORDER_MARK)) this.consume();
    while (this.nextIsIn(BLANKS)) this.consume();
    if (this.nextIsIn('{[')) this.takeContainer();
    else if (this.nextIsIn('-0123456789')) while (this.nextIsIn(IN_NUMBER)) this.consume();
    else if (this.nextIsIn('tfn')) this.takeLiteral();
    else if (this.consume() === QUOTE) this.takeString();
    return this.text + String.fromCharCode(...this.units);
  }

  private takeContainer(): void {
    let depth = 0;
    do {
      switch (this.consume()) {
        case 0x7b: // {
        case 0x5b: // [
          depth++;
          break;
        case 0x7d:
        case 0x5d:
          depth--;
          break;
        case QUOTE:
          this.takeString();
          break;
        case END:
          return;
      }
    } while (depth > 0);
  }

  /** The rest of a string whose opening quote has been read. */
  private takeString(): void {
    for (;;) {
      const point = this.consume();
      if (point === QUOTE || point === END) return;
      if (point === BACKSLASH) this.consume();
    }
  }

  private takeLiteral(): void {
    for (const letter of LITERALS[String.fromCharCode(this.port.peekCharacter())]) {
      if (!this.nextIsIn(letter)) return;
      this.consume();
    }
  }

  private nextIsIn(characters: string): boolean {
    const next = this.port.peekCharacter();
    return next >= 0 && characters.includes(String.fromCodePoint(next));
  }

  /** The next character, which goes to the text; END at the end. */
  private consume(): number {
    const read = this.port.readCharacter();
    if (read === END) return END;
    const point = read === MALFORMED ? REPLACEMENT : read;
    if (point < 0x10000) this.units.push(point);
    else this.units.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff)); // the surrogate pair
    if (this.units.length >= CHUNK_UNITS) {
      this.text += String.fromCharCode(...this.units);
      this.units.length = 0;
    }
    return point;
  }
}
