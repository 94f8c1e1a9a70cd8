// What a signal for etai alone does to a program that it runs (std.process).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
const SLOW = `"sh" '("-c" "echo $$ > started; while [ ! -e go ]; do sleep 0.02; done; echo > ended")`;

const whether = async (condition: () => boolean): Promise<boolean> => {
  for (let i = 0; i < 1500 && !condition(); i++) await sleep(20);
  return condition();
};

// [what runs the program, signal, how etai ends, whether that is before the program's end]
test.each([
  ['(process:run PROGRAM)', 'SIGINT', 130, false],
  ['(process:wait (process:spawn PROGRAM))', 'SIGINT', 130, true],
  ['(process:run PROGRAM)', 'SIGTERM', 'SIGTERM', true],
] as const)('%s and %s: %s', async (form, signal, status, isFirst) => {
  const folder = mkdtempSync(join(tmpdir(), 'eta-signals-'));
  const has = (name: string) => existsSync(join(folder, name));
  try {
    writeFileSync(join(folder, 'a.eta'), `(import std.process)\n${form.replace('PROGRAM', SLOW)}\n`);
    const etai = spawn(process.execPath, [ETAI, 'a.eta'], { cwd: folder, stdio: 'ignore' });
    const end = once(etai, 'exit').then(([code, name]) => name ?? code);
    expect(await whether(() => has('started'))).toBe(true);
    await sleep(100);
    etai.kill(signal);
    if (isFirst) expect(await end).toBe(status);
    expect(has('ended')).toBe(false);
    writeFileSync(join(folder, 'go'), '');
    expect(await whether(() => has('ended'))).toBe(true);
    expect(await end).toBe(status);
  } finally {
    writeFileSync(join(folder, 'go'), '');
    await sleep(100);
    rmSync(folder, { recursive: true });
  }
});
