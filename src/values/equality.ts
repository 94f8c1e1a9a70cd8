// Equality: eq?, eqv?, equal?.
//
// eq? and eqv? are one relation here: integers compare by value whatever their size, flonums by their bits, strings
// by their contents. equal? looks into pairs, vectors, bytevectors, and those objects that have `equalParts`.
//
// equal? keeps its own worklist, so that depth costs no host stack. On large data it starts to remember which objects
// it has assumed to be equal (union-find); a pair of objects that meets again is then skipped, which makes it
// terminate on cycles and keeps it linear on shared structure. That is sound: if the assumption is wrong, the
// comparison that made it fails elsewhere.
//
// Source: builtins §4, README V6, V11, Settled details.

import { deref, LogicVariable } from './logic.ts';
import { MutableString, textOf } from './mutable-string.ts';
import { Bytevector, Char, Flonum, HeapObject, NIL, Pair, Sym, type Value, Vector } from './types.ts';

/** Comparisons before `equal?` starts to remember; small data never pays for it. */
const MEMORY_THRESHOLD = 1000;

export function isEq(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a === 'number') return Number.isNaN(a) && typeof b === 'number' && Number.isNaN(b);
  return a instanceof Flonum && b instanceof Flonum && Object.is(a.value, b.value);
}

export const isEqv = isEq;

export function isEqual(a: Value, b: Value): boolean {
  if (isEq(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object') return haveSameText(a, b);
  return areStructuresEqual(a, b);
}

/** Pairs that are compared before a worklist is made. */
const SHORT = 32;

/** The common case, two short lists of atoms, needs nothing but the walk. */
function areStructuresEqual(a: object, b: object): boolean {
  let left: Value = a;
  let right: Value = b;
  for (let i = 0; i < SHORT && left instanceof Pair && right instanceof Pair; i++) {
    if (!isEq(left.car, right.car)) {
      if (typeof left.car !== 'object' && typeof right.car !== 'object') return false;
      break;
    }
    left = left.cdr;
    right = right.cdr;
    if (isEq(left, right)) return true;
  }
  if (isAtom(left) && !(right instanceof LogicVariable)) return false;
  if (isAtom(right) && !(left instanceof LogicVariable)) return false;
  return areAlike(left, right);
}

/** Equal to nothing but itself, and to a logic variable that is bound to it. */
const isAtom = (value: Value): boolean => value === NIL || value instanceof Sym || value instanceof Char;

function areAlike(a: Value, b: Value): boolean {
  // Pairs of values still to compare: left at even, right at odd indices.
  const work: Value[] = [a, b];
  const alike = new Alike();
  let comparisons = 0;
  while (work.length > 0) {
    let right = work.pop() as Value;
    let left = work.pop() as Value;
    // Walk down a list spine without going through the worklist.
    for (;;) {
      if (isEq(left, right)) break;
      if (typeof left !== 'object' || typeof right !== 'object') {
        if (!haveSameText(left, right)) return false;
        break;
      }
      if (++comparisons > MEMORY_THRESHOLD && !alike.merge(left, right)) break;
      if (!(left instanceof Pair && right instanceof Pair)) {
        if (!pushParts(left, right, work)) return false;
        break;
      }
      if (!isEq(left.car, right.car)) {
        if (typeof left.car === 'object' && typeof right.car === 'object') work.push(left.car, right.car);
        else if (!haveSameText(left.car, right.car)) return false;
      }
      left = left.cdr;
      right = right.cdr;
    }
  }
  return true;
}

/** Add what must be equal for two different objects to be equal; false if they cannot be. */
function pushParts(left: object, right: object, work: Value[]): boolean {
  if (left instanceof Vector) {
    if (!(right instanceof Vector) || left.items.length !== right.items.length) return false;
    for (let i = left.items.length - 1; i >= 0; i--) work.push(left.items[i], right.items[i]);
    return true;
  }
  if (left instanceof MutableString) return haveSameText(left, right);
  if (left instanceof LogicVariable || right instanceof LogicVariable) {
    const [a, b] = [deref(left), deref(right)];
    if (a === left && b === right) return false;
    work.push(a, b);
    return true;
  }
  if (left instanceof Bytevector) return right instanceof Bytevector && haveSameBytes(left.bytes, right.bytes);
  if (left instanceof HeapObject && right instanceof HeapObject && left.equalParts) {
    return left.equalParts(right, work);
  }
  return false;
}

/** Of values that are not the same: whether one is a mutable string, and the other a string of the same characters. */
function haveSameText(a: Value, b: Value): boolean {
  if (typeof a !== 'object' && typeof b !== 'object') return false;
  if (a instanceof LogicVariable || b instanceof LogicVariable) return areAlikeBound(a, b);
  if (!(a instanceof MutableString || b instanceof MutableString)) return false;
  const text = textOf(a);
  return text !== undefined && text === textOf(b);
}

/** Of which at least one is a logic variable: it stands for what it is bound to (README S1). */
function areAlikeBound(a: Value, b: Value): boolean {
  const left = deref(a);
  const right = deref(b);
  return (left !== a || right !== b) && isEqual(left, right);
}

function haveSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Classes of objects that are assumed to be equal. */
class Alike {
  /** Made when it is needed: hardly ever. */
  private parents: Map<object, object> | null = null;

  /** Put both into one class; false if they are in one already. */
  merge(a: object, b: object): boolean {
    const first = this.find(a);
    const second = this.find(b);
    if (first === second) return false;
    this.parents ??= new Map();
    this.parents.set(first, second);
    return true;
  }

  private find(member: object): object {
    const { parents } = this;
    if (parents === null) return member;
    let root = member;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    // Shorten the path for the next time.
    for (let node = member; node !== root; ) {
      const parent = parents.get(node) as object;
      parents.set(node, root);
      node = parent;
    }
    return root;
  }
}
