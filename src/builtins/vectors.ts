// Vectors and bytevectors: the procedures that call nothing back.
//
// Source: builtins §8, README V12, R7RS 6.8, 6.9.

import type { Define } from '../bytecode/builtin-table.ts';
import { indexError, typeError } from '../values/errors.ts';
import { textLength, textSlice } from '../values/text.ts';
import { Bytevector, listFrom, NIL, type Value, Vector } from '../values/types.ts';
import { wantByte, wantCount, wantIndex, wantList, wantRange, wantString } from './arguments.ts';
import { defineMaker } from './strings.ts';

const spec = 'builtins §8';
const r7rsVectors = 'R7RS 6.8';
const r7rsBytes = 'R7RS 6.9';

export function defineVectors(define: Define): void {
  defineVectorBasics(define);
  defineVectorCopies(define);
  defineBytevectorBasics(define);
  defineBytevectorCopies(define);
}

/** Longer ones make the host fail with an error of its own. */
const MAX_LENGTH = 2 ** 27;

function wantLength(k: Value, who: string): number {
  const length = wantCount(k, `${who}: length must be a non-negative integer`);
  if (length > MAX_LENGTH) throw typeError(`${who}: length is too large`, k);
  return length;
}

function vectorItems(v: Value, who: string): Value[] {
  if (v instanceof Vector) return v.items;
  throw typeError(`${who}: not a vector`, v);
}

function defineVectorBasics(define: Define): void {
  define(
    '(vector obj …)',
    { doc: 'A fresh vector of the arguments.', spec, ofMany: (items) => new Vector([...items]) },
    (...items: Value[]) => new Vector(items),
  );
  const lengthErrors = 'k is not a non-negative integer';
  define(
    '(make-vector k fill)',
    { doc: 'A vector of k elements, each of them fill.', errors: lengthErrors, spec },
    (k, fill: Value) => new Vector(new Array<Value>(wantLength(k, 'make-vector')).fill(fill)),
  );
  define(
    '(%r7rs-make-vector k [fill])',
    { doc: 'A vector of k elements, each of them fill, or ().', errors: lengthErrors, spec: r7rsVectors },
    (k: Value, fill: Value = NIL) => new Vector(new Array<Value>(wantLength(k, 'make-vector')).fill(fill)),
  );
  define(
    '(vector-length v)',
    { doc: 'The count of elements.', errors: 'v is not a vector', spec },
    (v: Value) => vectorItems(v, 'vector-length').length,
  );
  const errors = 'v is not a vector; k is not an integer in 0 … length-1';
  define('(vector-ref v k)', { doc: 'The element at index k, counted from 0.', errors, spec }, (v: Value, k: Value) => {
    const items = vectorItems(v, 'vector-ref');
    return items[wantIndex(k, items.length, 'vector-ref: index out of bounds')];
  });
  define(
    '(vector-set! v k obj)',
    { doc: 'Replace the element at index k.', errors, spec },
    (v: Value, k: Value, obj: Value) => {
      const items = vectorItems(v, 'vector-set!');
      items[wantIndex(k, items.length, 'vector-set!: index out of bounds')] = obj;
      return NIL;
    },
  );
}

const rangeErrors = 'an argument is of another type; the range is not within it';

function defineVectorCopies(define: Define): void {
  define(
    '(vector->list v [start end])',
    { doc: 'The elements, in a list.', errors: rangeErrors, spec: r7rsVectors },
    (v, start, end) => {
      const items = vectorItems(v, 'vector->list');
      return listFrom(items.slice(...wantRange(start, end, items.length, 'vector->list')));
    },
  );
  define(
    '(list->vector list)',
    { doc: 'The elements of a list, in a vector.', errors: 'list is not a proper list', spec: r7rsVectors },
    (list: Value) => new Vector(wantList(list, 'list->vector: not a proper list')),
  );
  define(
    '(vector-copy v [start end])',
    { doc: 'A fresh vector of the elements.', errors: rangeErrors, spec: r7rsVectors },
    (v, start, end) => {
      const items = vectorItems(v, 'vector-copy');
      return new Vector(items.slice(...wantRange(start, end, items.length, 'vector-copy')));
    },
  );
  define(
    '(vector-copy! to at from [start end])',
    {
      doc: 'Copy elements of one vector into another, which may be the same, from index at on.',
      errors: rangeErrors,
      spec: r7rsVectors,
    },
    (to: Value, at: Value, from: Value, start?: Value, end?: Value) => {
      const target = vectorItems(to, 'vector-copy!');
      const source = vectorItems(from, 'vector-copy!');
      const [first, last] = wantRange(start, end, source.length, 'vector-copy!');
      const index = wantRoom(at, last - first, target.length, 'vector-copy!');
      const copied = source.slice(first, last);
      for (let i = 0; i < copied.length; i++) target[index + i] = copied[i];
      return NIL;
    },
  );
  define(
    '(vector-append v …)',
    { doc: 'The elements of all vectors in a fresh one.', errors: 'an argument is not a vector', spec: r7rsVectors },
    (...vectors) => new Vector((vectors as Value[]).flatMap((v) => vectorItems(v, 'vector-append'))),
  );
  define(
    '(vector-fill! v obj [start end])',
    { doc: 'Set the elements to obj.', errors: rangeErrors, spec: r7rsVectors },
    (v, obj: Value, start, end) => {
      const items = vectorItems(v, 'vector-fill!');
      items.fill(obj, ...wantRange(start, end, items.length, 'vector-fill!'));
      return NIL;
    },
  );
}

