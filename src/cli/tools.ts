// The entry of `etai` with commands: `etai COMMAND …`. Everything that is no command is run as main.ts would.
//
// It is a bundle of its own (dist/tools.cjs), so that programs and child actors start without it; bin/etai chooses.

import { isatty } from 'node:tty';
import { COMMAND_MODULES } from './command-modules.ts';
import { COMMAND_OPTIONS, type CommandName, isCommandName } from './commands.ts';
import { runProgram } from './run.ts';
import { start } from './start.ts';

async function runCommand(name: CommandName, argv: readonly string[]): Promise<number> {
  const command = await COMMAND_MODULES[name]();
  return command.run(argv);
}

start(async (argv) => {
  const [first, ...rest] = argv;
  if (first === undefined && isatty(0)) return runCommand('repl', []);
  const command = isCommandName(first) ? first : COMMAND_OPTIONS.get(first);
  return command === undefined ? runProgram(argv) : runCommand(command, rest);
});
