// Outcomes: how the run of a program ended, and what there is to say about it.
//
// Source: language §12.5, tools §1.4, §1.5.

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import { CompileFailure } from '../values/diagnostic.ts';
import { EtaError, type TraceFrame } from '../values/errors.ts';
import { NO_SPAN } from '../values/span.ts';
import type { Value } from '../values/types.ts';
import { ErrorObject, Raise } from '../vm/throw.ts';
import { explain, isProgram, shown } from './explanation.ts';

/** A diagnostic of a text, or of a program that an error has ended. */
export interface Finding extends Diagnostic {
  /** Innermost first. */
  readonly trace?: readonly TraceFrame[];
}

export interface Outcome {
  readonly kind: 'finished' | 'exited' | 'failed' | 'interrupted';
  /** What a process that ran the program ends with. */
  readonly status: number;
  /** The value of the last form; only of a program that finished. */
  readonly value?: Value;
  /** Errors that were not caught, in the order in which they happened; after-thunks can add some to any outcome. */
  readonly findings: readonly Finding[];
  /** What a program has thrown that failed while it ran. */
  readonly cause?: EtaError | Raise;
}

/**
 * What to tell about something that a program has thrown; null if it is neither a program's error nor a text's.
 *
 * @param builtins  for their usage lines; null where there are none
 */
export function findingsOf(thrown: unknown, builtins: BuiltinTable | null = null): Finding[] | null {
  if (thrown instanceof CompileFailure) return [...thrown.diagnostics];
  if (thrown instanceof EtaError) return uncaughtError(thrown, thrown, builtins);
  if (!(thrown instanceof Raise)) return null;
  if (thrown.value instanceof ErrorObject) return uncaughtError(thrown.value.error, thrown, builtins);
  return [uncaughtRaise(thrown)];
}

function uncaughtError(error: EtaError, at: EtaError | Raise, builtins: BuiltinTable | null): Finding[] {
  const { message, diagnostics } = error;
  const where = place(error.span === null ? at : error);
  if (diagnostics.length > 0) return diagnostics.map((each, i) => foundIn(each, where, i === diagnostics.length - 1));
  const explanation = builtins === null ? {} : explain(error, where.trace, builtins);
  return [{ ...where, code: 'UserError', message, ...explanation }];
}

/** What is wrong with a datum or a text that a program evaluates: the call, and the place in it. */
function foundIn(found: Diagnostic, where: ReturnType<typeof place>, isLast: boolean): Finding {
  const { code, message, hint, span, related = [] } = found;
  const places = span === NO_SPAN ? related : [{ span, label: 'in what is evaluated here' }, ...related];
  return { ...where, code, message, hint, related: places, trace: isLast ? where.trace : [] };
}

function uncaughtRaise(raise: Raise): Finding {
  const value = shown(raise.value);
  const notes = raise.tag === null ? [] : [`note: the raised value is ${value}`];
  return { ...place(raise), code: 'UserThrow', message: `Unhandled raise: ${raise.tag ?? value}`, notes };
}

/** Where it happened: for what happened in the standard library or in data that are evaluated, the call. */
function place({ span, trace }: EtaError | Raise) {
  const frames = trace ?? [];
  const call = frames.find((frame) => isProgram(frame.span));
  return { severity: 'error', phase: 'runtime', span: call?.span ?? span ?? NO_SPAN, trace: frames } as const;
}
