// Ports: where text and bytes come from and go to.
//
//   Port
//   ├── StringInput, StringOutput, BytesInput, BytesOutput      in memory
//   ├── ByteSource      reads a descriptor through a buffer: files, standard input, pipes
//   └── ByteSink        writes one through a buffer: files, standard output and error, pipes
//
// A port answers every operation. What it cannot do, it answers as the specification says: reading a port that has no
// text gives the end of input, writing raises the port's own error. Closing twice is allowed; closing a port in memory
// has no effect. Whoever opens a file port closes it; output that is still buffered when the program ends is flushed.
//
// Everything is synchronous, on descriptors: `process.stdout` belongs to an event loop that never runs (architecture).
//
// Source: builtins §12, stdlib §4.2.

import { constants } from 'node:buffer';
import * as fs from 'node:fs';
import { PRINTED, ringBell } from './bell.ts';
import { type EtaError, ExitRequest, typeError } from './errors.ts';
import { HeapObject } from './types.ts';

/** What reading a character gives at the end of input. */
export const END = -1;
/** What it gives for bytes that are not UTF-8; reading can go on behind them. */
export const MALFORMED = -2;
/** What stands for those, as a code point. */
export const REPLACEMENT = 0xfffd;

export abstract class Port extends HeapObject {
  readonly kind = 'Port';
  abstract readonly isInput: boolean;
  abstract readonly isOutput: boolean;
  /** Whether byte operations work. */
  readonly isBinary: boolean = false;
  isOpen = true;

  override printed(): string {
    return '#<port>';
  }

  // ---- input

  /** A code point, END or MALFORMED. */
  readCharacter(): number {
    return END;
  }

  /** What `readCharacter` will give next. */
  peekCharacter(): number {
    return END;
  }

  /**
   * Up to, without, the next newline, which is consumed; null at the end of input. Bad bytes give U+FFFD.
   *
   * @param atReturns  whether a carriage return ends a line too, with the newline that may follow it
   */
  readLine(_atReturns = false): string | null {
    return null;
  }

  /** So many characters, fewer only at the end of input. Bad bytes give U+FFFD. */
  readText(count: number): string {
    let text = '';
    for (let i = 0; i < count; i++) {
      const point = this.readCharacter();
      if (point === END) break;
      text += String.fromCodePoint(point === MALFORMED ? REPLACEMENT : point);
    }
    return text;
  }

  /** Whether input is at hand that has been taken from the system already. */
  hasBufferedInput(): boolean {
    return true;
  }

  /** Put text back in front of what is still to be read. */
  unreadText(_text: string): void {}

  /** A byte, or END. */
  readByte(): number {
    return END;
  }

  peekByte(): number {
    return END;
  }

  /** Fill `into` from its front; the count of bytes, less than its length only at the end of input. */
  readBytes(into: Uint8Array): number {
    for (let count = 0; count < into.length; count++) {
      const byte = this.readByte();
      if (byte === END) return count;
      into[count] = byte;
    }
    return into.length;
  }

  /** Whether reading would not block. */
  isReady(): boolean {
    return true;
  }

  // ---- output

  writeText(_text: string): void {
    throw this.writeError();
  }

  writeBytes(_bytes: Uint8Array): void {
    throw this.writeError();
  }

  writeByte(byte: number): void {
    this.writeBytes(Uint8Array.of(byte));
  }

  /** Hand buffered output to the system. */
  flush(): void {}

  /** The error of writing to this port when it cannot be written. */
  protected writeError(): EtaError {
    return typeError('Cannot write to input port');
  }

  close(): void {
    this.isOpen = false;
  }
}

// ---- in memory

function lengthToReturn(line: string): number {
  const found = line.indexOf('\r');
  return found < 0 ? line.length : found;
}

export class StringInput extends Port {
  readonly isInput = true;
  readonly isOutput = false;
  private offset = 0;

  constructor(private readonly text: string) {
    super();
  }

  /** The whole text, read or not. */
  get contents(): string {
    return this.text;
  }

  override readCharacter(): number {
    const point = this.peekCharacter();
    if (point >= 0) this.offset += point > 0xffff ? 2 : 1;
    return point;
  }

  override peekCharacter(): number {
    return this.text.codePointAt(this.offset) ?? END;
  }

