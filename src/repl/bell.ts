// The prompt's end of its bell (values/bell.ts).

import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import { createPipe, isPosix } from '../builtins/host/libc.ts';
import { CHILD_ENDED, PRINTED } from '../values/bell.ts';

export interface BellListener {
  /** Something else has printed on the terminal. */
  printed(): void;
  /** A child process has ended, and with it the mode of the terminal. */
  childEnded(): void;
}

/** As much as a pipe holds. */
const PIPE_BYTES = 65_536;

export class Bell {
  private pipe: { readonly readFd: number; readonly writeFd: number } | null = null;
  private isTried = false;
  private listener: BellListener | null = null;

  /** What rings; undefined where the system has no such thing. Made when it is first asked for. */
  get descriptor(): number | undefined {
    if (!this.isTried) this.make();
    return this.pipe?.writeFd;
  }

  /** From now on, tell this listener, and nobody if it is null. What has rung before is forgotten. */
  listen(listener: BellListener | null): void {
    if (listener !== null) this.forget();
    this.listener = listener;
  }

  private make(): void {
    this.isTried = true;
    if (!isPosix) return;
    try {
      const pipe = createPipe(false);
      const socket = new Socket({ fd: pipe.readFd, readable: true, writable: false });
      socket.on('data', (bytes) => this.rung(bytes));
      socket.on('error', () => {});
      socket.unref();
      this.pipe = pipe;
    } catch {
      // No koffi, or no descriptor to be had: the prompt is drawn with the next key.
    }
  }

  private rung(events: Uint8Array): void {
    if (events.includes(CHILD_ENDED)) this.listener?.childEnded();
    if (events.includes(PRINTED)) this.listener?.printed();
  }

  private forget(): void {
    try {
      if (this.pipe !== null) readSync(this.pipe.readFd, new Uint8Array(PIPE_BYTES));
    } catch {
      // It has not rung.
    }
  }
}
