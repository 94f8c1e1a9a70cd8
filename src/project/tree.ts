// The dependency tree of a project as text. Source: tools §8.5.

import { relative } from 'node:path';
import type { Package } from './graph.ts';

/** @param depth  levels of dependencies to show */
export function treeText(packages: readonly Package[], depth: number): string {
  const byName = new Map(packages.map((each) => [each.name, each]));
  const [root] = packages;
  const lines: string[] = [];
  const show = (each: Package, head: string, indent: string, level: number) => {
    lines.push(`${head}${each.name} v${each.version} (${place(each, root)})`);
    if (level === depth) return;
    each.dependencies.forEach((name, index) => {
      const isLast = index === each.dependencies.length - 1;
      show(
        byName.get(name)!,
        `${indent}${isLast ? '`-- ' : '|-- '}`,
        `${indent}${isLast ? '    ' : '|   '}`,
        level + 1,
      );
    });
  };
  show(root, '', '', 0);
  return `${lines.join('\n')}\n`;
}

function place({ sourceId, root: folder }: Package, root: Package): string {
  if (sourceId === 'root') return '.';
  return sourceId.startsWith('path+') ? relative(root.root, folder).replaceAll('\\', '/') : sourceId;
}
