// Short ways to write core forms.

import type { Span } from '../values/span.ts';
import { NIL, type Value } from '../values/types.ts';
import { type CoreForm, type LambdaForm, type LocalBinding, Variable } from './core-forms.ts';

export const constant = (value: Value, span: Span): CoreForm => ({ kind: 'const', value, span });

export const nil = (span: Span): CoreForm => constant(NIL, span);

export const local = (variable: Variable, span: Span): CoreForm => ({ kind: 'local', variable, span });

export const conditional = (test: CoreForm, consequent: CoreForm, alternate: CoreForm, span: Span): CoreForm => ({
  kind: 'if',
  test,
  consequent,
  alternate,
  span,
});

export const call = (operator: CoreForm, args: readonly CoreForm[], span: Span): CoreForm => ({
  kind: 'call',
  operator,
  args,
  span,
});

/** A call of a builtin, whatever the program has bound its name to. */
export const callBuiltin = (name: string, args: readonly CoreForm[], span: Span): CoreForm =>
  call({ kind: 'builtin', name, span }, args, span);

/** The forms in order; of none, (). */
export function sequence(forms: readonly CoreForm[], span: Span): CoreForm {
  if (forms.length === 0) return nil(span);
  return forms.length === 1 ? forms[0] : { kind: 'sequence', forms, span };
}

export const letForm = (bindings: readonly LocalBinding[], body: CoreForm, span: Span): CoreForm =>
  bindings.length === 0 ? body : { kind: 'let', bindings, body, span };

export const letrecForm = (bindings: readonly LocalBinding[], body: CoreForm, span: Span): CoreForm =>
  bindings.length === 0 ? body : { kind: 'letrec', bindings, body, span };

/** `(let ((name init)) body)`, where the body is made of references to the variable. */
export function withTemporary(
  name: string,
  init: CoreForm,
  span: Span,
  body: (reference: () => CoreForm) => CoreForm,
): CoreForm {
  const variable = new Variable(name);
  return letForm(
    [{ variable, init }],
    body(() => local(variable, span)),
    span,
  );
}

export const thunk = (body: CoreForm, span: Span): LambdaForm => ({
  kind: 'lambda',
  params: [],
  rest: null,
  body,
  name: null,
  span,
});
