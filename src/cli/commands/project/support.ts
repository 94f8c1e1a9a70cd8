// What the commands about projects share.

import type { Command, CommanderError } from 'commander';
import { ProjectError } from '../../../project/errors.ts';
import { firstExcess, messageOf, parseCommandLine } from '../../command-line.ts';
import { complain, print } from '../../output.ts';
import { Progress } from '../../progress.ts';

/** What a command says, instead of the words of all commands, to too few and to too many arguments. */
export interface Wording {
  readonly missing?: string;
  /** @param word  the first that is too many */
  readonly excess?: (word: string) => string;
  /** @param word  the option */
  readonly unknown?: (word: string) => string;
  /** What stands before the message of a ProjectError, in place of the command's name. */
  readonly prefix?: string;
}

/**
 * Parse the words of a command, then do it; a ProjectError becomes the message `etai NAME: …`, or what the wording says.
 *
 * @param action  gives an exit status, or nothing for 0; may be asynchronous
 */
export async function perform(
  program: Command,
  argv: readonly string[],
  action: () => unknown,
  wording: Wording = {},
): Promise<number> {
  const status = parseCommandLine(program, argv, (error) => refusal(program, error, wording));
  if (status !== null) return status;
  try {
    const result = await action();
    return typeof result === 'number' ? result : 0;
  } catch (thrown) {
    if (!(thrown instanceof ProjectError)) throw thrown;
    return complain(`${wording.prefix ?? `${program.name()}: `}${thrown.message}`);
  }
}

/** The documented words (tools §8.1), with the nearest option on a line of its own. */
function refusal(program: Command, error: CommanderError, { missing, excess, unknown }: Wording): string {
  const name = program.name();
  if (error.code === 'commander.missingArgument' && missing !== undefined) return missing;
  if (error.code === 'commander.excessArguments' && excess !== undefined) return excess(firstExcess(program));
  const message = messageOf(error);
  return error.code === 'commander.unknownOption' ? unknownOption(name, message, unknown) : `${name}: ${message}`;
}

/** Commander's message about an unknown option in the documented words. */
export function unknownOption(name: string, message: string, wording?: Wording['unknown']): string {
  const told = wording ?? ((option: string) => `${name}: unknown option ${option}`);
  return message.replace(/^unknown option '(.*)'/, (_, option: string) => told(option));
}

/** Progress goes to standard output: tools §8. */
export const say = (text: string): void => print(1, `${text}\n`);

/** On a terminal: what is fetched just now. */
export const tellFetch = (what: string): void => new Progress(0).show(what);

export const NO_PROJECT = 'no eta.toml found';
