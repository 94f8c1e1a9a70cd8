// Peers that do not keep to the protocol, to the formats, or to anybody's pace. Promised: they harm themselves only. A
// good peer gets its answer while they are there and afterwards, memory is bounded, and what they held is given back.

import { hasNotGrown, settled } from './leaks.ts';
import type { Holding } from './processes.ts';
import { ask, frame, frameHeader, greeting, PEER_PROTOCOLS, question, RawPeer } from './raw-peer.ts';
import { freePorts, type Program, promise, type World } from './world.ts';

const KINDS = PEER_PROTOCOLS.length;
const REP = 0;
const PAIR = 1;
const PULL = 2;

interface Victim {
  readonly program: Program;
  readonly port: number;
  readonly before: Holding;
}

async function startServer(world: World): Promise<Victim> {
  const port = await freePorts(KINDS);
  const program = world.start('server.eta', [port]);
  await program.expect('listening');
  await isWell(port);
  // Every kind of socket has had a peer by now.
  for (let kind = 0; kind < KINDS; kind++) (await RawPeer.greet(port + kind, PEER_PROTOCOLS[kind])).close();
  await isWell(port);
  return { program, port, before: await settled(program) };
}

/** A good peer is answered. */
async function isWell(port: number): Promise<void> {
  const answer = await ask(port, Buffer.from('"hello"'));
  promise(answer.equals(Buffer.from('ea020500000000000000', 'hex')), `a good peer got ${answer.toString('hex')}`);
}

async function stop({ program, port, before }: Victim, slackMb?: number): Promise<string> {
  await isWell(port);
  const memory = await hasNotGrown(program, before, slackMb);
  const last = await RawPeer.greet(port, PEER_PROTOCOLS[REP]);
  last.write(frame(question(Buffer.from('(stop)'))));
  await program.endsWith(0);
  last.close();
  return memory;
}

/** Bytes that are no greeting, half greetings, greetings of another protocol, and connections that say nothing. */
export async function badGreetings(world: World): Promise<string> {
  const { random } = world;
  const victim = await startServer(world);
  const count = world.times(40);
  const peers: RawPeer[] = [];
  for (let i = 0; i < count; i++) {
    const kind = random.below(KINDS);
    const peer = await RawPeer.open(victim.port + kind);
    const good = greeting(PEER_PROTOCOLS[kind]);
    const greetings = [
      random.bytes(1 + random.below(40)),
      good.subarray(0, random.below(8)),
      greeting(0x1234),
      greeting(PEER_PROTOCOLS[(kind + 1) % KINDS]),
      Buffer.from('GET / HTTP/1.0\r\n\r\n'),
    ];
    peer.write(random.pick(greetings));
    if (random.below(2) === 0) peer.close();
    else peers.push(peer);
    if (i % 20 === 0) await isWell(victim.port);
  }
  await isWell(victim.port);
  for (const peer of peers) peer.close();
  return `${count} peers refused; ${await stop(victim)}`;
}

const NESTED = Buffer.from('('.repeat(1_000_000));
const NESTED_BINARY = Buffer.concat([Buffer.from([0xea]), Buffer.alloc(1_000_000, 0x08)]);
/**
 * A frame of a million brackets costs the reader some 100 MB until the garbage collector comes, which it does in its own
 * time. Were such frames kept, they would come to 300 MB in a whole campaign.
 */
const NESTED_SLACK_MB = 120;

/** The worst frames once for each kind of socket, so that the server has grown to what it takes to refuse them. */
async function warmUp({ port, program }: Victim): Promise<Holding> {
  for (let kind = 0; kind < KINDS; kind++) {
    for (const payload of [NESTED, NESTED_BINARY]) {
      const peer = await RawPeer.greet(port + kind, PEER_PROTOCOLS[kind]);
      peer.write(frame(kind === REP ? question(payload) : payload));
      await isWell(port);
      peer.close();
    }
  }
  return settled(program);
}

