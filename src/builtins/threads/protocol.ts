// What a VM and the worker thread that runs one of its actors say to each other.
//
//   when the worker is started   WorkerSettings, as its workerData
//   when it gets an actor to run ThreadJob, as the one message that it waits for
//   when the actor has ended     ThreadStatus, shared memory; then the end pipe hangs up
//
// Two pipes tell of ends, since a VM can wait for descriptors only: the actor holds the write end of the *end pipe* until
// it has said its last words, the parent holds the write end of the *lifeline* until it closes the handle.

import type { Interpreter } from '../nng/children.ts';
import type { WorkerStatus } from '../nng/link.ts';

/** The argument behind the worker's entry file, by which the program knows what it is. */
export const THREAD_ARGUMENT = '--thread-actor';

export interface WorkerSettings {
  /** How a worker of the worker is started. */
  readonly entry: string;
  /** Of the whole process: how many thread endpoints have been named. */
  readonly endpointCount: SharedArrayBuffer;
  readonly searchPath: string;
  readonly strictShadows: boolean;
  readonly programArguments: readonly string[];
  readonly interpreter: Interpreter | null;
  readonly heapLimitBytes: number;
  /** Whether V8's flags are those for hot programs: for bin/etai. */
  readonly isHot: boolean;
}

/** What the pool adds for each worker: among others one word, which the worker sets to 1 when it has tried to connect to its parent. */
export interface WorkerData extends WorkerSettings {
  readonly connected: SharedArrayBuffer;
  /** See NativeLoad: its boot. */
  readonly load: SharedArrayBuffer;
}

export type ThreadTask =
  | { readonly kind: 'thunk'; readonly capture: Uint8Array }
  | {
      readonly kind: 'function';
      readonly file: string;
      readonly name: string;
      /** Each in the binary wire format. */
      readonly args: readonly Uint8Array[];
    };

export interface ThreadJob {
  readonly task: ThreadTask;
  readonly endpoint: string;
  /** For relative paths of `spawn`. */
  readonly programFolder: string | null;
  readonly status: SharedArrayBuffer;
  /** The actor's ends of the two pipes, which are its to close; -1 where there are none. */
  readonly endFd: number;
  readonly lifelineFd: number;
}

const enum State {
  Running,
  Returned,
  Exited,
  Failed,
}

const HEADER_WORDS = 5;
const HEADER_BYTES = 4 * HEADER_WORDS;
const MESSAGE_BYTES = 4096;

/**
 * How a thread actor has ended, in memory that both sides see: state, exit code, length of the message, whether the
 * parent asks the actor to end, whether its program has begun, message. The state is written last.
 */
export class ThreadStatus {
  private readonly words: Int32Array;
  private readonly text: Uint8Array;

  constructor(readonly memory = new SharedArrayBuffer(HEADER_BYTES + MESSAGE_BYTES)) {
    this.words = new Int32Array(memory, 0, HEADER_WORDS);
    this.text = new Uint8Array(memory, HEADER_BYTES);
  }

  get isRunning(): boolean {
    return Atomics.load(this.words, 0) === State.Running;
  }

  /** The actor's file is loaded and its procedure is about to be called. */
  started(): void {
    Atomics.store(this.words, 4, 1);
  }

  get hasStarted(): boolean {
    return Atomics.load(this.words, 4) !== 0;
  }

  /** Ask the actor to end, its after-thunks included. It finds out when it looks. */
  interrupt(): void {
    Atomics.store(this.words, 3, 1);
  }

  get isInterrupted(): boolean {
    return Atomics.load(this.words, 3) !== 0;
  }

  returned(): void {
    Atomics.store(this.words, 0, State.Returned);
  }

  exited(code: number): void {
    this.words[1] = code;
    Atomics.store(this.words, 0, State.Exited);
  }

  failed(message: string): void {
    this.words[2] = new TextEncoder().encodeInto(message, this.text).written;
    Atomics.store(this.words, 0, State.Failed);
  }

  /** What the worker has left behind. A worker that was ended from outside, for want of memory, leaves nothing. */
  read(): WorkerStatus {
    switch (Atomics.load(this.words, 0) as State) {
      case State.Returned:
        return { state: 'returned' };
      case State.Exited:
        return { state: 'exited', code: this.words[1] };
      case State.Failed:
        return { state: 'failed', message: Buffer.from(this.text.slice(0, this.words[2])).toString() };
      default:
        return { state: 'failed', message: 'the thread has run out of memory' };
    }
  }
}
