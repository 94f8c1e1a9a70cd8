// JSON text to values: strict RFC 8259, with 64-bit integers.
//
//   object  hash map with string keys, in the order of the text; the last of equal keys wins
//   array   vector          string  string         true false  #t #f          null  ()
//   number  without fraction and exponent an integer if those are kept exact, else a flonum
//
// The parser works on a whole text and keeps the containers that it is inside of on a stack of its own, so that nesting
// costs no host stack. An error says where the parser stands, in characters from the start of the text.
// Source: builtins §16, stdlib §10.

import { HashMap } from '../../values/hash-map.ts';
import { textLength } from '../../values/text.ts';
import { flonum, integerFromBigint, NIL, type Value, Vector } from '../../values/types.ts';

/** Malformed text; the message is `JSON parse error at POS: WHAT`. */
export class JsonSyntaxError extends Error {
  /**
   * @param line  and column: the same place as a person counts, in characters from 1
   * @param isCut  nothing is wrong but that the text ends
   */
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
    readonly isCut: boolean,
  ) {
    super(message);
  }
}

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** The one value that is the whole of the text, blanks aside. Throws JsonSyntaxError. */
export function parseJson(text: string, keepIntegers: boolean): Value {
  const parser = new JsonParser(text, keepIntegers);
  const value = parser.value();
  parser.end();
  return value;
}

/** The value at the start of the text; what follows it is not looked at. Throws JsonSyntaxError. */
export function parseJsonPrefix(text: string, keepIntegers: boolean): Value {
  return new JsonParser(text, keepIntegers).value();
}

/** An object under construction; `key` is that of the value which comes next. */
interface OpenObject {
  readonly map: HashMap;
  key: string;
}

