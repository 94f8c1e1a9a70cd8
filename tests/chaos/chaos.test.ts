// The short version of `npm run chaos`: each scenario once, with little of everything, several at a time.

import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { attempt } from './campaign.ts';
import { canSeeProcesses } from './processes.ts';
import { SCENARIOS } from './scenarios.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const SCALE = 0.2;
const SEED = 1;

describe.skipIf(!canSeeProcesses)('promises are kept under', () => {
  test.concurrent.each(SCENARIOS)('$name', { timeout: 900_000 }, async (scenario) => {
    const { kind, text } = await attempt(ROOT, scenario, SEED, SCALE);
    if (kind === 'skipped') console.warn(`skipped: ${scenario.name}: ${text}`);
    expect(kind === 'broken' ? text : kind).toMatch(/^(kept|skipped)$/);
  });
});
