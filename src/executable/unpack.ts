// Unpacking an archive: once, into a folder of the user's cache that is named after the archive's hash.
//
//   CACHE/HASH            complete and sound, or broken by somebody else
//   CACHE/HASH.tmp-XXXXXX on its way
//
// Invariant: a folder gets its name when it is complete, by a rename, so that of several processes which unpack at once
// one wins and nobody ever runs half of it. Soundness is looked at on every start, by size and time of each file: all
// files of an archive get one time when they are unpacked, and whoever writes to a file changes it.

import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolders, DistrustedFolder, ensurePrivate, isPrivate } from '../values/cache-folders.ts';
import { makeFolder } from '../values/folders.ts';
import { type Archive, eachFile, type FileList } from './archive.ts';

/** The time of all unpacked files, in seconds since 1970: the start of 2020. */
const FILE_TIME = 1_577_836_800;
/** Somebody else's rename can come between ours; not that often. */
const MOST_ATTEMPTS = 20;
/** What was left on its way for longer than this, nobody will finish. */
const ABANDONED_MS = 3_600_000;

/** The folder that holds an archive's files, unpacked now if need be. Throws an error that says what was tried. */
export function unpack(archive: Archive): string {
  const refused: string[] = [];
  for (const cache of cacheFolders()) {
    try {
      return unpackInto(cache, archive);
    } catch (thrown) {
      const { message } = thrown as Error;
      refused.push(`\n  ${thrown instanceof DistrustedFolder ? message : `${cache}: ${message}`}`);
    }
  }
  throw new Error(
    `found no folder to unpack itself to; name one that you can write to in ETA_CACHE_DIR${refused.join('')}`,
  );
}

function unpackInto(cache: string, archive: Archive): string {
  const folder = join(cache, archive.hash);
  if (isPrivate(cache) && isSound(folder, archive.files)) return folder;
  ensurePrivate(cache);
  removeAbandoned(cache);
  const fresh = mkdtempSync(`${folder}.tmp-`); // mode 0700
  try {
    writeFiles(fresh, archive);
    for (let attempt = 1; !putInPlace(fresh, folder, archive.files); attempt++) {
      if (attempt === MOST_ATTEMPTS) throw new Error(`${folder} cannot be replaced`);
    }
    return folder;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Whether each file is there as it was unpacked. */
export function isSound(folder: string, files: FileList): boolean {
  if (!isPrivate(folder)) return false;
  return files.every(([path, size]) => {
    // Every start waits for this, and path.join would take longer than the system does.
    const stat = statSync(`${folder}/${path}`, { throwIfNoEntry: false });
    return stat !== undefined && stat.size === size && stat.mtimeMs === FILE_TIME * 1000 && stat.isFile();
  });
}

/** The first file that differs from the archive's, byte by byte; null if there is none. Slower than `isSound`. */
export function findDamage(folder: string, archive: Archive): string | null {
  let damaged: string | null = null;
  eachFile(archive, ({ path, bytes }) => {
    if (damaged === null && !(readOptional(join(folder, path))?.equals(bytes) ?? false)) damaged = path;
  });
  return damaged;
}

function readOptional(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

function writeFiles(folder: string, archive: Archive): void {
  const made = new Set<string>();
  eachFile(archive, ({ path, bytes }) => {
    const file = join(folder, path);
    const parent = dirname(file);
    if (!made.has(parent)) makeFolder(parent, 0o700);
    made.add(parent);
    writeFileSync(file, bytes, { mode: 0o500 }); // to read and, a library, to run, but not to write to by mistake
    utimesSync(file, FILE_TIME, FILE_TIME);
  });
}

/** Give a complete folder its name; true also if somebody else was faster. What is broken under the name goes. */
function putInPlace(fresh: string, folder: string, files: FileList): boolean {
  try {
    renameSync(fresh, folder);
    return true;
  } catch (thrown) {
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) throw thrown;
  }
  if (isSound(folder, files)) return true;
  const broken = `${fresh}-broken`;
  try {
    renameSync(folder, broken);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown; // somebody else has moved it
  }
  rmSync(broken, { recursive: true, force: true });
  return false;
}

/** Of processes that were killed while they unpacked. */
function removeAbandoned(cache: string): void {
  for (const name of readdirSync(cache)) {
    if (!name.includes('.tmp-')) continue;
    const path = join(cache, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.ctimeMs > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}
