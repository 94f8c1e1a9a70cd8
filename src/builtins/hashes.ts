// Hash maps and hash sets: the procedures that call nothing back.
//
// The container is checked before the key. Source: builtins §9, stdlib §7, README V8, V12 and Settled details.

import type { Define } from '../bytecode/builtin-table.ts';
import { arityError, type EtaError, typeError, userError } from '../values/errors.ts';
import { hashValue, isHashable } from '../values/hash.ts';
import { HashMap } from '../values/hash-map.ts';
import { HashSet } from '../values/hash-set.ts';
import { listFrom, listToArray, NIL, Pair, type Value } from '../values/types.ts';

const spec = 'builtins §9';
const mapErrors = 'm is not a hash map';
const keyErrors = 'm is not a hash map; the key, or something in it, cannot be hashed';
const setErrors = 's is not a hash set; x, or something in it, cannot be hashed';

export function defineHashes(define: Define): void {
  defineMapMaking(define);
  defineMapAccess(define);
  defineMapUpdates(define);
  defineSetBasics(define);
  defineSetOperations(define);
  define(
    '(hash obj)',
    {
      doc: 'An integer in 0 … 2^46-1, the same for equal objects.',
      errors: 'obj, or something in it, cannot be hashed',
      spec,
    },
    (obj: Value) => hashValue(wantKey(obj, 'hash')),
  );
}

function wantMap(value: Value, who: string): HashMap {
  if (value instanceof HashMap) return value;
  throw typeError(`${who}: expected a hash-map`, value);
}

function wantSet(value: Value, who: string): HashSet {
  if (value instanceof HashSet) return value;
  throw typeError(`${who}: expected a hash-set`, value);
}

function wantKey(value: Value, who: string): Value {
  if (typeof value !== 'object' || isHashable(value)) return value;
  throw typeError(`${who}: unhashable value`, value);
}

function mapOfFlat(items: readonly Value[], who: string): HashMap {
  const map = HashMap.empty();
  for (let i = 0; i < items.length; i += 2) map.set(wantKey(items[i], who), items[i + 1]);
  return map;
}

function defineMapMaking(define: Define): void {
  const ofBindings = (items: readonly Value[]): HashMap => {
    if (items.length % 2 !== 0) throw arityError('hash-map: expected an even number of key/value arguments');
    return mapOfFlat(items, 'hash-map');
  };
  define(
    '(hash-map binding …)',
    {
      doc: 'A hash map of alternating keys and values; later equal keys win.',
      errors: 'the count is odd; a key cannot be hashed',
      spec,
      ofMany: ofBindings,
    },
    (...items: Value[]) => ofBindings(items),
  );
  define('(make-hash-map)', { doc: 'An empty hash map.', spec }, () => HashMap.empty());
  define('(hash-map? obj)', { doc: 'Whether obj is a hash map.', spec }, (obj: Value) => obj instanceof HashMap);
  define(
    '(list->hash-map list)',
    {
      doc: 'The hash map of an association list, whose elements are (key . value) or (key value); of a list in which an element is no such pair, read as alternating keys and values.',
      errors: 'list is not a proper list; an alternating list has an odd count; a key cannot be hashed',
      spec,
    },
    (list: Value) => {
      const items = listToArray(list);
      if (items === null) throw typeError('list->hash-map: expected a proper list', list);
      if (items.every((item) => item instanceof Pair && item.cdr !== NIL)) {
        return mapOfFlat(
          (items as Pair[]).flatMap((item) => [item.car, boundValue(item)]),
          'list->hash-map',
        );
      }
      if (items.length % 2 !== 0) throw arityError('list->hash-map: flat input must contain key/value pairs');
      return mapOfFlat(items, 'list->hash-map');
    },
  );
}

/** `(k v)` binds k to v; `(k . v)` and `(k a b)` to the cdr. */
const boundValue = ({ cdr }: Pair): Value => (cdr instanceof Pair && cdr.cdr === NIL ? cdr.car : cdr);

function missingKey(key: Value): EtaError {
  const error = userError('hash-map-ref: key not found');
  error.culprit = key;
  return error;
}

function defineMapAccess(define: Define): void {
  define(
    '(hash-map-ref m key [default])',
    {
      doc: 'The value of a key; default where m has no such key.',
      errors: `${keyErrors}; the key is missing and no default given`,
      spec,
    },
    (m: Value, key: Value, fallback: Value | undefined, ...more: Value[]) => {
      if (more.length > 0) throw arityError('hash-map-ref: expected 2 or 3 arguments');
      const value = wantMap(m, 'hash-map-ref').get(wantKey(key, 'hash-map-ref')) ?? fallback;
      if (value === undefined) throw missingKey(key);
      return value;
    },
  );
  define(
    '(hash-map-contains? m key)',
    { doc: 'Whether m has the key; #f for what cannot be a key.', errors: mapErrors, spec: 'stdlib §7.3' },
    (m: Value, key: Value) => {
      const map = wantMap(m, 'hash-map-contains?');
      return isHashable(key) && map.has(key);
    },
  );
  define('(hash-map-keys m)', { doc: 'The keys in insertion order.', errors: mapErrors, spec }, (m: Value) =>
    listFrom(
      wantMap(m, 'hash-map-keys')
        .entries()
        .map(({ key }) => key),
    ),
  );
  define(
    '(hash-map-values m)',
    { doc: 'The values in insertion order of their keys.', errors: mapErrors, spec },
    (m: Value) =>
      listFrom(
        wantMap(m, 'hash-map-values')
          .entries()
          .map(({ value }) => value),
      ),
  );
  define(
    '(hash-map-size m)',
    { doc: 'The count of bindings.', errors: mapErrors, spec },
    (m: Value) => wantMap(m, 'hash-map-size').size,
  );
  define(
    '(hash-map->list m)',
    { doc: 'The bindings as pairs (key . value), in insertion order.', errors: mapErrors, spec },
    (m: Value) =>
      listFrom(
        wantMap(m, 'hash-map->list')
          .entries()
          .map(({ key, value }) => new Pair(key, value)),
      ),
  );
}

