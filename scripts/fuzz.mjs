// npm run fuzz: tests/vm/fuzz.ts, bundled with the library into a folder of its own, so that a build meanwhile does no
// harm to a run of hours.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { setup } from './setup.mjs';
import { ROOT } from './setup-inputs.mjs';

setup();
const work = mkdtempSync(path.join(tmpdir(), 'eta-fuzz-'));
try {
  const outfile = path.join(work, 'fuzz.cjs');
  await build({
    entryPoints: [path.join(ROOT, 'tests/vm/fuzz.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['koffi'],
    define: { 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname' },
    logLevel: 'warning',
  });
  cpSync(path.join(ROOT, 'dist/stdlib'), path.join(work, 'stdlib'), { recursive: true });
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
