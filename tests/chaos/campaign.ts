// npm run chaos: try all scenarios, one after the other, and print a table of what was tried and what was found.
//
//   --seed N      the random numbers; the table names the seed, and the same seed does the same harm
//   --scale N     how much to do: 20 is the whole, and the default; `npm test` does 0.2
//   --only TEXT   only scenarios whose names contain the text
//
// The exit status is 1 if a promise was not kept.

import { parseArgs } from 'node:util';
import { Random } from './random.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { Skipped, World } from './world.ts';

const WHOLE = 20;

export interface Finding {
  readonly kind: 'kept' | 'skipped' | 'broken';
  readonly text: string;
}

/** Try one scenario in a world of its own, and count what is left over. */
export async function attempt(root: string, { run }: Scenario, seed: number, scale: number): Promise<Finding> {
  const world = new World(root, new Random(seed), scale);
  try {
    const text = await run(world);
    await world.isClean();
    return { kind: 'kept', text };
  } catch (error) {
    const kind = error instanceof Skipped ? 'skipped' : 'broken';
    return { kind, text: (error as Error).message };
  } finally {
    world.end();
  }
}

export async function main(root: string, args: readonly string[]): Promise<number> {
  const options = { seed: { type: 'string' }, scale: { type: 'string' }, only: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const scale = Number(values.scale ?? WHOLE);
  const start = performance.now();
  let broken = 0;
  console.log(`Chaos, seed ${seed}, scale ${scale}\n\n| Tried | Found | Seconds |\n| --- | --- | --- |`);
  for (const [i, scenario] of SCENARIOS.entries()) {
    if (!scenario.name.includes(values.only ?? '')) continue;
    const begin = performance.now();
    const { kind, text } = await attempt(root, scenario, seed + i, scale);
    if (kind === 'broken') broken++;
    const found = `${kind === 'kept' ? '' : `**${kind}**: `}${text}`.replace(/\s+/g, ' ').replaceAll('|', '\\|');
    console.log(`| ${scenario.name} | ${found} | ${((performance.now() - begin) / 1000).toFixed(1)} |`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`\n${broken === 0 ? 'All promises kept' : `${broken} promises not kept`}, ${seconds} s.`);
  return broken === 0 ? 0 : 1;
}
