// Versions: the persistent, insertion-ordered table that hash maps and hash sets are made of.
//
// Every update gives a new version and leaves the old one as it was, yet the newest version of a table costs little
// more than a JavaScript Map (Baker's trick). One version of a chain owns the Map; each other one says how it differs
// from its neighbour in one slot:
//
//     m0 ──(b: absent)──▶ m1 ──(c: was 1)──▶ m2 [Map a b c]
//
// An update of a key that is there changes its entry in place, and leaves the old value with the old version.
//
// Reading an older version turns the arrows round on the way to it, until it owns the Map itself. What keeps that
// cheap in every pattern of use:
//   - deriving from an empty version starts a new chain, so an `empty` that is kept around holds nothing;
//   - after a number of updates in proportion to the size, the next version gets a Map of its own. So a version that
//     is kept while a program goes on updating holds a bounded chain, and reading it is at worst linear in the size;
//   - a version that is read from afar a second time gets a copy, so that two readers cannot tug at one Map for ever.
//
// Iteration is in order of insertion. A JavaScript Map has that order too, until turning the arrows puts a key back
// that was removed; so entries carry a serial number, and such a Map is sorted again when it is next iterated.
//
// Keys: atoms index the Map themselves (strings by contents, symbols and characters by identity). A key with parts,
// and an integral flonum, has a stand-in object, found through its hash in `buckets`. For a string that can change the
// text counts that it has when it is put in.
//
// Source: builtins §9, README V8 and Settled details.

import { isEqual } from './equality.ts';
import { bucketHash } from './hash.ts';
import { MutableString } from './mutable-string.ts';
import { Char, NIL, Sym, type Value } from './types.ts';

export interface Binding {
  readonly key: Value;
  readonly value: Value;
}

/** Of one Map; its value is that of the version which owns the Map. */
class Entry implements Binding {
  constructor(
    readonly key: Value,
    public value: Value,
    /** Serial number: the order of insertion in the chain. */
    readonly order: number,
  ) {}
}

/** Stands for all equal keys in the Map. In `buckets` exactly while the Map has an entry for it. */
class StandIn {
  constructor(
    readonly key: Value,
    readonly hash: number,
  ) {}
}

/** What indexes the Map: an atom, or the stand-in of another key. */
type Slot = Value | StandIn;

function isAtomicKey(key: Value): boolean {
  return typeof key !== 'object' || key instanceof Sym || key instanceof Char || key === NIL;
}

class Table {
  readonly entries = new Map<Slot, Entry>();
  private buckets: Map<number, StandIn[]> | null = null;
  private nextOrder = 0;
  /** The highest serial number that was put last into the Map; -1 for none. */
  private lastOrder = -1;
  /** Whether the Map's own order is the order of insertion. */
  private isInOrder = true;
  /** Versions derived since this table was made. */
  updates = 0;
  /** What was looked for last, and found: an update mostly follows a look at the same key. */
  private lastSlot: Slot = NIL;
  private lastEntry: Entry | undefined = undefined;

  /** The entry in a slot, undefined for none. */
  entryOf(slot: Slot): Entry | undefined {
    if (slot === this.lastSlot) return this.lastEntry;
    this.lastSlot = slot;
    this.lastEntry = this.entries.get(slot);
    return this.lastEntry;
  }

  /** The slot of a key that is here, undefined if a key with parts is not. */
  slotOf(key: Value): Slot | undefined {
    if (isAtomicKey(key)) return key;
    if (key instanceof MutableString) return key.text;
    return this.standInsLike(key)?.find((standIn) => isEqual(standIn.key, key));
  }

  /** The stand-ins that share the key's hash. */
  standInsLike(key: Value): readonly StandIn[] | undefined {
    return this.buckets?.get(bucketHash(key));
  }

  /** The slot of a key, whether or not it is here. */
  makeSlot(key: Value): Slot {
    return this.slotOf(key) ?? new StandIn(key, bucketHash(key));
  }

  makeEntry(slot: Slot, value: Value): Entry {
    return new Entry(slot instanceof StandIn ? slot.key : slot, value, this.nextOrder++);
  }

  /** Put an entry into a slot that has none, or take the slot's entry away. */
  apply(slot: Slot, entry: Entry | undefined): void {
    if (slot instanceof StandIn) this.updateBucket(slot, entry !== undefined);
    this.lastSlot = slot;
    this.lastEntry = entry;
    if (entry === undefined) {
      this.entries.delete(slot);
      return;
    }
    if (entry.order > this.lastOrder) this.lastOrder = entry.order;
    else this.isInOrder = false;
    this.entries.set(slot, entry);
  }

  private updateBucket(slot: StandIn, isPresent: boolean): void {
    this.buckets ??= new Map();
    const others = (this.buckets.get(slot.hash) ?? []).filter((standIn) => standIn !== slot);
    if (isPresent) this.buckets.set(slot.hash, [...others, slot]);
    else if (others.length > 0) this.buckets.set(slot.hash, others);
    else this.buckets.delete(slot.hash);
  }

  inOrder(): Entry[] {
    const entries = [...this.entries.values()];
    if (this.isInOrder) return entries;
    const slots = [...this.entries].sort(([, a], [, b]) => a.order - b.order);
    this.entries.clear();
    for (const [slot, entry] of slots) this.entries.set(slot, entry);
    this.isInOrder = true;
    return slots.map(([, entry]) => entry);
  }

  copy(): Table {
    this.inOrder();
    const table = new Table();
    for (const [slot, { key, value, order }] of this.entries) table.apply(slot, new Entry(key, value, order));
    table.nextOrder = this.nextOrder;
    return table;
  }
}

