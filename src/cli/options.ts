// Command lines that are not plain: options in front of FILE, help, expressions. Loads commander.

import { CommanderError, type Command as Program } from 'commander';
import { version } from '../../package.json';
import { type Command, type RunOptions, scanBehindFile } from './arguments.ts';
import { COMMANDS } from './commands.ts';

const SYNOPSIS = '[options] FILE [--] [arg …]';
const NOTE = 'Write -- in front of program arguments that etai would take for its own options.\n';

interface Parsed {
  readonly path?: string;
  readonly mailbox?: string;
  readonly strictShadows?: boolean;
  readonly disasm?: boolean;
  readonly eval?: readonly string[];
  readonly print?: boolean;
  readonly version?: boolean;
  readonly profile?: boolean;
  readonly traceActors?: boolean;
}

/** What `--version` prints. */
export const versionText = (): string => `etai ${version} (eta language 0.7-compatible, node ${process.version})\n`;

/** The usage text: `Usage: etai …`, then one line for each option. */
export async function usageText(): Promise<string> {
  return helpText(await createProgram());
}

/** Its first line, and where to find the others. */
export const synopsisText = (): string => `Usage: etai ${SYNOPSIS}\netai --help tells more\n`;

export async function parseWithCommander(argv: readonly string[]): Promise<Command> {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const behind = end < 0 ? [] : argv.slice(end + 1);
  const program = await createProgram();
  try {
    program.parse(words as string[], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.code === 'commander.helpDisplayed') return help(program);
    return { kind: 'refuse', message: messageOf(thrown), usage: 'synopsis' };
  }
  return commandOf(program, behind);
}

function commandOf(program: Program, behind: readonly string[]): Command {
  const parsed = program.opts<Parsed>();
  for (const [name, isGiven] of [
    ['--profile', parsed.profile],
    ['--trace-actors', parsed.traceActors],
  ])
    if (isGiven) return { kind: 'refuse', message: `${name} must be the first of all words`, usage: 'none' };
  if (parsed.version) return { kind: 'tell', text: versionText(), stream: 'stdout' };
  const front = {
    path: parsed.path ?? null,
    mailbox: parsed.mailbox ?? null,
    strictShadows: parsed.strictShadows ?? false,
    disasm: parsed.disasm ?? false,
  };
  const print = parsed.print ?? false;
  if (parsed.eval !== undefined) {
    const options = { ...front, arguments: [...program.args, ...behind] };
    return { kind: 'evaluate', expressions: parsed.eval, print, options };
  }
  if (print) return { kind: 'refuse', message: '--print requires --eval', usage: 'synopsis' };
  const [file, ...rest] = program.args;
  if (file === undefined) return { kind: 'refuse', message: 'no input file specified', usage: 'whole' };
  const scanned = scanBehindFile(rest);
  if (scanned === null) return help(program);
  if (typeof scanned === 'string') return { kind: 'refuse', message: scanned, usage: 'synopsis' };
  return { kind: 'run', file, options: merge(front, scanned, behind) };
}

/** The last of two equal options wins. */
function merge(front: Omit<RunOptions, 'arguments'>, back: RunOptions, behind: readonly string[]): RunOptions {
  return {
    path: back.path ?? front.path,
    mailbox: back.mailbox ?? front.mailbox,
    strictShadows: back.strictShadows || front.strictShadows,
    disasm: back.disasm || front.disasm,
    arguments: [...back.arguments, ...behind],
  };
}

const help = (program: Program): Command => ({ kind: 'tell', text: helpText(program), stream: 'stderr' });

const helpText = (program: Program): string => `${program.helpInformation()}\n${NOTE}\n${commandList()}`;

/** Commander's text without its `error: `, in the documented wording where there is one. */
function messageOf({ code, message }: CommanderError): string {
  const option = /option '.*(--[a-z-]+) /.exec(message)?.[1];
  if (code === 'commander.optionMissingArgument' && option !== undefined) return `${option} requires a value`;
  return message.replace(/^error: /, '');
}

/** The commands, one line each, in the layout of commander's own lists. */
function commandList(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}\n`);
  return `\nCommands (etai COMMAND --help tells more):\n${lines.join('')}`;
}

/** The parser for everything that is no command. */
export async function createProgram(): Promise<Program> {
  const { Command } = await import('commander');
  const collect = (value: string, values: readonly string[] = []) => [...values, value];
  return new Command('etai')
    .usage(SYNOPSIS)
    .helpOption('-h, --help', 'print this text')
    .option('--path <dirs>', 'directories to search for modules, instead of ETA_MODULE_PATH')
    .option('--strict-shadows', 'refuse an import that several files could satisfy')
    .option('--mailbox <url>', 'connect the mailbox to this endpoint before the program starts')
    .option('--disasm', 'list the bytecode after the run')
    .option('-e, --eval <expr>', 'evaluate an expression instead of a file; may be repeated', collect)
    .option('-p, --print', 'print the value of the last --eval')
    .option('--profile', 'run FILE and tell where its time goes; first of all words: see etai profile --help')
    .option('--trace-actors', 'run FILE and tell what its actors do; first of all words: see etai trace --help')
    .option('-V, --version', 'print the version')
    .argument('[file]', 'program to run; - reads it from standard input')
    .argument('[args...]', 'what (command-line-arguments) gives to the program')
    .passThroughOptions()
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });
}
