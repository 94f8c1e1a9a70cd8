// Build dist/: the bundle dist/etai.cjs, its source map, and V8's code cache for it (read by bin/etai).
//
// Everything is made in a folder beside dist/ and renamed into place file by file, so that an etai which starts during
// a build sees the old files or the new ones. The cache goes first and comes back last: V8 checks that a cache fits its
// version and flags, but of the source only the length.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { hashInputs, ROOT, STAMP } from './setup-inputs.mjs';

const DIST = path.join(ROOT, 'dist');
const BANNER = [
  '// Eta for Node, bundled by scripts/build.mjs. Apache-2.0.',
  'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
].join('\n');

async function bundle(outfile) {
  await build({
    entryPoints: [path.join(ROOT, 'src/cli/main.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['koffi'], // a native module: it stays a package
    // Names are kept as they are: stack traces and generated code read better, and the gain would be small.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    banner: { js: BANNER },
    define: {
      'import.meta.url': 'importMetaUrl',
      'import.meta.filename': '__filename',
      'import.meta.dirname': '__dirname',
    },
    logLevel: 'warning',
  });
}

/** Run the new bundle once and have bin/etai write the code cache at the end of that run. */
function recordCodeCache(cacheFile) {
  const program = path.join(ROOT, 'scripts/warm-up.eta');
  const run = spawnSync(process.execPath, [path.join(ROOT, 'bin/etai'), program], {
    cwd: ROOT,
    env: { ...process.env, ETA_RECORD_CODE_CACHE: cacheFile, NODE_OPTIONS: '' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  if (run.status !== 0) console.warn(`build: the warm-up program failed (status ${run.status}):\n${run.stderr}`);
  return run.status === 0 && existsSync(cacheFile);
}

const started = performance.now();
const stamp = hashInputs();
mkdirSync(DIST, { recursive: true });
const work = mkdtempSync(path.join(DIST, '.build-'));
try {
  await bundle(path.join(work, 'etai.cjs'));
  rmSync(STAMP, { force: true });
  rmSync(path.join(DIST, 'etai.cjs.cache'), { force: true });
  renameSync(path.join(work, 'etai.cjs.map'), path.join(DIST, 'etai.cjs.map'));
  renameSync(path.join(work, 'etai.cjs'), path.join(DIST, 'etai.cjs'));
  const cached = recordCodeCache(path.join(work, 'etai.cjs.cache'));
  if (cached) renameSync(path.join(work, 'etai.cjs.cache'), path.join(DIST, 'etai.cjs.cache'));
  writeFileSync(STAMP, stamp);
  const kilobytes = Math.round(statSync(path.join(DIST, 'etai.cjs')).size / 1024);
  const ms = Math.round(performance.now() - started);
  console.log(`build: dist/etai.cjs, ${kilobytes} KB, ${cached ? 'with' : 'without'} code cache, ${ms} ms`);
} catch (error) {
  if (!error.errors) throw error; // esbuild has printed its own already
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
