// The binary wire format: the byte EA, then one value. All integers are little-endian.
//
//   00 ()   01 #t   0C #f          02 fixnum i64      03 flonum f64      04 char u32
//   05 string, 06 symbol: u32 byte length, UTF-8      0D bytevector: u32 length, bytes
//   08 pair: car, cdr              09 vector: u32 count, elements
//
// Both directions keep their own stack, so neither depth nor length costs host stack; depth in the direction of
// elements and cars is limited, length is not. The decoder trusts nothing: each count is checked against the bytes that
// are left before anything is allocated. Source: networking §9.
//
// Speed: one growable buffer, reused for every message, and DataView accesses, which V8 turns into plain loads and
// stores. Short ASCII texts, the usual symbols, are copied by hand: that is faster than a call into the host.

import { isAscii, isUtf8, transcode } from 'node:buffer';
import { EtaError, nngError } from '../../values/errors.ts';
import { MutableString } from '../../values/mutable-string.ts';
import {
  Bytevector,
  Char,
  charOf,
  Flonum,
  flonum,
  intern,
  NIL,
  Pair,
  Sym,
  type Value,
  Vector,
} from '../../values/types.ts';
import { isCyclic, NESTING_LIMIT, nestingTooDeep, refusal } from './serializable.ts';

export const BINARY_MAGIC = 0xea;

const TAG_NIL = 0x00;
const TAG_TRUE = 0x01;
const TAG_FIXNUM = 0x02;
const TAG_FLONUM = 0x03;
const TAG_CHAR = 0x04;
const TAG_STRING = 0x05;
const TAG_SYMBOL = 0x06;
const TAG_PAIR = 0x08;
const TAG_VECTOR = 0x09;
const TAG_FALSE = 0x0c;
const TAG_BYTEVECTOR = 0x0d;

/** The host keeps most strings without such characters as bytes, and needs not even look at those to answer. */
const WIDE = /[\u0100-\uffff]/;

const TWO_TO_32 = 4294967296;
/** Texts up to this length are tried as ASCII, unit by unit. */
const SHORT_TEXT = 32;
/** From this many bytes on, two calls into the host that are fast for each byte take less than one that is not. */
const LONG_UTF8 = 400;
/** Output of this many bytes makes the encoder ask once whether the value has an end at all. */
const SUSPICIOUS_LENGTH = 1 << 20;
/** Bytevectors of this length are pieces of their own. */
const LARGE_BYTEVECTOR = 16 << 10;
/** So much of the rest of a frame is fetched at a time, where not more is needed in one piece: it fits a processor's cache. */
const WINDOW = 64 << 10;
/** A buffer that has grown beyond this is not kept. */
const LARGEST_KEPT = 4 << 20;
/** Beyond this a frame's own length fields would overflow, and so would the host's buffers. */
const LARGEST_FRAME = 2 ** 31 - 1;

// ---- encoding

/** A list being written: `rest` follows the element that is being written; null while that is the tail. */
class OpenList {
  constructor(public rest: Value | null) {}
}

/** A vector being written: `next` is the index of the element to write next. */
class OpenVector {
  next = 0;
  constructor(readonly items: readonly Value[]) {}
}

const tooLarge = (): EtaError => nngError('nng-error: Message too large');

/** Raised by the encoder where it meets something that has no encoding; `encodeBinary` finds out where it is. */
class NotSendable extends Error {}

class Encoder {
  private bytes = Buffer.allocUnsafeSlow(4096);
  private view = new DataView(this.bytes.buffer);
  private at = 0;
  private suspiciousLength = SUSPICIOUS_LENGTH;

  /** Where large bytevectors belong in between; null where they are to be copied. */
  private inserts: { readonly at: number; readonly bytes: Uint8Array }[] | null = null;

  /** The frame of `value` in one piece. It is overwritten by the next call. */
  encode(value: Value): Buffer {
    this.inserts = null;
    return this.write(value);
  }

