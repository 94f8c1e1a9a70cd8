// The compiler's back half in one call: core forms to code.

import { analyse } from './analyse.ts';
import type { LambdaForm } from './core-forms.ts';
import { type EmitOptions, type Emitted, emitFunction } from './emit.ts';
import { liftProcedures } from './lift.ts';
import { cutPieces, type Piece } from './pieces.ts';

/**
 * Compile a parameterless function: a module's initialiser, or an eval's form. Names are resolved already, so nothing
 * in here reports to the user. Free variables (an eval's) become upvalues, in the order of `free`.
 */
export function compile(form: LambdaForm, options: EmitOptions): Emitted {
  try {
    return compilePieces(form, [], options);
  } catch (failure) {
    // Deeper than the host's stack. What the analysis has found out by then about variables stays true.
    if (!(failure instanceof RangeError)) throw failure;
    return compilePieces(form, cutPieces(form), options);
  }
}

function compilePieces(form: LambdaForm, pieces: readonly Piece[], options: EmitOptions): Emitted {
  const { builtins, folds } = options;
  const root = analyse(form, builtins, folds);
  const parts = pieces.map((piece) => ({ piece, ir: analyse(piece.lambda, builtins, folds) }));
  const lifted = new Map([root, ...parts.map(({ ir }) => ir)].flatMap((ir) => [...liftProcedures(ir)]));
  return emitFunction(root, parts, lifted, options);
}
