// Lints: what is most likely wrong in a module that compiles. Each is a warning with a code that a comment can silence:
//
//   ;; eta-ignore: unused-variable
//   (let ((spare 1)) …)
//
// A lint speaks up only where it is sure: names that macros or `eval` may use count as used. Source: tools §16.2.

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { Closure, Primitive } from '../bytecode/procedures.ts';
import type { CoreForm, LambdaForm, Variable } from '../compiler/core-forms.ts';
import { type Binding, GlobalBinding, type MacroBinding, type ModuleScope } from '../compiler/scope.ts';
import { didYouMean } from '../compiler/suggestions.ts';
import { importedNames } from '../modules/linker.ts';
import type { Module, ModuleDraft } from '../modules/module.ts';
import type { Syntax } from '../reader/syntax.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import type { Span } from '../values/span.ts';
import { type Cell, intern } from '../values/types.ts';
import { type CallForm, Usage } from './usage.ts';

/** What each lint finds. */
export const LINTS = {
  'unused-variable': 'a local variable that nobody reads, and whose name does not begin with _',
  'unused-definition': 'a definition that the module neither uses nor exports',
  'unused-import': 'an imported module, or a name after only, that nobody uses',
  'shadowed-builtin': 'a definition that takes the name of a builtin',
  'wrong-arity': 'a call of a known procedure with too few or too many arguments',
  'unknown-tag': 'a catch of a runtime. tag that no error has',
} as const;

export type LintCode = keyof typeof LINTS;

/** Every tag that an error of the runtime can have or answer to (language §12, builtins §1.2, README B2). */
const RUNTIME_TAGS = [
  'error',
  'type-error',
  'invalid-arity',
  'user-error',
  'internal-error',
  'unbound',
  'undefined-global',
  'div-by-zero',
  'index-out-of-range',
  'file-error',
  'read-error',
  'json-error',
  'regex-error',
  'heap-error',
  'intern-error',
  'nanbox-error',
  'sandbox-violation',
].map((name) => `runtime.${name}`);

export interface LintContext {
  readonly draft: ModuleDraft;
  readonly scope: ModuleScope;
  readonly usedMacros: ReadonlySet<MacroBinding>;
  readonly builtins: BuiltinTable;
  lookup(module: string): Module | undefined;
}

/** The findings about a module, in no particular order. */
export function lintModule(form: LambdaForm, context: LintContext): Diagnostic[] {
  const usage = new Usage(form);
  return [
    ...unusedVariables(usage),
    ...unusedDefinitions(usage, context),
    ...unusedImports(usage, context),
    ...shadowedBuiltins(context),
    ...wrongArities(usage, context),
    ...unknownTags(usage),
  ];
}

function warning(code: LintCode, message: string, span: Span, hint?: string): Diagnostic {
  return { severity: 'warning', phase: 'semantic', code, message: `${message} (${code})`, span, hint };
}

function unusedVariables({ bound, variables, hasEval }: Usage): Diagnostic[] {
  if (hasEval) return [];
  return bound.flatMap(({ variable: { name, span }, variable }) => {
    if (span === null || variables.has(variable) || name.startsWith('_')) return [];
    const hint = 'a name that begins with _ says that this is on purpose';
    return [warning('unused-variable', `unused variable: ${name}`, span, hint)];
  });
}

function unusedDefinitions(usage: Usage, { draft, scope }: LintContext): Diagnostic[] {
  if (usage.hasEval) return [];
  const exported = new Set(draft.exports.map(({ internal }) => internal));
  const quiet = quietWords(draft.body);
  return [...scope.definitions.values()].flatMap((cell) => {
    const { name, span } = cell;
    const isUsed = usage.cells.has(cell) || exported.has(name) || quiet.has(name) || name === 'main';
    return isUsed || span === null || name.startsWith('_')
      ? []
      : [warning('unused-definition', `unused definition: ${name}`, span)];
  });
}

function unusedImports(usage: Usage, { draft, usedMacros, lookup, scope }: LintContext): Diagnostic[] {
  if (usage.hasEval) return [];
  const exported = new Set(draft.exports.map(({ internal }) => internal));
  const quiet = quietWords(draft.body);
  const isUsed = (name: string, binding: Binding): boolean => {
    if (exported.has(name) || quiet.has(name)) return true;
    if (binding instanceof GlobalBinding) return usage.cells.has(binding.cell);
    // A builtin under its own name needs no import, but an R7RS program has to write one.
    return binding.kind === 'macro' ? usedMacros.has(binding) : true;
  };
  return draft.imports.flatMap((clause) => {
    const names = importedNames(
      clause,
      lookup,
      () => '',
      () => {},
    );
    const unused = [...names].filter(
      ([name, binding]) => scope.own(intern(name)) === binding && !isUsed(name, binding),
    );
    if (names.size > 0 && unused.length === names.size) {
      return [warning('unused-import', `unused import: ${clause.module}`, clause.span)];
    }
    const isList = clause.filters.some(({ kind }) => kind === 'only');
    return isList ? unused.map(([name]) => warning('unused-import', `unused import: ${name}`, clause.span)) : [];
  });
}

