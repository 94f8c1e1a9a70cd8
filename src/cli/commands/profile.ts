// etai profile, also called etai --profile: run a program and tell where its time goes.

import { basename } from 'node:path';
import { callTree, totalMs } from '../../profile/call-tree.ts';
import { flameGraphPage } from '../../profile/flame-graph.ts';
import { sample } from '../../profile/sampler.ts';
import { summaryText } from '../../profile/summary.ts';
import { keepPage, parseObservedRun } from '../observed-run.ts';
import { print } from '../output.ts';
import { runFile } from '../run.ts';

const SUMMARY = 'Run a program and tell where its time goes: a table, and a flame graph.';
const PAGE = 'flame graph';

/** Gives the exit status of the program. */
export function run(argv: readonly string[]): number {
  const parsed = parseObservedRun(argv, 'profile', SUMMARY, PAGE, 'profile.html');
  if (typeof parsed === 'number') return parsed;
  const { file, options, output } = parsed;
  const { result, profile } = sample(() => runFile(file, options, { tier: 'profile' }));
  const tree = callTree(profile);
  print(2, `\nprofile of ${file}: ${totalMs(tree).toFixed(0)} ms, ${profile.samples?.length ?? 0} samples\n`);
  print(2, summaryText(tree));
  return keepPage(output, flameGraphPage(tree, basename(file)), PAGE, result);
}
