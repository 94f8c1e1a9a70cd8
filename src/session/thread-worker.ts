// A worker thread: it boots a session, waits for an actor to run, runs it, tells how it ended, and ends.
//
// The end is told in this order, so that whoever hears of it finds everything in place: output is flushed, an error is
// reported, last words are delivered, sockets are closed, the status is written; then the end pipe hangs up.
//
// V8 ends a worker that is out of memory without another word. The ends of the pipes are therefore opened here through
// Node, which closes what a worker has opened whichever way the worker goes.
//
// Source: networking §11.4, §12; architecture, "Blocking" (worker threads).

import { closeSync, openSync } from 'node:fs';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { closeDescriptor, isPosix, waitDescriptor } from '../builtins/host/libc.ts';
import { decodeFrame } from '../builtins/nng/frame.ts';
import { THREAD_ARGUMENT, type ThreadJob, ThreadStatus, type WorkerSettings } from '../builtins/threads/protocol.ts';
import { type Finding, findingsOf, type Outcome } from './outcome.ts';
import { Session } from './session.ts';

/** Whether this is a worker that was started to run an actor. Costs nothing in a program that nobody started so. */
export const isThreadWorker = (): boolean => process.argv[2] === THREAD_ARGUMENT && !isMainThread;

/** @param report  tells the user about the errors that ended an actor */
export function runThreadWorker(report: (findings: readonly Finding[]) => void): void {
  const settings = workerData as WorkerSettings;
  const { entry, endpointCount, searchPath, interpreter, programArguments, strictShadows, heapLimitBytes } = settings;
  const session = new Session({
    path: searchPath,
    programArguments,
    strictShadows,
    heapLimitBytes,
    threads: { entry, endpointCount },
    ...(interpreter === null ? {} : { interpreter }),
  });
  parentPort!.once('message', (job: ThreadJob) => runActor(session, job, report));
}

function runActor(session: Session, job: ThreadJob, report: (findings: readonly Finding[]) => void): void {
  const status = new ThreadStatus(job.status);
  const endFd = adopt(job.endFd, 'w');
  const lifelineFd = adopt(job.lifelineFd, 'r');
  try {
    if (connect(session, job, lifelineFd, status, report)) {
      const outcome = runTask(session, job);
      session.flush();
      report(outcome.findings);
      tellEnd(outcome, status);
    }
    session.close();
  } catch (thrown) {
    // A defect of ours. There must be an end all the same.
    status.failed(`internal error: ${(thrown as Error)?.message ?? thrown}`);
  } finally {
    for (const fd of [lifelineFd, endFd]) if (fd >= 0) closeSync(fd);
    process.exit();
  }
}

/** A descriptor of our own in place of one that another thread has made. */
function adopt(fd: number, flags: 'r' | 'w'): number {
  if (fd < 0 || !isPosix) return -1;
  const own = openSync(`/dev/fd/${fd}`, flags);
  closeDescriptor(fd);
  return own;
}

function connect(
  session: Session,
  { endpoint }: ThreadJob,
  lifelineFd: number,
  status: ThreadStatus,
  report: (findings: readonly Finding[]) => void,
): boolean {
  try {
    session.connectMailbox(endpoint, lifelineFd);
    return true;
  } catch (thrown) {
    const findings = findingsOf(thrown);
    if (findings === null) throw thrown;
    // A parent that has closed the handle by now does not want to know.
    if (lifelineFd < 0 || waitDescriptor(lifelineFd, 0) === 0) report(findings);
    status.failed(messageOf(findings));
    return false;
  }
}

function runTask(session: Session, { task, programFolder }: ThreadJob): Outcome {
  if (task.kind === 'thunk') return session.runThunk(task.capture, programFolder);
  const args = task.args.map((bytes) => decodeFrame(Buffer.from(bytes)));
  return session.runFunction(task.file, task.name, args);
}

function tellEnd({ kind, status: code, findings }: Outcome, status: ThreadStatus): void {
  if (kind === 'failed') status.failed(messageOf(findings));
  else if (code === 0) status.returned();
  else status.exited(code & 0xff);
}

const messageOf = (findings: readonly Finding[]): string =>
  findings.find(({ severity }) => severity === 'error')?.message ?? 'unknown error';
