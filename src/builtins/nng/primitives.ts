// The primitives of networking and process actors, in the order of their builtin slots (networking §4), and the texts
// of their errors (§8.2). Thread actors register between them, at `defineThreads`.

import type { Define } from '../../bytecode/builtin-table.ts';
import { nngError, typeError } from '../../values/errors.ts';
import { textOf } from '../../values/mutable-string.ts';
import { doubleOf } from '../../values/numbers.ts';
import { Sym, type Value } from '../../values/types.ts';
import { wantString } from '../arguments.ts';
import { nng } from './binding.ts';
import { type Networking, noProcessManager } from './context.ts';
import { defineLibrarySupport } from './library-support.ts';
import { Monitor } from './monitor.ts';
import { setOption } from './options.ts';
import { pollSockets, stopMonitoring } from './poll.ts';
import { PROTOCOLS, protocolNamed } from './protocols.ts';
import { type Patience, receiveValue } from './receive.ts';
import { sendValue } from './send.ts';
import { NngSocket, wantOpenSocket, wantSocket } from './socket.ts';
import { TopicFilter } from './topics.ts';

const WAIT_FOREVER = -1;
/** What `enable-heartbeat` takes for an interval that is no number. */
const DEFAULT_HEARTBEAT_MS = 1000;

/** Where the networking of the VM that runs a primitive is found, and what defines the thread primitives. */
export interface NngPrimitives {
  readonly networking: Networking;
  /** Registers `spawn-thread-with`, `spawn-thread`, `thread-join` and `thread-alive?`, in that order. */
  readonly defineThreads: (define: Define) => void;
}

export function defineNng(define: Define, { networking, defineThreads }: NngPrimitives): void {
  defineSockets(define, networking);
  defineMessages(define, networking);
  defineSocketOptions(define);
  defineProcesses(define, networking);
  defineThreads(define);
  defineWatching(define, networking);
  defineLibrarySupport(define, networking);
}

function defineSockets(define: Define, networking: Networking): void {
  define(
    '(nng-socket type)',
    {
      doc: `A new socket. type is a symbol: ${PROTOCOLS.join(', ')}. Its receive timeout is 1000 ms, its send timeout infinite.`,
      errors: 'type is not one of these symbols; libnng is missing',
      spec: 'networking §4',
    },
    (type: Value) => {
      if (!(type instanceof Sym)) throw typeError("nng-socket: expected a symbol, e.g. 'pair", type);
      const protocol = protocolNamed(type.name);
      if (protocol === null) {
        throw typeError(
          `nng-socket: unknown protocol '${type.name}'; expected pair|req|rep|pub|sub|push|pull|surveyor|respondent|bus`,
        );
      }
      return networking.openSocket(protocol);
    },
  );

  define(
    '(nng-listen sock endpoint)',
    {
      doc: 'Accept connections at endpoint (tcp://HOST:PORT, ipc://PATH, inproc://NAME), in the background. Returns sock.',
      errors: 'sock is not an open socket; endpoint is not a string; nng refuses it (Address in use, …)',
      spec: 'networking §3',
    },
    (sock: Value, endpoint: Value) => {
      const socket = wantOpenSocket(sock, 'nng-listen', 'socket is already closed');
      const url = wantEndpoint(endpoint, 'nng-listen');
      check(socket.transport.listen(url));
      socket.endpointHint = url;
      return socket;
    },
  );

  define(
    '(nng-dial sock endpoint)',
    {
      doc: 'Connect to endpoint, and return sock once the connection stands. A connection that is lost later is renewed.',
      errors: 'sock is not an open socket; endpoint is not a string; nobody listens there (Connection refused)',
      spec: 'networking §3',
    },
    (sock: Value, endpoint: Value) => {
      const socket = wantOpenSocket(sock, 'nng-dial', 'socket is already closed');
      const url = wantEndpoint(endpoint, 'nng-dial');
      check(socket.transport.dial(url));
      if (socket.endpointHint === '') socket.endpointHint = url;
      return socket;
    },
  );

  define(
    '(nng-close sock)',
    {
      doc: 'Close sock, after delivering what was sent to connected peers (two seconds at most). Closing again is harmless. Returns #t.',
      errors: 'sock is not a socket',
      spec: 'networking §4.5',
    },
    (sock: Value) => {
      networking.closeSocket(wantSocket(sock, 'nng-close'));
      return true;
    },
  );

  define(
    '(nng-socket? x)',
    { doc: 'Whether x is a socket, open or closed.', spec: 'networking §4' },
    (x: Value) => x instanceof NngSocket,
  );
}

