// etai fmt: lay out Eta files.

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemWords } from '../../builtins/host/system-words.ts';
import { formatText } from '../../format/layout.ts';
import { decodeSource, findIllFormed, readProgram } from '../../reader/index.ts';
import { Source } from '../../values/span.ts';
import { writeWhole } from '../../values/whole-file.ts';
import { commandLine, parseCommandLine, refuseUsage } from '../command-line.ts';
import { ImportedMacros } from '../imported-macros.ts';
import { complain, FAILURE, print, report } from '../output.ts';
import { Progress } from '../progress.ts';
import { readStandardInput } from '../run.ts';
import { etaFiles, readSource } from '../source-files.ts';

interface Options {
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly stdin?: boolean;
}

/** What became of a file. */
type Result = 'same' | 'changed' | 'failed';

/** Exit status 1: a file could not be read or written, or `--check` found one to lay out. */
export async function run(argv: readonly string[]): Promise<number> {
  const program = commandLine('fmt', 'Lay out Eta files, in place. Folders are searched for *.eta files.')
    .argument('[path...]', 'files and folders; without one the working directory')
    .option('--check', 'change nothing, list the files that would change; exit status 1 if there are any')
    .option('--diff', 'change nothing, show what would change')
    .option('--stdin', 'lay out standard input to standard output');
  const status = parseCommandLine(program, argv);
  if (status !== null) return status;
  const options = program.opts<Options>();
  if (!options.stdin) return formatFiles(program.args, options);
  const [path] = program.args;
  return path === undefined ? formatStandardInput() : refuseUsage(program, `--stdin takes no path: ${path}`);
}

function formatStandardInput(): number {
  const formatted = format(decodeSource(readStandardInput()), '<stdin>', null);
  if (formatted === null) return FAILURE;
  print(1, formatted);
  return 0;
}

async function formatFiles(paths: readonly string[], options: Options): Promise<number> {
  const { files, missing } = etaFiles(paths.length > 0 ? paths : ['.']);
  for (const path of missing) complain(`no such file or folder: ${path}`);
  const counts: Record<Result, number> = { same: 0, changed: 0, failed: missing.length };
  const progress = new Progress();
  for (const [index, file] of files.entries()) {
    progress.show(`${index + 1}/${files.length} ${file}`);
    counts[await formatFile(file, options)]++;
  }
  progress.end();
  const isComplaint = options.check && counts.changed > 0;
  return counts.failed > 0 || isComplaint ? FAILURE : 0;
}

async function formatFile(file: string, options: Options): Promise<Result> {
  const text = readSource(file);
  if (text === null) return 'failed';
  const formatted = format(text, file, file);
  if (formatted === null) return 'failed';
  if (formatted === text) return 'same';
  if (options.diff) print(1, await difference(file, text, formatted));
  else if (options.check) print(1, `${file}\n`);
  else return replace(file, formatted);
  return 'changed';
}

const macros = new ImportedMacros();

/** The layout of a text, null if it cannot be read: what is wrong has been reported. */
function format(text: string, name: string, path: string | null): string | null {
  if (findIllFormed(text) !== -1) {
    complain(`${name}: not UTF-8 text; left as it is`);
    return null;
  }
  const { diagnostics } = readProgram(new Source(name, path, text, 0));
  report(diagnostics);
  if (diagnostics.length > 0) return null;
  return formatText(text, macros.of(text, path === null ? '.' : dirname(path)));
}

async function difference(file: string, before: string, after: string): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  return createTwoFilesPatch(file, file, before, after, 'as it is', 'laid out');
}

function replace(file: string, text: string): Result {
  if (!statSync(file).isFile()) {
    complain(`${file} is no file that could be laid out in place; see --stdin`);
    return 'failed';
  }
  try {
    writeWhole(file, text);
    return 'changed';
  } catch (thrown) {
    complain(`cannot write ${file}: ${systemWords(thrown)}`);
    return 'failed';
  }
}
