// The text wire format: the value as `write` prints it, in UTF-8, and so that it reads back. Source: networking §9.3.

import { DatumReadError, readWireDatum } from '../../reader/index.ts';
import { nngError } from '../../values/errors.ts';
import { datumText } from '../../values/printer.ts';
import type { Value } from '../../values/types.ts';
import { nestingTooDeep } from './serializable.ts';
import { encodeBinary } from './wire-binary.ts';

const TOO_DEEP = 'ParseErrorKind::NestingTooDeep';

/** The text frame of a value. Raises the refusals of networking §8.3 and §9.4 for values that cannot be sent. */
export function encodeText(value: Value): Buffer {
  encodeBinary(value); // for its refusals: both formats carry the same values
  return Buffer.from(datumText(value), 'utf8');
}

/** The first datum of a text frame; what follows it is ignored. Raises the errors of networking §9.5. */
export function decodeText(frame: Buffer): Value {
  try {
    return readWireDatum(frame.toString('utf8'));
  } catch (error) {
    if (!(error instanceof DatumReadError)) throw error;
    throw error.kind === TOO_DEEP ? nestingTooDeep() : nngError(error.message);
  }
}
