// The order in which the modules of one text are linked and run: what is imported first, file order where that leaves
// a choice (README L7). Source: language §14.2, §14.4.

import type { Diagnostic } from '../values/diagnostic.ts';
import { NO_SPAN } from '../values/span.ts';
import type { ImportClause } from './import-clauses.ts';
import { linkError } from './linker.ts';
import type { ModuleDraft } from './module.ts';

/** The drafts in dependency order, or the diagnostic of the first cycle. */
export function dependencyOrder(drafts: readonly ModuleDraft[]): ModuleDraft[] | Diagnostic {
  const byName = new Map(drafts.map((draft) => [draft.name, draft]));
  const ordered = new Set<ModuleDraft>();
  for (const draft of drafts) {
    const cycle = visit(draft, []);
    if (cycle !== null) return circular(cycle);
  }
  return [...ordered];

  function visit(draft: ModuleDraft, path: readonly ModuleDraft[]): readonly ModuleDraft[] | null {
    if (ordered.has(draft)) return null;
    if (path.includes(draft)) return [...path.slice(path.indexOf(draft)), draft];
    for (const { module } of draft.imports) {
      const imported = byName.get(module);
      const cycle = imported === undefined ? null : visit(imported, [...path, draft]);
      if (cycle !== null) return cycle;
    }
    ordered.add(draft);
    return null;
  }
}

function circular(cycle: readonly ModuleDraft[]): Diagnostic {
  const names = cycle.map(({ name }) => name);
  const clauses = cycle.slice(0, -1).map(({ imports }, i) => imports.find(({ module }) => module === names[i + 1]));
  return circularImport('Circular module dependency detected', names, clauses);
}

/**
 * The diagnostic of a cycle, at the first of its imports; the others are further places.
 *
 * @param names    of the modules, the first one again at the end
 * @param clauses  the one by which each imports the next, where it is known
 */
export function circularImport(
  message: string,
  names: readonly string[],
  clauses: readonly (ImportClause | null | undefined)[],
): Diagnostic {
  const links = clauses.flatMap((clause, i) =>
    clause ? [{ span: clause.span, label: `${names[i]} imports ${names[i + 1]}` }] : [],
  );
  const [first, ...related] = links;
  const error = linkError('CircularDependency', `${message}: ${names.join(' -> ')}`, first?.span ?? NO_SPAN);
  return { ...error, related };
}
