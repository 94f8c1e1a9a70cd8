// Guards: a PAIR socket that talks to nobody but a peer that knows its token.
//
//   dialler    EB 02 NONCE MAC(token, "dialler", NONCE)    its introduction: first on each connection
//   listener   EB 03 MAC(token, "listener", NONCE)         its answer; or it hangs up
//
// MAC is HMAC-SHA256, NONCE 16 random bytes. So the token does not travel, whoever listens in the peer's place learns
// nothing, and what was overheard is of no use: an introduction is taken once.
//
// nng attaches connections on threads of its own, one at a time, so a look at who is connected does not say who will be
// when a frame is sent. Hence the gate: while it is shut, nng itself closes each connection that it is about to attach.
// It stands open only while nobody is proven, and nothing of the program's is sent before
//
//   the peer has proven itself  →  the gate is shut  →  nng counts one connection, and lists that peer's
//
// A connection that came through the gate before it was shut is in the count; and a connection that ends leaves nng's
// list before it leaves the count. So nobody else is there, and nobody else will be. What is received carries its
// connection's number, and only the frames of trusted ones are given out.
//
// Invariant: `current` is not 0 only while the gate is shut. Source: issue "Security"; docs/networking.md, "Tokens".

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { nowMs } from '../../values/clock.ts';
import { nng, type PipeList } from './binding.ts';
import type { Frame } from './frame.ts';
import { PING_FRAME } from './pulse.ts';

const CONTROL = PING_FRAME[0];
const INTRODUCTION = 0x02;
const ANSWER = 0x03;
const NONCE_BYTES = 16;
const MAC_BYTES = 32;

/** A connection whose peer has not introduced itself by then is closed, so that another one can come. */
const INTRODUCTION_MS = 4000;
/**
 * And much sooner where others have been refused meanwhile; after that twice as long, and so on and over again: short in a
 * crowd of strangers, and yet long enough now and then for a peer on a busy machine.
 */
const SHORTEST_TURN_MS = 100;
const LONGEST_TURN_MS = 1600;
/** How long a connection that is being closed may take to end by itself. */
const DISMISSAL_MS = 50;
/** How often a wait looks after connections, at least while nobody is proven. */
const SLICE_MS = 20;
/** A proven peer's connection is looked after at most this often. */
const LOOK_EVERY_MS = 20;
/** A dialler that was refused, perhaps because a stranger was faster, tries again within this time. */
export const REDIAL_MS = 30;
/** And one that finds nobody listening, after ever longer ones, up to this. */
export const LONGEST_REDIAL_MS = 1000;

/** What a guard needs of its socket. */
export interface Guarded {
  readonly id: number;
  /** nng's own list of connections, strangers' included. */
  allPipes(): PipeList;
  /** Have connections end on the next frame that arrives, or no longer. */
  refuseFrames(areRefused: boolean): void;
}

export abstract class Guard {
  /** The connection that may be sent to; 0 if there is none. */
  protected current = 0;
  /** The connection whose peer is proving itself, or whose proof waits for the gate; 0 if there is none. */
  protected candidate = 0;
  /** Connections whose peer has proven itself: what came through them is for the program, also when they are gone. */
  protected readonly trusted = new Set<number>();
  /** One word, 1 while the peer may be sent to: the pulse, on its thread, sends nothing else. */
  readonly readiness = new SharedArrayBuffer(4);
  private readonly ready = new Int32Array(this.readiness);
  /** The connection that is being closed; 0 if there is none. */
  private dismissed = 0;
  private dismissedMs = 0;
  private lookAgainMs = 0;
  private provenMs = 0;

  constructor(
    private readonly token: string,
    protected readonly socket: Guarded,
  ) {}

  /** Whether there is a proven peer to send to, as far as is known. */
  get isReady(): boolean {
    return this.current !== 0;
  }

  /** How long to wait before looking again. A peer that is lost is often lost soon: nng itself may refuse it. */
  get sliceMs(): number {
    return this.isReady ? Math.max(SLICE_MS, nowMs() - this.provenMs) : SLICE_MS;
  }

