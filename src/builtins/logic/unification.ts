// Unification: make two terms equal by binding variables.
//
// It works off a stack of pairs of terms, so depth costs nothing, and it stops wherever a binding has hooks to be called
// (symbolic §6): those are Eta procedures, which stdlib/kernel.eta calls before it lets the unification go on.
//
//     step() = true      the terms are unified
//              false     they cannot be; the caller undoes what has been bound
//              [call …]  hooks to call; if all give true values, call step() again
//
// Source: symbolic §3.

import { isEq } from '../../values/equality.ts';
import { userError } from '../../values/errors.ts';
import { CompoundTerm, deref, LogicVariable } from '../../values/logic.ts';
import { MutableString, textOf } from '../../values/mutable-string.ts';
import { HeapObject, Pair, type Sym, UNSET, type Value, Vector } from '../../values/types.ts';
import type { Trail, TrailEntry } from '../../vm/trail.ts';

export type OccursCheck = 'always' | 'never' | 'error';

/** What unification needs of the VM it runs in. */
export interface UnificationContext {
  readonly trail: Trail;
  readonly hooks: ReadonlyMap<Sym, Value>;
  occursCheck: OccursCheck;
}

/** `(hook variable bound attribute)`. */
export interface HookCall {
  readonly hook: Value;
  readonly variable: LogicVariable;
  readonly bound: Value;
  readonly attribute: Value;
}

export class Binding implements TrailEntry {
  constructor(readonly variable: LogicVariable) {}
  undo(): void {
    this.variable.binding = UNSET;
  }
}

export class Unification extends HeapObject {
  readonly kind = 'Unification';
  /** Where the trail stood. */
  readonly mark: number;
  private readonly work: Value[];

  constructor(
    private readonly context: UnificationContext,
    a: Value,
    b: Value,
  ) {
    super();
    this.mark = context.trail.mark();
    this.work = [b, a];
  }

  step(): boolean | readonly HookCall[] {
    const { work } = this;
    while (work.length > 0) {
      const a = deref(work.pop() as Value);
      const b = deref(work.pop() as Value);
      if (isEq(a, b)) continue;
      const bound = a instanceof LogicVariable ? this.bind(a, b) : b instanceof LogicVariable ? this.bind(b, a) : null;
      if (bound === false) return false;
      if (bound === null) {
        if (!this.pushParts(a, b)) return false;
      } else if (bound.length > 0) return bound;
    }
    return true;
  }

  /** Undo everything since the beginning. */
  fail(): void {
    this.context.trail.unwind(this.mark);
  }

  private bind(variable: LogicVariable, value: Value): false | readonly HookCall[] {
    const { occursCheck, trail, hooks } = this.context;
    if (occursCheck !== 'never' && occurs(variable, value)) {
      if (occursCheck === 'error') throw userError('unify: occurs-check violation (cyclic term)');
      return false;
    }
    variable.binding = value;
    trail.push(new Binding(variable));
    const calls: HookCall[] = [];
    for (const [key, attribute] of variable.attributes ?? []) {
      const hook = hooks.get(key);
      if (hook !== undefined) calls.push({ hook, variable, bound: value, attribute });
    }
    return calls;
  }

  /** The parts that have to be unified, first ones on top; false if the terms are of different shapes. */
  private pushParts(a: Value, b: Value): boolean {
    if (a instanceof Pair) {
      if (!(b instanceof Pair)) return false;
      this.work.push(b.cdr, a.cdr, b.car, a.car);
      return true;
    }
    if (a instanceof Vector) return b instanceof Vector && this.pushAll(a.items, b.items);
    if (a instanceof CompoundTerm) {
      return b instanceof CompoundTerm && a.functor === b.functor && this.pushAll(a.args, b.args);
    }
    if (a instanceof MutableString || b instanceof MutableString)
      return textOf(a) !== undefined && textOf(a) === textOf(b);
    return false;
  }

  private pushAll(a: readonly Value[], b: readonly Value[]): boolean {
    if (a.length !== b.length) return false;
    for (let i = a.length - 1; i >= 0; i--) this.work.push(b[i], a[i]);
    return true;
  }
}

/** Visit what a term consists of, through bindings; stops when the visitor gives true, and gives that. */
export function someLeaf(term: Value, visitor: (leaf: Value) => boolean): boolean {
  const pending: Value[] = [term];
  const seen = new Set<object>();
  while (pending.length > 0) {
    const value = deref(pending.pop() as Value);
    const parts = partsOf(value);
    if (parts === null) {
      if (visitor(value)) return true;
    } else if (!seen.has(value as object)) {
      seen.add(value as object);
      for (const part of [...parts].reverse()) pending.push(part);
    }
  }
  return false;
}

const partsOf = (value: Value): readonly Value[] | null => {
  if (value instanceof Pair) return [value.car, value.cdr];
  if (value instanceof Vector) return value.items;
  return value instanceof CompoundTerm ? value.args : null;
};

const occurs = (variable: LogicVariable, term: Value): boolean => someLeaf(term, (leaf) => leaf === variable);

/**
 * The variables that unifying two terms would bind, and those they would be bound to; null if they do not unify. Nothing
 * stays bound, and no hook is called.
 */
export function unifierOf(trail: Trail, a: Value, b: Value): LogicVariable[] | null {
  const context: UnificationContext = { trail, hooks: new Map(), occursCheck: 'always' };
  const unification = new Unification(context, a, b);
  const isUnified = unification.step() === true;
  const variables = new Set<LogicVariable>();
  for (const entry of trail.since(unification.mark)) {
    const { variable } = entry as Binding;
    variables.add(variable);
    if (variable.binding instanceof LogicVariable) variables.add(variable.binding);
  }
  unification.fail();
  return isUnified ? [...variables] : null;
}
