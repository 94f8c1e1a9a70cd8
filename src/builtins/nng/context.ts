// The networking of one VM: its open sockets, its mailbox, its children, its folder, and their end.
//
// Whoever owns the VM (a process, a thread actor, a REPL, a test) calls `close()` on every way out: normal end, exit,
// error, Ctrl-C. Then last words are delivered, every socket is closed, every child that still runs is ended and reaped,
// and no file is left. Source: networking §10, §12.3; architecture, "Blocking".

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync } from 'node:fs';
import path from 'node:path';
import { nowMs } from '../../values/clock.ts';
import { nngError } from '../../values/errors.ts';
import { NIL, type Value } from '../../values/types.ts';
import { sleepMs } from '../host/libc.ts';
import { ActorTrace } from './actor-trace.ts';
import { nng } from './binding.ts';
import { Bystanders } from './bystanders.ts';
import { ChildLink, type Interpreter, KILL_GRACE_MS, LIFELINE_VARIABLE, TOKEN_VARIABLE } from './children.ts';
import { DiallingGuard } from './guard.ts';
import { Heartbeat } from './heartbeat.ts';
import { ParentLink, statusText, WorkerLink } from './link.ts';
import { endAfterParent } from './orphan.ts';
import { hasProvenPeer, takeToPending } from './poll.ts';
import type { Protocol } from './protocols.ts';
import { Pulse } from './pulse.ts';
import { NngSocket } from './socket.ts';
import { removeAbandonedFolder, SocketFolder, unlinkPrivateSocket } from './socket-folder.ts';
import { ATTACH_MS, LINGER_MS, Transport } from './transport.ts';
import { waitReadable } from './wait.ts';

/** What the owner of the VM lends to networking. */
export interface NetworkingHost {
  /** How to start this program again; null where there is no such way, and then `spawn` raises. */
  readonly interpreter: Interpreter | null;
  /** The file that a thread of this program starts with; null where none can be started. */
  readonly threadEntry: string | null;
  /** The folder of the file that was started, for relative paths; null if there is none. */
  programFolder(): string | null;
  /** Whether that folder goes before the working directory: the program is bundled, its workers with it. */
  readonly prefersProgramFolder: boolean;
  /** The folders in which modules are searched for, for the children. */
  modulePath(): readonly string[];
}

/** A child as tools show it (networking §16). */
export interface ChildInfo {
  readonly pid: number;
  readonly endpoint: string;
  readonly modulePath: string;
  readonly alive: boolean;
}

/**
 * Frames that a handle or a mailbox takes in ahead of the program. They survive the loss of the connection, while what
 * still is in the connection may not; and a sender that ends is not kept waiting.
 */
const LINK_RECV_BUFFER = 128;
/** While a parent does not read, its end is asked for this often. */
const LAST_WORDS_SLICE_MS = 100;
/** How long the start of a child waits until it could introduce itself: longer only where strangers are in the way. */
const INTRODUCE_MS = 2000;
/** How long a program that was started by hand tries to introduce itself to a parent that hangs up. */
const REFUSAL_MS = 30_000;
/** A parent that has not answered by then, and has not hung up, is busy. The program may begin. */
const TOLERATION_MS = 1000;
const PROOF_SLICE_MS = 1;
const TOKEN_BYTES = 32;
/** Children are looked after at most this often. */
const REAP_EVERY_MS = 50;
/** When the program ends, children get this long to obey. */
const EXIT_GRACE_MS = 1000;

export class Networking {
  /** The socket to the parent; null outside a worker. */
  mailbox: NngSocket | null = null;
  private readonly open = new Set<Transport>();
  readonly bystanders = new Bystanders();
  /** Every child, in the order of spawning. */
  private readonly children: ChildLink[] = [];
  /** Children that may still run, with their handles, which they keep alive. */
  private readonly running = new Map<ChildLink, NngSocket>();
  private readonly folder = new SocketFolder();
  /** An unreachable socket is closed once the VM returns to the event loop, the only time that the host tells. */
  private readonly unreachable = new FinalizationRegistry<Transport>((transport) => this.closeTransport(transport));
  private readonly pulse: Pulse;
  /** Of recordings of the workers that are started, the innermost last. */
  private readonly recorded: NngSocket[][] = [];
  private nextReapMs = 0;
  private parentEndpoint = '';
  private isClosed = false;
  /** Null where nobody wants to know. */
  private readonly trace = ActorTrace.ofEnvironment();

