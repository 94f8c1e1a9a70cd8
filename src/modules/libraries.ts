// `define-library`: R7RS's way to write a module, taken apart into the same parts as an Eta module.
//
//   (define-library (geometry plane)          the module geometry.plane
//     (export area (rename %norm norm))
//     (import (scheme base))
//     (begin …) (include "plane-impl.scm")    the body, in order
//     (cond-expand (full-unicode …) (else …)))
//
// Source: R7RS 4.2.1, 5.6.

import { chosenForms, type LibraryExists, libraryName } from '../compiler/cond-expand.ts';
import { includedForms } from '../compiler/include.ts';
import { diagnosticOf, SyntaxProblem } from '../compiler/problems.ts';
import type { ListSyntax, Syntax } from '../reader/syntax.ts';
import { type ImportClause, parseImportForm, type Report, syntaxError } from './import-clauses.ts';
import type { ExportSpec } from './module.ts';

export interface LibraryParts {
  readonly name: string;
  readonly imports: ImportClause[];
  readonly exports: ExportSpec[];
  readonly body: Syntax[];
}

/** The parts of a `(define-library NAME declaration …)` form, null after a report that its name is no name. */
export function readLibrary(form: ListSyntax, libraryExists: LibraryExists, report: Report): LibraryParts | null {
  const name = form.items.length > 1 && form.tail === null ? libraryName(form.items[1]) : null;
  if (name === null) {
    report(syntaxError('define-library expects (define-library (name ...) declarations...)', form.span));
    return null;
  }
  const parts: LibraryParts = { name, imports: [], exports: [], body: [] };
  declare(form.items.slice(2), parts, libraryExists, report);
  return parts;
}

function declare(forms: readonly Syntax[], parts: LibraryParts, exists: LibraryExists, report: Report): void {
  for (const form of forms) {
    const head = keyword(form);
    const isDotted = form.kind === 'list' && form.tail !== null && head !== 'import' && head !== 'export';
    if (head === null || form.kind !== 'list' || isDotted) {
      report(syntaxError('define-library: invalid declaration', form.span));
      continue;
    }
    const operands = form.items.slice(1);
    if (head === 'begin') for (const form of operands) parts.body.push(form);
    else if (head === 'import') parts.imports.push(...parseImportForm(form, report));
    else if (head === 'export') parts.exports.push(...parseExportForm(form, report));
    else if (head === 'include' || head === 'include-ci') parts.body.push(...includedForms(form, head, report));
    else if (head === 'include-library-declarations') declare(includedForms(form, head, report), parts, exists, report);
    else if (head === 'cond-expand') declare(chosen(form, exists, report), parts, exists, report);
    else report(syntaxError(`define-library: unknown declaration: ${head}`, form.span));
  }
}

/** What an `(export …)` form lists: `id` and `(rename internal external)`. Anything else is reported and left out. */
export function parseExportForm(form: ListSyntax, report: Report): ExportSpec[] {
  if (form.tail !== null) {
    report(syntaxError('export: invalid syntax; proper list required', form.span));
    return [];
  }
  return form.items.slice(1).flatMap((operand) => {
    if (operand.kind === 'identifier') {
      const { name } = operand.symbol;
      return [{ internal: name, external: name, span: operand.span }];
    }
    const renaming = parseRenaming(operand);
    if (renaming !== null) return [renaming];
    // Programs may rely on it that such an operand does no harm (language §14.1).
    report({ ...syntaxError('export: invalid syntax; expected symbol name(s)', operand.span), severity: 'warning' });
    return [];
  });
}

function parseRenaming(operand: Syntax): ExportSpec | null {
  if (keyword(operand) !== 'rename' || operand.kind !== 'list' || operand.items.length !== 3) return null;
  const [, internal, external] = operand.items;
  if (internal.kind !== 'identifier' || external.kind !== 'identifier') return null;
  return { internal: internal.symbol.name, external: external.symbol.name, span: operand.span };
}

function chosen(form: ListSyntax, exists: LibraryExists, report: Report): readonly Syntax[] {
  try {
    return chosenForms(form, exists);
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
    report(diagnosticOf(problem));
    return [];
  }
}

/** The symbol at the head of a list, null for anything else. */
export function keyword(form: Syntax): string | null {
  return form.kind === 'list' && form.items[0]?.kind === 'identifier' ? form.items[0].symbol.name : null;
}
