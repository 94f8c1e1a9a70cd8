// Compiled files (`.etac`): reading one into modules that only have to be run, and the other way round.
//
// A compiled file refers to other modules' variables by name, so its imports are loaded while it is decoded. It holds
// variables and code, no macros and no bindings of builtins: a text that exports such a thing is held as text.
// Source: tools §6.4; the bytes are those of bytecode/etac.ts.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { MalformedBytes } from '../bytecode/bytes.ts';
import type { CodeObject } from '../bytecode/code.ts';
import {
  CompiledFile,
  type CompiledFileHost,
  type CompiledModule,
  MissingName,
  NotSerializable,
  OtherVersion,
} from '../bytecode/etac.ts';
import { type Binding, GlobalBinding, ModuleScope, type Scope } from '../compiler/scope.ts';
import { CompileFailure, type Diagnostic } from '../values/diagnostic.ts';
import { Source, Span } from '../values/span.ts';
import { intern } from '../values/types.ts';
import { InvalidCode, verifyModule } from '../vm/verifier.ts';
import { Stale } from './freshness.ts';
import { linkError } from './linker.ts';
import type { LoadedModule } from './module.ts';

export const isCompiledFile = (path: string): boolean => path.endsWith('.etac');

/**
 * Read a compiled file's head.
 *
 * Throws CompileFailure where the file is not sound, Stale where it is of another version.
 */
export function openCompiledFile(path: string, isTrusted: boolean): CompiledFile {
  return translatingErrors(path, () => new CompiledFile(readFileSync(path), isTrusted));
}

/**
 * The modules of a compiled file, decoded and verified.
 *
 * @param isTrusted  the file belongs to this build: its code need not be verified
 * Throws like `openCompiledFile`; Stale also where a name is missing outside of the file.
 */
export function readCompiledModules(
  file: CompiledFile,
  path: string,
  fileId: number,
  builtins: BuiltinTable,
  host: CompiledFileHost,
  isTrusted: boolean,
): CompiledModule[] {
  return translatingErrors(path, () => {
    const source = new Source(file.sourceName, sourceOf(file, path), null, fileId, isTrusted);
    const modules = file.modules(source, builtins, host);
    if (!isTrusted) verifyAll(modules);
    return modules;
  });
}

/** Throws InvalidCode. */
export function verifyAll(modules: readonly CompiledModule[]): void {
  for (const { name, code } of modules) verifyModule(code, name);
}

/** The source that a compiled file was made from, where it still is; null if it is not, or is not known. */
export function sourceOf({ origin }: CompiledFile, path: string): string | null {
  const source = origin === null ? undefined : origin.sources[0]?.name;
  const file = source === undefined ? null : resolve(dirname(path), source);
  return file !== null && existsSync(file) ? file : null;
}

/** The source file beside a compiled file that is out of date. */
export function siblingSource(path: string): string | null {
  const source = path.replace(/c$/, '');
  return existsSync(source) ? source : null;
}

function translatingErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    if (thrown instanceof OtherVersion) throw new Stale('unsupported bytecode format', thrown.message);
    if (thrown instanceof MissingName) throw new Stale('name missing', thrown.message);
    const reason = thrown instanceof InvalidCode ? `invalid bytecode (${thrown.message})` : (thrown as Error).message;
    if (!(thrown instanceof InvalidCode || thrown instanceof MalformedBytes)) throw thrown;
    throw new CompileFailure([compiledFileError(path, `failed to load .etac: ${reason}`)]);
  }
}

export function compiledFileError(path: string, message: string): Diagnostic {
  return linkError('ModuleNotFound', message, new Span(new Source(basename(path), null, null), 1, 1, 1, 1));
}

/**
 * A decoded module as the loader keeps it. Its scope knows its variables, which is what `main` and the REPL ask for.
 *
 * @param further  what the loader knows of the file
 */
export function moduleOfCompiled(
  compiled: CompiledModule,
  builtinScope: Scope,
  further: Pick<LoadedModule, 'libraries' | 'fingerprint' | 'file'>,
): LoadedModule {
  const { name, imports, isImplicit, place, span } = compiled;
  const scope = new ModuleScope(name, builtinScope, isImplicit);
  for (const cell of compiled.cells) {
    const key = intern(cell.name);
    scope.definitions.set(key, cell);
    scope.bind(key, new GlobalBinding(cell, false));
  }
  const exports = new Map<string, Binding>();
  for (const { name, cell } of compiled.exports) exports.set(name, new GlobalBinding(cell, true));
  return { name, span, scope, exports, isImplicit, place, imports, ...further };
}

/** The other way: a loaded module with its code, as a compiled file holds it. Throws NotSerializable for macros. */
export function compiledOfModule(module: LoadedModule, code: CodeObject): CompiledModule {
  const exports = [...module.exports].map(([name, binding]) => {
    if (!(binding instanceof GlobalBinding))
      throw new NotSerializable(`${module.name} exports the ${binding.kind} ${name}`);
    return { name, cell: binding.cell };
  });
  const { name, isImplicit, place, span, imports, scope } = module;
  return { name, isImplicit, place, span, imports, cells: [...scope.definitions.values()], exports, code };
}