  constructor(readonly host: NetworkingHost) {
    this.pulse = new Pulse(host.threadEntry);
  }

  // ---- sockets

  openSocket(protocol: Protocol): NngSocket {
    const transport = Transport.open(protocol, this.bystanders, this.trace);
    this.open.add(transport);
    const socket = new NngSocket(transport);
    this.unreachable.register(socket, transport, transport);
    return socket;
  }

  /** Close a socket, delivering what is on its way. Does nothing the second time. */
  closeSocket(socket: NngSocket): void {
    if (socket.closed) return;
    socket.closed = true;
    socket.monitor = null;
    this.unreachable.unregister(socket.transport);
    this.closeTransport(socket.transport);
    socket.link?.close();
  }

  /** `enable-heartbeat`, which starts over if there is one already. */
  enableHeartbeat({ transport }: NngSocket, intervalMs: number): void {
    const beat = this.pulse.beat(transport, intervalMs);
    transport.heartbeat?.stop();
    transport.heartbeat = new Heartbeat(beat, intervalMs);
  }

  private closeTransport(transport: Transport, lingerMs = LINGER_MS): void {
    this.open.delete(transport);
    transport.close(lingerMs);
    const { protocol, endpoints, sent, received } = transport;
    if (sent.messages + received.messages > 0)
      this.trace?.tell({ kind: 'socket', protocol, endpoints, sent, received });
  }

  /** A PAIR socket that is one end of a link. */
  private openLinkSocket(): NngSocket {
    const socket = this.openSocket('pair');
    nng().setInt(socket.transport.id, 'recv-buffer', LINK_RECV_BUFFER);
    return socket;
  }

  // ---- the mailbox

  /**
   * Connect this VM to its parent, before its program is loaded (networking §10.2).
   * Raises an nng-error if the parent cannot be reached, or does not accept our token.
   *
   * @param threadLifelineFd  the lifeline of a thread actor, which the caller closes; absent: that of a process
   */
  connectMailbox(endpoint: string, threadLifelineFd?: number): void {
    const isThread = threadLifelineFd !== undefined;
    const lifelineFd = threadLifelineFd ?? takeLifeline();
    const token = isThread ? null : takeToken();
    const socket = this.openLinkSocket();
    const { transport } = socket;
    const link = new ParentLink(transport, lifelineFd, !isThread);
    // Whoever started us holds the endpoint for as long as the lifeline, so only a parent without one has to answer.
    if (token !== null) check(transport.demandToken(token, lifelineFd >= 0 ? () => !link.hasEnded() : null));
    check(transport.dial(endpoint));
    if (token !== null) awaitProof(socket, lifelineFd < 0);
    // A thread does not count connections: its lifeline tells all.
    const attachMs = isThread || token !== null ? 0 : ATTACH_MS;
    for (let waited = 0; waited < attachMs && transport.pipeList().present === 0; waited++) sleepMs(1);
    socket.endpointHint = endpoint;
    socket.link = link;
    // Nobody else is to come here, and if the parent is killed nothing is left over.
    if (lifelineFd >= 0) unlinkPrivateSocket(endpoint);
    if (lifelineFd >= 0 && !isThread) endAfterParent();
    this.parentEndpoint = endpoint;
    this.mailbox = socket;
    this.trace?.tell({ kind: 'start', endpoint });
  }

  /** In a thread actor, before `close`: wait until the parent has what was sent to it, or has closed the handle. */
  deliverLastWords(): void {
    const { mailbox } = this;
    if (mailbox === null || mailbox.closed) return;
    while (!mailbox.link?.hasEnded() && !mailbox.transport.flush(LAST_WORDS_SLICE_MS));
  }

  currentMailbox(): Value {
    return this.mailbox ?? NIL;
  }

  // ---- workers

