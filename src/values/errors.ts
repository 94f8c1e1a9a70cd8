// Errors: the four kinds and how each travels.
//
//   the program is wrong    EtaError is thrown; `catch` sees its tag; uncaught it becomes a diagnostic
//   the text is wrong       Diagnostics are collected (diagnostic.ts), so that one run shows all of them
//   we are wrong            InvariantError; no Eta handler catches it
//   the host refuses        translated into an EtaError where it enters
//
// Source: language §12.2, builtins §1.2, networking §8.1.

import type { Diagnostic } from './diagnostic.ts';
import type { Span } from './span.ts';
import type { Value } from './types.ts';

/** A tag of an error that the runtime raises: `runtime.type-error`, `nng-error`, `:ad/cross-vm-ref` … */
export type ErrorTag = string;

/** A row of the FIELDS element of an error's payload. */
export type ErrorField = readonly [name: string, value: Value];

/** One activation in an error's trace, innermost first. */
export interface TraceFrame {
  readonly name: string;
  readonly span: Span;
  /** The procedure that is active. */
  readonly procedure?: Value;
}

/** An error of the running program, as `catch` receives it. */
export class EtaError extends Error {
  override readonly name = 'EtaError';
  /** Filled in by the machine where the error passes: the failing call's span, then the callers. */
  span: Span | null = null;
  trace: readonly TraceFrame[] | null = null;
  /** For reports: the value that is wrong, or the procedure that was called wrongly; undefined where there is none. */
  culprit: Value | undefined = undefined;
  /** For reports: with a culprit that is an index, what it has to be less than; else -1. */
  limit = -1;
  /** For reports: what was found in a text or datum that does not compile, of which the message tells. */
  diagnostics: readonly Diagnostic[] = [];
  /** For reports: where in a text that the program reads; the specification fixes the fields of such an error. */
  details: readonly ErrorField[] = [];
  /** For reports: advice; undefined where there is none. */
  hint: string | undefined = undefined;

  constructor(
    readonly tag: ErrorTag,
    /** The specification's exact text; where it is silent, like `car: not a pair`: who, colon, what. */
    message: string,
    readonly fields: readonly ErrorField[] = [],
    /** Further tags that `catch` matches (README B2): `runtime.div-by-zero` … The payload keeps `tag`. */
    readonly aliases: readonly ErrorTag[] = [],
    /** The irritants of `(error message irritant …)`, for R7RS `error-object-irritants`. */
    readonly irritants: readonly Value[] = [],
  ) {
    // The host's stack trace costs microseconds and says nothing about the Eta program.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }
}

/** @param culprit  the value that is wrong, for reports */
export function typeError(message: string, culprit?: Value): EtaError {
  const error = new EtaError('runtime.type-error', message);
  error.culprit = culprit;
  return error;
}
export const arityError = (message: string): EtaError => new EtaError('runtime.invalid-arity', message);
export const userError = (message: string): EtaError => new EtaError('runtime.user-error', message);
export const internalError = (message: string): EtaError => new EtaError('runtime.internal-error', message);

const DIV_BY_ZERO = ['runtime.div-by-zero'] as const;
const OUT_OF_RANGE = ['runtime.index-out-of-range'] as const;
const UNBOUND = ['runtime.unbound'] as const;

/** `WHO: division by zero`. */
export const divisionByZero = (who: string): EtaError =>
  new EtaError('runtime.type-error', `${who}: division by zero`, [], DIV_BY_ZERO);

/**
 * A bad index; `message` is the whole text.
 *
 * @param culprit  the index, and `limit` what it has to be less than, for reports
 */
export function indexError(message: string, culprit?: Value, limit = -1): EtaError {
  const error = new EtaError('runtime.type-error', message, [], OUT_OF_RANGE);
  error.culprit = culprit;
  error.limit = limit;
  return error;
}

/** A variable that is read before its definition has run. */
export const unsetVariable = (name: string): EtaError =>
  new EtaError('runtime.type-error', `variable used before its definition: ${name}`, [], UNBOUND);

/** An error of networking: position 1 of the payload is `nng-error` (README, Networking and actors). */
export const nngError = (message: string, fields: readonly ErrorField[] = []): EtaError =>
  new EtaError('nng-error', message, fields, ['runtime.internal-error']);

/** Thrown through the whole machine by `(exit …)`; the session runs after-thunks and ends. */
export class ExitRequest {
  constructor(
    readonly status: number,
    /** Whether the after-thunks are left out. */
    readonly isEmergency = false,
  ) {}
}

/** A defect of this program: nothing catches it, and it shows the host's stack. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function assert(condition: unknown, whatMustHold: string): asserts condition {
  if (!condition) throw new InvariantError(whatMustHold);
}

export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${String(value)}`);
}
