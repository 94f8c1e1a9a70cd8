// Writing the files that commands make: a file is replaced all at once, so that nobody sees half of it and a full disk
// loses nothing; what is no file, but a device or a pipe, is written to.

import { randomBytes } from 'node:crypto';
import {
  type BigIntStats,
  chmodSync,
  closeSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { writeAll } from './ports.ts';

/** Parts that follow one another. */
export type Content = string | readonly Uint8Array[];

/**
 * What speaks against writing to a path, as words to stand behind it; null if nothing does. Says nothing of permissions.
 * Node's file, and that of etai, could be replaced while they run; but nobody means to.
 *
 * @param sources  files that what is written is made of, and that must not be lost
 */
export function obstacleToWriting(path: string, sources: readonly string[] = []): string | null {
  const target = reachable(path);
  if (target === undefined) return null;
  if (target.isDirectory()) return 'is a folder';
  const isTarget = (source: string): boolean => {
    const stat = reachable(source);
    return stat !== undefined && stat.dev === target.dev && stat.ino === target.ino;
  };
  if (!target.isFile()) return null;
  if ([process.execPath, process.argv[1] ?? ''].some(isTarget)) return 'is what runs just now';
  return sources.some(isTarget) ? 'would overwrite its own source' : null;
}

/**
 * Put a content in the place of a file, or write it to a device or a pipe. A link is followed. A file that was there
 * keeps its mode. Throws what the system says.
 *
 * @param isExecutable  whether it is to be run
 */
export function writeWhole(path: string, content: Content, isExecutable = false): void {
  const before = statOf(path);
  if (before !== undefined && !before.isFile()) {
    writeParts(openSync(path, 'w'), content);
    return;
  }
  const target = linkedFile(path);
  const beside = `${target}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeParts(openSync(beside, 'wx', isExecutable ? 0o755 : 0o666), content);
    if (isExecutable) chmodSync(beside, 0o755);
    else if (before !== undefined) chmodSync(beside, Number(before.mode) & 0o7777);
    renameSync(beside, target);
  } catch (thrown) {
    rmSync(beside, { force: true });
    throw thrown;
  }
}

const statOf = (path: string): BigIntStats | undefined => statSync(path, { bigint: true, throwIfNoEntry: false });

/** Undefined, too, for what cannot be looked at: whoever reads or writes it is told why. */
function reachable(path: string): BigIntStats | undefined {
  try {
    return statOf(path);
  } catch {
    return undefined;
  }
}

/** The file that a path leads to, whether it is there or not: a link may wait for its file. */
function linkedFile(path: string): string {
  const place = join(realpathSync(dirname(resolve(path))), basename(path));
  let link: string;
  try {
    link = readlinkSync(place);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EINVAL' || code === 'ENOENT') return place; // no link
    throw thrown;
  }
  return linkedFile(resolve(dirname(place), link));
}

/** Write to a descriptor, and close it. */
function writeParts(fd: number, content: Content): void {
  try {
    for (const bytes of typeof content === 'string' ? [Buffer.from(content)] : content) writeAll(fd, bytes);
  } finally {
    closeSync(fd);
  }
}