  /**
   * A listening PAIR socket for a new worker, whose link the caller sets. With a token, for nobody else.
   * Raises `WHO: nng_listen failed on EP: REASON`.
   */
  listenForWorker(who: string, endpoint: string, token: string | null = null): NngSocket {
    const socket = this.openLinkSocket();
    if (token !== null) check(socket.transport.demandToken(token));
    const code = socket.transport.listen(endpoint);
    if (code !== 0) {
      this.closeSocket(socket);
      throw nngError(`${who}: nng_listen failed on ${endpoint}: ${nng().reason(code)}`);
    }
    socket.endpointHint = endpoint;
    this.recorded.at(-1)?.push(socket);
    return socket;
  }

  /**
   * `spawn`: start `file` as a child process. All or nothing (networking §10.1).
   *
   * @param endpoint  null for one in our private folder, where nobody else can come
   * @param isPlain   whether whoever dials the endpoint is welcome
   */
  spawn(file: string, endpoint: string | null, isPlain: boolean): NngSocket {
    const { interpreter } = this.host;
    if (interpreter === null) throw noProcessManager('spawn');
    this.reap();
    const token = endpoint === null || isPlain ? null : randomBytes(TOKEN_BYTES).toString('hex');
    const socket = this.listenForWorker('spawn', endpoint ?? this.folder.freshEndpoint(), token);
    const child = ChildLink.start({
      interpreter,
      file: this.resolve(file),
      endpoint: socket.endpointHint,
      environment: this.childEnvironment(token),
    });
    if (child === null) {
      this.closeSocket(socket);
      throw nngError('spawn: fork() failed');
    }
    this.follow(socket, child, file);
    this.children.push(child);
    this.running.set(child, socket);
    return socket;
  }

  /** From now on this is the worker of the socket. @param what  the file or function that it runs */
  follow(socket: NngSocket, link: WorkerLink, what: string): void {
    const { trace } = this;
    const { endpointHint: endpoint } = socket;
    socket.link = link;
    if (trace === null) return;
    trace.tell({ kind: 'spawn', what, endpoint });
    link.onEnd = (status) => trace.tell({ kind: 'ended', endpoint, how: statusText(status) });
  }

  /** A relative path means the working directory, else the folder of the program, if the file is only there. */
  resolve(file: string): string {
    const folder = this.host.programFolder();
    if (folder === null || path.isAbsolute(file)) return file;
    const beside = path.join(folder, file);
    const [first, second] = this.host.prefersProgramFolder ? [beside, file] : [file, beside];
    return existsSync(first) || !existsSync(second) ? first : second;
  }

  private childEnvironment(token: string | null): Record<string, string | undefined> {
    const environment: Record<string, string | undefined> = { ...process.env, [TOKEN_VARIABLE]: token ?? undefined };
    environment.ETA_MODULE_PATH ??= this.host.modulePath().join(path.delimiter);
    environment.ETA_HEAP_SOFT_LIMIT ??=
      environment.ETA_HEAP_SOFT_LIMIT_CHILD_PROCESSES || environment.ETA_HEAP_SOFT_LIMIT_CHILD_THREADS || '50M';
    return environment;
  }

  /** `spawn-wait`: the exit code; #f for a signal, for what is no child, and if the end has been told before. */
  waitForChild(socket: NngSocket): Value {
    const child = childOf(socket);
    if (child === null || child.isReported) return false;
    // A child that has much to say must not wait for us while we wait for it.
    const listen = socket.closed ? -1 : socket.transport.recvFd;
    child.awaitEnd(-1, listen, () => {
      while (!socket.closed && takeToPending(socket));
    });
    this.forget(child);
    return child.status.state === 'exited' ? child.status.code : false;
  }

  /** `spawn-kill`: whether there was a child whose end had not been told before. */
  killChild(socket: NngSocket): boolean {
    const child = childOf(socket);
    if (child === null || child.isReported) return false;
    child.kill(KILL_GRACE_MS);
    this.forget(child);
    return true;
  }

  /** Close a handle, so that its worker ends by itself: for supervisors. Gives whether it has one that will. */
  dismissWorker(socket: NngSocket): boolean {
    const { link } = socket;
    if (!(link instanceof WorkerLink)) return false;
    // A process that is not connected, as while it boots, would take the end of the handle for a fault.
    if (link instanceof ChildLink && !socket.closed && socket.transport.pipeList().present === 0) return false;
    this.closeSocket(socket);
    return true;
  }

