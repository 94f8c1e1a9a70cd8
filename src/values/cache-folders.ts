// Where a user's cache may lie, of unpacked archives and of compiled code; the folder to prefer first.
//
//   ETA_CACHE_DIR               if it is set, this and no other
//   the user's cache folder     XDG_CACHE_HOME or ~/.cache, ~/Library/Caches, LOCALAPPDATA
//   a folder of the temporary folder, named after the user
//
// Programs are run from there, so a folder counts only if it is the user's own and nobody else can write to it.

import { lstatSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { makeFolder } from './folders.ts';

/** The folders, whether they exist or not. */
export function cacheFolders(): readonly string[] {
  const { env, platform } = process;
  if (env.ETA_CACHE_DIR) return [resolve(env.ETA_CACHE_DIR)];
  const folders: string[] = [];
  const add = (base: string | undefined, ...rest: string[]) => {
    if (base !== undefined && isAbsolute(base)) folders.push(join(base, ...rest));
  };
  if (platform === 'win32') {
    add(env.LOCALAPPDATA, 'eta', 'cache');
    add(env.TEMP, 'eta-cache');
  } else {
    add(env.XDG_CACHE_HOME, 'eta');
    add(homeFolder(), ...(platform === 'darwin' ? ['Library', 'Caches', 'eta'] : ['.cache', 'eta']));
    for (const temporary of new Set([env.TMPDIR, '/tmp', '/var/tmp', '/dev/shm'])) {
      add(temporary, `eta-cache-${process.geteuid!()}`);
    }
  }
  return folders;
}

/** HOME, or what the system's list of users says. */
function homeFolder(): string | undefined {
  if (process.env.HOME) return process.env.HOME;
  try {
    return userInfo().homedir;
  } catch {
    return undefined; // a user without an entry
  }
}

/** A folder that is not to be used. The message says which, and why. */
export class DistrustedFolder extends Error {}

/** Make a folder that only its owner can enter, if there is none. Throws if others can write to the one that is there. */
export function ensurePrivate(folder: string): void {
  makeFolder(folder, 0o700);
  demandTrust(folder, OTHERS_WRITE);
}

/** Bits of a mode: that others than the owner can write to it, that they can do anything with it. */
const OTHERS_WRITE = 0o022;
const OTHERS_ANY = 0o077;

/** Whether this is a folder, no link, that only this user can write to. */
export const isPrivate = (folder: string): boolean => distrustOf(folder, OTHERS_WRITE) === null;

/** Make a folder in a private one, which nobody else can enter, if there is none. Throws if the one there is open to others. */
export function ensureClosed(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) mkdirSync(folder, 0o700);
  demandTrust(folder, OTHERS_ANY);
}

/** Whether this is a folder of this user that nobody else can enter. */
export const isClosed = (folder: string): boolean => distrustOf(folder, OTHERS_ANY) === null;

function demandTrust(folder: string, othersMay: number): void {
  const reason = distrustOf(folder, othersMay);
  if (reason !== null) throw new DistrustedFolder(`${folder} ${reason}`);
}

/** Why a folder is not to be used, as words to stand behind it; null if it is fine. */
function distrustOf(folder: string, othersMay: number): string | null {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return 'is no folder';
  // Windows gives each user folders of their own, and knows no such modes.
  if (process.platform === 'win32') return null;
  if (stat.uid !== process.geteuid!()) return 'belongs to another user';
  const mode = (stat.mode & 0o777).toString(8);
  return (stat.mode & othersMay) === 0 ? null : `is open to others (mode ${mode})`;
}
