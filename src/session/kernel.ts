// The kernel: the builtins that are written in Eta (stdlib/kernel.eta), put into the builtin table.
//
// It is an ordinary module, compiled with `isBuiltin`, whose exports become builtins under the usage lines of
// builtins/kernel-table.ts. Everything else is loaded after it, and sees no difference to builtins in TypeScript.

import { KERNEL_BUILTINS } from '../builtins/kernel-table.ts';
import { type BuiltinTable, parseUsage } from '../bytecode/builtin-table.ts';
import { Closure } from '../bytecode/procedures.ts';
import { GlobalBinding } from '../compiler/scope.ts';
import type { Loader } from '../modules/loader.ts';
import { findModule } from '../modules/search-path.ts';
import { assert } from '../values/errors.ts';

/** Load the kernel with a loader of its own, and define what it exports. */
export function loadKernel(loader: Loader, builtins: BuiltinTable): void {
  const file = findModule('kernel', loader.searchPath);
  assert(file !== null, `the standard library has a kernel in ${loader.searchPath.join(', ')}`);
  loader.loadFile(file);
  const exports = loader.get('kernel')!.exports;
  for (const [usage, doc] of KERNEL_BUILTINS) {
    const { name } = parseUsage(usage);
    const binding = exports.get(name);
    const closure = binding instanceof GlobalBinding ? binding.cell.value : undefined;
    assert(closure instanceof Closure, `the kernel exports ${name}`);
    builtins.defineClosure(usage, doc, closure);
  }
}
