// Installing: the resolved packages of a project put where the module search path finds them,
// `.eta/modules/NAME-VERSION`. Of a path it is a fresh copy, of what is fetched a link into the cache.
// Source: tools §8.9.

import { cpSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { makeFolder } from '../values/folders.ts';
import { guarded } from './errors.ts';
import type { Package } from './graph.ts';

/** What belongs to the author of a package alone. */
const NOT_COPIED = new Set(['.eta', '.git', 'node_modules']);

/** Put all packages but the root into `folder`; one that is there already is replaced at once. */
export function installPackages(packages: readonly Package[], folder: string): void {
  const others = packages.slice(1);
  if (others.length === 0) return;
  guarded(`cannot install into ${folder}`, () => {
    makeFolder(folder);
    for (const each of others) installPackage(each, folder);
  });
}

function installPackage({ name, version, root, sourceId }: Package, folder: string): void {
  const place = join(folder, `${name}-${version}`);
  const isPath = sourceId.startsWith('path+');
  if (!isPath && linkedFrom(place) === root) return;
  const fresh = join(folder, `.${name}-${version}-${process.pid}`);
  const old = `${fresh}-old`;
  const tidy = () => {
    for (const each of [fresh, old]) rmSync(each, { recursive: true, force: true });
  };
  tidy();
  try {
    if (isPath) copy(root, fresh);
    else link(root, fresh);
    moveIfThere(place, old);
    putInPlace(fresh, place);
  } finally {
    tidy();
  }
}

function linkedFrom(place: string): string | null {
  try {
    return readlinkSync(place);
  } catch {
    return null;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  }
}

/** What the system says where a folder or a link is to be, and is one. */
const TAKEN = new Set<string | undefined>(['ENOTEMPTY', 'EEXIST', 'EISDIR', 'ENOTDIR']);

function putInPlace(fresh: string, place: string): void {
  try {
    renameSync(fresh, place);
  } catch (thrown) {
    // Another process installs, too, and was quicker: its copy is as good.
    if (!TAKEN.has((thrown as NodeJS.ErrnoException).code)) throw thrown;
  }
}

/** A tree that contains its own copy's place (a dependency that holds the project) is copied as it is without `.eta`. */
function copy(from: string, to: string): void {
  mkdirSync(to);
  for (const each of readdirSync(from)) {
    if (NOT_COPIED.has(each)) continue;
    cpSync(join(from, each), join(to, each), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !NOT_COPIED.has(basename(path)),
    });
  }
}

function link(from: string, to: string): void {
  try {
    symlinkSync(from, to, 'dir');
  } catch {
    copy(from, to); // Windows without the right to make links
  }
}
