// Expand a text as a module `m`, and look at what comes of it.

import { createBuiltinScope, expandModule, splitModuleForms } from '../../src/compiler/expand.ts';
import { ModuleScope } from '../../src/compiler/scope.ts';
import { readProgram } from '../../src/reader/index.ts';
import type { Diagnostic } from '../../src/values/diagnostic.ts';
import { Source } from '../../src/values/span.ts';
import { coreText } from './core-text.ts';

/** Builtins that the tests' programs use. */
const BUILTINS = (
  '+ - * = < > car cdr cons list append vector vector-ref list->vector eqv? not null? eval apply values call/cc ' +
  'call-with-current-continuation call-with-values dynamic-wind display raise %raise %raise-untagged %guard ' +
  '%with-parameters %make-promise %case-lambda %make-record-type %record-constructor %record-predicate ' +
  '%record-accessor %record-modifier %logic-var %unify %deref-lvar %trail-mark %unwind-trail %copy-term'
).split(' ');

export interface Expanded {
  /** The initialiser's body. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly scope: ModuleScope;
}

export interface Setting {
  readonly isR7rs?: boolean;
  readonly libraries?: readonly string[];
  /** Prepare the scope: bind imports. */
  readonly prepare?: (scope: ModuleScope) => void;
}

export const builtinScope = () => createBuiltinScope(new Set(BUILTINS));

export function expandText(program: string, { isR7rs = false, libraries = [], prepare }: Setting = {}): Expanded {
  const { forms, diagnostics: faults } = readProgram(new Source('t.eta', null, program, 1));
  if (faults.length > 0) throw new Error(faults[0].message);
  const scope = new ModuleScope('m', builtinScope(), true, isR7rs);
  prepare?.(scope);
  const diagnostics: Diagnostic[] = [];
  const options = { diagnostics, libraryExists: (name: string) => libraries.includes(name) };
  const { body } = expandModule(scope, splitModuleForms(forms).body, options);
  return { text: coreText(body), diagnostics, scope };
}

/** The core form of a program without errors. */
export function coreOf(program: string, setting: Setting = {}): string {
  const { text, diagnostics } = expandText(program, setting);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return text;
}

/** `LINE:COLUMN CODE MESSAGE` of each diagnostic. */
export const findingsOf = (program: string, setting: Setting = {}): string[] =>
  expandText(program, setting).diagnostics.map(
    ({ span, code, message }) => `${span.startLine}:${span.startColumn} ${code} ${message}`,
  );
