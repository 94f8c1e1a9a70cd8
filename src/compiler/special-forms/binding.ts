// let, named let, let*, letrec, letrec*, do.
//
// Source: language §8; README L1.

import type { Identifier, ListSyntax, Syntax } from '../../reader/syntax.ts';
import type { Span } from '../../values/span.ts';
import { call, conditional, letForm, letrecForm, local, sequence } from '../build.ts';
import { type CoreForm, type LambdaForm, Variable } from '../core-forms.ts';
import { expandBody, expandSequence } from '../expand-body.ts';
import type { Expander } from '../expander.ts';
import { bindVariable, duplicateOf, isR7rs, rejectReserved } from '../keywords.ts';
import { fail } from '../problems.ts';
import { Scope } from '../scope.ts';
import type { Handler, SpecialFormTable } from './handler.ts';

const LET = 'let expects bindings and body';
const LET_STAR = 'let* expects bindings and body';
const LETREC = 'letrec expects bindings and body';
const LETREC_STAR = 'letrec* expects bindings and body';
const DO = 'do expects variable clauses, test clause, and optional body';

interface SyntaxBinding {
  readonly name: Identifier;
  readonly init: Syntax;
}

const expandLet: Handler = (form, scope, x) => {
  const { items, span } = form;
  if (items.length < 3) fail(LET, span);
  if (items[1].kind === 'identifier') return expandNamedLet(form, items[1], scope, x);
  const bindings = distinct(parseBindings(items[1], LET, scope));
  const inits = x.expandValues(bindings, scope);
  const inner = new Scope(scope);
  const bound = bindings.map(({ name }, i) => ({ variable: bindVariable(name, inner), init: inits[i] }));
  return letForm(bound, expandBody(items.slice(2), inner, span, x), span);
};

/** The inits can see the procedure, as the language has it; not so in R7RS. */
function expandNamedLet({ items, span }: ListSyntax, name: Identifier, scope: Scope, x: Expander): CoreForm {
  if (items.length < 4) fail(LET, span);
  rejectReserved(name, scope, 'binding');
  const bindings = distinct(parseBindings(items[2], LET, scope));
  const shadowing = isR7rs(scope) ? null : duplicateOf([name, ...bindings.map((binding) => binding.name)]);
  if (shadowing !== null) {
    const text = `named let parameter shadows function name: ${shadowing.symbol.name}`;
    fail(text, shadowing.span, 'DuplicateIdentifier');
  }
  const outer = new Scope(scope);
  const loop = bindVariable(name, outer);
  const inits = bindings.map((b) => x.expand(b.init, isR7rs(scope) ? scope : outer, b.name.symbol.name));
  const inner = new Scope(outer);
  const params = bindings.map((binding) => bindVariable(binding.name, inner));
  const body = expandBody(items.slice(3), inner, span, x);
  return loopForm(loop, params, body, inits, span);
}

/** `(letrec ((loop (lambda params body))) (loop init …))`. */
function loopForm(
  loop: Variable,
  params: readonly Variable[],
  body: CoreForm,
  inits: readonly CoreForm[],
  span: Span,
): CoreForm {
  const lambda: LambdaForm = { kind: 'lambda', params, rest: null, body, name: loop.name, span };
  return letrecForm([{ variable: loop, init: lambda }], call(local(loop, span), inits, span), span);
}

const expandLetStar: Handler = ({ items, span }, scope, x) => {
  if (items.length < 3) fail(LET_STAR, span);
  let inner = scope;
  const bound = parseBindings(items[1], LET_STAR, scope).map(({ name, init }) => {
    const value = x.expand(init, inner, name.symbol.name);
    inner = new Scope(inner);
    return { variable: bindVariable(name, inner), init: value };
  });
  const body = expandBody(items.slice(2), inner, span, x);
  return bound.reduceRight((form, binding) => letForm([binding], form, span), body);
};

