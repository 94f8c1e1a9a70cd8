// What kind of thing a value is, in the user's words: what `:type` prints.

import { Closure, Primitive } from '../bytecode/procedures.ts';
import { HashMap } from '../values/hash-map.ts';
import {
  Bytevector,
  Char,
  Flonum,
  HeapObject,
  listToArray,
  MultipleValues,
  NIL,
  Pair,
  RecordInstance,
  Sym,
  UNSET,
  type Value,
  Vector,
} from '../values/types.ts';

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export function kindOf(value: Value): string {
  if (value === UNSET) return 'variable without a value';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'flonum';
  if (typeof value === 'string') return 'string';
  if (value instanceof Flonum) return 'flonum';
  if (value instanceof Sym) return 'symbol';
  if (value instanceof Char) return 'character';
  if (value === NIL) return 'empty list';
  if (value instanceof Pair) {
    const items = listToArray(value);
    return items === null ? 'pair' : `list of ${counted(items.length, 'item')}`;
  }
  if (value instanceof Vector) return `vector of ${counted(value.items.length, 'item')}`;
  if (value instanceof Bytevector) return `bytevector of ${counted(value.bytes.length, 'byte')}`;
  if (value instanceof HashMap) return `hash map of ${counted(value.size, 'entry').replace('entrys', 'entries')}`;
  if (value instanceof RecordInstance) return `record ${value.type.name}`;
  if (value instanceof Closure) {
    const { required, rest } = value.code;
    return `function of ${rest ? `${required} or more arguments` : counted(required, 'argument')}`;
  }
  if (value instanceof Primitive) return 'builtin function';
  if (value instanceof MultipleValues) return counted(value.values.length, 'value');
  return value instanceof HeapObject ? inWords(value.kind) : 'object';
}

/** `NngSocket` as `nng socket`. */
const inWords = (kind: string): string => kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
