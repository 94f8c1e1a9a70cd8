// The tiers against each other: random programs do the same in the interpreter and as generated JavaScript.
//
// ETA_FUZZ_SEED and ETA_FUZZ_PROGRAMS choose others than the usual few; the seed of a program that differs is in the
// test's name. Seeds that have found something stay in FOUND.

import { describe, expect, test } from 'vitest';
import { evaluate } from '../support/evaluate.ts';
import { randomProgram } from './random-program.ts';

const FOUND: readonly number[] = [];
const FIRST = Number(process.env['ETA_FUZZ_SEED'] ?? 1);
const PROGRAMS = Number(process.env['ETA_FUZZ_PROGRAMS'] ?? 60);
const seeds = [...FOUND, ...Array.from({ length: PROGRAMS }, (_, i) => FIRST + i)];

describe('a random program does the same on every tier', () => {
  test.each(seeds)('seed %i', (seed) => {
    const program = randomProgram(seed);
    const expected = evaluate(program, { tier: 'off' });
    expect(expected.error, program).toBeUndefined();
    for (const tier of ['on', 'force'] as const) expect(evaluate(program, { tier }), program).toEqual(expected);
  });
});
