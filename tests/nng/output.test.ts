// What a program has printed is there when it waits, in whatever way, or has sent a message, although its standard output
// is a pipe: killed then, it has lost nothing. A program that keeps its words prints nothing before it is killed at the deadline.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const ETAI = path.resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
const DEADLINE_MS = 30_000;

const folder = mkdtempSync(path.join(tmpdir(), 'eta-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WAITS = [
  `(recv! (nng-listen (nng-socket 'rep) "inproc://x") 'wait)`,
  `(send! (nng-listen (nng-socket 'pair) "inproc://x") 1 'wait)`,
  `(nng-poll '() 1000000)`,
  `(thread-join (spawn-thread (lambda () (recv! (current-mailbox) 'wait))))`,
  `(spawn-wait (spawn "waits.eta"))`,
  `(time:sleep-ms 1000000)`,
];

/** The first output of a program, which is then killed. */
function firstWords(program: string): Promise<string> {
  const file = path.join(folder, 'program.eta');
  writeFileSync(file, `(import std.time)\n(println "listening")\n${program}`);
  writeFileSync(path.join(folder, 'waits.eta'), `(recv! (current-mailbox) 'wait)`);
  const child = spawn(process.execPath, [ETAI, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    let words = '';
    child.stdout.on('data', (bytes) => {
      words += bytes;
      child.kill('SIGKILL');
    });
    child.on('close', () => {
      clearTimeout(timer);
      resolve(words);
    });
  });
}

test.each(WAITS)('before %s', { timeout: 2 * DEADLINE_MS }, async (program) => {
  expect(await firstWords(program)).toBe('listening\n');
});

test('of a child that is ended by its parent', () => {
  const parent = path.join(folder, 'parent.eta');
  writeFileSync(parent, `(define h (spawn "child.eta")) (recv! h 'wait) (spawn-kill h)`);
  writeFileSync(
    path.join(folder, 'child.eta'),
    `(println "child") (send! (current-mailbox) 'up) (recv! (current-mailbox) 'wait)`,
  );
  const { stdout } = spawnSync(process.execPath, [ETAI, parent], { encoding: 'utf8', timeout: DEADLINE_MS });
  expect(stdout).toBe('child\n');
});
