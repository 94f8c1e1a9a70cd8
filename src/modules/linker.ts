// The linker: gives a module's scope its imports, and finds out what the module exports.
//
//   bindImports      before expansion: filters each clause's exports and binds the rest in the scope
//   checkConflicts   after expansion: a definition must not take the name of an import
//   resolveExports   after expansion: every exported name must mean something
//
// An import binds the exporter's own cell or macro, so that importers see later assignments, and importing one thing
// twice under one name is recognised by identity. Source: language §14.1, §14.2, §14.4.

import { type Binding, BuiltinBinding, GlobalBinding, MacroBinding, type ModuleScope } from '../compiler/scope.ts';
import { didYouMean } from '../compiler/suggestions.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import type { Span } from '../values/span.ts';
import { intern } from '../values/types.ts';
import type { ImportClause, ImportFilter, Report } from './import-clauses.ts';
import type { Module, ModuleDraft } from './module.ts';

export interface Import {
  readonly binding: Binding;
  readonly clause: ImportClause;
  /** Nobody wrote it: it gives way to everything that somebody did write. */
  readonly isImplicit: boolean;
}

/** The imports of one module by local name. */
export type Imports = ReadonlyMap<string, Import>;

/**
 * Bind a module's imports in its scope.
 *
 * @param lookup  the module of a name; a module that is not known is reported with the hint that `unknownHint` gives
 */
export function bindImports(
  draft: ModuleDraft,
  scope: ModuleScope,
  lookup: (name: string) => Module | undefined,
  unknownHint: (name: string) => string,
  report: Report,
): Imports {
  const imports = new Map<string, Import>();
  for (const clause of draft.imports) {
    const names = importedNames(clause, lookup, unknownHint, report);
    for (const [name, binding] of names) {
      const other = imports.get(name);
      if (other !== undefined && !sameBinding(other.binding, binding)) {
        report(conflictingImports(name, other, { binding, clause, isImplicit: false }));
      } else if (other === undefined) imports.set(name, { binding, clause, isImplicit: false });
    }
  }
  for (const clause of draft.implicitImports) {
    for (const [name, binding] of importedNames(clause, lookup, unknownHint, report)) {
      if (!imports.has(name)) imports.set(name, { binding, clause, isImplicit: true });
    }
  }
  for (const [name, { binding }] of imports) scope.bind(intern(name), binding);
  return imports;
}

/** Report each import whose name the module has defined for itself, unless definitions win there. */
export function checkConflicts(draft: ModuleDraft, scope: ModuleScope, imports: Imports, report: Report): void {
  if (scope.definitionsWin) return;
  for (const [name, { binding, clause }] of imports) {
    if (scope.own(intern(name)) === binding) continue;
    const defined = scope.definitions.get(intern(name))?.span;
    report({
      ...linkError(
        'UnresolvedImport',
        `imported name '${name}' conflicts with local define in module '${draft.name}'`,
        clause.span,
      ),
      related: defined ? [{ span: defined, label: 'defined here' }] : [],
      hint: `leave it out with (except ${clause.module} ${name}), or rename the definition`,
    });
  }
}

/** What a module exports, by external name. */
export function resolveExports(draft: ModuleDraft, scope: ModuleScope, report: Report): Map<string, Binding> {
  const exports = new Map<string, Binding>();
  for (const { internal, external, span } of draft.exports) {
    const binding = scope.own(intern(internal));
    if (binding !== undefined) {
      exports.set(external, asImported(binding));
      continue;
    }
    const known = [...scope.definitions.values()].map((cell) => cell.name);
    report({
      ...linkError('ExportOfUnknownName', `export of unknown name '${internal}' in module ${draft.name}`, draft.span),
      related: [{ span, label: 'exported here' }],
      hint: didYouMean(internal, known),
    });
  }
  return exports;
}

/** An importer may not assign what it imports. */
function asImported(binding: Binding): Binding {
  return binding instanceof GlobalBinding && !binding.imported ? new GlobalBinding(binding.cell, true) : binding;
}

