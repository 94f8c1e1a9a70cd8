// Callees: the procedures that a piece of generated code calls directly.
//
// Most calls are of a module's own procedures, which are defined once and never again, or of builtins written in Eta.
// Generated code refers to these by name: to the closure, with which it compares the global variable first, and to its
// generated function, which V8 can then inline. A variable that turns out to have another value is not counted on again:
// the code is generated anew (tier.ts, `forget`).

import type { CodeObject, GeneratedFunction } from '../../bytecode/code.ts';
import { Closure } from '../../bytecode/procedures.ts';
import type { Cell } from '../../values/types.ts';

/** How generated code names a procedure and its function. */
interface Callee {
  readonly closure: string;
  readonly function: string;
}

export class Callees {
  /** What generated code has to have in scope. */
  readonly bound = new Map<string, Closure | CodeObject | GeneratedFunction>();
  private readonly names = new Map<Closure, Callee | null>();

  constructor(
    private readonly caller: CodeObject,
    /** Have the function translated if it is warm; whether it is, or will be before the caller runs. */
    private readonly prepare: (code: CodeObject) => boolean,
  ) {}

  /** The procedure that the variable holds, to be counted on. */
  assume(cell: Cell): Closure | undefined {
    const { caller } = this;
    if (!(cell.value instanceof Closure) || caller.isUnsteady(cell)) return undefined;
    if (this.name(cell.value) === null) return undefined;
    caller.assumptions ??= new Map();
    caller.assumptions.set(cell, cell.value);
    return cell.value;
  }

  /** Null for a procedure that is not called directly: its function may stay interpreted. */
  name(closure: Closure): Callee | null {
    let callee = this.names.get(closure);
    if (callee === undefined) {
      callee = this.prepare(closure.code) ? this.bind(closure, this.names.size) : null;
      this.names.set(closure, callee);
    }
    return callee;
  }

  private bind(closure: Closure, i: number): Callee {
    const { code } = closure;
    this.bound.set(`c${i}`, closure);
    if (code.js === null) {
      // It is being translated: by the time of the call it will have a function.
      this.bound.set(`g${i}`, code);
      return { closure: `c${i}`, function: `g${i}.js` };
    }
    this.bound.set(`j${i}`, code.js);
    return { closure: `c${i}`, function: `j${i}` };
  }
}
