// The tiers against each other: random programs do the same in the interpreter and as generated JavaScript. `npm run fuzz`
// does this for as long as one likes. Programs that have found something stay in found/.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectGeneratedToDo } from './every-tier.ts';
import { randomProgram } from './random-program.ts';
import { behaviour } from './tier-comparison.ts';

const FOUND = path.join(import.meta.dirname, 'found');

function compareTiers(program: string): void {
  const expected = behaviour(program, 'off');
  expect(expected, program).not.toMatch(/^failed\n\n.*(compile|undefined)/);
  expectGeneratedToDo(program, expected);
}

describe('a random program does the same on every tier', () => {
  test.each(Array.from({ length: 60 }, (_, i) => 1 + i))('seed %i', (seed) => compareTiers(randomProgram(seed)));
  test.each(readdirSync(FOUND))('%s', (file) => compareTiers(readFileSync(path.join(FOUND, file), 'utf8')));
});
