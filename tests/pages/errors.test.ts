// docs/errors.md: each ```scheme block that names a file is a program; the ```text block after it is all that etai prints
// about it. Here the programs are run and the page is made anew. `npm run docs` writes it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const PAGE = path.join(ROOT, 'docs', 'errors.md');
const PROGRAM = /^```scheme (\S+)\n(.*?)^```\n(?:\n```text\n.*?^```\n)?/gms;

/** What etai prints about a program that fails. Folders are called as on a reader's machine. */
function reportOf(file: string, text: string): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'eta-errors-')));
  try {
    writeFileSync(path.join(folder, file), text);
    const run = spawnSync(process.execPath, [path.join(ROOT, 'bin', 'etai'), file], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 30_000,
      // A recursion without an end need not fill the memory of the machine.
      env: { PATH: process.env.PATH, ETA_HEAP_SOFT_LIMIT: '64M' },
    });
    expect(run.status, file).toBe(1);
    return (run.stdout + run.stderr).replaceAll(folder, '/home/ada/project').replaceAll(ROOT, '/usr/lib/etai');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('docs/errors.md', async () => {
  const page = readFileSync(PAGE, 'utf8').replace(PROGRAM, (_, file: string, text: string) => {
    return `\`\`\`scheme ${file}\n${text}\`\`\`\n\n\`\`\`text\n${reportOf(file, text)}\`\`\`\n`;
  });
  await expect(page).toMatchFileSnapshot(PAGE);
});
