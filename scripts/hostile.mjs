// npm run hostile -- --mutants 2500 --seed 7: the long version of tests/modules/hostile-files.test.ts, in which compiled
// files that somebody has tampered with have to be refused, or to end as programs do.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from './setup.mjs';
import { ROOT } from './setup-inputs.mjs';

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '2500' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
for (const [name, text] of Object.entries(values)) {
  if (/^[1-9]\d{0,9}$/.test(text)) continue;
  console.error(`hostile: --${name} must be a number above 0`);
  process.exit(2);
}
setup();
console.log(`hostile: ${values.mutants} mutants of each kind, seed ${values.seed}`);
const { status } = spawnSync(
  process.execPath,
  [
    path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    'tests/modules/hostile-files.test.ts',
    // A test has all mutants of its kind to itself: no limit.
    '--testTimeout=0',
  ],
  {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ETA_MUTANTS: values.mutants, ETA_SEED: values.seed },
  },
);
process.exitCode = status ?? 1;
