// Receiving: `recv!`, step by step as networking §5 has it.
//
//   frames that nng-poll has set aside, then notifications (which were found out after those), then frames from nng:
//
//     take a frame; wait a moment for the first one ──► heartbeat: answer, again · not a wanted topic: again · else: the value
//       │ none
//       ▼
//     has the other side of the link ended?  its last frames first, then #f or the error
//     monitor and heartbeat may have news ──► the notification
//     time is over ──► #f
//     wait for the socket and for the end of the other side, together
//
// Nothing waits inside nng for longer than that moment: poll(2) wakes up for a message and for a death alike, and Ctrl-C
// can end it. But most messages that are waited for come within it.

import { nowMs } from '../../values/clock.ts';
import { flushConsole } from '../../values/ports.ts';
import type { Value } from '../../values/types.ts';
import { PollSet, sleepMs } from '../host/libc.ts';
import { NNG_EAGAIN, NNG_ESTATE, NNG_ETIMEDOUT, NO_ROOM, nng } from './binding.ts';
import { decodeFrame, type Frame } from './frame.ts';
import type { Guard } from './guard.ts';
import { handleHeartbeat } from './heartbeat.ts';
import type { Link } from './link.ts';
import { timeoutEndsConversation } from './protocols.ts';
import type { NngSocket } from './socket.ts';
import { FIRST_RECEIVE_MS, type Transport } from './transport.ts';
import { ASK_SLICE_MS, sooner, waitReadable } from './wait.ts';

/** After the end of the other side, with its connection not known to be gone: how long silence must last. */
const SILENCE_MS = 90;
const SILENCE_SLICE_MS = 5;
/**
 * And with a connection that is still there: nng's threads may be kept from reading what is in it. Only a thread actor that the
 * host has ended, for want of memory, leaves its connection open for good.
 */
const CONNECTED_SILENCE_MS = 2000;
/** How many unwanted frames a receive skips after its time is over: more than a socket's queue holds. */
const SKIP_LIMIT = 10_000;
/** How many frames of strangers one look for a frame drops at most. */
const REFUSED_AT_ONCE = 100;
/** nng ends a survey a little after its time. */
const SURVEY_SLICE_MS = 5;

/** How long to wait: milliseconds, -1 without limit; `noblock` differs from 0 in leaving a request or survey open. */
export type Patience = number | 'noblock';

/** Receive one value; #f if none comes in time. Raises the errors of networking §8, §9.5, §12.2. */
export function receiveValue(socket: NngSocket, patience: Patience): Value {
  if (!socket.pending.isEmpty) return decodeFrame(socket.pending.shift());
  const news = socket.notifications.shift();
  if (news !== undefined) return news;
  try {
    return receiveFromNng(socket, patience);
  } finally {
    nng().releaseFrame();
  }
}

function receiveFromNng(socket: NngSocket, patience: Patience): Value {
  const start = nowMs();
  const limitMs = patience === 'noblock' ? 0 : patience;
  const deadline = limitMs < 0 ? Number.POSITIVE_INFINITY : start + limitMs;
  let hasWaited = false;
  let skipped = 0;
  for (let frame = takeSoon(socket, limitMs); ; frame = takeFrame(socket)) {
    if (typeof frame !== 'number') {
      if (!handleHeartbeat(socket.transport, frame)) {
        const value = frame.decode();
        if (socket.topics === null || socket.topics.matches(frame, value)) return value;
      }
      if (++skipped > SKIP_LIMIT && nowMs() >= deadline) return false;
      continue;
    }
    if (frame !== NNG_EAGAIN && frame !== NNG_ETIMEDOUT) {
      // News is for sockets that never receive, too, and for those whose turn it is not.
      if (hasLastNews(socket)) return receiveNews(socket);
      // A survey that ends while we wait for answers is a time-out (networking §7.5).
      if (frame === NNG_ESTATE && hasWaited && socket.protocol === 'surveyor') return false;
      throw nng().failure(frame);
    }
    const { link } = socket;
    if (link?.hasEnded()) {
      if (allDelivered(socket, link)) return receiveLast(socket, link);
      if (patience === 'noblock') return false;
      waitReadable(socket.transport.recvFd, SILENCE_SLICE_MS);
      continue;
    }
    const wakeMs = checkNews(socket);
    if (socket.notifications.length > 0) return receiveNews(socket);
    const leftMs = limitMs < 0 ? -1 : deadline - nowMs();
    if (patience === 'noblock' || (leftMs <= 0 && limitMs >= 0)) {
      return hasLastNews(socket) ? receiveNews(socket) : timeOut(socket, patience);
    }
    waitForFrame(socket, link, sooner(leftMs, wakeMs));
    hasWaited = true;
  }
}

/** Take a frame that is there or comes within a moment, if there is that much time and nothing else to look after. */
function takeSoon(socket: NngSocket, limitMs: number): Frame | number {
  const { transport, link, monitor, protocol } = socket;
  const canWait = limitMs < 0 || limitMs >= FIRST_RECEIVE_MS;
  const isFree = monitor === null && transport.heartbeat === null && link?.isKnownToHaveEnded !== true;
  if (!canWait || !isFree || timeoutEndsConversation(protocol)) return takeFrame(socket);
  flushConsole();
  return takeFrame(socket, true);
}

/**
 * Take a frame that is there, or give nng's error number.
 * Newer releases of nng end a survey when they are asked too early, so a surveyor is asked when it has something, or
 * when its survey should be over.
 */
