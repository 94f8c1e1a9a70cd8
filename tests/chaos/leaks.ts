// Whether a program holds more at the end than it did when it was warm.

import type { Holding } from './processes.ts';
import { type Program, promise, until } from './world.ts';

/** What a garbage collector may not have come to yet. */
const MEMORY_SLACK_MB = 40;

/** How long a program has to hold the same for it to count as what it holds. */
const STILL_MS = 300;

/** What a program holds that waits for a line, once nothing starts or ends in it any more. */
export async function settled(program: Program): Promise<Holding> {
  let last = program.holding();
  let sinceMs = performance.now();
  await until(
    () => {
      const now = program.holding();
      if (now.descriptors !== last.descriptors || now.threads !== last.threads || now.zombies > 0) {
        sinceMs = performance.now();
      }
      last = now;
      return performance.now() - sinceMs > STILL_MS || null;
    },
    () => `does not settle: ${differences(last, last)}`,
  );
  return last;
}

/** The same, once it holds no more than before: nng and Node close things on threads of their own. */
async function settledWithin(program: Program, before: Holding): Promise<Holding> {
  let last = program.holding();
  await until(
    () => {
      last = program.holding();
      return (last.zombies === 0 && last.descriptors <= before.descriptors && last.threads <= before.threads) || null;
    },
    () => `left over: ${differences(before, last)}`,
  );
  return last;
}

/** No more descriptors and threads than before, no zombies, hardly more memory. */
export async function hasNotGrown(
  program: Program,
  before: Holding,
  slackMb = MEMORY_SLACK_MB,
  slackDescriptors = 0,
): Promise<string> {
  const after = await settledWithin(program, { ...before, descriptors: before.descriptors + slackDescriptors });
  const grownMb = after.residentMb - before.residentMb;
  promise(grownMb <= slackMb, `memory grew from ${before.residentMb} to ${after.residentMb} MB`);
  return `${after.residentMb} MB at the end (${grownMb >= 0 ? '+' : ''}${grownMb})`;
}

function differences(before: Holding, { zombies, links, threads }: Holding): string {
  const fresh = links.filter((link) => !before.links.includes(link));
  return `${zombies} zombies, ${threads - before.threads} threads, descriptors ${fresh.join(' ') || 'as before'}`;
}
