// Findings of the expander.
//
// A handler that cannot make sense of a form throws a SyntaxProblem; the form's expansion ends there, a harmless
// constant takes its place, and expansion goes on with the next form, so that one run finds all errors (README L14).
// An ExpansionAbort ends the expansion of the whole text: what nests without end would not stop by itself.

import type { Diagnostic, Phase, Severity } from '../values/diagnostic.ts';
import type { Span } from '../values/span.ts';

/** The codes of tools §1.3 that the expander gives. */
export type ExpanderCode =
  | 'InvalidSyntax'
  | 'DuplicateIdentifier'
  | 'InvalidLetBindings'
  | 'ReservedKeyword'
  | 'ArityError'
  | 'ExpansionDepthExceeded'
  | 'UndefinedName'
  | 'InvalidFormShape'
  | 'ImmutableAssignment'
  | 'SetOnImported';

const SEMANTIC: ReadonlySet<ExpanderCode> = new Set([
  'UndefinedName',
  'InvalidFormShape',
  'ImmutableAssignment',
  'SetOnImported',
]);

const phaseOf = (code: ExpanderCode): Phase => (SEMANTIC.has(code) ? 'semantic' : 'expander');

/** Why a form could not be expanded. */
export class SyntaxProblem {
  constructor(
    readonly message: string,
    readonly span: Span,
    readonly code: ExpanderCode,
    readonly hint?: string,
  ) {}
}

/** Why nothing more of this text is expanded. */
export class ExpansionAbort {
  constructor(
    readonly message: string,
    readonly span: Span,
  ) {}
}

export function fail(message: string, span: Span, code: ExpanderCode = 'InvalidSyntax', hint?: string): never {
  throw new SyntaxProblem(message, span, code, hint);
}

export function diagnosticOf(problem: SyntaxProblem, severity: Severity = 'error'): Diagnostic {
  const { message, span, code, hint } = problem;
  const diagnostic = { severity, phase: phaseOf(code), code, message, span };
  return hint === undefined ? diagnostic : { ...diagnostic, hint };
}
