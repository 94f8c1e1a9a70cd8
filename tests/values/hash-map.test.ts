import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEqual } from '../../src/values/equality.ts';
import { bucketHash, hashValue, isHashable } from '../../src/values/hash.ts';
import { HashMap } from '../../src/values/hash-map.ts';
import { HashSet } from '../../src/values/hash-set.ts';
import { MutableString } from '../../src/values/mutable-string.ts';
import { writeText } from '../../src/values/printer.ts';
import {
  Bytevector,
  charOf,
  EOF,
  flonum,
  intern,
  listFrom,
  NIL,
  Pair,
  type Value,
  Vector,
} from '../../src/values/types.ts';

/** Some equal and some unequal keys of every kind, by their printed form: equal keys print alike and no others do. */
const KEYS: readonly (() => Value)[] = [
  () => 1,
  () => flonum(1),
  () => flonum(0),
  () => flonum(-0),
  () => 1.5,
  () => Number.NaN,
  () => 2n ** 60n,
  () => 'one',
  () => new MutableString('one'),
  () => intern('one'),
  () => charOf(49),
  () => true,
  () => NIL,
  () => listFrom([1, 2]),
  () => listFrom([1, flonum(2)]),
  () => new Vector([1, 2]),
  () => new Bytevector(new Uint8Array([1, 2])),
  () => HashMap.of([[listFrom([1]), 2]]),
  () => HashSet.of([1, listFrom([2])]),
];

/** An ordered map as a plain list of bindings. */
class Model {
  constructor(readonly bindings: readonly (readonly [string, number])[] = []) {}

  assoc(key: string, value: number): Model {
    const has = this.bindings.some(([k]) => k === key);
    return new Model(
      has ? this.bindings.map((b) => (b[0] === key ? [key, value] : b)) : [...this.bindings, [key, value]],
    );
  }

  dissoc(key: string): Model {
    return new Model(this.bindings.filter(([k]) => k !== key));
  }
}

const bindingsOf = (map: HashMap): [string, Value][] => map.entries().map(({ key, value }) => [writeText(key), value]);

type Step = { what: 'assoc' | 'dissoc' | 'set'; version: number; key: number; value: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom('assoc', 'assoc', 'assoc', 'dissoc', 'set'),
    version: fc.nat(1000),
    key: fc.nat(KEYS.length - 1),
    value: fc.nat(100),
  }),
  { maxLength: 120 },
);

describe('hash maps', () => {
  test('every version keeps its bindings and their order', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(1000), { maxLength: 40 }), (history, reads) => {
        const maps = [HashMap.empty()];
        const models = [new Model()];
        for (const { what, version, key, value } of history) {
          // Mostly the newest version, sometimes an old one.
          const at = version % 3 === 0 ? version % maps.length : maps.length - 1;
          const keyValue = KEYS[key]();
          const keyText = writeText(keyValue);
          if (what === 'set') {
            maps[at].set(keyValue, value);
            models[at] = models[at].assoc(keyText, value);
          } else {
            maps.push(what === 'assoc' ? maps[at].assoc(keyValue, value) : maps[at].dissoc(keyValue));
            models.push(what === 'assoc' ? models[at].assoc(keyText, value) : models[at].dissoc(keyText));
            // An absent key gives the same object, which later mutations would change under both names.
            if (maps.at(-1) === maps[at]) {
              maps.pop();
              models.pop();
            }
          }
        }
        for (const read of [...reads, ...maps.keys()]) {
          const at = read % maps.length;
          const { bindings } = models[at];
          expect(bindingsOf(maps[at])).toEqual(bindings);
          expect(maps[at].size).toBe(bindings.length);
          const expected = new Map(bindings);
          for (const key of KEYS) expect(maps[at].get(key())).toBe(expected.get(writeText(key())));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a version far away is readable again and again', () => {
    const first = HashMap.of([['a', 1]]);
    let last = first;
    for (let i = 0; i < 5000; i++) last = last.assoc(i, i);
    for (let round = 0; round < 5; round++) {
      expect(first.entries().length).toBe(1);
      expect(first.get(7)).toBeUndefined();
      expect(last.get(4999)).toBe(4999);
      expect(last.size).toBe(5001);
    }
    const branch = first.assoc('b', 2);
    expect(bindingsOf(branch)).toEqual([
      ['"a"', 1],
      ['"b"', 2],
    ]);
    expect(last.entries()[1].key).toBe(0);
  });

  test('updating in place leaves derived maps alone, both ways', () => {
    const map = HashMap.of([['a', 1]]);
    const derived = map.assoc('c', 3);
    map.set('d', 4);
    derived.set('e', 5);
    expect(bindingsOf(map)).toEqual([
      ['"a"', 1],
      ['"d"', 4],
    ]);
    expect(bindingsOf(derived)).toEqual([
      ['"a"', 1],
      ['"c"', 3],
      ['"e"', 5],
    ]);
  });

  test('delete, then add, moves a key last', () => {
    const map = HashMap.of([
      ['a', 1],
      ['b', 2],
    ]);
    expect(bindingsOf(map.dissoc('a').assoc('a', 3))).toEqual([
      ['"b"', 2],
      ['"a"', 3],
    ]);
    expect(bindingsOf(map.assoc('a', 3))).toEqual([
      ['"a"', 3],
      ['"b"', 2],
    ]);
  });

  test('keys a hundred thousand levels deep', () => {
    const deep = (depth: number): Value => {
      let value: Value = NIL;
      for (let i = 0; i < depth; i++) value = listFrom([value]);
      return value;
    };
    const map = HashMap.of([[deep(100_000), 'found']]);
    expect(map.get(deep(100_000))).toBe('found');
    expect(map.get(deep(99_999))).toBeUndefined();
    expect(isHashable(deep(100_000))).toBe(true);
  });

  test('maps within keys, a thousand levels deep', () => {
    const nest = (depth: number): Value => {
      let value: Value = 1;
      for (let i = 0; i < depth; i++) value = HashMap.of([[value, i]]);
      return value;
    };
    expect(isEqual(nest(1000), nest(1000))).toBe(true);
    expect(isEqual(nest(1000), nest(1001))).toBe(false);
  });
});

