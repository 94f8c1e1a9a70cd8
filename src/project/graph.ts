// The graph of a project: its package and all that it depends on, each package once.
//
// Dependencies are visited depth-first, in the order of their names. There is no choosing of versions: a package has the
// version that its manifest says, and one name is one manifest. Source: tools §8.8.

import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isFile } from '../values/file-status.ts';
import { ProjectError } from './errors.ts';
import { type DependencySource, MANIFEST, type Manifest, readManifest } from './manifest.ts';

export interface Package {
  readonly name: string;
  readonly version: string;
  /** `root`, `path+DIR`, `git+URL#REV`, `tarball+PATH#sha256=HEX`. */
  readonly sourceId: string;
  /** Where its files are: the author's for a path, the cache for everything else. */
  readonly root: string;
  /** Names, sorted. */
  readonly dependencies: readonly string[];
}

/** Where the files of a dependency are that is no path; may fetch them. */
export type Locate = (name: string, source: DependencySource, manifest: Manifest) => Promise<Located>;

export interface Located {
  readonly root: string;
  readonly sourceId: string;
}

/**
 * Resolve a project. Throws ProjectError.
 *
 * @returns the root package first, the others by name
 */
export async function resolveGraph(root: Manifest, withDev: boolean, locate: Locate): Promise<Package[]> {
  const resolver = new Resolver(locate);
  const found = await resolver.visit(root, 'root', withDev);
  return [found, ...resolver.others(found)];
}

class Resolver {
  private readonly done = new Map<string, { manifest: string; package: Package }>();
  /** Names of packages being visited, outermost first. */
  private readonly pending: string[] = [];

  constructor(private readonly locate: Locate) {}

  others(root: Package): Package[] {
    const packages = [...this.done.values()].map((each) => each.package).filter((each) => each !== root);
    return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async visit(manifest: Manifest, sourceId: string, withDev: boolean): Promise<Package> {
    const { name, version, root, path } = manifest;
    const known = this.done.get(name);
    if (known !== undefined) {
      if (known.manifest === path) return known.package;
      throw new ProjectError(`package name '${name}' is provided by multiple manifests: ${known.manifest} and ${path}`);
    }
    if (this.pending.includes(name)) {
      const cycle = [...this.pending.slice(this.pending.indexOf(name)), name].join(' -> ');
      throw new ProjectError(`dependency cycle detected at package '${name}': ${cycle}`);
    }
    this.pending.push(name);
    const wanted = new Map([...manifest.dependencies, ...(withDev ? manifest.devDependencies : [])]);
    const dependencies = [...wanted.keys()].sort();
    for (const key of dependencies) await this.visitDependency(key, wanted.get(key)!, manifest);
    this.pending.pop();
    const found = { name, version, sourceId, root, dependencies };
    this.done.set(name, { manifest: path, package: found });
    return found;
  }

  private async visitDependency(key: string, source: DependencySource, from: Manifest): Promise<void> {
    const { root, sourceId } =
      source.kind === 'path' ? locatePath(key, source.path, from) : await this.locate(key, source, from);
    const path = realpathSync(join(root, MANIFEST));
    let manifest: Manifest;
    try {
      manifest = readManifest(path);
    } catch (thrown) {
      throw new ProjectError(`failed to read manifest '${path}': ${(thrown as Error).message}`);
    }
    if (manifest.name !== key) {
      throw new ProjectError(`dependency key '${key}' does not match package.name '${manifest.name}' in ${path}`);
    }
    await this.visit(manifest, sourceId, false);
  }
}

/** A path dependency is a folder, or a manifest, relative to the manifest that declares it. */
function locatePath(key: string, path: string, from: Manifest): Located {
  const given = resolve(from.root, path);
  const folder = isFile(given) ? resolve(given, '..') : given;
  if (!existsSync(join(folder, MANIFEST))) {
    throw new ProjectError(`dependency '${key}' manifest not found at ${join(folder, MANIFEST)}`);
  }
  const root = realpathSync(folder);
  return { root, sourceId: `path+${root.replaceAll('\\', '/')}` };
}
