// The TAP that a test file has printed, as results (tools §7.1).
//
//   TAP version 13                dropped, like anything that is none of these
//   1..3                          the plan: there were tests, if only none
//   ok 1 - addition               a result; the name is what follows the first ` - `
//     ---                         lines with two spaces in front belong to the result before them

import type { TestResult } from './results.ts';

export interface TapOutput {
  readonly tests: readonly TestResult[];
  /** Whether there was a plan or a result. */
  readonly hasRun: boolean;
}

export function parseTap(output: string): TapOutput {
  const tests: (TestResult & { readonly details: string[] })[] = [];
  let hasPlan = false;
  for (const line of output.split(/\r?\n/)) {
    if (line.startsWith('1..')) hasPlan = true;
    const isOk = line.startsWith('ok ');
    if (isOk || line.startsWith('not ok '))
      tests.push({ name: nameIn(line, isOk ? 'ok ' : 'not ok '), isOk, details: [], durationMs: null });
    else if (line.startsWith('  ')) tests.at(-1)?.details.push(line);
  }
  return { tests, hasRun: hasPlan || tests.length > 0 };
}

function nameIn(line: string, start: string): string {
  const dash = line.indexOf(' - ');
  return dash < 0 ? line.slice(start.length) : line.slice(dash + 3);
}