  /** The same in pieces: large bytevectors are not copied. */
  encodeInPieces(value: Value): Uint8Array[] {
    this.inserts = [];
    const frame = this.write(value);
    if (this.inserts.length === 0) return [frame];
    const pieces: Uint8Array[] = [];
    let start = 0;
    for (const { at, bytes } of this.inserts) {
      pieces.push(frame.subarray(start, at), bytes);
      start = at;
    }
    this.inserts = null;
    if (start < frame.length) pieces.push(frame.subarray(start));
    if (pieces.reduce((sum, { length }) => sum + length, 0) > LARGEST_FRAME) throw tooLarge();
    return pieces;
  }

  private write(value: Value): Buffer {
    this.at = 0;
    this.suspiciousLength = SUSPICIOUS_LENGTH;
    this.byte(BINARY_MAGIC);
    this.value(value);
    const frame = this.bytes.subarray(0, this.at);
    // One huge message must not keep its memory for good.
    if (this.bytes.length > LARGEST_KEPT) {
      this.bytes = Buffer.allocUnsafeSlow(4096);
      this.view = new DataView(this.bytes.buffer);
    }
    return frame;
  }

  private value(root: Value): void {
    const stack: (OpenList | OpenVector)[] = [];
    let value = root;
    for (;;) {
      if (value instanceof Pair) {
        this.byte(TAG_PAIR);
        this.open(stack, new OpenList(value.cdr), root);
        value = value.car;
        continue;
      }
      if (value instanceof Vector && value.items.length > 0) {
        this.vectorHeader(value.items.length);
        this.open(stack, new OpenVector(value.items), root);
      } else {
        this.atom(value);
      }
      // What comes next in the innermost open container that has something left?
      for (;;) {
        if (stack.length === 0) return;
        const top = stack[stack.length - 1];
        if (top instanceof OpenVector) {
          if (top.next === top.items.length) {
            stack.pop();
            continue;
          }
          value = top.items[top.next++];
          break;
        }
        const { rest } = top;
        if (rest instanceof Pair) {
          this.byte(TAG_PAIR);
          if (this.at > this.suspiciousLength) this.checkForEnd(root);
          top.rest = rest.cdr;
          value = rest.car;
          break;
        }
        if (rest instanceof Vector) {
          top.rest = null;
          value = rest;
          break;
        }
        stack.pop();
        if (rest !== null) this.atom(rest);
      }
    }
  }

  private open(stack: (OpenList | OpenVector)[], container: OpenList | OpenVector, root: Value): void {
    if (stack.length >= NESTING_LIMIT) throw isCyclic(root) ? new NotSendable() : nestingTooDeep();
    if (this.at > this.suspiciousLength) this.checkForEnd(root);
    stack.push(container);
  }

  private checkForEnd(root: Value): void {
    this.suspiciousLength = Number.POSITIVE_INFINITY;
    if (isCyclic(root)) throw new NotSendable();
  }

  private atom(value: Value): void {
    if (typeof value === 'number') {
      if (Number.isInteger(value)) this.fixnum(value);
      else this.flonum(value);
    } else if (value instanceof Sym) {
      this.text(TAG_SYMBOL, value.name);
    } else if (typeof value === 'string') {
      this.text(TAG_STRING, value);
    } else if (value === NIL) {
      this.byte(TAG_NIL);
    } else if (typeof value === 'boolean') {
      this.byte(value ? TAG_TRUE : TAG_FALSE);
    } else if (value instanceof Flonum) {
      this.flonum(value.value);
    } else if (value instanceof Char) {
      this.header(TAG_CHAR, value.code);
    } else if (typeof value === 'bigint') {
      this.reserve(9);
      this.view.setUint8(this.at, TAG_FIXNUM);
      this.view.setBigInt64(this.at + 1, value, true);
      this.at += 9;
    } else if (value instanceof MutableString) {
      this.text(TAG_STRING, value.text);
    } else if (value instanceof Bytevector) {
      this.bytevector(value.bytes);
    } else if (value instanceof Vector) {
      this.vectorHeader(0);
    } else {
      throw new NotSendable();
    }
  }

