// From a text to the drafts of its modules.
//
// A text holds `(module NAME form …)` and `(define-library NAME …)` forms, and bare forms. All bare forms together are
// one implicit module, named after the file, whose place among the others is that of the last of them. It imports
// std.prelude, unless it imports some `(scheme …)` library: then it is an R7RS program, and has what it asks for.
//
// Source: language §7.1, §14.1, README L6.

import type { LibraryExists } from '../compiler/cond-expand.ts';
import { splitModuleForms } from '../compiler/expand.ts';
import { readProgram } from '../reader/index.ts';
import type { Syntax } from '../reader/syntax.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import { type Source, type Span, spanning } from '../values/span.ts';
import { type ImportClause, parseImportForm, type Report, syntaxError } from './import-clauses.ts';
import { keyword, parseExportForm, readLibrary } from './libraries.ts';
import { linkError } from './linker.ts';
import { isSchemeLibrary, type ModuleDraft } from './module.ts';

export const PRELUDE = 'std.prelude';

/**
 * The modules of a text, in file order.
 *
 * @param implicitName  the name of the module of bare forms
 */
export function readModules(
  source: Source,
  implicitName: string,
  libraryExists: LibraryExists,
  report: Report,
): ModuleDraft[] {
  const { forms, diagnostics } = readProgram(source);
  diagnostics.forEach(report);
  const drafts: ModuleDraft[] = [];
  const bare: Syntax[] = [];
  let barePlace = 0;
  for (const form of forms) {
    const head = keyword(form);
    if (head === 'module' || head === 'define-library') {
      const draft = head === 'module' ? moduleDraft(form, report) : libraryDraft(form, libraryExists, report);
      if (draft !== null) drafts.push(draft);
    } else {
      bare.push(form);
      barePlace = drafts.length;
    }
  }
  if (bare.length > 0) {
    // A module of the file's name keeps it; the bare forms beside it are called like the file too, for traces only.
    const name = drafts.some((draft) => draft.name === implicitName) ? `<${implicitName}>` : implicitName;
    drafts.splice(barePlace, 0, implicitDraft(name, source, bare, report));
  }
  return drafts;
}

/** Report each module whose name is taken: by an earlier one of the text, or by one that is loaded already. */
export function reportDuplicates(
  drafts: readonly ModuleDraft[],
  isLoaded: (name: string) => boolean,
  report: Report,
): void {
  const seen = new Map<string, Span>();
  for (const { name, span } of drafts) {
    const first = seen.get(name);
    if (first !== undefined || isLoaded(name)) {
      report({ ...duplicateModule(name, span), related: first ? [{ span: first, label: 'first defined here' }] : [] });
    } else seen.set(name, span);
  }
}

export const duplicateModule = (name: string, span: Span): Diagnostic =>
  linkError('DuplicateModule', `duplicate module: ${name}`, span);

function moduleDraft(form: Syntax, report: Report): ModuleDraft | null {
  if (form.kind !== 'list') return null;
  const [, name, ...rest] = form.items;
  if (form.tail !== null || name?.kind !== 'identifier') {
    report(syntaxError('module expects (module name forms...)', form.span));
    return null;
  }
  return {
    ...partsOf(rest, report),
    name: name.symbol.name,
    source: form.span.source,
    span: form.span,
    implicitImports: [],
    isImplicit: false,
  };
}

function libraryDraft(form: Syntax, libraryExists: LibraryExists, report: Report): ModuleDraft | null {
  const parts = form.kind === 'list' ? readLibrary(form, libraryExists, report) : null;
  if (parts === null) return null;
  return { ...parts, source: form.span.source, span: form.span, implicitImports: [], isImplicit: false };
}

function implicitDraft(name: string, source: Source, forms: readonly Syntax[], report: Report): ModuleDraft {
  const span = spanning(forms[0].span, forms[forms.length - 1].span);
  const parts = partsOf(forms, report);
  const isR7rsProgram = parts.imports.some(({ module }) => isSchemeLibrary(module));
  const prelude: ImportClause = { module: PRELUDE, filters: [], span };
  return { ...parts, name, source, span, implicitImports: isR7rsProgram ? [] : [prelude], isImplicit: true };
}

function partsOf(forms: readonly Syntax[], report: Report): Pick<ModuleDraft, 'imports' | 'exports' | 'body'> {
  const { imports, exports, body } = splitModuleForms(forms);
  return {
    imports: imports.flatMap((form) => parseImportForm(form, report)),
    exports: exports.flatMap((form) => parseExportForm(form, report)),
    body,
  };
}
