// quote, if, begin, lambda, set!, and the forms that may only stand elsewhere.
//
// Source: language §8.

import type { Identifier, ListSyntax } from '../../reader/syntax.ts';
import { syntaxToDatum } from '../../reader/syntax-data.ts';
import { writeText } from '../../values/printer.ts';
import { conditional, constant, nil } from '../build.ts';
import { chosenForms } from '../cond-expand.ts';
import type { CoreForm } from '../core-forms.ts';
import { expandSequence } from '../expand-body.ts';
import type { Expander } from '../expander.ts';
import { makeLambda, parseFormals } from '../formals.ts';
import { makeMacro } from '../macro-definitions.ts';
import { fail, SyntaxProblem } from '../problems.ts';
import type { Scope } from '../scope.ts';
import type { Handler, SpecialFormTable } from './handler.ts';

const IF = 'if: invalid syntax; expected (if test consequent [alternate])';
const LAMBDA = 'lambda requires at least 2 arguments: (lambda formals body...)';
const SET = 'set! expects (set! id expr)';

const expandQuote: Handler = ({ items, span }) => {
  if (items.length !== 2) fail(`quote: expected 1 argument(s); got ${items.length - 1}`, span, 'ArityError');
  return constant(syntaxToDatum(items[1]), span);
};

const expandIf: Handler = ({ items, span }, scope, x) => {
  if (items.length > 4) fail(IF, span, 'InvalidSyntax', 'several forms in one branch stand in (begin …)');
  if (items.length < 3) fail(IF, span);
  const test = x.expand(items[1], scope);
  const consequent = x.expand(items[2], scope);
  return conditional(test, consequent, items.length === 4 ? x.expand(items[3], scope) : nil(span), span);
};

const expandBegin: Handler = ({ items, span }, scope, x) => expandSequence(items.slice(1), scope, span, x);

const expandLambda: Handler = ({ items, span }, scope, x, name) => {
  if (items.length < 3) fail(LAMBDA, span);
  return makeLambda(parseFormals(items[1], scope), items.slice(2), scope, x, name, span);
};

const expandSet: Handler = ({ items, span }, scope, x) => {
  const [, target, valueSyntax] = items;
  if (items.length !== 3 || target.kind !== 'identifier') fail(SET, span);
  const value = x.expand(valueSyntax, scope, target.symbol.name);
  return assignment(target, value, span, scope, x);
};

function assignment(
  target: Identifier,
  value: CoreForm,
  span: ListSyntax['span'],
  scope: Scope,
  x: Expander,
): CoreForm {
  const binding = scope.lookup(target);
  const { name } = target.symbol;
  switch (binding?.kind) {
    case 'local':
      binding.variable.assigned = true;
      return { kind: 'set-local', variable: binding.variable, value, span };
    case 'global':
      if (binding.imported) fail(`Cannot assign to immutable import: ${name}`, target.span, 'SetOnImported');
      return { kind: 'set-global', cell: binding.cell, value, span };
    case 'builtin':
      return fail(`Cannot assign to immutable variable: ${name}`, target.span, 'ImmutableAssignment');
    case 'special':
      if (binding.procedure === null) return x.undefinedSymbol(target, scope);
      return fail(`Cannot assign to immutable variable: ${name}`, target.span, 'ImmutableAssignment');
    case 'macro':
    case undefined:
      return x.undefinedSymbol(target, scope);
  }
}

/** Only reached where a definition may not stand: bodies and modules handle theirs. */
const misplacedDefinition: Handler = ({ items }, scope, x) =>
  x.undefinedSymbol(items[0] as Identifier, scope, 'definitions belong at the top of a module or in a body');

/** Only reached as an operand or the like, where nothing could use the macro; its errors are reported all the same. */
const loneDefineSyntax: Handler = ({ items, span }, scope, x) => {
  if (items.length !== 3) fail('define-syntax expects (define-syntax name (syntax-rules ...))', span);
  const [, name, transformer] = items;
  if (name.kind !== 'identifier') fail('define-syntax: name must be a symbol', name.span);
  makeMacro(name.symbol.name, transformer, scope, x);
  return nil(span);
};

const misplacedModuleForm: Handler = ({ items, span }) =>
  fail(`${(items[0] as Identifier).symbol.name}: only allowed at the top of a program or module`, span);

const outsideQuasiquote: Handler = ({ items, span }) =>
  fail(`${(items[0] as Identifier).symbol.name} outside quasiquote`, span);

const expandCondExpand: Handler = (form, scope, x) =>
  expandSequence(chosenForms(form, x.libraryExists), scope, form.span, x);

const expandInclude =
  (kind: string): Handler =>
  (form, scope, x) =>
    expandSequence(x.included(form, kind), scope, form.span, x);

/** `(syntax-error "message" form …)`: R7RS 4.3.3. */
const expandSyntaxError: Handler = ({ items, span }, _scope, x) => {
  const [, message, ...irritants] = items;
  if (message?.kind !== 'atom' || typeof message.value !== 'string') {
    fail('syntax-error expects (syntax-error message form ...)', span);
  }
  const text = [message.value, ...irritants.map((irritant) => writeText(syntaxToDatum(irritant)))].join(' ');
  x.report(new SyntaxProblem(text, span, 'InvalidSyntax'));
  return nil(span);
};

const listShape = (name: string) => `${name}: invalid syntax; proper list required`;

export const BASIC_FORMS: SpecialFormTable = {
  quote: { expand: expandQuote, shape: listShape('quote') },
  if: { expand: expandIf, shape: IF },
  begin: { expand: expandBegin, shape: listShape('begin') },
  progn: { expand: expandBegin, shape: listShape('progn') },
  lambda: { expand: expandLambda, shape: LAMBDA },
  'set!': { expand: expandSet, shape: SET },
  define: { expand: misplacedDefinition, shape: 'define expects a name and a value' },
  def: { expand: misplacedDefinition, shape: 'def expects at least a name' },
  defun: {
    expand: misplacedDefinition,
    shape: 'defun: invalid syntax; expected (defun name (args...) body...)',
  },
  'define-values': { expand: misplacedDefinition, shape: 'define-values expects (define-values formals expr)' },
  'define-record-type': {
    expand: misplacedDefinition,
    shape: 'define-record-type: expected at least type-name, constructor, and predicate',
  },
  'define-syntax': {
    expand: loneDefineSyntax,
    shape: 'define-syntax expects (define-syntax name (syntax-rules ...))',
  },
  module: { expand: misplacedModuleForm, shape: 'module expects (module name forms...)' },
  import: { expand: misplacedModuleForm, shape: listShape('import') },
  export: { expand: misplacedModuleForm, shape: listShape('export') },
  unquote: { expand: outsideQuasiquote, shape: 'unquote outside quasiquote' },
  'unquote-splicing': { expand: outsideQuasiquote, shape: 'unquote-splicing outside quasiquote' },
  'cond-expand': { expand: expandCondExpand, shape: listShape('cond-expand') },
  include: { expand: expandInclude('include'), shape: listShape('include') },
  'include-ci': { expand: expandInclude('include-ci'), shape: listShape('include-ci') },
  'syntax-error': { expand: expandSyntaxError, shape: listShape('syntax-error') },
};
