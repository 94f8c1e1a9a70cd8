// Values: how each Eta value is represented in JavaScript.
//
//   #t #f            true false
//   integer          number that is integral and |n| <= 2^53-1; beyond that, up to 64 bits, a bigint
//   flonum           number that is not integral (NaN and infinities too); an integral one is a Flonum box
//   string           JavaScript string, immutable, always well-formed UTF-16
//   symbol, char     interned objects, compared by identity
//   ()               NIL
//   everything else  an object of one of the classes here, or a HeapObject defined by the folder that owns it
//
// Invariants that the whole engine relies on:
//   - a plain number that is integral is a fixnum: never -0, never above 2^53-1 in magnitude
//   - a bigint is always outside the safe-integer range and inside the signed 64-bit range
//   - a Flonum box always holds an integral value (-0 and 1e300 included)
// Keep them by building numbers with `integerFromBigint`, `flonum` and the arithmetic of numbers.ts.
//
// Source: architecture, "Values".

import { countAllocation } from './allocation.ts';
import type { Span } from './span.ts';

export type Value = boolean | number | bigint | string | object;

/** The empty list, also the "nothing useful" result. */
export class Nil {
  toString(): string {
    return '()';
  }
}
export const NIL = new Nil();

/** A symbol. Interned ones come from `intern`; records and macro expansion make uninterned ones. */
export class Sym {
  constructor(readonly name: string) {}
}

const symbols = new Map<string, Sym>();

/** The one symbol of this name. */
export function intern(name: string): Sym {
  let symbol = symbols.get(name);
  if (symbol === undefined) {
    symbol = new Sym(name);
    symbols.set(name, symbol);
  }
  return symbol;
}

/** A character: one Unicode scalar value. Interned, so that `===` compares. */
export class Char {
  constructor(readonly code: number) {}
}

/** By code point: an array for the first few, which most characters of programs are. */
const firstChars: readonly Char[] = Array.from({ length: 128 }, (_, code) => new Char(code));
const otherChars = new Map<number, Char>();

/** The one character with this code point; the caller has checked that it is a scalar value. */
export function charOf(code: number): Char {
  return code < firstChars.length ? firstChars[code] : otherCharOf(code);
}

function otherCharOf(code: number): Char {
  let char = otherChars.get(code);
  if (char === undefined) {
    char = new Char(code);
    otherChars.set(code, char);
  }
  return char;
}

/** A flonum whose value is integral; see the invariants above. */
export class Flonum {
  constructor(readonly value: number) {}
}

/** The flonum of this double. */
export function flonum(value: number): Value {
  return Number.isInteger(value) ? new Flonum(value) : value;
}

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** The exact integer of this mathematical value; beyond 64 bits, the nearest flonum. */
export function integerFromBigint(value: bigint): Value {
  if (value >= -9007199254740991n && value <= 9007199254740991n) return Number(value);
  if (value >= MIN_INT64 && value <= MAX_INT64) return value;
  return flonum(Number(value));
}

// Generated code tells pairs, vectors and closures from other values by `car` and `cdr`, `items`, and `code.jsArity`, which
// is faster than `instanceof`: no other class of values may have members of these names.

export class Pair {
  constructor(
    public car: Value,
    public cdr: Value,
  ) {}
}

export class Vector {
  constructor(readonly items: Value[]) {
    countAllocation(items.length, 8);
  }
}

export class Bytevector {
  constructor(readonly bytes: Uint8Array) {
    countAllocation(bytes.length, 1);
  }
}

/** The packed result of `(values …)` with other than one value. */
export class MultipleValues {
  constructor(readonly values: readonly Value[]) {}
}

/**
 * Base of every opaque run-time object: procedures, ports, sockets, atoms, records, hash maps …
 * The printer and the error messages of serialisation know such objects through these two members only, so that
 * low folders need not import high ones.
 */
export abstract class HeapObject {
  /** The kind's name in serialisation errors (networking §8.3): `Closure`, `Port`, `NngSocket`, `HashMap` … */
  abstract get kind(): string;

  /** What `display` and `write` print, for an object that has no parts of its own to print. */
  printed(): string {
    return '#<object>';
  }

  /** For an object that prints its parts, like a hash map; the printer then takes this instead of `printed`. */
  printParts?(): PrintParts;

  /**
   * For an object that `equal?` looks into. Pushes onto `work`, two by two, what has to be equal for this object and
   * `other` to be equal; false if they are not equal whatever their parts are.
   */
  equalParts?(other: HeapObject, work: Value[]): boolean;

  /** For an object that may be a key of hash maps: what its hash is made of. Equal objects give equal parts. */
  hashParts?(): HashParts;
}

