// `etai --disasm FILE.etac`: the bytecode in a compiled file, which is read and verified but not run (tools §3.2).

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MalformedBytes } from '../bytecode/bytes.ts';
import type { CodeObject } from '../bytecode/code.ts';
import { disassembleAll } from '../bytecode/disassemble.ts';
import { CompiledFile, MissingName, OtherVersion } from '../bytecode/etac.ts';
import { moduleNameOf } from '../modules/loader.ts';
import { Session } from '../session/session.ts';
import { Source } from '../values/span.ts';
import { Cell } from '../values/types.ts';
import { InvalidCode, verifyModule } from '../vm/verifier.ts';
import { complain, print } from './output.ts';

/** Print the listing; gives the exit status. Throws CompileFailure for a file held as text that does not compile. */
export function listCompiledFile(path: string, searchPath: string | null): number {
  const session = new Session({ path: searchPath });
  try {
    print(1, disassembleAll(codeIn(path, session)));
    return 0;
  } catch (thrown) {
    if (thrown instanceof OtherVersion) return complain(`unsupported .etac version (${thrown.message})`);
    if (thrown instanceof InvalidCode) return complain(`invalid bytecode (${thrown.message})`);
    if (thrown instanceof MalformedBytes || thrown instanceof MissingName) return complain(thrown.message);
    throw thrown;
  } finally {
    session.close(true);
  }
}

function codeIn(path: string, { builtins, loader }: Session): CodeObject[] {
  const file = new CompiledFile(readFileSync(path));
  if (file.text !== null) {
    loader.addDirectory(dirname(path));
    const source = new Source(file.sourceName, null, file.text, 1);
    return loader.compileText(source, { implicitName: moduleNameOf(file.sourceName) }).modules.map(({ code }) => code);
  }
  const host = { require: () => {}, cell: (module: string, name: string) => new Cell(module, name) };
  const modules = file.modules(new Source(file.sourceName, null, null, 1), builtins, host);
  for (const { name, code } of modules) verifyModule(code, name);
  return modules.map(({ code }) => code);
}
