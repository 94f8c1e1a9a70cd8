// The order in which the modules of one text are linked and run: what is imported first, file order where that leaves
// a choice (README L7). Source: language §14.2, §14.4.

import type { Diagnostic } from '../values/diagnostic.ts';
import { NO_SPAN } from '../values/span.ts';
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
  const links = cycle.slice(0, -1).flatMap((draft, i) => {
    const clause = draft.imports.find(({ module }) => module === names[i + 1]);
    return clause ? [{ span: clause.span, label: `${draft.name} imports ${clause.module}` }] : [];
  });
  return {
    ...linkError('CircularDependency', `Circular module dependency detected: ${names.join(' -> ')}`, NO_SPAN),
    related: links,
  };
}