/** How an object prints that has parts: `open item₀ after(0) item₁ after(1) … itemₙ close`. */
export interface PrintParts {
  readonly open: string;
  readonly items: readonly Value[];
  /** The text between items `index` and `index + 1`. */
  readonly after: (index: number) => string;
  readonly close: string;
}

/** What the hash of an object is made of: groups of values, whose order may not matter. */
export interface HashParts {
  /** Tells kinds apart: Appendix B's `map`, `set` … */
  readonly tag: 'map' | 'set' | 'term';
  readonly ordered: boolean;
  readonly groups: readonly (readonly Value[])[];
}

/** The eof object (`(eof-object)`). */
export class Eof extends HeapObject {
  readonly kind = 'Eof';
  override printed(): string {
    return '#<eof>';
  }
}
export const EOF = new Eof();

/** A local variable that is both captured and assigned: closures share the box. */
export class Box {
  constructor(public value: Value) {}
}

/** What a variable holds before its definition or initialisation has run. Programs never see it. */
export class Unset {}
export const UNSET = new Unset();

/**
 * A module-level variable. Importers share the exporter's cell. `value` is UNSET until its definition has run.
 * `module` and `name` identify it in compiled files and in error messages.
 */
export class Cell {
  public value: Value = UNSET;
  /** Who is to be told when the variable is set: generated code counts on its value. Null for nobody. */
  watcher: ((cell: Cell) => void) | null = null;
  constructor(
    readonly module: string,
    readonly name: string,
    /** Where it is defined, for tools; null where it comes from compiled code. */
    readonly span: Span | null = null,
  ) {}

  set(value: Value): void {
    this.value = value;
    if (this.watcher !== null) this.watcher(this);
  }
}

/** `define-record-type`'s type object: a fresh one each time that the form is evaluated. */
export class RecordType extends HeapObject {
  readonly kind = 'RecordType';
  constructor(
    readonly name: string,
    readonly fields: readonly string[],
  ) {
    super();
  }
  override printed(): string {
    return `#<record-type ${this.name}>`;
  }
}

/** A record. `fields` are in the type's order. */
export class RecordInstance extends HeapObject {
  override get kind(): 'Record' {
    return 'Record';
  }
  constructor(
    readonly type: RecordType,
    readonly fields: Value[],
  ) {
    super();
  }
  /** Records of one type are equal if their fields are (language §6). */
  override equalParts(other: HeapObject, work: Value[]): boolean {
    if (!(other instanceof RecordInstance) || other.type !== this.type) return false;
    this.fields.forEach((field, i) => {
      work.push(field, other.fields[i]);
    });
    return true;
  }
  override printed(): string {
    return `#<${this.type.name}>`;
  }
}

/** A record with these fields. A rest parameter is an array of one kind for V8, whatever it holds. */
export const recordOf = (type: RecordType, ...fields: Value[]): RecordInstance => new RecordInstance(type, fields);

/** Build a proper list, or one that ends in `tail`. */
export function listFrom(items: readonly Value[], tail: Value = NIL): Value {
  let list = tail;
  for (let i = items.length - 1; i >= 0; i--) list = new Pair(items[i], list);
  return list;
}

/** A fresh list of the elements of a proper list. */
export function copyOfList(list: Value): Value {
  if (!(list instanceof Pair)) return NIL;
  const copy = new Pair(list.car, NIL);
  let last = copy;
  for (let at = list.cdr; at instanceof Pair; at = at.cdr) {
    const next = new Pair(at.car, NIL);
    last.cdr = next;
    last = next;
  }
  return copy;
}

/** The length of a proper list, or -1 for anything else (cyclic lists included). */
export function listLength(list: Value): number {
  let length = 0;
  let at = list;
  let slow = list;
  while (at instanceof Pair) {
    at = at.cdr;
    length++;
    // The slow pointer moves at half speed: meeting it means a cycle.
    if ((length & 1) === 0) {
      slow = (slow as Pair).cdr;
      if (slow === at && at instanceof Pair) return -1;
    }
  }
  return at === NIL ? length : -1;
}

/** The elements of a proper list, or null for anything else (cyclic lists included). */
export function listToArray(list: Value): Value[] | null {
  const items: Value[] = [];
  let slow = list;
  while (list instanceof Pair) {
    items.push(list.car);
    list = list.cdr;
    // The slow pointer moves at half speed: meeting it means a cycle.
    if ((items.length & 1) === 0) {
      slow = (slow as Pair).cdr;
      if (slow === list && list instanceof Pair) return null;
    }
  }
  return list === NIL ? items : null;
}
