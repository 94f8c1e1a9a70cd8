// The one place that loads koffi, the foreign function interface, and only when something needs it: a program that
// neither networks nor starts processes never pays for it.

import { createRequire } from 'node:module';

export type Koffi = typeof import('koffi');
export type Library = ReturnType<Koffi['load']>;

let loaded: Koffi | null = null;

/** koffi, loaded on first use. Throws the host's error where its native module is missing. */
export function koffi(): Koffi {
  loaded ??= createRequire(import.meta.filename)('koffi') as Koffi;
  return loaded;
}
