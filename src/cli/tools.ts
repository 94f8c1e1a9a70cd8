// The entry of `etai` with commands: `etai COMMAND …`. Everything that is no command is run as main.ts would.
//
// It is a bundle of its own (dist/tools.cjs), so that programs and child actors start without it; bin/etai chooses.

import { isatty } from 'node:tty';
import { type CommandName, isCommandName, unknownCommand } from './commands.ts';
import { usageText } from './options.ts';
import { complain, print } from './output.ts';
import { runProgram } from './run.ts';
import { start } from './start.ts';

/** A command gets the words behind its name, knows `--help`, and gives the exit status. */
export interface CommandModule {
  run(argv: readonly string[]): number | Promise<number>;
}

const COMMAND_MODULES: Readonly<Record<CommandName, () => Promise<CommandModule>>> = {
  repl: () => import('./commands/repl.ts'),
  check: () => import('./commands/check.ts'),
  test: () => import('./commands/test.ts'),
  fmt: () => import('./commands/fmt.ts'),
  compile: () => import('./commands/compile.ts'),
  profile: () => import('./commands/profile.ts'),
  new: async () => ({ run: (await import('./commands/project/create.ts')).create }),
  init: async () => ({ run: (await import('./commands/project/create.ts')).init }),
  run: async () => ({ run: (await import('./commands/project/work.ts')).run }),
  build: async () => ({ run: (await import('./commands/project/work.ts')).build }),
  add: async () => ({ run: (await import('./commands/project/dependencies.ts')).add }),
  remove: async () => ({ run: (await import('./commands/project/dependencies.ts')).remove }),
  update: async () => ({ run: (await import('./commands/project/dependencies.ts')).update }),
  tree: async () => ({ run: (await import('./commands/project/dependencies.ts')).tree }),
  vendor: async () => ({ run: (await import('./commands/project/dependencies.ts')).vendor }),
  install: async () => ({ run: (await import('./commands/project/work.ts')).install }),
  clean: async () => ({ run: (await import('./commands/project/work.ts')).clean }),
  bundle: () => import('./commands/bundle.ts'),
  help: async () => ({ run: help }),
};

/** etai help [COMMAND] */
async function help([name]: readonly string[]): Promise<number> {
  if (name !== undefined && name !== 'help' && !name.startsWith('-')) {
    return isCommandName(name) ? runCommand(name, ['--help']) : complain(unknownCommand(name));
  }
  print(1, await usageText());
  return 0;
}

async function runCommand(name: CommandName, argv: readonly string[]): Promise<number> {
  const command = await COMMAND_MODULES[name]();
  return command.run(argv);
}

start(async (argv) => {
  const [first, ...rest] = argv;
  if (first === undefined && isatty(0)) return runCommand('repl', []);
  // The same by the name of an option, which is where one looks for it: etai --profile FILE.
  if (first === '--profile') return runCommand('profile', rest);
  return isCommandName(first) ? runCommand(first, rest) : runProgram(argv);
});
