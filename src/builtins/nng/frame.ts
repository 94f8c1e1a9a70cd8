// Frames: the first byte tells the format. Source: networking §9.
//
// A small frame is copied out of nng's memory when it is received. Of a large one only the head is: the decoder fetches
// the rest bit by bit, and a bytevector right into the value. A view of nng's memory would be no gain: the host keeps a
// record of each until the event loop turns, which it never does here, and counts its size as garbage to be collected.

import type { Value } from '../../values/types.ts';
import { BINARY_MAGIC, decodeBinary, type FrameRest } from './wire-binary.ts';
import { decodeText } from './wire-text.ts';

/** A frame as it is received. Valid until the next one is. */
export class Frame {
  /**
   * @param head  all of a small frame; of others more than a frame has that is not for the program
   * @param rest  what follows the head; null where nothing does
   */
  constructor(
    readonly head: Buffer,
    private readonly rest: FrameRest | null,
  ) {}

  /** In bytes. */
  get length(): number {
    return this.head.length + (this.rest?.length ?? 0);
  }

  /** The value. Raises the errors of networking §9.5. */
  decode(): Value {
    return decodeFrame(this.head, this.rest);
  }

  startsWith(bytes: Uint8Array): boolean {
    if (bytes.length > this.length) return false;
    const start = bytes.length <= this.head.length ? this.head : this.copy();
    return start.compare(bytes, 0, bytes.length, 0, bytes.length) === 0;
  }

  /** All bytes, in memory of their own. */
  copy(): Buffer {
    return joined(this.head, this.rest);
  }
}

/** The value of a frame of either format. Raises the errors of networking §9.5; keeps none of the frame's bytes. */
export function decodeFrame(head: Buffer, rest: FrameRest | null = null): Value {
  if (head.length > 0 && head[0] === BINARY_MAGIC) return decodeBinary(head, rest);
  return decodeText(rest === null ? head : joined(head, rest));
}

function joined(head: Buffer, rest: FrameRest | null): Buffer {
  const bytes = Buffer.allocUnsafeSlow(head.length + (rest?.length ?? 0));
  head.copy(bytes);
  rest?.copy(bytes.subarray(head.length), 0);
  return bytes;
}
