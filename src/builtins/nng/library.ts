// Where libnng comes from.
//
// In this order: the path in ETA_NNG_LIB; the copy that a packaged executable carries; the one that the set-up script
// left in vendor/nng/<platform>-<arch>/; the system's. Everything but networking works without it.
// Source: architecture, "libnng"; networking §20.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { nngError } from '../../values/errors.ts';
import { koffi, type Library } from '../host/koffi.ts';
import { isPosix, pinLibrary } from '../host/libc.ts';

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

let packaged: string | null = null;

/** Called by the packaged executable's boot code, before the first use. */
export function setPackagedLibrary(file: string): void {
  packaged = file;
}

/**
 * Load libnng and keep it loaded until the process is gone.
 * Raises an nng-error that says how to get the library where there is none.
 */
export function loadLibrary(): Library {
  const tried: string[] = [];
  for (const file of candidates()) {
    // Before koffi loads it: koffi unloads what it loaded while nng's threads may still run.
    if (isPosix) pinLibrary(file);
    try {
      return koffi().load(file);
    } catch (error) {
      tried.push(`${file}: ${(error as Error).message}`);
    }
  }
  const advice = HOW_TO_GET[process.platform] ?? 'install libnng 1.5.2 or a later 1.x';
  throw nngError(
    `nng-error: libnng was not found; ${advice} or name the file in ETA_NNG_LIB (tried ${tried.join('; ')})`,
  );
}

function candidates(): readonly string[] {
  const named = process.env.ETA_NNG_LIB;
  if (named !== undefined && named !== '') return [named];
  const names = FILE_NAMES[process.platform] ?? FILE_NAMES.linux;
  const own = [...(packaged === null ? [] : [packaged]), ...vendored(names)].filter((file) => existsSync(file));
  return [...own, ...names];
}

/** Candidates in the package's own vendor folder, which lies next to dist/ and src/. */
function vendored(names: readonly string[]): readonly string[] {
  let folder = import.meta.dirname;
  for (let up = 0; up < 4; up++) {
    const vendor = path.join(folder, 'vendor', 'nng', `${process.platform}-${process.arch}`);
    if (existsSync(vendor))
      return names.filter((name) => !path.isAbsolute(name)).map((name) => path.join(vendor, name));
    folder = path.dirname(folder);
  }
  return [];
}
