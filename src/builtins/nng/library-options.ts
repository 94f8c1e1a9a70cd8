// The options of std.net and std.supervisor: association lists that are checked as a whole, so that a misspelt name or
// value is an error and not silently without effect.
//
// A library describes them by rows `(name kind argument …)`; the kinds are the table below. Source: networking §19.5, §19.6.

import { typeError } from '../../values/errors.ts';
import { textOf } from '../../values/mutable-string.ts';
import { doubleOf } from '../../values/numbers.ts';
import { listToArray, NIL, Pair, Sym, type Value } from '../../values/types.ts';
import { isProcedure } from '../../vm/control.ts';

interface Kind {
  /** @param words  the arguments of the row: symbols that are allowed, too */
  readonly what: (words: readonly string[]) => string;
  readonly accepts: (value: Value) => boolean;
}

const isNumber = (value: Value): boolean => doubleOf(value) !== undefined && !Number.isNaN(doubleOf(value));
const isAtLeast = (value: Value, least: number): boolean => isNumber(value) && doubleOf(value)! >= least;
const orWords = (what: string) => (words: readonly string[]) => enumerate([what, ...words]);

const KINDS: Readonly<Record<string, Kind>> = {
  'one-of': { what: (words) => enumerate(words), accepts: () => false },
  milliseconds: { what: orWords('milliseconds'), accepts: (value) => isAtLeast(value, 0) },
  seconds: { what: orWords('seconds'), accepts: (value) => isAtLeast(value, 0) },
  count: { what: orWords('an integer of at least 0'), accepts: (value) => isAtLeast(value, 0) && isWhole(value) },
  'positive-count': { what: orWords('an integer of at least 1'), accepts: (v) => isAtLeast(v, 1) && isWhole(v) },
  procedure: { what: orWords('a procedure'), accepts: isProcedure },
  boolean: { what: orWords('#t or #f'), accepts: (value) => typeof value === 'boolean' },
  string: { what: orWords('a string'), accepts: (value) => textOf(value) !== undefined },
};

const isWhole = (value: Value): boolean => Number.isInteger(doubleOf(value));

/** Raise a type error that names the first fault of `options`, in the name of `who`. */
export function checkOptions(who: string, options: Value, rows: Value): void {
  const known = new Map(items(rows).map((row) => [nameOf((row as Pair).car)!, items((row as Pair).cdr)] as const));
  let rest = options;
  for (; rest instanceof Pair; rest = rest.cdr) {
    const entry = rest.car;
    const name = entry instanceof Pair ? nameOf(entry.car) : undefined;
    if (name === undefined) throw typeError(`${who}: options must be a list of pairs (name . value)`, entry);
    const row = known.get(name);
    if (row === undefined) {
      throw typeError(`${who}: unknown option '${name}'; expected ${[...known.keys()].join('|')}`);
    }
    checkValue(who, name, (entry as Pair).cdr, row);
  }
  if (rest !== NIL) throw typeError(`${who}: options must be a list of pairs (name . value)`, options);
}

function checkValue(who: string, name: string, value: Value, [kind, ...rest]: readonly Value[]): void {
  const { what, accepts } = KINDS[nameOf(kind)!];
  const words = rest.map((word) => nameOf(word)!);
  if (accepts(value) || words.includes(nameOf(value) ?? '')) return;
  throw typeError(`${who}: ${name} must be ${what(words)}`, value);
}

const nameOf = (value: Value): string | undefined => (value instanceof Sym ? value.name : undefined);

const items = (list: Value): readonly Value[] => listToArray(list)!;

/** `a, b or c`. */
const enumerate = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
