// A project on disk: found from a working directory, resolved, locked, installed.

import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { locateFetched } from './cache.ts';
import { guarded, ProjectError } from './errors.ts';
import { type Package, resolveGraph } from './graph.ts';
import { installPackages } from './install.ts';
import { LOCKFILE, lockfileText } from './lockfile.ts';
import { findManifest, type Manifest, readManifest } from './manifest.ts';

/** The manifest of the project around a folder. Throws ProjectError, with `message` where there is none. */
export function openProject(folder: string, message: string): Manifest {
  const path = findManifest(folder, existsSync);
  if (path === null) throw new ProjectError(message);
  return readManifest(realpathSync(path));
}

export const modulesFolder = ({ root }: Manifest): string => join(root, '.eta', 'modules');

/** The packages of a project, the root first. Fetches what the cache does not have. */
export const resolve = (project: Manifest, withDev: boolean): Promise<Package[]> =>
  resolveGraph(project, withDev, locateFetched);

/** Resolve, record the result in the lock file, and put the packages where imports find them. */
export async function synchronise(project: Manifest): Promise<Package[]> {
  const packages = await resolve(project, false);
  guarded(`cannot write ${LOCKFILE}`, () => writeFileSync(join(project.root, LOCKFILE), lockfileText(packages)));
  installPackages(packages, modulesFolder(project));
  return packages;
}
