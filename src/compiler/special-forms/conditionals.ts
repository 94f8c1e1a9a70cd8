// cond, case, and, or, when, unless.
//
// Source: language §8; README L3; R7RS 4.2.1.

import type { ListSyntax, Syntax } from '../../reader/syntax.ts';
import { syntaxToDatum } from '../../reader/syntax-data.ts';
import type { Span } from '../../values/span.ts';
import { call, callBuiltin, conditional, constant, nil, withTemporary } from '../build.ts';
import type { CoreForm } from '../core-forms.ts';
import { expandSequence } from '../expand-body.ts';
import type { Expander } from '../expander.ts';
import { isAuxiliary } from '../keywords.ts';
import { fail } from '../problems.ts';
import type { Scope } from '../scope.ts';
import type { Handler, SpecialFormTable } from './handler.ts';

/** A clause, given what its form comes to if the clause is not chosen. */
type ExpandedClause = (otherwise: CoreForm) => CoreForm;

const expandCond: Handler = ({ items, span }, scope, x) => {
  if (items.length < 2) fail('cond expects at least one clause', span);
  return expandCondClauses(items.slice(1), nil(span), scope, x);
};

/** The clauses of a `cond` or a `guard`. @param otherwise  the value if no clause is chosen */
export function expandCondClauses(
  clauses: readonly Syntax[],
  otherwise: CoreForm,
  scope: Scope,
  x: Expander,
): CoreForm {
  const expanded = clauses.map((clause, i) => {
    const isLast = i === clauses.length - 1;
    return x.recover<ExpandedClause>(
      () => expandCondClause(clause, isLast, scope, x),
      () => (rest) => rest,
    );
  });
  return expanded.reduceRight((rest, clause) => clause(rest), otherwise);
}

function expandCondClause(clause: Syntax, isLast: boolean, scope: Scope, x: Expander): ExpandedClause {
  if (clause.kind !== 'list' || clause.tail !== null) fail('cond clause must be a list', clause.span);
  const { items, span } = clause;
  if (items.length === 0) fail('empty cond clause', span);
  if (isAuxiliary(items[0], scope, 'else')) {
    const chosen = expandElse(clause, isLast, scope, x);
    return () => chosen;
  }
  const test = x.expand(items[0], scope);
  if (items.length === 1) return (rest) => orForm(test, rest, span);
  if (isAuxiliary(items[1], scope, '=>')) {
    const receiver = expandReceiver(clause, 'cond', scope, x);
    return (rest) =>
      withTemporary('test', test, span, (value) => conditional(value(), call(receiver, [value()], span), rest, span));
  }
  const body = expandSequence(items.slice(1), scope, span, x);
  return (rest) => conditional(test, body, rest, span);
}

function expandElse({ items, span }: ListSyntax, isLast: boolean, scope: Scope, x: Expander): CoreForm {
  if (!isLast) fail('else must be the last clause', span);
  if (items.length < 2) fail('else must have at least one body expression', span);
  return expandSequence(items.slice(1), scope, span, x);
}

/** The p of `(… => p)`. */
function expandReceiver({ items, span }: ListSyntax, form: string, scope: Scope, x: Expander): CoreForm {
  if (items.length !== 3) fail(`${form}: => must be followed by one expression`, span);
  return x.expand(items[2], scope);
}

const orForm = (first: CoreForm, second: CoreForm, span: Span): CoreForm =>
  withTemporary('or', first, span, (value) => conditional(value(), value(), second, span));

const expandCase: Handler = ({ items, span }, scope, x) => {
  if (items.length < 2) fail('case requires a key expression', span);
  const key = x.expand(items[1], scope);
  const clauses = items.slice(2);
  return withTemporary('key', key, span, (value) => {
    const expanded = clauses.map((clause, i) => {
      const isLast = i === clauses.length - 1;
      return x.recover<ExpandedClause>(
        () => expandCaseClause(clause, isLast, value, scope, x),
        () => (rest) => rest,
      );
    });
    return expanded.reduceRight((rest, clause) => clause(rest), nil(span));
  });
};

function expandCaseClause(
  clause: Syntax,
  isLast: boolean,
  key: () => CoreForm,
  scope: Scope,
  x: Expander,
): ExpandedClause {
  if (clause.kind !== 'list' || clause.tail !== null) fail('case clause must be a list', clause.span);
  const { items, span } = clause;
  if (items.length === 0) fail('empty case clause', span);
  const isArrow = isAuxiliary(items[1], scope, '=>');
  if (isAuxiliary(items[0], scope, 'else')) {
    const chosen = isArrow && isLast ? callReceiver() : expandElse(clause, isLast, scope, x);
    return () => chosen;
  }
  const [data] = items;
  if (data.kind !== 'list' || data.tail !== null) fail('case clause datums must be a list', data.span);
  if (data.items.length === 0) fail('case clause requires at least one datum', data.span);
  const test = data.items
    .map((datum) => callBuiltin('eqv?', [key(), constant(syntaxToDatum(datum), datum.span)], span))
    .reduceRight((rest, first) => conditional(first, constant(true, span), rest, span));
  const body = isArrow ? callReceiver() : expandSequence(items.slice(1), scope, span, x);
  return (rest) => conditional(test, body, rest, span);

  function callReceiver(): CoreForm {
    return call(expandReceiver(clause as ListSyntax, 'case', scope, x), [key()], span);
  }
}

const expandAnd: Handler = ({ items, span }, scope, x) => {
  const operands = x.expandAll(items.slice(1), scope);
  if (operands.length === 0) return constant(true, span);
  return operands.reduceRight((rest, first) => conditional(first, rest, constant(false, span), span));
};

const expandOr: Handler = ({ items, span }, scope, x) => {
  const operands = x.expandAll(items.slice(1), scope);
  if (operands.length === 0) return constant(false, span);
  return operands.reduceRight((rest, first) => orForm(first, rest, span));
};

const WHEN = 'when expects a test and body';
const UNLESS = 'unless expects a test and body';

const expandWhen: Handler = ({ items, span }, scope, x) => {
  if (items.length < 2) fail(WHEN, span);
  const test = x.expand(items[1], scope);
  return conditional(test, expandSequence(items.slice(2), scope, span, x), nil(span), span);
};

const expandUnless: Handler = ({ items, span }, scope, x) => {
  if (items.length < 2) fail(UNLESS, span);
  const test = x.expand(items[1], scope);
  return conditional(test, nil(span), expandSequence(items.slice(2), scope, span, x), span);
};

export const CONDITIONAL_FORMS: SpecialFormTable = {
  cond: { expand: expandCond, shape: 'cond clause must be a list' },
  case: { expand: expandCase, shape: 'case clause must be a list' },
  and: { expand: expandAnd, shape: 'and: invalid syntax; proper list required' },
  or: { expand: expandOr, shape: 'or: invalid syntax; proper list required' },
  when: { expand: expandWhen, shape: WHEN },
  unless: { expand: expandUnless, shape: UNLESS },
};
