// The text of one JSON value at the front of a port, and not a character more.
//
// A port may be a pipe whose writer waits for an answer to the first value, so reading must stop where the value ends.
// This scanner knows just enough to see that: brackets nest, strings hide brackets, numbers end at the first character
// that no number has. Whether it is JSON at all, the parser decides. Source: README B5.

import { MALFORMED, type Port } from '../../values/ports.ts';
import { BYTE_ORDER_MARK } from './parser.ts';

const BLANKS = ' \t\n\r';
const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };
const IN_NUMBER = /[-+.0-9eE]/;
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
    if (this.peek() === BYTE_ORDER_MARK) this.consume();
    while (this.nextIsIn(BLANKS)) this.consume();
    const first = this.peek();
    if (first === '{' || first === '[') this.takeContainer();
    else if (first === '"') {
      this.consume();
      this.takeString();
    } else if (Object.hasOwn(LITERALS, first)) this.takeLiteral(LITERALS[first]);
    else if (first === '-' || (first >= '0' && first <= '9')) while (IN_NUMBER.test(this.peek())) this.consume();
    else this.consume();
    return this.text + String.fromCharCode(...this.units);
  }

  private takeContainer(): void {
    let depth = 0;
    do {
      const character = this.consume();
      if (character === '{' || character === '[') depth++;
      else if (character === '}' || character === ']') depth--;
      else if (character === '"') this.takeString();
      else if (character === '') return;
    } while (depth > 0);
  }

  /** The rest of a string whose opening quote has been read. */
  private takeString(): void {
    for (;;) {
      const character = this.consume();
      if (character === '"' || character === '') return;
      if (character === '\\') this.consume();
    }
  }

  private takeLiteral(word: string): void {
    for (const letter of word) {
      if (this.peek() !== letter) return;
      this.consume();
    }
  }

  private nextIsIn(characters: string): boolean {
    const next = this.peek();
    return next !== '' && characters.includes(next);
  }

  /** The next character, empty at the end. */
  private peek(): string {
    return characterText(this.port.peekCharacter());
  }

  private consume(): string {
    const character = characterText(this.port.readCharacter());
    for (let i = 0; i < character.length; i++) this.units.push(character.charCodeAt(i));
    if (this.units.length >= CHUNK_UNITS) {
      this.text += String.fromCharCode(...this.units);
      this.units = [];
    }
    return character;
  }
}

function characterText(point: number): string {
  if (point === MALFORMED) return '\ufffd';
  return point < 0 ? '' : String.fromCodePoint(point);
}
