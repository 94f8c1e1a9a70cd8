// Frames: the first byte tells the format. Source: networking §9.

import type { Value } from '../../values/types.ts';
import { BINARY_MAGIC, decodeBinary } from './wire-binary.ts';
import { decodeText } from './wire-text.ts';

/** The value of a frame of either format. Raises the errors of networking §9.5; keeps none of the frame's bytes. */
export function decodeFrame(frame: Buffer): Value {
  return frame.length > 0 && frame[0] === BINARY_MAGIC ? decodeBinary(frame) : decodeText(frame);
}
