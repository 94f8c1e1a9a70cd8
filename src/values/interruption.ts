// Interruption: ending a program from outside, with its after-thunks.
//
// Ctrl-C is brought to the main program by the host (session/interrupt.ts). A thread actor is asked by whoever started
// it, and looks here: the machine and every wait call `checkInterruption` from time to time.

/** Thrown where the program was when it was interrupted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

let isRequested: (() => boolean) | null = null;

/** From now on, `check` tells whether the program of this thread is to end. It is asked until it says so once. */
export function watchForInterruption(check: () => boolean): void {
  isRequested = check;
}

/** Throw Interrupted if the program has been asked to end. Only the first time: after-thunks are to run. */
export function checkInterruption(): void {
  if (isRequested === null || !isRequested()) return;
  isRequested = null;
  throw new Interrupted('interrupted');
}