  override readLine(atReturns = false): string | null {
    if (this.offset >= this.text.length) return null;
    const newline = this.text.indexOf('\n', this.offset);
    const end = newline < 0 ? this.text.length : newline;
    const line = this.text.slice(this.offset, end);
    const length = atReturns ? lengthToReturn(line) : line.length;
    if (length < line.length - 1) this.offset += length + 1;
    else this.offset = newline < 0 ? end : end + 1;
    return line.slice(0, length);
  }

  /** Where reading stands, in UTF-16 units of `contents`. */
  get position(): number {
    return this.offset;
  }

  seek(position: number): void {
    this.offset = position;
  }

  protected override writeError(): EtaError {
    return typeError('Cannot write to input string port');
  }
}

export class StringOutput extends Port {
  readonly isInput = false;
  readonly isOutput = true;
  contents = '';

  override writeText(text: string): void {
    this.contents += text;
  }
}

export class BytesInput extends Port {
  readonly isInput = true;
  readonly isOutput = false;
  override readonly isBinary = true;
  private offset = 0;

  /** `contents` must not change afterwards. */
  constructor(readonly contents: Uint8Array) {
    super();
  }

  override readByte(): number {
    return this.offset < this.contents.length ? this.contents[this.offset++] : END;
  }

  override peekByte(): number {
    return this.contents[this.offset] ?? END;
  }

  override writeText(): void {
    throw typeError('Port is not writable');
  }

  protected override writeError(): EtaError {
    return typeError('Cannot write to input binary port');
  }
}

export class BytesOutput extends Port {
  readonly isInput = false;
  readonly isOutput = true;
  override readonly isBinary = true;
  private bytes = new Uint8Array(64);
  private length = 0;

  get contents(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  get size(): number {
    return this.length;
  }

  override writeBytes(added: Uint8Array): void {
    this.reserve(added.length);
    this.bytes.set(added, this.length);
    this.length += added.length;
  }

  override writeByte(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  clear(): void {
    this.length = 0;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    grown.set(this.bytes);
    this.bytes = grown;
  }

  protected override writeError(): EtaError {
    return typeError('Port is not writable');
  }
}

// ---- descriptors

/** The error of the program for what the system says. */
type Refusal = (error: unknown) => EtaError;

const BUFFER_BYTES = 65_536;
const NEWLINE = 10;
const RETURN = 13;

/** Wait a moment, without an event loop. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

const errorCode = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Read at least one byte; 0 at the end of input. Blocks; an interruption of the wait is seen between two tries. */
function readSome(descriptor: number, into: Uint8Array): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, into, 0, into.length, null);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EOF' || code === 'EISDIR') return 0;
      if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      pause(10);
    }
  }
}

/** Write all of it. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += fs.writeSync(descriptor, bytes, written);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      pause(1);
    }
  }
}

/** A unit of text is three bytes at most. */
const LONGEST_LINE_BYTES = 3 * constants.MAX_STRING_LENGTH;
/** What is kept of a buffer that a long line has made grow. */
const KEPT_BYTES = 16 * BUFFER_BYTES;
const NO_BYTES: Buffer = Buffer.alloc(0);

/** An input port over bytes that arrive in pieces: a file, standard input, a pipe. Text is UTF-8. */
export class ByteSource extends Port {
  readonly isInput = true;
  readonly isOutput = false;
  private buffer = NO_BYTES;
  /** What lies between has been taken from the system and is still to be read. */
  private start = 0;
  private end = 0;

  constructor(
    /** -1 when there is none (any more). */
    protected descriptor: number,
    override readonly isBinary = false,
    /** The error of the program when the system refuses to read. */
    private readonly refused: Refusal = () => typeError('File read failed'),
  ) {
    super();
  }

  override readCharacter(): number {
    // Most characters are ASCII, and at hand.
    if (this.start < this.end && this.buffer[this.start] < 0x80) return this.buffer[this.start++];
    const [point, count] = this.decode();
    this.start += count;
    return point;
  }

  override peekCharacter(): number {
    if (this.start < this.end && this.buffer[this.start] < 0x80) return this.buffer[this.start];
    return this.decode()[0];
  }

