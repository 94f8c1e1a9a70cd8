// etai compile, also called etac: an Eta file to a compiled file, or to a listing of its bytecode (tools §6.1).

import { extname } from 'node:path';
import { compiledOutput, functionCount } from '../../session/file-compiler.ts';
import { SIGINT_STATUS } from '../../session/interrupt.ts';
import { Session } from '../../session/session.ts';
import { obstacleToWriting, writeWhole } from '../../values/whole-file.ts';
import { commandLine, parseCommandLine } from '../command-line.ts';
import { complain, FAILURE, print, report } from '../output.ts';
import { obstacleTo, ownProgram } from '../run.ts';

interface Options {
  readonly o?: string;
  readonly optimize?: boolean;
  readonly disasm?: boolean;
  readonly debug: boolean;
  readonly prelude?: boolean;
  readonly path?: string;
}

const NOTE = `
The file's imports are loaded and run; the file itself is not. A compiled file runs with etai, and in place of its
source wherever that is imported. When its source, or what it imports, has changed, the source is run instead.`;

export function run(argv: readonly string[]): number {
  const program = commandLine('compile', 'Compile an Eta file to a .etac file.')
    .name(process.title === 'etac' ? 'etac' : 'etai compile')
    .usage('[options] FILE [-o OUT]')
    .argument('[file]')
    .allowExcessArguments(true)
    .option('-o <out>', 'the compiled file; without it FILE, ending in .etac')
    .option('-O, --optimize', 'fold constants and leave out dead code')
    .option('--no-optimize', 'do not, which is the default; short: -O0')
    .option('--disasm', 'list the bytecode of FILE and of all that it imports instead of writing a file')
    .option('--no-debug', 'leave out the places in the source, which errors point at')
    .option('--prelude', 'load std.prelude first')
    .option('--no-prelude', 'do not, which is the default')
    .option('--path <dirs>', 'directories to search for modules, instead of ETA_MODULE_PATH')
    .addHelpText('after', NOTE);
  const status = parseCommandLine(
    program,
    argv.map((word) => (word === '-O0' ? '--no-optimize' : word)),
  );
  if (status !== null) return status;
  const [file, extra] = program.args;
  if (file === undefined) {
    const refusal = complain('no input file specified');
    print(2, program.helpInformation());
    return refusal;
  }
  if (extra !== undefined) return complain(`unexpected argument: ${extra}`);
  const obstacle = obstacleTo(file);
  return obstacle === null ? compile(file, program.opts<Options>()) : complain(`${obstacle}: ${file}`);
}

function compile(file: string, options: Options): number {
  const session = new Session({
    ...ownProgram(),
    path: options.path ?? null,
    optimize: options.optimize ?? false,
  });
  try {
    if (options.prelude) session.loader.require('std.prelude');
    const { outcome, text } = session.compileFile(file);
    session.flush();
    report(outcome.findings);
    if (text === null) return outcome.kind === 'interrupted' ? SIGINT_STATUS : outcome.status || FAILURE;
    if (options.disasm) {
      session.print(session.disassembly(text.modules.map(({ code }) => code)));
      return 0;
    }
    const out = options.o ?? file.replace(/(?<=[^/])(\.[^./]*)?$/, '.etac');
    const sources = [...session.loader.touched].filter((each) => extname(each) !== '.etac');
    const unfit = obstacleToWriting(out, [file, ...sources]);
    if (unfit !== null) return complain(`output file ${out} ${unfit}`);
    const { bytes, heldAsText } = compiledOutput(session, text, out, options.debug);
    try {
      writeWhole(out, [bytes]);
    } catch (thrown) {
      return complain(`cannot open output file: ${out} (${(thrown as NodeJS.ErrnoException).code ?? thrown})`);
    }
    if (text.modules.length === 0) print(2, `warning: no modules found in ${file}\n`);
    if (heldAsText !== null) print(2, `note: ${file} is held as text, and compiled when it is loaded: ${heldAsText}\n`);
    print(2, `compiled ${file} > ${out} (${functionCount(text)} functions, ${text.modules.length} module(s))\n`);
    return 0;
  } finally {
    session.close(true);
  }
}