describe('hash sets', () => {
  const members = (set: HashSet): Value[] => set.members();
  test('operations keep the left order', () => {
    const left = HashSet.of([5, 3, 1]);
    const right = HashSet.of([9, 1, 3]);
    expect(members(left.union(right))).toEqual([5, 3, 1, 9]);
    expect(members(left.intersect(right))).toEqual([3, 1]);
    expect(members(left.difference(right))).toEqual([5]);
    expect(members(left)).toEqual([5, 3, 1]);
  });

  test('nothing changes, nothing is made', () => {
    const set = HashSet.of([1, 2]);
    expect(set.add(1)).toBe(set);
    expect(set.remove(3)).toBe(set);
    expect(isEqual(HashSet.of([1, 2]), HashSet.of([2, 1]))).toBe(true);
  });
});

describe('hashes', () => {
  // Appendix B's check values.
  test.each<[Value, number]>([
    [0, 44227343797679],
    [1, 50493934165185],
    [-1, 54387630484512],
    [42, 55139594104469],
    [NIL, 36253645589530],
    [true, 14982223061867],
    [false, 937195727886],
    [1.5, 54486283477130],
    [flonum(1), 3692530232813],
    [charOf(97), 45597376290225],
    [listFrom([1, 2]), 38283553295332],
  ])('(hash %s) is %i', (value, hash) => {
    expect(hashValue(value)).toBe(hash);
  });

  test('equal maps in another order hash alike', () => {
    const one = HashMap.of([
      [1, 'a'],
      [listFrom([2]), 'b'],
    ]);
    const two = HashMap.of([
      [listFrom([2]), 'b'],
      [1, 'a'],
    ]);
    expect(hashValue(one)).toBe(hashValue(two));
    expect(bucketHash(one)).toBe(bucketHash(two));
  });

  test('cyclic keys, unrolled or not, are found', () => {
    const once = listFrom([1]) as Pair;
    once.cdr = once;
    const twice = listFrom([1, 1]) as Pair;
    (twice.cdr as Pair).cdr = twice;
    const wide: Value[] = [];
    for (let i = 0; i < 100; i++) wide.push(new Vector(wide));
    expect(isHashable(once)).toBe(true);
    expect(HashMap.of([[once, 'found']]).get(twice)).toBe('found');
    expect(hashValue(once)).toBe(hashValue(twice));
    expect(hashValue(new Vector(wide))).toBeGreaterThanOrEqual(0);
  });

  test('opaque values are no keys, however deep', () => {
    expect(isHashable(EOF)).toBe(false);
    expect(isHashable(new Vector([listFrom([1, EOF])]))).toBe(false);
    let long: Value = listFrom([EOF]);
    for (let i = 0; i < 10_000; i++) long = new Pair(i, long);
    expect(isHashable(long)).toBe(false);
  });
});
