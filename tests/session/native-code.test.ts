// When native code is loaded: before a program runs that refers to a builtin in need of it, since koffi ends the process
// if a Ctrl-C comes while it is set up; and never for other programs, whose start would take longer.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta-native-code-'));
  mkdirSync(join(folder, 'cache'), { mode: 0o700 });
  writeFileSync(
    join(folder, 'sockets.eta'),
    '(module sockets (import std.io) (export make) (begin (println "sockets runs") (define (make) (nng-socket (quote pair)))))',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const environment = () => ({ ...process.env, ETA_CACHE: '1', ETA_CACHE_DIR: join(folder, 'cache') });

// Mapped files are to be seen on Linux alone.
describe.runIf(process.platform === 'linux')('koffi', () => {
  // [a program, whether koffi is there when it has begun]
  test.each([
    ['(define (f) 1)', false],
    [`(define (f) (nng-socket 'pair))`, true],
    ['(import std.net)', true],
    ['(import std.process)', true],
    ['(import sockets)', true],
    [`(define (f) (eval '(nng-socket 'pair)))`, false],
  ] as const)('of %s: %s', async (text, isLoaded) => {
    const file = join(folder, 'program.eta');
    writeFileSync(file, `(import std.time)\n${text}\n(println "ready")\n(flush-output)\n(time:sleep-ms 600000)\n`);
    // Compiled the first time, kept the second.
    for (let run = 1; run <= 2; run++) {
      const child = spawn(process.execPath, [ETAI, file], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
      try {
        for await (const line of createInterface(child.stdout)) if (line === 'ready') break;
        expect(readFileSync(`/proc/${child.pid}/maps`, 'utf8').includes('koffi.node')).toBe(isLoaded);
      } finally {
        child.kill('SIGKILL');
      }
    }
  });
});

test('what was loaded before does not run again, and is complained about once', () => {
  const file = join(folder, 'once.eta');
  writeFileSync(file, `(import sockets)\n(define x 1 2)\n(println (nng-socket? (make)))\n`);
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, file], {
    env: environment(),
    encoding: 'utf8',
  });
  expect({ stdout, status }).toEqual({ stdout: 'sockets runs\n#t\n', status: 0 });
  expect(stderr.match(/^warning /gm)).toHaveLength(1);
});
