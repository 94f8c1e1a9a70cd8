// Diagnostics: findings about a text, collected so that one run shows all of them.
//
// Source: tools §1.2, §1.3.

import type { Span } from './span.ts';

export type Severity = 'error' | 'warning' | 'note' | 'hint';
export type Phase = 'lexer' | 'parser' | 'expander' | 'linker' | 'semantic' | 'runtime';

export interface Diagnostic {
  readonly severity: Severity;
  readonly phase: Phase;
  /** The code's name in tools §1.3: `UnterminatedString`, `InvalidSyntax`, `UndefinedName` … */
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  /** Further places, each with a label. */
  readonly related?: readonly { readonly span: Span; readonly label: string }[];
  /** Lines of facts, each with a word of what it is: `note: …`, `usage: …`. */
  readonly notes?: readonly string[];
  /** Advice, printed last. */
  readonly hint?: string;
}

/** Thrown to give up on a text after its diagnostics have been collected. */
export class CompileFailure extends Error {
  override readonly name = 'CompileFailure';
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics[0]?.message ?? 'compilation failed');
  }
}
