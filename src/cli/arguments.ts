// The command line of etai, taken apart.
//
//   etai [options] FILE [arg …] [-- arg …]
//
// Options in front of FILE are parsed by commander. Behind FILE the six options of the reference are recognised still
// (--path --strict-shadows --mailbox --disasm --help -h), everything else there is an argument of the program; the first
// `--` is dropped and ends all options. A command line without options, and that of a spawned child, are by far the most
// frequent: they are recognised here without loading commander. Source: tools §3.

/** What to do, one of four things. */
export type Command =
  | { readonly kind: 'run'; readonly file: string; readonly options: RunOptions }
  | {
      readonly kind: 'evaluate';
      readonly expressions: readonly string[];
      readonly print: boolean;
      readonly options: RunOptions;
    }
  /** Print a text and end: help, version. */
  | { readonly kind: 'tell'; readonly text: string; readonly stream: 'stdout' | 'stderr' }
  | { readonly kind: 'refuse'; readonly message: string; readonly usage: 'whole' | 'synopsis' | 'none' };

export interface RunOptions {
  /** The value of --path, null when it was not given. */
  readonly path: string | null;
  readonly mailbox: string | null;
  readonly strictShadows: boolean;
  readonly disasm: boolean;
  readonly arguments: readonly string[];
}

/** The command of a command line that is plain enough; null says that `parseWithCommander` is needed. */
export function parsePlain(argv: readonly string[]): Command | null {
  const [file, ...rest] = argv;
  if (file === undefined) return { kind: 'refuse', message: 'no input file specified', usage: 'whole' };
  if (file.startsWith('-') && file !== '-') return null;
  const scanned = scanBehindFile(rest);
  if (scanned === null) return null;
  if (typeof scanned === 'string') return { kind: 'refuse', message: scanned, usage: 'synopsis' };
  return { kind: 'run', file, options: scanned };
}

/** The options and arguments behind FILE; null if help is asked for, a text if something is wrong. */
export function scanBehindFile(words: readonly string[]): RunOptions | string | null {
  const options = { path: null as string | null, mailbox: null as string | null, strictShadows: false, disasm: false };
  const args: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === '--') return { ...options, arguments: [...args, ...words.slice(i + 1)] };
    if (word === '--help' || word === '-h') return null;
    if (word === '--strict-shadows') options.strictShadows = true;
    else if (word === '--disasm') options.disasm = true;
    else if (word === '--path' || word === '--mailbox') {
      const value = words[++i];
      if (value === undefined) return `${word} requires a value`;
      options[word === '--path' ? 'path' : 'mailbox'] = value;
    } else args.push(word);
  }
  return { ...options, arguments: args };
}
