// npm run chaos: try all scenarios, one after the other, and print a table of what was tried and what was found.
//
//   --seed N      the random numbers; the table names the seed, and the same seed does the same harm
//   --scale N     how much to do: 20 is the whole, and the default; `npm test` does 0.2
//   --only TEXT   only scenarios whose names contain the text
//   --markdown    write the table into docs/faults.md, too
//
// The exit status is 1 if a promise was not kept.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from './random.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { Skipped, World } from './world.ts';

const WHOLE = 20;

export const PAGE = 'docs/faults.md';
const TABLE_HEADING = '## What was found';
export const TABLE_HEAD = '| Tried | Found | Seconds |\n| --- | --- | --- |';

export interface Finding {
  readonly kind: 'kept' | 'skipped' | 'broken';
  readonly text: string;
}

const worlds = new Set<World>();

/** A campaign that is broken off leaves nothing behind. */
function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const world of worlds) world.end();
      process.exit(1);
    });
  }
}

/** Try one scenario in a world of its own, and count what is left over. */
export async function attempt(root: string, { run }: Scenario, seed: number, scale: number): Promise<Finding> {
  const world = new World(root, new Random(seed), scale);
  worlds.add(world);
  try {
    const text = await run(world);
    await world.isClean();
    return { kind: 'kept', text };
  } catch (error) {
    const kind = error instanceof Skipped ? 'skipped' : 'broken';
    return { kind, text: (error as Error).message };
  } finally {
    worlds.delete(world);
    world.end();
  }
}

export async function main(root: string, args: readonly string[]): Promise<number> {
  const options = {
    seed: { type: 'string' },
    scale: { type: 'string' },
    only: { type: 'string' },
    markdown: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.markdown && values.only !== undefined)
    throw new Error('--markdown needs the whole campaign, without --only');
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const scale = Number(values.scale ?? WHOLE);
  endOnSignals();
  const start = performance.now();
  let broken = 0;
  const lines: string[] = [];
  const print = (line: string) => {
    console.log(line);
    lines.push(line);
  };
  print(`Chaos, seed ${seed}, scale ${scale}\n\n${TABLE_HEAD}`);
  for (const [i, scenario] of SCENARIOS.entries()) {
    if (!scenario.name.includes(values.only ?? '')) continue;
    const begin = performance.now();
    const { kind, text } = await attempt(root, scenario, seed + i, scale);
    if (kind === 'broken') broken++;
    const found = `${kind === 'kept' ? '' : `**${kind}**: `}${text}`.replace(/\s+/g, ' ').replaceAll('|', '\\|');
    print(`| ${scenario.name} | ${found} | ${((performance.now() - begin) / 1000).toFixed(1)} |`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  print(`\n${broken === 0 ? 'All promises kept' : `${broken} promises not kept`}, ${seconds} s.`);
  if (values.markdown) writeTable(path.join(root, PAGE), lines);
  return broken === 0 ? 0 : 1;
}

/** Replace what the page says behind this line, its last heading. */
function writeTable(page: string, lines: readonly string[]): void {
  const prose = readFileSync(page, 'utf8').split(TABLE_HEADING)[0];
  writeFileSync(page, `${prose}${TABLE_HEADING}\n\n${lines.join('\n')}\n`);
}
