// A transport is the part of a socket that nng owns: its id, what we know of its connections, and what has been taken
// from them ahead of the program.
//
// It is kept apart from the Eta value, so that a context can close what is still open at its end without keeping dead
// values alive, and so that a value's finaliser has something to close.
//
// Closing lingers: frames for which `send!` answered #t and whose peer is connected are still delivered. nng itself
// drops what it has not yet handed to the kernel (or, on inproc, to the peer). Source: networking §4.5, §20.4.

import { nowMs } from '../../values/clock.ts';
import { sleepMs } from '../host/libc.ts';
import type { ActorTrace } from './actor-trace.ts';
import { NNG_ENOTSUP, NNG_ESTATE, NO_ROOM, nng, type PipeList } from './binding.ts';
import type { Bystanders } from './bystanders.ts';
import { closePipeEnds, endsOfPipes } from './descriptor-leak.ts';
import { FrameQueue } from './frame-queue.ts';
import { DiallingGuard, type Guard, ListeningGuard, LONGEST_REDIAL_MS, REDIAL_MS } from './guard.ts';
import { type Heartbeat, PONG_FRAME } from './heartbeat.ts';
import { type Protocol, sendCanWait, timeoutEndsConversation } from './protocols.ts';
import { waitReadable } from './wait.ts';

/** The longest that a close waits for frames on their way. */
export const LINGER_MS = 2000;
const LINGER_SLICE_MS = 20;

/** Frames older than this have left, or wait for a peer that does not read. */
const RECENT_SEND_MS = 200;
/** Frames to discard at most before a TCP connection is closed. */
const DRAIN_LIMIT = 10_000;

/** After dialling, nng attaches the connection a moment later. */
export const ATTACH_MS = 250;

/**
 * How long a send or a receive blocks inside nng before it waits here, in poll(2), which something else can end, too.
 * To wake up in there takes fewer system calls: a descriptor that tells of frames has to be written and read for each.
 */
export const FIRST_SEND_MS = 20;
export const FIRST_RECEIVE_MS = 5;

export class Transport {
  isOpen = true;
  /** When `send!` last succeeded (nowMs), for the linger. */
  lastSendMs = Number.NEGATIVE_INFINITY;
  /** Whether a frame has gone either way: proof that a connection was attached. */
  hasTalked = false;
  /** Frames for the program, heartbeats not among them, that come before those that nng has. */
  readonly pending = new FrameQueue();
  /** Our questions to the peer; null while we ask none. */
  heartbeat: Heartbeat | null = null;
  /** Whether the peer has ever asked whether we still receive. */
  isAsked = false;
  /** How many frames had come at the last look for silence that found new ones, and when that was (nowMs). */
  private receivedBefore = 0;
  private lookedMs = 0;
  /** Lets nobody but the peer that knows the token talk; null where everybody may. */
  guard: Guard | null = null;
  private token: string | null = null;
  private isListenerThere: (() => boolean) | null = null;
  private buffersSend = false;
  readonly listeners: number[] = [];
  readonly dialers: number[] = [];
  /** Where it listens and has dialled. */
  readonly endpoints: string[] = [];
  private overTcp = false;
  private overInproc = false;
  /** Whether nng reads frames for it from a descriptor. */
  private mayBeRead = false;
  /** When it last connected (nowMs). */
  private dialledMs = Number.NEGATIVE_INFINITY;
  /** Whether the frame behind the last word has left. */
  private hasSentLast = false;
  private recvDescriptor = NO_ROOM;
  private sendDescriptor = NO_ROOM;

  /** What the program has sent and received, heartbeats included. */
  readonly sent = { messages: 0, bytes: 0 };
  readonly received = { messages: 0, bytes: 0 };

  private constructor(
    readonly id: number,
    readonly protocol: Protocol,
    readonly bystanders: Bystanders,
    readonly trace: ActorTrace | null,
  ) {}

