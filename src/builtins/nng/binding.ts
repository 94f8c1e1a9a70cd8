// libnng's C interface, as far as Eta uses it, and who frees what.
//
// nng_socket, nng_dialer and nng_listener are structs of one uint32, passed like a uint32 on the platforms that we
// support, and four times faster to call so; so is nng_pipe. No JavaScript callback is ever handed to nng: koffi would
// run it on the event loop, which a blocked VM never reaches, and hold nng's thread until then.
//
// The functions answer nng's error number, 0 for success; `nngFailure` makes an Eta error of one.
// Source: networking §20, architecture "Blocking".

import { assert, type EtaError, nngError } from '../../values/errors.ts';
import { koffi, type Library } from '../host/koffi.ts';
import { Frame } from './frame.ts';
import { loadLibrary } from './library.ts';
import type { Protocol } from './protocols.ts';
import type { FrameRest } from './wire-binary.ts';

/** nng's error numbers that the code asks for by name (networking §20.3). */
export const NNG_EINVAL = 3;
export const NNG_ETIMEDOUT = 5;
export const NNG_ECLOSED = 7;
export const NNG_EAGAIN = 8;
export const NNG_ENOTSUP = 9;
export const NNG_ESTATE = 11;
export const NNG_EMSGSIZE = 17;
export const NNG_ECONNSHUT = 31;

/** In place of a descriptor: the protocol has none; the process has too many, so that one may be had later. */
export const NO_DESCRIPTOR = -1;
export const NO_ROOM = -2;

const FLAG_NONBLOCK = 2;
/** The event of a connection that is about to be attached. */
const PIPE_ADD_PRE = 0;

/** Frames up to this many bytes are received as a whole; of larger ones the head, and the rest where it is needed. */
const LARGEST_WHOLE = 16 << 10;
const HEAD_BYTES = 1 << 10;

type Pointer = bigint;

type Copy = (target: Uint8Array | Pointer, source: Uint8Array | Pointer, length: number) => void;

/** What stands one behind the other in a frame. */
export type Pieces = readonly Uint8Array[];

interface Functions {
  readonly close: (socket: number) => number;
  readonly listen: (socket: number, url: string, listener: Uint32Array, flags: number) => number;
  readonly dial: (socket: number, url: string, dialer: Uint32Array, flags: number) => number;
  readonly send: (socket: number, bytes: Uint8Array, length: number, flags: number) => number;
  readonly sendmsg: (socket: number, message: Pointer, flags: number) => number;
  readonly msgAlloc: (message: BigUint64Array, length: number) => number;
  readonly recvmsg: (socket: number, message: BigUint64Array, flags: number) => number;
  readonly msgBody: (message: Pointer) => Pointer;
  readonly msgLength: (message: Pointer) => number;
  readonly msgFree: (message: Pointer) => void;
  readonly msgPipe: (message: Pointer) => number;
  readonly pipeClose: (pipe: number) => number;
  readonly pipeNotify: (socket: number, event: number, callback: Pointer | null, argument: null) => number;
  readonly setMs: (socket: number, option: string, value: number) => number;
  readonly setInt: (socket: number, option: string, value: number) => number;
  readonly getInt: (socket: number, option: string, value: Int32Array) => number;
  readonly listenerSetSize: (listener: number, option: string, value: number) => number;
  readonly dialerSetSize: (dialer: number, option: string, value: number) => number;
  readonly setBytes: (socket: number, option: string, value: Uint8Array, length: number) => number;
  readonly strerror: (code: number) => string;
  readonly version: () => string;
  readonly statsGet: (root: BigUint64Array) => number;
  readonly statsFree: (root: Pointer) => void;
  readonly statChild: (scope: Pointer) => Pointer | null;
  readonly statNext: (stat: Pointer) => Pointer | null;
  readonly statName: (stat: Pointer) => string;
  readonly statFind: (scope: Pointer, name: string) => Pointer | null;
  readonly statValue: (stat: Pointer) => number;
}

/** What nng knows about the connections of one socket. */
export interface PipeList {
  /** Pipes that are attached now; -1 where this libnng keeps no statistics. */
  readonly present: number;
  /** Pipes that were ever attached. */
  readonly attached: number;
  /** Connections that were never attached: nng had no place for them, or the gate was shut. */
  readonly refused: number;
  /** Which they are: those that are fully attached, so perhaps fewer than `present`. */
  readonly ids: readonly number[];
}

const UNKNOWN_LIST: PipeList = { present: -1, attached: -1, refused: 0, ids: [] };

/** The rest of a frame, in a message that is ours for as long as it is not released. */
class MessageRest implements FrameRest {
  constructor(
    private readonly address: Pointer,
    public length: number,
    private readonly memcpy: Copy,
  ) {}

