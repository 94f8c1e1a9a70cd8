// Code that is not JavaScript: koffi and libnng, which builtins load when they first need them.
//
// Ctrl-C ends whatever JavaScript runs, and what a native module does to JavaScript while it is set up fails then; koffi
// ends the whole process in that case. So whoever has to survive a Ctrl-C loads all of it before he can be interrupted: the
// prompt before it begins, a program before that module runs which first refers to such a builtin (session/session.ts).

import type { Source } from '../values/span.ts';
import { bindLibc, isPosix } from './host/libc.ts';
import { nng } from './nng/binding.ts';

let isLoaded = false;

/** Thrown on the way to the end of an interruptible run, so that it is loaded outside and the run begins again. */
export class NativeCodeNeeded extends Error {
  /** @param source  the text that needs it */
  constructor(readonly source: Source) {
    super(`${source.name} needs native code`);
  }
}

export const isNativeCodeLoaded = (): boolean => isLoaded;

/** Load all of it now. What is missing on this system is told by the builtin that wants it. */
export function loadNativeCode(): void {
  if (isLoaded) return;
  isLoaded = true;
  for (const load of [isPosix ? bindLibc : null, nng]) {
    try {
      load?.();
    } catch {
      // As above.
    }
  }
}