  /**
   * See what has become of the connections, and go on with the proof. Called when there is nothing to be received, so
   * that the loss of a peer is found out behind its messages.
   */
  look(): void {
    const now = nowMs();
    if (this.isReady && now < this.lookAgainMs) return;
    this.lookAgainMs = now + LOOK_EVERY_MS;
    this.examine();
  }

  /** The connections to proven peers, for those who watch them. */
  pipeList(): PipeList {
    this.examine();
    const ids = this.current === 0 ? [] : [this.current];
    return { present: ids.length + (this.candidate === 0 ? 0 : 1), attached: this.trusted.size, refused: 0, ids };
  }

  /** Whether a frame is for the program. Proofs are taken; whoever sends anything else is shown out. */
  admits(pipe: number, { head: frame }: Frame): boolean {
    const isProof = isControl(frame, INTRODUCTION) || isControl(frame, ANSWER);
    if (this.trusted.has(pipe)) return !isProof;
    if (!isProof || !this.takeProof(pipe, frame)) this.dismiss(pipe);
    return false;
  }

  /** Whether a stranger is on its way out. What it still sends is left where it is. */
  get isDismissing(): boolean {
    return this.dismissed !== 0;
  }

  /**
   * Close a connection. Before release 1.8 of nng that must not happen while the header of a frame has come and its body
   * is not yet waited for (`Nng.refuseFrames`). So frames are refused first, on which a connection that sends ends by
   * itself; and one that goes on sending the least, which are let pass, has filled its queue when it is closed.
   */
  protected dismiss(pipe: number): void {
    if (this.isDismissing || !this.socket.allPipes().ids.includes(pipe)) return;
    this.dismissed = pipe;
    this.dismissedMs = nowMs();
    this.socket.refuseFrames(true);
  }

  private examine(): void {
    const list = this.socket.allPipes();
    if (this.isDismissing) {
      if (list.ids.includes(this.dismissed)) {
        if (nowMs() - this.dismissedMs > DISMISSAL_MS) nng().closePipe(this.dismissed);
        return;
      }
      this.dismissed = 0;
      this.socket.refuseFrames(false);
    }
    this.follow(list);
  }

  /** Go on, given the connections that there are. */
  protected abstract follow(list: PipeList): void;

  /** Take a proof from an unknown peer; false if it is none. */
  protected abstract takeProof(pipe: number, frame: Buffer): boolean;

  /** The peer behind the shut gate may be sent to from now on. */
  protected accept(pipe: number): void {
    this.trusted.add(pipe);
    this.current = pipe;
    this.candidate = 0;
    this.provenMs = nowMs();
    Atomics.store(this.ready, 0, 1);
  }

  /** Nobody is there any more: let the next one come, if one may. */
  protected lose(mayCome = true): void {
    Atomics.store(this.ready, 0, 0);
    this.current = 0;
    this.candidate = 0;
    if (mayCome) nng().openGate(this.socket.id);
  }

  protected mac(role: 'dialler' | 'listener', nonce: Uint8Array): Buffer {
    return createHmac('sha256', this.token).update(role).update(nonce).digest();
  }
}

/** Of a socket that listens: takes the introductions. */
export class ListeningGuard extends Guard {
  /** Nonces that were used. Only the peer can make them. */
  private readonly used = new Set<string>();
  private answer: Buffer | null = null;
  private silent: number | undefined;
  private silentSinceMs = 0;
  private refusedBefore = 0;
  private turnMs = SHORTEST_TURN_MS;

  protected follow(list: PipeList): void {
    if (this.current !== 0) {
      if (list.ids.includes(this.current)) return;
      this.lose();
    }
    if (this.candidate !== 0) this.settle();
    else this.dismissSilent(list);
  }

  protected takeProof(pipe: number, frame: Buffer): boolean {
    if (!isControl(frame, INTRODUCTION)) return false;
    const nonce = frame.subarray(2, 2 + NONCE_BYTES);
    if (!timingSafeEqual(frame.subarray(2 + NONCE_BYTES), this.mac('dialler', nonce))) return false;
    const name = nonce.toString('hex');
    if (this.used.has(name)) return false;
    this.used.add(name);
    this.trusted.add(pipe);
    this.candidate = pipe;
    this.answer = controlFrame(ANSWER, this.mac('listener', nonce));
    this.settle();
    return true;
  }

