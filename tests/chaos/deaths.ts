// Actors that die, parents that die, and sockets that are closed while somebody waits for them.

import { setTimeout as sleep } from 'node:timers/promises';
import { hasNotGrown, settled } from './leaks.ts';
import { childrenOf, isZombie, kill } from './processes.ts';
import { freePorts, type Program, promise, until, type World } from './world.ts';

/**
 * A child is killed at a random moment, from before it has started to deep in the conversation. Promised: what it had
 * sent arrives, in order, but for the message that it had handed over last, which nng may not have written yet when SIGKILL
 * comes; then one `(down …)` for who monitors; then the error that names the signal, again and again.
 */
export async function childrenKilled(world: World, mode: 'stream' | 'echo' | 'deaf'): Promise<string> {
  const rounds = 1 + world.times(5);
  const bootMs = await timeToBoot(world);
  const parent = world.start('killed-child.eta', [mode, rounds]);
  await parent.expect('next');
  let before = await settled(parent);
  let messages = 0;
  let cutOff = 0;
  for (let round = 0; round < rounds; round++) {
    parent.say('');
    await parent.expect('spawned');
    const child = await until(
      () => childrenOf(parent.pid).find((pid) => !isZombie(pid)) ?? null,
      () => 'there is no child',
    );
    await sleep(bootMs * world.random.pick([0, 0.6, 1.2]) * (0.5 + world.random.next()));
    kill(child, 'SIGKILL');
    const { outcome, lastSent } = await outcomeOf(parent);
    const count = checkOutcome(mode, outcome, lastSent);
    messages += count;
    if (count === lastSent) cutOff++;
    await parent.expect(round === rounds - 1 ? 'end' : 'next');
    if (round === 1) before = await settled(parent);
  }
  const memory = await hasNotGrown(parent, before);
  parent.say('');
  await parent.endsWith(0);
  const lost = cutOff === 0 ? 'none lost' : `none lost but ${cutOff} that had just been handed over`;
  return `${rounds} killed, ${messages} messages, ${lost}; ${memory}`;
}

/** How long a program takes here and now until it talks: this one boots, and then its child. */
async function timeToBoot(world: World): Promise<number> {
  const start = performance.now();
  await world.run('sweeper.eta');
  return (performance.now() - start) / 2;
}

/** What the parent says of a conversation, and the last number that the child is known to have sent. */
async function outcomeOf(parent: Program): Promise<{ outcome: string; lastSent: number }> {
  let lastSent = -1;
  for (;;) {
    const line = await parent.expect('');
    if (line.startsWith('(')) return { outcome: line, lastSent };
    lastSent = Number(/^sent (\d+)$/.exec(line)?.[1] ?? lastSent);
  }
}

const KILLED = '"nng-error: peer process killed by signal 9"';
const GONE = '"nng-error: Connection shutdown"';

/** @returns how many messages came through */
function checkOutcome(mode: string, outcome: string, lastSent: number): number {
  const end = ` ${KILLED} #f #t)`;
  promise(outcome.endsWith(end), `expected …${end}, got ${outcome}`);
  const conversation = outcome.slice(1, -end.length);
  if (mode === 'stream') {
    const [, count, rest] = /^\((\d+) (.*)\)$/.exec(conversation) ?? [];
    promise(rest === `#t 1 ${KILLED}`, `expected messages in order, one notification, the error; got ${outcome}`);
    promise(Number(count) >= lastSent, `${lastSent + 1} messages were sent, ${count} came`);
    return Number(count);
  }
  const [, count, error] = /^\((\d+) (.*)\)$/.exec(conversation) ?? [];
  const allowed = mode === 'deaf' ? [GONE, KILLED] : [KILLED, GONE];
  promise(allowed.includes(error), `expected ${allowed.join(' or ')}, got ${outcome}`);
  return Number(count);
}

/**
 * A parent of processes and threads, which have children of their own, ends at a random moment. Promised: all its
 * descendants that listen or send end soon; nothing of them stays, at the latest when the next program starts a child.
 */
export async function parentsKilled(world: World, signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<string> {
  const rounds = 1 + world.times(2);
  for (let round = 0; round < rounds; round++) {
    const parent = world.start('family.eta', [4, 2]);
    if (round % 2 === 0) await parent.expect('up', /^sent/);
    await sleep(400 * world.random.next());
    parent.kill(signal);
    const { code, signal: endedBy } = await parent.end();
    // Before the program runs, Ctrl-C ends the process like any other.
    if (signal === 'SIGINT' && round % 2 === 0) promise(code === 130, `ended with ${endedBy ?? code} instead of 130`);
    await until(
      () => world.alive().length === 0 || null,
      () => `${world.alive().length} descendants go on`,
    );
    if (signal === 'SIGINT' && code === 130) promise(world.files().length === 0, `files left: ${world.files()}`);
    await world.run('sweeper.eta');
    promise(world.files().length === 0, `files left: ${world.files()}`);
  }
  return `${rounds} families of 4 processes, 2 threads and 2 grandchildren, all gone`;
}

/** Threads and processes return, fail, exit and close after a random number of messages. */
export async function endings(world: World): Promise<string> {
  const rounds = 1 + world.times(1);
  const memory = await quietRun(world, 'endings.eta', [world.random.below(1e6), rounds]);
  return `${9 * rounds} ends as promised, after all messages; ${memory}`;
}

/** The other side of a socket is closed while a receiver waits: links, and plain sockets over each transport. */
export async function closedSockets(world: World): Promise<string> {
  const rounds = world.times(0.5);
  const memory = await quietRun(world, 'closings.eta', [rounds, await freePorts(7 * (rounds + 3) * 3)]);
  return `${12 * (rounds + 3)} closings as promised; ${memory}`;
}

/** A program that says what goes wrong, and otherwise only when it is warm and at its end. */
async function quietRun(world: World, program: string, args: readonly (string | number)[]): Promise<string> {
  const started = world.start(program, args);
  await started.expect('warm', /^closed$/);
  const before = await settled(started);
  started.say('');
  await started.expect('end', /^closed$/);
  const memory = await hasNotGrown(started, before);
  started.say('');
  await started.endsWith(0);
  return memory;
}
