// The entry of `etai` with commands: `etai COMMAND …`. Everything that is no command is run as main.ts would.
//
// It is a bundle of its own (dist/tools.cjs), so that programs and child actors start without it; bin/etai chooses.

import { isatty } from 'node:tty';
import { COMMAND_MODULES } from './command-modules.ts';
import { type CommandName, isCommandName } from './commands.ts';
import { runProgram } from './run.ts';
import { start } from './start.ts';

async function runCommand(name: CommandName, argv: readonly string[]): Promise<number> {
  const command = await COMMAND_MODULES[name]();
  return command.run(argv);
}

start(async (argv) => {
  const [first, ...rest] = argv;
  if (first === undefined && isatty(0)) return runCommand('repl', []);
  // The same by the name of an option, which is where one looks for it: etai --profile FILE.
  if (first === '--profile') return runCommand('profile', rest);
  if (first === '--trace-actors') return runCommand('trace', rest);
  return isCommandName(first) ? runCommand(first, rest) : runProgram(argv);
});