function defineMessages(define: Define, networking: Networking): void {
  define(
    '(send! sock value [flag])',
    {
      doc: "Send value as one message. flag: 'noblock gives #f instead of waiting, 'wait ignores the send timeout, 'text sends readable text. #t means that the transport has taken it.",
      errors:
        'sock is not an open socket; value cannot travel; nng fails (Timed out, Incorrect state, …); the worker or parent at the other end is gone',
      spec: 'networking §4.1',
    },
    (sock: Value, value: Value, flag?: Value) => {
      const socket = wantOpenSocket(sock, 'send!');
      return sendValue(socket, value, patienceOf(flag, socket.sendTimeoutMs), isFlag(flag, 'text'));
    },
  );

  define(
    '(recv! sock [flag])',
    {
      doc: "The next message of sock; #f if none comes within the receive timeout, or if the worker or parent at the other end has ended cleanly. flag: 'noblock does not wait, 'wait waits without limit.",
      errors:
        'sock is not an open socket; the frame is malformed; the worker at the other end has crashed; nng fails (Incorrect state, …)',
      spec: 'networking §5',
    },
    (sock: Value, flag?: Value) => {
      const socket = wantOpenSocket(sock, 'recv!');
      networking.lookAround();
      return receiveValue(socket, patienceOf(flag, socket.recvTimeoutMs));
    },
  );

  define(
    '(nng-poll items timeout-ms)',
    {
      doc: 'Wait until one of the sockets in the list items has something for recv!, at most timeout-ms. Returns the list of those that have. An item may also be a list that starts with a socket.',
      spec: 'networking §6',
    },
    (items: Value, timeout: Value) => {
      networking.lookAround();
      return pollSockets(items, Math.max(0, Math.trunc(doubleOf(timeout) ?? 0)) || 0, networking.bystanders);
    },
  );
}

function defineSocketOptions(define: Define): void {
  define(
    '(nng-subscribe sock topic)',
    {
      doc: 'Let a sub socket hear the messages whose topic text (the name of a symbol, a string, or those of the first element of a list) or whose frame begins with topic. The empty topic means every message.',
      errors: 'sock is not an open sub socket',
      spec: 'networking §4.4, §19.4',
    },
    (sock: Value, topic: Value) => {
      const socket = wantOpenSocket(sock, 'nng-subscribe');
      if (socket.protocol !== 'sub') throw typeError("nng-subscribe: socket must be a 'sub socket", sock);
      // nng delivers everything; what was not asked for is dropped on receipt.
      check(nng().subscribe(socket.transport.id, Buffer.alloc(0)));
      socket.topics ??= new TopicFilter();
      socket.topics.add(topic instanceof Sym ? topic.name : (textOf(topic) ?? ''));
      return true;
    },
  );

  define(
    '(nng-set-option sock name value)',
    {
      doc: "Set an option: 'recv-timeout, 'send-timeout, 'survey-time (milliseconds, -1 is infinite), 'recv-buf-size (messages); before listening or dialling 'token, a string that the peer of a pair has to know.",
      errors:
        'sock is not an open socket; name is unknown; value is not a number (token: no string), or out of range (Invalid argument)',
      spec: 'networking §4.3',
    },
    (sock: Value, name: Value, value: Value) => {
      setOption(wantOpenSocket(sock, 'nng-set-option'), name, value);
      return true;
    },
  );
}

