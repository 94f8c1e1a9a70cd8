// The one place that loads koffi, the foreign function interface, and only when something needs it: a program that
// neither networks nor starts processes never pays for it.

import { statSync } from 'node:fs';
import { createRequire } from 'node:module';

export type Koffi = typeof import('koffi');
export type Library = ReturnType<Koffi['load']>;

let loaded: Koffi | null = null;

/** koffi, loaded on first use. Throws the host's error where its native module is missing. */
export function koffi(): Koffi {
  loaded ??= load();
  return loaded;
}

/**
 * Node follows links to a package, as pnpm and `npm link` make them, but for a mistake: where the file that it has looked
 * at last is a pipe or a socket, it takes the path as it is (`isFileType(binding.statValues, …)` in fs.realpathSync), and
 * koffi does not find its native module. A child looks at the pipe to its parent before. So let it look at a file.
 */
function load(): Koffi {
  statSync(import.meta.filename);
  return createRequire(import.meta.filename)('koffi') as Koffi;
}
