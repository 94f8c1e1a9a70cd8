// The functions of a program: code objects refer to those that they make or call, in cycles too.

import { CodeObject } from './code.ts';

/** A function and all that it refers to, each once, in the order in which they come up. */
export function functionsIn(...roots: readonly CodeObject[]): CodeObject[] {
  const found = new Set<CodeObject>(roots);
  // A Set's iterator also visits what is added while it runs.
  for (const { constants } of found) for (const each of constants) if (each instanceof CodeObject) found.add(each);
  return [...found];
}
