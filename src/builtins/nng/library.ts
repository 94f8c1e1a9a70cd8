// Where libnng comes from.
//
// In this order: the path in ETA_NNG_LIB; the one in vendor/nng/<platform>-<arch>/, which the set-up script may have left
// there, and which an executable carries; the system's. Everything but networking works without it.
//
//   vendor/nng/linux-x64/libnng.so.1
//   vendor/nng/linux-x64/needed/0-libmbedcrypto.so.7 …    libraries that it needs, if they are not the system's
//
// The system looks for what a library needs in its own folders, not in ours. So we load that first, in the order of its
// names; the system then finds it loaded, by the name inside each. Source: architecture, "libnng"; networking §20.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nngError } from '../../values/errors.ts';
import { koffi, type Library } from '../host/koffi.ts';
import { isPosix, keepFreedMemory, pinLibrary } from '../host/libc.ts';

const FILE_NAMES: Readonly<Record<string, readonly string[]>> = {
  linux: ['libnng.so.1', 'libnng.so'],
  darwin: ['libnng.dylib', '/opt/homebrew/lib/libnng.dylib', '/usr/local/lib/libnng.dylib'],
  win32: ['nng.dll'],
};

const HOW_TO_GET: Readonly<Record<string, string>> = {
  linux: "install the system's package (Debian and Ubuntu: apt-get install libnng1)",
  darwin: 'install it with Homebrew (brew install nng)',
  win32: 'put nng.dll, for example from vcpkg, on the PATH',
};

/**
 * Load libnng and keep it loaded until the process is gone.
 * Raises an nng-error that says how to get the library where there is none.
 */
export function loadLibrary(): Library {
  keepFreedMemory();
  const tried: string[] = [];
  for (const file of candidates()) {
    try {
      for (const needed of neededBy(file)) pin(needed);
      pin(file);
      return koffi().load(file);
    } catch (error) {
      tried.push(`${file}: ${(error as Error).message}`);
    }
  }
  throw nngError(
    `nng-error: libnng was not found; ${howToGet()} or name the file in ETA_NNG_LIB (tried ${tried.join('; ')})`,
  );
}

/** Before koffi loads a library: koffi unloads what it loaded while nng's threads may still run. */
function pin(file: string): void {
  if (isPosix) pinLibrary(file);
}

/** How to get libnng, as a clause. */
export const howToGet = (): string => HOW_TO_GET[process.platform] ?? 'install libnng 1.5.2 or a later 1.x';

function candidates(): readonly string[] {
  const named = process.env.ETA_NNG_LIB;
  if (named !== undefined && named !== '') return [named];
  const names = FILE_NAMES[process.platform] ?? FILE_NAMES.linux;
  const vendor = vendorFolder(`${process.platform}-${process.arch}`);
  const vendored = vendor === null ? [] : names.map((name) => path.join(vendor, path.basename(name)));
  return [...vendored.filter((file) => existsSync(file)), ...names];
}

/** The package's own folder of libraries for a platform, next to dist/ and src/; null where there is none. */
export function vendorFolder(platform: string): string | null {
  let folder = import.meta.dirname;
  for (let up = 0; up < 4; up++) {
    const vendor = path.join(folder, 'vendor', 'nng', platform);
    if (existsSync(vendor)) return vendor;
    folder = path.dirname(folder);
  }
  return null;
}

function neededBy(file: string): readonly string[] {
  const folder = path.join(path.dirname(file), 'needed');
  if (!path.isAbsolute(file) || !existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
}

/** The file of libnng, which is loaded by now; null where the system does not tell. */
export function libraryFile(): string | null {
  const isLibrary = (file: string) => path.basename(file).startsWith('libnng');
  return (
    mappedFiles().find(isLibrary) ?? candidates().find((file) => path.isAbsolute(file) && existsSync(file)) ?? null
  );
}

/**
 * The file of libnng, and behind it those that the system loads with it because it needs them. Raises an nng-error
 * where there is none, or where the system does not tell.
 */
export function libraryFiles(): readonly string[] {
  const before = new Set(mappedFiles());
  loadLibrary();
  const library = libraryFile();
  if (library === null)
    throw nngError('nng-error: cannot tell which file libnng was loaded from; name it in ETA_NNG_LIB');
  const needed = mappedFiles().filter((file) => !before.has(file) && file !== library && !file.endsWith('.node'));
  return [library, ...needed];
}

/** The files of all loaded libraries; none where there is no /proc. */
function mappedFiles(): string[] {
  try {
    // address perms offset device inode path
    const lines = readFileSync('/proc/self/maps', 'utf8').split('\n');
    return [...new Set(lines.flatMap((line) => /^(?:\S+\s+){5}(\/.*\.(?:so[.\d]*|node))$/.exec(line)?.[1] ?? []))];
  } catch {
    return [];
  }
}
