// Bystanders: the sockets on which a VM answers heartbeat questions while it receives from others.
//
// Who asks whether we still receive means the VM, not one of its sockets: a service waits for questions at its `rep` socket,
// and its supervisor asks through the mailbox. nng does not tell that a frame is a heartbeat before it is taken, so every
// wait of `recv!` and `nng-poll` also wakes up for the other sockets that heartbeats may come through. Frames for the
// program are set aside there, in their order: one, so that its sender is held back as before, and more only where the
// peer asks, since its questions may stand behind its messages.
//
// What a VM says to itself is left alone: with both ends here, that one of them is not received from is all there is to
// know. Source: networking §13.

import { nowMs } from '../../values/clock.ts';
import { isPosix, type PollSet } from '../host/libc.ts';
import { handleHeartbeat } from './heartbeat.ts';
import { isBidirectional } from './protocols.ts';
import { takeFromTransport } from './receive.ts';
import type { Transport } from './transport.ts';
import { waitAny } from './wait.ts';

/** Frames that are set aside for a peer that asks, at most: then it has to wait until the program receives them. */
const MOST_SET_ASIDE = 128;
/** A VM that never waits looks this often. */
const GLANCE_EVERY_MS = 5;

export class Bystanders {
  /** Open sockets of protocols with both directions that have an endpoint. */
  private readonly all = new Set<Transport>();
  /** Those whose peers are elsewhere; null when that has to be found out anew. */
  private asked: readonly Transport[] | null = [];
  private nextGlanceMs = 0;

  /** A socket listens, or has dialled. */
  add(transport: Transport): void {
    if (!isBidirectional(transport.protocol)) return;
    this.all.add(transport);
    this.asked = null;
  }

  remove(transport: Transport): void {
    if (this.all.delete(transport)) this.asked = null;
  }

  /** Answer what is there, now and then: for a VM that always finds a message and never waits. */
  glance(): void {
    const transports = this.transports();
    if (transports.length === 0) return;
    const now = nowMs();
    if (now < this.nextGlanceMs) return;
    this.nextGlanceMs = now + GLANCE_EVERY_MS;
    for (const transport of transports) answer(transport);
  }

  /**
   * `waitAny`, which also ends when something came for a bystander. That has then been seen to.
   *
   * @param received  what is received from, and so no bystander
   */
  wait(set: PollSet, timeoutMs: number, received: Transport | ReadonlySet<Transport>): void {
    const first = set.count;
    const waiting: Transport[] = [];
    for (const transport of this.transports()) {
      const isReceived = received instanceof Set ? received.has(transport) : received === transport;
      if (isReceived || isFull(transport)) continue;
      set.add(transport.recvFd);
      waiting.push(transport);
    }
    waitAny(set, timeoutMs);
    for (const [i, transport] of waiting.entries()) {
      if (!isPosix || set.ready(first + i) !== 0) answer(transport);
    }
  }

  private transports(): readonly Transport[] {
    this.asked ??= this.withPeersElsewhere();
    return this.asked;
  }

  private withPeersElsewhere(): readonly Transport[] {
    const ends = new Map<string, number>();
    for (const { endpoints } of this.all) {
      for (const endpoint of new Set(endpoints)) ends.set(endpoint, (ends.get(endpoint) ?? 0) + 1);
    }
    return [...this.all].filter(({ endpoints }) => endpoints.every((endpoint) => ends.get(endpoint) === 1));
  }
}

const isFull = ({ pending, isAsked }: Transport): boolean => pending.length >= (isAsked ? MOST_SET_ASIDE : 1);

function answer(transport: Transport): void {
  while (!isFull(transport)) {
    const frame = takeFromTransport(transport);
    if (typeof frame === 'number') return;
    if (!handleHeartbeat(transport, frame)) transport.pending.push(frame);
  }
}
