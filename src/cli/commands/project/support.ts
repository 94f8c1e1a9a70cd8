// What the commands about projects share.

import type { Command } from 'commander';
import { ProjectError } from '../../../project/errors.ts';
import { parseCommandLine } from '../../command-line.ts';
import { complain, print } from '../../output.ts';
import { Progress } from '../../progress.ts';

/**
 * Parse the words of a command, then do it; a ProjectError becomes the message `etai NAME: …`.
 *
 * @param action  gives an exit status, or nothing for 0; may be asynchronous
 */
export async function perform(program: Command, argv: readonly string[], action: () => unknown): Promise<number> {
  const status = parseCommandLine(program, argv);
  if (status !== null) return status;
  try {
    const result = await action();
    return typeof result === 'number' ? result : 0;
  } catch (thrown) {
    if (!(thrown instanceof ProjectError)) throw thrown;
    return complain(`${program.name()}: ${thrown.message}`);
  }
}

/** Progress goes to standard output: tools §8. */
export const say = (text: string): void => print(1, `${text}\n`);

/** On a terminal: what is fetched just now. */
export const tellFetch = (what: string): void => new Progress(0).show(what);

export const NO_PROJECT = 'no eta.toml found';
