// Whether a VM that receives from one socket answers heartbeats on its others (networking §13). The peer is played by
// hand: it sends the question and looks for the answer, so that nothing here hangs on time.

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nng } from '../../src/builtins/nng/binding.ts';
import { PONG_FRAME } from '../../src/builtins/nng/heartbeat.ts';
import { PING_FRAME } from '../../src/builtins/nng/pulse.ts';
import type { NngSocket } from '../../src/builtins/nng/socket.ts';
import { listFrom, NIL, type Value } from '../../src/values/types.ts';
import { type Actor, freshEndpoint, makeActor, removeTestFolder, sleep } from './support.ts';

let asker: Actor;
let asked: Actor;

beforeEach(() => {
  asker = makeActor();
  asked = makeActor();
});
afterEach(() => {
  asker.networking.close();
  asked.networking.close();
});
afterAll(removeTestFolder);

/** A connected pair of the two VMs. */
function connect(type: string): [NngSocket, NngSocket] {
  const endpoint = freshEndpoint('ipc');
  const here = asker.call('nng-listen', open(type, asker), endpoint);
  const there = asked.call('nng-dial', open(type), endpoint);
  awaitPeer(here as NngSocket);
  return [here as NngSocket, there as NngSocket];
}

/** A bus takes a frame also where nobody is connected yet, who then never gets it. */
function awaitPeer({ transport }: NngSocket): void {
  for (let i = 0; i < 1000 && transport.allPipes().ids.length === 0; i++) sleep(5);
}

const open = (type: string, actor = asked): NngSocket => actor.call('nng-socket', `'${type}`) as NngSocket;

/** Until the frame is taken, which it is once the connection stands. */
function send({ transport }: NngSocket, frame: Buffer): void {
  for (let i = 0; i < 1000 && nng().sendNonblocking(transport.id, [frame]) !== 0; i++) sleep(5);
}

const tryAnswer = ({ transport }: NngSocket): boolean => {
  const frame = nng().receive(transport.id, false);
  return typeof frame !== 'number' && frame.head.equals(PONG_FRAME);
};

/** Whether an answer comes while the other VM does something, again and again. */
function isAnswered(socket: NngSocket, action: () => void): boolean {
  for (let i = 0; i < 200; i++) {
    action();
    if (tryAnswer(socket)) return true;
  }
  return false;
}

/** A socket that nothing ever comes to. */
function quiet(): NngSocket {
  const socket = open('rep');
  asked.call('nng-listen', socket, freshEndpoint('inproc'));
  asked.call('nng-set-option', socket, "'recv-timeout", 20);
  return socket;
}

const ACTIONS: readonly (readonly [string, () => () => void])[] = [
  [
    'recv!',
    () => {
      const rep = quiet();
      return () => expect(asked.call('recv!', rep)).toBe(false);
    },
  ],
  [
    'nng-poll',
    () => {
      const items = listFrom([quiet()]);
      return () => expect(asked.call('nng-poll', items, 20)).toBe(NIL);
    },
  ],
  ['nng-poll of nothing', () => () => expect(asked.call('nng-poll', NIL, 20)).toBe(NIL)],
  [
    'recv! that never has to wait',
    () => {
      const pull = open('pull');
      const endpoint = freshEndpoint('inproc');
      asked.call('nng-listen', pull, endpoint);
      const push = asked.call('nng-dial', open('push'), endpoint);
      return () => {
        asked.call('send!', push, 1);
        expect(asked.call('recv!', pull)).toBe(1);
        sleep(1);
      };
    },
  ],
];

describe.each(['pair', 'bus'])('a question at a %s is answered by', (type) => {
  test.each(ACTIONS)('%s', (_, makeAction) => {
    const [peer, socket] = connect(type);
    const action = makeAction();
    send(peer, PING_FRAME);
    expect(isAnswered(peer, action)).toBe(true);
    // Once it is known that the peer asks, also behind messages, which stay in their order.
    for (const n of [1, 2, 3]) asker.call('send!', peer, n);
    send(peer, PING_FRAME);
    expect(isAnswered(peer, action)).toBe(true);
    expect([1, 2, 3].map(() => asked.call('recv!', socket))).toEqual([1, 2, 3]);
  });
});

test('messages of a peer that does not ask stay with it, but for one', () => {
  const [peer, socket] = connect('pair');
  const rep = quiet();
  for (let n = 0; n < 50; n++) {
    asker.call('send!', peer, n, "'noblock");
    asked.call('recv!', rep);
  }
  expect(socket.pending.length).toBe(1);
});

test('a VM that asks itself is not heard by accident', () => {
  const [a, b] = [open('pair'), open('pair')];
  const endpoint = freshEndpoint('inproc');
  asked.call('nng-listen', a, endpoint);
  asked.call('nng-dial', b, endpoint);
  send(a, PING_FRAME);
  const rep: Value = quiet();
  for (let i = 0; i < 3; i++) asked.call('recv!', rep);
  expect(tryAnswer(a)).toBe(false);
});
