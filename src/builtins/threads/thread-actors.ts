// The thread actors of one VM, from the side of the parent: starting them, waiting for them, and their end.
//
//   capture or encode (all refusals)  →  listen  →  two pipes  →  a worker takes the job  →  the handle
//
// Nothing here waits for a thread to start. Source: networking §11, §16.

import path from 'node:path';
import { nowMs } from '../../values/clock.ts';
import { nngError } from '../../values/errors.ts';
import { closeDescriptor, createPipe, isPosix } from '../host/libc.ts';
import { nng } from '../nng/binding.ts';
import type { Interpreter } from '../nng/children.ts';
import type { Networking } from '../nng/context.ts';
import { PONG_FRAME } from '../nng/heartbeat.ts';
import { takeToPending } from '../nng/poll.ts';
import type { NngSocket } from '../nng/socket.ts';
import type { SharedNames } from './capture.ts';
import { ThreadStatus, type ThreadTask } from './protocol.ts';
import { ThreadLink } from './thread-link.ts';
import { WorkerPool } from './worker-pool.ts';

/** For the VMs of the main thread, and, handed on, for those of their threads: endpoints are the process's. */
const ownEndpointCount = new SharedArrayBuffer(4);

/** How long interrupted threads may take for their after-thunks. */
const INTERRUPTION_GRACE_MS = 1000;

/** How worker threads run this program: what the owner of the VM knows. */
export interface ThreadHost {
  /** The file that a worker starts with, null where none can be started. */
  readonly entry: string | null;
  /** Shared by all VMs of the process; absent in those of the main thread. */
  readonly endpointCount?: SharedArrayBuffer;
  readonly networking: Networking;
  readonly names: () => SharedNames;
  readonly interpreter: Interpreter | null;
  readonly programArguments: readonly string[];
  readonly strictShadows: boolean;
  readonly heapLimitBytes: () => number;
  readonly isHot: () => boolean;
  readonly searchPath: () => string;
  readonly spareWorkers: number;
}

/** A thread actor as tools show it (networking §16). */
export interface ThreadInfo {
  readonly index: number;
  readonly endpoint: string;
  readonly modulePath: string;
  readonly funcName: string;
  readonly alive: boolean;
}

/** That the program of a thread begins, its file being loaded, or that the thread has ended (networking §16). */
export interface ThreadEvent {
  readonly kind: 'started' | 'exited';
  readonly index: number;
  /** `(spawn-thread)`, or `STEM (FUNCTION)` of a file's function. */
  readonly name: string;
  /** The host's number for the thread that its VM runs in. */
  readonly vm: number;
}

interface Pipe {
  readonly readFd: number;
  readonly writeFd: number;
}

const THUNK_PATH = '(spawn-thread)';

const eventName = ({ modulePath, funcName }: Actor): string =>
  modulePath === THUNK_PATH ? modulePath : `${path.parse(modulePath).name} (${funcName})`;

const NO_PIPE: Pipe = { readFd: -1, writeFd: -1 };

interface Actor {
  readonly link: ThreadLink;
  readonly vm: number;
  readonly endpoint: string;
  readonly modulePath: string;
  readonly funcName: string;
  /** The event that was told last; null for none. */
  told: ThreadEvent['kind'] | null;
}

export class ThreadActors {
  private readonly endpointCount: SharedArrayBuffer;
  private readonly pool: WorkerPool;
  /** Every actor, in the order of spawning. */
  private readonly actors: Actor[] = [];
  /** Actors that may still run, with their handles, which they keep alive. */
  private readonly running = new Map<ThreadLink, NngSocket>();

  constructor(private readonly host: ThreadHost) {
    this.endpointCount = host.endpointCount ?? ownEndpointCount;
    this.pool = new WorkerPool(() => this.workerSettings(), host.spareWorkers);
  }

  get isConfigured(): boolean {
    return this.host.entry !== null;
  }

  get names(): SharedNames {
    return this.host.names();
  }

  /** A file as `spawn` would find it. Absolute, since another thread may change the working directory. */
  resolve(file: string): string {
    return path.resolve(this.host.networking.resolve(file));
  }

  /** Start an actor: its handle. All or nothing; raises `WHO: nng_listen failed on EP: REASON`. */
  start(who: string, task: ThreadTask): NngSocket {
    const { networking } = this.host;
    this.forgetEnded();
    const socket = networking.listenForWorker(who, this.freshEndpoint());
    try {
      const link = this.runTask(who, task, socket.endpointHint);
      networking.follow(socket, link, task.kind === 'thunk' ? '(thunk)' : `${task.name} of ${task.file}`);
      this.running.set(link, socket);
      return socket;
    } catch (error) {
      networking.closeSocket(socket);
      throw error;
    }
  }

