// The intermediate representation: core forms after the analyser, what the emitter walks.
//
// New against the core forms: loops are loops, `letrec` has been taken apart into `let`, `fix` (functions only) and
// what must really be checked at run time, and every lambda knows its name for itself.

import type { Span } from '../values/span.ts';
import type { Cell, Sym, Value } from '../values/types.ts';
import type { Variable } from './core-forms.ts';
import type { Piece } from './pieces.ts';
import type { Scope } from './scope.ts';

/** A loop's identity, shared by the loop and the jumps back to its head. */
export class LoopLabel {
  constructor(
    readonly name: string,
    readonly variables: readonly Variable[],
  ) {}
}

export interface LambdaIr {
  readonly kind: 'lambda';
  readonly params: readonly Variable[];
  readonly rest: Variable | null;
  readonly body: Ir;
  readonly name: string | null;
  /** The variable that is bound to this very closure, if it is never assigned: inside, it needs no capture. */
  readonly self: Variable | null;
  readonly span: Span;
}

export interface BindingIr<Init = Ir> {
  readonly variable: Variable;
  readonly init: Init;
}

export type Ir =
  | { readonly kind: 'const'; readonly value: Value }
  | { readonly kind: 'local'; readonly variable: Variable; readonly span: Span }
  | { readonly kind: 'global'; readonly cell: Cell; readonly span: Span }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'set-local'; readonly variable: Variable; readonly value: Ir }
  | { readonly kind: 'set-global'; readonly cell: Cell; readonly value: Ir; readonly span: Span }
  | { readonly kind: 'define-global'; readonly cell: Cell; readonly value: Ir }
  | { readonly kind: 'if'; readonly test: Ir; readonly consequent: Ir; readonly alternate: Ir }
  /** The value of the first if it is true, else the second. */
  | { readonly kind: 'or'; readonly first: Ir; readonly second: Ir }
  | { readonly kind: 'sequence'; readonly forms: readonly Ir[] }
  | LambdaIr
  | { readonly kind: 'call'; readonly operator: Ir; readonly args: readonly Ir[]; readonly span: Span }
  | { readonly kind: 'let'; readonly bindings: readonly BindingIr[]; readonly body: Ir }
  /** Each init sees the variables before it. */
  | { readonly kind: 'let*'; readonly bindings: readonly BindingIr[]; readonly body: Ir }
  /** Functions that may refer to each other; none is ever assigned. */
  | { readonly kind: 'fix'; readonly bindings: readonly BindingIr<LambdaIr>[]; readonly body: Ir }
  /** letrec* whose variables start unset and are checked at each use. */
  | { readonly kind: 'letrec'; readonly bindings: readonly BindingIr[]; readonly body: Ir }
  | { readonly kind: 'loop'; readonly label: LoopLabel; readonly inits: readonly Ir[]; readonly body: Ir }
  /** Only in tail position of its loop's body. */
  | { readonly kind: 'continue'; readonly label: LoopLabel; readonly args: readonly Ir[] }
  | { readonly kind: 'piece'; readonly piece: Piece; readonly span: Span }
  | { readonly kind: 'catch'; readonly tag: Sym | null; readonly body: Ir }
  | {
      readonly kind: 'eval';
      readonly expression: Ir;
      readonly scope: Scope;
      readonly variables: readonly Variable[];
      readonly span: Span;
    };
