// Byte writer and reader: little-endian, lengths as variable-length integers.
//
//   count of texts · the length of each, in UTF-16 units · all texts in one piece of UTF-8 · all words · the rest
//
// A text in the rest is its number in that table: each is there once, and all are decoded by one call of the host,
// which makes loading the standard library noticeably faster than decoding each by itself. So it is with words, 32-bit
// integers in runs: the rest has the length of each run, and the runs that are read are parts of one array.
//
// A section is a part of the rest that says how long it is, in bytes and in words, so that a reader can pass over it
// and come back later.
//
// The reader trusts nothing: a length beyond what is left is a MalformedBytes, whatever asked for it.

export class MalformedBytes extends Error {}

export class ByteWriter {
  private buffer = Buffer.allocUnsafe(4096);
  private length = 0;
  private readonly texts = new Map<string, number>();
  private readonly runs: Uint8Array[] = [];
  private wordCount = 0;

  byte(value: number): void {
    this.room(1);
    this.buffer[this.length++] = value;
  }

  /** An unsigned integer, seven bits a byte, low ones first. */
  count(value: number): void {
    while (value >= 0x80) {
      this.byte((value & 0x7f) | 0x80);
      value = Math.floor(value / 0x80);
    }
    this.byte(value);
  }

  double(value: number): void {
    this.room(8);
    this.length = this.buffer.writeDoubleLE(value, this.length);
  }

  int64(value: bigint): void {
    this.room(8);
    this.length = this.buffer.writeBigInt64LE(value, this.length);
  }

  text(value: string): void {
    let index = this.texts.get(value);
    if (index === undefined) {
      index = this.texts.size;
      this.texts.set(value, index);
    }
    this.count(index);
  }

  bytes(value: Uint8Array): void {
    this.count(value.length);
    this.room(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  words(run: Int32Array): void {
    this.count(run.length);
    this.runs.push(new Uint8Array(run.buffer, run.byteOffset, run.byteLength));
    this.wordCount += run.length;
  }

  section(write: () => void): void {
    const start = this.length;
    const wordsBefore = this.wordCount;
    write();
    // Its lengths come before it; what has been written goes behind them.
    const content = Buffer.from(this.written().subarray(start));
    this.length = start;
    this.count(this.wordCount - wordsBefore);
    this.bytes(content);
  }

  finish(): Buffer {
    const tables = new ByteWriter();
    const texts = [...this.texts.keys()];
    tables.count(texts.length);
    for (const { length } of texts) tables.count(length);
    tables.bytes(Buffer.from(texts.join(''), 'utf8'));
    tables.bytes(Buffer.concat(this.runs));
    return Buffer.concat([tables.written(), this.written()]);
  }

  private written(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private room(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** A section of what a reader reads. */
export interface Section {
  readonly start: number;
  readonly end: number;
  readonly firstWord: number;
  readonly lastWord: number;
}

export class ByteReader {
  private position = 0;
  /** All texts in one, and where each begins; the end of the last. */
  private readonly allTexts: string;
  private readonly textStarts: number[] = [0];
  /** Those that have been asked for. */
  private readonly texts: (string | undefined)[] = [];
  private readonly runs: Int32Array;
  /** How many words have been read. */
  private wordsRead = 0;

  constructor(private readonly buffer: Buffer) {
    let end = 0;
    for (let count = this.length(); count > 0; count--) {
      end += this.count();
      this.textStarts.push(end);
    }
    this.allTexts = this.bytes().toString('utf8');
    if (end !== this.allTexts.length) throw new MalformedBytes('the table of texts does not fit');
    const words = this.bytes();
    if (words.length % 4 !== 0) throw new MalformedBytes('code is cut short');
    this.runs = new Int32Array(words.length / 4);
    new Uint8Array(this.runs.buffer).set(words);
  }

  byte(): number {
    this.need(1);
    return this.buffer[this.position++];
  }

  count(): number {
    // Nearly all counts are of one byte. Behind the end there is none.
    const first = this.buffer[this.position];
    if (first < 0x80) {
      this.position++;
      return first;
    }
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      if (scale > 2 ** 42) throw new MalformedBytes('a count is too long');
    }
  }

  /** A count of things that take at least one byte each. */
  length(): number {
    const count = this.count();
    this.need(count);
    return count;
  }

  double(): number {
    this.need(8);
    this.position += 8;
    return this.buffer.readDoubleLE(this.position - 8);
  }

  int64(): bigint {
    this.need(8);
    this.position += 8;
    return this.buffer.readBigInt64LE(this.position - 8);
  }

  text(): string {
    const index = this.count();
    return this.texts[index] ?? this.cutText(index);
  }

  private cutText(index: number): string {
    const { allTexts, textStarts } = this;
    const end = textStarts[index + 1];
    if (end === undefined) throw new MalformedBytes('a text is not in the table');
    if (isLowSurrogate(allTexts.charCodeAt(end))) throw new MalformedBytes('a text ends within a character');
    const text = allTexts.substring(textStarts[index], end);
    this.texts[index] = text;
    return text;
  }

  bytes(): Buffer {
    const length = this.length();
    this.position += length;
    return this.buffer.subarray(this.position - length, this.position);
  }

  /** A part of the array of all words, which is not to be written to. */
  words(): Int32Array {
    const length = this.count();
    if (length === 0) return NO_WORDS;
    const start = this.wordsRead;
    if (length > this.runs.length - start) throw new MalformedBytes('code is cut short');
    this.wordsRead += length;
    return this.runs.subarray(start, this.wordsRead);
  }

  /** Pass over a section. */
  skipSection(): Section {
    const words = this.count();
    const length = this.length();
    const section = {
      start: this.position,
      end: this.position + length,
      firstWord: this.wordsRead,
      lastWord: this.wordsRead + words,
    };
    if (section.lastWord > this.runs.length) throw new MalformedBytes('code is cut short');
    this.position = section.end;
    this.wordsRead = section.lastWord;
    return section;
  }

  /** Read a section that has been passed over, and go on where the reader was. */
  readSection<T>({ start, end, firstWord, lastWord }: Section, read: () => T): T {
    const { position, wordsRead } = this;
    this.position = start;
    this.wordsRead = firstWord;
    const content = read();
    if (this.position !== end || this.wordsRead !== lastWord) throw new MalformedBytes('a section of another length');
    this.position = position;
    this.wordsRead = wordsRead;
    return content;
  }

  get isAtEnd(): boolean {
    return this.position === this.buffer.length && this.wordsRead === this.runs.length;
  }

  private need(bytes: number): void {
    if (this.position + bytes > this.buffer.length) throw new MalformedBytes('the file is cut short');
  }
}

const NO_WORDS = new Int32Array(0);

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
