// Files without a name: they are gone when their descriptor is closed, however the program ends.

import * as fs from 'node:fs';
import { createTemporary } from '../files.ts';

/** A new empty file, open for reading and writing, at its start. The caller closes it. */
export function openAnonymousFile(): number {
  let descriptor = -1;
  const name = createTemporary('process-spawn-failed: cannot create a temporary file', '.tmp', (path) => {
    descriptor = fs.openSync(path, 'wx+', 0o600);
  });
  // Where an open file cannot be removed (Windows), it stays in the folder for temporary files.
  try {
    fs.unlinkSync(name);
  } catch {}
  return descriptor;
}

/** All of it, wherever its offset stands: that is shared with the children that have written it. */
export function readAnonymousFile(descriptor: number): Buffer {
  const bytes = Buffer.alloc(fs.fstatSync(descriptor).size);
  let length = 0;
  for (let count = -1; count !== 0 && length < bytes.length; length += count) {
    count = fs.readSync(descriptor, bytes, length, bytes.length - length, length);
  }
  return bytes.subarray(0, length);
}
