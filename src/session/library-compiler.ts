// Compiling the standard library ahead: stdlib/**.eta to `.etac`, so that a program that imports it need not read,
// expand and compile it each time. What cannot be compiled (a module that exports macros) stays source.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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
    const modules = readdirSync(join(from, 'std')).filter((file) => file.endsWith('.eta'));
    const skipped = modules.filter(
      (file) => !compileFile(session.loader, join(from, 'std', file), join(to, 'std'), session),
    );
    if (!compileFile(session.createKernelLoader(), join(from, 'kernel.eta'), to, session)) skipped.push('kernel.eta');
    return skipped;
  } finally {
    session.close();
  }
}

function compileFile(loader: Loader, file: string, to: string, { builtins }: Session): boolean {
  const source = new Source(basename(file), null, readFileSync(file, 'utf8'), 0);
  try {
    const { modules } = loader.compileText(source, { implicitName: moduleNameOf(file) });
    const content = modules.map(({ module, code }) => compiledOfModule(module, code));
    const bytes = encodeFile({ source, origin: null, content }, builtins);
    writeFileSync(join(to, `${moduleNameOf(file)}.etac`), bytes);
    return true;
  } catch (thrown) {
    if (thrown instanceof NotSerializable) return false;
    throw thrown;
  }
}
