// Sockets as Eta values, and their state. Source: networking §1, §2.

import { nngError, typeError } from '../../values/errors.ts';
import { HeapObject, type Value } from '../../values/types.ts';
import type { FrameQueue } from './frame-queue.ts';
import type { Link } from './link.ts';
import type { Monitor } from './monitor.ts';
import { type DownReason, downNotification } from './notification.ts';
import type { Protocol } from './protocols.ts';
import type { TopicFilter } from './topics.ts';
import type { Transport } from './transport.ts';

/** The receive timeout that every new socket, handle and mailbox gets. */
const DEFAULT_RECV_TIMEOUT_MS = 1000;

/**
 * A socket. The context that opened it closes it at the latest when the VM ends (`Networking.close`).
 * Only Eta's own send and receive loops wait, so timeouts are kept here and not in nng.
 */
export class NngSocket extends HeapObject {
  readonly kind = 'NngSocket';
  closed = false;
  /** Named in notifications: the last endpoint listened on, else the first one dialled, else empty. */
  endpointHint = '';
  /** Milliseconds; -1 is endless. */
  recvTimeoutMs = DEFAULT_RECV_TIMEOUT_MS;
  sendTimeoutMs = -1;
  surveyTimeMs = 1000;
  /** When the survey that was sent last ends (nowMs). */
  surveyDeadlineMs = Number.NEGATIVE_INFINITY;
  /** `(down …)` lists, oldest first. */
  readonly notifications: Value[] = [];
  monitor: Monitor | null = null;
  /** Null as long as nothing has to be filtered out. */
  topics: TopicFilter | null = null;
  /** Set on handles and mailboxes: what is known of the worker, or of the parent. */
  link: Link | null = null;

  constructor(readonly transport: Transport) {
    super();
  }

  /** Queue the notification that the peer at an endpoint is down. */
  notifyDown(endpoint: string, reason: DownReason): void {
    this.notifications.push(downNotification(endpoint, reason));
    this.transport.trace?.tell({ kind: 'down', endpoint, reason });
  }

  get protocol(): Protocol {
    return this.transport.protocol;
  }

  get pending(): FrameQueue {
    return this.transport.pending;
  }
}

/** The socket, or a type error that names the primitive. */
export function wantSocket(value: Value, who: string): NngSocket {
  if (value instanceof NngSocket) return value;
  throw typeError(`${who}: expected an nng-socket`, value);
}

/** The socket if it is open; `state` ends the message: `socket is closed`. */
export function wantOpenSocket(value: Value, who: string, state = 'socket is closed'): NngSocket {
  const socket = wantSocket(value, who);
  if (socket.closed) throw nngError(`${who}: ${state}`);
  return socket;
}
