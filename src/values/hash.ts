// Hashes: what `(hash v)` returns, and the cheaper hash that hash maps put compound keys into buckets with.
//
// Both agree with key equality: equal values have equal hashes. So neither may depend on the identity of an object,
// nor on how often a cyclic structure is unrolled, nor on the order of a map's entries.
//
// Source: builtins §9, Appendix B.

import { MutableString } from './mutable-string.ts';
import { Bytevector, Char, Flonum, HeapObject, NIL, Pair, Sym, type Value, Vector } from './types.ts';

// ---- the hash of Appendix B

const MASK_64 = (1n << 64n) - 1n;
const RESULT_BITS = 46;
/** Levels that the hash descends; below, all objects hash alike. */
const LEVELS = 8;

/** The SplitMix64 finaliser. */
function mix(word: bigint): bigint {
  let x = (word + 0x9e3779b97f4a7c15n) & MASK_64;
  x = ((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64;
  x = ((x ^ (x >> 27n)) * 0x94d049bb133111ebn) & MASK_64;
  return x ^ (x >> 31n);
}

const rotateLeft = (word: bigint, bits: bigint): bigint => ((word << bits) | (word >> (64n - bits))) & MASK_64;

const TAG_WORDS = { map: 0x6d6170n, set: 0x736574n, term: 0n } as const;

/** `(hash v)`: an integer in 0 … 2^46-1. The caller has checked `isHashable`. */
export function hashValue(value: Value): number {
  return Number(BigInt.asUintN(RESULT_BITS, new DeepHash().hash(value, LEVELS)));
}

class DeepHash {
  /** Hashes of objects by the level they were met on, so that shared and cyclic data costs nothing extra. */
  private readonly known: Map<object, bigint>[] = Array.from({ length: LEVELS + 1 }, () => new Map());

  hash(value: Value, level: number): bigint {
    const atom = atomWord(value);
    if (atom !== null) return mix(atom);
    if (level <= 0) return mix(0n);
    const object = value as object;
    let result = this.known[level].get(object);
    if (result === undefined) {
      result = this.hashParts(object, level - 1);
      this.known[level].set(object, result);
    }
    return result;
  }

  private hashParts(object: object, level: number): bigint {
    if (object instanceof Pair) {
      return mix(this.hash(object.car, level) ^ rotateLeft(this.hash(object.cdr, level), 7n) ^ 0xc0dec0den);
    }
    if (object instanceof Vector) {
      const start = mix(0x766563n ^ BigInt(object.items.length));
      return object.items.reduce<bigint>((sum, item) => mix(sum ^ this.hash(item, level)), start);
    }
    const parts = (object as HeapObject).hashParts?.();
    if (parts === undefined) return mix(0n);
    const size = BigInt(parts.groups.length);
    if (parts.tag === 'term') {
      const [[functor, ...args]] = parts.groups;
      const start = mix(this.hash(functor, level) ^ BigInt(args.length));
      return args.reduce<bigint>((sum, arg) => mix(sum ^ this.hash(arg, level)), start);
    }
    return parts.groups.reduce<bigint>(
      (sum, group) => sum ^ this.hashGroup(group, level),
      mix(TAG_WORDS[parts.tag] ^ size),
    );
  }

  private hashGroup([first, second]: readonly Value[], level: number): bigint {
    const key = this.hash(first, level);
    return mix(second === undefined ? key : key ^ rotateLeft(this.hash(second, level), 13n));
  }
}

const double = new DataView(new ArrayBuffer(8));

function doubleBits(value: number): bigint {
  double.setFloat64(0, value);
  return double.getBigUint64(0);
}

/** What `mix` is applied to for a value without parts, null for one that has some. */
function atomWord(value: Value): bigint | null {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? BigInt.asUintN(64, BigInt(value)) : doubleBits(value);
    case 'bigint':
      return BigInt.asUintN(64, value);
    case 'string':
      return textWord(value, 0);
    case 'boolean':
      return value ? 0x54525545n : 0x46414c5345n;
  }
  if (value instanceof Sym) return textWord(value.name, 1);
  if (value === NIL) return 0x4e494cn;
  if (value instanceof Char) return BigInt(value.code);
  if (value instanceof Flonum) return doubleBits(value.value);
  if (value instanceof Bytevector) return bytesWord(value.bytes);
  if (value instanceof MutableString) return textWord(value.text, 0);
  return null;
}

function textWord(text: string, seed: number): bigint {
  const low = textHash(text, seed);
  const high = textHash(text, seed ^ 0x5bd1e995);
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

function bytesWord(bytes: Uint8Array): bigint {
  let low = 2;
  let high = 3;
  for (const byte of bytes) {
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x85ebca6b);
  }
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

function textHash(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

// ---- bucket hashes of compound keys

/** Values that the hash of one key looks at; further ones do not count. It ends the walk through a cycle, too. */
const KEY_BUDGET = 2000;
/** Entries' own parts that count, in a map or set within a key: the budget may not depend on their order. */
const ENTRY_BUDGET = 50;
/** Maps in keys of maps in keys … that count. */
const NESTING_LIMIT = 4;

/** A 32-bit hash of a key. The caller has checked `isHashable`. */
export function bucketHash(key: Value): number {
  return walkHash(key, KEY_BUDGET, NESTING_LIMIT);
}

function walkHash(key: Value, limit: number, nesting: number): number {
  let hash = 17;
  let budget = limit;
  const stack: Value[] = [key];
  while (stack.length > 0 && budget > 0) {
    let value = stack.pop() as Value;
    while (value instanceof Pair && --budget > 0) {
      hash = combine(hash, 5);
      if (isAtom(value.car)) hash = combine(hash, atomHash(value.car));
      else stack.push(value.car);
      value = value.cdr;
    }
    budget--;
    if (value instanceof Vector) {
      hash = combine(hash, value.items.length + 7);
      for (let i = Math.min(value.items.length, budget) - 1; i >= 0; i--) stack.push(value.items[i]);
    } else if (isAtom(value)) hash = combine(hash, atomHash(value));
    else hash = combine(hash, objectHash(value as object, nesting));
  }
  return hash;
}

const isAtom = (value: Value): boolean =>
  typeof value !== 'object' ||
  value instanceof Sym ||
  value === NIL ||
  value instanceof Char ||
  value instanceof Flonum ||
  value instanceof Bytevector ||
  value instanceof MutableString;

function objectHash(object: object, nesting: number): number {
  const parts = object instanceof HeapObject ? object.hashParts?.() : undefined;
  if (parts === undefined) return 11;
  const start = combine(parts.tag.length, parts.groups.length);
  if (nesting === 0 || parts.groups.length > KEY_BUDGET) return start;
  let hash = start;
  for (const group of parts.groups) {
    let groupHash = 13;
    for (const value of group) groupHash = combine(groupHash, walkHash(value, ENTRY_BUDGET, nesting - 1));
    // Addition does not mind the order.
    hash = parts.ordered ? combine(hash, groupHash) : (hash + groupHash) | 0;
  }
  return hash;
}

function combine(hash: number, next: number): number {
  const mixed = Math.imul(hash ^ next, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function atomHash(value: Value): number {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? value | 0 : fractionHash(value);
    case 'bigint':
      return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
    case 'string':
      return textHash(value, 1);
    case 'boolean':
      return value ? 2 : 3;
  }
  if (value instanceof Sym) return textHash(value.name, 4);
  if (value instanceof Char) return value.code;
  if (value instanceof Flonum) return fractionHash(value.value);
  if (value instanceof MutableString) return textHash(value.text, 1);
  if (value instanceof Bytevector) return value.bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 6);
  return 9;
}

function fractionHash(value: number): number {
  double.setFloat64(0, value);
  return double.getInt32(0) ^ double.getInt32(4);
}

// ---- what can be a key

/** Whether a value, with everything in it, can be a key: no procedure, port, atom, record … anywhere. */
export function isHashable(key: Value): boolean {
  if (isAtom(key)) return true;
  const stack: Value[] = [key];
  // Remembering is for cycles and heavy sharing; small keys do without.
  let untilRemembering = KEY_BUDGET;
  const seen = new Set<object>();
  while (stack.length > 0) {
    let value = stack.pop() as Value;
    while (value instanceof Pair) {
      if (--untilRemembering < 0 && !remember(seen, value)) break;
      if (!isAtom(value.car)) stack.push(value.car);
      value = value.cdr;
    }
    if (isAtom(value) || value instanceof Pair) continue;
    if (--untilRemembering < 0 && !remember(seen, value as object)) continue;
    const parts = innerValues(value as object);
    if (parts === null) return false;
    for (const part of parts) if (!isAtom(part)) stack.push(part);
  }
  return true;
}

function remember(seen: Set<object>, object: object): boolean {
  if (seen.has(object)) return false;
  seen.add(object);
  return true;
}

function innerValues(object: object): readonly Value[] | null {
  if (object instanceof Vector) return object.items;
  const parts = object instanceof HeapObject ? object.hashParts?.() : undefined;
  return parts === undefined ? null : parts.groups.flat();
}