  override readText(count: number): string {
    let text = '';
    for (let left = count; left > 0; ) {
      const ascii = this.asciiRun(left);
      text += this.buffer.toString('latin1', this.start, this.start + ascii);
      this.start += ascii;
      left -= ascii;
      const other = left > 0 ? super.readText(1) : '';
      if (other === '') break;
      text += other;
      left--;
    }
    return text;
  }

  /** The bytes at hand, else the next ones that the system gives; none at the end of input. Valid until the next reading. */
  takeBytes(): Uint8Array {
    this.fill(1);
    const bytes = this.buffer.subarray(this.start, this.end);
    this.start = this.end;
    return bytes;
  }

  /** How many of the bytes at hand are ASCII before one is not, at most `limit`. */
  private asciiRun(limit: number): number {
    const last = Math.min(this.end, this.start + limit);
    let at = this.start;
    while (at < last && this.buffer[at] < 0x80) at++;
    return at - this.start;
  }

  override readLine(atReturns = false): string | null {
    if (!this.fill(1)) return null;
    let searched = 0;
    for (;;) {
      const newline = this.buffer.indexOf(NEWLINE, this.start + searched);
      if (newline >= 0 && newline < this.end) return this.takeLine(newline, newline + 1, atReturns);
      searched = this.end - this.start;
      if (searched > LONGEST_LINE_BYTES) throw new RangeError('line is longer than a string can be');
      if (!this.fill(searched + 1)) return this.takeLine(this.end, this.end, atReturns);
    }
  }

  /** What lies before `end`, or before a carriage return there; reading goes on behind what ends it. */
  private takeLine(end: number, next: number, atReturns: boolean): string {
    const found = atReturns ? this.buffer.subarray(this.start, end).indexOf(RETURN) : -1;
    const last = found < 0 ? end : this.start + found;
    const line = this.buffer.toString('utf8', this.start, last);
    this.start = last < end - 1 ? last + 1 : next;
    return line;
  }

  override unreadText(text: string): void {
    const bytes = Buffer.from(text);
    if (bytes.length <= this.start) {
      this.start -= bytes.length;
      bytes.copy(this.buffer, this.start);
    } else {
      this.buffer = Buffer.concat([bytes, this.buffer.subarray(this.start, this.end)]);
      this.start = 0;
      this.end = this.buffer.length;
    }
  }

  override readByte(): number {
    return this.fill(1) ? this.buffer[this.start++] : END;
  }

  override peekByte(): number {
    return this.fill(1) ? this.buffer[this.start] : END;
  }

  override readBytes(into: Uint8Array): number {
    let count = 0;
    while (count < into.length && this.fill(1)) {
      const piece = this.buffer.subarray(this.start, Math.min(this.end, this.start + into.length - count));
      into.set(piece, count);
      this.start += piece.length;
      count += piece.length;
    }
    return count;
  }

  override hasBufferedInput(): boolean {
    return this.start < this.end;
  }

  override isReady(): boolean {
    return this.hasBufferedInput() || this.isDescriptorReady();
  }

  /** Files are always ready; a pipe or a terminal says so itself. */
  protected isDescriptorReady(): boolean {
    return true;
  }

  /** Take into the buffer what can be had without waiting, about so many bytes at most. */
  protected readAhead(most: number): void {
    for (let left = most; left > 0 && this.descriptor >= 0 && this.isDescriptorReady(); ) {
      this.makeRoom();
      const length = this.readDescriptor(this.buffer.subarray(this.end));
      if (length === 0) return;
      this.end += length;
      left -= length;
    }
  }

  /** Get more bytes into the buffer; 0 at the end of input. */
  protected readDescriptor(into: Uint8Array): number {
    if (this.descriptor < 0) return 0;
    try {
      return readSome(this.descriptor, into);
    } catch (error) {
      throw this.refused(error);
    }
  }

  protected override writeError(): EtaError {
    return typeError('FilePort is not writable');
  }

  /** Buffered input is gone as well: a closed port reads as empty. */
  override close(): void {
    this.buffer = NO_BYTES;
    this.start = this.end = 0;
    if (this.descriptor >= 0) fs.closeSync(this.descriptor);
    this.descriptor = -1;
    this.isOpen = false;
  }

