// etai bundle: an executable that holds a program, that of the project around if none is named, or etai alone.

import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { openBase, writeExecutable } from '../../executable/assemble.ts';
import { collectProgram, executableName } from '../../executable/program.ts';
import { EtaError } from '../../values/errors.ts';
import { isFile } from '../../values/file-status.ts';
import { obstacleToWriting } from '../../values/whole-file.ts';
import { commandLine, refuseUsage } from '../command-line.ts';
import { complain, FAILURE, print, report } from '../output.ts';
import { Progress } from '../progress.ts';
import { NO_PROJECT, perform } from './project/support.ts';
import { projectProgram } from './project/work.ts';

interface Options {
  readonly output?: string;
  readonly include?: readonly string[];
  readonly path?: string;
  readonly base?: string;
  readonly self?: boolean;
}

const collect = (value: string, values: readonly string[] = []): readonly string[] => [...values, value];

export const program = (): Command =>
  commandLine('bundle', 'Make one executable file of a program, its modules and workers, etai and Node.')
    .argument('[file]', 'the program; in a project, that of the project if none is named')
    .option('--self', 'make it of etai itself, without a program')
    .option('-o, --output <file>', "the executable's file; by default named after the program")
    .option('--include <file>', 'one more file: a worker whose name is computed; may be repeated', collect)
    .option('--path <dirs>', 'directories to search for modules, instead of ETA_MODULE_PATH')
    .option(
      '--base <file>',
      "what to make it of: an executable of etai, or Node's own file, also for another platform",
    );

export function run(argv: readonly string[]): Promise<number> {
  const parser = program();
  return perform(parser, argv, async () => {
    const options = parser.opts<Options>();
    const [named] = parser.args;
    if (options.self && named !== undefined)
      return refuseUsage(parser, `${parser.name()}: --self is for etai itself, without ${named}`);
    const files = [named, options.base, ...(options.include ?? [])];
    const missing = files.find((each): each is string => each !== undefined && !isFile(each));
    if (missing !== undefined) return complain(`file not found: ${missing}`);
    const own = options.self || named !== undefined ? null : await projectProgram();
    const file = named ?? own?.file ?? null;
    if (file === null && !options.self)
      return refuseUsage(parser, `${parser.name()}: ${NO_PROJECT}: name a file, or say --self for etai itself`);
    try {
      return await bundle(file, options.output ?? executableName(own?.name ?? stem(file ?? 'etai')), options);
    } catch (thrown) {
      if (thrown instanceof EtaError || isSystemError(thrown)) return complain(thrown.message);
      throw thrown;
    }
  });
}

const stem = (file: string): string => basename(file, extname(file));

const isSystemError = (thrown: unknown): thrown is NodeJS.ErrnoException =>
  thrown instanceof Error && 'syscall' in thrown;

async function bundle(file: string | null, target: string, { include = [], path, base }: Options): Promise<number> {
  const progress = new Progress(0);
  progress.show(`1/3 read ${file ?? 'etai'}`);
  const { program, sources, diagnostics } =
    file === null
      ? { program: null, sources: [], diagnostics: [] }
      : collectProgram(file, { path: path ?? null, included: include });
  report(diagnostics);
  if (file !== null && program === null) return FAILURE;
  const unfit = obstacleToWriting(target, base === undefined ? sources : [base, ...sources]);
  if (unfit !== null) return complain(`${target} ${unfit}; name another file with -o`);
  progress.show(`2/3 prepare ${base ?? process.execPath}`);
  const opened = await openBase(base ?? null);
  for (const remark of opened.remarks) print(2, `warning: ${remark}\n`);
  progress.show(`3/3 write ${target}`);
  const size = writeExecutable(target, opened, program);
  progress.end();
  for (const { path: each } of program?.files ?? []) print(1, `  ${each.split('/').slice(2).join('/')}\n`);
  print(1, `${target}: ${(size / 1e6).toFixed(1)} MB\n`);
  return 0;
}
