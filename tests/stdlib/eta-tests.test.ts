// The library's own tests, written in Eta (stdlib/tests/*.test.eta): each file is run, and each line of its TAP report
// looked at. A file that runs no test fails, and so does a module without a file.

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const FOLDER = path.join(ROOT, 'stdlib', 'tests');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.test.eta'));

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

function run(file: string): Promise<Run> {
  return new Promise((resolve) => {
    const args = [path.join(ROOT, 'bin', 'etai'), path.join(FOLDER, file)];
    execFile(process.execPath, args, { cwd: ROOT, timeout: 100_000 }, (error, stdout, stderr) => {
      resolve({ stdout, stderr, status: error === null ? 0 : Number(error.code) });
    });
  });
}

/** The `not ok` lines of a report, with what is said about each. */
function failuresIn(report: string): string[] {
  return [...report.matchAll(/^not ok .*\n(?: {2}.*\n)*/gm)].map(([text]) => text);
}

describe('stdlib/tests', () => {
  test.each(FILES)('%s', async (file) => {
    const { stdout, stderr, status } = await run(file);
    expect(failuresIn(stdout)).toEqual([]);
    const planned = Number(/^1\.\.(\d+)$/m.exec(stdout)?.[1] ?? 0);
    expect({ status, passed: stdout.match(/^ok /gm)?.length ?? 0 }, stderr).toEqual({ status: 0, passed: planned });
    expect(planned).toBeGreaterThan(0);
  });

  test('each module has a file', () => {
    const modules = readdirSync(path.join(ROOT, 'stdlib', 'std')).map((file) => file.replace(/\.eta$/, '.test.eta'));
    expect(FILES.sort()).toEqual(modules.sort());
  });
});
