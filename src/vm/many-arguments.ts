// Calling a builtin with a list of arguments, however long.
//
// The host passes arguments on its stack, which holds about 100,000 of them. A builtin that folds its arguments from the
// left takes a longer list some at a time, and some take an array; any other fails where the host has no room.

import type { Primitive } from '../bytecode/procedures.ts';
import { arityError } from '../values/errors.ts';
import type { Value } from '../values/types.ts';

/** So many always fit. */
const FEW = 10_000;

export function applyPrimitive({ name, fn, doc }: Primitive, args: readonly Value[]): Value {
  if (args.length <= FEW) return fn(...args);
  if (doc.ofMany !== undefined) return doc.ofMany(args);
  if (!doc.isLeftFold) return applyMany(name, fn, args);
  let result = fn(...args.slice(0, FEW));
  for (let i = FEW; i < args.length; i += FEW) result = fn(result, ...args.slice(i, i + FEW));
  return result;
}

function applyMany(name: string, fn: Primitive['fn'], args: readonly Value[]): Value {
  try {
    return fn(...args);
  } catch (thrown) {
    const isStackFull = thrown instanceof RangeError && thrown.message.includes('call stack');
    throw isStackFull ? arityError(`${name}: too many arguments for a builtin: ${args.length}`) : thrown;
  }
}
