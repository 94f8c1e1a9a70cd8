// What tests expect of a program on all tiers. Apart from tier-comparison.ts, which the fuzzer takes without vitest.

import { expect } from 'vitest';
import { behaviour } from './tier-comparison.ts';

/** The program does this as generated JavaScript, when hot and from the first call. */
export function expectGeneratedToDo(program: string, expected: string): void {
  for (const tier of ['on', 'force'] as const) expect(behaviour(program, tier), program).toEqual(expected);
}

/** The program does the same on every tier; `part` is in what it does. */
export function expectOnEveryTier(program: string, part: string): void {
  const expected = behaviour(program, 'off');
  expect(expected).toContain(part);
  expectGeneratedToDo(program, expected);
}
