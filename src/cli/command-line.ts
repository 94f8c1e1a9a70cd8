// The options of a command, with commander: what all commands do alike with help and with words that are wrong.

import { Command, CommanderError, Option } from 'commander';
import { InvariantError } from '../values/errors.ts';
import { complain, print } from './output.ts';

/**
 * A parser for `etai NAME`, to which the command adds its options and arguments.
 *
 * Unknown options are refused with the nearest known one. `--help` goes to standard output, since it was asked for.
 */
export function commandLine(name: string, summary: string): Command {
  return new Command(`etai ${name}`)
    .description(summary)
    .helpOption('-h, --help', 'print this text')
    .exitOverride()
    .configureOutput({ writeOut: (text) => print(1, text), writeErr: () => {} });
}

/**
 * An option whose value is one of a few words. Help and completions list them.
 *
 * @param check  gives the value, or refuses it in its own words
 */
export const choiceOption = <T>(
  flags: string,
  description: string,
  choices: readonly string[],
  check: (text: string) => T,
): Option => new Option(flags, description).choices(choices).argParser(check);

let capture: ((program: Command) => void) | null = null;

/** The parser of a command: it is started, and ended when it wants to parse its words. */
export async function captureParser(run: (argv: readonly string[]) => number | Promise<number>): Promise<Command> {
  let parser: Command | null = null;
  capture = (program) => {
    parser = program;
  };
  try {
    await run(['--help']);
  } finally {
    capture = null;
  }
  if (parser === null) throw new InvariantError('a command parses its words with parseCommandLine');
  return parser;
}

/**
 * Parse the words behind the command's name. Gives the exit status if that is all there is to do, else null.
 *
 * @param wording  what to say about words that are wrong
 */
export function parseCommandLine(
  program: Command,
  argv: readonly string[],
  wording: (error: CommanderError) => string = messageOf,
): number | null {
  if (capture !== null) {
    capture(program);
    return 0;
  }
  try {
    program.parse(argv as string[], { from: 'user' });
    return null;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.code === 'commander.helpDisplayed') return 0;
    const message = wording(
      thrown.code === 'commander.excessArguments'
        ? new CommanderError(thrown.exitCode, thrown.code, `unexpected argument: ${firstExcess(program)}`)
        : thrown,
    );
    return refuseUsage(program, message);
  }
}

/** Say what is wrong with the words, and how they should be; gives the exit status. */
export function refuseUsage(program: Command, message: string): number {
  const usage = program.usage();
  return complain(usage === '' ? message : `${message}\nUsage: ${program.name()} ${usage}`);
}

/** The first argument that is too many. */
export const firstExcess = (program: Command): string => program.args[program.registeredArguments.length];

/** Commander's text without its `error: `, in the documented wording where there is one. */
export function messageOf({ code, message }: CommanderError): string {
  const option = /option '(?:-\w, )?(-[-\w]+) /.exec(message)?.[1];
  if (code === 'commander.optionMissingArgument' && option !== undefined) return `${option} requires a value`;
  return message.replace(/^error: /, '');
}
