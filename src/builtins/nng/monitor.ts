// Monitoring: a notification for each connection that a socket loses.
//
// nng would call us back, on one of its threads; a blocked VM cannot take such a call. So a monitored socket compares
// nng's own books whenever there is no message for it, which also makes sure that what a peer sent is delivered before
// the news of its end:
//
//   a connection that was there at the last look and is gone now is lost
//   one that nng has counted, but that is neither there nor being attached, and that we never saw, came and went
//   between two looks; or nng is about to attach it, so the books have to stay that way for a while
//
// A handle tells of its worker once, by the loss of the connection or by the worker's end, whichever is known first.
// Source: networking §13; README, Networking ("Settled").

import { nowMs } from '../../values/clock.ts';
import { sleepMs } from '../host/libc.ts';
import type { PipeList } from './binding.ts';
import type { NngSocket } from './socket.ts';

/** How long a connection that was counted but never seen has to stay unseen to be one that is gone. */
const SETTLE_MS = 200;
/** And where there is no time for that: nng needs some microseconds, and whatever else keeps its thread. */
const SHORTEST_SETTLE_MS = 20;

export class Monitor {
  /** Connections that were there at the last look. */
  private present = new Set<number>();
  /** How many of those that nng has counted are accounted for: seen, told of, or older than the monitor. */
  private accounted = 0;
  private unseen = 0;
  private unseenSinceMs = 0;
  /** For a handle: whether its one notification has been queued. */
  private hasToldEnd = false;

  constructor(
    private readonly socket: NngSocket,
    public endpoint: string,
  ) {
    const list = socket.transport.pipeList();
    this.lookForLosses(list);
    this.accounted = Math.max(0, list.attached - unfinished(list));
  }

  /** Queue what is new. Called when nng had no message, so that nothing overtakes one. */
  check(workerHasEnded: boolean, settleMs = SETTLE_MS): void {
    const list = this.socket.transport.pipeList();
    const losses = this.lookForLosses(list) + this.passedUnseen(list, settleMs);
    if (!this.socket.link?.isWorker) {
      for (let i = 0; i < losses; i++) this.tell();
    } else if (!this.hasToldEnd && (losses > 0 || workerHasEnded)) {
      this.hasToldEnd = true;
      this.tell();
    }
  }

  /**
   * The same, when nobody will look again soon: what would have to be looked at again is waited for, for a moment. A
   * handle need not hurry: its worker's end is known otherwise.
   */
  settle(): void {
    const { link } = this.socket;
    if (link?.isWorker) return this.check(link.hasEnded());
    this.check(false);
    for (let waited = 0; this.unseen > 0 && waited < SETTLE_MS; waited++) {
      sleepMs(1);
      this.check(false, SHORTEST_SETTLE_MS);
    }
  }

  private tell(): void {
    this.socket.notifyDown(this.endpoint, 'disconnected');
  }

  /** How many connections are gone since the last look. */
  private lookForLosses({ ids }: PipeList): number {
    const now = new Set(ids);
    let losses = 0;
    for (const id of this.present) if (!now.has(id)) losses++;
    for (const id of now) if (!this.present.has(id)) this.accounted++;
    this.present = now;
    return losses;
  }

  /** How many connections came and went without ever having been seen. */
  private passedUnseen(list: PipeList, settleMs: number): number {
    const unseen = Math.max(0, list.attached - this.accounted - unfinished(list));
    const now = nowMs();
    if (unseen === 0 || unseen !== this.unseen) {
      this.unseen = unseen;
      this.unseenSinceMs = now;
      return 0;
    }
    if (now - this.unseenSinceMs < settleMs) return 0;
    this.accounted += unseen;
    this.unseen = 0;
    return unseen;
  }
}

/** Connections that are being attached just now. */
function unfinished({ present, ids }: PipeList): number {
  return Math.max(0, present - ids.length);
}