  /** Open a socket of a VM. Whoever calls this closes it. */
  static open(protocol: Protocol, bystanders: Bystanders, trace: ActorTrace | null): Transport {
    const transport = new Transport(nng().open(protocol), protocol, bystanders, trace);
    if (sendCanWait(protocol)) nng().setMs(transport.id, 'send-timeout', FIRST_SEND_MS);
    if (!timeoutEndsConversation(protocol)) nng().setMs(transport.id, 'recv-timeout', FIRST_RECEIVE_MS);
    return transport;
  }

  /**
   * Talk only to a peer that knows this token, where it listens or dials from now on. nng's error number; 0 for success.
   *
   * @param isListenerThere  see DiallingGuard
   */
  demandToken(token: string, isListenerThere: (() => boolean) | null = null): number {
    if (this.protocol !== 'pair' || this.allPipes().present < 0) return NNG_ENOTSUP;
    if (this.hasEndpoints) return NNG_ESTATE;
    this.token = token;
    this.isListenerThere = isListenerThere;
    this.guard = null;
    return 0;
  }

  private get hasEndpoints(): boolean {
    return this.endpoints.length > 0;
  }

  /** nng's error number; 0 for success. */
  listen(url: string): number {
    const { token } = this;
    if (token !== null && !(this.guard instanceof ListeningGuard)) {
      if (this.hasEndpoints) return NNG_ESTATE;
      this.guard = new ListeningGuard(token, this);
    }
    const code = nng().listen(this.id, url);
    if (code === 0) this.remember(this.listeners, url);
    return code;
  }

  /** nng's error number; 0 for success. Returns when the connection stands. */
  dial(url: string): number {
    const { token } = this;
    if (token !== null && !(this.guard instanceof DiallingGuard)) {
      if (this.hasEndpoints) return NNG_ESTATE;
      this.guard = new DiallingGuard(token, this, this.isListenerThere);
      nng().setMs(this.id, 'reconnect-time-min', REDIAL_MS);
      nng().setMs(this.id, 'reconnect-time-max', LONGEST_REDIAL_MS);
    }
    const code = nng().dial(this.id, url);
    if (code !== 0) return code;
    this.dialledMs = nowMs();
    this.remember(this.dialers, url);
    return code;
  }

  private remember(ids: number[], url: string): void {
    ids.push(nng().lastEndpoint);
    this.endpoints.push(url);
    this.bystanders.add(this);
    if (url.startsWith('tcp')) this.overTcp = true;
    if (url.startsWith('inproc')) this.overInproc = true;
    else this.mayBeRead = true;
  }

  /**
   * Have nng keep one frame that cannot leave yet. A frame that was taken then proves no connection. Nor does it know
   * who takes it, so that a guarded socket keeps none.
   */
  bufferSend(): void {
    if (this.token !== null) return;
    nng().setInt(this.id, 'send-buffer', 1);
    this.buffersSend = true;
  }

  /** A frame of so many bytes has come. */
  noteReceive(lengthBytes: number): void {
    this.hasTalked = true;
    this.received.messages++;
    this.received.bytes += lengthBytes;
  }

  /** Since when no frame has come (nowMs), as far as this has been asked for. */
  quietSinceMs(): number {
    if (this.received.messages !== this.receivedBefore) {
      this.receivedBefore = this.received.messages;
      this.lookedMs = nowMs();
    }
    return this.lookedMs;
  }

  /** A frame of so many bytes was taken by nng. */
  noteSend(lengthBytes: number): void {
    this.sent.messages++;
    this.sent.bytes += lengthBytes;
    this.lastSendMs = nowMs();
    if (!this.buffersSend) this.hasTalked = true;
  }

  /** Readable when a frame may be waiting; negative for protocols that never receive, and NO_ROOM. */
  get recvFd(): number {
    if (this.recvDescriptor === NO_ROOM) this.recvDescriptor = nng().descriptor(this.id, 'recv-fd');
    return this.recvDescriptor;
  }

  /** Readable when a send would not block; negative for protocols that never send, and NO_ROOM. */
  get sendFd(): number {
    if (this.sendDescriptor === NO_ROOM) this.sendDescriptor = nng().descriptor(this.id, 'send-fd');
    return this.sendDescriptor;
  }

