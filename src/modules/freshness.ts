// Freshness: whether a compiled file still is what its source would be compiled to.
//
// A file remembers checksums of all that went into it: the source and what it includes, the project's manifest, and the
// interfaces of the modules that it imports (interfaces.ts). A dependency that is not there any more is no reason to compile
// again, since one cannot: compiled files are meant to run without their sources. Source: tools §6.4.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { hexChecksum } from '../bytecode/checksum.ts';
import { type Dependency, instructionSet, type Origin } from '../bytecode/etac.ts';
import type { Source } from '../values/span.ts';
import { type FindModule, interfaceChecksum } from './interfaces.ts';
import type { LoadedModule, Module } from './module.ts';
import { projectRoot } from './search-path.ts';

/** A compiled file is out of date. `status` and `detail` are the words of tools §6.4. */
export class Stale extends Error {
  constructor(
    readonly status: string,
    readonly detail: string,
  ) {
    super(`stale .etac detected: ${status} (${detail})`);
  }
}

/** The origin of what `path` will hold, compiled from the source files (the started one first) of the modules. */
export function originOf(
  path: string,
  sources: readonly Source[],
  modules: readonly LoadedModule[],
  find: FindModule,
): Origin {
  const own = new Set(modules.map(({ name }) => name));
  const imported = new Set(modules.flatMap(({ imports }) => imports).filter((name) => !own.has(name)));
  return {
    instructionSet: instructionSet(),
    sources: sources.map((source) => ({
      name: relative(dirname(resolve(path)), source.path!)
        .split(sep)
        .join('/'),
      checksum: source.checksum!,
    })),
    manifest: manifestChecksum(sources[0].path!),
    modules: [...imported].map((name) => ({ name, checksum: interfaceChecksum(find(name)!, find) })),
  };
}

/** Compare everything but the imported modules. Throws Stale. */
export function checkSources(path: string, origin: Origin): void {
  if (origin.instructionSet !== instructionSet())
    throw new Stale('compiler fingerprint mismatch', 'artifact compiler fingerprint does not match runtime');
  for (const source of origin.sources) {
    const now = fileChecksum(resolve(dirname(path), source.name));
    if (now !== null && now !== source.checksum)
      throw new Stale('source hash mismatch', 'artifact source hash mismatch');
  }
  const manifest = manifestChecksum(path);
  if (origin.manifest !== null && manifest !== null && manifest !== origin.manifest)
    throw new Stale('manifest hash mismatch', 'artifact manifest hash mismatch');
}

/** Compare the interface of an imported module, which has been loaded. Throws Stale. */
export function checkModule({ name, checksum: compiledWith }: Dependency, find: FindModule): void {
  const module = find(name);
  if (module !== undefined && interfaceChecksum(module, find) !== compiledWith)
    throw new Stale('dependency hash mismatch', `dependency hash mismatch for '${name}'`);
}

/** The files that a text consists of: its own, if it has one, and those that it includes. */
export function filesOf(source: Source): Source[] {
  const files = new Map([source, ...source.includes.flatMap(filesOf)].map((each) => [each.path, each]));
  return [...files.values()].filter(({ checksum }) => checksum !== null);
}

/** What a module that is imported must be as it was: a module of the library all of it, others what they export. */
export const dependencyChecksum = (module: Module, find: FindModule): string =>
  (module as Partial<LoadedModule>).fingerprint ?? interfaceChecksum(module, find);

export const fileChecksum = (file: string): string | null =>
  existsSync(file) ? hexChecksum(readFileSync(file)) : null;

function manifestChecksum(path: string): string | null {
  const root = projectRoot(dirname(resolve(path)));
  return root === null ? null : fileChecksum(join(root, 'eta.toml'));
}
