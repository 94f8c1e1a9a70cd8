// The tests of a project: what `etai test` runs without a path, and where its modules are found.

import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findProject, packageFolders } from '../../../project/project.ts';
import { tellFetch } from './support.ts';

export interface Suite {
  /** The folders with the modules of the project and of its packages, those for development included. */
  readonly project: readonly string[];
  /** The folder of the tests, relative to the working directory; null if the project has none. */
  readonly folder: string | null;
  /** The same, absolute. */
  readonly place: string;
}

/** The suite of the project around the working directory, null outside of projects. Throws ProjectError. */
export async function projectSuite(): Promise<Suite | null> {
  const project = findProject(process.cwd());
  if (project === null) return null;
  const place = join(project.root, 'tests');
  const exists = statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const folder = exists ? relative(process.cwd(), place) || '.' : null;
  return { project: await packageFolders(project, tellFetch), folder, place };
}
