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
import { NativeLoad } from '../builtins/host/native-load.ts';
import { decodeFrame } from '../builtins/nng/frame.ts';
import { capture } from '../builtins/threads/capture.ts';
import { decodeCapture, encodeCapture } from '../builtins/threads/capture-format.ts';
import {
  THREAD_ARGUMENT,
  type ThreadJob,
  ThreadStatus,
  type WorkerData,
  type WorkerSettings,
} from '../builtins/threads/protocol.ts';
import { Closure, type Primitive } from '../bytecode/procedures.ts';
import { hangBell } from '../values/bell.ts';
import { watchForInterruption } from '../values/interruption.ts';
import { intern, listFrom, type Value } from '../values/types.ts';
import { type Finding, findingsOf, type Outcome } from './outcome.ts';
import { ownCompileCache } from './own-cache.ts';
import { Session } from './session.ts';

/** Whether this is a worker that was started to run an actor. Costs nothing in a program that nobody started so. */
export const isThreadWorker = (): boolean => process.argv[2] === THREAD_ARGUMENT && !isMainThread;

/** A handle's connections close a little before its lifeline. */
const CLOSING_MS = 500;

type Reporter = (findings: readonly Finding[]) => void;

/** @param report  tells the user about the errors that ended an actor */
export function runThreadWorker(report: Reporter): void {
  let boot: Boot = { failure: new Error('the program ends') };
  new NativeLoad((workerData as WorkerData).load).perform(() => {
    try {
      boot = { session: bootSession(workerData as WorkerData) };
    } catch (failure) {
      boot = { failure };
    }
  });
  parentPort!.once('message', (job: ThreadJob) => runActor(boot, job, report));
}

type Boot = { readonly session: Session } | { readonly failure: unknown };

function bootSession(settings: WorkerSettings): Session {
  const { entry, endpointCount, searchPath, interpreter, programArguments, strictShadows, heapLimitBytes } = settings;
  if (interpreter?.bellFd !== undefined) hangBell(interpreter.bellFd);
  const session = new Session({
    path: searchPath,
    programArguments,
    strictShadows,
    heapLimitBytes,
    compileCache: ownCompileCache(),
    threads: { entry, endpointCount },
    ...(interpreter === null ? {} : { interpreter }),
  });
  rehearse(session, endpointCount);
  return session;
}

/**
 * Do once what every actor begins with: load libnng, connect, exchange a message, copy a closure. What is compiled and
 * bound on the way is then ready when an actor comes.
 */
function rehearse({ builtins, names }: Session, endpointCount: SharedArrayBuffer): void {
  const call = (name: string, ...args: Value[]): Value => (builtins.get(name)!.value as Primitive).fn(...args);
  const endpoint = `inproc://eta-rehearsal-${Atomics.add(new Int32Array(endpointCount), 0, 1)}`;
  const here = call('nng-listen', call('nng-socket', intern('pair')), endpoint);
  const there = call('nng-dial', call('nng-socket', intern('pair')), endpoint);
  call('send!', there, listFrom([intern('hello'), 1, 'x']));
  call('recv!', here);
  call('nng-close', there);
  call('nng-close', here);
  const { code } = builtins.get('call-with-port')!.value as Closure;
  decodeCapture(encodeCapture(capture(new Closure(code, 1), names)), names);
}

function runActor(boot: Boot, job: ThreadJob, report: Reporter): void {
  const status = new ThreadStatus(job.status);
  const end = adopt(job.endFd, 'w');
  const lifeline = adopt(job.lifelineFd, 'r');
  try {
    if ('failure' in boot) throw boot.failure;
    const { session } = boot;
    const isConnected = connect(session, job, lifeline.fd, status, report);
    Atomics.store(new Int32Array((workerData as WorkerData).connected), 0, 1);
    if (isConnected) {
      watchForInterruption(() => status.isInterrupted);
      const outcome = runTask(session, job, () => status.started());
      watchForInterruption(() => false);
      session.flush();
      report(outcome.findings);
      session.deliverLastWords();
      tellEnd(outcome, status);
    }
    session.close();
  } catch (thrown) {
    // A defect of ours. There must be an end all the same.
    status.failed(`internal error: ${(thrown as Error)?.message ?? thrown}`);
  } finally {
    lifeline.close();
    end.close();
    process.exit();
  }
}

interface Adopted {
  readonly fd: number;
  close(): void;
}

/** A descriptor that Node closes with this worker, in place of one that another thread has made. */
function adopt(fd: number, flags: 'r' | 'w'): Adopted {
  if (fd < 0 || !isPosix) return { fd: -1, close: () => {} };
  try {
    const own = openSync(`/dev/fd/${fd}`, flags);
    closeDescriptor(fd);
    return { fd: own, close: () => closeSync(own) };
  } catch {
    return { fd, close: () => closeDescriptor(fd) }; // no such folder here, or no descriptor to be had
  }
}

function connect(
  session: Session,
  { endpoint }: ThreadJob,
  lifelineFd: number,
  status: ThreadStatus,
  report: Reporter,
): boolean {
  try {
    session.connectMailbox(endpoint, lifelineFd);
    return true;
  } catch (thrown) {
    const findings = findingsOf(thrown);
    if (findings === null) throw thrown;
    // A parent that has closed the handle by now, or is about to, does not want to know.
    if (lifelineFd < 0 || waitDescriptor(lifelineFd, CLOSING_MS) === 0) report(findings);
    status.failed(messageOf(findings));
    return false;
  }
}

function runTask(session: Session, { task, programFolder }: ThreadJob, onStart: () => void): Outcome {
  if (task.kind === 'thunk') return session.runThunk(task.capture, programFolder, onStart);
  const args = task.args.map((bytes) => decodeFrame(Buffer.from(bytes)));
  return session.runFunction(task.file, task.name, args, onStart);
}

function tellEnd({ kind, status: code, findings }: Outcome, status: ThreadStatus): void {
  if (kind === 'failed') status.failed(messageOf(findings));
  else if (code === 0) status.returned();
  else status.exited(code & 0xff);
}

const messageOf = (findings: readonly Finding[]): string =>
  findings.find(({ severity }) => severity === 'error')?.message ?? 'unknown error';