  private bytevector(bytes: Uint8Array): void {
    this.header(TAG_BYTEVECTOR, bytes.length);
    if (this.inserts !== null && bytes.length >= LARGE_BYTEVECTOR) {
      this.inserts.push({ at: this.at, bytes });
      return;
    }
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  private fixnum(value: number): void {
    this.reserve(9);
    const high = Math.floor(value / TWO_TO_32);
    this.view.setUint8(this.at, TAG_FIXNUM);
    this.view.setUint32(this.at + 1, value - high * TWO_TO_32, true);
    this.view.setInt32(this.at + 5, high, true);
    this.at += 9;
  }

  private flonum(value: number): void {
    this.reserve(9);
    this.view.setUint8(this.at, TAG_FLONUM);
    // A NaN of the host may carry any bits; on the wire there is one.
    if (Number.isNaN(value)) this.view.setBigUint64(this.at + 1, 0x7ff8000000000000n, true);
    else this.view.setFloat64(this.at + 1, value, true);
    this.at += 9;
  }

  private text(tag: number, text: string): void {
    this.reserve(5 + text.length);
    const start = this.at + 5;
    let end = start;
    if (text.length <= SHORT_TEXT) {
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (unit >= 0x80) break;
        this.bytes[end++] = unit;
      }
    }
    if (end - start < text.length) end = this.longText(text, start);
    this.view.setUint8(this.at, tag);
    this.view.setUint32(this.at + 1, end - start, true);
    this.at = end;
  }

  /** Most texts are ASCII: to find out is cheaper than to write them as anything else. */
  private longText(text: string, start: number): number {
    if (!WIDE.test(text)) {
      const end = start + this.bytes.write(text, start, text.length, 'latin1');
      if (isAscii(this.bytes.subarray(start, end))) return end;
    }
    // A unit has three bytes at most, and to count them takes as long as to write them.
    this.reserve(5 + (text.length <= LARGEST_KEPT / 4 ? text.length * 3 : Buffer.byteLength(text)));
    return start + this.bytes.write(text, start, 'utf8');
  }

  private vectorHeader(count: number): void {
    this.header(TAG_VECTOR, count);
  }

  private header(tag: number, count: number): void {
    this.reserve(5);
    this.view.setUint8(this.at, tag);
    this.view.setUint32(this.at + 1, count, true);
    this.at += 5;
  }

  private byte(byte: number): void {
    if (this.at >= this.bytes.length) this.reserve(1);
    this.bytes[this.at++] = byte;
  }