function defineProcesses(define: Define, networking: Networking): void {
  define(
    '(spawn path [endpoint] [flag])',
    {
      doc: "Run the program in the file path as a child process, connected to us by a pair socket: the handle, which is returned at once. The child has its end from (current-mailbox). With a string endpoint, the handle listens there, and lets nobody in but the child; with the flag 'plain whoever comes first.",
      errors: 'path is not a string; flag is unknown; the endpoint is taken; the system cannot start a process',
      spec: 'networking §10.1',
    },
    (path: Value, endpoint?: Value, flag?: Value) => {
      if (networking.host.interpreter === null) throw noProcessManager('spawn');
      const file = wantString(path, 'spawn: expected a string module path');
      const address = endpoint === undefined ? undefined : textOf(endpoint);
      const isPlain = isFlag(flag, 'plain');
      // What follows anything but an endpoint is ignored, as ever.
      if (address !== undefined && flag !== undefined && !isPlain) {
        throw typeError("spawn: unknown flag; expected 'plain", flag);
      }
      return networking.spawn(file, address ?? null, isPlain);
    },
  );

  define(
    '(spawn-kill handle)',
    {
      doc: 'End the child process of handle (SIGTERM, after five seconds SIGKILL) and reap it: #t. #f if it has been reaped, or if handle has no child.',
      errors: 'handle is not a socket',
      spec: 'networking §10.3',
    },
    (handle: Value) => networking.killChild(wantSocket(handle, 'spawn-kill')),
  );

  define(
    '(spawn-wait handle)',
    {
      doc: 'Wait until the child process of handle ends: its exit code, or #f if a signal ended it. #f at once if it has been reaped, or if handle has no child.',
      errors: 'handle is not a socket',
      spec: 'networking §10.3',
    },
    (handle: Value) => networking.waitForChild(wantSocket(handle, 'spawn-wait')),
  );

  define(
    '(current-mailbox)',
    { doc: 'The socket to the parent, in a worker; () elsewhere.', spec: 'networking §10.2' },
    () => networking.currentMailbox(),
  );
}

function defineWatching(define: Define, networking: Networking): void {
  define(
    '(monitor sock)',
    {
      doc: 'From now on recv! of sock gives (down ENDPOINT "disconnected") for each connection that is lost; for a handle once, when its worker is gone. Returns #t.',
      errors: 'sock is not an open socket',
      spec: 'networking §13',
    },
    (sock: Value) => {
      const socket = wantOpenSocket(sock, 'monitor', 'socket is already closed');
      if (socket.monitor !== null) socket.monitor.endpoint = socket.endpointHint;
      else socket.monitor = new Monitor(socket, socket.endpointHint);
      socket.transport.trace?.tell({ kind: 'monitor', endpoint: socket.endpointHint });
      return true;
    },
  );

  define(
    '(demonitor sock)',
    {
      doc: 'Stop monitoring sock. Notifications that are queued stay. Returns #t.',
      errors: 'sock is not a socket',
      spec: 'networking §13',
    },
    (sock: Value) => {
      const socket = wantSocket(sock, 'demonitor');
      stopMonitoring(socket);
      socket.transport.trace?.tell({ kind: 'demonitor', endpoint: socket.endpointHint });
      return true;
    },
  );

  define(
    '(enable-heartbeat sock interval-ms)',
    {
      doc: 'Ask the peer of sock every interval-ms whether it still receives. If an answer does not come within the next interval-ms, recv! gives (down ENDPOINT "heartbeat-timeout"), once. Returns #t.',
      errors: 'sock is not an open socket; interval-ms is less than 1',
      spec: 'networking §13',
    },
    (sock: Value, interval: Value) => {
      const socket = wantOpenSocket(sock, 'enable-heartbeat', 'socket is already closed');
      const intervalMs = Math.trunc(doubleOf(interval) ?? DEFAULT_HEARTBEAT_MS);
      if (!(intervalMs >= 1)) throw typeError('enable-heartbeat: interval-ms must be positive', interval);
      networking.enableHeartbeat(socket, intervalMs);
      return true;
    },
  );
}

// ---- arguments

/** Only symbols count as flags, and only the first one; others are ignored (networking §4.1). */
function isFlag(flag: Value | undefined, name: string): boolean {
  return flag instanceof Sym && flag.name === name;
}

function patienceOf(flag: Value | undefined, timeoutMs: number): Patience {
  if (isFlag(flag, 'noblock')) return 'noblock';
  return isFlag(flag, 'wait') ? WAIT_FOREVER : timeoutMs;
}

/** A URL for nng. One with a NUL would be cut off there on its way into C. */
function wantEndpoint(value: Value, who: string): string {
  const endpoint = wantString(value, `${who}: expected a string endpoint`);
  if (endpoint.includes('\0')) throw nngError('nng-error: Invalid argument');
  return endpoint;
}

function check(code: number): void {
  if (code !== 0) throw nng().failure(code);
}
