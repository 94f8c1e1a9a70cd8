// The compiler's back half in one call: core forms to code.

import { analyse } from './analyse.ts';
import type { LambdaForm } from './core-forms.ts';
import { type EmitOptions, type Emitted, emitFunction } from './emit.ts';

/**
 * Compile a parameterless function: a module's initialiser, or an eval's form. Names are resolved already, so nothing
 * in here reports to the user. Free variables (an eval's) become upvalues, in the order of `free`.
 */
export function compile(form: LambdaForm, options: EmitOptions): Emitted {
  return emitFunction(analyse(form, options.builtins), options);
}