  copy(target: Uint8Array, position: number): void {
    assert(position + target.length <= this.length, 'a frame is decoded before the next is received');
    this.memcpy(target, this.address + BigInt(position), target.length);
  }

  release(): void {
    this.length = 0;
  }
}

/** libnng, loaded. One object a VM; the library and its sockets are shared by the whole process. */
export class Nng {
  /** Whether PAIR sockets lose descriptors when they are closed, see descriptor-leak.ts. */
  readonly leaksPairDescriptors: boolean;
  /** Whether a close may wait for ever for a frame that is just arriving, see `refuseFrames`. */
  readonly losesReadsOnClose: boolean;
  private readonly functions: Functions;
  private readonly opens = new Map<Protocol, (socket: Uint32Array) => number>();
  private readonly copy: Copy;

  // Reused out-parameters and the buffer that frames are received into.
  private readonly id = new Uint32Array(1);
  private readonly int = new Int32Array(1);
  private readonly pointer = new BigUint64Array(1);
  private readonly buffer = Buffer.allocUnsafeSlow(LARGEST_WHOLE);
  /** What the rest of the last large frame lies in. */
  private held: { readonly message: Pointer; readonly rest: MessageRest } | null = null;
  private pipeClosePointer: Pointer | null = null;
  private sender = 0;

  constructor(private readonly library: Library) {
    this.functions = bind(library);
    this.copy = copyFunction();
    const { version } = this;
    if (!version.startsWith('1.')) {
      throw nngError(`nng-error: libnng 1.5.2 or a later 1.x is needed, found ${version}`);
    }
    const minor = Number(version.split('.')[1]);
    this.leaksPairDescriptors = process.platform === 'linux' && minor < 6;
    this.losesReadsOnClose = minor < 8;
  }

  /** Of the library. */
  get version(): string {
    return this.functions.version();
  }

  /** Open a socket. The caller closes it. */
  open(protocol: Protocol): number {
    let open = this.opens.get(protocol);
    if (open === undefined) {
      open = this.library.func(`int nng_${protocol}0_open(void *socket)`) as (socket: Uint32Array) => number;
      this.opens.set(protocol, open);
    }
    const code = open(this.id);
    if (code !== 0) throw this.failure(code);
    return this.id[0];
  }

  close(socket: number): void {
    this.functions.close(socket);
  }

  /** Start listening. The listener's id is in `lastEndpoint`; it lives as long as the socket. */
  listen(socket: number, url: string): number {
    return this.functions.listen(socket, url, this.id, 0);
  }

  /** Connect, and wait for it. The dialer's id is in `lastEndpoint`; it lives as long as the socket. */
  dial(socket: number, url: string): number {
    return this.functions.dial(socket, url, this.id, 0);
  }

  /** The id that the last successful `listen` or `dial` gave. */
  get lastEndpoint(): number {
    return this.id[0];
  }

  /** Hand a frame, in pieces, to nng, which copies it. Blocks for the socket's send-timeout. */
  send(socket: number, pieces: Pieces): number {
    return this.sendPieces(socket, pieces, 0);
  }

  sendNonblocking(socket: number, pieces: Pieces): number {
    return this.sendPieces(socket, pieces, FLAG_NONBLOCK);
  }

  private sendPieces(socket: number, pieces: Pieces, flags: number): number {
    const { functions } = this;
    if (pieces.length === 1) return functions.send(socket, pieces[0], pieces[0].length, flags);
    const code = functions.msgAlloc(
      this.pointer,
      pieces.reduce((sum, { length }) => sum + length, 0),
    );
    if (code !== 0) return code;
    const message = this.pointer[0]; // ours to free, until it is sent
    let at = functions.msgBody(message);
    for (const piece of pieces) {
      this.copy(at, piece, piece.length);
      at += BigInt(piece.length);
    }
    const failure = functions.sendmsg(socket, message, flags);
    if (failure !== 0) functions.msgFree(message);
    return failure;
  }

  /**
   * Take a frame that is there, or answer nng's error number. `lastSender` is the connection that it came through.
   * The frame lies in memory that the next call or `releaseFrame` takes back: decode or copy it before.
   *
   * @param mayWait  whether to wait for one, for the socket's recv-timeout
   */
  receive(socket: number, mayWait: boolean): Frame | number {
    const { functions } = this;
    this.releaseFrame();
    const code = functions.recvmsg(socket, this.pointer, mayWait ? 0 : FLAG_NONBLOCK);
    if (code !== 0) return code;
    const message = this.pointer[0]; // ours to free
    const length = functions.msgLength(message);
    this.sender = functions.msgPipe(message);
    const headLength = length <= LARGEST_WHOLE ? length : HEAD_BYTES;
    const body = length > 0 ? functions.msgBody(message) : 0n;
    if (length > 0) this.copy(this.buffer, body, headLength);
    const head = this.buffer.subarray(0, headLength);
    if (length === headLength) {
      functions.msgFree(message);
      return new Frame(head, null);
    }
    this.held = { message, rest: new MessageRest(body + BigInt(headLength), length - headLength, this.copy) };
    return new Frame(head, this.held.rest);
  }

