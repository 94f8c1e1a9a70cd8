// Ctrl-C: running the program so that SIGINT can end it.
//
// A JavaScript signal listener never runs while the machine is busy, because nothing returns to the event loop. The host
// can, however, watch for SIGINT while a script runs and terminate the JavaScript under it, blocking calls that return
// early (EINTR) included. What is terminated runs no `finally`; the machine's stacks are heap objects that stay sound, so
// after-thunks can run afterwards. Source: architecture, "Ctrl-C".

import { Script } from 'node:vm';
import { Interrupted } from '../values/interruption.ts';

/** The exit status of a program that SIGINT ended: 128 plus the signal's number. */
export const SIGINT_STATUS = 130;

const ENTRY = Symbol.for('eta.interruptible');
type Entry = { [ENTRY]?: (() => unknown) | undefined };

let script: Script | null = null;

/** Run the action; SIGINT makes it throw Interrupted. Nested use interrupts the innermost. */
export function runInterruptible<T>(action: () => T): T {
  const globals = globalThis as Entry;
  script ??= new Script(`globalThis[Symbol.for('eta.interruptible')]()`, { filename: 'eta' });
  globals[ENTRY] = action;
  try {
    return script.runInThisContext({ breakOnSigint: true, displayErrors: false }) as T;
  } catch (thrown) {
    if (isInterruption(thrown)) throw new Interrupted('interrupted');
    throw thrown;
  }
}

const isInterruption = (thrown: unknown): boolean =>
  thrown instanceof Error && (thrown as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
