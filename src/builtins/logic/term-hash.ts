// term-hash, term-variant-hash: numbers that are the same for terms that are equal, for variants of one another.
//
// A walk in preorder over the term as far as `depth` levels, and over so many parts at most: that ends cyclic terms and those
// that share much, too. What lies beyond does not count, so different terms may hash alike, but equal ones always do.
// Bound variables count as what they are bound to, as for equal?. The elements of a list are one level down, all of them.
// Source: symbolic §8; README S1.

import { bucketHash } from '../../values/hash.ts';
import { CompoundTerm, deref, LogicVariable } from '../../values/logic.ts';
import { MutableString } from '../../values/mutable-string.ts';
import { HeapObject, Pair, type Value, Vector } from '../../values/types.ts';

/** Parts of a term that count. */
const BUDGET = 10_000;
/** The bits of the result beyond the low 32. */
const HIGH_BITS = 14;

const PAIR = 1;
const VECTOR = 2;
const TERM = 3;
const VARIABLE = 4;
const OBJECT = 5;
const CUT = 6;
const REST = 7;

/** What a variable or an object that is compared by identity counts as. */
type Numbering = (value: object) => number;

/** Equal terms hash alike, and variables by identity. */
export function termHash(term: Value, depth: number): number {
  return hash(term, depth, identityNumber);
}

/** Terms that are equal up to the names of their variables hash alike. */
export function variantHash(term: Value, depth: number): number {
  const seen = new Map<object, number>();
  return hash(term, depth, (variable) => {
    let number = seen.get(variable);
    if (number === undefined) {
      number = seen.size + 1;
      seen.set(variable, number);
    }
    return number;
  });
}

const identities = new WeakMap<object, number>();
let identified = 0;

function identityNumber(object: object): number {
  let number = identities.get(object);
  if (number === undefined) {
    number = ++identified;
    identities.set(object, number);
  }
  return number;
}

interface Part {
  readonly value: Value;
  /** Levels that are left below it. */
  readonly depth: number;
  /** It is the cdr of a pair. */
  readonly isRest: boolean;
}

function hash(term: Value, depth: number, numberOf: Numbering): number {
  const sum = new Sum();
  const stack: Part[] = [{ value: term, depth, isRest: false }];
  for (let left = BUDGET; left > 0; left--) {
    const part = stack.pop();
    if (part === undefined) break;
    const value = deref(part.value);
    if (value instanceof Pair) {
      sum.add(part.isRest ? REST : PAIR);
      // The pairs of one list are one compound: its first pair takes the level.
      if (!part.isRest && part.depth === 0) {
        sum.add(CUT);
        continue;
      }
      const below = part.isRest ? part.depth : part.depth - 1;
      stack.push({ value: value.cdr, depth: below, isRest: true }, { value: value.car, depth: below, isRest: false });
    } else if (value instanceof Vector || value instanceof CompoundTerm) {
      addHead(sum, value);
      const items = value instanceof Vector ? value.items : value.args;
      const atHand = part.depth === 0 ? 0 : Math.min(items.length, left);
      for (let i = atHand - 1; i >= 0; i--) stack.push({ value: items[i], depth: part.depth - 1, isRest: false });
    } else if (value instanceof LogicVariable) {
      sum.add(VARIABLE);
      sum.add(numberOf(value));
    } else sum.add(leafHash(value));
  }
  return sum.result();
}

function addHead(sum: Sum, value: Vector | CompoundTerm): void {
  sum.add(value instanceof Vector ? VECTOR : TERM);
  sum.add(value instanceof Vector ? value.items.length : value.args.length);
  if (value instanceof CompoundTerm) sum.add(bucketHash(value.functor));
}

/** Objects hash by their contents, or their kind, if equal? looks into them. */
function leafHash(value: Value): number {
  const hasContents = !(value instanceof HeapObject) || value instanceof MutableString || value.hashParts !== undefined;
  if (hasContents) return bucketHash(value);
  return value.equalParts === undefined ? OBJECT + identityNumber(value) : bucketHash(value.kind);
}

/** Two running hashes of a sequence of numbers, for more than 32 bits. */
class Sum {
  private low = 17;
  private high = 23;

  add(next: number): void {
    this.low = Math.imul(this.low ^ next, 0x9e3779b1);
    this.low ^= this.low >>> 15;
    this.high = Math.imul(this.high ^ next, 0x85ebca6b);
    this.high ^= this.high >>> 13;
  }

  /** In 0 … 2^46-1. */
  result(): number {
    return (this.high >>> (32 - HIGH_BITS)) * 2 ** 32 + (this.low >>> 0);
  }
}
