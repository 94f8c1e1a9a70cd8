// The builtin table: every name that all modules see without an import, and what is known about it.
//
// One entry is the usage line, its documentation and its code in one place:
//
//   define('(vector-ref vec k)', { doc: 'The element of vec at index k, counted from 0.', …, spec: 'builtins §8' },
//     (vec, k) => …);
//
// The usage line *is* the arity: `(f a b)` takes exactly two arguments, `(f a [b])` one or two (more are ignored,
// builtins §1.1), `(f a …)` one or more. Arity checks, `(help …)`, completion and the reference pages read this table.

import { assert, InvariantError } from '../values/errors.ts';
import type { Value } from '../values/types.ts';
import { type BuiltinDoc, type Closure, Primitive, type PrimitiveFunction } from './procedures.ts';

export interface Builtin {
  readonly name: string;
  readonly usage: string;
  readonly doc: BuiltinDoc;
  /** A Primitive, which is its own entry, or the Closure of a builtin that is written in Eta. */
  readonly value: Value;
}

export type Define = (usage: string, doc: BuiltinDoc, fn: PrimitiveFunction) => void;

export class BuiltinTable {
  private readonly builtins = new Map<string, Builtin>();

  /** Bound, so that groups can take it as a plain function. */
  readonly define: Define = (usage, doc, fn) => {
    const { name, required, rest } = parseUsage(usage);
    this.add(new Primitive(name, usage, required, rest, fn, doc));
  };

  /** Register a builtin that is written in Eta. */
  defineClosure(usage: string, doc: BuiltinDoc, closure: Closure): void {
    this.add({ name: parseUsage(usage).name, usage, doc, value: closure });
  }

  /** Give an existing builtin a second name. */
  alias(name: string, existing: string): void {
    const builtin = this.builtins.get(existing);
    assert(builtin !== undefined, `alias ${name} of an unknown builtin ${existing}`);
    const { usage, doc, value } = builtin;
    this.add({ name, usage, doc, value });
  }

  get(name: string): Builtin | undefined {
    return this.builtins.get(name);
  }

  /** The builtins by name, as they become known. */
  get names(): ReadonlyMap<string, Builtin> {
    return this.builtins;
  }

  /** In order of registration. */
  all(): IterableIterator<Builtin> {
    return this.builtins.values();
  }

  add(builtin: Builtin): void {
    const { name } = builtin;
    if (this.builtins.has(name)) throw new InvariantError(`builtin ${name} is defined once`);
    this.builtins.set(name, builtin);
  }
}

/** Read a usage line: `(name a b)`, `(name a [b])`, `(name a …)`. */
export function parseUsage(usage: string): { name: string; required: number; rest: boolean } {
  // Every start reads a thousand of them: no arrays, no regular expressions.
  let space = usage.indexOf(' ');
  if (space < 0) return { name: usage.slice(1, -1), required: 0, rest: false };
  const name = usage.slice(1, space);
  for (let required = 0; ; required++) {
    if (space < 0) return { name, required, rest: false };
    const first = usage[space + 1];
    if (first === '[') return { name, required, rest: true };
    // In `(f a …)` the parameter before the dots stands for the repeated one.
    if (first === '…') return { name, required: required - 1, rest: true };
    space = usage.indexOf(' ', space + 1);
  }
}
