// V8's code caches for the bundles, as bin/etai reads them: made at the end of a run that needs what most runs need.
//
// A cache belongs to one release of Node and one platform, so whoever brings another Node makes its caches anew.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './setup-inputs.mjs';

/** The bundles, and the words of a typical run of each. */
export const BUNDLES = [
  { name: 'etai', entry: 'src/cli/main.ts', warmUp: [path.join(ROOT, 'scripts/warm-up.eta')] },
  { name: 'tools', entry: 'src/cli/tools.ts', warmUp: ['repl'] },
];

/**
 * Run a bundle once, with a Node and the bin/etai of a folder, and have the code cache written at the end of that run.
 * Gives whether there is one now; what went wrong is printed.
 */
export function recordCodeCache(cacheFile, words, { node = process.execPath, root = ROOT } = {}) {
  const run = spawnSync(node, [path.join(root, 'bin/etai'), ...words], {
    cwd: root,
    env: { ...process.env, ETA_RECORD_CODE_CACHE: cacheFile, NODE_OPTIONS: '' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  if (run.status !== 0) console.warn(`etai ${words.join(' ')} failed (status ${run.status}):\n${run.stderr}`);
  return run.status === 0 && existsSync(cacheFile);
}
