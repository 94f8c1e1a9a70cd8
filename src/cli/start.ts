// How the process of `etai` begins and ends, whichever entry it has: main.ts, which runs programs, or tools.ts, which
// has the commands beside. A worker thread and the process that sends heartbeats start with the same files.

import { isPulse, runPulse } from '../builtins/nng/pulse.ts';
import { leaveProcess } from '../session/leave.ts';
import { findingsOf } from '../session/outcome.ts';
import { isThreadWorker, runThreadWorker } from '../session/thread-worker.ts';
import { ExitRequest } from '../values/errors.ts';
import { FAILURE, print, report } from './output.ts';

/** Do what `main` says with the words of the command line, then leave with the exit status that it resolves to. */
export function start(main: (argv: readonly string[]) => Promise<number>): void {
  if (isThreadWorker()) runThreadWorker(report);
  else if (isPulse()) runPulse();
  else main(process.argv.slice(2)).then((status) => leaveProcess(status & 0xff), fail);
}

function fail(thrown: unknown): void {
  // Whoever read our output has gone.
  if (thrown instanceof ExitRequest) leaveProcess(thrown.status);
  const findings = findingsOf(thrown);
  if (findings !== null) report(findings);
  else
    print(
      2,
      `${hostError(thrown as NodeJS.ErrnoException) ?? `internal error: ${(thrown as Error)?.stack ?? thrown}`}\n`,
    );
  leaveProcess(FAILURE);
}

/** What the system refuses is no defect of ours; null for everything else. */
function hostError({ syscall, message }: NodeJS.ErrnoException): string | null {
  if (syscall === 'uv_cwd') return 'error: the working directory is not there any more';
  return syscall === undefined ? null : `error: ${message}`;
}
