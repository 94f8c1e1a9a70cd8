// The documentation of files: they are compiled with everything that they import, as for a check, and not run.

import { realpathSync } from 'node:fs';
import { Help } from '../help/help.ts';
import { CompileFailure, type Diagnostic } from '../values/diagnostic.ts';
import { checkingLoader } from './checker.ts';
import { standardLibraries } from './locations.ts';
import { Session, type SessionOptions } from './session.ts';

export interface Documented {
  /** Knows these files, beside what every program knows. */
  readonly help: Help;
  /** Their modules, sorted. */
  readonly modules: readonly string[];
  /** What keeps files from being known. */
  readonly errors: readonly Diagnostic[];
}

/** Look at files, and hand over what is known of them: it lasts until `use` returns. */
export function withDocumentation<T>(
  files: readonly string[],
  options: Pick<SessionOptions, 'path' | 'project'>,
  use: (documented: Documented) => T,
): T {
  const session = new Session(options);
  try {
    const loader = checkingLoader(session, '.', false);
    const modules: string[] = [];
    const errors: Diagnostic[] = [];
    for (const file of files.map((each) => realpathSync(each))) {
      try {
        loader.loadFileOnce(file);
        modules.push(...loader.modulesOfFile(file).map(({ name }) => name));
      } catch (thrown) {
        if (!(thrown instanceof CompileFailure)) throw thrown;
        errors.push(...thrown.diagnostics);
      }
    }
    const help = new Help({
      builtins: session.builtins,
      libraries: standardLibraries(),
      modules: () => loader.all(),
      searchPath: () => loader.searchPath,
    });
    return use({ help, modules: modules.sort(), errors });
  } finally {
    session.close();
  }
}
