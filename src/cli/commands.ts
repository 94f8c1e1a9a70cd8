// The commands of `etai`, as help lists them. What they do is found by tools.ts.

import { nearestName } from '../compiler/suggestions.ts';

/** Name and summary of each command. A file with such a name is run by `etai ./NAME`. */
export const COMMANDS = {
  repl: 'evaluate what you type; etai alone does so, too, on a terminal',
  check: 'report errors and likely mistakes, without running anything',
  test: 'run the tests in Eta files',
  bench: 'run the benchmarks of a project',
  fmt: 'lay out Eta files',
  doc: "write pages about the project's modules, or tell what is known of a name",
  compile: 'compile an Eta file to a .etac file, as etac does',
  profile: 'run a program and tell where its time goes; etai --profile does, too',
  trace: 'run a program and tell what its actors do; etai --trace-actors does, too',
  new: 'make a project in a new folder',
  init: 'make the working directory a project',
  run: "run the project's program, or a file",
  build: 'compile the sources of the project',
  add: 'add a dependency to the project',
  remove: 'remove a dependency',
  update: 'resolve and install all dependencies',
  tree: 'show what the project depends on',
  vendor: 'install dependencies, to be kept with the project',
  install: 'build the project and install the result',
  clean: 'delete what was built',
  bundle: 'make one executable file of a program, or of etai itself',
  doctor: 'tell what is installed and what is missing',
  completions: 'print a script that completes command lines of etai in a shell',
  help: 'tell how to use etai, or one of its commands: etai help COMMAND',
} as const;

export type CommandName = keyof typeof COMMANDS;

/** Commands by the name of an option, which is where one looks for them: etai --profile FILE. bin/etai knows them, too. */
export const COMMAND_OPTIONS: ReadonlyMap<string | undefined, CommandName> = new Map([
  ['--profile', 'profile'],
  ['--trace-actors', 'trace'],
]);

export const isCommandName = (word: string | undefined): word is CommandName =>
  word !== undefined && Object.hasOwn(COMMANDS, word);

/** What commands are called in other tools, where that is not near to what they are called here. */
const NAMES_ELSEWHERE: Readonly<Record<string, CommandName>> = {
  lint: 'check',
  format: 'fmt',
  shell: 'repl',
  create: 'new',
  start: 'run',
  exec: 'run',
  uninstall: 'remove',
  deps: 'tree',
  benchmark: 'bench',
  document: 'doc',
  package: 'bundle',
};

/** A word that looks like a command may be a misspelt one; this is the one that was meant, null if none is near. */
export function nearestCommand(word: string): string | null {
  if (Object.hasOwn(NAMES_ELSEWHERE, word)) return NAMES_ELSEWHERE[word];
  return /^[a-z][a-z-]*$/.test(word) ? nearestName(word, Object.keys(COMMANDS)) : null;
}

export function unknownCommand(word: string): string {
  const near = nearestCommand(word);
  return `unknown command: ${word}${near === null ? '' : `; did you mean '${near}'?`}`;
}
