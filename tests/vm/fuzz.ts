// npm run fuzz -- [--minutes N] [--seed S] [--show S]
//
// Compares the tiers on random programs for N minutes (1), from seed S (a new one each day) on. Prints a line a thousand
// programs, and the seed and program of each that differs; then the exit status is 1. `--show S` prints a program.

import { parseArgs } from 'node:util';
import { randomProgram } from './random-program.ts';
import { behaviour } from './tier-comparison.ts';

const { values: options } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, show: { type: 'string' } },
});

function differs(seed: number): boolean {
  const program = randomProgram(seed);
  const expected = behaviour(program, 'off');
  for (const tier of ['on', 'force'] as const) {
    const actual = behaviour(program, tier);
    if (actual === expected) continue;
    console.log(`seed ${seed}: ${tier} differs from off\n${program}\n--- off\n${expected}\n--- ${tier}\n${actual}\n`);
    return true;
  }
  return false;
}

/** Weak references keep what they refer to until the host's event loop has its turn. */
const eventLoopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function fuzz(minutes: number, first: number): Promise<number> {
  const end = Date.now() + minutes * 60_000;
  const found: number[] = [];
  let seed = first;
  for (; Date.now() < end; seed++) {
    if (differs(seed)) found.push(seed);
    await eventLoopTurn();
    if ((seed - first) % 1000 === 999) console.log(`${seed - first + 1} programs, ${found.length} differ`);
  }
  console.log(`seeds ${first} to ${seed - 1}: ${found.length} differ${found.length > 0 ? `: ${found.join(' ')}` : ''}`);
  return found.length === 0 ? 0 : 1;
}

if (options.show !== undefined) console.log(randomProgram(Number(options.show)));
else {
  const today = Math.floor(Date.now() / 86_400_000) * 1_000_000;
  fuzz(Number(options.minutes ?? 1), Number(options.seed ?? today)).then((status) => {
    process.exitCode = status;
  });
}
