// Keys of fact tables: cells as the keys of an index or of groups, compared as `eqv?` does. Atoms are the same if they are
// written alike, so that 1 and 1.0 differ, and 0.0 and -0.0; lists, vectors, terms, variables by identity.
//
// Source: numerics §12.1.

import { Flonum, type Value } from '../../values/types.ts';

/**
 * A table from cells. The host's Map compares as is wanted here, but for integral flonums, which are boxes: they have a Map of
 * their own, in which -0 goes by a text, since Map does not tell it from 0.
 */
export class KeyMap<T> {
  private readonly cells = new Map<Value, T>();
  private readonly integralFlonums = new Map<number | string, T>();

  get(key: Value): T | undefined {
    return key instanceof Flonum ? this.integralFlonums.get(flonumKey(key)) : this.cells.get(key);
  }

  set(key: Value, value: T): void {
    if (key instanceof Flonum) this.integralFlonums.set(flonumKey(key), value);
    else this.cells.set(key, value);
  }

  delete(key: Value): void {
    if (key instanceof Flonum) this.integralFlonums.delete(flonumKey(key));
    else this.cells.delete(key);
  }
}

const flonumKey = ({ value }: Flonum): number | string => (Object.is(value, -0) ? '-0' : value);
