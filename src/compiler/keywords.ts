// Words that may not be bound, and words that only mean something inside a form.
//
// Source: language §7.3.

import type { Identifier, Syntax } from '../reader/syntax.ts';
import { Variable } from './core-forms.ts';
import { fail } from './problems.ts';
import { keyOf, LocalVariableBinding, ModuleScope, type Scope, SpecialForm } from './scope.ts';

export const RESERVED: ReadonlySet<string> = new Set(
  (
    'quote if begin lambda define set! let let* letrec cond and or quasiquote unquote unquote-splicing module import ' +
    'export define-syntax prefix call-with-current-continuation call/cc dynamic-wind values call-with-values case do ' +
    'when unless def defun progn define-record-type catch raise logic-var unify deref-lvar trail-mark unwind-trail ' +
    'copy-term'
  ).split(' '),
);

export const RESERVED_HINT = 'the language keeps this word to itself: choose another name';

/** Whether code in this scope is R7RS code, which binds what it likes. */
export function isR7rs(scope: Scope): boolean {
  for (let at: Scope | null = scope; at !== null; at = at.parent) if (at instanceof ModuleScope) return at.isR7rs;
  return false;
}

export const isReserved = ({ symbol }: Identifier, scope: Scope): boolean =>
  RESERVED.has(symbol.name) && !isR7rs(scope);

/** @param context  `parameter`, `binding` … */
export function rejectReserved(identifier: Identifier, scope: Scope, context: string): void {
  if (!isReserved(identifier, scope)) return;
  const { name } = identifier.symbol;
  fail(`reserved keyword as ${context}: ${name}`, identifier.span, 'ReservedKeyword', RESERVED_HINT);
}

/** Bind a local variable in a scope made for it. */
export function bindVariable(identifier: Identifier, scope: Scope): Variable {
  const { symbol, alias, span } = identifier;
  const variable = new Variable(symbol.name, alias === null ? span : null);
  scope.bind(keyOf(identifier), new LocalVariableBinding(variable));
  return variable;
}

/** Whether this is the word `else` or `=>`: unbound, so that a program that binds it can use it as a variable. */
export const isAuxiliary = (syntax: Syntax | undefined, scope: Scope, word: string): boolean =>
  syntax?.kind === 'identifier' && syntax.symbol.name === word && scope.lookup(syntax) === undefined;

/** Whether this is an identifier that means the special form of this name. */
export function isKeyword(syntax: Syntax | undefined, scope: Scope, name: string): boolean {
  if (syntax?.kind !== 'identifier') return false;
  const binding = scope.lookup(syntax);
  return binding instanceof SpecialForm && binding.name === name;
}

/** The first identifier that an earlier one is the same as, or null. */
export function duplicateOf(identifiers: readonly Identifier[]): Identifier | null {
  const seen = new Set<unknown>();
  for (const identifier of identifiers) {
    const key = keyOf(identifier);
    if (seen.has(key)) return identifier;
    seen.add(key);
  }
  return null;
}
