// The tests of a project, or its benchmarks: what runs without a path, and where its modules are found.

import { join } from 'node:path';
import { findProject, packageFolders } from '../../../project/project.ts';
import { isFolder } from '../../../values/file-status.ts';
import { tellFetch } from './support.ts';

export interface Suite {
  /** The folder of the project. */
  readonly root: string;
  /** The folders with the modules of the project and of its packages, those for development included. */
  readonly project: readonly string[];
  /** The folder of the suite, relative to the project's; null if the project has none. */
  readonly folder: string | null;
  /** The same, absolute. */
  readonly place: string;
}

/** The suite of the project around the working directory, null outside of projects. Throws ProjectError. */
export async function projectSuite(name: string): Promise<Suite | null> {
  const project = findProject(process.cwd());
  if (project === null) return null;
  const place = join(project.root, name);
  return {
    root: project.root,
    project: await packageFolders(project, tellFetch),
    folder: isFolder(place) ? name : null,
    place,
  };
}