/** Versions from which on a read counts as from afar, beside half the size. */
const NEAR = 32;

export class Version {
  private table: Table | null;
  /** The neighbour towards the owner of the table; null for the owner. */
  private next: Version | null = null;
  /**
   * How this version differs from `next`: it has `entry` (or nothing) in `slot`; or, if there is a `value`, it has this
   * in `entry`, which both have.
   */
  private slot: Slot = NIL;
  private entry: Entry | undefined = undefined;
  private value: Value | undefined = undefined;
  /** Whether another version may refer to this one as its neighbour. */
  private isReferred = false;
  private wasReadFromAfar = false;

  private constructor(
    table: Table,
    public size: number,
  ) {
    this.table = table;
  }

  static empty(): Version {
    return new Version(new Table(), 0);
  }

  find(key: Value): Binding | undefined {
    const table = this.table ?? this.reroot();
    const slot = isAtomicKey(key) ? key : table.slotOf(key);
    return slot === undefined ? undefined : table.entryOf(slot);
  }

  /**
   * For comparing whole maps: like `find`, but a key with parts that is alone with its hash is returned unseen, for
   * the caller to compare. So comparing keys in keys in keys … needs no recursion.
   */
  findCandidate(key: Value): Binding | undefined {
    const table = this.table ?? this.reroot();
    if (isAtomicKey(key)) return table.entryOf(key);
    if (key instanceof MutableString) return table.entryOf(key.text);
    const candidates = table.standInsLike(key);
    if (candidates === undefined) return undefined;
    return candidates.length === 1 ? table.entryOf(candidates[0]) : this.find(key);
  }

  /** In order of insertion; what they are now, whatever becomes of the Map. */
  entries(): Binding[] {
    return (this.table ?? this.reroot()).inOrder().map(({ key, value }) => ({ key, value }));
  }

  /** The version with this binding added or replaced. */
  with(key: Value, value: Value): Version {
    const table = this.table ?? this.reroot();
    const slot = isAtomicKey(key) ? key : table.makeSlot(key);
    const old = table.entryOf(slot);
    if (old === undefined) return this.derive(table, slot, table.makeEntry(slot, value), this.size + 1);
    if (this.needsNewTable(table)) return new Version(table.copy(), this.size).put(key, value);
    const version = this.succeed(table, this.size);
    this.entry = old;
    this.value = old.value;
    old.value = value;
    return version;
  }

  /** The version without this key: this one, if it does not have the key. */
  without(key: Value): Version {
    const table = this.table ?? this.reroot();
    const slot = table.slotOf(key);
    if (slot === undefined || table.entryOf(slot) === undefined) return this;
    return this.derive(table, slot, undefined, this.size - 1);
  }

  /**
   * The version with this binding, where nobody needs the present one any more: it is changed in place unless other
   * versions hang on it.
   */
  put(key: Value, value: Value): Version {
    const table = this.table ?? this.reroot();
    if (this.isReferred) return this.with(key, value);
    const slot = isAtomicKey(key) ? key : table.makeSlot(key);
    const old = table.entryOf(slot);
    if (old !== undefined) old.value = value;
    else {
      table.apply(slot, table.makeEntry(slot, value));
      this.size++;
    }
    return this;
  }

  private needsNewTable(table: Table): boolean {
    return this.size === 0 || table.updates > 4 * this.size + 64;
  }

  /** Make the version that has `entry`, or nothing, in `slot`, where this one, the owner of `table`, has the other. */
  private derive(table: Table, slot: Slot, entry: Entry | undefined, size: number): Version {
    if (this.needsNewTable(table)) {
      const own = table.copy();
      own.apply(slot, entry);
      return new Version(own, size);
    }
    const version = this.succeed(table, size);
    this.slot = slot;
    this.entry = table.entryOf(slot);
    table.apply(slot, entry);
    return version;
  }

  /** A new owner of the table, which this version refers to. */
  private succeed(table: Table, size: number): Version {
    table.updates++;
    const version = new Version(table, size);
    version.isReferred = true;
    this.table = null;
    this.next = version;
    return version;
  }

  /** Take the table over from the version that owns it, or get one of its own. */
  private reroot(): Table {
    if (this.size === 0) return this.detach(new Table());
    const path: Version[] = [];
    let owner: Version = this;
    for (; owner.table === null; owner = owner.next as Version) path.push(owner);
    const isFar = path.length > this.size / 2 + NEAR;
    const table = owner.table;
    turnArrows(path);
    if (isFar && this.wasReadFromAfar) {
      const own = table.copy();
      turnArrows([owner, ...path.slice(1).reverse()]);
      return this.detach(own);
    }
    this.wasReadFromAfar ||= isFar;
    return table;
  }

  private detach(table: Table): Table {
    this.table = table;
    this.next = null;
    this.slot = NIL;
    this.entry = undefined;
    this.value = undefined;
    return table;
  }

  /** Become the owner of the table that `next` owns: swap what the two have in the slot in which they differ. */
  takeFromNext(): void {
    const owner = this.next as Version;
    const table = owner.table as Table;
    if (this.value === undefined) {
      owner.slot = this.slot;
      owner.entry = table.entryOf(this.slot);
      table.apply(this.slot, this.entry);
    } else {
      const entry = this.entry as Entry;
      owner.entry = entry;
      owner.value = entry.value;
      entry.value = this.value;
    }
    owner.table = null;
    owner.next = this;
    this.detach(table);
    this.isReferred = true;
  }
}

/** Hand the table along a path, from its end, the neighbour of the present owner, to its start. */
function turnArrows(path: readonly Version[]): void {
  for (let i = path.length - 1; i >= 0; i--) path[i].takeFromNext();
}
