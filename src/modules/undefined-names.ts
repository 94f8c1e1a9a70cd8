// What to advise about an undefined name: import the module that exports it, or the name that was meant.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModuleScope, Scope } from '../compiler/scope.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import { Sym } from '../values/types.ts';
import type { Module } from './module.ts';
import { didYouMean } from './suggestions.ts';

const UNDEFINED = /^Undefined symbol: (.+)$/s;

/** The diagnostic with advice, if it is about an undefined name, has none yet, and some can be given. */
export function withAdvice(
  diagnostic: Diagnostic,
  scope: ModuleScope,
  loaded: Iterable<Module>,
  path: readonly string[],
): Diagnostic {
  const name = UNDEFINED.exec(diagnostic.message)?.[1];
  if (name === undefined || diagnostic.hint !== undefined) return diagnostic;
  const exporter = exporterOf(name, loaded, path);
  const hint = exporter === null ? didYouMean(name, visibleNames(scope)) : `add (import ${exporter})`;
  return hint === undefined ? diagnostic : { ...diagnostic, hint };
}

/** Names that mean something in a scope. Those that begin with % are nobody's to use. */
function* visibleNames(scope: Scope): Generator<string> {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    for (const [key] of at.entries()) if (key instanceof Sym && !key.name.startsWith('%')) yield key.name;
  }
}

/** The module that exports a name, of those that are loaded and those of the standard library; null if not just one. */
function exporterOf(name: string, loaded: Iterable<Module>, path: readonly string[]): string | null {
  const exporters = new Set<string>();
  for (const module of loaded) if (module.scope !== null && module.exports.has(name)) exporters.add(module.name);
  for (const directory of path) {
    for (const module of standardModules(directory))
      if (exportsName(join(directory, module), name)) exporters.add(moduleName(module));
  }
  // The prelude has nothing of its own.
  exporters.delete('std.prelude');
  const [first, ...others] = exporters;
  return first !== undefined && others.length === 0 ? first : null;
}

/** `std/io.eta` is std.io. */
const moduleName = (file: string): string => file.replace(/^std\/(.*)\.eta$/, 'std.$1');

/** The sources of the standard library below a directory, as `std/io.eta`. */
function standardModules(directory: string): string[] {
  try {
    return readdirSync(join(directory, 'std'))
      .filter((file) => file.endsWith('.eta'))
      .map((file) => `std/${file}`);
  } catch {
    return [];
  }
}

/** Whether the text of a module has the name in an export form; good enough for advice. */
function exportsName(file: string, name: string): boolean {
  const text = readFileSync(file, 'utf8').replace(/;.*/g, '');
  return [...text.matchAll(/\(export\s+([^()]*)\)/g)].some(([, names]) => names.trim().split(/\s+/).includes(name));
}
