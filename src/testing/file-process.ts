// One test file in a process of its own: so a file that calls `exit`, hangs, or eats all memory harms no other, and Ctrl-C
// reaches every one of them at once.
//
//   parent   etai test …
//   child    etai test RUN_FILE request      standard output and error: what the file prints; descriptor 3: a FileEnd
//
// The child is in the process group of the terminal. Whoever starts it awaits `end`, which comes after the child has gone.

import { type ChildProcess, spawn } from 'node:child_process';
import { nowMs } from '../values/clock.ts';
import { type FileEnd, type FileResult, type TestResult, type Trouble, withDurations } from './results.ts';
import { parseTap } from './tap-output.ts';

/** The first word of a child's command line behind `test`. */
export const RUN_FILE = '--run-file';
/** The descriptor on which the child tells how the file ended. */
export const END_FD = 3;

/** What a child is asked for. */
export interface FileRequest {
  readonly file: string;
  /** The value of `--path`, null if there is none. */
  readonly path: string | null;
  /** The folders of the project and of its packages, null outside of projects. */
  readonly project: readonly string[] | null;
  /** A regular expression for the names of the tests to run. */
  readonly filter: string | null;
  readonly coverage: boolean;
  /** Whether the tests are the examples in its documentation. */
  readonly examples: boolean;
  /** How its errors are to be shown. */
  readonly color: boolean;
}

export interface FileProcess {
  readonly end: Promise<FileResult>;
  /** End it. May be called twice. */
  stop(): void;
}

/** How long a child that has been asked to end may take for it. */
const GRACE_MS = 2_000;
/** How long the output of a child that has ended is waited for: its own children may hold it open. */
const DRAIN_MS = 1_000;

/** @param command  how this program is started: the executable, then its first arguments */
export function startFile(command: readonly string[], request: FileRequest, timeoutMs: number | null): FileProcess {
  const [executable, ...args] = command;
  const started = nowMs();
  const child = spawn(executable, [...args, 'test', RUN_FILE, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let isLate = false;
  const tooLate = () => {
    isLate = true;
    stop(child);
  };
  const late = timeoutMs === null ? undefined : setTimeout(tooLate, timeoutMs);
  const [output, errors, told] = [1, 2, 3].map((fd) => collect(child, fd));
  const end = ended(child).then((reason) => {
    clearTimeout(late);
    const times = { durationMs: Math.round(nowMs() - started), file: request.file };
    const limit = isLate ? `no end within ${timeoutMs! / 1000} s\n` : null;
    return { ...times, ...resultOf(output(), errors(), told(), limit, reason) };
  });
  return { end, stop: () => stop(child) };
}

function collect(child: ChildProcess, fd: number): () => string {
  const chunks: Buffer[] = [];
  (child.stdio[fd] as NodeJS.ReadableStream | null)?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

function stop(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
}

/** Resolves when the child has gone and its output is complete, with a text about a child that could not say how it ended. */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let reason = 'it ended without a word';
    child.on('error', ({ message }) => resolve(message));
    child.on('exit', (status, signal) => {
      reason = signal === null ? `it ended with status ${status}` : `it was ended by ${signal}`;
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
      }, DRAIN_MS).unref();
    });
    child.on('close', () => resolve(reason));
  });
}

function resultOf(output: string, errors: string, told: string, limit: string | null, reason: string) {
  const end: FileEnd | null = told === '' ? null : JSON.parse(told);
  const error = limit ?? (end === null ? `${reason}\n` : end.error);
  const { tests, hasRun } = parseTap(output);
  const trouble: Trouble | null =
    limit !== null ? 'timed out' : error !== null ? 'load error' : hasRun ? null : 'no test was run';
  return {
    // What a file has printed that did not come to its end is not its result.
    tests: trouble === null ? withDurations(tests, end?.durations ?? []) : ([] as TestResult[]),
    trouble,
    errors,
    error,
    loaded: end?.loaded ?? [],
    coverage: end?.coverage ?? [],
    matched: end?.matched ?? null,
  };
}