  get lastSender(): number {
    return this.sender;
  }

  /** The last frame has been decoded: do not keep a large one until the next comes. */
  releaseFrame(): void {
    if (this.held === null) return;
    this.held.rest.release();
    this.functions.msgFree(this.held.message);
    this.held = null;
  }

  /** Close one connection of a socket; for how, see `Guard.dismiss`. */
  closePipe(pipe: number): void {
    this.functions.pipeClose(pipe);
  }

  /**
   * From now on, have nng close every connection of a socket before it attaches it; those that are attached stay.
   * The callback that does so is nng's own nng_pipe_close: it takes the connection in the first of its arguments.
   */
  shutGate(socket: number): void {
    this.pipeClosePointer ??= koffi().address(this.library.symbol('nng_pipe_close'));
    this.functions.pipeNotify(socket, PIPE_ADD_PRE, this.pipeClosePointer, null);
  }

  openGate(socket: number): void {
    this.functions.pipeNotify(socket, PIPE_ADD_PRE, null, null);
  }

  setMs(socket: number, option: string, milliseconds: number): number {
    return this.functions.setMs(socket, option, milliseconds);
  }

  setInt(socket: number, option: string, value: number): number {
    return this.functions.setInt(socket, option, value);
  }

  /**
   * Have the connections of a socket fail on the next frame that arrives, or no longer.
   *
   * Before release 1.8, nng_close hangs, and with it all that nng has to tear down in this process, if it comes between
   * the header of a frame and its body: the read of the body is then neither started nor reported
   * (https://github.com/nanomsg/nng/pull/1824). A frame that is too large ends its connection from inside, instead.
   */
  refuseFrames(listeners: readonly number[], dialers: readonly number[], areRefused = true): void {
    const largest = areRefused ? 1 : 0; // 0 is without limit
    for (const listener of listeners) this.functions.listenerSetSize(listener, 'recv-size-max', largest);
    for (const dialer of dialers) this.functions.dialerSetSize(dialer, 'recv-size-max', largest);
  }

  subscribe(socket: number, topic: Uint8Array): number {
    return this.functions.setBytes(socket, 'sub:subscribe', topic, topic.length);
  }

  /** A descriptor to wait for, or NO_DESCRIPTOR where the protocol has none, or NO_ROOM. nng closes it. */
  descriptor(socket: number, option: 'recv-fd' | 'send-fd'): number {
    const code = this.functions.getInt(socket, option, this.int);
    if (code === 0) return this.int[0];
    return code === NNG_ENOTSUP ? NO_DESCRIPTOR : NO_ROOM;
  }

  /**
   * The connections of a socket, given the listeners and dialers that it was given, from one snapshot.
   *
   * nng's own look-ups (`nng_stat_find_socket` …) give the first socket of the process, whichever they are asked for:
   * they compare ids only at the root. So the scopes, a flat list below the root, are gone through here.
   */
  pipeList(socket: number, listeners: readonly number[], dialers: readonly number[]): PipeList {
    return this.withStats(UNKNOWN_LIST, (root) => {
      let present = -1;
      let counted = 0;
      let refused = 0;
      const ids: number[] = [];
      this.eachScope(root, (kind, scope) => {
        const id = this.stat(scope, 'id');
        if (kind === 'socket' && id === socket) {
          present = this.stat(scope, 'pipes');
          refused = this.stat(scope, 'reject');
        } else if (kind === 'listener' && listeners.includes(id)) counted += this.stat(scope, 'accept');
        else if (kind === 'dialer' && dialers.includes(id)) counted += this.stat(scope, 'connect');
        else if (kind === 'pipe' && this.stat(scope, 'socket') === socket) ids.push(id);
      });
      return present < 0 ? UNKNOWN_LIST : { present, attached: counted - refused, refused, ids };
    });
  }

  /** How many frames have left for good through the connections that a socket has now; -1 if that is not known. */
  framesWritten(socket: number): number {
    return this.withStats(-1, (root) => {
      let written = 0;
      this.eachScope(root, (kind, scope) => {
        if (kind === 'pipe' && this.stat(scope, 'socket') === socket) written += this.stat(scope, 'tx_msgs');
      });
      return written;
    });
  }