export function linkError(code: string, message: string, span: Span): Diagnostic {
  return { severity: 'error', phase: 'linker', code, message, span };
}

/** The names that a clause imports; nothing, after a report, where the clause cannot be met. */
export function importedNames(
  clause: ImportClause,
  lookup: (name: string) => Module | undefined,
  unknownHint: (name: string) => string,
  report: Report,
): ReadonlyMap<string, Binding> {
  const module = lookup(clause.module);
  if (module === undefined) {
    report({
      ...linkError('ModuleNotFound', `unknown module in import: ${clause.module}`, clause.span),
      hint: unknownHint(clause.module),
    });
    return new Map();
  }
  const fail = (code: string, message: string, hint?: string) =>
    report({ ...linkError(code, message, clause.span), hint });
  return clause.filters.reduce((names, filter) => applyFilter(names, filter, module, fail), module.exports);
}

type Fail = (code: string, message: string, hint?: string) => void;

function applyFilter(
  names: ReadonlyMap<string, Binding>,
  filter: ImportFilter,
  module: Module,
  fail: Fail,
): ReadonlyMap<string, Binding> {
  const missing = (name: string) =>
    fail(
      'ImportNotFound',
      `import ${filter.kind}: name '${name}' is not exported by module '${module.name}'`,
      didYouMean(name, names.keys()),
    );
  switch (filter.kind) {
    case 'only': {
      const kept = new Map<string, Binding>();
      for (const name of filter.names) {
        const binding = names.get(name);
        if (binding === undefined && !module.auxiliary?.has(name)) missing(name);
        if (binding !== undefined) kept.set(name, binding);
      }
      return kept;
    }
    case 'except': {
      const left = new Map(names);
      for (const name of filter.names) left.delete(name);
      return left;
    }
    case 'prefix':
      return new Map([...names].map(([name, binding]) => [filter.prefix + name, binding]));
    case 'rename':
      return renamed(names, filter.pairs, missing, fail);
  }
}

/** All renamings happen at once, so that two names can be exchanged. */
function renamed(
  names: ReadonlyMap<string, Binding>,
  pairs: readonly (readonly [string, string])[],
  missing: (name: string) => void,
  fail: Fail,
): ReadonlyMap<string, Binding> {
  const result = new Map(names);
  const moved: [string, Binding][] = [];
  for (const [from, to] of pairs) {
    const binding = names.get(from);
    if (binding === undefined) missing(from);
    else if (!result.delete(from)) fail('ImportNotFound', `rename: name '${from}' is not in the current import set`);
    else moved.push([to, binding]);
  }
  for (const [to, binding] of moved) {
    if (result.has(to)) fail('UnresolvedImport', `rename produces duplicate local name '${to}'`);
    result.set(to, binding);
  }
  return result;
}

/** Whether two imports are one thing. Bindings are made afresh for each export list, cells and macros are not. */
function sameBinding(a: Binding, b: Binding): boolean {
  if (a === b) return true;
  if (a instanceof GlobalBinding && b instanceof GlobalBinding) return a.cell === b.cell;
  return a instanceof BuiltinBinding && b instanceof BuiltinBinding && a.name === b.name;
}

function conflictingImports(name: string, first: Import, second: Import): Diagnostic {
  const modules = `'${originOf(first)}' and '${originOf(second)}'`;
  return {
    ...linkError('UnresolvedImport', `conflicting imports for '${name}' from ${modules}`, second.clause.span),
    related: [{ span: first.clause.span, label: 'first imported here' }],
    hint: `leave one out with (except ${second.clause.module} ${name}), or use (prefix ${second.clause.module} …)`,
  };
}

/** The module that an imported thing was defined in. */
function originOf({ binding, clause }: Import): string {
  if (binding instanceof GlobalBinding) return binding.cell.module;
  return binding instanceof MacroBinding ? binding.scope.module.name : clause.module;
}
