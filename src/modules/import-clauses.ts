// Import clauses: what one operand of `(import …)` asks for.
//
//   std.io    (only M a b)    (except M a)    (rename M (old new))    (prefix M p)
//   (scheme base)    (only (prefix (scheme base) s:) s:car)
//
// A clause is a module and the filters that its exports pass through, innermost first. An Eta clause has one filter at
// most, and a module name is a symbol; an R7RS import set nests, and names its library by a list. Both are accepted
// everywhere: `(foo bar)` means the module foo.bar.
//
// Source: language §14.1, §14.4; R7RS 5.2, 5.6.

import { libraryName } from '../compiler/cond-expand.ts';
import type { ListSyntax, Syntax } from '../reader/syntax.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import type { Span } from '../values/span.ts';

export type ImportFilter =
  | { readonly kind: 'only' | 'except'; readonly names: readonly string[] }
  | { readonly kind: 'rename'; readonly pairs: readonly (readonly [from: string, to: string])[] }
  | { readonly kind: 'prefix'; readonly prefix: string };

export interface ImportClause {
  readonly module: string;
  readonly filters: readonly ImportFilter[];
  readonly span: Span;
}

export type Report = (diagnostic: Diagnostic) => void;

/** The clauses of an `(import clause …)` form. A malformed one is reported and left out. */
export function parseImportForm(form: ListSyntax, report: Report): ImportClause[] {
  if (form.tail !== null) {
    report(syntaxError('import: invalid syntax; proper list required', form.span));
    return [];
  }
  return parseImportClauses(form.items.slice(1), report);
}

export function parseImportClauses(clauses: readonly Syntax[], report: Report): ImportClause[] {
  return clauses.flatMap((clause) => {
    const parsed = parseSet(clause);
    if (typeof parsed !== 'string') return [{ ...parsed, span: clause.span }];
    report(syntaxError(parsed, clause.span));
    return [];
  });
}

export const syntaxError = (message: string, span: Span): Diagnostic => ({
  severity: 'error',
  phase: 'expander',
  code: 'InvalidSyntax',
  message,
  span,
});

interface ImportSet {
  readonly module: string;
  readonly filters: readonly ImportFilter[];
}

const FILTERS: Readonly<Record<string, (operands: readonly Syntax[]) => ImportFilter | string>> = {
  only: (ids) => nameFilter('only', ids),
  except: (ids) => nameFilter('except', ids),
  rename: renameFilter,
  prefix: prefixFilter,
};

const MODULE_MISSING: Readonly<Record<string, string>> = {
  only: '(only m ids...) requires module symbol',
  except: '(except m ids...) requires module symbol',
  rename: '(rename m (old new) ...) requires module symbol',
  prefix: '(prefix mod pfx) requires module symbol',
};

/** An import set, or the text of what is wrong with it. */
function parseSet(clause: Syntax): ImportSet | string {
  if (clause.kind === 'identifier') return { module: clause.symbol.name, filters: [] };
  if (clause.kind !== 'list' || clause.tail !== null || clause.items.length === 0) return 'import: invalid clause';
  const [head, inner, ...operands] = clause.items;
  if (head.kind !== 'identifier') return 'import: invalid clause';
  const keyword = head.symbol.name;
  if (!Object.hasOwn(FILTERS, keyword)) {
    const module = libraryName(clause);
    return module === null ? 'import: unknown clause kind' : { module, filters: [] };
  }
  if (keyword === 'prefix' && clause.items.length !== 3) {
    return '(prefix mod prefix-string) requires exactly 2 arguments';
  }
  if (inner?.kind !== 'identifier' && inner?.kind !== 'list') return MODULE_MISSING[keyword];
  const set = parseSet(inner);
  if (typeof set === 'string') return set;
  const filter = FILTERS[keyword](operands);
  return typeof filter === 'string' ? filter : { module: set.module, filters: [...set.filters, filter] };
}

function nameFilter(kind: 'only' | 'except', ids: readonly Syntax[]): ImportFilter | string {
  const names = ids.map(symbolName);
  return names.includes(null) ? 'import: invalid clause' : { kind, names: names as string[] };
}

function renameFilter(operands: readonly Syntax[]): ImportFilter | string {
  const pairs: [string, string][] = [];
  for (const operand of operands) {
    if (operand.kind !== 'list' || operand.tail !== null || operand.items.length !== 2) return 'import: invalid clause';
    const [from, to] = operand.items.map(symbolName);
    if (from === null || to === null) return 'import: invalid clause';
    pairs.push([from, to]);
  }
  return { kind: 'rename', pairs };
}

function prefixFilter([operand]: readonly Syntax[]): ImportFilter | string {
  const prefix = symbolName(operand);
  return prefix === null ? '(prefix mod pfx) requires prefix symbol' : { kind: 'prefix', prefix };
}

const symbolName = (syntax: Syntax): string | null => (syntax.kind === 'identifier' ? syntax.symbol.name : null);
