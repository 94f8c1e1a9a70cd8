// Pairs and lists: the procedures that call nothing back. `map`, `for-each`, `apply` … are in stdlib/kernel.eta.
//
// Source: builtins §6, README V6, R7RS 6.4.

import type { Define } from '../bytecode/builtin-table.ts';
import { isEq, isEqual } from '../values/equality.ts';
import { indexError, typeError } from '../values/errors.ts';
import { Flonum, listFrom, listLength, listToArray, NIL, Pair, type Value } from '../values/types.ts';
import { wantCount } from './arguments.ts';

const spec = 'builtins §6';
const r7rs = 'R7RS 6.4';

export function defineLists(define: Define): void {
  definePairs(define);
  defineSelectors(define);
  defineListBasics(define);
  definePlaces(define);
  defineSearches(define);
}

function definePairs(define: Define): void {
  define('(cons a b)', { doc: 'A new pair.', spec }, (a: Value, b: Value) => new Pair(a, b));
  define('(car p)', { doc: 'The first component of a pair.', errors: 'p is not a pair', spec }, (p: Value) => {
    if (p instanceof Pair) return p.car;
    throw typeError('car: not a pair', p);
  });
  define('(cdr p)', { doc: 'The second component of a pair.', errors: 'p is not a pair', spec }, (p: Value) => {
    if (p instanceof Pair) return p.cdr;
    throw typeError('cdr: not a pair', p);
  });
  define(
    '(set-car! p v)',
    { doc: 'Replace the first component of a pair.', errors: 'p is not a pair', spec },
    (p, v: Value) => {
      if (!(p instanceof Pair)) throw typeError('set-car!: not a pair', p);
      p.car = v;
      return NIL;
    },
  );
  define(
    '(set-cdr! p v)',
    { doc: 'Replace the second component of a pair.', errors: 'p is not a pair', spec },
    (p, v: Value) => {
      if (!(p instanceof Pair)) throw typeError('set-cdr!: not a pair', p);
      p.cdr = v;
      return NIL;
    },
  );
}

function wantLength(list: Value, who: string): number {
  const length = listLength(list);
  if (length < 0) throw typeError(`${who}: not a proper list`, list);
  return length;
}

/** The elements of a proper list, then those of the tail. */
function copyOnto(list: Value, tail: Value): Value {
  if (!(list instanceof Pair)) return tail;
  const first = new Pair(list.car, tail);
  let last = first;
  for (let rest = list.cdr; rest instanceof Pair; rest = rest.cdr) {
    const next = new Pair(rest.car, tail);
    last.cdr = next;
    last = next;
  }
  return first;
}

