// etai trace, also called etai --trace-actors: run a program and tell what its actors do.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { TRACE_VARIABLE } from '../../builtins/nng/actor-trace.ts';
import { parseTrace, timelinePage } from '../../profile/timeline.ts';
import { parsePlain } from '../arguments.ts';
import { commandLine, parseCommandLine } from '../command-line.ts';
import { complain, print } from '../output.ts';
import { runFile } from '../run.ts';

/** Gives the exit status of the program. */
export function run(argv: readonly string[]): number {
  const program = commandLine('trace', 'Run a program and tell what its actors do: lines, and a timeline.')
    .usage('[-o PAGE] FILE [arg …]')
    .argument('<file>', 'the program')
    .argument('[arg...]', 'what the program gets')
    .option('-o, --output <page>', 'where the timeline goes', 'actors.html')
    .passThroughOptions();
  const status = parseCommandLine(program, argv);
  if (status !== null) return status;
  const command = parsePlain(program.args);
  if (command?.kind !== 'run') return complain(command?.kind === 'refuse' ? command.message : 'no program to trace');
  const { output } = program.opts<{ output: string }>();
  const folder = mkdtempSync(join(tmpdir(), 'eta-trace-'));
  const trace = join(folder, 'events');
  try {
    writeFileSync(trace, '');
    process.env[TRACE_VARIABLE] = trace;
    const result = runFile(command.file, command.options);
    return keep(output, readFileSync(trace, 'utf8'), basename(command.file)) ? result : result || 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function keep(path: string, trace: string, title: string): boolean {
  const events = parseTrace(trace);
  if (events.length === 0) {
    print(2, 'the program has used no actors\n');
    return true;
  }
  try {
    writeFileSync(path, timelinePage(events, title));
    print(2, `timeline: ${path}\n`);
    return true;
  } catch (thrown) {
    complain(`cannot write the timeline: ${(thrown as Error).message}`);
    return false;
  }
}
