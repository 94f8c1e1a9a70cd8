// Tokens: a child's endpoint that others can reach, and sockets that ask for a token (docs/networking.md, "Tokens").

import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nng } from '../../src/builtins/nng/binding.ts';
import type { NngSocket } from '../../src/builtins/nng/socket.ts';
import { writeText } from '../../src/values/printer.ts';
import type { Value } from '../../src/values/types.ts';
import { buildChild } from './build-child.ts';
import { type Actor, freshEndpoint, makeActor, removeTestFolder, sleep, testFolder } from './support.ts';

const TRANSPORTS = ['tcp', 'ipc'] as const;
const DEADLINE_MS = 60_000;

let childProgram = '';
let actor: Actor;
let count = 0;

beforeAll(() => {
  childProgram = buildChild();
});

beforeEach(() => {
  actor = makeActor({ interpreter: { execPath: process.execPath, execArgs: [childProgram] } });
});

afterAll(removeTestFolder);

afterEach(() => actor.networking.close());

/** A pair socket with a receive timeout that no machine needs. */
function pair(token?: string): Value {
  const socket = actor.call('nng-socket', "'pair");
  actor.call('nng-set-option', socket, "'recv-timeout", DEADLINE_MS);
  if (token !== undefined) actor.call('nng-set-option', socket, "'token", token);
  return socket;
}

const listen = (endpoint: string, token?: string): Value => actor.call('nng-listen', pair(token), endpoint);
const dial = (endpoint: string, token?: string): Value => actor.call('nng-dial', pair(token), endpoint);
const receive = (socket: Value): string => writeText(actor.call('recv!', socket, "'wait"));
const id = (socket: Value): number => (socket as NngSocket).transport.id;

/** Send bytes, once nng has a connection for them. */
function sendFrame(socket: Value, frame: Buffer): void {
  eventually(() => nng().sendNonblocking(id(socket), [frame]) === 0);
}

/** The same on a new socket. Where nng drops its connection, it may wait for half a minute; then another is dialled. */
function dialAndSend(endpoint: string, frame: Buffer): Value {
  for (let attempt = 0; ; attempt++) {
    const socket = dial(endpoint);
    for (let i = 0; i < 250; i++) {
      if (nng().sendNonblocking(id(socket), [frame]) === 0) return socket;
      sleep(2);
    }
    if (attempt === 100) throw new Error('not in time');
    actor.call('nng-close', socket);
  }
}

function eventually(isTrue: () => boolean): void {
  const end = performance.now() + DEADLINE_MS;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error('not in time');
    sleep(2);
  }
}

/** All frames that a plain socket has got. */
function framesOf(socket: Value): Buffer[] {
  const frames: Buffer[] = [];
  for (;;) {
    const frame = nng().receive(id(socket), false);
    if (typeof frame === 'number') return frames;
    frames.push(frame.copy());
  }
}

const connections = (socket: Value): readonly number[] => (socket as NngSocket).transport.allPipes().ids;

/** An introduction, made by the documentation. */
function introduction(token: string, nonce = randomBytes(16)): Buffer {
  const mac = createHmac('sha256', token).update('dialler').update(nonce).digest();
  return Buffer.concat([Buffer.from([0xeb, 0x02]), nonce, mac]);
}

/** A child that begins only when it is let go, so that others can be there before it. */
function heldChild(): { readonly letGo: () => void; readonly spawn: (behaviour: string, endpoint: string) => Value } {
  const file = path.join(testFolder(), `go-${++count}`);
  const script = 'while [ ! -e "$0" ]; do sleep 0.05; done; exec "$@"';
  actor.networking.close();
  actor = makeActor({
    interpreter: { execPath: '/bin/sh', execArgs: ['-c', script, file, process.execPath, childProgram] },
  });
  return {
    letGo: () => writeFileSync(file, ''),
    spawn: (behaviour, endpoint) => actor.call('spawn', behaviour, endpoint),
  };
}

