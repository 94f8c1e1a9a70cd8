// Heartbeats: is the peer still receiving?
//
// `EB 00` asks, `EB 01` answers; neither is ever seen by a program. The questions go out from a thread of their own
// (pulse.ts). The answers are noticed by our own receiving, and so the clock is read only when nothing more is there to
// be received: an answer that lies unread because our VM was busy is found before its question counts as unanswered.
// A question that stays open for one interval queues one notification, and ends the heartbeat.
//
// Source: networking §5.6, §13.

import { nowMs } from '../../values/clock.ts';
import { nng } from './binding.ts';
import type { Frame } from './frame.ts';
import { type Beat, PING_FRAME } from './pulse.ts';
import type { NngSocket } from './socket.ts';
import type { Transport } from './transport.ts';

/** Passed over by every receiver that has not asked. */
export const PONG_FRAME = Buffer.from([PING_FRAME[0], 0x01]);

/** Answer or note a heartbeat frame; false for a frame that is none. */
export function handleHeartbeat(transport: Transport, { head: frame }: Frame): boolean {
  if (frame.length !== 2 || frame[0] !== PING_FRAME[0] || frame[1] > PONG_FRAME[1]) {
    transport.heartbeat?.heard();
    return false;
  }
  if (frame[1] === PING_FRAME[1]) {
    transport.isAsked = true;
    nng().sendNonblocking(transport.id, [PONG_FRAME]);
  } else transport.heartbeat?.answered();
  return true;
}

export class Heartbeat {
  /** When we last found nothing more to receive (nowMs). */
  private quietMs = nowMs();
  /** Whether anything has come since. */
  private hasHeard = false;

  constructor(
    private readonly beat: Beat,
    private readonly intervalMs: number,
  ) {}

  answered(): void {
    this.hasHeard = true;
    this.beat.answer();
  }

  heard(): void {
    this.hasHeard = true;
  }

  stop(): void {
    this.beat.stop();
  }

  /**
   * Give up on the peer, if it is time. Called when nothing was there to be received.
   * @returns milliseconds until the next call makes sense
   */
  tick(socket: NngSocket): number {
    const now = nowMs();
    const wasAwayMs = now - this.quietMs;
    const { hasHeard } = this;
    this.quietMs = now;
    this.hasHeard = false;
    const waitingMs = this.beat.waitingMs();
    if (waitingMs < this.intervalMs) return this.intervalMs - waitingMs;
    // While we were away, what came may have filled our queue, and the peer had no place for its answer: ask anew.
    if (hasHeard && wasAwayMs >= this.intervalMs) {
      this.beat.forgive();
      return this.intervalMs;
    }
    this.stop();
    socket.transport.heartbeat = null;
    socket.notifyDown(socket.endpointHint, 'heartbeat-timeout');
    return 0;
  }
}
