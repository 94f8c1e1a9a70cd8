// npm run chaos: bundle the campaign, so that plain Node can run it, and run it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const folder = mkdtempSync(path.join(tmpdir(), 'eta-campaign-'));
try {
  const outfile = path.join(folder, 'campaign.mjs');
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'campaign.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const { main } = await import(pathToFileURL(outfile).href);
  process.exitCode = await main(path.join(import.meta.dirname, '..', '..'), process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
