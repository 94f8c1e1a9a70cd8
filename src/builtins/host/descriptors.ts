// How many descriptors this process may still open, where the system tells.

import { readdirSync, readFileSync } from 'node:fs';

let limit: number | null = null;

/** Infinite where it cannot be known. To list the open ones takes one itself, so without any there are none. */
export function freeDescriptors(): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY;
  try {
    limit ??= readLimit();
    return limit - readdirSync('/proc/self/fd').length;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EMFILE' || code === 'ENFILE' ? 0 : Number.POSITIVE_INFINITY;
  }
}

function readLimit(): number {
  const text = readFileSync('/proc/self/limits', 'utf8');
  return Number(/^Max open files\s+(\d+)/m.exec(text)?.[1] ?? Number.POSITIVE_INFINITY);
}
