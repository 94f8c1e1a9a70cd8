// Which files are tests: a file that is named, if it is an Eta file; in a folder, `*.test.eta` and `*_smoke.eta` (tools §7).

import { isFolder, isMissing } from '../values/file-status.ts';

export interface Discovery {
  readonly files: readonly string[];
  /** Paths that do not exist. */
  readonly missing: readonly string[];
}

/** @param filesIn  the Eta files in a folder and those below it */
export function discoverTests(paths: readonly string[], filesIn: (folder: string) => readonly string[]): Discovery {
  const files = new Set<string>();
  const missing: string[] = [];
  for (const path of paths) {
    if (isMissing(path)) missing.push(path);
    else if (isFolder(path)) for (const file of filesIn(path).filter(isTestFile).sort()) files.add(file);
    else if (path.endsWith('.eta')) files.add(path);
  }
  return { files: [...files], missing };
}

export const isTestFile = (file: string): boolean => file.endsWith('.test.eta') || file.endsWith('_smoke.eta');
