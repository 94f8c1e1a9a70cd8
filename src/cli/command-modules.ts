// What the commands do: a module for each, loaded when it is wanted.

import type { Command } from 'commander';
import { captureParser } from './command-line.ts';
import { COMMANDS, type CommandName } from './commands.ts';

/** A command gets the words behind its name, knows `--help`, and gives the exit status. */
export interface CommandModule {
  run(argv: readonly string[]): number | Promise<number>;
}

export const COMMAND_MODULES: Readonly<Record<CommandName, () => Promise<CommandModule>>> = {
  repl: () => import('./commands/repl.ts'),
  check: () => import('./commands/check.ts'),
  test: () => import('./commands/test.ts'),
  bench: () => import('./commands/bench.ts'),
  fmt: () => import('./commands/fmt.ts'),
  doc: () => import('./commands/doc.ts'),
  compile: () => import('./commands/compile.ts'),
  trace: () => import('./commands/trace.ts'),
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
  doctor: () => import('./commands/doctor.ts'),
  completions: () => import('./commands/completions.ts'),
  help: () => import('./commands/help.ts'),
};

/** A command for those who write about it: help pages, completions. */
export interface CommandDescription {
  readonly name: CommandName;
  readonly summary: string;
  /** Its options and arguments. */
  readonly parser: Command;
}

/** All commands, in the order of their table. */
export async function describeCommands(): Promise<CommandDescription[]> {
  const described: CommandDescription[] = [];
  for (const name of Object.keys(COMMANDS) as CommandName[]) {
    const { run } = await COMMAND_MODULES[name]();
    described.push({ name, summary: COMMANDS[name], parser: await captureParser(run) });
  }
  return described;
}
