// Callees: the procedures that a piece of generated code calls directly, or has inlined.
//
// Most calls are of a module's own procedures, which are defined once and never again, or of builtins written in Eta.
// Generated code names their generated functions, which V8 can then inline. What it counts on is noted (assumptions.ts).

import type { CodeObject } from '../../bytecode/code.ts';
import { Closure, Primitive } from '../../bytecode/procedures.ts';
import type { Cell } from '../../values/types.ts';
import type { Assumptions } from './assumptions.ts';

export class Callees {
  /** What generated code has to have in scope. */
  readonly bound = new Map<string, unknown>();
  private readonly functions = new Map<CodeObject, string | null>();
  private readonly closures = new Map<Closure, string>();

  constructor(
    private readonly caller: CodeObject,
    private readonly assumptions: Assumptions,
    /** Whether the function is called often enough to be looked at. */
    readonly isWarm: (code: CodeObject) => boolean,
    /** Have the function translated if it is warm; whether it is, or will be before the caller runs. */
    private readonly prepare: (code: CodeObject) => boolean,
    /** Whether functions are inlined: not where a profiler is to tell them apart. */
    readonly canInline: boolean,
  ) {}

  /** The procedure that the variable holds, if it can be counted on; who does says so by `assume`. */
  of(cell: Cell): Closure | null {
    return cell.value instanceof Closure && this.assumptions.isSteady(cell) ? cell.value : null;
  }

  /** The same for a primitive. */
  primitiveOf(cell: Cell): Primitive | null {
    return cell.value instanceof Primitive && this.assumptions.isSteady(cell) ? cell.value : null;
  }

  assume(cell: Cell): void {
    this.assumptions.add(this.caller, cell);
  }

  /** What is expected of the function's arithmetic is counted on: it is inlined. */
  assumeExpectations(code: CodeObject): void {
    this.assumptions.add(this.caller, code);
  }

  /** The procedure's generated function, as JavaScript; null for one that may stay interpreted. */
  name({ code }: Closure): string | null {
    let name = this.functions.get(code);
    if (name === undefined) {
      name = this.prepare(code) ? this.bind(code) : null;
      this.functions.set(code, name);
    }
    return name;
  }

  nameClosure(closure: Closure): string {
    let name = this.closures.get(closure);
    if (name === undefined) {
      name = `c${this.closures.size}`;
      this.closures.set(closure, name);
      this.bound.set(name, closure);
    }
    return name;
  }

  private bind(code: CodeObject): string {
    const name = `j${this.functions.size}`;
    this.assumptions.add(this.caller, code);
    // One that is being translated has a function by the time of the call.
    this.bound.set(name, code.js ?? code);
    return code.js === null ? `${name}.js` : name;
  }
}
