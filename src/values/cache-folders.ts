// Where a user's unpacked archives may lie, the folder to prefer first.
//
//   ETA_CACHE_DIR               if it is set, this and no other
//   the user's cache folder     XDG_CACHE_HOME or ~/.cache, ~/Library/Caches, LOCALAPPDATA
//   a folder of the temporary folder, named after the user
//
// Programs are run from there, so a folder counts only if it is the user's own and nobody else can write to it.

import { lstatSync } from 'node:fs';
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

/** Make a folder that only its owner can enter, if there is none. Throws if others can write to the one that is there. */
export function ensurePrivate(folder: string): void {
  makeFolder(folder, 0o700);
  if (!isPrivate(folder)) throw new Error('not a folder that belongs to this user, or others can write to it');
}

/** Whether this is a folder, no link, that only this user can write to. */
export function isPrivate(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return false;
  // Windows gives each user folders of their own, and knows no such modes.
  return process.platform === 'win32' || (stat.uid === process.geteuid!() && (stat.mode & 0o022) === 0);
}
