// Hash sets: immutable values with insertion order, and their one mutator, `hash-set-add!`. See hash-map.ts.
//
// Source: builtins §9, README V8 and Settled details.

import { type HashParts, HeapObject, NIL, type PrintParts, type Value } from './types.ts';
import { Version } from './versions.ts';

export class HashSet extends HeapObject {
  readonly kind = 'HashSet';

  constructor(private version: Version) {
    super();
  }

  static empty(): HashSet {
    return new HashSet(Version.empty());
  }

  static of(members: Iterable<Value>): HashSet {
    const set = HashSet.empty();
    for (const member of members) set.include(member);
    return set;
  }

  get size(): number {
    return this.version.size;
  }

  /** Members must be hashable (hash.ts) in all of these. */
  has(member: Value): boolean {
    return this.version.find(member) !== undefined;
  }

  /** This set itself, if the member is there. */
  add(member: Value): HashSet {
    return this.has(member) ? this : new HashSet(this.version.with(member, NIL));
  }

  /** This set itself, if the member is not there. */
  remove(member: Value): HashSet {
    const version = this.version.without(member);
    return version === this.version ? this : new HashSet(version);
  }

  /** In place. */
  include(member: Value): void {
    if (!this.has(member)) this.version = this.version.put(member, NIL);
  }

  /** The members as they are now, in order of insertion. */
  members(): Value[] {
    return this.version.entries().map(({ key }) => key);
  }

  /** The members of this set in their order, then the new ones of the other. */
  union(other: HashSet): HashSet {
    return other.members().reduce<HashSet>((union, member) => union.add(member), this);
  }

  intersect(other: HashSet): HashSet {
    const members = this.members();
    return HashSet.of(members.filter((member) => other.has(member)));
  }

  difference(other: HashSet): HashSet {
    return other.members().reduce<HashSet>((rest, member) => rest.remove(member), this);
  }

  override printParts(): PrintParts {
    return { open: '#hashset{', items: this.members(), after: () => ' ', close: '}' };
  }

  override equalParts(other: HeapObject, work: Value[]): boolean {
    if (!(other instanceof HashSet) || other.size !== this.size) return false;
    for (const member of this.members()) {
      const match = other.version.findCandidate(member);
      if (match === undefined) return false;
      work.push(member, match.key);
    }
    return true;
  }

  override hashParts(): HashParts {
    return { tag: 'set', ordered: false, groups: this.members().map((member) => [member]) };
  }
}
