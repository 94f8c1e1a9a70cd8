// Expansion of whole texts: a module's forms, or the datum of an `eval`.
//
// Source: language §7.1, §13, §14.1; README L6, L8, L14.

import { AtomSyntax, ListSyntax, type Syntax } from '../reader/syntax.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import { NO_SPAN, type Span, spanning } from '../values/span.ts';
import { Pair, Sym, type Value } from '../values/types.ts';
import { constant, nil, sequence } from './build.ts';
import type { CoreForm, LambdaForm } from './core-forms.ts';
import { syntaxOfEval } from './eval-positions.ts';
import { expandBody, expandModuleForms } from './expand-body.ts';
import { Expander, type ExpandOptions } from './expander.ts';
import { ExpansionAbort, SyntaxProblem } from './problems.ts';
import type { ModuleScope, Scope } from './scope.ts';

export { createBuiltinScope } from './builtin-scope.ts';
export type { ExpandOptions } from './expander.ts';

/** The forms of a module, or of a text of bare forms, by what handles them. */
export interface ModuleForms {
  readonly imports: readonly ListSyntax[];
  readonly exports: readonly ListSyntax[];
  /** The rest, in order; a `begin` without its imports and exports. */
  readonly body: readonly Syntax[];
}

/** Pick the `(import …)` and `(export …)` forms out of a module's forms, also from inside `(begin …)`. */
export function splitModuleForms(forms: readonly Syntax[]): ModuleForms {
  const imports: ListSyntax[] = [];
  const exports: ListSyntax[] = [];
  const body: Syntax[] = [];
  for (const form of forms) {
    const head = form.kind === 'list' && form.items[0]?.kind === 'identifier' ? form.items[0].symbol.name : '';
    if (head === 'import') imports.push(form as ListSyntax);
    else if (head === 'export') exports.push(form as ListSyntax);
    else if (head !== 'begin' || !hasDeclarations(form as ListSyntax)) body.push(form);
    else {
      const { items, tail, span } = form as ListSyntax;
      const inner = splitModuleForms(items.slice(1));
      imports.push(...inner.imports);
      exports.push(...inner.exports);
      body.push(new ListSyntax([items[0], ...inner.body], tail, span));
    }
  }
  return { imports, exports, body };
}

/** Whether an import or export is among the forms of a `begin`, however deep. */
function hasDeclarations(form: ListSyntax): boolean {
  const pending: Syntax[] = [...form.items];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const head = next.kind === 'list' && next.items[0]?.kind === 'identifier' ? next.items[0].symbol.name : '';
    if (head === 'import' || head === 'export') return true;
    if (head === 'begin') for (const item of (next as ListSyntax).items) pending.push(item);
  }
  return false;
}

/**
 * Expand a module's forms, imports and exports taken out. The scope has the imports, and gets the definitions.
 * Errors are appended to `options.diagnostics`, in the order of the text; if there are any, the result only serves to
 * go on looking for more.
 *
 * @returns the initialiser: runs the forms in order and gives the value of the last one, () if there is none
 */
export function expandModule(scope: ModuleScope, forms: readonly Syntax[], options: ExpandOptions): LambdaForm {
  const span = forms.length === 0 ? NO_SPAN : spanning(forms[0].span, forms[forms.length - 1].span);
  const body = guarded(options, span, (x) => sequence(expandModuleForms(forms, scope, x), span));
  return { kind: 'lambda', params: [], rest: null, body, name: `${scope.name}_init`, span };
}

/**
 * Expand the datum of an `(eval e)` in the scope of the call. Variables of that scope stay free in the result. A value
 * that is no code (neither symbol nor pair) is the result itself.
 */
export function expandEval(datum: Value, scope: Scope, options: ExpandOptions): LambdaForm {
  const isCode = datum instanceof Sym || datum instanceof Pair;
  const syntax = isCode ? syntaxOfEval(datum) : new AtomSyntax(datum, NO_SPAN);
  const { span } = syntax;
  const body = isCode ? guarded(options, span, (x) => expandBody([syntax], scope, span, x)) : constant(datum, span);
  return { kind: 'lambda', params: [], rest: null, body, name: 'eval', span };
}

/**
 * The one place that catches the host's RangeError: syntax can nest deeper than the host's stack, and there is nothing
 * to save, since the expansion is thrown away and nothing but diagnostics comes of it.
 */
function guarded(options: ExpandOptions, span: Span, expansion: (x: Expander) => CoreForm): CoreForm {
  const x = new Expander(options);
  const before = options.diagnostics.length;
  try {
    const form = expansion(x);
    x.finish();
    return form;
  } catch (failure) {
    if (!(failure instanceof ExpansionAbort || failure instanceof RangeError)) throw failure;
    const { message, span: at } =
      failure instanceof ExpansionAbort ? failure : { message: 'expansion depth exceeded', span: x.at };
    x.report(new SyntaxProblem(message, at, 'ExpansionDepthExceeded'));
    return nil(span);
  } finally {
    x.withdrawConsequences();
    sortFrom(options.diagnostics, before);
  }
}

/** Sort the diagnostics from `start` on by their place in the text, as far as they are of one text. */
function sortFrom(diagnostics: Diagnostic[], start: number): void {
  const found = diagnostics.splice(start);
  const isOneText = found.every(({ span }) => span.source === found[0].span.source);
  if (isOneText) found.sort((a, b) => a.span.startLine - b.span.startLine || a.span.startColumn - b.span.startColumn);
  diagnostics.push(...found);
}
