// Making folders.

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Make a folder with those around it; one that is there, or that somebody makes at the same time, is fine. Throws what the
 * system says.
 *
 * The host's own way (`recursive`) tries for ever where a folder is there and yet none can be made in it, as in /proc.
 */
export function makeFolder(path: string, mode?: number): void {
  const missing = tryToMake(path, mode);
  if (missing === null) return;
  if (dirname(path) === path) throw missing;
  makeFolder(dirname(path), mode);
  const failure = tryToMake(path, mode);
  if (failure !== null) throw failure;
}

/** Null if the folder is there now; the error if the one around it is missing. Throws every other. */
function tryToMake(path: string, mode: number | undefined): Error | null {
  try {
    mkdirSync(path, mode);
    return null;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return thrown as Error;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return null;
    throw thrown;
  }
}
