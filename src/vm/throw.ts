// Raising: what travels from a raise to its handler.
//
// A runtime error is an EtaError with tag, message, span and trace; `catch` receives it as a list (payloadOf), a
// procedure of `with-exception-handler` as an ErrorObject. A value raised by the program is a Raise; it is delivered
// bare. Source: language §12.1–12.2.

import { type ErrorTag, EtaError, type TraceFrame } from '../values/errors.ts';
import { NO_SPAN, type Span } from '../values/span.ts';
import { HeapObject, intern, listFrom, type Value } from '../values/types.ts';
import type { CatchHandler } from './stacks.ts';

/** Thrown for `(raise tag value)`. */
export class Raise {
  span: Span | null = null;
  trace: readonly TraceFrame[] | null = null;
  constructor(
    /** null for a raise without a tag: only a tagless `catch` matches it. */
    readonly tag: string | null,
    readonly value: Value,
  ) {}
}

/** A runtime error as a value, for R7RS handlers: `error-object?` is true of it. */
export class ErrorObject extends HeapObject {
  readonly kind = 'ErrorObject';
  constructor(readonly error: EtaError) {
    super();
  }
  override printed(): string {
    return `#<error ${this.error.message}>`;
  }
}

const RUNTIME_ERROR: ErrorTag = 'runtime.error';

/** Whether a `catch` with this tag takes an error. */
const matches = (error: EtaError, tag: string): boolean =>
  tag === error.tag || tag === RUNTIME_ERROR || error.aliases.includes(tag);

const spanDatum = (span: Span): Value =>
  listFrom([intern('span'), span.source.fileId, span.startLine, span.startColumn, span.endLine, span.endColumn]);

/** `(runtime-error TAG MESSAGE SPAN TRACE [FIELDS])`. */
export function payloadOf(error: EtaError): Value {
  const trace = (error.trace ?? []).map(({ name, span }) => listFrom([intern('frame'), name, spanDatum(span)]));
  const payload: Value[] = [
    intern('runtime-error'),
    intern(error.tag),
    error.message,
    spanDatum(error.span ?? NO_SPAN),
    listFrom(trace),
  ];
  if (error.fields.length > 0)
    payload.push(listFrom(error.fields.map(([key, value]) => listFrom([intern(key), value]))));
  return listFrom(payload);
}

/** Whether a `catch` takes what was thrown. */
export function catches(handler: CatchHandler, cause: EtaError | Raise): boolean {
  if (handler.tag === null) return true;
  if (cause instanceof EtaError) return matches(cause, handler.tag);
  if (cause.value instanceof ErrorObject) return matches(cause.value.error, handler.tag);
  return cause.tag === handler.tag;
}

/** What a `catch` gives for it. */
export function caughtValue(cause: EtaError | Raise): Value {
  if (cause instanceof EtaError) return payloadOf(cause);
  return cause.value instanceof ErrorObject ? payloadOf(cause.value.error) : cause.value;
}

/** What a program's handlers can take; the host's own limits are errors of the program. */
export function asCause(thrown: unknown): EtaError | Raise | null {
  if (thrown instanceof EtaError || thrown instanceof Raise) return thrown;
  if (thrown instanceof RangeError || isTooLong(thrown)) {
    return new EtaError('runtime.heap-error', 'heap error: HeapError::FailedToAllocateMemory');
  }
  return null;
}

/** Node's own error for bytes that make no string, because it would be too long. */
const isTooLong = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_STRING_TOO_LONG';
