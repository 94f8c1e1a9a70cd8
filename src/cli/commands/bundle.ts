// etai bundle: an executable that holds a program, or etai itself.

import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openBase, writeExecutable } from '../../executable/assemble.ts';
import { collectProgram, defaultName } from '../../executable/program.ts';
import { EtaError } from '../../values/errors.ts';
import { commandLine, parseCommandLine } from '../command-line.ts';
import { complain, FAILURE, print, report } from '../output.ts';

interface Options {
  readonly output?: string;
  readonly include: readonly string[];
  readonly path?: string;
  readonly base?: string;
}

const collect = (value: string, values: readonly string[]): readonly string[] => [...values, value];

export const program = (): Command =>
  commandLine('bundle', 'Make one executable file of a program, its modules and workers, etai and Node.')
    .argument('[file]', 'the program; without it the executable is etai itself')
    .option('-o, --output <file>', "the executable's file; by default named after the program")
    .option('--include <file>', 'one more file: a worker whose name is computed; may be repeated', collect, [])
    .option('--path <dirs>', 'directories to search for modules, instead of ETA_MODULE_PATH')
    .option(
      '--base <file>',
      "what to make it of: an executable of etai, or Node's own file, also for another platform",
    );

export async function run(argv: readonly string[]): Promise<number> {
  const parser = program();
  const status = parseCommandLine(parser, argv);
  if (status !== null) return status;
  const options = parser.opts<Options>();
  const file = parser.args[0] ?? null;
  const named = [file, options.base ?? null, ...options.include];
  const missing = named.find((each): each is string => each !== null && !isFile(each));
  if (missing !== undefined) return complain(`file not found: ${missing}`);
  try {
    return await bundle(file, options);
  } catch (thrown) {
    if (thrown instanceof EtaError || isSystemError(thrown)) return complain(thrown.message);
    throw thrown;
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const isSystemError = (thrown: unknown): thrown is NodeJS.ErrnoException =>
  thrown instanceof Error && 'syscall' in thrown;

async function bundle(file: string | null, options: Options): Promise<number> {
  const { output, include, path, base } = options;
  const target = output ?? defaultName(file ?? 'etai');
  if (existsSync(target) && !isFile(target)) return complain(`is not a file: ${target}`);
  if (file !== null && resolve(target) === resolve(file))
    return complain(`${target} is the program itself; name another file with -o`);
  const { program, diagnostics } =
    file === null
      ? { program: null, diagnostics: [] }
      : collectProgram(file, { path: path ?? null, included: include });
  report(diagnostics);
  if (file !== null && program === null) return FAILURE;
  const opened = await openBase(base ?? null);
  for (const remark of opened.remarks) print(2, `warning: ${remark}\n`);
  const size = writeExecutable(target, opened, program);
  for (const { path: each } of program?.files ?? []) print(1, `  ${each.split('/').slice(2).join('/')}\n`);
  print(1, `${target}: ${(size / 1e6).toFixed(1)} MB\n`);
  return 0;
}
