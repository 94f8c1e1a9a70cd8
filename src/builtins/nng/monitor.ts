// Monitoring: a notification for each connection that a socket loses.
//
// nng would call us back, on one of its threads; a blocked VM cannot take such a call. So a monitored socket compares
// nng's own counts of attached and present connections whenever there is no message for it, which also makes sure
// that what a peer sent is delivered before the news of its end. A handle tells of its worker once, by the loss of the
// connection or by the worker's end, whichever is known first.
//
// Source: networking §13; README, Networking ("Settled").

import { sleepMs } from '../host/libc.ts';
import { downNotification } from './notification.ts';
import type { NngSocket } from './socket.ts';

/** nng counts a new connection in two steps; a difference that stays this long is none of those. */
const CONFIRM_MS = 1;

export class Monitor {
  /** Losses that are already known of: those before `monitor`, and those reported. */
  private known: number;
  /** For a handle: whether its one notification has been queued. */
  private hasToldEnd = false;

  constructor(
    private readonly socket: NngSocket,
    public endpoint: string,
  ) {
    this.known = countLosses(socket) ?? 0;
  }

  /** Queue what is new. Called when nng had no message, so that nothing overtakes one. */
  check(workerHasEnded: boolean): void {
    const { socket } = this;
    const losses = this.newLosses();
    this.known += losses;
    if (socket.link === null || !socket.link.isWorker) {
      for (let i = 0; i < losses; i++) this.tell();
    } else if (!this.hasToldEnd && (losses > 0 || workerHasEnded)) {
      this.hasToldEnd = true;
      this.tell();
    }
  }

  private tell(): void {
    this.socket.notifications.push(downNotification(this.endpoint, 'disconnected'));
  }

  private newLosses(): number {
    const seen = countLosses(this.socket);
    if (seen === null || seen <= this.known) return 0;
    sleepMs(CONFIRM_MS);
    return Math.max(0, Math.min(seen, countLosses(this.socket) ?? seen) - this.known);
  }
}

/** How many connections the socket has lost since it was opened; null where nng does not count. */
function countLosses(socket: NngSocket): number | null {
  const { attached, present } = socket.transport.pipeCounts();
  return present < 0 ? null : attached - present;
}
