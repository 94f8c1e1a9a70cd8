// The examples: each is run from a folder of its own through the front door. Its output must be expected.txt, its status
// 0, and nothing may be left behind: no process, no file in the temporary or run-time folder.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const ETAI = path.join(ROOT, 'bin', 'etai');
const EXAMPLES = path.join(ROOT, 'examples');
const NAMES = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** A variable that the example's processes inherit and no other process has. */
const MARK = 'ETA_EXAMPLE_RUN';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'example-'));
  for (const name of ['work', 'tmp', 'run']) mkdirSync(path.join(folder, name), { mode: 0o700 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function runEta(args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [ETAI, ...args], {
    cwd: path.join(folder, 'work'),
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...process.env,
      TMPDIR: path.join(folder, 'tmp'),
      XDG_RUNTIME_DIR: path.join(folder, 'run'),
      [MARK]: folder,
    },
  });
}

/** Processes of this run that still exist. Known only where there is a /proc; elsewhere none. */
function survivors(): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${folder}`);
    } catch {
      return false; // ended meanwhile, or another user's
    }
  });
}

/** Files of this run that still exist; the folders that hold endpoints may stay while they are empty. */
function leftovers(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

describe('examples', () => {
  test.each(NAMES)('%s prints what expected.txt says and leaves nothing', (name) => {
    const { stdout, stderr, status } = runEta([path.join(EXAMPLES, name, 'main.eta')]);
    const expected = readFileSync(path.join(EXAMPLES, name, 'expected.txt'), 'utf8');
    expect({ stdout, stderr, status }).toEqual({ stdout: expected, stderr: '', status: 0 });
    expect(survivors()).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  test('each is listed in the overview', () => {
    const overview = readFileSync(path.join(EXAMPLES, 'README.md'), 'utf8');
    expect(NAMES.filter((name) => !overview.includes(`\`${name}\``))).toEqual([]);
  });
});