  /** Whether at least `count` bytes are in the buffer, after reading as often as that takes. */
  private fill(count: number): boolean {
    while (this.end - this.start < count) {
      this.makeRoom();
      const length = this.readDescriptor(this.buffer.subarray(this.end));
      if (length === 0) return false;
      this.end += length;
    }
    return true;
  }

  /**
   * Room for more bytes behind those in the buffer. It doubles when they fill more than half of it, so that what a
   * long line has is moved a few times only.
   */
  private makeRoom(): void {
    const length = this.end - this.start;
    if (length === 0) {
      this.start = this.end = 0;
      if (this.buffer.length > KEPT_BYTES) this.buffer = NO_BYTES;
    }
    if (this.buffer.length - this.end >= BUFFER_BYTES / 4) return;
    const rest = this.buffer.subarray(this.start, this.end);
    if (length > this.buffer.length / 2 || this.buffer.length === 0) {
      this.buffer = Buffer.allocUnsafe(Math.max(BUFFER_BYTES, 2 * length));
    }
    rest.copy(this.buffer);
    this.start = 0;
    this.end = length;
  }

  /** The next character, END or MALFORMED, and the count of bytes that it takes. */
  private decode(): [point: number, bytes: number] {
    if (!this.fill(1)) return [END, 0];
    const lead = this.buffer[this.start];
    if (lead < 0x80) return [lead, 1];
    const length = sequenceLength(lead);
    if (length === 0) return [MALFORMED, 1];
    let point = lead & (0x7f >> length);
    for (let i = 1; i < length; i++) {
      if (!this.fill(i + 1)) return [MALFORMED, i];
      const byte = this.buffer[this.start + i];
      if ((byte & 0xc0) !== 0x80) return [MALFORMED, i];
      point = (point << 6) | (byte & 0x3f);
    }
    return [isScalarOf(point, length) ? point : MALFORMED, length];
  }
}

/** The bytes that a lead byte announces, 0 if it is none. */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/** Whether a sequence of this length is the right one for the code point: not over-long, no surrogate, in range. */
function isScalarOf(point: number, length: number): boolean {
  if (length === 3) return point >= 0x800 && (point & 0xf800) !== 0xd800;
  return length === 2 || (point >= 0x10000 && point <= 0x10ffff);
}

/** Output ports that may have buffered output. */
const unflushed = new Set<ByteSink>();

