// Which files a program consists of: what it imports, and the workers that it names.
//
// The program is read, linked, expanded and compiled, and so is what it imports, but nothing of it is run. A worker is
// found by its name: a string of the program, or of what it imports, or of a worker, that ends in .eta and names a file,
// as in (spawn "worker.eta"). A name that is computed cannot be seen.

import { readFileSync, realpathSync } from 'node:fs';
import { dirname, extname, resolve, sep } from 'node:path';
import type { LoadedModule } from '../modules/module.ts';
import { decodeSource, readProgram } from '../reader/index.ts';
import type { Syntax } from '../reader/syntax.ts';
import { CompileFailure, type Diagnostic } from '../values/diagnostic.ts';
import { isFile } from '../values/file-status.ts';
import { Source } from '../values/span.ts';
import { checkingLoader, isLibraryFile } from './checker.ts';
import { Session, type SessionOptions } from './session.ts';

/** A file that is started: the program, or a worker. */
export interface StartedFile {
  /** Canonical. */
  readonly path: string;
  /** What it imports, directly or not, the standard library left out. */
  readonly imports: readonly ImportedFile[];
}

export interface ImportedFile {
  readonly path: string;
  /** The module that it is found by. */
  readonly module: string;
}

export interface ProgramFiles {
  /** The program first. */
  readonly started: readonly StartedFile[];
  /** Errors; then the files are not complete. */
  readonly diagnostics: readonly Diagnostic[];
}

/** @param others  files that are started, too, although no name tells so */
export function programFiles(
  path: string,
  others: readonly string[],
  options: Pick<SessionOptions, 'path' | 'strictShadows'>,
): ProgramFiles {
  const session = new Session(options);
  try {
    const started = new Map<string, StartedFile>();
    const diagnostics: Diagnostic[] = [];
    const programFolder = dirname(realpathSync(path));
    const pending = [path, ...others].map((file) => realpathSync(file));
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      if (started.has(next)) continue;
      const imports = importsOf(session, next, options.strictShadows ?? false, diagnostics);
      started.set(next, { path: next, imports });
      for (const file of [next, ...imports.map((each) => each.path)])
        pending.push(...workersNamedIn(file, programFolder));
    }
    return { started: [...started.values()], diagnostics };
  } finally {
    session.close();
  }
}

/** Each started file is a program of its own, whose modules may be called like another's. */
function importsOf(session: Session, path: string, strictShadows: boolean, diagnostics: Diagnostic[]): ImportedFile[] {
  const loader = checkingLoader(session, path, strictShadows);
  try {
    loader.loadFile(path);
  } catch (thrown) {
    if (!(thrown instanceof CompileFailure)) throw thrown;
    diagnostics.push(...thrown.diagnostics);
  }
  const imports: ImportedFile[] = [];
  for (const module of loader.all()) {
    const file = (module as Partial<LoadedModule>).file ?? null;
    if (file === null || file === path || isLibraryFile(file)) continue;
    // A file can hold more modules than the one that it was found by.
    if (isFileOf(module.name, file)) imports.push({ path: file, module: module.name });
  }
  return imports;
}

const isFileOf = (module: string, file: string): boolean =>
  file.slice(0, -extname(file).length).endsWith(`${sep}${module.split('.').join(sep)}`);

/** The names are looked up as `spawn` does it, but for the working directory, which is another one each time. */
function workersNamedIn(file: string, programFolder: string): string[] {
  if (extname(file) === '.etac') return [];
  const source = new Source(file, file, decodeSource(readFileSync(file)), 0);
  return stringsIn(readProgram(source).forms)
    .filter((text) => text.endsWith('.eta'))
    .map((name) => resolve(programFolder, name))
    .filter(isFile)
    .map((worker) => realpathSync(worker));
}

function stringsIn(forms: readonly Syntax[]): string[] {
  const found: string[] = [];
  const pending = [...forms];
  for (let form = pending.pop(); form !== undefined; form = pending.pop()) {
    if (form.kind === 'list' || form.kind === 'vector') for (const item of form.items) pending.push(item);
    if (form.kind === 'list' && form.tail !== null) pending.push(form.tail);
    if (form.kind === 'atom' && typeof form.value === 'string') found.push(form.value);
  }
  return found;
}
