// Names of files as users type them.

import { homedir } from 'node:os';

/** `~/x` as a path in the user's home folder; every other path as it is. */
export const expandHome = (path: string): string =>
  path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;