  /** Close a handle, and end and reap its worker. What only looks like a handle is just closed. */
  endWorker(socket: NngSocket): void {
    const { link } = socket;
    if (link instanceof WorkerLink) link.kill(KILL_GRACE_MS);
    this.closeSocket(socket);
    if (link instanceof ChildLink) this.forget(link);
  }

  /** Remember each worker that is started from now on, until `takeRecordedWorkers`. May be nested. */
  recordWorkers(): void {
    this.recorded.push([]);
  }

  /** The handles of those, the last one first. */
  takeRecordedWorkers(): readonly NngSocket[] {
    return (this.recorded.pop() ?? []).reverse();
  }

  /** The program knows of the child's end. */
  private forget(child: ChildLink): void {
    child.isReported = true;
    this.running.delete(child);
  }

  /** What a VM that never returns to an event loop has to see to now and then: at each `recv!` and `nng-poll`. */
  lookAround(): void {
    this.reap();
    this.bystanders.glance();
  }

  /** Reap children that have ended, so that there are no zombies. */
  private reap(): void {
    if (this.running.size === 0) return;
    const now = nowMs();
    if (now < this.nextReapMs) return;
    this.nextReapMs = now + REAP_EVERY_MS;
    for (const child of this.running.keys()) {
      if (child.hasEnded()) this.running.delete(child);
    }
  }

  listChildren(): readonly ChildInfo[] {
    return this.children.map((child) => ({
      pid: child.pid,
      endpoint: child.endpoint,
      modulePath: child.file,
      alive: !child.hasEnded(),
    }));
  }

  // ---- the end

  /** End everything. May be called twice. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const parentIsGone = this.mailbox?.link?.hasEnded() ?? false;
    // The last words have two seconds together, not each.
    const deadline = this.open.size === 0 ? 0 : nowMs() + LINGER_MS;
    for (const transport of [...this.open]) this.closeTransport(transport, Math.max(0, deadline - nowMs()));
    for (const child of this.running.keys()) child.terminate();
    for (const child of this.running.keys()) child.kill(EXIT_GRACE_MS);
    for (const child of this.children) child.close();
    this.running.clear();
    this.pulse.close();
    this.mailbox?.link?.close();
    this.folder.remove();
    this.trace?.tell({ kind: 'end' });
    if (parentIsGone) removeAbandonedFolder(this.parentEndpoint);
  }
}

export const noProcessManager = (who: string) =>
  nngError(
    who === 'spawn'
      ? 'spawn: process manager not configured (this build does not support spawning, or etai_path is empty)'
      : `${who}: process manager not configured`,
  );

function childOf(socket: NngSocket): ChildLink | null {
  return socket.link instanceof ChildLink ? socket.link : null;
}

function check(code: number): void {
  if (code !== 0) throw nng().failure(code);
}

/** What our parent must know, or null. It is nobody else's business. */
function takeToken(): string | null {
  const token = process.env[TOKEN_VARIABLE];
  delete process.env[TOKEN_VARIABLE];
  return token === undefined || token === '' ? null : token;
}

/**
 * Let the program begin with a proven parent, if that can be had soon. What is not yet proven will be as soon as the
 * program talks. Raises an nng-error if a program that was started by hand is hung up on again and again.
 */
function awaitProof(socket: NngSocket, isByHand: boolean): void {
  const { guard, recvFd } = socket.transport;
  const deadline = nowMs() + (isByHand ? REFUSAL_MS : INTRODUCE_MS);
  while (!hasProvenPeer(socket)) {
    if (guard instanceof DiallingGuard && guard.tolerationMs > TOLERATION_MS) return;
    if (nowMs() < deadline) waitReadable(recvFd, PROOF_SLICE_MS);
    else if (isByHand) throw nngError('nng-error: the peer does not accept the token');
    else return;
  }
}

/** The descriptor of our lifeline, or -1. Our own children must not take it for theirs. */
function takeLifeline(): number {
  const fd = Number(process.env[LIFELINE_VARIABLE] ?? Number.NaN);
  delete process.env[LIFELINE_VARIABLE];
  if (!Number.isInteger(fd)) return -1;
  try {
    if (fstatSync(fd).isFIFO()) return fd;
    closeSync(fd);
  } catch {
    // Not handed on by whatever started us.
  }
  return -1;
}
