// `main`: which one a started file has, and how it is called (README L15, Settled details); and the function of a file
// that `spawn-thread-with` names (networking §11.2).

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { Closure, Primitive } from '../bytecode/procedures.ts';
import { BuiltinBinding, GlobalBinding } from '../compiler/scope.ts';
import type { LoadedModule } from '../modules/module.ts';
import { arityError, type EtaError, typeError } from '../values/errors.ts';
import type { Span } from '../values/span.ts';
import { intern, listFrom, NIL, UNSET, type Value } from '../values/types.ts';
import { isProcedure } from '../vm/control.ts';

export interface MainCall {
  readonly procedure: Value;
  readonly args: readonly Value[];
}

/**
 * The call of the `main` of a file's modules: that of the module named like the file, else the last one; null if
 * none defines it. One that takes exactly one argument gets the program's arguments as a list.
 */
export function mainCall(
  modules: readonly LoadedModule[],
  fileName: string,
  programArguments: readonly string[],
): MainCall | null {
  const mains = modules.flatMap(({ name, scope }) => {
    const cell = scope.definitions.get(intern('main'));
    const value = cell?.value ?? UNSET;
    return cell === undefined || value === UNSET || value === NIL ? [] : [{ name, value, span: cell.span }];
  });
  const main = mains.find(({ name }) => name === fileName) ?? mains.at(-1);
  if (main === undefined) return null;
  const procedure = main.value;
  if (!isProcedure(procedure))
    throw wrongMain(typeError('call_value: argument is not a procedure', procedure), main.span);
  const required = requiredArguments(procedure);
  if (required === 0) return { procedure, args: [] };
  if (required === 1 && !takesMore(procedure)) return { procedure, args: [listFrom(programArguments)] };
  const least = takesMore(procedure) ? 'at least ' : '';
  throw wrongMain(arityError(`call_value: expected ${least}${required} argument(s), got 0`), main.span);
}

/** @param span  of its definition */
function wrongMain(error: EtaError, span: Span | null): EtaError {
  error.span = span;
  error.hint = 'a started file calls its main: a procedure without parameters, or with one, the list of its arguments';
  return error;
}

function requiredArguments(procedure: Value): number {
  if (procedure instanceof Closure) return procedure.code.required;
  return procedure instanceof Primitive ? procedure.required : 0;
}

function takesMore(procedure: Value): boolean {
  if (procedure instanceof Closure) return procedure.code.rest;
  return procedure instanceof Primitive && procedure.rest;
}

/**
 * What a name means in a file: among the exports of its last module, then the definitions of that module, then those of
 * bare forms. Null if it means nothing there.
 */
export function functionNamed(name: string, modules: readonly LoadedModule[], builtins: BuiltinTable): Value | null {
  const last = modules.at(-1);
  const exported = last?.exports.get(name);
  if (exported instanceof GlobalBinding) return exported.cell.value;
  if (exported instanceof BuiltinBinding) return builtins.get(exported.name)!.value;
  const bare = modules.find(({ isImplicit }) => isImplicit);
  for (const module of [last, bare]) {
    const value = module?.scope.definitions.get(intern(name))?.value ?? UNSET;
    if (value !== UNSET) return value;
  }
  return null;
}
