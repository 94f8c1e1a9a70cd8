// How this program is started again, for its children and its threads.
//
//   from a clone or a package   node …/bin/etai FILE …    threads begin in …/bin/etai
//   an executable               EXECUTABLE --etai FILE …  threads begin in the unpacked bin/etai

import { join } from 'node:path';

/** The first word of a command line that is meant for etai, and not for the program that an executable is made for. */
export const ETAI_WORD = '--etai';

/** The folder that holds bin, dist and stdlib: of the package, or unpacked. */
export const OWN_FOLDER = join(import.meta.dirname, '..');

export interface Invocation {
  /** `execPath ...execArgs` and the words for etai. */
  readonly interpreter: { readonly execPath: string; readonly execArgs: readonly string[] };
  /** The file that a thread starts with. */
  readonly entry: string;
}

/** Whether this process runs an executable: boot.ts puts its path in the place of the script's. */
export const isExecutable = (): boolean => process.argv[1] === process.execPath;

export function ownInvocation(): Invocation {
  const { execPath, execArgv, argv } = process;
  if (!isExecutable()) return { interpreter: { execPath, execArgs: [...execArgv, argv[1]] }, entry: argv[1] };
  return { interpreter: { execPath, execArgs: [ETAI_WORD] }, entry: join(OWN_FOLDER, 'bin', 'etai') };
}
