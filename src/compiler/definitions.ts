// Definitions: what `define`, `def`, `defun` and `define-values` define, and with what.
//
// A definition is known in two steps. Parsing it gives its names, so that they can be in scope everywhere; expanding it
// gives their values, once all names are known. The same definition serves a module and a body.
//
// Source: language §8 (define, def, defun), §8.1; R7RS 5.3; README L12.

import type { Identifier, ListSyntax, Syntax } from '../reader/syntax.ts';
import { type Span, spanning } from '../values/span.ts';
import { callBuiltin, constant, local, nil, thunk } from './build.ts';
import { type CoreForm, type LocalBinding, Variable } from './core-forms.ts';
import type { Expander } from './expander.ts';
import { type Formals, formalNames, lambdaOver, makeLambda, parseFormalList, parseFormals } from './formals.ts';
import { isReserved } from './keywords.ts';
import { fail } from './problems.ts';
import { Scope } from './scope.ts';

export interface Value {
  readonly name: Identifier;
  readonly value: CoreForm;
}

export interface ExpandedDefinition {
  /** Evaluated first; the values refer to it. */
  readonly temporary: LocalBinding | null;
  readonly values: readonly Value[];
}

export interface Definition {
  readonly span: Span;
  readonly names: readonly Identifier[];
  /** A name that is defined too unless it has a meaning already: see records.ts. */
  readonly optionalName: Identifier | null;
  /** @param definesOptional  whether the optional name turned out to be this definition's */
  expand(scope: Scope, definesOptional: boolean): ExpandedDefinition;
}

/** What the complaint about a missing value says: bodies say it differently. */
export type Place = 'module' | 'body';

const MISSING: Readonly<Record<Place, string>> = {
  module: 'define expects a name and a value',
  body: 'define expects name and value',
};

/** `(define n e)`, `(define (n . formals) b …)`. */
export function parseDefine(form: ListSyntax, scope: Scope, place: Place, x: Expander): Definition {
  const missing = MISSING[place];
  if (form.tail !== null) fail(missing, form.span);
  const [, target, ...values] = form.items;
  if (target === undefined) fail(missing, form.span);
  if (target.kind === 'list') return parseProcedure(form, target, scope, missing, x);
  if (target.kind !== 'identifier') fail('bad define head', target.span);
  rejectDefinition(target, scope);
  const [value, ...extras] = values;
  if (value === undefined) return incomplete(target, missing, form.span, x);
  if (extras.length > 0) warnOfExtras(target, extras, x);
  return simple(target, form.span, (inner) => x.expand(value, inner, target.symbol.name));
}

export function parseDef(form: ListSyntax, scope: Scope, x: Expander): Definition {
  if (form.items.length < 2) fail('def expects at least a name', form.span);
  return parseDefine(form, scope, 'module', x);
}

const DEFUN = 'defun: invalid syntax; expected (defun name (args...) body...)';

/** `(defun n formals b …)`. */
export function parseDefun(form: ListSyntax, scope: Scope, x: Expander): Definition {
  if (form.tail !== null || form.items.length < 4) fail(DEFUN, form.span);
  const [, name, formals, ...body] = form.items;
  if (name.kind !== 'identifier') fail('defun: invalid syntax; name must be a symbol', name.span);
  rejectDefinition(name, scope);
  if (formals.kind !== 'identifier' && formals.kind !== 'list') {
    fail('defun: invalid syntax; formals must be a list or symbol', formals.span);
  }
  return procedure(name, () => parseFormals(formals, scope), body, form.span, x);
}

const DEFINE_VALUES = 'define-values expects (define-values formals expr)';

/** `(define-values formals e)`: a vector carries the values from the call that receives them to the variables. */
export function parseDefineValues(form: ListSyntax, scope: Scope, x: Expander): Definition {
  if (form.tail !== null || form.items.length !== 3) fail(DEFINE_VALUES, form.span);
  const { span } = form;
  const formals = parseFormals(form.items[1], scope);
  const names = formalNames(formals);
  for (const name of names) rejectDefinition(name, scope);
  return {
    span,
    names,
    optionalName: null,
    expand(inner) {
      const variable = new Variable('values');
      const init = receiveAsVector(form.items[2], formals, inner, x, span);
      const values = names.map((name, i) => ({
        name,
        value: callBuiltin('vector-ref', [local(variable, span), constant(i, span)], span),
      }));
      return { temporary: { variable, init }, values };
    },
  };
}

function receiveAsVector(producer: Syntax, formals: Formals, scope: Scope, x: Expander, span: Span): CoreForm {
  const collect = (inner: Scope) => callBuiltin('vector', x.expandAll(formalNames(formals), inner), span);
  const receiver = lambdaOver(formals, new Scope(scope), collect, null, span);
  return callBuiltin('call-with-values', [thunk(x.expand(producer, scope), span), receiver], span);
}

function parseProcedure(form: ListSyntax, target: ListSyntax, scope: Scope, missing: string, x: Expander): Definition {
  const [name, ...params] = target.items;
  if (name?.kind !== 'identifier') fail('bad define head', target.span);
  rejectDefinition(name, scope);
  if (form.items.length < 3) return incomplete(name, missing, form.span, x);
  return procedure(name, () => parseFormalList(params, target.tail, scope), form.items.slice(2), form.span, x);
}

function procedure(
  name: Identifier,
  formals: () => Formals,
  body: readonly Syntax[],
  span: Span,
  x: Expander,
): Definition {
  return simple(name, span, (scope) => makeLambda(formals(), body, scope, x, name.symbol.name, span));
}

/** The name is defined all the same, lest its uses be reported too. */
function incomplete(name: Identifier, message: string, span: Span, x: Expander): Definition {
  return x.recover<Definition>(
    () => fail(message, span),
    () => simple(name, span, () => nil(span)),
  );
}

const simple = (name: Identifier, span: Span, value: (scope: Scope) => CoreForm): Definition => ({
  span,
  names: [name],
  optionalName: null,
  expand: (scope) => ({ temporary: null, values: [{ name, value: value(scope) }] }),
});

function rejectDefinition(name: Identifier, scope: Scope): void {
  if (isReserved(name, scope)) {
    fail(`cannot define reserved keyword: ${name.symbol.name}`, name.span, 'ReservedKeyword');
  }
}

function warnOfExtras(name: Identifier, extras: readonly Syntax[], x: Expander): void {
  const span = spanning(extras[0].span, extras[extras.length - 1].span);
  const what = extras.length === 1 ? 'this form is' : 'these forms are';
  x.warn(
    `define: ${what} never evaluated`,
    span,
    `(define ${name.symbol.name} value) takes one value; (define (${name.symbol.name}) …) would define a procedure`,
  );
}
