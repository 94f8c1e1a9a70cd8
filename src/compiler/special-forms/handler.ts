// What a special form is to the expander.

import type { ListSyntax } from '../../reader/syntax.ts';
import type { CoreForm } from '../core-forms.ts';
import type { Expander } from '../expander.ts';
import type { Scope } from '../scope.ts';

/**
 * Expand a form whose head means this special form. The form is a proper list.
 *
 * @param name  what the value will be bound to, null if nothing is known
 * Throws SyntaxProblem.
 */
export type Handler = (form: ListSyntax, scope: Scope, x: Expander, name: string | null) => CoreForm;

export interface SpecialFormInfo {
  readonly expand: Handler;
  /** What is said of a form that is a dotted list. */
  readonly shape: string;
}

export type SpecialFormTable = Readonly<Record<string, SpecialFormInfo>>;
