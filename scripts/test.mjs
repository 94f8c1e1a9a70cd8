// npm test: set up, check style, import direction and types, then run the tests. Stops at the first step that fails.
//
// Arguments go to vitest (`npm test -- tests/reader`). The last line is `N passed, N failed`.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setup } from './setup.mjs';
import { ROOT } from './setup-inputs.mjs';

/** Run a script of the repository or of a package with this Node, its output shown; gives the exit status. */
function node(script, ...args) {
  const { status } = spawnSync(process.execPath, [path.join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status ?? 1;
}

const work = mkdtempSync(path.join(tmpdir(), 'eta-test-'));
const report = path.join(work, 'report.json');

const STEPS = [
  ['style', () => node('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')],
  ['import direction', () => node('scripts/check-imports.mjs')],
  ['types', () => node('node_modules/typescript/bin/tsc', '--noEmit')],
  [
    'tests',
    () =>
      node(
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...process.argv.slice(2),
      ),
  ],
];

/** `N passed, N failed` from vitest's report; a file that cannot even be loaded counts as a failure. */
function summary(status) {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = Math.max(numFailedTests + broken, status === 0 ? 0 : 1);
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  return `${numPassedTests} passed, ${failed} failed${skipped}`;
}

function main() {
  console.log('== set-up');
  setup();
  for (const [name, step] of STEPS) {
    console.log(`== ${name}`);
    const status = step();
    if (name === 'tests') console.log(summary(status));
    else if (status !== 0) console.error(`npm test: ${name}: failed`);
    if (status !== 0) return status;
  }
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`npm test: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
