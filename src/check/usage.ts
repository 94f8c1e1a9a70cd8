// Usage: what a module refers to, found by one walk over its core forms.

import { type CoreForm, childrenOf, type LambdaForm, type Variable } from '../compiler/core-forms.ts';
import type { Cell } from '../values/types.ts';

export type CallForm = Extract<CoreForm, { kind: 'call' }>;
export type CatchForm = Extract<CoreForm, { kind: 'catch' }>;

export class Usage {
  /** Variables that are read. */
  readonly variables = new Set<Variable>();
  readonly cells = new Set<Cell>();
  readonly assignedCells = new Set<Cell>();
  readonly calls: CallForm[] = [];
  readonly catches: CatchForm[] = [];
  /** What `let` and its kin bind, internal definitions included. */
  readonly bound: { readonly variable: Variable; readonly init: CoreForm }[] = [];
  /** What the module's definitions give; null for one that several give something. */
  readonly definitions = new Map<Cell, CoreForm | null>();
  /** Whether some `eval` may refer to anything that is visible. */
  hasEval = false;

  constructor(module: LambdaForm) {
    const pending: CoreForm[] = [module];
    for (let form = pending.pop(); form !== undefined; form = pending.pop()) {
      this.note(form);
      for (const child of childrenOf(form)) pending.push(child);
    }
  }

  private note(form: CoreForm): void {
    switch (form.kind) {
      case 'local':
        this.variables.add(form.variable);
        return;
      case 'global':
        this.cells.add(form.cell);
        return;
      case 'set-global':
        this.assignedCells.add(form.cell);
        return;
      case 'define-global':
        this.definitions.set(form.cell, this.definitions.has(form.cell) ? null : form.value);
        return;
      case 'call':
        this.calls.push(form);
        return;
      case 'let':
      case 'letrec':
        for (const binding of form.bindings) this.bound.push(binding);
        return;
      case 'catch':
        this.catches.push(form);
        return;
      case 'eval':
        this.hasEval = true;
    }
  }
}
