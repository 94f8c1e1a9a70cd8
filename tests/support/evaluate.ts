// Running Eta programs in tests, through the front door: a session of their own, from the text on.

import type { Outcome } from '../../src/session/outcome.ts';
import { Session, type SessionOptions } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { writeText } from '../../src/values/printer.ts';
import type { TierMode } from '../../src/vm/javascript/tier.ts';
import { Raise } from '../../src/vm/throw.ts';

/** The ways in which a machine can run a program; behaviour must not hang on it. */
export const TIERS: readonly TierMode[] = ['off', 'on', 'force'];

export interface Evaluation {
  /** The value of the last form, as `write` prints it; absent if the program did not come to its end. */
  readonly printed?: string;
  /** What the program has written to its standard output; absent if nothing. */
  readonly output?: string;
  /** Present if the program called `exit`. */
  readonly status?: number;
  /** What ended the program. A text that does not compile has the tag `compile`. */
  readonly error?: {
    readonly tag: string;
    readonly message: string;
    /** A raised value, as `write` prints it. */
    readonly value?: string;
  };
}

export interface EvaluateOptions extends SessionOptions {
  /** What the program reads from its standard input. */
  readonly input?: string;
}

/** Run a program, of bare forms or modules, in a fresh session. */
export function evaluate(program: string, options: EvaluateOptions = {}): Evaluation {
  const output = new StringOutput();
  const ports = { input: new StringInput(options.input ?? ''), output, error: new StringOutput() };
  const session = new Session({ ...options, ports });
  try {
    const evaluation = describeOutcome(session.evaluateText(program, 'test.eta'));
    return output.contents === '' ? evaluation : { ...evaluation, output: output.contents };
  } finally {
    session.close();
  }
}

/** An outcome in the shape that tests compare. */
export function describeOutcome({ kind, status, value, findings, cause }: Outcome): Evaluation {
  if (kind === 'finished') return { printed: writeText(value!) };
  if (kind === 'exited') return { status };
  const { message } = findings.find(({ severity }) => severity === 'error')!;
  if (cause === undefined) return { error: { tag: 'compile', message } };
  if (!(cause instanceof Raise)) return { error: { tag: cause.tag, message: cause.message } };
  return { error: { tag: cause.tag ?? '', message, value: writeText(cause.value) } };
}
