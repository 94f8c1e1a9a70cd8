// Hash maps: immutable values with insertion order, and their one mutator, `hash-map-set!`.
//
// A map holds one version of a persistent table (versions.ts). `set` moves the map to another version; maps that were
// derived from it keep theirs.
//
// Source: builtins §9, README V8 and Settled details.

import { type HashParts, HeapObject, type PrintParts, type Value } from './types.ts';
import { type Binding, Version } from './versions.ts';

export class HashMap extends HeapObject {
  readonly kind = 'HashMap';

  constructor(private version: Version) {
    super();
  }

  static empty(): HashMap {
    return new HashMap(Version.empty());
  }

  /** A fresh map of these bindings; a later one of an equal key replaces the value and keeps the place. */
  static of(bindings: Iterable<readonly [Value, Value]>): HashMap {
    const map = HashMap.empty();
    for (const [key, value] of bindings) map.set(key, value);
    return map;
  }

  get size(): number {
    return this.version.size;
  }

  /** Undefined if the key is not there. Keys must be hashable (hash.ts) in all of these. */
  get(key: Value): Value | undefined {
    return this.version.find(key)?.value;
  }

  has(key: Value): boolean {
    return this.version.find(key) !== undefined;
  }

  assoc(key: Value, value: Value): HashMap {
    return new HashMap(this.version.with(key, value));
  }

  /** This map itself, if the key is not there. */
  dissoc(key: Value): HashMap {
    const version = this.version.without(key);
    return version === this.version ? this : new HashMap(version);
  }

  /** In place. */
  set(key: Value, value: Value): void {
    this.version = this.version.put(key, value);
  }

  /** The bindings as they are now, in order of insertion. */
  entries(): readonly Binding[] {
    return this.version.entries();
  }

  override printParts(): PrintParts {
    return {
      open: '#hashmap{',
      items: this.entries().flatMap(({ key, value }) => [key, value]),
      after: (index) => (index % 2 === 0 ? ' ' : ', '),
      close: '}',
    };
  }

  override equalParts(other: HeapObject, work: Value[]): boolean {
    if (!(other instanceof HashMap) || other.size !== this.size) return false;
    for (const { key, value } of this.entries()) {
      const match = other.version.findCandidate(key);
      if (match === undefined) return false;
      work.push(key, match.key, value, match.value);
    }
    return true;
  }

  override hashParts(): HashParts {
    return { tag: 'map', ordered: false, groups: this.entries().map(({ key, value }) => [key, value]) };
  }
}
