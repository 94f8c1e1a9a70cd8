// What is at a path.
//
// The host's own question throws where nobody can look: behind a folder that is closed, in a circle of links, under a name
// that is too long. These answer as if nothing were there; whoever opens such a path is told why that fails.

import { realpathSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Links are followed. Null where there is nothing, or nothing to be seen. */
export function statusOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

export const isFolder = (path: string): boolean => statusOf(path)?.isDirectory() ?? false;

export const isFile = (path: string): boolean => statusOf(path)?.isFile() ?? false;

/** Whether there is nothing for certain. */
export function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** A path without symbolic links, or without any change where they lead nowhere. */
export function canonicalPath(path: string): string {
  // The host's own is four times as slow, but knows the names of pipes.
  for (const canonical of [realpathSync.native, realpathSync]) {
    try {
      return canonical(path);
    } catch {
      // The other may know.
    }
  }
  return resolve(path);
}
