// Coverage as an LCOV trace file, which editors and coverage services read, and as a table for people.
//
//   file             lines      forms      lines not covered
//   src/stack.eta    9/10  90%  21/24  87%  14

import { relative } from 'node:path';
import { type CountedForm, type FileCoverage, lineCounts, type Share, shareOf } from './coverage.ts';

/** The format of geninfo(1). */
export const lcovText = (files: readonly FileCoverage[]): string => files.map(recordOf).join('');

function recordOf({ file, forms }: FileCoverage): string {
  const functions = forms.filter((form) => form.name !== undefined);
  const lines = lineCounts(forms);
  const called = shareOf(functions.map(({ count }) => count));
  const run = shareOf(lines.values());
  return [
    'TN:',
    `SF:${file}`,
    ...functions.map((form) => `FN:${form.line},${nameOf(form)}`),
    ...functions.map((form) => `FNDA:${form.count},${nameOf(form)}`),
    `FNF:${called.total}`,
    `FNH:${called.covered}`,
    ...[...lines].map(([line, count]) => `DA:${line},${count}`),
    `LF:${run.total}`,
    `LH:${run.covered}`,
    'end_of_record',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Names must be unique in a file. */
const nameOf = ({ name, line, column }: CountedForm): string => `${name || 'lambda'}:${line}:${column}`;

/** The table; paths are relative to a folder. */
export function coverageTable(files: readonly FileCoverage[], folder: string): string {
  const rows = files.map(({ file, forms }) => {
    const lines = lineCounts(forms);
    const missing = [...lines].filter(([, count]) => count === 0).map(([line]) => line);
    return {
      name: relative(folder, file),
      lines: shareOf(lines.values()),
      forms: shareOf(forms.map((f) => f.count)),
      missing,
    };
  });
  const total = {
    name: 'all files',
    lines: sum(rows.map((row) => row.lines)),
    forms: sum(rows.map((row) => row.forms)),
    missing: [],
  };
  const cells = [...rows, total].map(({ name, lines, forms, missing }) => [
    name,
    shareText(lines),
    shareText(forms),
    rangesText(missing),
  ]);
  const table = [['file', 'lines', 'forms', 'lines not covered'], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  return table
    .map((row) =>
      row
        .map((cell, i) => (i < 3 ? cell.padEnd(widths[i]) : cell))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

const sum = (shares: readonly Share[]): Share => ({
  covered: shares.reduce((total, share) => total + share.covered, 0),
  total: shares.reduce((total, share) => total + share.total, 0),
});

/** `9/10 90%`, rounded down: only what is covered completely is 100%. */
const shareText = ({ covered, total }: Share): string =>
  `${covered}/${total} ${total === 0 ? 100 : Math.floor((100 * covered) / total)}%`;

/** `5, 9-11`: neighbours among the lines become ranges. */
function rangesText(lines: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last !== undefined && line === last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