/** RFC 8259 leaves it to the reader of a text whether to ignore one. */
export const BYTE_ORDER_MARK = '\ufeff';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonParser {
  private pos: number;

  constructor(
    private readonly text: string,
    private readonly keepIntegers: boolean,
  ) {
    this.pos = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  }

  /** Nothing but blanks may follow. */
  end(): void {
    this.skipBlanks();
    if (this.pos < this.text.length) this.fail('trailing characters after JSON value');
  }

  value(): Value {
    const open: (Value[] | OpenObject)[] = [];
    for (;;) {
      let value = this.scalarOrOpen(open);
      // Put the value where it belongs, and close what it completes.
      for (;;) {
        if (value === undefined) break;
        const container = open[open.length - 1];
        if (container === undefined) return value;
        value = Array.isArray(container) ? this.addItem(container, value) : this.addMember(container, value);
        if (value !== undefined) open.pop();
      }
    }
  }

  /** A complete value; undefined when a container that is not empty has been opened and its first value comes next. */
  private scalarOrOpen(open: (Value[] | OpenObject)[]): Value | undefined {
    this.skipBlanks();
    const code = this.text.charCodeAt(this.pos);
    switch (code) {
      case QUOTE:
        this.pos++;
        return this.string();
      case OPEN_BRACKET:
        this.pos++;
        this.skipBlanks();
        if (this.text.charCodeAt(this.pos) === CLOSE_BRACKET) {
          this.pos++;
          return new Vector([]);
        }
        open.push([]);
        return undefined;
      case OPEN_BRACE: {
        this.pos++;
        this.skipBlanks();
        if (this.text.charCodeAt(this.pos) === CLOSE_BRACE) {
          this.pos++;
          return HashMap.empty();
        }
        open.push({ map: HashMap.empty(), key: this.key() });
        return undefined;
      }
      case 0x74: // t
        return this.literal('true', true, 'invalid boolean');
      case 0x66: // f
        return this.literal('false', false, 'invalid boolean');
      case 0x6e: // n
        return this.literal('null', NIL, 'invalid null');
    }
    if (code === MINUS || isDigit(code)) return this.number();
    const point = this.text.codePointAt(this.pos);
    // At the end of the text the specification's message has an opening quote and no more.
    return this.fail(
      `unexpected character '${point === undefined ? '' : `${String.fromCodePoint(point)}'`}`,
      point === undefined,
    );
  }

  /** Add an element; the vector if it is now complete. */
  private addItem(items: Value[], value: Value): Value | undefined {
    items.push(value);
    this.skipBlanks();
    if (this.text.charCodeAt(this.pos) === CLOSE_BRACKET) {
      this.pos++;
      return new Vector(items);
    }
    this.expect(COMMA, ',');
    return undefined;
  }

  /** Add a member; the map if it is now complete. */
  private addMember(object: OpenObject, value: Value): Value | undefined {
    object.map.set(object.key, value);
    this.skipBlanks();
    if (this.text.charCodeAt(this.pos) === CLOSE_BRACE) {
      this.pos++;
      return object.map;
    }
    this.expect(COMMA, ',');
    object.key = this.key();
    return undefined;
  }

  /** A member's name and the colon behind it. */
  private key(): string {
    this.skipBlanks();
    this.expect(QUOTE, '"');
    const key = this.string();
    this.skipBlanks();
    this.expect(COLON, ':');
    return key;
  }

  private literal(word: string, value: Value, what: string): Value {
    if (!this.text.startsWith(word, this.pos)) this.fail(what);
    this.pos += word.length;
    return value;
  }

  private number(): Value {
    const { text } = this;
    const start = this.pos;
    if (text.charCodeAt(this.pos) === MINUS) this.pos++;
    if (text.charCodeAt(this.pos) === ZERO) {
      this.pos++;
      if (isDigit(text.charCodeAt(this.pos))) this.fail('leading zeros are not allowed');
    } else this.digits();
    let isInteger = true;
    if (text.charCodeAt(this.pos) === POINT) {
      isInteger = false;
      this.pos++;
      this.digits();
    }
    if ((text.charCodeAt(this.pos) | 0x20) === 0x65) {
      isInteger = false;
      this.pos++;
      const sign = text.charCodeAt(this.pos);
      if (sign === MINUS || sign === 0x2b) this.pos++;
      this.digits();
    }
    const digits = text.slice(start, this.pos);
    return isInteger ? this.integer(digits) : this.fraction(digits);
  }

  private digits(): void {
    if (!isDigit(this.text.charCodeAt(this.pos))) this.fail('invalid number');
    while (isDigit(this.text.charCodeAt(this.pos))) this.pos++;
  }

  private integer(digits: string): Value {
    let value: Value;
    // Fifteen digits are always exact; the sum removes the sign of -0, which is the integer 0.
    if (digits.length <= 15) value = Number(digits) + 0;
    else {
      const exact = BigInt(digits);
      if (exact < MIN_INT64 || exact > MAX_INT64) this.fail('invalid number');
      value = integerFromBigint(exact);
    }
    return this.keepIntegers ? value : flonum(Number(value));
  }

  private fraction(digits: string): Value {
    const value = Number(digits);
    // Too large, or too small to be told from zero.
    const isLost = !Number.isFinite(value) || (value === 0 && /[1-9]/.test(digits.replace(/e.*/i, '')));
    if (isLost) this.fail('invalid number');
    return flonum(value);
  }

  /** The rest of a string whose opening quote has been read. */
  private string(): string {
    const { text } = this;
    let out = '';
    let start = this.pos;
    for (;;) {
      const code = text.charCodeAt(this.pos);
      if (code === QUOTE) {
        const piece = text.slice(start, this.pos++);
        return out === '' ? piece : out + piece;
      }
      if (code === BACKSLASH) {
        out += text.slice(start, this.pos++);
        out += this.escape();
        start = this.pos;
      } else if (code < 0x20) {
        this.pos++;
        this.fail('unescaped control character in string');
      } else if (this.pos >= text.length) this.fail('unterminated string', true);
      else this.pos++;
    }
  }

  /** What stands behind a backslash. */
  private escape(): string {
    const letter = this.text[this.pos];
    if (letter === undefined) this.fail('unterminated escape', true);
    this.pos++;
    if (letter === 'u') return this.unicodeEscape();
    const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    return character ?? this.fail('invalid escape sequence');
  }

  private unicodeEscape(): string {
    const first = this.hex();
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    if (first >= 0xdc00) this.fail('invalid unicode surrogate pair');
    if (this.pos + 6 > this.text.length || !this.text.startsWith('\\u', this.pos)) {
      this.fail('incomplete unicode surrogate pair');
    }
    this.pos += 2;
    const second = this.hex();
    if (second < 0xdc00 || second > 0xdfff) this.fail('invalid unicode surrogate pair');
    return String.fromCharCode(first, second);
  }

  private hex(): number {
    const digits = this.text.slice(this.pos, this.pos + 4);
    if (digits.length < 4) this.fail('incomplete unicode escape');
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail('invalid unicode escape');
    this.pos += 4;
    return Number.parseInt(digits, 16);
  }

  private skipBlanks(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.pos);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.pos++;
    }
  }

  /** Consume this character. The error stands behind the one that is there instead. */
  private expect(code: number, character: string): void {
    if (this.text.charCodeAt(this.pos) === code) {
      this.pos++;
      return;
    }
    const wrong = this.text.codePointAt(this.pos);
    if (wrong !== undefined) this.pos += wrong > 0xffff ? 2 : 1;
    this.fail(`expected '${character}'`, wrong === undefined);
  }

  private fail(what: string, isCut = false): never {
    const read = this.text.slice(0, this.pos);
    const lines = read.split(/\r\n|\r|\n/);
    const column = textLength(lines[lines.length - 1]) + 1;
    throw new JsonSyntaxError(`JSON parse error at ${textLength(read)}: ${what}`, lines.length, column, isCut);
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 0x39;
}