/** Definitions of the module only: a parameter called `list` hurts nobody. What is exported is meant to be so. */
function shadowedBuiltins({ draft, scope, builtins }: LintContext): Diagnostic[] {
  const exported = new Set(draft.exports.map(({ internal }) => internal));
  return [...scope.definitions.values()].flatMap(({ name, span }) =>
    span === null || exported.has(name) || builtins.get(name) === undefined
      ? []
      : [warning('shadowed-builtin', `${name} takes the name of a builtin`, span)],
  );
}

interface Arity {
  readonly signature: string;
  readonly required: number;
  readonly rest: boolean;
}

function wrongArities(usage: Usage, context: LintContext): Diagnostic[] {
  const functions = new Map<Variable, CoreForm>(usage.bound.map(({ variable, init }) => [variable, init]));
  return usage.calls.flatMap((call) => {
    const arity = arityOf(call, functions, usage, context);
    if (arity === null) return [];
    const given = call.args.length;
    if (given === arity.required || (arity.rest && given > arity.required)) return [];
    const expected = `${arity.rest ? 'at least ' : ''}${arity.required}`;
    const message = `${arity.signature.slice(1).split(/[ )]/)[0]} takes ${expected}, but is given ${given}`;
    return [warning('wrong-arity', message, call.span, `its signature is ${arity.signature}`)];
  });
}

/** What is known of a call's operator; null if it may be anything. */
function arityOf(
  { operator }: CallForm,
  functions: ReadonlyMap<Variable, CoreForm>,
  usage: Usage,
  { builtins }: LintContext,
): Arity | null {
  switch (operator.kind) {
    case 'builtin':
      return arityOfValue(builtins.get(operator.name)?.value, builtins.get(operator.name)?.usage);
    case 'local': {
      const init = operator.variable.assigned ? undefined : functions.get(operator.variable);
      return init?.kind === 'lambda' ? arityOfLambda(init, operator.variable.name) : null;
    }
    case 'global':
      return arityOfCell(operator.cell, usage);
    case 'lambda':
      return arityOfLambda(operator, 'lambda');
    default:
      return null;
  }
}

/** A procedure of the module is known if it is defined once and never assigned, one of the library by its value. */
function arityOfCell(cell: Cell, { definitions, assignedCells }: Usage): Arity | null {
  if (!definitions.has(cell)) return arityOfValue(cell.value, undefined, cell.name);
  const defined = definitions.get(cell);
  return defined?.kind === 'lambda' && !assignedCells.has(cell) ? arityOfLambda(defined, cell.name) : null;
}

function arityOfLambda({ params, rest }: LambdaForm, name: string): Arity {
  const words = [name, ...params.map((param) => param.name)].join(' ');
  const signature = rest === null ? `(${words})` : `(${words} . ${rest.name})`;
  return { signature, required: params.length, rest: rest !== null };
}

function arityOfValue(value: unknown, usage: string | undefined, name = ''): Arity | null {
  if (value instanceof Primitive) {
    return { signature: usage ?? value.usage, required: value.required, rest: value.rest };
  }
  if (!(value instanceof Closure)) return null;
  const { required, rest, localNames } = value.code;
  const parameters = localNames.slice(0, required);
  const words = [name, ...parameters, ...(rest ? ['.', localNames[required]] : [])].join(' ');
  return { signature: usage ?? `(${words})`, required, rest };
}

function unknownTags({ catches }: Usage): Diagnostic[] {
  return catches.flatMap(({ tag, span }) => {
    if (tag === null || !tag.name.startsWith('runtime.') || RUNTIME_TAGS.includes(tag.name)) return [];
    const hint = didYouMean(tag.name, RUNTIME_TAGS);
    return [warning('unknown-tag', `no error has the tag ${tag.name}`, span, hint)];
  });
}

/** Forms whose words count as used: a template may refer to anything, and of a record not every accessor is needed. */
const QUIET_FORMS = new Set(['define-syntax', 'let-syntax', 'letrec-syntax', 'define-record-type']);

/** Every word inside of such forms. */
function quietWords(body: readonly Syntax[]): ReadonlySet<string> {
  const words = new Set<string>();
  const pending = body.map((syntax) => ({ syntax, inQuiet: false }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { syntax, inQuiet } = next;
    if (syntax.kind === 'identifier') {
      if (inQuiet) words.add(syntax.symbol.name);
    } else if (syntax.kind !== 'atom') {
      const [head] = syntax.items;
      const isQuiet = inQuiet || (head?.kind === 'identifier' && QUIET_FORMS.has(head.symbol.name));
      const parts = syntax.kind === 'list' && syntax.tail !== null ? [...syntax.items, syntax.tail] : syntax.items;
      for (const part of parts) pending.push({ syntax: part, inQuiet: isQuiet });
    }
  }
  return words;
}