function defineMapUpdates(define: Define): void {
  define(
    '(hash-map-assoc m key value)',
    { doc: 'A new map with the binding added or replaced.', errors: keyErrors, spec },
    (m, key, value: Value) => wantMap(m, 'hash-map-assoc').assoc(wantKey(key, 'hash-map-assoc'), value),
  );
  define(
    '(hash-map-dissoc m key)',
    { doc: 'A new map without the key; m itself if it has no such key.', errors: keyErrors, spec },
    (m: Value, key: Value) => wantMap(m, 'hash-map-dissoc').dissoc(wantKey(key, 'hash-map-dissoc')),
  );
  define(
    '(hash-map-set! m key value)',
    {
      doc: 'Add or replace a binding in place. Maps that were derived from m before stay as they are.',
      errors: keyErrors,
      spec: 'README Settled details',
    },
    (m: Value, key: Value, value: Value) => {
      wantMap(m, 'hash-map-set!').set(wantKey(key, 'hash-map-set!'), value);
      return NIL;
    },
  );
}

function setOf(items: readonly Value[], who: string): HashSet {
  const set = HashSet.empty();
  for (const item of items) set.include(wantKey(item, who));
  return set;
}

function defineSetBasics(define: Define): void {
  define('(make-hash-set)', { doc: 'An empty hash set.', spec }, () => HashSet.empty());
  define(
    '(hash-set x …)',
    {
      doc: 'The hash set of the arguments.',
      errors: 'an argument cannot be hashed',
      spec,
      ofMany: (items) => setOf(items, 'hash-set'),
    },
    (...items: Value[]) => setOf(items, 'hash-set'),
  );
  define('(hash-set? obj)', { doc: 'Whether obj is a hash set.', spec }, (obj: Value) => obj instanceof HashSet);
  define(
    '(hash-set-add s x)',
    { doc: 'A new set with x; s itself if x is in it.', errors: setErrors, spec },
    (s: Value, x: Value) => wantSet(s, 'hash-set-add').add(wantKey(x, 'hash-set-add')),
  );
  define(
    '(hash-set-remove s x)',
    { doc: 'A new set without x; s itself if x is not in it.', errors: setErrors, spec },
    (s: Value, x: Value) => wantSet(s, 'hash-set-remove').remove(wantKey(x, 'hash-set-remove')),
  );
  define('(hash-set-contains? s x)', { doc: 'Whether x is in s.', errors: setErrors, spec }, (s: Value, x: Value) =>
    wantSet(s, 'hash-set-contains?').has(wantKey(x, 'hash-set-contains?')),
  );
  define(
    '(hash-set-add! s x)',
    {
      doc: 'Add x in place. Sets that were derived from s before stay as they are.',
      errors: setErrors,
      spec: 'README Settled details',
    },
    (s: Value, x: Value) => {
      wantSet(s, 'hash-set-add!').include(wantKey(x, 'hash-set-add!'));
      return NIL;
    },
  );
  define(
    '(hash-set->list s)',
    { doc: 'The members in insertion order.', errors: 's is not a hash set', spec },
    (s: Value) => listFrom(wantSet(s, 'hash-set->list').members()),
  );
  define(
    '(%hash-set-size s)',
    { doc: 'The count of members, for std.hashset.', errors: 's is not a hash set', spec: 'stdlib §8' },
    (s: Value) => wantSet(s, 'hash-set->list').size,
  );
  define(
    '(list->hash-set list)',
    {
      doc: 'The set of the elements of a list.',
      errors: 'list is not a proper list; an element cannot be hashed',
      spec,
    },
    (list: Value) => {
      const items = listToArray(list);
      if (items === null) throw typeError('list->hash-set: expected a proper list', list);
      return setOf(items, 'list->hash-set');
    },
  );
}

function defineSetOperations(define: Define): void {
  for (const [name, doc, combine] of [
    ['hash-set-union', 'The members of either set.', (a: HashSet, b: HashSet) => a.union(b)],
    ['hash-set-intersect', 'The members of both sets.', (a: HashSet, b: HashSet) => a.intersect(b)],
    ['hash-set-diff', 'The members of a that are not in b.', (a: HashSet, b: HashSet) => a.difference(b)],
  ] as const) {
    define(
      `(${name} a b)`,
      { doc: `${doc} In the order of a.`, errors: 'an argument is not a hash set', spec },
      (a: Value, b: Value) => combine(wantSet(a, name), wantSet(b, name)),
    );
  }
}
