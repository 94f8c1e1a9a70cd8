// Values to JSON text, compact.
//
//   ()  null      vector, list that is not empty  array      hash map  object, keys in insertion order
//   string, symbol  string      integer  its digits      flonum  the shortest text, without a point if it is integral
//
// The writer keeps the containers that it is inside of on a stack of its own; one that contains itself is refused.
// Source: builtins §16, stdlib §10, README V2, B5, Settled details.

import { typeError } from '../../values/errors.ts';
import { HashMap } from '../../values/hash-map.ts';
import { textOf } from '../../values/mutable-string.ts';
import { flonumToText } from '../../values/number-text.ts';
import { Flonum, listToArray, NIL, Pair, Sym, type Value, Vector } from '../../values/types.ts';

/** What happens to values that JSON does not have. */
export interface JsonPolicy {
  /** For NaN and the infinities. */
  readonly nonFinite: (value: Value) => never;
  /** The string that stands for a value of an unsupported type, or an error. */
  readonly unsupported: (value: Value) => string;
  /** The text of a key that is no string, symbol or number, or an error. */
  readonly unsupportedKey: (key: Value) => string;
}

/** The policy of the JSON builtins: all of it is an error. */
export function strictPolicy(who: string): JsonPolicy {
  return {
    nonFinite: (value) => {
      throw typeError(`${who}: cannot encode NaN or infinities`, value);
    },
    unsupported: (value) => {
      throw typeError(`${who}: unsupported value type for JSON encoding`, value);
    },
    unsupportedKey: (key) => {
      throw typeError(`${who}: object keys must be strings or symbols`, key);
    },
  };
}

export function jsonText(value: Value, policy: JsonPolicy): string {
  return new JsonWriter(policy).write(value);
}

/** An array or object that is being written: element `next` comes next. */
interface OpenContainer {
  readonly container: object;
  readonly values: readonly Value[];
  /** The texts of the keys; null for an array. */
  readonly keys: readonly string[] | null;
  next: number;
}

const CHUNK_LENGTH = 1 << 14;

class JsonWriter {
  /** The text is these and `out`. */
  private readonly chunks: string[] = [];
  private out = '';
  private readonly open: OpenContainer[] = [];
  private readonly inside = new Set<object>();

  constructor(private readonly policy: JsonPolicy) {}

  write(value: Value): string {
    this.begin(value);
    for (let top = this.open.at(-1); top !== undefined; top = this.open.at(-1)) this.continue(top);
    return this.chunks.join('') + this.out;
  }

  private emit(text: string): void {
    this.out += text;
    if (this.out.length < CHUNK_LENGTH) return;
    // The host keeps a sum of strings as a tree until somebody looks at a character of it. The tree of a long text would
    // be many times its size.
    this.out.charCodeAt(0);
    this.chunks.push(this.out);
    this.out = '';
  }

  private continue(top: OpenContainer): void {
    const { values, keys } = top;
    if (top.next === values.length) {
      this.emit(keys === null ? ']' : '}');
      this.inside.delete(top.container);
      this.open.pop();
      return;
    }
    const index = top.next++;
    if (index > 0) this.emit(',');
    if (keys !== null) this.emit(`${stringText(keys[index])}:`);
    this.begin(values[index]);
  }

  /** Write a scalar; open a container, whose elements follow. */
  private begin(value: Value): void {
    const scalar = this.scalar(value);
    if (scalar !== null) {
      this.emit(scalar);
      return;
    }
    const container = value as object;
    const values = elementsOf(container);
    if (values === null || this.inside.has(container)) {
      this.emit(stringText(this.policy.unsupported(value)));
      return;
    }
    this.inside.add(container);
    if (values instanceof HashMap) {
      this.emit('{');
      this.open.push({ container, ...this.members(values), next: 0 });
    } else {
      this.emit('[');
      this.open.push({ container, values, keys: null, next: 0 });
    }
  }

  private scalar(value: Value): string | null {
    switch (typeof value) {
      case 'string':
        return stringText(value);
      case 'number':
        return Number.isFinite(value) ? flonumToText(value, 'display') : this.policy.nonFinite(value);
      case 'bigint':
      case 'boolean':
        return String(value);
    }
    if (value instanceof Flonum) return flonumToText(value.value, 'display');
    if (value === NIL) return 'null';
    if (value instanceof Sym) return stringText(value.name);
    const text = textOf(value);
    return text === undefined ? null : stringText(text);
  }

  /** Keys that have the same text are one member: the place of the first, the value of the last. */
  private members(map: HashMap): { values: Value[]; keys: string[] } {
    const entries = map.entries();
    const keys = entries.map(({ key }) => this.keyText(key));
    const values = entries.map(({ value }) => value);
    // Different strings have different texts; only another kind of key can have the text of one.
    if (entries.every(({ key }) => typeof key === 'string')) return { values, keys };
    const members = new Map(keys.map((key, i) => [key, values[i]]));
    return { values: [...members.values()], keys: [...members.keys()] };
  }

  private keyText(key: Value): string {
    const text = key instanceof Sym ? key.name : textOf(key);
    if (text !== undefined) return text;
    if (key instanceof Flonum) return flonumToText(key.value, 'display');
    if (typeof key === 'bigint' || (typeof key === 'number' && Number.isFinite(key))) return String(key);
    return this.policy.unsupportedKey(key);
  }
}

/** The elements of an array, the map of an object; null for what is neither. */
function elementsOf(value: object): readonly Value[] | HashMap | null {
  if (value instanceof Vector) return value.items;
  if (value instanceof Pair) return listToArray(value);
  if (value instanceof HashMap) return value;
  return null;
}

/** Characters that cannot stand for themselves in a string. */
const SPECIAL = /["\\\u0000-\u001f]/;

function stringText(text: string): string {
  return SPECIAL.test(text) ? JSON.stringify(text) : `"${text}"`;
}
