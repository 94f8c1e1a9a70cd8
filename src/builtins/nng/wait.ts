// Waiting for descriptors, on systems that have poll(2) and, by short sleeps, on those that do not.

import { isPosix, PollSet, sleepMs, waitReady } from '../host/libc.ts';

/** How long a wait without poll(2) sleeps before its caller looks again. */
const BLIND_SLICE_MS = 5;
/** How often to ask for what has no descriptor. Death of a peer must be seen within 100 ms. */
export const ASK_SLICE_MS = 50;

/** Wait until a descriptor of the set is ready, or the time is over; may return early. Negative: without limit. */
export function waitAny(set: PollSet, timeoutMs: number): void {
  if (isPosix) waitReady(set, timeoutMs);
  else if (timeoutMs !== 0) sleepMs(timeoutMs < 0 ? BLIND_SLICE_MS : Math.min(timeoutMs, BLIND_SLICE_MS));
}

const single = new PollSet();

/** Whether the descriptor is ready now or becomes so in time. Without poll(2): never known to be. */
export function waitReadable(fd: number, timeoutMs: number): boolean {
  single.clear();
  single.add(fd);
  if (isPosix) return fd >= 0 && waitReady(single, timeoutMs) > 0;
  waitAny(single, timeoutMs);
  return false;
}

/** The sooner of two waits, where a negative one is endless. */
export function sooner(a: number, b: number): number {
  if (a < 0) return b;
  return b < 0 ? a : Math.min(a, b);
}
