// A user's program as it lies in an executable.
//
//   program/files/…      the files that are started, program and workers, and what is included, as they lie beside each
//                        other; a module found beside the file that imports it stays there
//   program/modules/…    all other modules, each where its name says
//
// The search path of a bundled program is program/modules, the standard library, and the folder of the started file; so
// each name leads to the file that it led to when the executable was made.

import { readFileSync, realpathSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { programFiles, type StartedFile } from '../session/program-files.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import type { ArchivedFile } from './archive.ts';
import { type BundledProgram, PROGRAM_FOLDER } from './assemble.ts';

export interface ProgramOptions {
  /** The value of `--path`. */
  readonly path: string | null;
  /** Further files: Eta files are workers, and are treated like the program; others are data. */
  readonly included: readonly string[];
}

/** A program ready to be put into an executable; null if there are errors among the diagnostics. */
export function collectProgram(
  file: string,
  { path, included }: ProgramOptions,
): {
  readonly program: BundledProgram | null;
  /** The files that it is made of. */
  readonly sources: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const isEta = (each: string) => extname(each) === '.eta';
  const { started, diagnostics } = programFiles(file, included.filter(isEta), { path });
  if (diagnostics.some(({ severity }) => severity === 'error')) return { program: null, sources: [], diagnostics };
  const data = included.filter((each) => !isEta(each)).map((each) => realpathSync(each));
  const root = commonFolder([...started.map((each) => each.path), ...data]);
  const beside = (each: string) => posix(join(PROGRAM_FOLDER, 'files', relative(root, each)));
  const places = new Map<string, string>();
  for (const each of data) places.set(beside(each), each);
  for (const each of started) {
    places.set(beside(each.path), each.path);
    for (const [place, source] of importPlaces(each, beside)) places.set(place, source);
  }
  const files = [...places].map(([place, source]): ArchivedFile => ({ path: place, bytes: readFileSync(source) }));
  return { program: { main: beside(started[0].path), files }, sources: [...places.values()], diagnostics };
}

function importPlaces({ path, imports }: StartedFile, beside: (file: string) => string): [string, string][] {
  return imports.map(({ path: file, module }) => {
    const own = join(...module.split('.')) + extname(file);
    const isBeside = file === join(dirname(path), own);
    return [isBeside ? beside(file) : posix(join(PROGRAM_FOLDER, 'modules', own)), file];
  });
}

/** The innermost folder that all files lie in. */
function commonFolder(files: readonly string[]): string {
  const [first, ...rest] = files.map((file) => dirname(file).split(sep));
  const shared = first.filter((_, i) =>
    rest.every((folders) => first.slice(0, i + 1).join(sep) === folders.slice(0, i + 1).join(sep)),
  );
  return shared.join(sep) || sep;
}

const posix = (path: string): string => path.split(sep).join('/');

/** The file of an executable of this name. */
export const executableName = (name: string): string => name + (process.platform === 'win32' ? '.exe' : '');