/** Well framed nonsense for the decoders, and frames that end too early. */
export async function badFrames(world: World): Promise<string> {
  const { random } = world;
  const started = await startServer(world);
  const victim = { ...started, before: await warmUp(started) };
  const count = world.times(60);
  for (let i = 0; i < count; i++) {
    const kind = random.below(KINDS);
    const peer = await RawPeer.greet(victim.port + kind, PEER_PROTOCOLS[kind]);
    const payloads = [
      random.bytes(random.below(200)),
      Buffer.concat([Buffer.from([0xea]), random.bytes(random.below(200))]),
      Buffer.from('ea09ffffffff', 'hex'),
      Buffer.from('ea05ffffff7f61', 'hex'),
      Buffer.from([0xeb, random.below(256)]),
      NESTED,
      NESTED_BINARY,
      Buffer.alloc(0),
    ];
    const payload = random.pick(payloads);
    const whole = frame(kind === REP ? question(payload) : payload);
    const isCut = random.below(4) === 0;
    peer.write(isCut ? whole.subarray(0, random.below(whole.length)) : whole);
    if (random.below(3) === 0) peer.close();
    else setTimeout(() => peer.close(), 200);
    if (i % 20 === 0) await isWell(victim.port);
  }
  await isWell(victim.port);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const counts = String(await ask(victim.port, Buffer.from('(count)')));
  promise(counts.length > 0, 'the server has not counted');
  return `${count} frames; ${await stop(victim, NESTED_SLACK_MB)}`;
}

const HUNDRED_MB = 100 * 2 ** 20;
/** Until the garbage collector comes, a few of them are there: frames, strings, bytevectors. It has to come. */
const HUGE_SLACK_MB = 600;

/** Frames of 100 MB are messages like others. Headers that promise more than there is memory get nothing reserved. */
export async function hugeFrames(world: World): Promise<string> {
  const victim = await startServer(world);
  const count = world.times(0.5);
  const payload = Buffer.alloc(HUNDRED_MB, 0x61);
  payload.write('"', 0);
  payload.write('"', HUNDRED_MB - 1);
  const bytevector = Buffer.alloc(HUNDRED_MB);
  bytevector.set([0xea, 0x0d]);
  bytevector.writeUInt32LE(HUNDRED_MB - 6, 2);
  for (let i = 0; i < count; i++) {
    for (const [bytes, length] of [
      [payload, HUNDRED_MB - 2],
      [bytevector, HUNDRED_MB - 6],
    ] as const) {
      const answer = await ask(victim.port, bytes);
      promise(answer.readUInt32LE(2) === length, `a frame of 100 MB was answered with ${answer.toString('hex')}`);
    }
  }
  const lies = [2n ** 63n - 1n, 2n ** 64n - 1n, 2n ** 48n, 2n ** 40n, 2n ** 33n, 2n ** 32n - 1n];
  const liars: RawPeer[] = [];
  for (const length of lies) {
    for (const kind of [REP, PAIR, PULL]) {
      const peer = await RawPeer.greet(victim.port + kind, PEER_PROTOCOLS[kind]);
      peer.write(frameHeader(length));
      peer.write(Buffer.alloc(1000));
      liars.push(peer);
    }
  }
  await isWell(victim.port);
  for (const peer of liars) peer.close();
  return `${2 * count} frames of 100 MB answered, ${liars.length} lies; ${await stop(victim, HUGE_SLACK_MB)}`;
}

const SLOW_MS = 1500;
/** What the system's buffers of a connection may take in, with room. */
const BUFFERS_MB = 24;

/** A reader that is busy elsewhere is not buried: what it has not asked for stays with the sender, or is dropped. */
export async function floods(world: World): Promise<string> {
  const victim = await startServer(world);
  const { port, program, before } = victim;
  const message = frame(Buffer.from(`"${'x'.repeat(1000)}"`));
  const block = Buffer.concat(Array.from({ length: 60 }, () => message));
  const sleeping = await RawPeer.greet(port, PEER_PROTOCOLS[REP]);
  sleeping.write(frame(question(Buffer.from(`(sleep ${SLOW_MS})`))));
  const flooding = [PAIR, PULL, 3, 4].map(async (kind) => {
    const peer = await RawPeer.greet(port + kind, PEER_PROTOCOLS[kind]);
    const bytes = await peer.pour(block, SLOW_MS);
    peer.close();
    return bytes;
  });
  await new Promise((resolve) => setTimeout(resolve, SLOW_MS - 300));
  const buried = program.holding().residentMb - before.residentMb;
  promise(buried < BUFFERS_MB * 2, `${buried} MB of frames that nobody has asked for`);
  const poured = await Promise.all(flooding);
  await sleeping.answer();
  sleeping.close();
  const totalMb = Math.round(poured.reduce((sum, bytes) => sum + bytes, 0) / 2 ** 20);
  return `${totalMb} MB poured, ${buried} MB in memory while asleep; ${await stop(victim)}`;
}
