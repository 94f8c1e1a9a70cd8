// Assumptions: what generated code counts on, and what happens when that changes.
//
// Most global variables that hold a procedure are defined once. Generated code calls such a procedure, or has it inlined,
// without looking at the variable. The variable is then *watched*: whoever sets it says so here, and all code that counts
// on its value is dropped, and all code that calls dropped code by name. It is generated anew when it is next called.
//
// The same happens where arithmetic of which a flonum was expected (flonums.ts) gives something else. Then the code captures
// itself at once, and the rest of this does not apply: it would be right to go on.
//
// No dropped code goes on running: a watched variable is set only where no generated function is on the host's stack.
// The interpreter is such a place. Generated code that comes to set one turns into an interpreter frame first
// (protocol.ts, `interpret`).

import type { CodeObject } from '../../bytecode/code.ts';
import type { Cell } from '../../values/types.ts';

/** After so many changes of a variable nobody counts on it again. */
const MAX_CHANGES = 3;
/** Dead entries are looked for when there are so many, then twice as many as were left. */
const FIRST_SWEEP = 64;

/** A set of code that does not keep it alive: the variables of a long-lived module are used by code that comes and goes. */
class Dependents {
  private refs: WeakRef<CodeObject>[] = [];
  private sweepAt = FIRST_SWEEP;

  add(code: CodeObject): void {
    if (this.refs.length >= this.sweepAt) {
      this.refs = this.refs.filter((ref) => ref.deref() !== undefined);
      this.sweepAt = Math.max(FIRST_SWEEP, 2 * this.refs.length);
    }
    this.refs.push(new WeakRef(code));
  }

  /** All of them, which are forgotten here. */
  take(): CodeObject[] {
    const { refs } = this;
    this.refs = [];
    return refs.map((ref) => ref.deref()).filter((code) => code !== undefined);
  }
}

export class Assumptions {
  private readonly dependents = new WeakMap<Cell | CodeObject, Dependents>();
  private readonly changes = new WeakMap<Cell, number>();
  private readonly watcher = (cell: Cell): void => this.change(cell);

  /** Whether the variable's value may be counted on. */
  isSteady(cell: Cell): boolean {
    return (this.changes.get(cell) ?? 0) < MAX_CHANGES;
  }

  /** Generated code of `code` counts on a variable's value, or calls the generated function of other code by name or inlines it. */
  add(code: CodeObject, on: Cell | CodeObject): void {
    let dependents = this.dependents.get(on);
    if (dependents === undefined) {
      dependents = new Dependents();
      this.dependents.set(on, dependents);
    }
    dependents.add(code);
    if ('watcher' in on) on.watcher = this.watcher;
  }

  /** What is generated of this code expected something else. */
  drop(code: CodeObject): void {
    code.dropGenerated();
    this.dropDependents(code);
  }

  private change(cell: Cell): void {
    cell.watcher = null;
    this.changes.set(cell, (this.changes.get(cell) ?? 0) + 1);
    this.dropDependents(cell);
  }

  private dropDependents(on: Cell | CodeObject): void {
    const pending = [on];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const code of this.dependents.get(next)?.take() ?? []) {
        code.dropGenerated();
        pending.push(code);
      }
    }
  }
}
