// `cond-expand`: forms that are chosen by what the implementation offers.
//
// Source: R7RS 4.2.1, 5.6, appendix B.

import type { ListSyntax, Syntax } from '../reader/syntax.ts';
import { fail } from './problems.ts';

export const FEATURES: ReadonlySet<string> = new Set(['r7rs', 'eta', 'full-unicode', process.platform, process.arch]);

/** Whether a library could be imported: `(library (scheme base))`. */
export type LibraryExists = (name: string) => boolean;

/** The forms of the first clause whose requirement holds; none if there is no such clause. Throws SyntaxProblem. */
export function chosenForms(form: ListSyntax, exists: LibraryExists): readonly Syntax[] {
  if (form.tail !== null) fail('cond-expand: invalid syntax; proper list required', form.span);
  for (const clause of form.items.slice(1)) {
    if (clause.kind !== 'list' || clause.tail !== null || clause.items.length === 0) {
      fail('cond-expand: each clause must be (requirement form ...)', clause.span);
    }
    const [requirement, ...forms] = clause.items;
    if (holds(requirement, exists)) return forms;
  }
  return [];
}

function holds(requirement: Syntax, exists: LibraryExists): boolean {
  if (requirement.kind === 'identifier') {
    const { name } = requirement.symbol;
    return name === 'else' || FEATURES.has(name);
  }
  if (requirement.kind === 'list' && requirement.tail === null) {
    const [head, ...operands] = requirement.items;
    const word = head?.kind === 'identifier' ? head.symbol.name : '';
    if (word === 'and') return operands.every((operand) => holds(operand, exists));
    if (word === 'or') return operands.some((operand) => holds(operand, exists));
    if (word === 'not' && operands.length === 1) return !holds(operands[0], exists);
    const library = word === 'library' && operands.length === 1 ? libraryName(operands[0]) : null;
    if (library !== null) return exists(library);
  }
  return fail('cond-expand: invalid feature requirement', requirement.span);
}

/** The module that a library's name stands for: `(srfi 1)` is srfi.1. Null if it is no library name. */
export function libraryName(name: Syntax): string | null {
  if (name.kind === 'identifier') return name.symbol.name;
  if (name.kind !== 'list' || name.tail !== null || name.items.length === 0) return null;
  const parts = name.items.map((part) => {
    if (part.kind === 'identifier') return part.symbol.name;
    return part.kind === 'atom' && typeof part.value === 'number' && part.value >= 0 ? String(part.value) : null;
  });
  return parts.includes(null) ? null : parts.join('.');
}
