// Checking a file: everything that can be said of it without running it.
//
// It is read, linked, expanded and compiled like a program, and so is what it imports, but nothing of that is run; only
// the standard library is, whose modules define procedures and do nothing else; its tests are programs, and are not run. Lints speak of the file alone, errors
// of its imports, too. Source: tools §16.1.

import { dirname, join, resolve, sep } from 'node:path';
import type { CodeObject } from '../bytecode/code.ts';
import { Closure } from '../bytecode/procedures.ts';
import { withoutSilenced } from '../check/ignore.ts';
import { lintModule } from '../check/lints.ts';
import { Loader } from '../modules/loader.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import { CompileFailure } from '../values/diagnostic.ts';
import { canonicalPath } from '../values/file-status.ts';
import { NIL, type Value } from '../values/types.ts';
import { createLoaderHost, type Inspect } from './compilation.ts';
import { standardLibraries } from './locations.ts';
import { Session, type SessionOptions } from './session.ts';

/** What is wrong with a file, errors and warnings, in the order of the text. */
export function checkFile(
  path: string,
  options: Pick<SessionOptions, 'path' | 'project' | 'strictShadows'>,
): Diagnostic[] {
  const session = new Session(options);
  try {
    return withSession(session, path, options.strictShadows ?? false);
  } finally {
    session.close();
  }
}

function withSession(session: Session, path: string, strictShadows: boolean): Diagnostic[] {
  const file = canonicalPath(path);
  const inspect: Inspect = (form, draft, scope, usedMacros) => {
    if (draft.source.path !== file) return [];
    const { builtins } = session;
    const lookup = (name: string) => loader.get(name);
    return withoutSilenced(lintModule(form, { draft, scope, usedMacros, builtins, lookup }), draft.source);
  };
  const loader = checkingLoader(session, path, strictShadows, inspect);
  try {
    loader.loadFile(path);
    return inOrder(loader.takeWarnings());
  } catch (thrown) {
    if (!(thrown instanceof CompileFailure)) throw thrown;
    return inOrder([...loader.takeWarnings(), ...thrown.diagnostics]);
  }
}

/** A loader for a file that runs nothing but modules of the standard library, and not the file itself if it is one. */
export function checkingLoader(session: Session, path: string, strictShadows: boolean, inspect?: Inspect): Loader {
  const file = canonicalPath(path);
  const run = (code: CodeObject): Value =>
    code.source.path !== file && isLibraryModule(code) ? session.machine.run(new Closure(code), []) : NIL;
  const host = createLoaderHost(session.builtins, isKernel(file), run, { inspect });
  const loader = new Loader(host, session.loader.searchPath, strictShadows, standardLibraries());
  loader.addDirectory(resolve(dirname(path)));
  return loader;
}

/** The kernel is written with builtins that no other file has. */
const isKernel = (file: string): boolean => standardLibraries().some((folder) => file === join(folder, 'kernel.eta'));

/** Whether this is the initialiser of a module of the standard library, compiled or not. */
const isLibraryModule = ({ name, source: { path } }: CodeObject): boolean =>
  path === null
    ? name.startsWith('std.')
    : standardLibraries().some((folder) => path.startsWith(join(folder, 'std', sep)));

/** Whether a file lies in the folder of the library, where its tests are, too. */
export const isLibraryFile = (path: string): boolean =>
  standardLibraries().some((folder) => path.startsWith(folder + sep));

/** File by file, as they came up; in a file in the order of the text. */
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sources = [...new Set(diagnostics.map(({ span }) => span.source))];
  return sources.flatMap((source) =>
    diagnostics
      .filter(({ span }) => span.source === source)
      .sort(({ span: a }, { span: b }) => a.startLine - b.startLine || a.startColumn - b.startColumn),
  );
}
