// Process actors: starting them, noticing their end, and reaping.
//
// A child is another run of this program, connected by a PAIR socket and by its lifeline, a pipe that hangs up when we
// close the handle or die. Node starts it, but a VM that never returns to the event loop must reap its children itself:
// the pidfd becomes readable at a child's end, and waitpid then gives the status. Node's own reaping tolerates that we
// were faster; where it was faster, after the VM has returned to the event loop, its event tells us the status.
//
// Source: networking §10, §12.1; architecture, "Blocking".

import { type ChildProcess, spawn as startProcess } from 'node:child_process';
import { constants } from 'node:os';
import { BELL_VARIABLE, CHILD_ENDED, ringBell } from '../../values/bell.ts';
import { closeDescriptor, createPipe, isPosix, openPidfd, reapChild } from '../host/libc.ts';
import { closeProcess, exitCodeOf, openProcess } from '../host/windows-process.ts';
import { WorkerLink } from './link.ts';
import { sweepFoldersOf } from './socket-folder.ts';

/** In the child's environment: the descriptor of its lifeline. */
export const LIFELINE_VARIABLE = 'ETA_LIFELINE_FD';
const LIFELINE_FD = 3;
const BELL_FD = 4;
/** In the environment of whoever has a mailbox: what its parent must know, and wants to hear. */
export const TOKEN_VARIABLE = 'ETA_MAILBOX_TOKEN';

/** How long a child may take to obey SIGTERM before SIGKILL. */
export const KILL_GRACE_MS = 5000;

/** How this program is started again: `execPath ...execArgs FILE --mailbox ENDPOINT`. */
export interface Interpreter {
  readonly execPath: string;
  readonly execArgs: readonly string[];
  /** Whether Ctrl-C at the terminal is for us alone: a prompt goes on after it, and so do its actors. */
  readonly isDetached?: boolean;
  /** What our children ring when they have printed (values/bell.ts). */
  readonly bellFd?: number;
}

export interface ChildInit {
  readonly interpreter: Interpreter;
  readonly file: string;
  readonly endpoint: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const NO_LIFELINE = { readFd: -1, writeFd: -1 };

function startNode({ interpreter, file, endpoint, environment }: ChildInit, lifelineFd: number): ChildProcess {
  const { execPath, execArgs, isDetached = false, bellFd } = interpreter;
  const hasLifeline = lifelineFd >= 0;
  const lifeline: number | 'ignore' = hasLifeline ? lifelineFd : 'ignore';
  const further = bellFd !== undefined ? [lifeline, bellFd] : hasLifeline ? [lifeline] : [];
  const process = startProcess(execPath, [...execArgs, file, '--mailbox', endpoint], {
    stdio: ['inherit', 'inherit', 'inherit', ...further],
    env: {
      ...environment,
      ...(hasLifeline ? { [LIFELINE_VARIABLE]: String(LIFELINE_FD) } : {}),
      ...(bellFd === undefined ? {} : { [BELL_VARIABLE]: String(BELL_FD) }),
    },
    windowsHide: true,
    detached: isDetached,
  });
  process.on('error', () => {}); // the missing pid says it all
  process.unref();
  return process;
}

/** A child process. Its handle's socket closes the lifeline; the pidfd closes when the end has been seen. */
export class ChildLink extends WorkerLink {
  readonly pid: number;
  readonly file: string;
  readonly endpoint: string;
  endFd: number;
  /** Whether `spawn-wait` or `spawn-kill` has told the program of the end; the status stays for `recv!`. */
  isReported = false;
  private killedByUs = false;
  private readonly process: ChildProcess;
  /** Windows only: keeps the exit code for us. */
  private readonly processHandle: bigint | null;
  private lifelineFd: number;
  private readonly bellFd: number | undefined;

  private constructor(init: ChildInit, process: ChildProcess, lifelineFd: number) {
    super();
    this.pid = process.pid!;
    this.file = init.file;
    this.endpoint = init.endpoint;
    this.process = process;
    this.lifelineFd = lifelineFd;
    this.bellFd = init.interpreter.bellFd;
    this.endFd = isPosix ? openPidfd(this.pid) : -1;
    this.processHandle = isPosix ? null : openProcess(this.pid);
    // Only where the event loop runs while the child lives, as in the REPL.
    process.once('exit', (code, signal) => {
      if (!this.isOver) this.reaped(code, signal === null ? null : constants.signals[signal]);
    });
  }

  /** Start a child; null if the system refuses. Does not wait for it to do anything. */
  static start(init: ChildInit): ChildLink | null {
    let lifeline = NO_LIFELINE;
    try {
      if (isPosix) lifeline = createPipe();
      const process = startNode(init, lifeline.readFd);
      if (process.pid !== undefined) return new ChildLink(init, process, lifeline.writeFd);
    } catch {
      // No descriptor for the pipe, or a path that no system takes.
    } finally {
      closeDescriptor(lifeline.readFd);
    }
    closeDescriptor(lifeline.writeFd);
    return null;
  }

  /** Send SIGTERM (on Windows: terminate). Whatever the status will be, the end counts as our doing. */
  terminate(): void {
    if (this.hasEnded()) return;
    this.killedByUs = true;
    this.process.kill('SIGTERM');
  }

  /** SIGTERM, and SIGKILL if it does not obey. */
  kill(graceMs: number): void {
    this.terminate();
    if (this.awaitEnd(graceMs)) return;
    this.process.kill('SIGKILL');
    this.awaitEnd(-1);
  }

  protected refresh(): void {
    if (this.processHandle !== null) {
      const code = exitCodeOf(this.processHandle);
      if (code !== null) this.reaped(code, null);
      return;
    }
    const status = reapChild(this.pid);
    // 'gone': Node was faster, its event is about to come.
    if (typeof status === 'object') this.reaped(status.code, status.signal);
    else if (status === 'gone' && this.process.exitCode !== null) this.reaped(this.process.exitCode, null);
  }

  private get isOver(): boolean {
    return this.endedAtMs !== Number.POSITIVE_INFINITY;
  }

  private reaped(code: number | null, signal: number | null): void {
    if (this.killedByUs) this.end({ state: 'killed' });
    else if (code !== null) this.end({ state: 'exited', code });
    else this.end({ state: 'signaled', signal: signal ?? 0 });
    if (this.bellFd !== undefined) ringBell(CHILD_ENDED, this.bellFd);
    closeDescriptor(this.endFd);
    this.endFd = -1;
    if (this.processHandle !== null) closeProcess(this.processHandle);
    // A process that was killed could not clean up after itself.
    if (signal !== null) sweepFoldersOf(this.pid);
  }

  /** Let go of the lifeline: the child sees that its parent has closed the handle. */
  close(): void {
    closeDescriptor(this.lifelineFd);
    this.lifelineFd = -1;
  }
}