/** The paths of `caar` … `cddddr`, as in their names. */
function selectorPaths(): string[] {
  let paths = ['a', 'd'];
  const all: string[] = [];
  for (let length = 2; length <= 4; length++) {
    paths = paths.flatMap((path) => [`a${path}`, `d${path}`]);
    all.push(...paths);
  }
  return all.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** A failing step is reported as the `car` or `cdr` that it is, as for the compositions in std.core. */
function defineSelectors(define: Define): void {
  for (const path of selectorPaths()) {
    const steps = [...path].reverse();
    const composition = [...path].map((step) => `(c${step}r `).join('');
    define(
      `(c${path}r p)`,
      { doc: `${composition}p${')'.repeat(path.length)}.`, errors: 'a pair is missing on the way', spec: r7rs },
      (p: Value) => {
        let value = p;
        for (const step of steps) {
          if (!(value instanceof Pair)) throw typeError(`c${step}r: not a pair`, value);
          value = step === 'a' ? value.car : value.cdr;
        }
        return value;
      },
    );
  }
}

function defineListBasics(define: Define): void {
  define('(list obj …)', { doc: 'A fresh list of the arguments.', spec, ofMany: listFrom }, (...items: Value[]) =>
    listFrom(items),
  );
  define(
    '(list? obj)',
    { doc: 'Whether obj is a proper list; a cyclic one is not.', spec: r7rs },
    (obj: Value) => listToArray(obj) !== null,
  );
  define('(length list)', { doc: 'The count of elements.', errors: 'list is not a proper list', spec }, (list: Value) =>
    wantLength(list, 'length'),
  );
  define(
    '(append list …)',
    {
      doc: 'The elements of all lists in one list. The last argument is shared, and may be any object.',
      errors: 'an argument but the last is not a proper list',
      spec,
      isLeftFold: true,
    },
    (...lists: Value[]) => {
      let result = lists.length === 0 ? NIL : lists[lists.length - 1];
      for (let i = lists.length - 2; i >= 0; i--) {
        wantLength(lists[i], 'append');
        result = copyOnto(lists[i], result);
      }
      return result;
    },
  );
  define(
    '(reverse list)',
    { doc: 'A fresh list of the elements, last first.', errors: 'list is not a proper list', spec },
    (list: Value) => {
      wantLength(list, 'reverse');
      let reversed: Value = NIL;
      for (let rest = list; rest instanceof Pair; rest = rest.cdr) reversed = new Pair(rest.car, reversed);
      return reversed;
    },
  );
  define(
    '(list-copy obj)',
    { doc: 'A fresh list of the same elements, with the same tail; a non-pair is itself.', spec: r7rs },
    (obj: Value) => {
      const items: Value[] = [];
      let rest = obj;
      for (; rest instanceof Pair; rest = rest.cdr) items.push(rest.car);
      return listFrom(items, rest);
    },
  );
  define(
    '(make-list k [fill])',
    { doc: 'A list of k elements, each of them fill, or ().', errors: 'k is not a non-negative integer', spec: r7rs },
    (k: Value, fill: Value = NIL) =>
      listFrom(new Array<Value>(wantCount(k, 'make-list: length must be a non-negative integer')).fill(fill)),
  );
  define(
    '(last-pair list)',
    { doc: 'The last pair of a list.', errors: 'list is not a pair', spec: 'README V12' },
    (list: Value) => {
      if (!(list instanceof Pair)) throw typeError('last-pair: not a pair', list);
      let pair = list;
      while (pair.cdr instanceof Pair) pair = pair.cdr;
      return pair;
    },
  );
}

/** What is left of a list after k `cdr`s. */
function tailAt(list: Value, k: Value, who: string): Value {
  let rest = list;
  for (let i = wantCount(k, `${who}: index must be a non-negative integer`); i > 0; i--) {
    if (!(rest instanceof Pair)) throw indexError(`${who}: index out of bounds`, k);
    rest = rest.cdr;
  }
  return rest;
}

function pairAt(list: Value, k: Value, who: string): Pair {
  const tail = tailAt(list, k, who);
  if (tail instanceof Pair) return tail;
  throw indexError(`${who}: index out of bounds`, k);
}

function definePlaces(define: Define): void {
  const errors = 'k is not a non-negative integer; the list is too short';
  define(
    '(list-ref list k)',
    { doc: 'The element at index k, counted from 0.', errors, spec },
    (list: Value, k: Value) => {
      return pairAt(list, k, 'list-ref').car;
    },
  );
  define('(list-tail list k)', { doc: 'What is left after k elements.', errors, spec }, (list: Value, k: Value) =>
    tailAt(list, k, 'list-tail'),
  );
  define(
    '(list-set! list k obj)',
    { doc: 'Replace the element at index k.', errors, spec: r7rs },
    (list, k, obj: Value) => {
      pairAt(list, k, 'list-set!').car = obj;
      return NIL;
    },
  );
}

/** Whether an element is the one that is searched for. */
type Match = (key: Value, element: Value) => boolean;

/** A search: by its own equivalence, and by `===` for keys of which that says as much, which is faster. */
interface Search {
  readonly member: Match;
  readonly assoc: Match;
  readonly plainMember: Match;
  readonly plainAssoc: Match;
}

const isSame: Match = (key, element) => element === key;
/** Only an object can be equal to what it is not the same as. */
const isSameOrEqual: Match = (key, element) =>
  element === key || (typeof element === 'object' && isEqual(key, element));

const BY_EQ: Search = {
  member: isEq,
  assoc: (key, entry) => entry instanceof Pair && isEq(key, entry.car),
  plainMember: isSame,
  plainAssoc: (key, entry) => entry instanceof Pair && entry.car === key,
};
const BY_EQUAL: Search = {
  member: isEqual,
  assoc: (key, entry) => entry instanceof Pair && isEqual(key, entry.car),
  plainMember: isSameOrEqual,
  plainAssoc: (key, entry) => entry instanceof Pair && isSameOrEqual(key, entry.car),
};

const SEARCHES: readonly (readonly [member: string, assoc: string, same: string, search: Search, spec: string])[] = [
  ['memq', 'assq', 'eq?', BY_EQ, 'README V6'],
  ['memv', 'assv', 'eqv?', BY_EQ, 'README V6'],
  ['member', 'assoc', 'equal?', BY_EQUAL, 'README V6'],
];

/** NaN is the same as NaN, and boxes of the same flonum are, which `===` does not know. */
const isPlain = (key: Value): boolean => (typeof key === 'number' ? !Number.isNaN(key) : !(key instanceof Flonum));

function defineSearches(define: Define): void {
  for (const [member, assoc, same, search, from] of SEARCHES) {
    const noList = `${member}: not a proper list`;
    define(
      `(${member} obj list)`,
      {
        doc: `The first tail whose element is ${same} to obj, else #f.`,
        errors: 'the list ends in a non-list',
        spec: from,
      },
      (obj: Value, list: Value) =>
        firstTail(list, noList, obj, isPlain(obj) ? search.plainMember : search.member) ?? false,
    );
    const noAlist = `${assoc}: not a proper alist`;
    define(
      `(${assoc} key alist)`,
      {
        doc: `The first pair of the list whose car is ${same} to key, else #f. Elements that are not pairs are skipped.`,
        errors: 'the list ends in a non-list',
        spec: from,
      },
      (key: Value, alist: Value) =>
        firstTail(alist, noAlist, key, isPlain(key) ? search.plainAssoc : search.assoc)?.car ?? false,
    );
  }
}

/** The first tail whose element is wanted; cyclic lists are searched once round. */
function firstTail(list: Value, message: string, key: Value, isWanted: Match): Pair | null {
  let slow = list;
  let steps = 0;
  for (let rest = list; rest !== NIL; rest = rest.cdr) {
    if (!(rest instanceof Pair)) throw typeError(message, list);
    if (isWanted(key, rest.car)) return rest;
    if ((++steps & 1) === 0) {
      slow = (slow as Pair).cdr;
      if (slow === rest.cdr) throw typeError(message, list);
    }
  }
  return null;
}
