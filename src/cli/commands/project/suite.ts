// The tests of a project: what `etai test` runs without a path, and where its modules are found.

import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findProject, testSearchPath } from '../../../project/project.ts';

export interface Suite {
  /** Folders for the search path, dependencies for development included. */
  readonly path: readonly string[];
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
  return { path: await testSearchPath(project), folder: exists ? relative(process.cwd(), place) || '.' : null, place };
}