  /** Call `read` with a snapshot of nng's statistics; `otherwise` is the result where there are none. */
  private withStats<T>(otherwise: T, read: (root: Pointer) => T): T {
    const { functions } = this;
    if (functions.statsGet(this.pointer) !== 0) return otherwise;
    const root = this.pointer[0]; // ours to free
    try {
      return read(root);
    } finally {
      functions.statsFree(root);
    }
  }

  private eachScope(root: Pointer, visit: (kind: string, scope: Pointer) => void): void {
    const { functions } = this;
    for (let scope = functions.statChild(root); scope !== null; scope = functions.statNext(scope)) {
      visit(functions.statName(scope), scope);
    }
  }

  private stat(scope: Pointer, name: string): number {
    const stat = this.functions.statFind(scope, name);
    return stat === null ? 0 : Number(this.functions.statValue(stat));
  }

  reason(code: number): string {
    return this.functions.strerror(code);
  }

  /** The Eta error of one of nng's error numbers. */
  failure(code: number): EtaError {
    return nngFailure(code, this.reason(code));
  }
}

/** `nng-error: REASON`, with the number and the reason as fields (networking §8.1). */
export function nngFailure(code: number, reason: string): EtaError {
  return nngError(`nng-error: ${reason}`, [
    ['nng-errno', code],
    ['reason', reason],
  ]);
}

let loaded: Nng | null = null;

/** libnng, loaded on first use; raises an nng-error where it is missing. */
export function nng(): Nng {
  loaded ??= open();
  return loaded;
}

function open(): Nng {
  const library = loadLibrary();
  try {
    return new Nng(library);
  } catch (error) {
    throw nngError(`nng-error: the library that was found is not libnng 1.x: ${(error as Error).message}`);
  }
}

/** memcpy, from the program itself or, on Windows, from the C run-time library. Its result would only cost time. */
function copyFunction(): Copy {
  const library = koffi().load(process.platform === 'win32' ? 'msvcrt.dll' : null);
  return library.func('void memcpy(void *target, void *source, size_t length)');
}

function bind(library: Library): Functions {
  const f = (prototype: string) => library.func(prototype) as never;
  return {
    close: f('int nng_close(uint32_t socket)'),
    listen: f('int nng_listen(uint32_t socket, const char *url, void *listener, int flags)'),
    dial: f('int nng_dial(uint32_t socket, const char *url, void *dialer, int flags)'),
    // Without NNG_FLAG_ALLOC the bytes are copied and stay ours.
    send: f('int nng_send(uint32_t socket, void *bytes, size_t length, int flags)'),
    // On success the message is nng's, else it stays ours.
    sendmsg: f('int nng_sendmsg(uint32_t socket, void *message, int flags)'),
    msgAlloc: f('int nng_msg_alloc(void *message, size_t length)'), // ours: nng_msg_free
    // On success the message is ours: nng_msg_free. nng_recv would copy it once more.
    recvmsg: f('int nng_recvmsg(uint32_t socket, void *message, int flags)'),
    msgBody: f('void *nng_msg_body(void *message)'),
    msgLength: f('size_t nng_msg_len(void *message)'),
    msgFree: f('void nng_msg_free(void *message)'),
    msgPipe: f('uint32_t nng_msg_get_pipe(void *message)'),
    pipeClose: f('int nng_pipe_close(uint32_t pipe)'),
    // One callback a socket and event; null for none.
    pipeNotify: f('int nng_pipe_notify(uint32_t socket, int event, void *callback, void *argument)'),
    setMs: f('int nng_socket_set_ms(uint32_t socket, const char *option, int32_t value)'),
    setInt: f('int nng_socket_set_int(uint32_t socket, const char *option, int value)'),
    listenerSetSize: f('int nng_listener_set_size(uint32_t listener, const char *option, size_t value)'),
    dialerSetSize: f('int nng_dialer_set_size(uint32_t dialer, const char *option, size_t value)'),
    getInt: f('int nng_socket_get_int(uint32_t socket, const char *option, void *value)'),
    setBytes: f('int nng_socket_set(uint32_t socket, const char *option, void *value, size_t length)'),
    strerror: f('const char *nng_strerror(int code)'), // static text
    version: f('const char *nng_version()'), // static text
    // A snapshot of all counters: nng_stats_free. The scopes in it live as long as it does.
    statsGet: f('int nng_stats_get(void *root)'),
    statsFree: f('void nng_stats_free(void *root)'),
    statChild: f('void *nng_stat_child(void *scope)'),
    statNext: f('void *nng_stat_next(void *stat)'),
    statName: f('const char *nng_stat_name(void *stat)'),
    statFind: f('void *nng_stat_find(void *scope, const char *name)'),
    statValue: f('uint64_t nng_stat_value(void *stat)'),
  };
}