  /** The candidate has proven itself: make sure that it is alone, and answer. */
  private settle(): void {
    nng().shutGate(this.socket.id);
    const { present, ids } = this.socket.allPipes();
    const isListed = ids.includes(this.candidate);
    // Counted and not listed: being attached or taken down just now.
    if (!isListed && present <= ids.length) this.lose();
    if (!isListed || present !== 1) return;
    if (nng().sendNonblocking(this.socket.id, [this.answer!]) === 0) this.accept(this.candidate);
  }

  private dismissSilent({ ids: [pipe], refused }: PipeList): void {
    const now = nowMs();
    if (pipe !== this.silent) {
      this.silent = pipe;
      this.silentSinceMs = now;
      this.refusedBefore = refused;
      return;
    }
    const isCrowded = refused > this.refusedBefore;
    if (pipe === undefined || now - this.silentSinceMs < (isCrowded ? this.turnMs : INTRODUCTION_MS)) return;
    this.dismiss(pipe);
    this.turnMs = this.turnMs < LONGEST_TURN_MS ? this.turnMs * 2 : SHORTEST_TURN_MS;
  }
}

/** Of a socket that dials: introduces itself. */
export class DiallingGuard extends Guard {
  private nonce = Buffer.alloc(0);
  /** When we introduced ourselves on the present connection (nowMs); null if we have not. */
  private introducedMs: number | null = null;

  /**
   * @param isListenerThere  whether the listener that we know of still holds the endpoint, so that nobody else can be
   *                         there; null if we do not know of it, and it has to answer
   */
  constructor(
    token: string,
    socket: Guarded,
    private readonly isListenerThere: (() => boolean) | null,
  ) {
    super(token, socket);
  }

  protected follow({ ids }: PipeList): void {
    const held = this.current || this.candidate;
    if (!ids.includes(held)) {
      const mayCome = this.isListenerThere?.() ?? true;
      if (held !== 0) this.lose(mayCome);
      if (!mayCome || !this.approach(ids)) return;
    }
    if (this.introducedMs === null) this.introduce();
  }

  /** Shut the gate behind the one connection that there is. */
  private approach([pipe]: readonly number[]): boolean {
    if (pipe === undefined) return false;
    const { id } = this.socket;
    nng().shutGate(id);
    const { present, ids } = this.socket.allPipes();
    if (present !== 1 || ids[0] !== pipe) {
      nng().openGate(id);
      return false;
    }
    this.candidate = pipe;
    this.introducedMs = null;
    this.nonce = randomBytes(NONCE_BYTES);
    return true;
  }

  private introduce(): void {
    const frame = controlFrame(INTRODUCTION, this.nonce, this.mac('dialler', this.nonce));
    if (nng().sendNonblocking(this.socket.id, [frame]) !== 0) return;
    this.introducedMs = nowMs();
    if (this.isListenerThere?.()) this.accept(this.candidate);
  }

  /** For how long the listener has known us without hanging up. Its program may be busy. */
  get tolerationMs(): number {
    return this.candidate === 0 || this.introducedMs === null ? 0 : nowMs() - this.introducedMs;
  }

  protected takeProof(pipe: number, frame: Buffer): boolean {
    const isRight =
      pipe === this.candidate &&
      isControl(frame, ANSWER) &&
      timingSafeEqual(frame.subarray(2), this.mac('listener', this.nonce));
    if (isRight) this.accept(pipe);
    return isRight;
  }
}

const controlFrame = (kind: number, ...parts: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from([CONTROL, kind]), ...parts]);

function isControl(frame: Buffer, kind: typeof INTRODUCTION | typeof ANSWER): boolean {
  const length = 2 + (kind === INTRODUCTION ? NONCE_BYTES : 0) + MAC_BYTES;
  return frame.length === length && frame[0] === CONTROL && frame[1] === kind;
}
