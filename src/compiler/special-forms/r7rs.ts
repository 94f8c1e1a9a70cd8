// The forms of R7RS that Eta adds: multiple values, parameters, guard, promises, case-lambda, local macros.
//
// None of their names is reserved: a program that defines one for itself gets its own.
//
//   (parameterize ((p v) …) b …)     (%with-parameters (list (cons p v) …) (lambda () b …))
//   (guard (e clause …) b …)         (%guard (lambda (e reraise) clauses, else (reraise)) (lambda () b …))
//   (delay e)                        (%make-promise #f (lambda () (%make-promise #t e)))
//   (delay-force e)                  (%make-promise #f (lambda () e))
//   (case-lambda (formals b …) …)    (%case-lambda (lambda formals b …) …)
//
// Source: R7RS 4.2.2, 4.2.5–4.2.7, 4.2.9, 4.3.1.

import type { Identifier, ListSyntax, Syntax } from '../../reader/syntax.ts';
import { call, callBuiltin, constant, local, thunk } from '../build.ts';
import { type CoreForm, Variable } from '../core-forms.ts';
import { expandBody } from '../expand-body.ts';
import type { Expander } from '../expander.ts';
import { type Formals, formalNames, lambdaOver, makeLambda, parseFormals } from '../formals.ts';
import { bindVariable, duplicateOf } from '../keywords.ts';
import { makeMacro } from '../macro-definitions.ts';
import { fail } from '../problems.ts';
import { keyOf, Scope } from '../scope.ts';
import { expandCondClauses } from './conditionals.ts';
import type { Handler, SpecialFormTable } from './handler.ts';

const GUARD = 'guard expects (guard (variable clause ...) body ...)';
const PARAMETERIZE = 'parameterize expects bindings and body';
const CASE_LAMBDA = 'case-lambda: each clause must be (formals body ...)';
const RECEIVE = 'receive expects (receive formals expr body ...)';

/** `left` and `right` of each `(left right)` in a list of such. */
function parsePairs(list: Syntax, form: string): readonly (readonly [left: Syntax, right: Syntax])[] {
  if (list.kind !== 'list' || list.tail !== null) fail(`${form} expects bindings and body`, list.span);
  return list.items.map((binding) => {
    if (binding.kind !== 'list' || binding.items.length !== 2 || binding.tail !== null) {
      fail(`${form}: malformed binding`, binding.span, 'InvalidLetBindings');
    }
    return [binding.items[0], binding.items[1]];
  });
}

/** Each producer is evaluated in the outer scope, or with what is bound before it. */
const letValues =
  (form: string, isSequential: boolean): Handler =>
  ({ items, span }, scope, x) => {
    if (items.length < 3) fail(`${form} expects bindings and body`, span);
    const bindings = parsePairs(items[1], form).map(([formals, producer]) => {
      return { formals: parseFormals(formals, scope), producer };
    });
    const all = bindings.flatMap(({ formals }) => formalNames(formals));
    const duplicate = isSequential ? null : duplicateOf(all);
    if (duplicate !== null) fail(`duplicate binding: ${duplicate.symbol.name}`, duplicate.span, 'DuplicateIdentifier');
    const nest = (i: number, inner: Scope): CoreForm => {
      if (i === bindings.length) return expandBody(items.slice(2), inner, span, x);
      const { formals, producer } = bindings[i];
      const produce = thunk(x.expand(producer, isSequential ? inner : scope), span);
      return receive(produce, formals, new Scope(inner), (innermost) => nest(i + 1, innermost), span);
    };
    return nest(0, scope);
  };

const expandReceive: Handler = ({ items, span }, scope, x) => {
  if (items.length < 4) fail(RECEIVE, span);
  const formals = parseFormals(items[1], scope);
  const produce = thunk(x.expand(items[2], scope), span);
  return receive(produce, formals, new Scope(scope), (inner) => expandBody(items.slice(3), inner, span, x), span);
};

function receive(
  produce: CoreForm,
  formals: Formals,
  scope: Scope,
  body: (inner: Scope) => CoreForm,
  span: ListSyntax['span'],
): CoreForm {
  return callBuiltin('call-with-values', [produce, lambdaOver(formals, scope, body, null, span)], span);
}

