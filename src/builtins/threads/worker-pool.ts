// Worker threads that have booted and wait for an actor to run.
//
// To boot a VM takes some dozen milliseconds, so a VM that starts thread actors keeps a few workers ready: none before
// the first actor, since most programs start none. Each worker runs one actor and ends with it, so that nothing of an
// actor is left for the next one: no open file, no changed setting, no memory.
//
// Source: architecture, "Blocking" (worker threads).

import { SHARE_ENV, Worker } from 'node:worker_threads';
import { freeDescriptors } from '../host/descriptors.ts';
import { NativeLoad } from '../host/native-load.ts';
import { THREAD_ARGUMENT, type ThreadJob, type WorkerSettings } from './protocol.ts';

/**
 * Descriptors that a worker opens until it is connected: its event loop, the program, libraries, sockets. Without them it
 * may end before it can tell anybody, so it is not started.
 */
const DESCRIPTORS_TO_BOOT = 24;

/** A worker's heap may be larger than the limit of its program, so that the program gets an error before V8 gives up. */
const HEAP_HEADROOM_MB = 96;

let hasStarted = false;

/** Whether this VM has ever started a worker. */
export const hasStartedWorkers = (): boolean => hasStarted;

export class WorkerPool {
  private readonly spares: Worker[] = [];
  /** Of the workers that may still boot. */
  private loads: NativeLoad[] = [];
  /** Of the workers that are not known to be connected: what tells so. */
  private unconnected: Int32Array[] = [];
  private actors = 0;

  constructor(
    private readonly settings: () => WorkerSettings,
    /** How many to keep ready. */
    private readonly size: number,
  ) {}

  /**
   * Have a worker run an actor, and keep workers ready for the next ones. Throws the host's error if it refuses.
   * @returns the host's number for the thread
   */
  run(job: ThreadJob): number {
    const worker = this.spares.shift() ?? this.start();
    const { threadId } = worker;
    worker.postMessage(job);
    // Only one after the first actor, whose own worker is booting.
    const wanted = Math.min(this.size, ++this.actors);
    try {
      while (this.spares.length < wanted) this.spares.push(this.start());
    } catch {
      // There is no room for a spare one; the next actor will tell if there is none for it either.
    }
    return threadId;
  }

  /** End the workers that wait. Those that run actors are ended with this VM's thread, if it is none of the program's own. */
  close(): void {
    for (const load of this.loads) load.settle();
    for (const worker of this.spares.splice(0)) void worker.terminate();
  }

  private start(): Worker {
    const settings = this.settings();
    const connected = new Int32Array(new SharedArrayBuffer(4));
    const load = new NativeLoad();
    this.loads = this.loads.filter((each) => !each.isDone);
    this.unconnected = this.unconnected.filter((flag) => Atomics.load(flag, 0) === 0);
    if (freeDescriptors() < (this.unconnected.length + 1) * DESCRIPTORS_TO_BOOT) throw new Error('too many open files');
    hasStarted = true;
    const worker = new Worker(settings.entry, {
      argv: [THREAD_ARGUMENT],
      env: SHARE_ENV,
      workerData: { ...settings, connected: connected.buffer, load: load.memory },
      resourceLimits: {
        maxOldGenerationSizeMb: Math.ceil((settings.heapLimitBytes * 1.5) / 2 ** 20) + HEAP_HEADROOM_MB,
      },
      // Actors write to the descriptors themselves. Without these, Node would relay what they write to its streams,
      // and make the standard output of the whole process non-blocking on the way.
      stdout: true,
      stderr: true,
    });
    this.unconnected.push(connected);
    this.loads.push(load);
    worker.on('error', () => {}); // an actor tells its parent itself
    worker.unref(); // whoever waits for the event loop to run dry does not wait for actors
    return worker;
  }
}
