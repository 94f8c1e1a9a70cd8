// Core forms: what the expander makes of a program, a closed set with every name resolved.
//
// A local variable is one Variable object; its binder and all its uses share it, so that no later pass looks names
// up. Control operators (`call/cc`, `apply`, `values`, `call-with-values`, `dynamic-wind`, `raise`) are calls of
// builtins here; the emitter has instructions for some of them.

import { unreachable } from '../values/errors.ts';
import type { Span } from '../values/span.ts';
import type { Cell, Sym, Value } from '../values/types.ts';
import type { Piece } from './pieces.ts';
import type { Scope } from './scope.ts';

/** A local variable. The expander sets `assigned`; the analyser finds out the rest. */
export class Variable {
  /** Some `set!` (or an eval that may see it) assigns it after its initialisation. */
  assigned = false;
  /** A closure or an eval other than the binder's own activation uses it. */
  captured = false;
  /** It may be read before it is initialised: a `letrec` variable, unless the analyser shows otherwise. */
  mayBeUnset = false;
  /** The function that binds it makes calls in which a continuation could be captured. */
  crossesCalls = false;
  constructor(
    readonly name: string,
    /** Where a program binds it; null if a macro has, or a special form for its own needs. */
    readonly span: Span | null = null,
  ) {}
}

export interface LambdaForm {
  readonly kind: 'lambda';
  readonly params: readonly Variable[];
  readonly rest: Variable | null;
  readonly body: CoreForm;
  /** The name that it is defined or bound under, null for an anonymous one. */
  readonly name: string | null;
  readonly span: Span;
}

export interface LocalBinding {
  readonly variable: Variable;
  readonly init: CoreForm;
}

export type CoreForm =
  | { readonly kind: 'const'; readonly value: Value; readonly span: Span }
  | { readonly kind: 'local'; readonly variable: Variable; readonly span: Span }
  /** A module's own or imported variable. */
  | { readonly kind: 'global'; readonly cell: Cell; readonly span: Span }
  | { readonly kind: 'builtin'; readonly name: string; readonly span: Span }
  /** Both give (). */
  | { readonly kind: 'set-local'; readonly variable: Variable; readonly value: CoreForm; readonly span: Span }
  | { readonly kind: 'set-global'; readonly cell: Cell; readonly value: CoreForm; readonly span: Span }
  /** The definition of a module variable: like set-global, but legal while the cell is unset. */
  | { readonly kind: 'define-global'; readonly cell: Cell; readonly value: CoreForm; readonly span: Span }
  | {
      readonly kind: 'if';
      readonly test: CoreForm;
      readonly consequent: CoreForm;
      readonly alternate: CoreForm;
      readonly span: Span;
    }
  /** One form at least; the value is the last one's. */
  | { readonly kind: 'sequence'; readonly forms: readonly CoreForm[]; readonly span: Span }
  | LambdaForm
  /** Arguments are evaluated left to right, then the operator (language §10.2). */
  | { readonly kind: 'call'; readonly operator: CoreForm; readonly args: readonly CoreForm[]; readonly span: Span }
  /** Inits left to right, in the outer scope. */
  | { readonly kind: 'let'; readonly bindings: readonly LocalBinding[]; readonly body: CoreForm; readonly span: Span }
  /** letrec*: inits left to right, each sees all variables; reading one too early is an error that names it. */
  | {
      readonly kind: 'letrec';
      readonly bindings: readonly LocalBinding[];
      readonly body: CoreForm;
      readonly span: Span;
    }
  /** `(catch 'tag body …)`; tag null matches everything. The body is not in tail position. */
  | { readonly kind: 'catch'; readonly tag: Sym | null; readonly body: CoreForm; readonly span: Span }
  /** `(eval e)` called by its name: the datum is compiled in this scope. */
  | { readonly kind: 'eval'; readonly expression: CoreForm; readonly scope: Scope; readonly span: Span }
  /** A call of a function that is compiled by itself; not the expander's, see pieces.ts. */
  | { readonly kind: 'piece'; readonly piece: Piece; readonly span: Span };

export type CoreKind = CoreForm['kind'];

/** The forms directly inside of a form, in the order of evaluation but for an operator, which comes first. */
export function childrenOf(form: CoreForm): readonly CoreForm[] {
  switch (form.kind) {
    case 'const':
    case 'local':
    case 'global':
    case 'builtin':
    case 'piece':
      return [];
    case 'set-local':
    case 'set-global':
    case 'define-global':
      return [form.value];
    case 'if':
      return [form.test, form.consequent, form.alternate];
    case 'sequence':
      return form.forms;
    case 'lambda':
    case 'catch':
      return [form.body];
    case 'call':
      return [form.operator, ...form.args];
    case 'let':
    case 'letrec':
      return [...form.bindings.map(({ init }) => init), form.body];
    case 'eval':
      return [form.expression];
    default:
      return unreachable(form);
  }
}
