// A project on disk: found from a working directory, resolved, locked, installed.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../values/whole-file.ts';
import { locateFetched, type Tell } from './cache.ts';
import { guarded, ProjectError } from './errors.ts';
import { type Package, resolveGraph } from './graph.ts';
import { installPackages } from './install.ts';
import { LOCKFILE, lockfileText } from './lockfile.ts';
import { findManifest, type Manifest, readManifest } from './manifest.ts';

/** The manifest of the project around a folder, null if there is none. Throws ProjectError for one that is wrong. */
export function findProject(folder: string): Manifest | null {
  const path = findManifest(folder, existsSync);
  return path === null ? null : readManifest(realpathSync(path));
}

/** The same where there has to be one; else `message` is the error. */
export function openProject(folder: string, message: string): Manifest {
  const project = findProject(folder);
  if (project === null) throw new ProjectError(message);
  return project;
}

export const modulesFolder = ({ root }: Manifest): string => join(root, '.eta', 'modules');

/** The packages of a project, the root first. Fetches what the cache does not have. */
export const resolve = (project: Manifest, withDev: boolean, tell: Tell): Promise<Package[]> =>
  resolveGraph(project, withDev, locateFetched(tell));

/**
 * The folders with the modules of a project and of everything that it depends on, for development, too: what its lock
 * file does not know. Writes nothing to the project.
 */
export async function packageFolders(project: Manifest, tell: Tell): Promise<string[]> {
  const packages = await resolve(project, true, tell);
  return packages.flatMap(({ root }) => {
    const sources = join(root, 'src');
    const built = join(root, 'target', 'release');
    const own = root === project.root || !existsSync(built) ? [] : [built];
    return [...own, existsSync(sources) ? sources : root];
  });
}

/** Resolve, record the result in the lock file, and put the packages where imports find them. */
export async function synchronise(project: Manifest, tell: Tell): Promise<Package[]> {
  const packages = await resolve(project, false, tell);
  writeLockfile(join(project.root, LOCKFILE), lockfileText(packages));
  installPackages(packages, modulesFolder(project));
  return packages;
}

/** Only what is new is written: a project that cannot be written to runs, too. */
function writeLockfile(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  guarded(`cannot write ${LOCKFILE}`, () => writeWhole(path, text));
}
