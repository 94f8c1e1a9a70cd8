// Children that run beside the program: starting them and learning of their end.
//
// Node starts the child, but tells of its end only an event loop, which never runs here. So the handle reaps: the pidfd
// becomes readable when the child ends, and waitpid gives the status. Node tolerates that; where it was faster (after
// the program has returned to its event loop, as in the REPL), its event tells us the status. The pipes are our own,
// because those of Node can be read only by its event loop: the child gets the descriptors of its ends.
//
// Source: builtins §14; architecture, "Blocking".

import type { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import { nowMs } from '../../values/clock.ts';
import { internalError } from '../../values/errors.ts';
import { flushAllPorts } from '../../values/ports.ts';
import { HeapObject } from '../../values/types.ts';
import { closeDescriptor, createPipe, isPosix, openPidfd, reapChild, sleepMs, waitDescriptor } from '../host/libc.ts';
import { systemWords } from '../host/system-words.ts';
import { openAnonymousFile } from './anonymous-file.ts';
import type { Command, Stdin } from './options.ts';
import { PipeInput, PipeOutput } from './pipe-ports.ts';
import { childProcess, descriptorOf } from './run.ts';
import { exitCode, guessStartError, startError } from './start-errors.ts';

/** Where there is no pidfd, how long to wait before asking again. */
const ASK_AGAIN_MS = 10;

export class ProcessHandle extends HeapObject {
  readonly kind = 'ProcessHandle';
  /** Null while the child runs, or until somebody asks. */
  private status: number | null = null;
  private pidfd: number;

  constructor(
    private readonly child: ChildProcess,
    readonly stdin: PipeOutput | null,
    readonly stdout: PipeInput | null,
    readonly stderr: PipeInput | null,
  ) {
    super();
    this.pidfd = openPidfd(this.childPid);
    child.once('exit', (code, signal) => this.finish(exitCode(code, signal)));
  }

  private get childPid(): number {
    return this.child.pid as number;
  }

  /** -1 once the exit status has been collected. */
  get pid(): number {
    return this.status === null ? this.childPid : -1;
  }

  /** The exit code, null while the child runs. Reaps it if it has ended. */
  poll(): number | null {
    if (this.status !== null) return this.status;
    const state = this.reap();
    if (state === 'gone') this.finish(this.reapedByNode());
    else if (state !== 'running') this.finish(exitCode(state.code, state.signal));
    return this.status;
  }

  private reapedByNode(): number {
    const { exitCode: code, signalCode } = this.child;
    if (code === null && signalCode === null) throw internalError('process-wait-failed: No child processes');
    return exitCode(code, signalCode);
  }

  private reap(): ReturnType<typeof reapChild> {
    try {
      return reapChild(this.childPid);
    } catch (error) {
      throw internalError(`process-wait-failed: ${(error as Error).message}`);
    }
  }

  /** The exit code, null if the child still runs after that long; a negative time waits without limit. */
  wait(timeoutMs: number): number | null {
    flushAllPorts();
    const deadline = timeoutMs < 0 ? Number.POSITIVE_INFINITY : nowMs() + timeoutMs;
    for (;;) {
      const status = this.poll();
      const left = deadline - nowMs();
      if (status !== null || left <= 0) return status;
      if (this.pidfd < 0) sleepMs(Math.min(left, ASK_AGAIN_MS));
      else waitDescriptor(this.pidfd, left === Number.POSITIVE_INFINITY ? -1 : Math.ceil(left));
    }
  }

  /** Whether the signal was sent. */
  kill(signal: NodeJS.Signals): boolean {
    if (this.status !== null) return false;
    try {
      return process.kill(this.childPid, signal);
    } catch {
      return false;
    }
  }

  private finish(status: number): void {
    this.status ??= status;
    closeDescriptor(this.pidfd);
    this.pidfd = -1;
    for (const port of [this.stdin, this.stdout, this.stderr]) port?.release();
  }

  override printed(): string {
    return `#<process-handle pid=${this.pid}>`;
  }
}

/** Start a program. The program closes the handle's ports; those of a child that has been reaped hold no descriptor. */
export function spawnProcess(command: Command): ProcessHandle {
  if (!isPosix) throw internalError('process-spawn-failed: only %process-run is available on this system');
  const streams = new Streams(command);
  let child: ChildProcess;
  try {
    flushAllPorts();
    const { program, args, cwd, env } = command;
    child = childProcess().spawn(program, args, { cwd, env, stdio: streams.stdio, windowsHide: true });
  } catch (error) {
    streams.closeOurs();
    throw startError(error, command);
  } finally {
    streams.closeTheirs();
  }
  child.on('error', () => {}); // the missing pid says it all
  child.unref();
  if (child.pid === undefined) {
    streams.closeOurs();
    throw guessStartError(command);
  }
  return new ProcessHandle(child, streams.stdin, streams.stdout, streams.stderr);
}

/** The three streams of a child: our ports, and the descriptors that the child gets. */
class Streams {
  readonly stdin: PipeOutput | null;
  readonly stdout: PipeInput | null;
  readonly stderr: PipeInput | null;
  readonly stdio: ('pipe' | 'ignore' | number)[] = [];
  /** To be closed once the child has them. */
  private readonly theirs: number[] = [];

  constructor({ stdin, stdout, stderr }: Command) {
    this.stdin = this.openInput(stdin);
    this.stdout = this.openOutput(stdout, 1);
    if (stderr === 'merge') {
      this.stdio.push(this.stdio[1]);
      this.stderr = null;
    } else this.stderr = this.openOutput(stderr, 2);
  }

  /** Data goes into a file: a pipe would hold 64 KB of it, and the child may want to be read before it reads more. */
  private openInput(stdin: Stdin): PipeOutput | null {
    if (stdin instanceof Uint8Array) {
      this.give(fileOf(stdin));
      return null;
    }
    if (stdin !== 'pipe') {
      this.stdio.push(descriptorOf(stdin, 0));
      return null;
    }
    const { readFd, writeFd } = openPipe();
    this.give(readFd);
    return new PipeOutput(writeFd);
  }

  private openOutput(stream: 'pipe' | 'inherit' | 'null', descriptor: number): PipeInput | null {
    if (stream !== 'pipe') {
      this.stdio.push(descriptorOf(stream, descriptor));
      return null;
    }
    const { readFd, writeFd } = openPipe();
    this.give(writeFd);
    return new PipeInput(readFd);
  }

  private give(descriptor: number): void {
    this.theirs.push(descriptor);
    this.stdio.push(descriptor);
  }

  closeTheirs(): void {
    for (const descriptor of this.theirs) fs.closeSync(descriptor);
  }

  closeOurs(): void {
    for (const port of [this.stdin, this.stdout, this.stderr]) port?.close();
  }
}

/** A file that a child can read from its start: writing at a position leaves the offset, which is shared, where it is. */
function fileOf(bytes: Uint8Array): number {
  const descriptor = openAnonymousFile();
  try {
    for (let written = 0; written < bytes.length; ) {
      written += fs.writeSync(descriptor, bytes, written, bytes.length - written, written);
    }
  } catch (error) {
    fs.closeSync(descriptor);
    throw internalError(`process-spawn-failed: ${systemWords(error)}`);
  }
  return descriptor;
}

function openPipe(): { readFd: number; writeFd: number } {
  try {
    return createPipe();
  } catch (error) {
    throw internalError(`process-spawn-failed: ${(error as Error).message}`);
  }
}
