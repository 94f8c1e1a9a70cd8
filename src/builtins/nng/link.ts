// Links: what a handle knows of its worker, and a mailbox of its parent.
//
// A link tells that the other side has ended, and what `recv!` does once everything that it sent has been delivered.
// Sockets from `nng-socket` have none: to them a lost peer is silence. Source: networking §12.

import { nowMs } from '../../values/clock.ts';
import { type EtaError, nngError } from '../../values/errors.ts';
import { closeDescriptor, PollSet, waitDescriptor } from '../host/libc.ts';
import type { Transport } from './transport.ts';
import { ASK_SLICE_MS, waitAny } from './wait.ts';

/** How a worker ended. Clean are exit 0, killed by us, and a thread's return; the others are crashes. */
export type WorkerStatus =
  | { readonly state: 'running' }
  | { readonly state: 'exited'; readonly code: number }
  | { readonly state: 'signaled'; readonly signal: number }
  | { readonly state: 'killed' }
  | { readonly state: 'returned' }
  | { readonly state: 'failed'; readonly message: string };

/** How a worker ended, in a few words. */
export function statusText(status: WorkerStatus): string {
  switch (status.state) {
    case 'exited':
      return `exit code ${status.code}`;
    case 'signaled':
      return `signal ${status.signal}`;
    case 'failed':
      return `error: ${status.message}`;
    default:
      return status.state;
  }
}

export const RUNNING: WorkerStatus = { state: 'running' };

/** A wait for an end looks around at least this often. */
const LOOK_AGAIN_MS = 1000;

export interface Link {
  readonly isWorker: boolean;
  /** Becomes readable when the other side ends, to be waited for with the socket; -1 if `hasEnded` must be asked. */
  readonly endFd: number;
  /** Whether the other side has ended, as far as can be known now. */
  hasEnded(): boolean;
  /** The same, as far as has been found out by now, or lately: to ask the system at each message would cost a tenth of it. */
  readonly isKnownToHaveEnded: boolean;
  hasEndedLately(): boolean;
  /** When `hasEnded` first said so (nowMs). */
  readonly endedAtMs: number;
  /** What `recv!` gives when the other side has ended and nothing more can come: #f, or this error. */
  endError(): EtaError | null;
  /** Let go of the link's descriptors, when its socket is closed. */
  close(): void;
}

/** A worker, as its handle sees it: a process (children.ts) or a thread. */
export abstract class WorkerLink implements Link {
  readonly isWorker = true;
  abstract readonly endFd: number;
  endedAtMs = Number.POSITIVE_INFINITY;
  private current: WorkerStatus = RUNNING;
  /** Called once, when the end is learnt of. */
  onEnd: ((status: WorkerStatus) => void) | null = null;
  private readonly lately = new Lately();

  /** Find out whether the worker has ended, and then call `end`. */
  protected abstract refresh(): void;
  abstract close(): void;

  /** Make the worker end, and wait until it has; how it may use the time is for the kind of worker to say. */
  abstract kill(graceMs: number): void;

  get status(): WorkerStatus {
    if (this.current === RUNNING) this.refresh();
    return this.current;
  }

  hasEnded(): boolean {
    return this.status !== RUNNING;
  }

  get isKnownToHaveEnded(): boolean {
    return this.current !== RUNNING;
  }

  hasEndedLately(): boolean {
    return this.isKnownToHaveEnded || (this.lately.isOver() && this.hasEnded());
  }

  protected end(status: WorkerStatus): void {
    this.current = status;
    this.onEnd?.(status);
    this.endedAtMs = nowMs();
  }

  /**
   * Wait until the worker has ended.
   *
   * @param timeoutMs     negative for without limit
   * @param otherFd       a descriptor whose readiness also ends a slice of the wait, -1 for none
   * @param onSlice       called between slices
   * @returns whether it has ended
   */
  awaitEnd(timeoutMs: number, otherFd = -1, onSlice: () => void = () => {}): boolean {
    const deadline = timeoutMs < 0 ? Number.POSITIVE_INFINITY : nowMs() + timeoutMs;
    const set = new PollSet();
    while (!this.hasEnded()) {
      const left = deadline - nowMs();
      if (left <= 0) return false;
      set.clear();
      set.add(this.endFd);
      set.add(otherFd);
      waitAny(set, Math.min(left, this.endFd >= 0 ? LOOK_AGAIN_MS : ASK_SLICE_MS));
      onSlice();
    }
    return true;
  }

  endError(): EtaError | null {
    const { status } = this;
    switch (status.state) {
      case 'exited':
        return status.code === 0 ? null : crash(`process exited abnormally (exit code ${status.code})`);
      case 'signaled':
        return crash(`process killed by signal ${status.signal}`);
      case 'failed':
        return crash(`thread failed: ${status.message}`);
      default:
        return null;
    }
  }
}

const crash = (what: string): EtaError => nngError(`nng-error: peer ${what}`);

/** Whether a while has passed since it was last found that it had. */
class Lately {
  private untilMs = 0;

  isOver(): boolean {
    const now = nowMs();
    if (now < this.untilMs) return false;
    this.untilMs = now + LATELY_MS;
    return true;
  }
}

const LATELY_MS = 1;

/**
 * The parent, as a mailbox sees it.
 *
 * A child that `spawn` started holds the read end of a pipe, its lifeline, whose write end only the parent has. It hangs
 * up when the parent closes the handle or ends in whatever way, and wakes up whoever waits. Without a lifeline (started
 * by hand) the mailbox's own connections are counted. A thread has a lifeline, too, which closes with the thread.
 */
export class ParentLink implements Link {
  readonly isWorker = false;
  endedAtMs = Number.POSITIVE_INFINITY;
  private readonly lately = new Lately();
  private askAgainMs = 0;
  private lastAnswer = false;

  constructor(
    private readonly transport: Transport,
    /** The lifeline, or -1. */
    private lifelineFd: number,
    /** Whether the lifeline is closed by `close`, or elsewhere. */
    private readonly ownsLifeline = true,
  ) {}

  get endFd(): number {
    return this.isKnownToHaveEnded ? -1 : this.lifelineFd;
  }

  hasEnded(): boolean {
    const ended = this.lifelineFd >= 0 ? this.lifelineHungUp() : this.connectionLost();
    if (!ended) this.endedAtMs = Number.POSITIVE_INFINITY;
    else if (this.endedAtMs === Number.POSITIVE_INFINITY) this.endedAtMs = nowMs();
    return ended;
  }

  get isKnownToHaveEnded(): boolean {
    return this.endedAtMs !== Number.POSITIVE_INFINITY;
  }

  hasEndedLately(): boolean {
    // A parent that is told by its connections alone may come back, and is not asked for all the time anyway.
    if (this.lifelineFd < 0) return this.hasEnded();
    return this.isKnownToHaveEnded || (this.lately.isOver() && this.hasEnded());
  }

  private lifelineHungUp(): boolean {
    if (this.isKnownToHaveEnded) return true;
    return waitDescriptor(this.lifelineFd, 0) !== 0;
  }

  /** Counting costs some microseconds, so a fresh answer is kept for a while. */
  private connectionLost(): boolean {
    const now = nowMs();
    if (now >= this.askAgainMs) {
      this.askAgainMs = now + COUNT_EVERY_MS;
      this.lastAnswer = this.transport.pipeList().present === 0;
    }
    return this.lastAnswer;
  }

  endError(): null {
    return null;
  }

  close(): void {
    if (this.ownsLifeline) closeDescriptor(this.lifelineFd);
    this.lifelineFd = -1;
  }
}

const COUNT_EVERY_MS = 20;
