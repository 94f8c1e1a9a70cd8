// How the session compiles: modules for the loader, and data for `eval`.

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import type { CodeObject } from '../bytecode/code.ts';
import { Closure } from '../bytecode/procedures.ts';
import { createBuiltinScope } from '../compiler/builtin-scope.ts';
import { compile } from '../compiler/compile.ts';
import type { LambdaForm } from '../compiler/core-forms.ts';
import type { EmitOptions } from '../compiler/emit.ts';
import { withinDatum } from '../compiler/eval-positions.ts';
import { EvalScope } from '../compiler/eval-scope.ts';
import { expandEval, expandModule } from '../compiler/expand.ts';
import type { ExpandOptions } from '../compiler/expander.ts';
import { type MacroBinding, ModuleScope } from '../compiler/scope.ts';
import type { CompileCache } from '../modules/compile-cache.ts';
import type { Report } from '../modules/import-clauses.ts';
import type { LoaderHost } from '../modules/loader.ts';
import type { ModuleDraft } from '../modules/module.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import { type EtaError, userError } from '../values/errors.ts';
import { NO_SOURCE, type Source } from '../values/span.ts';
import type { Value } from '../values/types.ts';
import { withoutKernelOnly } from '../vm/kernel-only.ts';
import { plainText } from './diagnostic-text.ts';

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** Looks at a module without errors that has been expanded, and may have something to say about it. */
export type Inspect = (
  form: LambdaForm,
  draft: ModuleDraft,
  scope: ModuleScope,
  usedMacros: ReadonlySet<MacroBinding>,
) => readonly Diagnostic[];

export interface CompilationOptions {
  readonly inspect?: Inspect;
  /** Gives what is compiled in place of a module. */
  readonly instrument?: (form: LambdaForm, source: Source) => LambdaForm;
  /** Whether calls whose value is known are replaced by it. */
  readonly folds?: boolean;
  /** Whether a compiled file gives way to its source, if that is there. */
  readonly prefersSource?: boolean;
  readonly cache?: CompileCache;
  readonly prepareToRun?: LoaderHost['prepareToRun'];
}

/**
 * What a loader needs: the scope of the builtins there are now, and the compiler.
 *
 * @param isKernel  whether what is compiled are builtins (CodeObject.isBuiltin)
 */
export function createLoaderHost(
  builtins: BuiltinTable,
  isKernel: boolean,
  run: (code: CodeObject) => Value,
  {
    inspect,
    instrument,
    folds = false,
    prefersSource = false,
    cache,
    prepareToRun = () => {},
  }: CompilationOptions = {},
): LoaderHost {
  return {
    builtins,
    prefersSource,
    cache,
    definesKeywords: isKernel,
    builtinScope: createBuiltinScope(isKernel ? builtins.names : withoutKernelOnly(builtins.names)),
    prepareToRun,
    run,
    compile: (draft, scope, { libraryExists, advise, report }) => {
      const { body, source } = draft;
      const diagnostics: Diagnostic[] = [];
      const usedMacros = inspect && new Set<MacroBinding>();
      const form = expandModule(scope, body, { diagnostics, libraryExists, usedMacros, advise });
      diagnostics.forEach(report);
      if (diagnostics.some(isError)) return null;
      if (usedMacros) inspect(form, draft, scope, usedMacros).forEach(report);
      const whole = instrument === undefined ? form : instrument(form, source);
      return compiled(whole, { builtins, source, isBuiltin: isKernel, folds }, report);
    },
  };
}

/**
 * The code of a module. Like the expander, the rest of the compiler descends into the program and can meet the end of
 * the host's stack; there is nothing to save then.
 */
function compiled(form: LambdaForm, options: EmitOptions, report: Report): CodeObject | null {
  try {
    return compile(form, options).code;
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    const { span } = form;
    const code = 'ExpansionDepthExceeded';
    report({ severity: 'error', phase: 'expander', code, message: 'expansion depth exceeded', span });
    return null;
  }
}

/**
 * The error of a program that evaluates what does not compile (language §13).
 *
 * @param places  the same findings, for reports
 */
export function compileError(errors: readonly Diagnostic[], places: readonly Diagnostic[] = errors): EtaError {
  const error = userError(plainText(errors));
  error.diagnostics = places;
  return error;
}

/**
 * What the machine compiles an `eval`'s datum with. A datum that does not compile is a `runtime.user-error` whose
 * message is the diagnostics' text (language §13).
 */
export function createEvalCompiler(builtins: BuiltinTable, advise: ExpandOptions['advise']) {
  // `eval` as a value does not know where it is called: its datum sees the builtins alone.
  const nowhere = (): EvalScope =>
    new EvalScope(new ModuleScope('eval', createBuiltinScope(withoutKernelOnly(builtins.names)), true), []);
  return (datum: Value, from: Value, boxes: readonly Value[]): Closure => {
    const scope = from instanceof EvalScope ? from : nowhere();
    const diagnostics: Diagnostic[] = [];
    const form = expandEval(datum, scope.scope, { diagnostics, advise });
    const errors = diagnostics.filter(isError);
    if (errors.length > 0) throw compileError(errors, withinDatum(errors, datum));
    const { code, free } = compile(form, { builtins, source: NO_SOURCE, isBuiltin: false });
    return Closure.over(
      code,
      free.map((variable) => boxes[scope.variables.indexOf(variable)]),
    );
  };
}
