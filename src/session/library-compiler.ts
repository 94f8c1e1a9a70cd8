// Compiling the standard library ahead: stdlib/**.eta to `.etac`, so that a program that imports it need not read,
// expand and compile it each time. What cannot be compiled (a module that exports macros) stays source.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFile, NotSerializable } from '../bytecode/etac.ts';
import { compiledOfModule } from '../modules/compiled-files.ts';
import { type Loader, moduleNameOf } from '../modules/loader.ts';
import { makeFolder } from '../values/folders.ts';
import { Source } from '../values/span.ts';
import { Session } from './session.ts';

/** Compile the library in `from` into `to`. Gives the names of the files that stayed source. Throws CompileFailure. */
export function compileLibrary(from: string, to: string): string[] {
  const session = new Session({ libraries: [from] });
  try {
    makeFolder(join(to, 'std'));
    const isCompiled = (name: string, loader: Loader) => compileFile(loader, name, from, to, session);
    const modules = readdirSync(join(from, 'std')).filter((file) => file.endsWith('.eta'));
    const skipped = modules.map((file) => `std/${file}`).filter((name) => !isCompiled(name, session.loader));
    return isCompiled('kernel.eta', session.createKernelLoader()) ? skipped : [...skipped, 'kernel.eta'];
  } finally {
    session.close();
  }
}

function compileFile(loader: Loader, name: string, from: string, to: string, { builtins }: Session): boolean {
  const source = new Source(name, null, readFileSync(join(from, name), 'utf8'), 0, true);
  try {
    const { modules } = loader.compileText(source, { implicitName: moduleNameOf(name) });
    const content = modules.map(({ module, code }) => compiledOfModule(module, code));
    const bytes = encodeFile({ source, origin: null, content }, builtins);
    writeFileSync(join(to, `${name}c`), bytes);
    return true;
  } catch (thrown) {
    if (thrown instanceof NotSerializable) return false;
    throw thrown;
  }
}
