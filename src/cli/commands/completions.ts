// etai completions: a script that completes command lines of etai.

import { Argument } from 'commander';
import { commandLine, parseCommandLine } from '../command-line.ts';
import { describeCommands } from '../command-modules.ts';
import { completionScript, SHELLS, type Shell } from '../completions.ts';
import { createProgram } from '../options.ts';
import { print } from '../output.ts';

export async function run(argv: readonly string[]): Promise<number> {
  const program = commandLine(
    'completions',
    'Print a script that completes command lines of etai in a shell.',
  ).addArgument(new Argument('<shell>', 'the shell; the script says where it belongs').choices(SHELLS));
  const status = parseCommandLine(program, argv);
  if (status !== null) return status;
  print(1, completionScript(program.args[0] as Shell, await createProgram(), await describeCommands()));
  return 0;
}
