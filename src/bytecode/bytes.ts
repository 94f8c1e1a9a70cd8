// Byte writer and reader: little-endian, lengths as variable-length integers.
//
// The reader trusts nothing: a length beyond what is left is a MalformedBytes, whatever asked for it.

export class MalformedBytes extends Error {}

export class ByteWriter {
  private buffer = Buffer.allocUnsafe(4096);
  private length = 0;

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
    this.bytes(Buffer.from(value, 'utf8'));
  }

  bytes(value: Uint8Array): void {
    this.count(value.length);
    this.room(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private room(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

export class ByteReader {
  private position = 0;
  constructor(private readonly buffer: Buffer) {}

  byte(): number {
    this.need(1);
    return this.buffer[this.position++];
  }

  count(): number {
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
    return this.bytes().toString('utf8');
  }

  bytes(): Buffer {
    const length = this.length();
    this.position += length;
    return this.buffer.subarray(this.position - length, this.position);
  }

  get isAtEnd(): boolean {
    return this.position === this.buffer.length;
  }

  private need(bytes: number): void {
    if (this.position + bytes > this.buffer.length) throw new MalformedBytes('the file is cut short');
  }
}
