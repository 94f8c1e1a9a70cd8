// The bell of a prompt. Whoever prints on its terminal while it waits rings, so that the prompt is drawn anew below that;
// and so does whoever sees the end of a child: one that a signal has ended has given the terminal the mode back that it had
// when the child began.
//
// It is a pipe. The prompt reads one end of it (repl/bell.ts); its threads and child processes, and theirs, have the other,
// and write a byte. Writing never waits: a pipe that is full has been rung.

import { fstatSync, writeSync } from 'node:fs';

/** In the environment of a child: the descriptor to write to. */
export const BELL_VARIABLE = 'ETA_BELL_FD';

/** What has happened. */
export const PRINTED = 1;
export const CHILD_ENDED = 2;

let bell: number | undefined;

/** From now on, what this VM prints on a terminal rings. */
export function hangBell(descriptor: number): void {
  bell = descriptor;
}

export const hasBell = (): boolean => bell !== undefined;

/** @param descriptor  the bell; without one the VM's own, if it has one */
export function ringBell(event: typeof PRINTED | typeof CHILD_ENDED, descriptor = bell): void {
  if (descriptor === undefined) return;
  try {
    writeSync(descriptor, Uint8Array.of(event));
  } catch {
    // It has been rung often enough, or there is no prompt any more.
  }
}

/** Hang up the bell that whoever started us has handed on. Gives its descriptor; undefined where there is none. */
export function takeBell(): number | undefined {
  const descriptor = Number(process.env[BELL_VARIABLE] ?? Number.NaN);
  delete process.env[BELL_VARIABLE];
  try {
    if (!Number.isInteger(descriptor) || !fstatSync(descriptor).isFIFO()) return undefined;
  } catch {
    return undefined;
  }
  hangBell(descriptor);
  return descriptor;
}
