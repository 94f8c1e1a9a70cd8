// What to advise about an undefined name: import the module that exports it, or the name that was meant.

import { readFileSync } from 'node:fs';
import { foreignName, type Instead } from '../compiler/foreign-names.ts';
import { type Scope, visibleNames } from '../compiler/scope.ts';
import { didYouMean, nearestName } from '../compiler/suggestions.ts';
import { Identifier } from '../reader/index.ts';
import { NO_SPAN } from '../values/span.ts';
import { intern } from '../values/types.ts';
import type { Module } from './module.ts';
import { findModule, modulesBeside } from './search-path.ts';

/** The modules that export each name. */
type Exporters = Map<string, Set<string>>;

/** What a program without imports is most likely to lack: words of forms, which are bound to nothing. */
const AUXILIARY = ['else', '=>', 'syntax-rules'];

/** A hint for a name that means nothing in a scope; nothing where none can be given. */
export function adviceAbout(
  name: string,
  scope: Scope,
  loaded: Iterable<Module>,
  path: readonly string[],
): string | undefined {
  const exporters = exportersOf(loaded, path);
  const foreign = foreignName(name);
  if (foreign !== undefined) return foreignHint(foreign, exporters, scope);
  const modules = exporters.get(name);
  if (modules !== undefined) return importHint(modules);
  const near = didYouMean(name, [...visibleNames(scope), ...AUXILIARY]);
  if (near !== undefined) return near;
  const meant = nearestName(name, exporters.keys());
  return meant === null ? undefined : `did you mean '${meant}'? ${importHint(exporters.get(meant)!)}`;
}

/** What to use instead, and the modules to import for it. */
function foreignHint({ say, code }: Instead, exporters: Exporters, scope: Scope): string {
  const text = code === undefined ? say! : `${say === undefined ? 'write' : `${say}:`} ${code}`;
  const missing = new Set(
    namesIn(text).flatMap((name) => {
      const isVisible = scope.lookup(new Identifier(intern(name), NO_SPAN)) !== undefined;
      return isVisible ? [] : [...(exporters.get(name) ?? [])].slice(0, 1);
    }),
  );
  return missing.size === 0 ? text : `${text}; add ${[...missing].map((module) => `(import ${module})`).join(' ')}`;
}

/** What could be names in a text of words and code. */
const namesIn = (text: string): string[] => text.match(/[^\s()":;,]+(?::[^\s()":;,]+)?/g) ?? [];

const importHint = (modules: ReadonlySet<string>): string =>
  `add ${[...modules].map((module) => `(import ${module})`).join(' or ')}`;

/** The modules that export each name, of those that are loaded and those of the standard library. */
function exportersOf(loaded: Iterable<Module>, path: readonly string[]): Exporters {
  const exporters = new Map<string, Set<string>>();
  const add = (module: string, names: Iterable<string>) => {
    for (const name of names) exporters.set(name, (exporters.get(name) ?? new Set()).add(module));
  };
  // Libraries that are tables are R7RS's: a program imports all of them or none.
  for (const { name, scope, exports } of loaded) if (scope !== null) add(name, exports.keys());
  for (const module of modulesBeside('std.x', path)) add(module, exportsIn(module, path));
  // The prelude has nothing of its own.
  for (const modules of exporters.values()) if (modules.size > 1) modules.delete('std.prelude');
  return exporters;
}

/** The names in the export forms of a module's text; good enough for advice. */
function exportsIn(module: string, path: readonly string[]): string[] {
  const file = path.map((directory) => findModule(module, [directory])).find((each) => each?.endsWith('.eta'));
  if (file === undefined || file === null) return [];
  const text = readFileSync(file, 'utf8').replace(/;.*/g, '');
  return [...text.matchAll(/\(export\s+([^()]*)\)/g)].flatMap(([, names]) => names.trim().split(/\s+/));
}
