// What to advise about an undefined name: import the module that exports it, or the name that was meant.

import { readFileSync } from 'node:fs';
import { type Scope, visibleNames } from '../compiler/scope.ts';
import { didYouMean, nearestName } from '../compiler/suggestions.ts';
import type { Module } from './module.ts';
import { findModule, modulesBeside } from './search-path.ts';

/** What a program without imports is most likely to lack: words of forms, which are bound to nothing. */
const AUXILIARY = ['else', '=>', 'syntax-rules'];

/** What other Lisps call something: its name here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  first: 'car',
  second: 'cadr',
  third: 'caddr',
  rest: 'cdr',
  nil: "'()",
  null: "'()",
  t: '#t',
  true: '#t',
  false: '#f',
  fn: 'lambda',
  defn: 'define',
  defmacro: 'define-syntax',
  setq: 'set!',
  'fold-left': 'foldl',
  'fold-right': 'foldr',
  fold: 'foldl',
  mapcar: 'map',
  'hash-ref': 'hash-map-ref',
  'hash-set!': 'hash-map-set!',
  'string-join': 'join-with',
  displayln: 'println',
  printf: 'println',
};

/** A hint for a name that means nothing in a scope; nothing where none can be given. */
export function adviceAbout(
  name: string,
  scope: Scope,
  loaded: Iterable<Module>,
  path: readonly string[],
): string | undefined {
  const exporters = exportersOf(loaded, path);
  const modules = exporters.get(name);
  if (modules !== undefined) return importHint(modules);
  if (Object.hasOwn(ELSEWHERE, name)) return `here it is called ${ELSEWHERE[name]}`;
  const near = didYouMean(name, [...visibleNames(scope), ...AUXILIARY]);
  if (near !== undefined) return near;
  const meant = nearestName(name, exporters.keys());
  return meant === null ? undefined : `did you mean '${meant}'? ${importHint(exporters.get(meant)!)}`;
}

const importHint = (modules: ReadonlySet<string>): string =>
  `add ${[...modules].map((module) => `(import ${module})`).join(' or ')}`;

/** The modules that export each name, of those that are loaded and those of the standard library. */
function exportersOf(loaded: Iterable<Module>, path: readonly string[]): Map<string, Set<string>> {
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
