// etai profile, also called etai --profile: run a program and tell where its time goes.

import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { callTree, totalMs } from '../../profile/call-tree.ts';
import { flameGraphPage } from '../../profile/flame-graph.ts';
import { sample } from '../../profile/sampler.ts';
import { summaryText } from '../../profile/summary.ts';
import { parsePlain } from '../arguments.ts';
import { commandLine, parseCommandLine } from '../command-line.ts';
import { complain, print } from '../output.ts';
import { obstacleTo, runFile } from '../run.ts';

/** Gives the exit status of the program. */
export function run(argv: readonly string[]): number {
  const program = commandLine('profile', 'Run a program and tell where its time goes: a table, and a flame graph.')
    .usage('[-o PAGE] FILE [arg …]')
    .argument('<file>', 'the program')
    .argument('[arg...]', 'what the program gets')
    .option('-o, --output <page>', 'where the flame graph goes', 'profile.html')
    .passThroughOptions();
  const status = parseCommandLine(program, argv);
  if (status !== null) return status;
  const command = parsePlain(program.args);
  if (command?.kind !== 'run') return complain(command?.kind === 'refuse' ? command.message : 'no program to profile');
  const { file, options } = command;
  if (file !== '-' && obstacleTo(file) !== null) return runFile(file, options);
  const { result, profile } = sample(() => runFile(file, options, { tier: 'profile' }));
  const tree = callTree(profile);
  print(2, `\nprofile of ${file}: ${totalMs(tree).toFixed(0)} ms, ${profile.samples?.length ?? 0} samples\n`);
  print(2, summaryText(tree));
  return keep(program.opts<{ output: string }>().output, flameGraphPage(tree, basename(file))) ? result : result || 1;
}

function keep(path: string, page: string): boolean {
  try {
    writeFileSync(path, page);
    print(2, `flame graph: ${path}\n`);
    return true;
  } catch (thrown) {
    complain(`cannot write the flame graph: ${(thrown as Error).message}`);
    return false;
  }
}