/** letrec has the order of letrec* as well. */
const expandLetrec =
  (shape: string): Handler =>
  ({ items, span }, scope, x) => {
    if (items.length < 3) fail(shape, span);
    const bindings = distinct(parseBindings(items[1], shape, scope));
    const inner = new Scope(scope);
    const variables = bindings.map(({ name }) => bindVariable(name, inner));
    const bound = bindings.map(({ name, init }, i) => ({
      variable: variables[i],
      init: x.expand(init, inner, name.symbol.name),
    }));
    return letrecForm(bound, expandBody(items.slice(2), inner, span, x), span);
  };

function parseBindings(list: Syntax, shape: string, scope: Scope): SyntaxBinding[] {
  if (list.kind !== 'list' || list.tail !== null) fail(shape, list.span);
  return list.items.map((binding) => {
    if (binding.kind !== 'list' || binding.items.length !== 2 || binding.tail !== null) return malformed(binding);
    const [name, init] = binding.items;
    if (name.kind !== 'identifier') return malformed(binding);
    rejectReserved(name, scope, 'binding');
    return { name, init };
  });
}

function malformed(binding: Syntax): never {
  const hint =
    binding.kind === 'list'
      ? 'a binding is a name and one value'
      : 'each binding is in brackets: (let ((name value)) …)';
  return fail('let binding must be (id expr)', binding.span, 'InvalidLetBindings', hint);
}

function distinct(bindings: SyntaxBinding[]): SyntaxBinding[] {
  const duplicate = duplicateOf(bindings.map(({ name }) => name));
  if (duplicate !== null) fail(`duplicate binding: ${duplicate.symbol.name}`, duplicate.span, 'DuplicateIdentifier');
  return bindings;
}

interface DoClause extends SyntaxBinding {
  readonly step: Syntax | null;
}

/** The loop's procedure has no name that a program could use. */
const expandDo: Handler = ({ items, span }, scope, x) => {
  if (items.length < 3) fail(DO, span);
  const [, clauseList, exit, ...commands] = items;
  const clauses = parseDoClauses(clauseList, scope);
  if (exit.kind !== 'list' || exit.tail !== null) fail('do: test clause must be a list', exit.span);
  if (exit.items.length === 0) fail('do: test clause must not be empty', exit.span);
  const inits = clauses.map(({ name, init }) => x.expand(init, scope, name.symbol.name));
  const inner = new Scope(scope);
  const loop = new Variable('do');
  const params = clauses.map(({ name }) => bindVariable(name, inner));
  const test = x.expand(exit.items[0], inner);
  const result = expandSequence(exit.items.slice(1), inner, span, x);
  const body = commands.length === 0 ? [] : [expandSequence(commands, inner, span, x)];
  const steps = clauses.map(({ name, step }) => x.expand(step ?? name, inner));
  const again = sequence([...body, call(local(loop, span), steps, span)], span);
  return loopForm(loop, params, conditional(test, result, again, span), inits, span);
};

function parseDoClauses(list: Syntax, scope: Scope): DoClause[] {
  if (list.kind !== 'list' || list.tail !== null) fail('do: variable clauses must be a list', list.span);
  const clauses = list.items.map((clause) => {
    if (clause.kind !== 'list' || clause.tail !== null) fail('do: variable clause must be a list', clause.span);
    const [name, init, step = null] = clause.items;
    if (clause.items.length < 2 || clause.items.length > 3) {
      fail('do: variable clause must be (var init) or (var init step)', clause.span);
    }
    if (name.kind !== 'identifier') fail('do: variable name must be a symbol', name.span);
    rejectReserved(name, scope, 'do variable');
    return { name, init, step };
  });
  const duplicate = duplicateOf(clauses.map(({ name }) => name));
  if (duplicate !== null) {
    fail(`duplicate do variable: ${duplicate.symbol.name}`, duplicate.span, 'DuplicateIdentifier');
  }
  return clauses;
}

export const BINDING_FORMS: SpecialFormTable = {
  let: { expand: expandLet, shape: LET },
  'let*': { expand: expandLetStar, shape: LET_STAR },
  letrec: { expand: expandLetrec(LETREC), shape: LETREC },
  'letrec*': { expand: expandLetrec(LETREC_STAR), shape: LETREC_STAR },
  do: { expand: expandDo, shape: DO },
};
