// Ctrl-C: running the program so that SIGINT can end it.
//
// A JavaScript signal listener never runs while the machine is busy, because nothing returns to the event loop. The host
// can, however, watch for SIGINT while a script runs and terminate the JavaScript under it, blocking calls that return
// early (EINTR) included. What is terminated runs no `finally`; the machine's stacks are heap objects that stay sound, so
// after-thunks can run afterwards. Source: architecture, "Ctrl-C".
//
// A thread of the host hears of the signal and terminates the JavaScript a moment later. If the script has ended by then, the
// host forgets nothing: the signal terminates the next script. `settleInterrupts` waits for those that have come.

import { Script } from 'node:vm';
import { Interrupted } from '../values/interruption.ts';

/** The exit status of a program that SIGINT ended: 128 plus the signal's number. */
export const SIGINT_STATUS = 130;

/** How long the host's thread may take to hear of a signal. */
const LONGEST_SETTLING_MS = 1000;

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

/**
 * Let every SIGINT that has come by now have its effect, so that none is left for a script that runs later. To be called
 * inside of an interruptible run, when no more can come; what surrounds it may be interrupted, too.
 *
 * The host's thread takes the signals in their order. So one is sent, and waited for.
 */
export function settleInterrupts(): void {
  if (process.platform === 'win32') return; // there, a signal that is sent ends the process
  try {
    runInterruptible(() => {
      process.kill(process.pid, 'SIGINT');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONGEST_SETTLING_MS);
    });
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
  }
}

const isInterruption = (thrown: unknown): boolean =>
  thrown instanceof Error && (thrown as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
