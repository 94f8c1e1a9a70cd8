// The commands of the prompt: `:name argument`.
//
// One table says how each is used and what it does; `:help`, completion and the reading of lines derive from it. What
// they do is in commands/. Source: tools §16.3.

import { nearestName } from '../compiler/suggestions.ts';
import { disassembleForm, expandForm } from './commands/code.ts';
import { editSubmission, saveSubmissions, setOption } from './commands/editing.ts';
import { importModule, loadFile, reloadModules, resetSession, timeForm } from './commands/running.ts';
import { listActors, listModules, listNames, searchNames, showDoc, showSource, showType } from './commands/showing.ts';
import type { Repl } from './repl.ts';

/** What an argument is, for completion; a form may go on in further lines. */
export type ArgumentKind = 'none' | 'form' | 'name' | 'module' | 'file' | 'setting' | 'command' | 'text';

export interface ReplCommand {
  /** Behind the name; in brackets what can be left out. */
  readonly argument: string;
  readonly kind: ArgumentKind;
  readonly summary: string;
  /** Gives the exit status if it ends the prompt. */
  run(repl: Repl, argument: string): number | null;
}

const row = (argument: string, kind: ArgumentKind, summary: string, run: ReplCommand['run']): ReplCommand => ({
  argument,
  kind,
  summary,
  run,
});

/** For what never ends the prompt. */
const shows =
  (show: (repl: Repl, argument: string) => void): ReplCommand['run'] =>
  (repl, argument) => {
    show(repl, argument);
    return null;
  };

export const COMMANDS: Readonly<Record<string, ReplCommand>> = {
  help: row('[COMMAND]', 'command', 'list the commands, or tell about one', shows(help)),
  quit: row('', 'none', 'leave, and end all actors', () => 0),
  type: row('EXPR', 'form', 'tell what kind of value an expression has', showType),
  doc: row('NAME', 'name', 'show how a name is used, and what it does', shows(showDoc)),
  source: row('NAME', 'name', 'show the definition of a name', shows(showSource)),
  apropos: row('TEXT', 'text', 'list the names that contain a text', shows(searchNames)),
  load: row('FILE', 'file', 'load a file, again if it has been loaded, and import it', loadFile),
  reload: row('[MODULE]', 'module', 'load a module and its importers anew, or all of yours', reloadModules),
  import: row('MODULE', 'module', 'import a module, or a clause: (only std.json json:read)', importModule),
  modules: row('', 'none', 'list the modules that are loaded', shows(listModules)),
  env: row('[MODULE]', 'module', 'list what you have defined, or what a module exports', listNames),
  time: row('EXPR', 'form', 'evaluate an expression and tell how long it took', timeForm),
  disasm: row('EXPR', 'form', 'show the bytecode of a function or an expression', disassembleForm),
  expand: row('FORM', 'form', 'show what a macro use stands for', expandForm),
  actors: row('', 'none', 'list the child processes and threads', shows(listActors)),
  set: row('[OPTION VALUE]', 'setting', 'show the options, or change one', setOption),
  edit: row('', 'none', 'open your last input in $EDITOR, then evaluate it', editSubmission),
  save: row('FILE', 'file', 'write what you have entered to a file', shows(saveSubmissions)),
  reset: row('', 'none', 'forget everything and start anew', shows(resetSession)),
  bt: row('', 'none', 'show the last error again, with its whole stack', shows(showBacktrace)),
  full: row('', 'none', 'show the last result in full', shows(showInFull)),
};

const COMMAND = /^:([A-Za-z][\w-]*)(?:\s+([\s\S]*))?$/;

/** Whether a submission is a command. */
export const isCommand = (text: string): boolean => COMMAND.test(text);

/** Whether a line is a command that ends with it, whatever it looks like to the reader. */
export function isOneLineCommand(line: string): boolean {
  const name = COMMAND.exec(line.trim())?.[1];
  return name !== undefined && COMMANDS[name]?.kind !== 'form';
}

/** Run a command. Gives the exit status if it ends the prompt. */
export function runCommand(repl: Repl, text: string): number | null {
  const [, name, argument = ''] = COMMAND.exec(text) as RegExpExecArray;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const near = nearestName(name, Object.keys(COMMANDS));
    repl.host.complain(
      `unknown command :${name}; ${near === null ? ':help lists them all' : `did you mean ':${near}'?`}`,
    );
    return null;
  }
  const isMissing = argument === '' && command.argument !== '' && !command.argument.startsWith('[');
  const isTooMuch = argument !== '' && command.argument === '';
  if (isMissing || isTooMuch) {
    repl.host.complain(`usage: ${usageOf(name)}`);
    return null;
  }
  try {
    return command.run(repl, argument.trim());
  } catch (thrown) {
    // What the system refuses to a command is not the end of the prompt.
    const { syscall, message } = thrown as NodeJS.ErrnoException;
    if (syscall === undefined) throw thrown;
    repl.host.complain(`:${name}: ${message}`);
    return null;
  }
}

const usageOf = (name: string): string => `:${name} ${COMMANDS[name].argument}`.trimEnd();

function help(repl: Repl, argument: string): void {
  const name = argument.replace(/^:/, '');
  if (name !== '' && !Object.hasOwn(COMMANDS, name)) {
    const near = nearestName(name, Object.keys(COMMANDS));
    const guess = near === null ? '' : `; did you mean ':${near}'?`;
    repl.host.complain(`there is no command :${name}${guess}`);
    return;
  }
  const names = name === '' ? Object.keys(COMMANDS) : [name];
  const column = Math.max(...names.map((each) => usageOf(each).length)) + 2;
  for (const each of names) repl.print(`${usageOf(each).padEnd(column)}${COMMANDS[each].summary}\n`);
  if (name === '') repl.print(HELP_NOTE);
}

const HELP_NOTE = `
Everything else is evaluated. _ __ ___ are the last three results.
Ctrl+C ends what runs or clears the input; Ctrl+D leaves.
Tab completes; Ctrl+R searches what you have entered; Alt+Enter begins a line.
`;

function showBacktrace(repl: Repl): void {
  if (repl.lastErrors.length === 0) repl.host.complain('there has been no error yet');
  else repl.host.report(repl.lastErrors, { allFrames: true });
}

function showInFull(repl: Repl): void {
  if (repl.lastShown.length === 0) repl.host.complain('there has been no result yet');
  else repl.showInFull(repl.lastShown);
}
