// Polling: `nng-poll`, step by step as networking §6 has it. Frames that it finds stay on their sockets, in order.

import { nowMs } from '../../values/clock.ts';
import { listFrom, Pair, type Value } from '../../values/types.ts';
import { PollSet } from '../host/libc.ts';
import { NO_ROOM, nng } from './binding.ts';
import type { Bystanders } from './bystanders.ts';
import type { Frame } from './frame.ts';
import { handleHeartbeat } from './heartbeat.ts';
import { allDelivered, checkNews, hasLastNews, LOOK_AGAIN_MS, NO_ROOM_SLICE_MS, takeFrame } from './receive.ts';
import { NngSocket } from './socket.ts';
import { sooner } from './wait.ts';

/** How many messages are set aside at most because of news that is to come behind them. */
const MOST_BEFORE_NEWS = 1000;

/** An ended worker's last frames are looked for this often. */
const ENDING_SLICE_MS = 5;

/** The sockets of `items` that have something for `recv!`, in their order; waits at most `timeoutMs` for the first. */
export function pollSockets(items: Value, timeoutMs: number, bystanders: Bystanders): Value {
  const sockets = collectSockets(items);
  const deadline = nowMs() + timeoutMs;
  for (;;) {
    const ready: NngSocket[] = [];
    let wakeMs = -1;
    for (const socket of sockets) {
      const wait = look(socket);
      if (wait === READY) ready.push(socket);
      else wakeMs = sooner(wakeMs, wait);
    }
    const leftMs = deadline - nowMs();
    if (ready.length > 0) return listFrom(ready);
    if (leftMs <= 0) return listFrom(sockets.filter(({ monitor }) => monitor !== null).filter(hasLastNews));
    waitForAny(sockets, sooner(leftMs, wakeMs), bystanders);
  }
}

/** Open sockets, each once. An item is a socket or a pair that starts with one; anything else is passed over. */
function collectSockets(items: Value): readonly NngSocket[] {
  const sockets = new Set<NngSocket>();
  const visited = new Set<Pair>();
  for (let rest = items; rest instanceof Pair && !visited.has(rest); rest = rest.cdr) {
    visited.add(rest);
    const item = rest.car instanceof Pair ? rest.car.car : rest.car;
    if (item instanceof NngSocket && !item.closed) sockets.add(item);
  }
  return [...sockets];
}

const READY = -2;

/** READY, or how long to wait before looking again without a descriptor having woken us: ms, -1 for without limit. */
function look(socket: NngSocket): number {
  if (hasSomething(socket)) return READY;
  if (takeToPending(socket)) return READY;
  const { link, monitor } = socket;
  if (link?.hasEnded()) {
    if (!allDelivered(socket, link)) return ENDING_SLICE_MS;
    takeToPending(socket);
    monitor?.check(link.isWorker);
    return hasSomething(socket) ? READY : -1;
  }
  const wakeMs = checkNews(socket);
  // What came while the news was found out goes before the news.
  if (socket.notifications.length > 0) takeToPending(socket);
  return hasSomething(socket) ? READY : wakeMs;
}

function hasSomething(socket: NngSocket): boolean {
  return !socket.pending.isEmpty || socket.notifications.length > 0;
}

/** Set aside one frame that `recv!` would give. Errors of nng mean that there is none. */
export function takeToPending(socket: NngSocket): boolean {
  for (;;) {
    const frame = takeFrame(socket);
    if (typeof frame === 'number') return false;
    if (handleHeartbeat(socket.transport, frame) || !isWanted(socket, frame)) continue;
    socket.pending.push(frame);
    nng().releaseFrame();
    return true;
  }
}

/** `demonitor`: what has been lost by now is still told, behind the messages that came before. */
export function stopMonitoring(socket: NngSocket): void {
  if (socket.monitor === null) return;
  socket.monitor.settle();
  socket.monitor = null;
  if (socket.notifications.length === 0) return;
  for (let taken = 0; taken < MOST_BEFORE_NEWS && takeToPending(socket); taken++);
}

/** Whether there is a peer to send to that has proven itself, where one has to. Goes on with its proof. */
export function hasProvenPeer(socket: NngSocket): boolean {
  const { guard } = socket.transport;
  while (guard?.isReady === false && takeToPending(socket));
  return guard?.isReady ?? true;
}

/** A frame that cannot be decoded is wanted: `recv!` is to raise its error. */
function isWanted(socket: NngSocket, frame: Frame): boolean {
  if (socket.topics === null) return true;
  try {
    return socket.topics.matches(frame, frame.decode());
  } catch {
    return true;
  }
}

const waitSet = new PollSet();

function waitForAny(sockets: readonly NngSocket[], timeoutMs: number, bystanders: Bystanders): void {
  let longestMs = LOOK_AGAIN_MS;
  waitSet.clear();
  for (const { transport, link } of sockets) {
    const { recvFd } = transport;
    if (recvFd === NO_ROOM) longestMs = NO_ROOM_SLICE_MS;
    waitSet.add(recvFd);
    if (link !== null) waitSet.add(link.endFd);
  }
  bystanders.wait(waitSet, sooner(timeoutMs, longestMs), new Set(sockets.map(({ transport }) => transport)));
}