const expandParameterize: Handler = ({ items, span }, scope, x) => {
  if (items.length < 3) fail(PARAMETERIZE, span);
  const pairs = parsePairs(items[1], 'parameterize').map(([parameter, value]) =>
    callBuiltin('cons', x.expandAll([parameter, value], scope), span),
  );
  const body = thunk(expandBody(items.slice(2), scope, span, x), span);
  return callBuiltin('%with-parameters', [callBuiltin('list', pairs, span), body], span);
};

/** `(reraise)` raises the object again, in the dynamic environment of the raise: R7RS 4.2.7. */
const expandGuard: Handler = ({ items, span }, scope, x) => {
  const [, spec, ...body] = items;
  if (items.length < 3 || spec.kind !== 'list' || spec.tail !== null) fail(GUARD, span);
  const [variable, ...clauses] = spec.items;
  if (variable?.kind !== 'identifier') fail(GUARD, spec.span);
  const reraise = new Variable('reraise');
  const inner = new Scope(scope);
  const params = [bindVariable(variable, inner), reraise];
  const handler = expandCondClauses(clauses, call(local(reraise, span), [], span), inner, x);
  return callBuiltin(
    '%guard',
    [
      { kind: 'lambda', params, rest: null, body: handler, name: null, span },
      thunk(expandBody(body, scope, span, x), span),
    ],
    span,
  );
};

const expandDelay: Handler = ({ items, span }, scope, x) => {
  if (items.length !== 2) fail('delay expects (delay expr)', span);
  const value = callBuiltin('%make-promise', [constant(true, span), x.expand(items[1], scope)], span);
  return callBuiltin('%make-promise', [constant(false, span), thunk(value, span)], span);
};

const expandDelayForce: Handler = ({ items, span }, scope, x) => {
  if (items.length !== 2) fail('delay-force expects (delay-force expr)', span);
  return callBuiltin('%make-promise', [constant(false, span), thunk(x.expand(items[1], scope), span)], span);
};

const expandCaseLambda: Handler = ({ items, span }, scope, x, name) => {
  const lambdas = items.slice(1).map((clause) => {
    if (clause.kind !== 'list' || clause.items.length < 2 || clause.tail !== null) fail(CASE_LAMBDA, clause.span);
    return makeLambda(parseFormals(clause.items[0], scope), clause.items.slice(1), scope, x, name, clause.span);
  });
  return callBuiltin('%case-lambda', lambdas, span);
};

/** @param isRecursive  whether the macros see one another and themselves */
const letSyntax =
  (form: string, isRecursive: boolean): Handler =>
  ({ items, span }, scope, x) => {
    if (items.length < 3) fail(`${form} expects bindings and body`, span);
    const inner = new Scope(scope);
    const bindings = parsePairs(items[1], form).map(([name, transformer]) => {
      if (name.kind !== 'identifier') fail(`${form}: name must be a symbol`, name.span);
      return { name, transformer };
    });
    const duplicate = duplicateOf(bindings.map(({ name }) => name));
    if (duplicate !== null) fail(`duplicate binding: ${duplicate.symbol.name}`, duplicate.span, 'DuplicateIdentifier');
    bindMacros(bindings, inner, isRecursive ? inner : scope, x);
    return expandBody(items.slice(2), inner, span, x);
  };

function bindMacros(
  bindings: readonly { name: Identifier; transformer: Syntax }[],
  scope: Scope,
  definitionScope: Scope,
  x: Expander,
): void {
  for (const { name, transformer } of bindings) {
    scope.bind(keyOf(name), makeMacro(name.symbol.name, transformer, definitionScope, x));
  }
}

export const R7RS_FORMS: SpecialFormTable = {
  'let-values': { expand: letValues('let-values', false), shape: 'let-values expects bindings and body' },
  'let*-values': { expand: letValues('let*-values', true), shape: 'let*-values expects bindings and body' },
  receive: { expand: expandReceive, shape: RECEIVE },
  parameterize: { expand: expandParameterize, shape: PARAMETERIZE },
  guard: { expand: expandGuard, shape: GUARD },
  delay: { expand: expandDelay, shape: 'delay expects (delay expr)' },
  'delay-force': { expand: expandDelayForce, shape: 'delay-force expects (delay-force expr)' },
  'case-lambda': { expand: expandCaseLambda, shape: CASE_LAMBDA },
  'let-syntax': { expand: letSyntax('let-syntax', false), shape: 'let-syntax expects bindings and body' },
  'letrec-syntax': { expand: letSyntax('letrec-syntax', true), shape: 'letrec-syntax expects bindings and body' },
};
