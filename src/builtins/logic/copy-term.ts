// copy-term: a term with fresh variables in place of its unbound ones, and values in place of its bound ones.
//
// Keeps its own stack. Source: symbolic §5.

import { CompoundTerm, deref, LogicVariable } from '../../values/logic.ts';
import { Pair, type Value, Vector } from '../../values/types.ts';

/** A compound under way: its parts, copied so far. */
class Copy {
  readonly parts: Value[] = [];
  constructor(
    readonly original: Pair | Vector | CompoundTerm,
    readonly wanted: readonly Value[],
  ) {}

  finish(): Value {
    const { original, parts } = this;
    if (original instanceof Pair) return new Pair(parts[0], parts[1]);
    return original instanceof Vector ? new Vector(parts) : new CompoundTerm(original.functor, parts);
  }
}

function begin(value: Value): Copy | null {
  if (value instanceof Pair) return new Copy(value, [value.car, value.cdr]);
  if (value instanceof Vector) return new Copy(value, value.items);
  return value instanceof CompoundTerm ? new Copy(value, value.args) : null;
}

export function copyTerm(term: Value): Value {
  const fresh = new Map<LogicVariable, LogicVariable>();
  const stack: Copy[] = [];
  let next: Value = term;
  for (;;) {
    const value = deref(next);
    const compound = begin(value);
    if (compound !== null) stack.push(compound);
    let done: Value | null = compound === null ? leaf(value, fresh) : null;
    for (;;) {
      const top = stack.at(-1);
      if (top === undefined) return done as Value;
      if (done !== null) top.parts.push(done);
      if (top.parts.length < top.wanted.length) {
        next = top.wanted[top.parts.length];
        break;
      }
      stack.pop();
      done = top.finish();
    }
  }
}

function leaf(value: Value, fresh: Map<LogicVariable, LogicVariable>): Value {
  if (!(value instanceof LogicVariable)) return value;
  let variable = fresh.get(value);
  if (variable === undefined) {
    variable = new LogicVariable(null);
    fresh.set(value, variable);
  }
  return variable;
}
