// Errors of calling: wrong argument counts, things that are no procedures.
//
// A builtin that calls a procedure it was given (`map`, `for-each` …) words them differently (language §10.1).

import { Closure, Primitive } from '../bytecode/procedures.ts';
import { arityError, type EtaError, typeError } from '../values/errors.ts';
import { Flonum, type Value } from '../values/types.ts';
import { Continuation, ControlPrimitive } from './continuation.ts';

/**
 * Procedures of the kernel whose calls read like a program's own: what they belong to are special forms in the
 * language. A winder's thunk is called by `dynamic-wind` itself, or on the way to a continuation or handler.
 */
const PLAIN_CALLERS = new Set([
  'dynamic-wind',
  '%r7rs-dynamic-wind',
  '%leave-winders',
  'enter-from',
  'call-with-values',
  'with-exception-handler',
  '%call-handler',
]);

export const callsBack = (caller: Closure): boolean => caller.code.isBuiltin && !PLAIN_CALLERS.has(caller.code.name);

/** Whether the value is a procedure that takes so many arguments. */
export function isCallable(callee: Value, n: number): boolean {
  if (callee instanceof Closure) return n === callee.code.required || (callee.code.rest && n > callee.code.required);
  if (callee instanceof Primitive) return callee.accepts(n);
  if (callee instanceof Continuation) return n === 1 || takesValues(callee);
  if (callee instanceof ControlPrimitive) return n === callee.required || (callee.rest && n > callee.required);
  return false;
}

/** Whether a continuation's consumer is `call-with-values`, the one that takes several values. */
function takesValues({ segment }: Continuation): boolean {
  if (segment === null) return false;
  const { code } = segment.closures[segment.count - 1];
  return code.isBuiltin && code.name === 'call-with-values';
}

const count = (required: number, rest: boolean): string => (rest ? `at least ${required}` : `${required}`);

/** The error of calling `callee` with `n` arguments from `caller`; the caller of this has found that it does not fit. */
export function callError(caller: Closure, callee: Value, n: number): EtaError {
  const error = wrongCall(caller, callee, n);
  error.culprit = callee;
  return error;
}

function wrongCall(caller: Closure, callee: Value, n: number): EtaError {
  const isCallback = callsBack(caller);
  if (callee instanceof Closure) {
    const { required, rest, isBuiltin } = callee.code;
    if (isCallback) return arityError(`call_value: expected ${count(required, rest)} argument(s), got ${n}`);
    if (isBuiltin) return arityError(`Primitive expects ${count(required, rest)} argument(s), got ${n}`);
    return arityError(`Wrong number of arguments: expected ${count(required, rest)}, got ${n}`);
  }
  if (callee instanceof Primitive || callee instanceof ControlPrimitive) {
    if (callee.doc.isEtaCode && !isCallback) {
      return arityError(`Wrong number of arguments: expected ${callee.required}, got ${n}`);
    }
    const wanted = `${count(callee.required, callee.rest)} argument(s), got ${n}`;
    return arityError(isCallback ? `call_value: expected ${wanted}` : `Primitive expects ${wanted}`);
  }
  if (callee instanceof Continuation) return arityError('Continuation expects 1 argument');
  if (isCallback) return typeError('call_value: argument is not a procedure');
  const isFlonum = callee instanceof Flonum || (typeof callee === 'number' && !Number.isInteger(callee));
  return typeError(isFlonum && !Number.isNaN(callee) ? 'Callee is not boxed' : 'Callee is not a function');
}

/** The error of `apply` with a last argument that is no proper list. */
export const badLastArgument = (last: Value): EtaError => typeError('apply: last argument must be a proper list', last);
