// Environments: R7RS's first-class scopes, what `eval` is given besides an expression.
//
// An environment is a module scope that is not a module's: forms are expanded in it one at a time, as module-level forms,
// and may define and import. What it does not import does not exist there, builtins included.
//
// Importing can load a module, which runs it, so that is a nested run of the machine; evaluation is not nested.
// Source: R7RS 6.12.

import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileError } from '../builtins/files.ts';
import { type BuiltinTable, parseUsage } from '../bytecode/builtin-table.ts';
import type { BuiltinDoc } from '../bytecode/procedures.ts';
import { Closure } from '../bytecode/procedures.ts';
import { compile } from '../compiler/compile.ts';
import { syntaxOfEval, withinDatum } from '../compiler/eval-positions.ts';
import { expandModule } from '../compiler/expand.ts';
import { ModuleScope, Scope } from '../compiler/scope.ts';
import { keyword } from '../modules/libraries.ts';
import type { Loader } from '../modules/loader.ts';
import { SCHEME_LIBRARIES } from '../modules/scheme-libraries.ts';
import { AtomSyntax, datumToSyntax, decodeSource, Identifier, readProgram, type Syntax } from '../reader/index.ts';
import type { ListSyntax } from '../reader/syntax.ts';
import { CompileFailure, type Diagnostic } from '../values/diagnostic.ts';
import { typeError } from '../values/errors.ts';
import { flushAllPorts } from '../values/ports.ts';
import { NO_SOURCE, NO_SPAN, Source } from '../values/span.ts';
import { HeapObject, intern, listFrom, NIL, Pair, Sym, type Value } from '../values/types.ts';
import { ControlPrimitive, type ControlResult } from '../vm/continuation.ts';
import type { Machine } from '../vm/machine.ts';
import { compileError } from './compilation.ts';

const spec = 'R7RS 6.12';

class Environment extends HeapObject {
  readonly kind = 'Environment';
  readonly scope = new ModuleScope('environment', new Scope(null), true);
  override printed(): string {
    return '#<environment>';
  }
}

/** A form of a file that is loaded, which knows its place there. */
class FormObject extends HeapObject {
  readonly kind = 'Form';
  constructor(readonly syntax: Syntax) {
    super();
  }
}

export function defineEnvironments(table: BuiltinTable, loader: () => Loader): void {
  const control = (usage: string, doc: BuiltinDoc, run: (vm: Machine, args: readonly Value[]) => ControlResult) => {
    const { name, required, rest } = parseUsage(usage);
    table.add({ name, usage, doc, value: new ControlPrimitive(name, usage, required, rest, run, doc) });
  };
  const makeEnvironment = (vm: Machine, sets: readonly Syntax[]): ControlResult =>
    vm.nested(() => {
      const environment = new Environment();
      reporting(() => loader().importInto(environment.scope, sets));
      return environment;
    });

  control(
    '(environment set …)',
    {
      doc: 'An environment that has what the import sets, given as lists, import.',
      errors: 'a set is no import set, or cannot be met: runtime.user-error',
      spec,
    },
    (vm, sets) =>
      makeEnvironment(
        vm,
        sets.map((set) => datumToSyntax(set, NO_SPAN)),
      ),
  );

  let interaction: Value | null = null;
  control(
    '(interaction-environment)',
    { doc: 'The environment that has all of R7RS, and keeps what is defined in it.', spec },
    (vm) => {
      interaction ??= new Environment();
      const { scope } = interaction as Environment;
      const isNew = scope.entries().next().done === true;
      const sets = [...SCHEME_LIBRARIES.keys()].map((name) => new Identifier(intern(name), NO_SPAN));
      if (isNew) reporting(() => loader().importInto(scope, sets));
      return vm.tail(table.get('values')!.value, [interaction]);
    },
  );
  for (const name of ['scheme-report-environment', 'null-environment']) {
    control(
      `(${name} version)`,
      { doc: 'The environment that has all of R5RS.', errors: 'version is not 5', spec: 'R5RS 6.5' },
      (vm, [version]) => {
        if (version !== 5) throw typeError(`${name}: version must be 5`, version);
        return makeEnvironment(vm, [new Identifier(intern('scheme.r5rs'), NO_SPAN)]);
      },
    );
  }

  control(
    '(%r7rs-eval expr [environment])',
    {
      doc: 'Evaluate an expression or definition in an environment.',
      errors: 'environment is not one; the expression does not compile: runtime.user-error',
      spec,
    },
    (vm, [expression, environment]) => {
      if (environment === undefined) return vm.tail(table.get('eval')!.value, [expression]);
      if (!(environment instanceof Environment)) throw typeError('eval: not an environment', environment);
      const syntax = syntaxOf(expression);
      const { scope } = environment;
      if (keyword(syntax) === 'import' && scope.own(intern('import')) === undefined) {
        return vm.nested(() => {
          reporting(() => loader().importInto(scope, (syntax as ListSyntax).items.slice(1)));
          return NIL;
        });
      }
      const { source } = syntax.span;
      const options = { builtins: table, source: source.path === null ? NO_SOURCE : source, isBuiltin: false };
      return vm.tail(new Closure(compile(expandIn(scope, syntax, loader(), expression), options).code), []);
    },
  );

  table.define(
    '(%read-program file)',
    {
      doc: 'The forms of a file, for load.',
      errors: 'the file cannot be read; it is not well-formed',
      spec: 'R7RS 6.14',
    },
    (file: Value) => readForms(String(file)),
  );
}

function syntaxOf(expression: Value): Syntax {
  if (expression instanceof FormObject) return expression.syntax;
  const isCode = expression instanceof Sym || expression instanceof Pair;
  return isCode ? syntaxOfEval(expression) : new AtomSyntax(expression, NO_SPAN);
}

function expandIn(scope: ModuleScope, syntax: Syntax, loader: Loader, datum: Value) {
  const diagnostics: Diagnostic[] = [];
  const form = expandModule(scope, [syntax], { diagnostics, libraryExists: loader.canImport });
  throwErrors(diagnostics, datum instanceof FormObject ? undefined : datum);
  return form;
}

/** @param datum  what the diagnostics are about, where that is no text */
function throwErrors(diagnostics: readonly Diagnostic[], datum?: Value): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw compileError(errors, datum === undefined ? errors : withinDatum(errors, datum));
}

/** What does not compile is an error of the program that asked for it. */
function reporting(action: () => void): void {
  try {
    action();
  } catch (thrown) {
    if (!(thrown instanceof CompileFailure)) throw thrown;
    throwErrors(thrown.diagnostics);
  }
}

function readForms(file: string): Value {
  let text: string;
  flushAllPorts();
  try {
    text = decodeSource(readFileSync(file));
  } catch (error) {
    throw fileError('load: could not open file', file, error);
  }
  const { forms, diagnostics } = readProgram(new Source(basename(file), resolve(file), text));
  throwErrors(diagnostics);
  return listFrom(forms.map((form) => new FormObject(form)));
}
