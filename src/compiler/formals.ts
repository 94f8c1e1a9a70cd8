// Formals and lambdas: `(a b)`, `(a b . rest)`, `rest`.
//
// Source: language §8 (lambda), §10.1.

import type { Identifier, Syntax } from '../reader/syntax.ts';
import type { Span } from '../values/span.ts';
import type { LambdaForm } from './core-forms.ts';
import { expandBody } from './expand-body.ts';
import type { Expander } from './expander.ts';
import { bindVariable, duplicateOf, rejectReserved } from './keywords.ts';
import { fail } from './problems.ts';
import { Scope } from './scope.ts';

export interface Formals {
  readonly params: readonly Identifier[];
  readonly rest: Identifier | null;
}

export const formalNames = ({ params, rest }: Formals): readonly Identifier[] =>
  rest === null ? params : [...params, rest];

export function parseFormals(formals: Syntax, scope: Scope): Formals {
  if (formals.kind === 'identifier') return checked({ params: [], rest: formals }, scope);
  if (formals.kind !== 'list') fail('lambda formals must be a symbol or list', formals.span);
  const { items, tail } = formals;
  return parseFormalList(items, tail, scope);
}

export function parseFormalList(items: readonly Syntax[], tail: Syntax | null, scope: Scope): Formals {
  const params = items.map((item, i) => {
    if (item.kind !== 'identifier') fail(`parameter at index ${i} must be a symbol`, item.span);
    return item;
  });
  if (tail !== null && tail.kind !== 'identifier') fail('dotted formals: rest must be a symbol', tail.span);
  return checked({ params, rest: tail }, scope);
}

function checked(formals: Formals, scope: Scope): Formals {
  for (const param of formals.params) rejectReserved(param, scope, 'parameter');
  if (formals.rest !== null) rejectReserved(formals.rest, scope, 'rest parameter');
  const duplicate = duplicateOf(formalNames(formals));
  if (duplicate !== null) fail(`duplicate parameter: ${duplicate.symbol.name}`, duplicate.span, 'DuplicateIdentifier');
  return formals;
}

/** Binds the formals in `inner`; the body is whatever `body` makes of that scope. */
export function lambdaOver(
  formals: Formals,
  inner: Scope,
  body: (inner: Scope) => LambdaForm['body'],
  name: string | null,
  span: Span,
): LambdaForm {
  const params = formals.params.map((param) => bindVariable(param, inner));
  const rest = formals.rest === null ? null : bindVariable(formals.rest, inner);
  return { kind: 'lambda', params, rest, body: body(inner), name, span };
}

/** A lambda with a body of forms. */
export function makeLambda(
  formals: Formals,
  body: readonly Syntax[],
  scope: Scope,
  x: Expander,
  name: string | null,
  span: Span,
): LambdaForm {
  return lambdaOver(formals, new Scope(scope), (inner) => expandBody(body, inner, span, x), name, span);
}
