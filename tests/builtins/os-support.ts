// Calling the leaf builtins directly: a table of those that a test defines, and the written form of what they return.

import { BuiltinTable, type Define } from '../../src/bytecode/builtin-table.ts';
import type { Primitive } from '../../src/bytecode/procedures.ts';
import { EtaError } from '../../src/values/errors.ts';
import { writeText } from '../../src/values/printer.ts';
import { intern, listFrom, Pair, type Value, Vector } from '../../src/values/types.ts';

export const list = (...items: Value[]): Value => listFrom(items);
export const vector = (...items: Value[]): Value => new Vector(items);
export const sym = intern;
/** An association list: keys that are strings become symbols. */
export const alist = (...entries: [string, Value][]): Value =>
  listFrom(entries.map(([key, value]) => new Pair(intern(key), value)));

export interface Caller {
  /** The value itself; errors escape. */
  call(name: string, ...args: Value[]): Value;
  /** The written form, or `TAG: MESSAGE` of the error. */
  show(name: string, ...args: Value[]): string;
}

export function callerOf(...groups: ((define: Define) => void)[]): Caller {
  const table = new BuiltinTable();
  for (const group of groups) group(table.define);
  const call = (name: string, ...args: Value[]): Value => {
    const builtin = table.get(name);
    if (builtin === undefined) throw new Error(`no builtin ${name}`);
    return (builtin.value as Primitive).fn(...args);
  };
  return {
    call,
    show: (name, ...args) => {
      try {
        return writeText(call(name, ...args));
      } catch (error) {
        if (error instanceof EtaError) return `${error.tag}: ${error.message}`;
        throw error;
      }
    },
  };
}