// Who comes first among strangers is a matter of chance, so time is given.
describe.each(TRANSPORTS)('a child with an endpoint of its own over %s', { timeout: 120_000 }, (transport) => {
  test('talks to its parent, and the token is on no command line and in no environment of its children', () => {
    const handle = actor.call('spawn', 'echo', freshEndpoint(transport));
    actor.call('send!', handle, 'hello');
    expect(receive(handle)).toBe('"hello"');
    const [{ pid }] = actor.networking.listChildren();
    const token = /ETA_MAILBOX_TOKEN=([0-9a-f]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'latin1'))![1];
    expect(token.length * 4).toBeGreaterThanOrEqual(128);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).not.toContain(token);
    const second = actor.call('spawn', 'environment', freshEndpoint(transport));
    expect(receive(second)).toMatch(/ #f #f\)$/);
  });

  test('delivers its last words to a parent that was busy', () => {
    const handle = actor.call('spawn', 'burst:200:exit', freshEndpoint(transport));
    expect(actor.call('spawn-wait', handle)).toBe(0);
    for (let i = 0; i < 200; i++) expect(receive(handle)).toBe(String(i));
    expect(receive(handle)).toBe('#f');
  });

  test('is told of its parent by nothing but the lifeline when that closes the handle', () => {
    const endpoint = freshEndpoint(transport);
    const handle = actor.call('spawn', 'echo', endpoint);
    actor.call('send!', handle, 1);
    expect(receive(handle)).toBe('1');
    actor.call('nng-close', handle);
    // The place is free, and the child dials it; but it does not speak to whoever is there now.
    const usurper = listen(endpoint);
    expect(actor.call('spawn-wait', handle)).toBe(23);
    expect(framesOf(usurper)).toEqual([]);
  });

  // [what a stranger does that comes before the child]
  const STRANGERS: readonly (readonly [string, readonly Buffer[]])[] = [
    ['says nothing', []],
    ['sends a message', [Buffer.from('poison')]],
    ['sends an empty frame', [Buffer.alloc(0)]],
    ['sends a heartbeat question', [Buffer.from('eb00', 'hex')]],
    ['guesses the token', [introduction('password')]],
    ['sends half an introduction', [introduction('password').subarray(0, 30)]],
    ['sends a token that is too long', [Buffer.concat([introduction('password'), Buffer.alloc(1 << 20)])]],
    ['sends an answer', [Buffer.concat([Buffer.from('eb03', 'hex'), randomBytes(32)])]],
  ];

  test.each(STRANGERS)('has its place although a stranger who %s was first', (_, frames) => {
    const child = heldChild();
    const endpoint = freshEndpoint(transport);
    const handle = child.spawn('echo', endpoint);
    actor.call('monitor', handle);
    const stranger = dial(endpoint);
    for (const frame of frames) sendFrame(stranger, frame);
    if (frames.length === 0) eventually(() => connections(handle).length === 1);
    expect(actor.call('send!', handle, 'secret', "'noblock")).toBe(false);
    child.letGo();
    for (const message of [1, 2, 3]) {
      actor.call('send!', handle, message);
      expect(receive(handle)).toBe(String(message));
    }
    expect(framesOf(stranger)).toEqual([]);
  });

  test('comes back after strangers when its connection is lost', () => {
    const endpoint = freshEndpoint(transport);
    const handle = actor.call('spawn', 'echo', endpoint);
    const strangers = Array.from({ length: 5 }, () => dial(endpoint));
    for (let i = 0; i < 3; i++) {
      actor.call('send!', handle, i);
      expect(receive(handle)).toBe(String(i));
      const [connection] = connections(handle);
      nng().closePipe(connection);
      eventually(() => !connections(handle).includes(connection));
      strangers.push(dial(endpoint));
      const bytes = Buffer.from('poison');
      for (const stranger of strangers) nng().sendNonblocking(id(stranger), [bytes]);
    }
    actor.call('send!', handle, 'last');
    expect(receive(handle)).toBe('"last"');
    expect(strangers.flatMap(framesOf)).toEqual([]);
  });

  test('is alone with its parent if that is asked for, and not if it asks for a plain peer', () => {
    const child = heldChild();
    const endpoint = freshEndpoint(transport);
    const handle = actor.call('spawn', 'environment', endpoint, "'plain");
    const first = dial(endpoint);
    actor.call('send!', first, 'first');
    expect(receive(handle)).toBe('"first"');
    actor.call('nng-close', first);
    child.letGo();
    expect(receive(handle)).toMatch(/ #f #f\)$/);
  });
});

describe('the end of a child among strangers', () => {
  test('is told once, and the ends of strangers are not', () => {
    const child = heldChild();
    const endpoint = freshEndpoint('tcp');
    const handle = child.spawn('silent', endpoint);
    actor.call('monitor', handle);
    for (let i = 0; i < 3; i++) {
      const stranger = dial(endpoint);
      sendFrame(stranger, Buffer.from('poison'));
      expect(actor.call('recv!', handle, "'noblock")).toBe(false);
      actor.call('nng-close', stranger);
    }
    child.letGo();
    expect(receive(handle)).toBe(`(down "${endpoint}" "disconnected")`);
    expect(receive(handle)).toBe('#f');
  });
});

