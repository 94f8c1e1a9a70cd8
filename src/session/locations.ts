// Where the files lie that belong to Eta itself.
//
//   the bundle     dist/etai.cjs, with dist/stdlib (compiled) beside it and stdlib (sources) one folder up
//   the sources    src/session/locations.ts, with stdlib two folders up
//   an executable  is unpacked to the layout of the bundle; `program` beside stdlib is a bundled program
//
// A package moves as a whole, so everything is found from this file's own place.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;

/** Folders that hold kernel and std, the one to prefer first; only those that exist. */
export function standardLibraries(): string[] {
  return [join(here, 'stdlib'), join(here, '..', 'stdlib'), join(here, '..', '..', 'stdlib')].filter((folder) =>
    existsSync(join(folder, 'std')),
  );
}

/** In an executable that `etai bundle` has made: the folder of the modules that its program imports, else null. */
export function bundledModules(): string | null {
  const program = join(here, '..', 'program');
  return existsSync(program) ? join(program, 'modules') : null;
}
