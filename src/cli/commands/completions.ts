// etai completions: a script that completes command lines of etai.

import { Argument, type CommanderError } from 'commander';
import { commandLine, messageOf, parseCommandLine } from '../command-line.ts';
import { describeCommands } from '../command-modules.ts';
import { completionScript, SHELLS, type Shell } from '../completions.ts';
import { createProgram } from '../options.ts';
import { print } from '../output.ts';

export async function run(argv: readonly string[]): Promise<number> {
  const program = commandLine(
    'completions',
    'Print a script that completes command lines of etai in a shell.',
  ).addArgument(new Argument('<shell>', 'the shell; the script says where it belongs').choices(SHELLS));
  const status = parseCommandLine(program, argv, refusal);
  if (status !== null) return status;
  print(1, completionScript(program.args[0] as Shell, await createProgram(), await describeCommands()));
  return 0;
}

function refusal(error: CommanderError): string {
  const shells = `${SHELLS.slice(0, -1).join(', ')} and ${SHELLS.at(-1)}`;
  if (error.code === 'commander.missingArgument') return `which shell? There are completions for ${shells}`;
  const value =
    error.code === 'commander.invalidArgument' ? /value '(.*?)' is invalid/s.exec(error.message)?.[1] : undefined;
  return value === undefined ? messageOf(error) : `no completions for ${value}; there are those for ${shells}`;
}
