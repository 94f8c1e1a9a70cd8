// The pulse: a thread that sends heartbeat questions at their times, however long the VM computes or blocks.
//
// It sends on the VM's own sockets, which nng allows from any thread, and never receives: frames have one order and one
// reader. Each beat shares a few words of memory with its VM: how many questions were asked, and when; how many are
// answered, which only the VM finds out; whether to stop. Started with the first heartbeat of a VM, ended with the VM.
//
// Source: networking §13.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { nowMs } from '../../values/clock.ts';
import { nngError } from '../../values/errors.ts';
import { NativeLoad } from '../host/native-load.ts';
import { NNG_EAGAIN, NNG_ETIMEDOUT, nng } from './binding.ts';
import { isBidirectional } from './protocols.ts';
import type { Transport } from './transport.ts';

/** The argument behind the thread's entry file, by which the program knows what it is. */
const PULSE_ARGUMENT = '--heartbeat-pulse';

/** What asks whether the peer still receives. Never seen by a program. */
export const PING_FRAME = Buffer.from([0xeb, 0x00]);

/** Questions without an answer at most: answers wait in the socket's queue, and must leave room for messages. */
const MOST_OPEN_QUESTIONS = 16;
/** A question that nng cannot take is offered again after this part of the interval. */
const OFFERS_PER_INTERVAL = 10;

const enum Word {
  Stopped,
  Asked,
  Answered,
}
const WORDS_BYTES = 16;

/** One socket's questions, in memory that the VM and the pulse both see. Times are of one clock, in milliseconds. */
export class Beat {
  private readonly words: Int32Array;
  private readonly times: BigInt64Array;

  constructor(readonly memory = new SharedArrayBuffer(WORDS_BYTES + 8 * MOST_OPEN_QUESTIONS)) {
    this.words = new Int32Array(memory, 0, 3);
    this.times = new BigInt64Array(memory, WORDS_BYTES);
  }

  get isStopped(): boolean {
    return Atomics.load(this.words, Word.Stopped) !== 0;
  }

  stop(): void {
    Atomics.store(this.words, Word.Stopped, 1);
  }

  private get asked(): number {
    return Atomics.load(this.words, Word.Asked);
  }

  private get answered(): number {
    return Atomics.load(this.words, Word.Answered);
  }

  /** Note a question that is about to be sent; false if too many are open. */
  ask(): boolean {
    const { asked } = this;
    if (asked - this.answered >= MOST_OPEN_QUESTIONS) return false;
    Atomics.store(this.times, asked % MOST_OPEN_QUESTIONS, process.hrtime.bigint());
    Atomics.store(this.words, Word.Asked, asked + 1);
    return true;
  }

  /** Note an answer. Peers may give more of them than there were questions: a bus has many. */
  answer(): void {
    Atomics.store(this.words, Word.Answered, Math.min(this.answered + 1, this.asked));
  }

  /** Take all questions for answered. */
  forgive(): void {
    Atomics.store(this.words, Word.Answered, this.asked);
  }

  /** For how long the oldest open question has been waiting; 0 if none is open. */
  waitingMs(): number {
    const { answered } = this;
    if (answered === this.asked) return 0;
    return Number(process.hrtime.bigint() - Atomics.load(this.times, answered % MOST_OPEN_QUESTIONS)) / 1e6;
  }
}

/** To send on it fails at once. */
const NO_SOCKET = 0;

interface Order {
  readonly socket: number;
  readonly intervalMs: number;
  readonly memory: SharedArrayBuffer;
  /** See Guard; null where there is none. */
  readonly readiness: SharedArrayBuffer | null;
}

/** The pulse of one VM, from the side of the VM. */
export class Pulse {
  private worker: Worker | null = null;
  private readonly load = new NativeLoad();

  /** @param entry  the file that the thread starts with: it ends up in `runPulse`. Null where none can be started */
  constructor(private readonly entry: string | null) {}

  /** Ask on a socket from now on, until the beat is stopped. Raises an nng-error where there is no thread to be had. */
  beat({ id, protocol, guard }: Transport, intervalMs: number): Beat {
    const beat = new Beat();
    this.worker ??= this.start();
    const readiness = guard?.readiness ?? null;
    // Elsewhere a question would be a request or a survey, and take the place of the program's own.
    const socket = isBidirectional(protocol) ? id : NO_SOCKET;
    this.worker.postMessage({ socket, intervalMs, memory: beat.memory, readiness } satisfies Order);
    return beat;
  }

  private start(): Worker {
    if (this.entry === null) throw nngError('enable-heartbeat: threads are not configured');
    try {
      const worker = new Worker(this.entry, {
        argv: [PULSE_ARGUMENT],
        workerData: this.load.memory,
        stdout: true,
        stderr: true,
      });
      worker.unref();
      return worker;
    } catch (error) {
      throw nngError(`enable-heartbeat: cannot start a thread: ${(error as Error).message}`);
    }
  }

  close(): void {
    if (this.worker !== null) this.load.settle();
    void this.worker?.terminate();
    this.worker = null;
  }
}

// ---- in the thread

/** Whether this thread was started to be a pulse. */
export const isPulse = (): boolean => process.argv[2] === PULSE_ARGUMENT && !isMainThread;

export function runPulse(): void {
  const load = new NativeLoad(workerData as SharedArrayBuffer);
  parentPort!.on('message', (order: Order) => {
    if (load.perform(nng)) keepAsking(order);
  });
}

/** The interval counts from question to question, so that slow timers do not add up. */
function keepAsking(order: Order): void {
  const { intervalMs, memory } = order;
  const beat = new Beat(memory);
  let dueMs = nowMs() + intervalMs;
  const ask = (): void => {
    if (beat.isStopped) return;
    if (beat.ask()) offer(order, beat);
    dueMs = Math.max(dueMs + intervalMs, nowMs());
    setTimeout(ask, dueMs - nowMs());
  };
  setTimeout(ask, intervalMs);
}

/** A question that has no room in the queue waits for it for one interval: messages ahead of it are no fault. */
function offer({ socket, intervalMs, readiness }: Order, beat: Beat): void {
  const isReady = readiness === null ? null : new Int32Array(readiness);
  const sliceMs = Math.max(1, intervalMs / OFFERS_PER_INTERVAL);
  let offers = 0;
  const attempt = (): void => {
    if (beat.isStopped) return;
    const isHeld = isReady !== null && Atomics.load(isReady, 0) === 0;
    const code = isHeld ? NNG_EAGAIN : nng().sendNonblocking(socket, [PING_FRAME]);
    const isFull = code === NNG_EAGAIN || code === NNG_ETIMEDOUT;
    if (isFull && ++offers < OFFERS_PER_INTERVAL) setTimeout(attempt, sliceMs);
  };
  attempt();
}
