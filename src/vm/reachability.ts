// Reachability: which of some objects a program has no way to any more.
//
// The host collects garbage, but says nothing while a program runs (its finalizers and weak references move between two
// turns of the event loop, and a program is one turn), and could not hand out a dead object. So we trace the object graph
// ourselves, from the machine's stacks, the modules, and what else is given as a root.
//
// Any object's properties are followed, and the contents of arrays, maps and sets. What a JavaScript closure or a WeakMap
// holds is not seen: a builtin that keeps a value of the program keeps it in a property.

import { Closure } from '../bytecode/procedures.ts';
import { Pair, Vector } from '../values/types.ts';

export interface Search {
  /** The candidates that no root leads to. */
  readonly unreachable: ReadonlySet<object>;
  /** Count of the objects that were met: what it has cost. */
  readonly met: number;
}

/**
 * Look for candidates that no root leads to.
 *
 * @param opaque  objects that are not looked into
 * Cost: linear in what is reachable, until all candidates have been met.
 */
export function searchUnreachable(
  candidates: Iterable<object>,
  roots: Iterable<unknown>,
  opaque: Iterable<object>,
): Search {
  const missing = new Set(candidates);
  const seen = new Set<object>(opaque);
  const pending: object[] = [];
  const meet = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    missing.delete(value);
    pending.push(value);
  };
  for (const root of roots) meet(root);
  for (let object = pending.pop(); object !== undefined && missing.size > 0; object = pending.pop()) {
    if (object instanceof Pair) {
      meet(object.cdr);
      meet(object.car);
    } else if (object instanceof Vector) for (const item of object.items) meet(item);
    else if (object instanceof Closure) {
      meet(object.code);
      for (const value of object.upvalues) meet(value);
    } else meetParts(object, meet);
  }
  return { unreachable: missing, met: seen.size };
}

function meetParts(object: object, meet: (value: unknown) => void): void {
  if (ArrayBuffer.isView(object)) return;
  if (Array.isArray(object) || object instanceof Set) for (const item of object) meet(item);
  else if (object instanceof Map) {
    for (const [key, value] of object) {
      meet(key);
      meet(value);
    }
  } else for (const value of Object.values(object)) meet(value);
}