  private runTask(who: string, task: ThreadTask, endpoint: string): ThreadLink {
    const status = new ThreadStatus();
    const pipes: Pipe[] = [];
    try {
      for (let i = 0; i < 2; i++) pipes.push(isPosix ? createPipe() : NO_PIPE);
      const [end, lifeline] = pipes;
      const vm = this.pool.run({
        task,
        endpoint,
        programFolder: this.host.networking.host.programFolder(),
        status: status.memory,
        endFd: end.writeFd,
        lifelineFd: lifeline.readFd,
      });
      const link = new ThreadLink(status, end.readFd, lifeline.writeFd);
      const names =
        task.kind === 'thunk'
          ? { modulePath: THUNK_PATH, funcName: '(thunk)' }
          : { modulePath: task.file, funcName: task.name };
      this.actors.push({ link, vm, endpoint, ...names, told: null });
      return link;
    } catch (error) {
      for (const { readFd, writeFd } of pipes) for (const fd of [readFd, writeFd]) closeDescriptor(fd);
      throw nngError(`${who}: cannot start a thread: ${(error as Error).message}`);
    }
  }

  /** `thread-join`: whether there was a thread to wait for. */
  join(socket: NngSocket): boolean {
    const { link } = socket;
    if (!(link instanceof ThreadLink)) return false;
    // A thread that has much to say must not wait for us while we wait for it.
    const listen = socket.closed ? -1 : socket.transport.recvFd;
    link.awaitEnd(-1, listen, () => {
      while (!socket.closed && takeToPending(socket));
    });
    this.running.delete(link);
    return true;
  }

  isAlive(socket: NngSocket): boolean {
    return socket.link instanceof ThreadLink && !socket.link.hasEnded();
  }

  list(): readonly ThreadInfo[] {
    return this.actors.map(({ link, endpoint, modulePath, funcName }, index) => ({
      index,
      endpoint,
      modulePath,
      funcName,
      alive: !link.hasEnded(),
    }));
  }

  /**
   * What has happened to threads since the last call, thread by thread. To be asked for by whoever shows them: a VM that
   * waits for one of its threads could not be called back.
   */
  takeEvents(): readonly ThreadEvent[] {
    return this.actors.flatMap((actor, index) => {
      const { link, vm, told } = actor;
      if (told === 'exited') return [];
      const hasEnded = link.hasEnded();
      const kinds: ThreadEvent['kind'][] = [];
      if (told === null && link.hasStarted) kinds.push('started');
      if (hasEnded) kinds.push('exited');
      actor.told = kinds.at(-1) ?? told;
      return kinds.map((kind) => ({ kind, index, name: eventName(actor), vm }));
    });
  }

  /** Close the handle of a thread and leave it to itself. Gives whether there was something to do. */
  terminate(index: number): boolean {
    const link = this.actors[index]?.link;
    const socket = link === undefined ? undefined : this.running.get(link);
    if (link === undefined || socket === undefined || link.hasEnded()) return false;
    this.host.networking.closeSocket(socket);
    this.running.delete(link);
    return true;
  }

  /** After an interruption of the program: have all threads end, too, with their after-thunks. */
  interrupt(): void {
    const deadline = nowMs() + INTERRUPTION_GRACE_MS;
    for (const [link, socket] of this.running) {
      link.interrupt();
      // A frame that nobody sees wakes up the one who waits for a message.
      if (!socket.closed) nng().sendNonblocking(socket.transport.id, [PONG_FRAME]);
    }
    for (const link of this.running.keys()) link.awaitEnd(Math.max(0, deadline - nowMs()));
  }

  /** Let go of the threads: they see that their parent is gone. May be called twice. */
  close(): void {
    for (const { link } of this.actors) link.abandon();
    this.running.clear();
    this.pool.close();
  }

  private forgetEnded(): void {
    for (const link of this.running.keys()) if (link.hasEnded()) this.running.delete(link);
  }

  private freshEndpoint(): string {
    return `inproc://eta-thread-${Atomics.add(new Int32Array(this.endpointCount), 0, 1)}`;
  }

  private workerSettings() {
    const { entry, searchPath, strictShadows, programArguments, interpreter, heapLimitBytes, isHot } = this.host;
    return {
      entry: entry!,
      endpointCount: this.endpointCount,
      searchPath: searchPath(),
      strictShadows,
      programArguments,
      interpreter,
      heapLimitBytes: heapLimitBytes(),
      isHot: isHot(),
    };
  }
}
