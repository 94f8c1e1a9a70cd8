// All results as one TAP document, numbered over all files (tools §7.1).

import { basename } from 'node:path';
import type { FileResult } from './results.ts';

export function tapReport(files: readonly FileResult[]): string {
  const lines = files.flatMap(linesOf);
  let count = 0;
  const numbered = lines.map((line) => line.replace(/^(not ok|ok)(?= - )/, (word) => `${word} ${++count}`));
  return ['TAP version 13', `1..${count}`, ...numbered].map((line) => `${line}\n`).join('');
}

/** Its lines, results without their numbers yet. */
function linesOf({ file, tests, trouble }: FileResult): string[] {
  if (trouble !== null) return [`not ok - ${basename(file)} (${trouble})`];
  return tests.flatMap(({ name, isOk, details }) => [`${isOk ? 'ok' : 'not ok'} - ${name}`, ...details]);
}
