// Constant folding: calls of pure builtins whose operands are all known, done by the compiler (tools §6.3, README B12).
//
// The builtin itself computes the value, so that it is the one that the program would have got. A call that would raise stays
// as it is, and raises when it is reached.

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { Primitive } from '../bytecode/procedures.ts';
import { EtaError } from '../values/errors.ts';
import type { Value } from '../values/types.ts';
import type { Ir } from './ir.ts';

/** Builtins whose value is a number or a boolean that hangs on their operands alone. */
const FOLDABLE = new Set(
  '+ - * / quotient remainder modulo abs min max = < > <= >= not zero? positive? negative? even? odd?'.split(' '),
);

/** The value of a call, undefined if it is not known. */
export function foldedCall(name: string, args: readonly Ir[], builtins: BuiltinTable): Value | undefined {
  const builtin = FOLDABLE.has(name) ? builtins.get(name)?.value : undefined;
  if (!(builtin instanceof Primitive) || !builtin.accepts(args.length)) return undefined;
  const values = args.map((arg) => (arg.kind === 'const' ? arg.value : undefined));
  if (values.includes(undefined)) return undefined;
  try {
    return builtin.fn(...values);
  } catch (thrown) {
    if (thrown instanceof EtaError) return undefined;
    throw thrown;
  }
}
