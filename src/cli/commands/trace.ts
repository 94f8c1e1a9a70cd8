// etai trace, also called etai --trace-actors: run a program and tell what its actors do.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TRACE_VARIABLE } from '../../builtins/nng/actor-trace.ts';
import { makeProcessFolder } from '../../builtins/nng/socket-folder.ts';
import { parseTrace, timelinePage } from '../../profile/timeline.ts';
import { keepPage, parseObservedRun } from '../observed-run.ts';
import { print } from '../output.ts';
import { runFile } from '../run.ts';

const SUMMARY = 'Run a program and tell what its actors do: lines, and a timeline.';
const PAGE = 'timeline';

/** Gives the exit status of the program. */
export function run(argv: readonly string[]): number {
  const parsed = parseObservedRun(argv, 'trace', SUMMARY, PAGE, 'actors.html');
  if (typeof parsed === 'number') return parsed;
  const { file, options, output } = parsed;
  const folder = makeProcessFolder('cannot make a folder for the trace');
  const trace = join(folder, 'events');
  try {
    writeFileSync(trace, '');
    process.env[TRACE_VARIABLE] = trace;
    const result = runFile(file, options);
    const events = parseTrace(readFileSync(trace, 'utf8'));
    if (events.length > 0) return keepPage(output, timelinePage(events, basename(file)), PAGE, result);
    print(2, 'the program has used no actors\n');
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
