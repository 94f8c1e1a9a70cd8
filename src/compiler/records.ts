// Records: `(define-record-type T (make f …) pred? (f acc [mut!]) …)`.
//
//   type   (%make-record-type 'T '(f …))       one for each time that the form is evaluated
//   make   (%record-constructor type '(i …))   the indices of the fields that the arguments initialise
//   pred?  (%record-predicate type)
//   acc    (%record-accessor type i 'acc)
//   mut!   (%record-modifier type i 'mut!)
//
// Fields are numbered in the constructor's order, then those that the constructor leaves out. R7RS binds T to the
// type; Eta does not, so in Eta code T is only bound where it would mean nothing otherwise.
//
// Source: language §8.3; R7RS 5.5; README "Settled details".

import type { Identifier, ListSyntax, Syntax } from '../reader/syntax.ts';
import type { Span } from '../values/span.ts';
import { listFrom } from '../values/types.ts';
import { callBuiltin, constant, local } from './build.ts';
import { type CoreForm, Variable } from './core-forms.ts';
import type { Definition, ExpandedDefinition, Value } from './definitions.ts';
import { duplicateOf, isReserved, RESERVED_HINT } from './keywords.ts';
import { type ExpanderCode, fail } from './problems.ts';
import { keyOf, type Scope } from './scope.ts';

interface FieldSpec {
  readonly field: Identifier;
  readonly accessor: Identifier;
  readonly mutator: Identifier | null;
}

interface RecordSpec {
  readonly type: Identifier;
  /** Null for `#f`. */
  readonly constructorName: Identifier | null;
  /** Null for a constructor that is only a name: it takes all fields. */
  readonly arguments: readonly Identifier[] | null;
  readonly predicate: Identifier | null;
  readonly specs: readonly FieldSpec[];
}

export function parseRecord(form: ListSyntax, scope: Scope): Definition {
  const { span } = form;
  const spec = parseSpec(form, scope);
  const { type, constructorName, predicate, specs } = spec;
  const names = [
    constructorName,
    predicate,
    ...specs.map(({ accessor }) => accessor),
    ...specs.map(({ mutator }) => mutator),
  ].filter((name) => name !== null);
  return {
    span,
    names,
    optionalName: names.some((name) => keyOf(name) === keyOf(type)) ? null : type,
    expand: (_scope, definesOptional) => expandRecord(spec, span, definesOptional),
  };
}

function expandRecord(spec: RecordSpec, span: Span, definesType: boolean): ExpandedDefinition {
  const { type, constructorName, predicate, specs } = spec;
  const fields = fieldsOf(spec);
  const variable = new Variable(type.symbol.name);
  const make = (builtin: string, ...args: CoreForm[]) => callBuiltin(builtin, [local(variable, span), ...args], span);
  const indexOf = ({ field }: FieldSpec) => fields.findIndex((other) => keyOf(other) === keyOf(field));
  const values: Value[] = [];
  if (definesType) values.push({ name: type, value: local(variable, span) });
  if (constructorName !== null) {
    const indices = (spec.arguments ?? fields).map((_, i) => i);
    values.push({ name: constructorName, value: make('%record-constructor', constant(listFrom(indices), span)) });
  }
  if (predicate !== null) values.push({ name: predicate, value: make('%record-predicate') });
  const access = (builtin: string, name: Identifier, field: FieldSpec) => {
    const value = make(builtin, constant(indexOf(field), span), constant(name.symbol, span));
    values.push({ name, value });
  };
  for (const field of specs) access('%record-accessor', field.accessor, field);
  for (const field of specs) if (field.mutator !== null) access('%record-modifier', field.mutator, field);
  const fieldNames = listFrom(fields.map(({ symbol }) => symbol));
  const init = callBuiltin('%make-record-type', [constant(type.symbol, span), constant(fieldNames, span)], span);
  return { temporary: { variable, init }, values };
}

function fieldsOf({ arguments: initialised, specs }: RecordSpec): readonly Identifier[] {
  const fields = [...(initialised ?? [])];
  const known = new Set(fields.map(keyOf));
  for (const { field } of specs) if (!known.has(keyOf(field))) fields.push(field);
  return fields;
}

function parseSpec(form: ListSyntax, scope: Scope): RecordSpec {
  if (form.tail !== null || form.items.length < 4) {
    complain('expected at least type-name, constructor, and predicate', form.span);
  }
  const [, typeSyntax, constructorSyntax, predicateSyntax, ...specSyntax] = form.items;
  const type = parseName(
    typeSyntax.kind === 'list' ? (typeSyntax.items[0] ?? typeSyntax) : typeSyntax,
    'type name must be a symbol',
    'type name',
    scope,
  );
  const [constructorName, initialised] = parseConstructor(constructorSyntax, scope);
  const predicate = isFalse(predicateSyntax)
    ? null
    : parseName(predicateSyntax, 'predicate must be a symbol', 'predicate name', scope);
  const specs = specSyntax.map((spec) => parseFieldSpec(spec, scope));
  const duplicate = duplicateOf(specs.map(({ field }) => field));
  if (duplicate !== null) complain(`duplicate field spec for: ${duplicate.symbol.name}`, duplicate.span, DUPLICATE);
  return { type, constructorName, arguments: initialised, predicate, specs };
}

const DUPLICATE = 'DuplicateIdentifier';

function parseConstructor(
  syntax: Syntax,
  scope: Scope,
): [constructor: Identifier | null, fields: readonly Identifier[] | null] {
  if (isFalse(syntax)) return [null, []];
  if (syntax.kind === 'identifier') return [parseName(syntax, '', 'constructor name', scope), null];
  if (syntax.kind !== 'list' || syntax.tail !== null) complain('constructor spec must be a list', syntax.span);
  const [nameSyntax, ...fieldSyntax] = syntax.items;
  const name = parseName(nameSyntax ?? syntax, 'constructor name must be a symbol', 'constructor name', scope);
  const fields = fieldSyntax.map((field) =>
    parseName(field, 'constructor field name must be a symbol', 'field name', scope),
  );
  const duplicate = duplicateOf(fields);
  if (duplicate !== null) {
    complain(`duplicate field name in constructor: ${duplicate.symbol.name}`, duplicate.span, DUPLICATE);
  }
  return [name, fields];
}

function parseFieldSpec(syntax: Syntax, scope: Scope): FieldSpec {
  if (syntax.kind !== 'list' || syntax.tail !== null) complain('field spec must be a list', syntax.span);
  const { items } = syntax;
  if (items.length < 2 || items.length > 3) {
    complain('field spec must be (field accessor) or (field accessor mutator)', syntax.span);
  }
  return {
    field: parseName(items[0], 'field name in spec must be a symbol', 'field name', scope),
    accessor: parseName(items[1], 'accessor must be a symbol', 'accessor', scope),
    mutator: items.length < 3 ? null : parseName(items[2], 'mutator must be a symbol', 'mutator', scope),
  };
}

function parseName(syntax: Syntax, complaint: string, role: string, scope: Scope): Identifier {
  if (syntax.kind !== 'identifier') complain(complaint, syntax.span);
  if (isReserved(syntax, scope)) {
    complain(`reserved keyword as ${role}: ${syntax.symbol.name}`, syntax.span, 'ReservedKeyword', RESERVED_HINT);
  }
  return syntax;
}

const isFalse = (syntax: Syntax): boolean => syntax.kind === 'atom' && syntax.value === false;

const complain: (message: string, span: Span, code?: ExpanderCode, hint?: string) => never = (
  message,
  span,
  code,
  hint,
) => fail(`define-record-type: ${message}`, span, code, hint);
