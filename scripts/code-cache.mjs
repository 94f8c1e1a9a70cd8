// V8's code caches for the bundles, as bin/etai reads them: made at the end of runs that need what most runs need.
//
// A cache belongs to one release of Node and one platform, so whoever brings another Node makes its caches anew. What is
// in a cache costs each start a little, whether it is used or not; so each run here is of one kind, and makes the cache of
// the bundles that are there for that kind of run.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './setup-inputs.mjs';

const PROGRAM = path.join(ROOT, 'scripts/warm-up.eta');
const HOT = path.join(ROOT, 'scripts/warm-up-hot.eta');
const SUBSYSTEMS = path.join(ROOT, 'scripts/warm-up-subsystems.eta');

/** What is run, in this order, and which caches that makes. */
const RUNS = [
  { words: [PROGRAM], bundles: ['compiler'] },
  // Its code is kept by now.
  { words: [PROGRAM], bundles: ['etai'] },
  // Under the flags for hot programs, which hold when the caches are made: what is loaded later than that, by threads also.
  { words: [HOT], bundles: ['etai', 'compiler', 'translator', 'subsystems'], suffix: '.hot' },
  { words: [SUBSYSTEMS], bundles: ['subsystems'] },
  { words: ['--path', '.', PROGRAM], bundles: ['options'] },
  { words: ['repl'], bundles: ['tools'] },
];

/**
 * Run the bin/etai of a package and put the code caches beside its bundles. Gives whether that went well; what went wrong
 * is printed.
 *
 * @param dist     the folder of the bundles
 * @param options  of Node, which the caches then are for
 */
export function recordCodeCaches(dist, { node = process.execPath, options = [] } = {}) {
  const work = mkdtempSync(path.join(dist, '.caches-'));
  try {
    return RUNS.every(({ words, bundles, suffix = '' }) => {
      const run = spawnSync(node, [...options, path.join(dist, '..', 'bin', 'etai'), ...words], {
        cwd: ROOT,
        env: {
          ...process.env,
          ETA_CACHE: '1',
          ETA_CACHE_DIR: path.join(work, 'kept'),
          ETA_JIT: '1',
          ETA_RECORD_CODE_CACHE: work,
          NODE_OPTIONS: '',
        },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 60_000,
      });
      if (run.status !== 0) console.warn(`etai ${words.join(' ')} failed (status ${run.status}):\n${run.stderr}`);
      const files = bundles.map((name) => `${name}.cjs${suffix}.cache`);
      if (run.status !== 0 || !files.every((file) => existsSync(path.join(work, file)))) return false;
      for (const file of files) renameSync(path.join(work, file), path.join(dist, file));
      return true;
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
