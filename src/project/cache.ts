// The cache of dependencies that are fetched: git repositories at a commit, tarballs with a checksum.
//
//   ~/.eta/cache/modules/git-KEY/         a checkout
//                        tarball-KEY/     an unpacked tarball
//
// KEY is a hash of the source id, which says all that the contents hang on; so what is there is never fetched again, unless
// somebody has taken its manifest away. It is made in a folder beside its place and renamed into it, so that two processes
// may fetch one thing at once.
// Source: tools §8.9.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFolder, statusOf } from '../values/file-status.ts';
import { makeFolder } from '../values/folders.ts';
import { ProjectError } from './errors.ts';
import type { Locate, Located } from './graph.ts';
import { type DependencySource, MANIFEST, type Manifest } from './manifest.ts';

type GitSource = Extract<DependencySource, { kind: 'git' }>;
type TarballSource = Extract<DependencySource, { kind: 'tarball' }>;

/** Is told what is fetched now, which takes its time, and '' when that has ended. */
export type Tell = (what: string) => void;

/** What finds the root folder of a dependency that is no path, and fetches it if the cache does not have it. */
export const locateFetched =
  (tell: Tell): Locate =>
  async (name, source, manifest) => {
    try {
      if (source.kind === 'git') return await locateGit(name, source, manifest, tell);
      if (source.kind === 'tarball') return await locateTarball(name, source, manifest, tell);
      throw new ProjectError(`dependency '${name}' is a path`);
    } catch (thrown) {
      if (thrown instanceof ProjectError || !('syscall' in (thrown as Error))) throw thrown;
      throw new ProjectError(`cannot use the cache for dependency '${name}': ${(thrown as Error).message}`);
    } finally {
      tell('');
    }
  };

function cacheFolder(): string {
  const home = process.env['HOME'] || homedir();
  if (home === '') throw new ProjectError('failed to resolve user home directory');
  const folder = join(home, '.eta', 'cache', 'modules');
  makeFolder(folder);
  return folder;
}

/** 64-bit FNV-1a of a source id, in hexadecimal. */
export function cacheKey(sourceId: string): string {
  let hash = 1_469_598_103_934_665_603n;
  for (const byte of Buffer.from(sourceId)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 1_099_511_628_211n);
  }
  return hash.toString(16).padStart(16, '0');
}

/** The folder of an entry, made by `fill` in a fresh folder if it is not there or has no package in it. */
async function entry(name: string, fill: (folder: string) => void | Promise<void>): Promise<string> {
  const cache = cacheFolder();
  const place = join(cache, name);
  if (packageRoots(place).length === 1) return place;
  removeAbandoned(cache);
  const fresh = mkdtempSync(join(cache, `.${name}-`));
  try {
    await fill(fresh);
    if (packageRoots(place).length !== 1) rmSync(place, { recursive: true, force: true });
    renameSync(fresh, place);
  } catch (thrown) {
    // Somebody else was quicker: theirs is as good.
    if (packageRoots(place).length !== 1) throw thrown;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return place;
}

/** What was begun longer ago than this, nobody will finish. */
const ABANDONED_MS = 24 * 3_600_000;

/** Of processes that were ended while they fetched. */
function removeAbandoned(cache: string): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const stat = name.startsWith('.') ? statusOf(path) : null;
    if (stat !== null && Date.now() - stat.ctimeMs > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}

async function locateGit(name: string, { url, rev }: GitSource, { root: cwd }: Manifest, tell: Tell): Promise<Located> {
  const sourceId = `git+${url}#${rev}`;
  const root = await entry(`git-${cacheKey(sourceId)}`, (folder) => {
    tell(`fetch ${name} from ${url}`);
    git(cwd, ['clone', '--quiet', '--no-checkout', '--', url, folder], `git clone failed for dependency '${name}'`);
    git(
      folder,
      ['-c', 'advice.detachedHead=false', 'checkout', '--quiet', '--detach', rev],
      `git checkout failed for dependency '${name}'`,
    );
    if (!existsSync(join(folder, MANIFEST))) {
      throw new ProjectError(`git dependency does not contain eta.toml at repository root: ${url}`);
    }
  });
  return { root, sourceId };
}

/** What git sets for its hooks; with it our git would work on the repository whose hook has called us. */
const OF_A_HOOK = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_COMMON_DIR',
  'GIT_PREFIX',
];

function git(cwd: string, args: readonly string[], failure: string): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_A_HOOK.includes(name)));
  const { status, stderr, error } = spawnSync('git', args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new ProjectError(`${failure}: ${(error?.message ?? stderr).trim()}`);
}

async function locateTarball(name: string, source: TarballSource, manifest: Manifest, tell: Tell): Promise<Located> {
  const { location, sha256 } = source;
  const sourceId = `tarball+${location}#sha256=${sha256}`;
  const folder = await entry(`tarball-${cacheKey(sourceId)}`, async (fresh) => {
    tell(`fetch ${name} from ${location}`);
    const bytes = await tarballBytes(location, manifest);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new ProjectError(`tarball sha256 mismatch for dependency '${name}'`);
    }
    await unpack(name, bytes, fresh);
    packageRoot(fresh);
  });
  return { root: packageRoot(folder), sourceId };
}

async function tarballBytes(location: string, manifest: Manifest): Promise<Buffer> {
  if (/^https?:\/\//.test(location)) return download(location);
  const path = location.startsWith('file://') ? fileURLToPath(location) : resolve(manifest.root, location);
  if (!existsSync(path)) throw new ProjectError(`tarball file not found: ${path}`);
  return readFileSync(path);
}

async function download(url: string): Promise<Buffer> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (thrown) {
    const { message, cause } = thrown as Error;
    throw new ProjectError(`failed to download tarball: ${url}: ${(cause as Error)?.message ?? message}`);
  }
}

/** Entries that would lead out of the folder are left out by the library. */
async function unpack(name: string, bytes: Buffer, folder: string): Promise<void> {
  const { extract } = await import('tar');
  const archive = join(folder, '.archive');
  try {
    writeFileSync(archive, bytes);
    extract({ file: archive, cwd: folder, sync: true, strict: true });
  } catch (thrown) {
    throw new ProjectError(`failed to extract tarball dependency '${name}': ${(thrown as Error).message}`);
  } finally {
    rmSync(archive, { force: true });
  }
}

/** The folder with the manifest. */
function packageRoot(folder: string): string {
  const roots = packageRoots(folder);
  if (roots.length === 0) throw new ProjectError('tarball extraction did not produce an eta.toml package root');
  if (roots.length > 1)
    throw new ProjectError('tarball extraction produced multiple package roots containing eta.toml');
  return roots[0];
}

/** The folders with a manifest: the root of what was fetched, else those in it. */
function packageRoots(folder: string): string[] {
  if (existsSync(join(folder, MANIFEST))) return [folder];
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .map((each) => join(folder, each))
    .filter((each) => existsSync(join(each, MANIFEST)));
}