describe.each(['tcp', 'ipc', 'inproc'] as const)('sockets with a token over %s', { timeout: 120_000 }, (transport) => {
  test('talk to each other', () => {
    const endpoint = freshEndpoint(transport);
    const server = listen(endpoint, 'shibboleth');
    const client = dial(endpoint, 'shibboleth');
    converse(server, client);
  });

  test('talk to nobody who has another one, or none', () => {
    const endpoint = freshEndpoint(transport);
    const server = listen(endpoint, 'shibboleth');
    for (const stranger of [dial(endpoint, 'sibboleth'), dial(endpoint)]) {
      actor.call('send!', stranger, 'let me in', "'noblock");
      actor.call('nng-set-option', server, "'recv-timeout", 100);
      expect(actor.call('recv!', server)).toBe(false);
      expect(actor.call('send!', server, 'secret', "'noblock")).toBe(false);
      expect(framesOf(stranger)).toEqual([]);
      actor.call('nng-close', stranger);
    }
    converse(server, dial(endpoint, 'shibboleth'));
  });

  test('say nothing to a listener that does not know it, and hear nothing from it', () => {
    const endpoint = freshEndpoint(transport);
    const rogue = listen(endpoint);
    const client = dial(endpoint, 'shibboleth');
    expect(actor.call('send!', client, 'secret', "'noblock")).toBe(false);
    const heard: string[] = [];
    eventually(() => {
      expect(actor.call('send!', client, 'secret', "'noblock")).toBe(false);
      nng().sendNonblocking(id(rogue), [Buffer.from('poison')]);
      heard.push(...framesOf(rogue).map((frame) => frame.toString('hex')));
      return heard.length > 1; // it hung up, and tried again
    });
    for (const frame of heard) expect(frame).toMatch(/^eb02.{96}$/);
    expect(actor.call('recv!', client, "'noblock")).toBe(false);
  });

  test('may be given up and taken again', () => {
    const endpoint = freshEndpoint(transport);
    const server = listen(endpoint, 'shibboleth');
    actor.call('monitor', server);
    for (let i = 0; i < 3; i++) {
      const client = dial(endpoint, 'shibboleth');
      converse(server, client);
      actor.call('nng-close', client);
      expect(receive(server)).toBe(`(down "${endpoint}" "disconnected")`);
    }
  });
});

function converse(server: Value, client: Value): void {
  actor.call('nng-set-option', server, "'recv-timeout", DEADLINE_MS);
  // One thread plays both parts, so that nobody may wait for the proof of the other.
  eventually(() => {
    actor.call('nng-poll', null as unknown as Value, 0);
    actor.call('recv!', server, "'noblock");
    actor.call('recv!', client, "'noblock");
    return actor.call('send!', client, 'question', "'noblock") === true;
  });
  expect(receive(server)).toBe('"question"');
  actor.call('send!', server, 'reply');
  expect(receive(client)).toBe('"reply"');
}

describe('the proof', { timeout: 120_000 }, () => {
  test('is what the documentation says, and is taken once', () => {
    const endpoint = freshEndpoint('tcp');
    const server = listen(endpoint, 'shibboleth');
    const nonce = randomBytes(16);
    const proof = introduction('shibboleth', nonce);
    const peer = dial(endpoint);
    sendFrame(peer, proof);
    sendFrame(peer, Buffer.from('(hello)'));
    expect(receive(server)).toBe('(hello)');
    const answer = createHmac('sha256', 'shibboleth').update('listener').update(nonce).digest();
    actor.call('send!', server, 'welcome');
    eventually(() => connections(peer).length === 1);
    const frames: Buffer[] = [];
    eventually(() => frames.push(...framesOf(peer)) >= 2);
    expect(frames[0].equals(Buffer.concat([Buffer.from('eb03', 'hex'), answer]))).toBe(true);
    actor.call('nng-close', peer);

    const eavesdropper = dialAndSend(endpoint, proof);
    actor.call('nng-set-option', server, "'recv-timeout", 100);
    expect(actor.call('recv!', server)).toBe(false);
    expect(actor.call('send!', server, 'secret', "'noblock")).toBe(false);
    expect(framesOf(eavesdropper)).toEqual([]);
  });

  test('is found among the frames of a flood', () => {
    const endpoint = freshEndpoint('tcp');
    const server = listen(endpoint, 'shibboleth');
    const strangers = Array.from({ length: 20 }, () => dial(endpoint));
    const client = dial(endpoint, 'shibboleth');
    const poison = Buffer.from('poison');
    eventually(() => {
      for (const stranger of strangers) nng().sendNonblocking(id(stranger), [poison]);
      expect(actor.call('recv!', server, "'noblock")).toBe(false);
      actor.call('recv!', client, "'noblock");
      return actor.call('send!', client, 'question', "'noblock") === true;
    });
    expect(receive(server)).toBe('"question"');
    expect(strangers.flatMap(framesOf)).toEqual([]);
  });
});

describe('the option token', () => {
  test('is for pairs, and is set before the socket is used', () => {
    expect(actor.fail('nng-set-option', pair(), "'token", 5).message).toBe("nng-set-option: 'token must be a string");
    expect(actor.fail('nng-set-option', pair(), "'token", '').message).toBe('nng-error: Invalid argument');
    expect(actor.fail('nng-set-option', actor.call('nng-socket', "'rep"), "'token", 'x').message).toBe(
      'nng-error: Not supported',
    );
    const server = listen(freshEndpoint('inproc'));
    expect(actor.fail('nng-set-option', server, "'token", 'x').message).toBe('nng-error: Incorrect state');
    const endpoint = freshEndpoint('inproc');
    const guarded = listen(endpoint, 'x');
    expect(actor.fail('nng-dial', guarded, endpoint).message).toBe('nng-error: Incorrect state');
  });

  test('leaves a socket usable when its endpoint is refused', () => {
    const socket = pair('x');
    expect(actor.fail('nng-dial', socket, freshEndpoint('inproc')).message).toBe('nng-error: Connection refused');
    const endpoint = freshEndpoint('inproc');
    actor.call('nng-listen', socket, endpoint);
    converse(socket, dial(endpoint, 'x'));
  });
});
