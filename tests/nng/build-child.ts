// Bundles the child program of the lifecycle tests. Apart from support.ts, which the bundle contains.

import path from 'node:path';
import { buildSync } from 'esbuild';
import { testFolder } from './support.ts';

/** The child program of these tests, bundled so that plain Node can run it. */
export function buildChild(): string {
  const outfile = path.join(testFolder(), 'child.mjs');
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['koffi'],
    logLevel: 'error',
    // The bundle lies outside the package, where koffi would not be found.
    define: {
      'import.meta.filename': JSON.stringify(import.meta.filename),
      'import.meta.dirname': JSON.stringify(import.meta.dirname),
    },
  });
  return outfile;
}
