// The archive at the end of an executable.
//
//   Node's own file │ files, back to back │ index, JSON │ trailer
//
// The trailer has a fixed length: the magic bytes, then as two 32-bit numbers, little-endian, how many bytes the index
// and the files have. Whoever has the executable can read it from its end, and take it off again, which is how
// `etai bundle` makes new executables out of old ones without any other tool.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MAGIC = 'ETA-ARCHIVE-0001';
const TRAILER_BYTES = MAGIC.length + 8;
/** Behind this an index is no index of ours. */
const LONGEST_INDEX = 16 * 2 ** 20;

export interface ArchivedFile {
  /** Below the folder that it is unpacked to, with slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Path and size of each file, in their order in the archive. */
export type FileList = readonly (readonly [path: string, size: number])[];

export interface ArchiveIndex {
  /** Says that two archives have the same files: hexadecimal digits. */
  readonly hash: string;
  /** Of etai. */
  readonly version: string;
  /** The path of the program that the executable is made for; null for etai itself. */
  readonly program: string | null;
  readonly files: FileList;
}

export interface Archive extends ArchiveIndex {
  /** The executable. */
  readonly executable: string;
  /** Where the first file begins in the executable, which is also the length of what is in front of the archive. */
  readonly start: number;
}

/** The bytes that make an executable of Node's file when they are appended to it. */
export function encodeArchive(index: ArchiveIndex, files: readonly ArchivedFile[]): Uint8Array[] {
  const indexBytes = Buffer.from(JSON.stringify(index));
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.write(MAGIC, 'latin1');
  trailer.writeUInt32LE(indexBytes.length, MAGIC.length);
  trailer.writeUInt32LE(totalSize(index.files), MAGIC.length + 4);
  return [...files.map(({ bytes }) => bytes), indexBytes, trailer];
}

/** The archive of an executable, null where it has none. Throws what the host throws if it cannot be read. */
export function readArchive(executable: string): Archive | null {
  const fd = openSync(executable, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size < TRAILER_BYTES) return null;
    const trailer = readAt(fd, size - TRAILER_BYTES, TRAILER_BYTES);
    if (trailer.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
    const indexLength = trailer.readUInt32LE(MAGIC.length);
    const start = size - TRAILER_BYTES - indexLength - trailer.readUInt32LE(MAGIC.length + 4);
    if (start < 0 || indexLength > LONGEST_INDEX) return null;
    const index = JSON.parse(readAt(fd, size - TRAILER_BYTES - indexLength, indexLength).toString()) as ArchiveIndex;
    return { ...index, executable, start };
  } finally {
    closeSync(fd);
  }
}

/** Call `visit` with each file, in order. */
export function eachFile({ executable, start, files }: Archive, visit: (file: ArchivedFile) => void): void {
  const fd = openSync(executable, 'r');
  try {
    let position = start;
    for (const [path, size] of files) {
      visit({ path, bytes: readAt(fd, position, size) });
      position += size;
    }
  } finally {
    closeSync(fd);
  }
}

const totalSize = (files: FileList): number => files.reduce((sum, [, size]) => sum + size, 0);

function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const count = readSync(fd, bytes, done, length - done, position + done);
    if (count === 0) throw new Error('the executable is cut off');
    done += count;
  }
  return bytes;
}
