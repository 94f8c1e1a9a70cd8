// The tiers against each other: random programs do the same in the interpreter and as generated JavaScript. `npm run fuzz`
// does this for as long as one likes. Seeds that have found something stay in FOUND.

import { describe, expect, test } from 'vitest';
import { randomProgram } from './random-program.ts';
import { behaviour } from './tier-comparison.ts';

const FOUND: readonly number[] = [2_001_768, 2_002_016];
const seeds = [...FOUND, ...Array.from({ length: 60 }, (_, i) => 1 + i)];

describe('a random program does the same on every tier', () => {
  test.each(seeds)('seed %i', (seed) => {
    const program = randomProgram(seed);
    const expected = behaviour(program, 'off');
    expect(expected, program).not.toMatch(/^failed\n\n.*(compile|undefined)/);
    for (const tier of ['on', 'force'] as const) expect(behaviour(program, tier), program).toEqual(expected);
  });
});
