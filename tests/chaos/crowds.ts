// Many actors at once, and many one after the other.

import { hasNotGrown, settled } from './leaks.ts';
import { promise, type World } from './world.ts';

/** 200 threads and 50 processes in the whole campaign. */
export async function crowd(world: World): Promise<string> {
  const threads = Math.min(200, world.times(10));
  const processes = Math.min(50, world.times(2.5));
  const program = world.start('crowd.eta', [threads, processes]);
  await program.expect('start');
  const before = await settled(program);
  program.say('');
  const sum = Number(await program.expect(''));
  promise(sum === 42 * threads + 21 * processes, `the answers add up to ${sum}`);
  await program.expect('alive 0');
  const eachMb = (program.holding().residentMb - before.residentMb) / threads;
  program.say('');
  await program.expect('end');
  const after = await settled(program);
  promise(after.descriptors <= before.descriptors + FIRST_TIME, `${after.descriptors} descriptors left`);
  program.say('');
  await program.endsWith(0);
  return `${threads} threads and ${processes} processes answer; ${eachMb.toFixed(1)} MB a thread`;
}

/** Descriptors that the first child, the first thread and the spare workers open for good. */
const FIRST_TIME = 90;

/** 1,000 times in the whole campaign. */
export const churnProcesses = (world: World): Promise<string> => churn(world, 'process');
export const churnThreads = (world: World): Promise<string> => churn(world, 'thread');

async function churn(world: World, kind: 'process' | 'thread'): Promise<string> {
  const count = Math.min(1000, world.times(50));
  const program = world.start('churn.eta', [kind, count, world.random.below(1e6)]);
  const childOutput = /^sent/;
  await program.expect('warm', childOutput);
  const before = await settled(program);
  program.say('');
  await program.expect('end', childOutput);
  const memory = await hasNotGrown(program, before);
  program.say('');
  await program.endsWith(0);
  return `${count} times; ${memory}`;
}
