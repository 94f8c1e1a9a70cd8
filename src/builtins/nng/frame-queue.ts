// Frames that have been taken from nng ahead of `recv!`, by `nng-poll` for example: first in, first out.

import type { Frame } from './frame.ts';

export class FrameQueue {
  private frames: Buffer[] = [];
  private head = 0;

  get isEmpty(): boolean {
    return this.head === this.frames.length;
  }

  get length(): number {
    return this.frames.length - this.head;
  }

  /** Keeps a copy: frames come in a buffer that is reused. */
  push(frame: Frame): void {
    this.frames.push(frame.copy());
  }

  shift(): Buffer {
    const frame = this.frames[this.head];
    this.frames[this.head++] = NO_FRAME;
    if (this.head === this.frames.length) {
      this.frames = [];
      this.head = 0;
    }
    return frame;
  }
}

const NO_FRAME = Buffer.alloc(0);
