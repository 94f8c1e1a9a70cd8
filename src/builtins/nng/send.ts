// Sending: `send!`, networking §4.1.
//
// First whether the value can travel at all, then the transport. A send that may have to wait for a peer blocks for a
// moment inside nng, which is the fastest way out, and then waits here, where the death of the peer, a time-out and
// Ctrl-C can end it.

import { nowMs } from '../../values/clock.ts';
import { flushConsole } from '../../values/ports.ts';
import type { Value } from '../../values/types.ts';
import { PollSet, sleepMs } from '../host/libc.ts';
import { NNG_EAGAIN, NNG_ECONNSHUT, NNG_ETIMEDOUT, NO_ROOM, nng, type Pieces } from './binding.ts';
import { hasProvenPeer } from './poll.ts';
import { sendCanWait } from './protocols.ts';
import { NO_ROOM_SLICE_MS, type Patience } from './receive.ts';
import { refuseLocalValues } from './serializable.ts';
import type { NngSocket } from './socket.ts';
import { FIRST_SEND_MS } from './transport.ts';
import { ASK_SLICE_MS, sooner, waitAny, waitReadable } from './wait.ts';
import { encodeBinaryInPieces } from './wire-binary.ts';
import { encodeText } from './wire-text.ts';

/** Send one value. @returns whether nng took it; false only for `noblock` */
export function sendValue(socket: NngSocket, value: Value, patience: Patience, asText: boolean): boolean {
  const frame = encodeMessage(value, asText);
  // Whoever hears from us may end us, or print something that is to come behind it.
  flushConsole();
  const code = sendFrame(socket, frame, patience);
  if (code === 0) {
    noteSend(socket, lengthOf(frame));
    return true;
  }
  if (patience === 'noblock' && (code === NNG_EAGAIN || code === NNG_ECONNSHUT)) return false;
  throw nng().failure(code);
}

/** The frame of a value, or the refusal. The search for AD values comes before any other refusal (networking §8.4). */
function encodeMessage(value: Value, asText: boolean): Pieces {
  try {
    return asText ? [encodeText(value)] : encodeBinaryInPieces(value);
  } catch (error) {
    refuseLocalValues('send!', value, 'send-arg');
    throw error;
  }
}

/** In bytes. */
const lengthOf = (frame: Pieces): number =>
  frame.length === 1 ? frame[0].length : frame.reduce((sum, piece) => sum + piece.length, 0);

function noteSend(socket: NngSocket, lengthBytes: number): void {
  socket.transport.noteSend(lengthBytes);
  if (socket.protocol === 'surveyor') {
    const { lastSendMs } = socket.transport;
    socket.surveyDeadlineMs = socket.surveyTimeMs < 0 ? Number.POSITIVE_INFINITY : lastSendMs + socket.surveyTimeMs;
  }
}

/** @returns nng's error number; 0 for success */
function sendFrame(socket: NngSocket, frame: Pieces, patience: Patience): number {
  const { id } = socket.transport;
  if (socket.link?.hasEndedLately()) return NNG_ECONNSHUT;
  if (!hasProvenPeer(socket)) return patience === 'noblock' ? NNG_EAGAIN : sendLater(socket, frame, patience, false);
  if (patience === 'noblock') return nng().sendNonblocking(id, frame);
  if (!sendCanWait(socket.protocol)) return nng().send(id, frame);
  const mayBlock = patience < 0 || patience >= FIRST_SEND_MS;
  const code = mayBlock ? nng().send(id, frame) : nng().sendNonblocking(id, frame);
  return code === NNG_EAGAIN || code === NNG_ETIMEDOUT ? sendLater(socket, frame, patience, mayBlock) : code;
}

const waitSet = new PollSet();

function sendLater(socket: NngSocket, frame: Pieces, limitMs: number, hasBlocked: boolean): number {
  const { link, transport } = socket;
  const deadline = nowMs() + limitMs - (hasBlocked ? FIRST_SEND_MS : 0);
  for (;;) {
    if (link?.hasEnded()) return NNG_ECONNSHUT;
    const leftMs = limitMs < 0 ? -1 : deadline - nowMs();
    if (limitMs >= 0 && leftMs <= 0) return NNG_ETIMEDOUT;
    waitForPeer(socket, leftMs);
    if (!hasProvenPeer(socket)) continue;
    const code = nng().sendNonblocking(transport.id, frame);
    if (code !== NNG_EAGAIN) return code;
    // Ready and yet not: another VM was faster. Do not spin.
    if (waitReadable(transport.sendFd, 0)) sleepMs(1);
    // Or the peer is gone.
    transport.guard?.look();
  }
}

/** Wait until a frame could leave, or for the proof of whom it is to go to. */
function waitForPeer({ link, transport }: NngSocket, timeoutMs: number): void {
  const { guard } = transport;
  const fd = guard?.isReady === false ? transport.recvFd : transport.sendFd;
  waitSet.clear();
  waitSet.add(fd);
  if (link !== null) waitSet.add(link.endFd);
  const askMs = link !== null && link.endFd < 0 ? ASK_SLICE_MS : -1;
  const wakeMs = sooner(askMs, guard === null ? -1 : Math.min(guard.sliceMs, ASK_SLICE_MS));
  waitAny(waitSet, sooner(timeoutMs, fd === NO_ROOM ? NO_ROOM_SLICE_MS : wakeMs));
}
