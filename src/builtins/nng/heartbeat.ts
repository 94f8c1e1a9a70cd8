// Heartbeats: is the peer still receiving?
//
// `EB 00` asks, `EB 01` answers; neither is ever seen by a program. A socket with heartbeats enabled asks, waits for one
// interval, and without an answer queues one notification and stops. Answers are noticed by our own receiving, and so
// the clock is read only when nothing more is there to be received: an answer that lies unread because our VM was busy
// is found before the question counts as unanswered. Source: networking §5.6, §13.

import { nng } from './binding.ts';
import { downNotification } from './notification.ts';
import type { NngSocket } from './socket.ts';

const FAMILY = 0xeb;
const PING = 0x00;
const PONG = 0x01;

const PING_FRAME = Buffer.from([FAMILY, PING]);
/** Passed over by every receiver that has not asked. */
export const PONG_FRAME = Buffer.from([FAMILY, PONG]);

/** Answer or note a heartbeat frame; false for a frame that is none. */
export function handleHeartbeat(socket: NngSocket, frame: Buffer): boolean {
  if (frame.length !== 2 || frame[0] !== FAMILY || frame[1] > PONG) return false;
  if (frame[1] === PING) nng().sendNonblocking(socket.transport.id, PONG_FRAME, PONG_FRAME.length);
  else socket.heartbeat?.answered();
  return true;
}

export class Heartbeat {
  /** When the next question is due, or, while one is open, when it counts as unanswered. */
  private dueMs: number;
  private isOpen = false;

  constructor(private readonly intervalMs: number) {
    this.dueMs = performance.now() + intervalMs;
  }

  answered(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.dueMs = performance.now() + this.intervalMs;
  }

  /**
   * Ask, or give up on the peer, if it is time. Called when nothing was there to be received.
   * @returns milliseconds until the next call makes sense
   */
  tick(socket: NngSocket): number {
    const now = performance.now();
    if (now < this.dueMs) return this.dueMs - now;
    if (this.isOpen) {
      socket.heartbeat = null;
      socket.notifications.push(downNotification(socket.endpointHint, 'heartbeat-timeout'));
      return 0;
    }
    // A ping that cannot be sent stays unanswered, which is the news.
    nng().sendNonblocking(socket.transport.id, PING_FRAME, PING_FRAME.length);
    this.isOpen = true;
    this.dueMs = now + this.intervalMs;
    return this.intervalMs;
  }
}
