// The library's own tests, written in Eta (stdlib/tests/*.test.eta), run as every Eta test is: by `etai test`. A file that
// runs no test fails there, and here so does a module without a file.

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const FOLDER = 'stdlib/tests';
const FILES = readdirSync(path.join(ROOT, FOLDER)).filter((file) => file.endsWith('.test.eta'));

/** A line of `etai test --format json`. */
interface Line {
  readonly type: 'test' | 'file' | 'summary';
  readonly file?: string;
  readonly ok?: boolean;
  readonly trouble?: string | null;
  readonly tests?: number;
}

let lines: readonly Line[] = [];
let stderr = '';

beforeAll(async () => {
  const args = [path.join(ROOT, 'bin', 'etai'), 'test', '--format', 'json', '--timeout', '100', FOLDER];
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT }, (_, output, errors) => {
      stderr = errors;
      resolve(output);
    });
  });
  lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}, 300_000);

describe(FOLDER, () => {
  test.each(FILES)('%s', (name) => {
    const own = lines.filter(({ file }) => file === path.join(FOLDER, name));
    expect(own.filter(({ type, ok }) => type === 'test' && !ok)).toEqual([]);
    expect(own.at(-1), stderr).toMatchObject({ type: 'file', trouble: null, tests: own.length - 1 });
    expect(own.length).toBeGreaterThan(1);
  });

  test('each module has a file', () => {
    const modules = readdirSync(path.join(ROOT, 'stdlib', 'std')).map((file) => file.replace(/\.eta$/, '.test.eta'));
    expect(FILES.sort()).toEqual(modules.sort());
  });
});
