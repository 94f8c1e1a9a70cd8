// Which files of an installed etai an executable carries, for one platform.
//
// They keep the places that they have in the npm package (and koffi those below node_modules), so that the unpacked
// folder is an installed etai. Code caches come along if they fit the Node that runs now, which is the one inside the
// executable; where there are none, bin/etai makes them at the first run.

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { libraryFiles, vendorFolder } from '../builtins/nng/library.ts';
import { EtaError, userError } from '../values/errors.ts';
import { allowInlining } from '../vm/javascript/host-compiler.ts';
import type { ArchivedFile } from './archive.ts';
import { OWN_FOLDER } from './invocation.ts';
import { OWN_PLATFORM, type Platform } from './node-binary.ts';

export interface OwnFiles {
  readonly files: readonly ArchivedFile[];
  /** Why something is left out, one line each. */
  readonly remarks: readonly string[];
}

/** Throws an EtaError if this etai is not complete. */
export function ownFiles(platform: Platform): OwnFiles {
  const library = libnng(platform);
  const files = [
    ...filesOf('bin'),
    ...filesOf('dist').filter(({ path }) => !/(^|\/)\.|\.map$|\.cache$/.test(path)),
    ...(platform === OWN_PLATFORM ? codeCaches() : []),
    ...filesOf('stdlib').filter(({ path }) => !path.startsWith('stdlib/tests/')),
    ...filesOf('LICENSE'),
    ...koffi(platform),
    ...library,
  ];
  return { files, remarks: library.length > 0 ? [] : [`without libnng: none is at hand for ${platform}`] };
}

/** A file or the files of a folder, by their path below the own folder. */
function filesOf(path: string, from = join(OWN_FOLDER, path)): ArchivedFile[] {
  if (!existsSync(from)) throw userError(`${from} is missing`);
  if (statSync(from).isFile()) return [{ path, bytes: readFileSync(from) }];
  return readdirSync(from)
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`, join(from, name)));
}

/** V8 takes a cache of its own release and flags only, and some are for the flags of hot programs. */
function codeCaches(): ArchivedFile[] {
  const caches = filesOf('dist').filter(({ path }) => path.endsWith('.cache'));
  let tries = 0;
  const isAccepted = ({ path, bytes }: ArchivedFile): boolean => {
    const source = readFileSync(join(OWN_FOLDER, path.replace(/(\.hot)?\.cache$/, '')), 'latin1');
    // Each time under another name: V8 remembers what it has compiled, and looks at no cache for that.
    return new Script(source, { filename: `${++tries}`, cachedData: bytes }).cachedDataRejected === false;
  };
  const cold = caches.filter(isAccepted);
  allowInlining();
  return [...cold, ...caches.filter((cache) => !cold.includes(cache) && isAccepted(cache))];
}

/** koffi and its native module. Of the two for Linux, that for glibc, as Node's own file. */
function koffi(platform: Platform): ArchivedFile[] {
  const native = `@koromix/koffi-${platform}`;
  const resolve = (name: string, from: string) => dirname(realpathSync(createRequire(from).resolve(name)));
  try {
    const folder = resolve('koffi', import.meta.filename);
    const nativeFolder = resolve(native, join(folder, 'index.cjs'));
    const to = 'node_modules/koffi';
    return [
      ...['package.json', 'LICENSE.txt', 'index.cjs', 'src/koffi/index.cjs', 'src/koffi/src/static.cjs'].flatMap(
        (path) => filesOf(`${to}/${path}`, join(folder, path)),
      ),
      ...filesOf(`node_modules/${native}`, nativeFolder).filter(({ path }) => !/\/musl_|\/README/.test(path)),
    ];
  } catch (thrown) {
    throw userError(`the package ${native} is needed for an executable for ${platform}: ${(thrown as Error).message}`);
  }
}

/**
 * libnng and the libraries that it needs and a system without it lacks: from the vendor folder, or for the own platform
 * those that are loaded. They are named so that library.ts loads them in order.
 */
function libnng(platform: Platform): ArchivedFile[] {
  const to = `vendor/nng/${platform}`;
  const vendor = vendorFolder(platform);
  if (vendor !== null) return filesOf(to, vendor);
  if (platform !== OWN_PLATFORM) return [];
  try {
    const [library, ...needed] = libraryFiles();
    const name = basename(library).replace(/^(libnng\.so\.\d+).*/, '$1');
    return [
      ...filesOf(`${to}/${name}`, library),
      ...inLoadOrder(needed).flatMap((file, i) => filesOf(`${to}/needed/${i}-${basename(file)}`, file)),
    ];
  } catch (thrown) {
    if (thrown instanceof EtaError) return []; // there is no libnng here
    throw thrown;
  }
}

/** Libraries, each behind those that it needs: a library has the names of those in its text. */
function inLoadOrder(files: readonly string[]): string[] {
  const stem = (file: string) => basename(file).replace(/(\.so|\.dylib).*/, '$1');
  const rest = new Map(files.map((file) => [file, readFileSync(file)]));
  const ordered: string[] = [];
  while (rest.size > 0) {
    const needsRest = ([file, bytes]: [string, Buffer]) =>
      [...rest.keys()].some((other) => other !== file && bytes.includes(stem(other)));
    const [next] = [...rest].find((each) => !needsRest(each)) ?? [...rest][0];
    ordered.push(next);
    rest.delete(next);
  }
  return ordered;
}
