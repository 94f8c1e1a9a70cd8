// Commands that run a program, watch it, and leave a page about it: what profile and trace do alike.

import { systemWords } from '../builtins/host/system-words.ts';
import { obstacleToWriting, writeWhole } from '../values/whole-file.ts';
import { parsePlain, type RunOptions } from './arguments.ts';
import { commandLine, parseCommandLine } from './command-line.ts';
import { complain, print } from './output.ts';
import { obstacleTo, runFile } from './run.ts';

export interface ObservedRun {
  readonly file: string;
  readonly options: RunOptions;
  /** Where the page goes. */
  readonly output: string;
}

/**
 * Parse `etai NAME [-o PAGE] FILE [arg …]`. Gives the exit status if that is all there is to do.
 *
 * @param pageName  what the page is, for messages
 * @param page      where it goes if nobody says so
 */
export function parseObservedRun(
  argv: readonly string[],
  name: string,
  summary: string,
  pageName: string,
  page: string,
): ObservedRun | number {
  const program = commandLine(name, summary)
    .usage('[-o PAGE] FILE [arg …]')
    .argument('<file>', 'the program')
    .argument('[arg...]', 'what the program gets')
    .option('-o, --output <page>', `where the ${pageName} goes`, page)
    .passThroughOptions();
  const status = parseCommandLine(program, argv);
  if (status !== null) return status;
  const command = parsePlain(program.args);
  if (command?.kind !== 'run') return complain(command?.kind === 'refuse' ? command.message : `no program to ${name}`);
  const { file, options } = command;
  if (file !== '-' && obstacleTo(file) !== null) return runFile(file, options); // says what is wrong
  const { output } = program.opts<{ output: string }>();
  const unfit = obstacleToWriting(output, [file]);
  return unfit === null ? { file, options, output } : complain(`${pageName} ${output} ${unfit}`);
}

/** Write the page and say where it is. Gives the exit status: the program's, or a failure if the page cannot be kept. */
export function keepPage(path: string, page: string, pageName: string, status: number): number {
  try {
    writeWhole(path, page);
  } catch (thrown) {
    complain(`cannot write the ${pageName} ${path}: ${systemWords(thrown)}`);
    return status || 1;
  }
  print(2, `${pageName}: ${path}\n`);
  return status;
}
