// The trace of actors: who was started, monitored and died, and what went through each socket.
//
// ETA_TRACE_ACTORS is the path of a file; `etai trace` sets it, and children inherit it. Every actor appends its events to
// that file, one JSON object a line, and says the same on standard error. An actor is known by its process and thread; a
// parent knows its child by the endpoint between them, which the child names when it starts.
// Without the variable there is no trace, and nothing is paid but two additions for each message.
// Source: tools §16.5.

import { appendFileSync, writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

export const TRACE_VARIABLE = 'ETA_TRACE_ACTORS';

export interface Traffic {
  readonly messages: number;
  readonly bytes: number;
}

export type ActorEvent =
  /** An actor begins; `endpoint` is where its parent is, null for a program. */
  | { readonly kind: 'start'; readonly endpoint: string | null }
  | { readonly kind: 'spawn'; readonly what: string; readonly endpoint: string }
  | { readonly kind: 'monitor' | 'demonitor'; readonly endpoint: string }
  | { readonly kind: 'down'; readonly endpoint: string; readonly reason: string }
  /** A parent has learnt of the end of a child process. */
  | { readonly kind: 'ended'; readonly endpoint: string; readonly how: string }
  | {
      readonly kind: 'socket';
      readonly protocol: string;
      readonly endpoints: readonly string[];
      readonly sent: Traffic;
      readonly received: Traffic;
    }
  | { readonly kind: 'end' };

export type TracedEvent = ActorEvent & {
  /** `PID`, `PID.THREAD` for a thread actor. */
  readonly actor: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};

export class ActorTrace {
  private readonly actor = threadId === 0 ? `${process.pid}` : `${process.pid}.${threadId}`;
  private hasStarted = false;
  private hasEnded = false;

  private constructor(private readonly path: string) {}

  /** The trace of this VM, null if nobody wants one. */
  static ofEnvironment(): ActorTrace | null {
    const path = process.env[TRACE_VARIABLE];
    return path === undefined || path === '' ? null : new ActorTrace(path);
  }

  tell(event: ActorEvent): void {
    if (this.hasEnded) return;
    if (event.kind === 'start') this.hasStarted = true;
    if (!this.hasStarted) {
      // A program that has used no actors has nothing to tell, and neither has a spare thread, which rehearses.
      if (event.kind === 'end' || threadId !== 0) return;
      this.tell({ kind: 'start', endpoint: null });
    }
    if (event.kind === 'end') this.hasEnded = true;
    const traced: TracedEvent = { actor: this.actor, at: Date.now(), ...event };
    attempt(() => writeSync(2, `${lineOf(traced)}\n`));
    attempt(() => appendFileSync(this.path, `${JSON.stringify(traced)}\n`));
  }
}

/** A trace that cannot be kept, or that nobody reads, must not disturb the program. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // nothing
  }
}

/** An event as a person reads it. */
export function lineOf(event: TracedEvent): string {
  const text = told(event).replaceAll(PRIVATE_ENDPOINT, 'ipc:…/$1');
  return `[${new Date(event.at).toISOString().slice(11, 23)}] ${event.actor} ${text}`;
}

/** Of an endpoint in a private folder the beginning of its name is enough to tell it from others. */
const PRIVATE_ENDPOINT = /ipc:\/\/\S*\/([0-9a-f]{8})[0-9a-f]{8}\.sock/g;

function told(event: ActorEvent): string {
  switch (event.kind) {
    case 'start':
      return event.endpoint === null ? 'starts' : `starts as the child at ${event.endpoint}`;
    case 'spawn':
      return `spawns ${event.what} at ${event.endpoint}`;
    case 'monitor':
    case 'demonitor':
      return `${event.kind}s ${event.endpoint}`;
    case 'down':
      return `hears that ${event.endpoint} is down: ${event.reason}`;
    case 'ended':
      return `learns that the child at ${event.endpoint} ended: ${event.how}`;
    case 'socket':
      return `closes a ${event.protocol} socket${placeOf(event.endpoints)}: sent ${amount(event.sent)}, received ${amount(event.received)}`;
    case 'end':
      return 'ends';
  }
}

const placeOf = (endpoints: readonly string[]): string => (endpoints.length === 0 ? '' : ` at ${endpoints.join(' ')}`);

export const amount = ({ messages, bytes }: Traffic): string =>
  `${messages} message${messages === 1 ? '' : 's'} (${bytes} bytes)`;