export function takeFrame(socket: NngSocket, mayWait = false): Frame | number {
  const { transport } = socket;
  if (socket.protocol === 'surveyor' && nowMs() < socket.surveyDeadlineMs) {
    if (!waitReadable(transport.recvFd, 0)) return NNG_EAGAIN;
  }
  return takeFromTransport(transport, mayWait);
}

/** The same for every protocol but that of surveyors. */
export function takeFromTransport(transport: Transport, mayWait = false): Frame | number {
  const { guard } = transport;
  const frame = guard === null ? nng().receive(transport.id, mayWait) : takeAdmitted(transport, guard, mayWait);
  if (typeof frame !== 'number') transport.noteReceive(frame.length);
  return frame;
}

/** A frame of the proven peer. Others are dropped, but not all the time: the caller has a deadline. */
function takeAdmitted({ id }: Transport, guard: Guard, mayWait: boolean): Frame | number {
  for (let refused = 0; refused < REFUSED_AT_ONCE; refused++) {
    if (guard.isDismissing) {
      guard.look();
      if (guard.isDismissing) sleepMs(1); // the descriptor stays readable
      return NNG_EAGAIN;
    }
    const frame = nng().receive(id, mayWait && guard.isReady);
    if (typeof frame === 'number') {
      guard.look();
      return frame;
    }
    if (guard.admits(nng().lastSender, frame)) return frame;
  }
  return NNG_EAGAIN;
}

/** Ask monitor and heartbeat, now that no frame is there. @returns when to ask again, in ms; -1 for never */
export function checkNews(socket: NngSocket): number {
  const { monitor, link } = socket;
  const { guard, heartbeat } = socket.transport;
  let wakeMs = guard?.sliceMs ?? -1;
  if (monitor !== null) {
    monitor.check(false);
    wakeMs = sooner(wakeMs, ASK_SLICE_MS);
  }
  if (heartbeat !== null) wakeMs = sooner(wakeMs, heartbeat.tick(socket));
  if (link !== null && link.endFd < 0) wakeMs = sooner(wakeMs, ASK_SLICE_MS);
  if (socket.protocol === 'surveyor' && Number.isFinite(socket.surveyDeadlineMs)) {
    const left = socket.surveyDeadlineMs - nowMs();
    wakeMs = sooner(wakeMs, left > 0 ? left : SURVEY_SLICE_MS);
  }
  return wakeMs;
}

/** Whether there is news, asked by who will not ask again soon. */
export function hasLastNews(socket: NngSocket): boolean {
  checkNews(socket);
  socket.monitor?.settle();
  return socket.notifications.length > 0;
}

/** News is older than no message: one that came while the news was found out goes first. */
function receiveNews(socket: NngSocket): Value {
  const late = takeWanted(socket);
  return late ?? socket.notifications.shift()!;
}

function takeWanted(socket: NngSocket): Value | null {
  for (;;) {
    const frame = takeFrame(socket);
    if (typeof frame === 'number') return null;
    if (handleHeartbeat(socket.transport, frame)) continue;
    const value = frame.decode();
    if (socket.topics === null || socket.topics.matches(frame, value)) return value;
  }
}

const waitSet = new PollSet();

/**
 * recv-fd has been seen to miss a frame (https://github.com/nanomsg/nng/issues/1368), so no wait for it is endless.
 */
export const LOOK_AGAIN_MS = 500;
/** How often to look where there is no descriptor to wait for, for want of descriptors. */
export const NO_ROOM_SLICE_MS = 5;

function waitForFrame(socket: NngSocket, link: Link | null, timeoutMs: number): void {
  const { recvFd, bystanders } = socket.transport;
  waitSet.clear();
  waitSet.add(recvFd);
  if (link !== null) waitSet.add(link.endFd);
  bystanders.wait(waitSet, sooner(timeoutMs, recvFd === NO_ROOM ? NO_ROOM_SLICE_MS : LOOK_AGAIN_MS), socket.transport);
}

// ---- the end of a link

/**
 * The other side has ended and nng has nothing for us: can there still be something on the way? nng notices the end of
 * a connection behind the last frame in it. But a worker may have come, spoken and gone before nng has even attached
 * its connection, so where nothing has been heard of it yet only silence tells, counted from the last frame.
 */
export function allDelivered({ transport }: NngSocket, link: Link): boolean {
  const { present } = transport.pipeList();
  if (transport.hasTalked && present === 0) return true;
  const silenceMs = nowMs() - Math.max(link.endedAtMs, transport.quietSinceMs());
  return silenceMs > (present > 0 ? CONNECTED_SILENCE_MS : SILENCE_MS);
}

/** What follows the last frame: a frame that slipped in, the notification, then #f or the error for good. */
function receiveLast(socket: NngSocket, link: Link): Value {
  const late = takeWanted(socket);
  if (late !== null) return late;
  socket.monitor?.check(link.isWorker);
  const notification = socket.notifications.shift();
  if (notification !== undefined) return notification;
  const error = link.endError();
  if (error !== null) throw error;
  return false;
}

// ---- time-outs

/** A time-out ends the request of a REQ and the survey of a SURVEYOR; only a receive inside nng does that. */
function timeOut(socket: NngSocket, patience: Patience): Value {
  if (patience === 'noblock' || !timeoutEndsConversation(socket.protocol)) return false;
  const { id } = socket.transport;
  nng().setMs(id, 'recv-timeout', 1);
  const frame = nng().receive(id, true);
  return typeof frame === 'number' ? false : frame.decode();
}