/** The index `at` from which on `count` elements fit into `length`. */
function wantRoom(at: Value, count: number, length: number, who: string): number {
  const index = wantCount(at, `${who}: index must be a non-negative integer`);
  if (index + count > length) throw indexError(`${who}: indices out of bounds`, at, length - count + 1);
  return index;
}

function bytesOf(bv: Value, who: string): Uint8Array {
  if (bv instanceof Bytevector) return bv.bytes;
  throw typeError(`${who}: not a bytevector`, bv);
}

function defineBytevectorBasics(define: Define): void {
  const byteErrors = 'an element is not an integer in 0 … 255';
  define(
    '(bytevector byte …)',
    { doc: 'A fresh bytevector of the arguments.', errors: byteErrors, spec: r7rsBytes },
    (...items: Value[]) =>
      new Bytevector(Uint8Array.from(items, (item) => wantByte(item, 'bytevector: argument must be a byte (0-255)'))),
  );
  define(
    '(make-bytevector k [byte])',
    {
      doc: 'A bytevector of k bytes, each of them byte, or 0.',
      errors: `k is not a non-negative integer; ${byteErrors}`,
      spec: r7rsBytes,
    },
    (k: Value, byte: Value = 0) =>
      new Bytevector(
        new Uint8Array(wantLength(k, 'make-bytevector')).fill(
          wantByte(byte, 'make-bytevector: argument must be a byte (0-255)'),
        ),
      ),
  );
  define(
    '(bytevector-length bv)',
    { doc: 'The count of bytes.', errors: 'bv is not a bytevector', spec: r7rsBytes },
    (bv: Value) => bytesOf(bv, 'bytevector-length').length,
  );
  const errors = 'bv is not a bytevector; k is not an integer in 0 … length-1';
  define(
    '(bytevector-u8-ref bv k)',
    { doc: 'The byte at index k.', errors, spec: r7rsBytes },
    (bv: Value, k: Value) => {
      const bytes = bytesOf(bv, 'bytevector-u8-ref');
      return bytes[wantIndex(k, bytes.length, 'bytevector-u8-ref: index out of bounds')];
    },
  );
  define(
    '(bytevector-u8-set! bv k byte)',
    { doc: 'Replace the byte at index k.', errors: `${errors}; ${byteErrors}`, spec: r7rsBytes },
    (bv, k, byte) => {
      const bytes = bytesOf(bv, 'bytevector-u8-set!');
      const index = wantIndex(k, bytes.length, 'bytevector-u8-set!: index out of bounds');
      bytes[index] = wantByte(byte, 'bytevector-u8-set!: argument must be a byte (0-255)');
      return NIL;
    },
  );
}

function defineBytevectorCopies(define: Define): void {
  define(
    '(bytevector-copy bv [start end])',
    { doc: 'A fresh bytevector of the bytes.', errors: rangeErrors, spec: r7rsBytes },
    (bv, start, end) => {
      const bytes = bytesOf(bv, 'bytevector-copy');
      return new Bytevector(bytes.slice(...wantRange(start, end, bytes.length, 'bytevector-copy')));
    },
  );
  define(
    '(bytevector-copy! to at from [start end])',
    {
      doc: 'Copy bytes of one bytevector into another, which may be the same, from index at on.',
      errors: rangeErrors,
      spec: r7rsBytes,
    },
    (to: Value, at: Value, from: Value, start?: Value, end?: Value) => {
      const target = bytesOf(to, 'bytevector-copy!');
      const source = bytesOf(from, 'bytevector-copy!');
      const [first, last] = wantRange(start, end, source.length, 'bytevector-copy!');
      target.set(source.slice(first, last), wantRoom(at, last - first, target.length, 'bytevector-copy!'));
      return NIL;
    },
  );
  define(
    '(bytevector-append bv …)',
    { doc: 'The bytes of all bytevectors in a fresh one.', errors: 'an argument is not a bytevector', spec: r7rsBytes },
    (...items: Value[]) =>
      new Bytevector(new Uint8Array(Buffer.concat(items.map((bv) => bytesOf(bv, 'bytevector-append'))))),
  );
  defineMaker(
    define,
    '(utf8->string bv [start end])',
    { doc: 'The text that the bytes encode.', errors: `${rangeErrors}; the bytes are not UTF-8`, spec: r7rsBytes },
    (bv: Value, start?: Value, end?: Value) => {
      const bytes = bytesOf(bv, 'utf8->string');
      try {
        const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
        return decoder.decode(bytes.subarray(...wantRange(start, end, bytes.length, 'utf8->string')));
      } catch (error) {
        if (error instanceof TypeError) throw typeError('utf8->string: not valid UTF-8', bv);
        throw error;
      }
    },
  );
  define(
    '(string->utf8 s [start end])',
    { doc: 'The UTF-8 bytes of the characters.', errors: rangeErrors, spec: r7rsBytes },
    (s: Value, start?: Value, end?: Value) => {
      const text = wantString(s, 'string->utf8: not a string');
      const range = wantRange(start, end, textLength(text), 'string->utf8');
      return new Bytevector(new TextEncoder().encode(textSlice(text, ...range)));
    },
  );
}
