// Raising: what travels from a raise to its handler.
//
// A runtime error is an EtaError with tag, message, span and trace; `catch` receives it as a list (payloadOf), a
// procedure of `with-exception-handler` as an ErrorObject. A value raised by the program is a Raise; it is delivered
// bare. Source: language §12.1–12.2.

import type { ErrorTag, EtaError, TraceFrame } from '../values/errors.ts';
import { NO_SPAN, type Span } from '../values/span.ts';
import { HeapObject, intern, listFrom, type Value } from '../values/types.ts';

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
export const matches = (error: EtaError, tag: string): boolean =>
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