  private reserve(count: number): void {
    const needed = this.at + count;
    if (needed <= this.bytes.length) return;
    if (needed > LARGEST_FRAME) throw tooLarge();
    const grown = Buffer.allocUnsafeSlow(Math.min(LARGEST_FRAME, Math.max(needed, this.bytes.length * 2)));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

const encoder = new Encoder();

/**
 * The binary frame of a value. It lies in a buffer that the next call may overwrite.
 * Raises the refusals of networking §8.3 and §9.4 for values that cannot be sent.
 */
export function encodeBinary(value: Value, root = 'send-arg'): Buffer {
  try {
    return encoder.encode(value);
  } catch (error) {
    throw error instanceof NotSendable ? refusal(value, root) : error;
  }
}

/** The same in pieces, which belong one behind the other. All but large bytevectors may be overwritten by the next call. */
export function encodeBinaryInPieces(value: Value): readonly Uint8Array[] {
  try {
    return encoder.encodeInPieces(value);
  } catch (error) {
    throw error instanceof NotSendable ? refusal(value) : error;
  }
}

// ---- decoding

const malformed = (what: string): EtaError => nngError(`binary wire format: ${what}`);
const outOfRange = (): EtaError => new EtaError('runtime.nanbox-error', 'nanbox error: NaNBoxError::OutOfRange');

/** A list being read: its first and its newest pair, and whether the tail is to come next. */
class PartialList {
  first: Pair | null = null;
  last: Pair | null = null;
  tailNext = false;
}

/** A vector being read, and how many elements are still to come. */
class PartialVector {
  readonly items: Value[] = [];
  constructor(public missing: number) {}
}

/** UTF-8 by the host's vector instructions: for that it has to be valid, and to go by way of UTF-16. */
function longText(bytes: Buffer): string {
  if (bytes.length < LONG_UTF8 || !isUtf8(bytes)) return bytes.toString('utf8');
  const text = transcode(bytes, 'utf8', 'ucs2').toString('ucs2');
  // Where a byte a character is enough, the string is to take no more.
  return WIDE.test(text) ? text : Buffer.from(text, 'latin1').toString('latin1');
}

/** What follows the bytes of a frame that are at hand. */
export interface FrameRest {
  readonly length: number;
  /** Fill `target` with the bytes from `position` on; there have to be so many. */
  copy(target: Uint8Array, position: number): void;
}

const NO_BYTES: Buffer = Buffer.alloc(0);

class Decoder {
  /** The part of the frame that is at hand. */
  private bytes = NO_BYTES;
  private view: DataView = new DataView(NO_BYTES.buffer);
  private at = 0;
  private rest: FrameRest | null = null;
  /** How many bytes of the rest have not been at hand yet. */
  private behind = 0;
  /** Where parts of the rest are brought. */
  private window = NO_BYTES;

  decode(bytes: Buffer, rest: FrameRest | null): Value {
    if (bytes.length === 0 || bytes[0] !== BINARY_MAGIC) throw malformed('missing version byte 0xEA');
    this.look(bytes);
    this.at = 1;
    this.rest = rest;
    this.behind = rest === null ? 0 : rest.length;
    try {
      return this.value();
    } finally {
      if (rest !== null) this.look(NO_BYTES); // what is at hand may be large
    }
  }

  private look(bytes: Buffer): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = 0;
  }

  private value(): Value {
    const stack: (PartialList | PartialVector)[] = [];
    for (;;) {
      const tag = this.tag();
      let value: Value;
      if (tag === TAG_PAIR) {
        // A pair in tail position goes on with the same list.
        const top = stack[stack.length - 1];
        if (top instanceof PartialList && top.tailNext) top.tailNext = false;
        else this.open(stack, new PartialList());
        continue;
      }
      if (tag === TAG_VECTOR) {
        const count = this.vectorLength();
        if (count > 0) {
          this.open(stack, new PartialVector(count));
          continue;
        }
        value = new Vector([]);
      } else {
        value = this.atom(tag);
      }
      // Hand the value to the innermost container; each that it completes is a value for the next one.
      for (;;) {
        if (stack.length === 0) return value;
        const top = stack[stack.length - 1];
        if (top instanceof PartialVector) {
          top.items.push(value);
          if (--top.missing > 0) break;
          value = new Vector(top.items);
        } else if (top.tailNext) {
          top.last!.cdr = value;
          value = top.first!;
        } else {
          const pair = new Pair(value, NIL);
          if (top.last === null) top.first = pair;
          else top.last.cdr = pair;
          top.last = pair;
          top.tailNext = true;
          break;
        }
        stack.pop();
      }
    }
  }

  private open(stack: (PartialList | PartialVector)[], container: PartialList | PartialVector): void {
    if (stack.length >= NESTING_LIMIT) throw nestingTooDeep();
    stack.push(container);
  }

  private atom(tag: number): Value {
    switch (tag) {
      case TAG_NIL:
        return NIL;
      case TAG_TRUE:
        return true;
      case TAG_FALSE:
        return false;
      case TAG_FIXNUM:
        return this.fixnum();
      case TAG_FLONUM: {
        const at = this.take(8, 'truncated double');
        return flonum(this.view.getFloat64(at, true));
      }
      case TAG_CHAR:
        return this.char();
      case TAG_STRING:
        return this.text('truncated string');
      case TAG_SYMBOL:
        return intern(this.text('truncated symbol'));
      case TAG_BYTEVECTOR:
        return this.bytevector();
      default:
        throw malformed('unknown binary tag');
    }
  }

  private fixnum(): Value {
    const at = this.take(8, 'truncated fixnum');
    const value = this.view.getInt32(at + 4, true) * TWO_TO_32 + this.view.getUint32(at, true);
    return Number.isSafeInteger(value) ? value : this.view.getBigInt64(at, true);
  }

  private char(): Value {
    const code = this.uint32('truncated char');
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw outOfRange();
    return charOf(code);
  }

  /** Invalid UTF-8 becomes U+FFFD, so that every string stays well-formed. */
  private text(truncated: string): string {
    const length = this.uint32(truncated);
    const at = this.take(length, truncated);
    const { bytes } = this;
    if (length <= SHORT_TEXT) {
      let text = '';
      for (let i = at; i < at + length; i++) {
        const byte = bytes[i];
        if (byte >= 0x80) return bytes.toString('utf8', at, at + length);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    const text = bytes.subarray(at, at + length);
    return isAscii(text) ? text.toString('latin1') : longText(text);
  }

  private vectorLength(): number {
    const count = this.uint32('truncated vector length');
    // An element has at least one byte, so a larger count can only be a lie: fail where the bytes would run out.
    if (count > this.left) this.skipLie();
    return count;
  }

  /** A vector that claims more elements than there are bytes ends like one whose elements run out. */
  private skipLie(): never {
    throw malformed('truncated (missing tag byte)');
  }

  private bytevector(): Bytevector {
    const length = this.uint32('truncated bytevector length');
    const atHand = this.bytes.length - this.at;
    if (length <= atHand) {
      const at = this.take(length, 'truncated bytevector data');
      return new Bytevector(new Uint8Array(this.bytes.subarray(at, at + length)));
    }
    if (length > this.left) throw malformed('truncated bytevector data');
    // The host fills the memory of a Uint8Array with zeros, that of a Buffer not.
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    bytes.set(this.bytes.subarray(this.at));
    this.at = this.bytes.length;
    this.fetch(bytes.subarray(atHand));
    return new Bytevector(bytes);
  }

  private uint32(truncated: string): number {
    const at = this.take(4, truncated);
    return this.view.getUint32(at, true);
  }

  private tag(): number {
    if (this.at >= this.bytes.length) this.bring(1, 'truncated (missing tag byte)');
    return this.bytes[this.at++];
  }

  /** The position of the next `count` bytes, which are consumed. */
  private take(count: number, truncated: string): number {
    if (count > this.bytes.length - this.at) this.bring(count, truncated);
    const { at } = this;
    this.at = at + count;
    return at;
  }

  /** How many bytes are still to come. */
  private get left(): number {
    return this.bytes.length - this.at + this.behind;
  }

  /** Have the next `count` bytes at hand, and some more. */
  private bring(count: number, truncated: string): void {
    const { left, bytes, at } = this;
    if (count > left) throw malformed(truncated);
    const size = Math.min(left, Math.max(count, WINDOW));
    const target = this.window.length >= size ? this.window : Buffer.allocUnsafeSlow(Math.max(size, WINDOW));
    if (target.length <= LARGEST_KEPT) this.window = target;
    const kept = bytes.copy(target, 0, at);
    this.fetch(target.subarray(kept, size));
    this.look(target.subarray(0, size));
  }

  /** Fill `target` with what follows the bytes at hand. */
  private fetch(target: Uint8Array): void {
    const rest = this.rest!;
    rest.copy(target, rest.length - this.behind);
    this.behind -= target.length;
  }
}

const decoder = new Decoder();

/**
 * The value of a binary frame; bytes after it are ignored. The frame's bytes are copied, never kept.
 * Raises the errors of networking §9.5 for a malformed frame.
 */
export function decodeBinary(head: Buffer, rest: FrameRest | null): Value {
  return decoder.decode(head, rest);
}