  /** The connections that count: with a guard, those to proven peers. */
  pipeList(): PipeList {
    return this.guard?.pipeList() ?? this.allPipes();
  }

  allPipes(): PipeList {
    return nng().pipeList(this.id, this.listeners, this.dialers);
  }

  /** Deliver what is on its way, then close. Does nothing the second time. */
  close(lingerMs: number = LINGER_MS): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.bystanders.remove(this);
    this.heartbeat?.stop();
    this.heartbeat = null;
    this.flush(lingerMs);
    if (this.overTcp) this.discardUnread();
    if (nng().losesReadsOnClose && this.mayBeRead) this.stopReading();
    // See descriptor-leak.ts. A descriptor that was never asked for was never made.
    const made =
      this.protocol === 'pair' && nng().leaksPairDescriptors ? [this.recvDescriptor, this.sendDescriptor] : [];
    const ends = endsOfPipes(made.filter((fd) => fd >= 0));
    nng().close(this.id);
    closePipeEnds(ends);
  }

  /** Wait until the frames on their way have left, at most `lingerMs`. Gives false if some of a PAIR have not. */
  flush(lingerMs: number): boolean {
    if (this.lastSendMs === Number.NEGATIVE_INFINITY) return true;
    const deadline = nowMs() + lingerMs;
    // With nng's send buffer of 0, a PAIR or PUSH takes the next frame exactly when the last one has left.
    let isFlushed = true;
    if (this.sendFd === NO_ROOM) awaitStillness(this, deadline);
    else if (this.protocol === 'pair' || this.protocol === 'push') isFlushed = this.awaitWritable(deadline);
    // Over inproc a frame has left when the peer's end of the connection holds it; were that closed now, the frame would
    // be lost before it is in the peer's queue. A connection takes a frame only when the one before is in the queue: so
    // one more frame, which receivers pass over, may be lost in place of the last word.
    if (isFlushed && this.protocol === 'pair' && this.overInproc) {
      this.hasSentLast ||= nng().sendNonblocking(this.id, [PONG_FRAME]) === 0;
      isFlushed = this.awaitWritable(deadline) && (this.hasSentLast || this.isAlone());
    }
    if (this.protocol !== 'pair' && nowMs() - this.lastSendMs < RECENT_SEND_MS) awaitStillness(this, deadline);
    return isFlushed;
  }

  /** Whether the frames have left, or have nowhere to go. */
  private awaitWritable(deadline: number): boolean {
    const start = nowMs();
    while (!waitReadable(this.sendFd, 0)) {
      if (this.isAlone() || (nowMs() - start > ATTACH_MS && this.isHalfAttached())) return true;
      if (nowMs() >= deadline) return false;
      waitReadable(this.sendFd, LINGER_SLICE_MS);
    }
    return true;
  }

  /** Whether there is no connection. One that was dialled is not counted at once, although frames travel on it. */
  private isAlone(): boolean {
    return this.pipeList().present === 0 && nowMs() - this.dialledMs > ATTACH_MS;
  }

  /** Whether the only connection is one that nng counts and does not attach: so it goes when descriptors run out. */
  private isHalfAttached(): boolean {
    return this.pipeList().ids.length === 0;
  }

  /** Let frames that are arriving arrive, and no others. */
  private stopReading(): void {
    this.refuseFrames(true);
    sleepMs(1);
  }

  refuseFrames(areRefused: boolean): void {
    nng().refuseFrames(this.listeners, this.dialers, areRefused);
  }

  /** A TCP connection that is closed with unread input is reset, which would destroy our last words on their way. */
  private discardUnread(): void {
    for (let i = 0; i < DRAIN_LIMIT; i++) {
      if (typeof nng().receive(this.id, false) === 'number') return;
    }
  }
}

/** The other protocols queue for each peer: wait until the count of written frames stops growing. */
function awaitStillness(transport: Transport, deadline: number): void {
  let written = nng().framesWritten(transport.id);
  for (let still = 0; still < 2 && written >= 0 && nowMs() < deadline; ) {
    sleepMs(1);
    const now = nng().framesWritten(transport.id);
    still = now === written ? still + 1 : 0;
    written = now;
  }
}
