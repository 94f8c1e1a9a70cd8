// The options of a command, with commander: what all commands do alike with help and with words that are wrong.

import { Command, CommanderError } from 'commander';
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
 * Parse the words behind the command's name. Gives the exit status if that is all there is to do, else null.
 *
 * @param wording  what to say about words that are wrong
 */
export function parseCommandLine(
  program: Command,
  argv: readonly string[],
  wording: (error: CommanderError) => string = messageOf,
): number | null {
  try {
    program.parse(argv as string[], { from: 'user' });
    return null;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.code === 'commander.helpDisplayed') return 0;
    return complain(`${wording(thrown)}\n${program.usage() ? usageOf(program) : ''}`.trimEnd());
  }
}

const usageOf = (program: Command): string => `Usage: ${program.name()} ${program.usage()}`;

/** Commander's text without its `error: `, in the documented wording where there is one. */
export function messageOf({ code, message }: CommanderError): string {
  const option = /option '(?:-\w, )?(-[-\w]+) /.exec(message)?.[1];
  if (code === 'commander.optionMissingArgument' && option !== undefined) return `${option} requires a value`;
  return message.replace(/^error: /, '');
}
