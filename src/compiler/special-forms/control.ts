// apply, call/cc, dynamic-wind, values, call-with-values, raise, catch, and the logic forms.
//
// All but `catch` are calls of builtins, once their shape has been checked.
//
// Source: language §7.3, §8, §11, §12.1; README L9, L10, V7.

import type { Syntax } from '../../reader/syntax.ts';
import type { Sym } from '../../values/types.ts';
import { callBuiltin, constant } from '../build.ts';
import { expandBody } from '../expand-body.ts';
import { isKeyword } from '../keywords.ts';
import { fail } from '../problems.ts';
import type { Scope } from '../scope.ts';
import type { Handler, SpecialFormInfo, SpecialFormTable } from './handler.ts';

const RAISE = "raise: invalid syntax; expected (raise value) or (raise 'tag value)";
const CATCH = "catch: invalid syntax; expected (catch body) or (catch 'tag body)";
const APPLY = 'apply requires at least 2 arguments';

/** A call of the builtin of this name, with exactly `count` operands. */
function operator(name: string, count: number): SpecialFormInfo {
  const shape = `${name} requires ${count} arg(s)`;
  const expand: Handler = ({ items, span }, scope, x) => {
    if (items.length !== count + 1) fail(shape, span, 'InvalidFormShape');
    return callBuiltin(name, x.expandAll(items.slice(1), scope), span);
  };
  return { expand, shape };
}

/** A logic form: a call of the builtin `%name`. @param pattern  the form with its operands' names */
function logicForm(pattern: string): SpecialFormInfo {
  const words = pattern.slice(1, -1).split(' ');
  const [name] = words;
  const shape = `${name}: invalid syntax; expected ${pattern}`;
  const expand: Handler = ({ items, span }, scope, x) => {
    if (items.length !== words.length) fail(shape, span);
    return callBuiltin(`%${name}`, x.expandAll(items.slice(1), scope), span);
  };
  return { expand, shape };
}

const expandApply: Handler = ({ items, span }, scope, x) => {
  if (items.length < 3) fail(APPLY, span, 'InvalidFormShape');
  // The operator is evaluated after the operands (language §10.2).
  const [, operator, ...operands] = items;
  return callBuiltin('%apply', x.expandAll([...operands, operator], scope), span);
};

const expandValues: Handler = ({ items, span }, scope, x) =>
  callBuiltin('values', x.expandAll(items.slice(1), scope), span);

const expandRaise: Handler = ({ items, span }, scope, x) => {
  if (items.length < 2 || items.length > 3) fail(RAISE, span);
  if (items.length === 2) return callBuiltin('%raise-untagged', [x.expand(items[1], scope)], span);
  const tag = quotedSymbol(items[1], scope);
  if (tag === null) fail("raise: first arg must be a quoted symbol 'tag", items[1].span);
  return callBuiltin('%raise', [constant(tag, items[1].span), x.expand(items[2], scope)], span);
};

/** `(catch 'a)` has no tag: it is the body that is quoted. */
const expandCatch: Handler = ({ items, span }, scope, x) => {
  if (items.length < 2) fail(CATCH, span);
  const tag = items.length > 2 ? quotedSymbol(items[1], scope) : null;
  const body = expandBody(items.slice(tag === null ? 1 : 2), scope, span, x);
  return { kind: 'catch', tag, body, span };
};

/** The symbol of `'symbol`, else null. */
function quotedSymbol(syntax: Syntax, scope: Scope): Sym | null {
  if (syntax.kind !== 'list' || syntax.tail !== null || syntax.items.length !== 2) return null;
  const [quote, symbol] = syntax.items;
  return symbol.kind === 'identifier' && isKeyword(quote, scope, 'quote') ? symbol.symbol : null;
}

export const CONTROL_FORMS: SpecialFormTable = {
  apply: { expand: expandApply, shape: APPLY },
  'call/cc': operator('call/cc', 1),
  'call-with-current-continuation': operator('call-with-current-continuation', 1),
  'dynamic-wind': operator('dynamic-wind', 3),
  values: { expand: expandValues, shape: 'values: invalid syntax; proper list required' },
  'call-with-values': operator('call-with-values', 2),
  raise: { expand: expandRaise, shape: RAISE },
  catch: { expand: expandCatch, shape: CATCH },
  'logic-var': logicForm('(logic-var)'),
  unify: logicForm('(unify a b)'),
  'deref-lvar': logicForm('(deref-lvar x)'),
  'trail-mark': logicForm('(trail-mark)'),
  'unwind-trail': logicForm('(unwind-trail mark)'),
  'copy-term': logicForm('(copy-term t)'),
};
