// etai help [COMMAND]

import { commandLine, parseCommandLine, refuseUsage } from '../command-line.ts';
import { COMMAND_MODULES } from '../command-modules.ts';
import { isCommandName, unknownCommand } from '../commands.ts';
import { usageText } from '../options.ts';
import { print } from '../output.ts';

export async function run(argv: readonly string[]): Promise<number> {
  const program = commandLine('help', 'Tell how to use etai, or one of its commands.').argument('[command]');
  const status = parseCommandLine(program, argv);
  if (status !== null) return status;
  const [name] = program.args;
  if (name === undefined || name === 'help') {
    print(1, await usageText());
    return 0;
  }
  if (!isCommandName(name)) return refuseUsage(program, unknownCommand(name));
  const command = await COMMAND_MODULES[name]();
  return command.run(['--help']);
}
