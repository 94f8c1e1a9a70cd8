// Compiled files (`.etac`): reading one into modules that only have to be run, and the other way round.
//
// A compiled file refers to other modules' variables by name, so its imports are loaded while it is decoded. It holds
// variables and code, no macros and no bindings of builtins: a text that exports such a thing stays source.
// Source: tools §6.4; the bytes are those of bytecode/etac.ts.

import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { MalformedBytes } from '../bytecode/bytes.ts';
import type { CodeObject } from '../bytecode/code.ts';
import { type CompiledFileHost, type CompiledModule, decodeModules, NotSerializable } from '../bytecode/etac.ts';
import { type Binding, GlobalBinding, ModuleScope, type Scope } from '../compiler/scope.ts';
import { CompileFailure } from '../values/diagnostic.ts';
import { NO_SPAN, Source, Span } from '../values/span.ts';
import { intern } from '../values/types.ts';
import { linkError } from './linker.ts';
import type { LoadedModule } from './module.ts';

export const isCompiledFile = (path: string): boolean => path.endsWith('.etac');

/** The source file that a compiled file was most likely made from, if it is still there. */
function siblingSource(path: string): string | null {
  const source = path.replace(/\.etac$/, '.eta');
  return existsSync(source) ? source : null;
}

/**
 * Decode a compiled file.
 *
 * Throws CompileFailure where the file is not sound.
 */
export function readCompiledFile(
  path: string,
  fileId: number,
  builtins: BuiltinTable,
  host: CompiledFileHost,
): CompiledModule[] {
  try {
    return decodeModules(readFileSync(path), siblingSource(path), fileId, builtins, host);
  } catch (thrown) {
    if (!(thrown instanceof MalformedBytes)) throw thrown;
    const start = new Span(new Source(basename(path), path, null, fileId), 1, 1, 1, 1);
    throw new CompileFailure([linkError('ModuleNotFound', `failed to load .etac: ${thrown.message}`, start)]);
  }
}

/** A decoded module as the loader keeps it. Its scope knows its variables, which is what `main` and the REPL ask for. */
export function moduleOfCompiled(compiled: CompiledModule, builtinScope: Scope, file: string): LoadedModule {
  const scope = new ModuleScope(compiled.name, builtinScope, false);
  for (const cell of compiled.cells) {
    const key = intern(cell.name);
    scope.definitions.set(key, cell);
    scope.bind(key, new GlobalBinding(cell, false));
  }
  const exports = new Map<string, Binding>();
  for (const { name, cell } of compiled.exports) exports.set(name, new GlobalBinding(cell, true));
  const { name, imports } = compiled;
  return { name, span: NO_SPAN, scope, exports, isImplicit: false, imports, file };
}

/** The other way: a loaded module with its code, as a compiled file holds it. Throws NotSerializable for macros. */
export function compiledOfModule(module: LoadedModule, code: CodeObject): CompiledModule {
  const exports = [...module.exports].map(([name, binding]) => {
    if (!(binding instanceof GlobalBinding))
      throw new NotSerializable(`${module.name} exports the ${binding.kind} ${name}`);
    return { name, cell: binding.cell };
  });
  const { name, imports, scope } = module;
  return { name, imports, cells: [...scope.definitions.values()], exports, code };
}
