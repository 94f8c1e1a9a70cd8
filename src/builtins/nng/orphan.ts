// What becomes of a child whose parent process is gone: it may come to its own end, and is interrupted if it does not.
//
// A child that waits for its mailbox sees #f at once and ends by itself. One that computes, sleeps or waits elsewhere
// would run for ever for nobody. A parent that has only closed its handle may still wait for the child to finish, so it
// is the process that counts: orphans get another parent. Source: networking §12; README L11.

import { nowMs } from '../../values/clock.ts';
import { watchForInterruption } from '../../values/interruption.ts';

/** How long an orphan may take to end by itself. */
const GRACE_MS = 3000;
/** How often to ask for the parent. */
const ASK_EVERY_MS = 100;

/** From now on, interrupt this process, after-thunks included, when its parent has been gone for a while. */
export function endAfterParent(): void {
  const parent = process.ppid;
  let askAgainMs = 0;
  let orphanedMs = Number.POSITIVE_INFINITY;
  watchForInterruption(() => {
    const now = nowMs();
    if (now < askAgainMs) return false;
    askAgainMs = now + ASK_EVERY_MS;
    if (process.ppid !== parent) orphanedMs = Math.min(orphanedMs, now);
    return now - orphanedMs > GRACE_MS;
  });
}
