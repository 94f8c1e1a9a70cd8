// Continuations, and the procedures that need the machine itself.

import type { BuiltinDoc } from '../bytecode/procedures.ts';
import { HeapObject, type Value } from '../values/types.ts';
import type { Machine } from './machine.ts';
import type { Handler, Segment, Winder } from './stacks.ts';

/** A captured continuation: control, not the contents of variables (README L2). */
export class Continuation extends HeapObject {
  readonly kind = 'Continuation';
  constructor(
    readonly segment: Segment | null,
    readonly handlers: Handler | null,
    readonly winders: Winder | null,
    /** In which of several nested runs it was captured: `Machine.nested`. */
    readonly level: number,
  ) {
    super();
  }
  override printed(): string {
    return '#<continuation>';
  }
}

/** What a control primitive returns instead of a value: the machine is to call what `machine.tail` was given. */
export const TAIL_CALL: unique symbol = Symbol('tail call');
/** … and: the machine's registers are set already. */
export const JUMPED: unique symbol = Symbol('jumped');

export type ControlResult = Value | typeof TAIL_CALL | typeof JUMPED;

/**
 * A primitive that looks at the machine's stacks or calls on: `call/cc`, `apply` … When it runs, its caller is
 * suspended; it gives a value, or asks for a tail call by returning `machine.tail(f, args)`.
 */
export class ControlPrimitive extends HeapObject {
  readonly kind = 'Primitive';
  constructor(
    readonly name: string,
    readonly usage: string,
    readonly required: number,
    readonly rest: boolean,
    readonly run: (machine: Machine, args: readonly Value[]) => ControlResult,
    readonly doc: BuiltinDoc,
    /** For one that only calls something else (`apply`): what it calls, without a look at the machine. */
    readonly redirect: ((args: readonly Value[]) => [callee: Value, args: readonly Value[]]) | null = null,
  ) {
    super();
  }
  override printed(): string {
    return '#<primitive>';
  }
}
