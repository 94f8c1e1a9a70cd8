// The tests keep compiled code in a folder of their own, not in the user's.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For vitest: before all tests; gives what to do after them. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'eta-cache-'));
  process.env['ETA_CACHE_DIR'] ??= folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
