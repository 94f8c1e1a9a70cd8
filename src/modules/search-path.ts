// The module search path: which directories are tried, in which order, and which file a module name means.
//
//   1. the project around the working directory (the first `eta.toml` upwards): its src, then its packages, a path as it
//      lies there now and everything else as it is installed
//   2. the --path directories, or, if there are none, those of ETA_MODULE_PATH
//   3. the standard library
//   4. the directory of the file that was started
//
// Invariant: every directory of a path exists, is canonical and occurs once, so that one file has one name.
// Source: tools §2, language §14.3.

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isFile, isFolder } from '../values/file-status.ts';

export interface SearchPathOptions {
  /** Where discovery of a project starts: the working directory; null for a program that belongs to none. */
  readonly startDirectory: string | null;
  /** The folders of the project and of its packages, where somebody has resolved it, in place of what the lock file says. */
  readonly project?: readonly string[];
  /** The value of `--path`, null when it was not given. */
  readonly configured: string | null;
  /** The value of ETA_MODULE_PATH. */
  readonly environment: string | undefined;
  /** The folders of the standard library, the one to prefer first. */
  readonly stdlib: readonly string[];
}

/** The directories of a path string: empty segments count for nothing. */
export function splitPathString(text: string): string[] {
  return text.split(delimiter).filter((segment) => segment !== '');
}

/** The search path, in order, without the directory of the started file (see `withDirectory`). */
export function buildSearchPath(options: SearchPathOptions): string[] {
  const configured = splitPathString(options.configured ?? '');
  const directories = [
    ...(options.project ?? (options.startDirectory === null ? [] : projectDirectories(options.startDirectory))),
    ...(configured.length > 0 ? configured : splitPathString(options.environment ?? '')),
    ...options.stdlib,
  ];
  return directories.reduce(withDirectory, []);
}

/** The path with a directory added at its end, unless it is there already or is no directory. */
export function withDirectory(path: readonly string[], directory: string): string[] {
  const canonical = canonicalDirectory(directory);
  return canonical === null || path.includes(canonical) ? [...path] : [...path, canonical];
}

function canonicalDirectory(directory: string): string | null {
  try {
    const canonical = realpathSync.native(directory);
    return statSync(canonical).isDirectory() ? canonical : null;
  } catch {
    return null;
  }
}

/** `a.b.c` is looked for as `a/b/c.etac`, then `a/b/c.eta`, then (for R7RS libraries) `a/b/c.sld`. */
const EXTENSIONS = ['.etac', '.eta', '.sld'] as const;

/** The file of a module, canonical; null when no directory of the path has it. */
export function findModule(name: string, path: readonly string[]): string | null {
  return candidates(name, path).next().value ?? null;
}

/** The files that a module name can mean, one a directory at most, each once (tools §2.4). */
export function findAllModules(name: string, path: readonly string[]): string[] {
  return [...new Set(candidates(name, path))];
}

function* candidates(name: string, path: readonly string[]): Generator<string, undefined> {
  const relative = relativePath(name);
  if (relative === null) return undefined;
  for (const directory of path) {
    for (const extension of EXTENSIONS) {
      const file = join(directory, relative + extension);
      if (isFile(file)) {
        yield realpathSync.native(file);
        break;
      }
    }
  }
  return undefined;
}

/** The files that a module could have. */
export function possibleFiles(name: string, path: readonly string[]): string[] {
  const relative = relativePath(name);
  if (relative === null) return [];
  return path.flatMap((directory) => EXTENSIONS.map((extension) => join(directory, relative + extension)));
}

/** Modules that have a file where a module of this name would have one. */
export function modulesBeside(name: string, path: readonly string[]): string[] {
  const relative = relativePath(name);
  if (relative === null) return [];
  const folder = dirname(relative);
  const prefix = folder === '.' ? '' : `${folder.replaceAll('/', '.')}.`;
  const isModule = (file: string) => EXTENSIONS.some((extension) => file.endsWith(extension));
  return path.flatMap((directory) =>
    filesIn(join(directory, folder))
      .filter(isModule)
      .map((file) => prefix + file.replace(/\.[a-z]+$/, '')),
  );
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A module's path below a search directory; null for a name that would lead out of it or nowhere. */
export function relativePath(name: string): string | null {
  const segments = name.split('.');
  const sound = segments.every((segment) => segment !== '' && !/[/\\\0]/.test(segment));
  return sound ? segments.join('/') : null;
}

/** Directories of the project that `start` lies in: its sources, then those of its packages. */
function projectDirectories(start: string): string[] {
  const root = projectRoot(start);
  if (root === null) return [];
  const sources = join(root, 'src');
  return [isFolder(sources) ? sources : root, ...packageFolders(root).flatMap(layoutDirectories)];
}

/** The innermost directory around `start` that holds an `eta.toml`. */
export function projectRoot(start: string): string | null {
  for (let directory = start; ; ) {
    if (existsSync(join(directory, 'eta.toml'))) return directory;
    const parent = dirname(directory);
    if (parent === directory) return null;
    directory = parent;
  }
}

/** The packages that a project depends on, in the order of its lock file; without one, what is installed, sorted. */
function packageFolders(root: string): string[] {
  const modules = join(root, '.eta', 'modules');
  const lock = join(root, 'eta.lock');
  const locked = lockedPackages(readOptional(lock) ?? '');
  if (locked !== null) {
    return locked.map(({ installed, path }) =>
      path !== null && existsSync(join(path, 'eta.toml')) ? path : join(modules, installed),
    );
  }
  return filesIn(modules)
    .map((name) => join(modules, name))
    .filter(isFolder)
    .sort();
}

function readOptional(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

interface LockedPackage {
  /** `NAME-VERSION`. */
  readonly installed: string;
  /** Of a path, where its author keeps it: that is newer than the copy that was installed, or the same. */
  readonly path: string | null;
}

/**
 * The packages of a lock file, the root package left out; null for a text without any package.
 *
 * Reads just the `name`, `version` and `source` strings of the `[[package]]` tables.
 */
function lockedPackages(text: string): LockedPackage[] | null {
  const tables = text.split(/^\s*\[\[package\]\]\s*$/m).slice(1);
  if (tables.length === 0) return null;
  const packages: LockedPackage[] = [];
  for (const table of tables) {
    const field = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*"([^"]*)"`, 'm').exec(table)?.[1];
    const [name, version, source] = [field('name'), field('version'), field('source')];
    if (name === undefined || version === undefined) return null;
    if (source === 'root') continue;
    packages.push({ installed: `${name}-${version}`, path: /^path\+(.+)$/.exec(source ?? '')?.[1] ?? null });
  }
  return packages;
}

function layoutDirectories(root: string): string[] {
  const release = join(root, 'target', 'release');
  const sources = join(root, 'src');
  return [...(isFolder(release) ? [release] : []), isFolder(sources) ? sources : root];
}
