// The profile as a table of functions, the most expensive first.

import { type CallNode, totalMs } from './call-tree.ts';

interface Row {
  readonly name: string;
  readonly place: string;
  selfMs: number;
  totalMs: number;
}

const SHOWN = 20;

/** The table, each line ended. */
export function summaryText(root: CallNode): string {
  const all = totalMs(root);
  const rows = [...functionRows(root).values(), restOf(root)]
    .filter(({ totalMs: total }) => total > 0)
    .sort((a, b) => b.selfMs - a.selfMs || b.totalMs - a.totalMs);
  const shown = rows.slice(0, SHOWN);
  const width = Math.max(8, ...shown.map(({ name }) => [...name].length));
  const percent = (ms: number) => `${((100 * ms) / Math.max(all, 1e-9)).toFixed(1)} %`.padStart(8);
  const lines = shown.map(({ name, place, selfMs, totalMs: total }) =>
    `${percent(selfMs)} ${percent(total)}  ${name.padEnd(width)}  ${place}`.trimEnd(),
  );
  const hidden = rows.length - shown.length;
  return [
    `    self     total  ${'function'.padEnd(width)}  place`,
    ...lines,
    ...(hidden > 0 ? [`                    … and ${hidden} more`] : []),
    '',
  ].join('\n');
}

/** What is left when the functions are taken away, so that the column adds up. */
const restOf = ({ selfMs }: CallNode): Row => ({ name: 'everything else', place: '', selfMs, totalMs: selfMs });

/** A function that is on the stack several times counts once for its total. */
function functionRows(root: CallNode): Map<string, Row> {
  const rows = new Map<string, Row>();
  const visit = (node: CallNode, active: ReadonlySet<string>): number => {
    const key = `${node.name} ${node.place}`;
    const isOuter = !active.has(key);
    const inner = isOuter ? new Set([...active, key]) : active;
    let total = node.selfMs;
    for (const child of node.children.values()) total += visit(child, inner);
    if (node === root) return total;
    const row = rows.get(key) ?? { name: node.name, place: node.place, selfMs: 0, totalMs: 0 };
    row.selfMs += node.selfMs;
    if (isOuter) row.totalMs += total;
    rows.set(key, row);
    return total;
  };
  visit(root, new Set());
  return rows;
}
