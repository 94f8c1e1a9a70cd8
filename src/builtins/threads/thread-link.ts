// A thread actor, as its handle sees it. Source: networking §11.4, §12.1.

import { closeDescriptor, waitDescriptor } from '../host/libc.ts';
import { WorkerLink } from '../nng/link.ts';
import type { ThreadStatus } from './protocol.ts';

/** A handle's socket closes the lifeline; the end pipe closes when the end has been seen. */
export class ThreadLink extends WorkerLink {
  private startSeen = false;

  constructor(
    /** Null once it has been read: handles may be kept for long. */
    private memory: ThreadStatus | null,
    /** Hangs up when the thread has ended; -1 where the system has no poll(2). */
    public endFd: number,
    private lifelineFd: number,
  ) {
    super();
  }

  /** Whether its program has begun. */
  get hasStarted(): boolean {
    this.startSeen ||= this.memory?.hasStarted ?? false;
    return this.startSeen;
  }

  protected refresh(): void {
    const { memory } = this;
    if (memory === null) return;
    const isRunning = this.endFd < 0 ? memory.isRunning : waitDescriptor(this.endFd, 0) === 0;
    if (isRunning) return;
    this.startSeen = memory.hasStarted;
    this.memory = null;
    this.end(memory.read());
    this.closeEnd();
  }

  /** Ask the thread to end; it finds out when it looks. */
  interrupt(): void {
    this.memory?.interrupt();
  }

  /** Nothing ends a thread that never looks: after the grace period it is left to itself. */
  kill(graceMs: number): void {
    if (this.hasEnded()) return;
    this.interrupt();
    this.awaitEnd(graceMs);
  }

  /** The thread sees that its parent has closed the handle. */
  close(): void {
    closeDescriptor(this.lifelineFd);
    this.lifelineFd = -1;
  }

  /** Let go of everything, at the end of the VM. */
  abandon(): void {
    this.close();
    this.closeEnd();
  }

  private closeEnd(): void {
    closeDescriptor(this.endFd);
    this.endFd = -1;
  }
}