/** Flush every port: before the program ends, waits, starts a child, or opens a file to read. */
export function flushAllPorts(): void {
  let failure: unknown = null;
  for (const port of [...unflushed]) {
    try {
      port.flush();
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== null) throw failure;
}

/** Flush the standard streams, before every wait: costs nothing where nothing was printed. */
export function flushConsole(): void {
  if (unflushed.size === 0) return;
  for (const port of unflushed) if (port instanceof ConsoleOutput) port.flush();
}

/** An output port onto a descriptor: a file, standard output, a pipe. Text is UTF-8. */
export class ByteSink extends Port {
  readonly isInput = false;
  readonly isOutput = true;
  /** Written last, and not yet among the pending bytes. */
  private text = '';
  private readonly pending = new BytesOutput();

  constructor(
    /** -1 when there is none (any more). */
    protected descriptor: number,
    override readonly isBinary = false,
    /** Units of text, or bytes, that are kept before they are handed to the system; 0 for none. */
    private readonly capacity = 16_384,
    private readonly refused: Refusal = () => typeError('File write failed'),
  ) {
    super();
  }

  override writeText(text: string): void {
    if (this.descriptor < 0) throw this.writeError();
    this.text += text;
    this.wasWritten(text);
  }

  override writeBytes(bytes: Uint8Array): void {
    if (this.descriptor < 0) throw this.writeError();
    this.takeText();
    this.pending.writeBytes(bytes);
    this.wasWritten('');
  }

  override writeByte(byte: number): void {
    if (this.descriptor < 0) throw this.writeError();
    this.takeText();
    this.pending.writeByte(byte);
    this.wasWritten('');
  }

  override flush(): void {
    this.takeText();
    const bytes = this.pending.size === 0 ? null : this.pending.contents;
    this.pending.clear();
    // Not before: whoever is interrupted up to here leaves it to the next one who flushes all ports.
    unflushed.delete(this);
    if (bytes === null) return;
    if (this.descriptor >= 0) this.writeDescriptor(bytes);
  }

  override close(): void {
    try {
      this.flush();
    } finally {
      if (this.descriptor > 2) fs.closeSync(this.descriptor);
      this.descriptor = -1;
      this.isOpen = false;
    }
  }

  /** Hand bytes to the system, all of them. */
  protected writeDescriptor(bytes: Uint8Array): void {
    try {
      writeAll(this.descriptor, bytes);
    } catch (error) {
      throw this.refused(error);
    }
  }

  protected override writeError(): EtaError {
    return typeError('FilePort is not writable');
  }

  /** Whether text that was just written should go out at once. */
  protected isUrgent(_text: string): boolean {
    return false;
  }

  private wasWritten(text: string): void {
    if (this.text.length + this.pending.size >= this.capacity || this.isUrgent(text)) this.flush();
    else unflushed.add(this);
  }

  private takeText(): void {
    if (this.text === '') return;
    this.pending.writeBytes(Buffer.from(this.text));
    this.text = '';
  }
}

// ---- the console

/** Blocks until a descriptor can be read, for so many milliseconds at most, for ever if negative; whether it can be read. */
export type WaitForInput = (descriptor: number, timeoutMs: number) => boolean;

/** A pipe, a terminal or another source that may have nothing yet. Reading it flushes the output first: a prompt is seen. */
export class WaitingSource extends ByteSource {
  /** @param wait  in a way that Ctrl-C can end (a read itself cannot be) */
  constructor(
    descriptor: number,
    isBinary: boolean,
    private readonly wait: WaitForInput,
    refused?: Refusal,
  ) {
    super(descriptor, isBinary, refused);
  }

  protected override isDescriptorReady(): boolean {
    return this.descriptor < 0 || this.wait(this.descriptor, 0);
  }

  protected override readDescriptor(into: Uint8Array): number {
    flushAllPorts();
    if (this.descriptor >= 0) this.wait(this.descriptor, -1);
    return super.readDescriptor(into);
  }
}

/** Standard input. */
export class ConsoleInput extends WaitingSource {
  constructor(wait: WaitForInput) {
    super(0, false, wait);
  }

  protected override writeError(): EtaError {
    return typeError('Cannot write to input port');
  }

  /** Standard input itself stays open, for whoever else reads it. */
  override close(): void {
    this.descriptor = -1;
    super.close();
  }
}

const NULL_DEVICE = '/dev/null'; // on Windows there is no such file

/**
 * Every character device but the null device counts as one: node:tty would know better, but brings the host's network
 * stack along, which takes longer to load than everything else that a start needs.
 */
export function isTerminal(descriptor: number): boolean {
  try {
    const stats = fs.fstatSync(descriptor);
    return stats.isCharacterDevice() && stats.rdev !== fs.statSync(NULL_DEVICE, { throwIfNoEntry: false })?.rdev;
  } catch {
    return false;
  }
}

/** Standard output (buffered; line by line on a terminal) or standard error (unbuffered). */
export class ConsoleOutput extends ByteSink {
  private readonly isTerminal: boolean;
  private isBroken = false;

  constructor(descriptor: 1 | 2) {
    super(descriptor, false, descriptor === 1 ? 16_384 : 0);
    this.isTerminal = isTerminal(descriptor);
  }

  protected override isUrgent(text: string): boolean {
    return this.isTerminal && text.includes('\n');
  }

  /**
   * When the reader of a pipe has gone, the program ends as if by SIGPIPE, instead of computing for nobody. What its
   * after-thunks print on the way out is dropped.
   */
  protected override writeDescriptor(bytes: Uint8Array): void {
    if (this.isBroken) return;
    try {
      // Output on standard error comes after what the program printed before it.
      if (this.descriptor === 2) flushAllPorts();
      writeAll(this.descriptor, bytes);
      if (this.isTerminal) ringBell(PRINTED);
    } catch (error) {
      if (error instanceof ExitRequest) throw error;
      this.isBroken = true;
      if (errorCode(error) === 'EPIPE') throw new ExitRequest(141);
      throw typeError('File write failed');
    }
  }

  /** The process keeps its standard output. */
  override close(): void {
    this.flush();
  }
}
