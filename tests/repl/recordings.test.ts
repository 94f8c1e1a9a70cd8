// The sessions in docs/repl.md, made anew. (UPDATE_RECORDINGS=1 writes them into the page.)

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectRecording } from '../support/recordings.ts';
import { hasTerminals, TerminalProgram } from '../support/terminal.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
const PAGE = 'repl.md';
let folder = '';
let program: TerminalProgram | null = null;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta-recording-'));
});
afterEach(async () => {
  await program?.close();
  program = null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(): Promise<TerminalProgram> {
  const env = { NO_COLOR: undefined, FORCE_COLOR: undefined, ETA_MODULE_PATH: undefined, ETA_HISTORY: '' };
  program = new TerminalProgram([process.execPath, ETAI], { columns: 76, rows: 40, cwd: folder, env });
  await program.shows('eta>');
  return program;
}

const RAW_MODE = '\x1b[?2004h';

/** Type, with Enter behind it, and wait until the prompt is there again. */
async function enter(at: TerminalProgram, ...lines: readonly string[]): Promise<void> {
  const prompts = at.raw.split(RAW_MODE).length;
  for (const line of lines) at.send(`${line}\r`);
  await at.until(({ raw, screen }) => raw.split(RAW_MODE).length > prompts && screen.endsWith('\neta>'));
}

test.skipIf(!hasTerminals)('a session', async () => {
  const at = await start();
  await enter(at, '(define (fact n)', '(if (= n 0)', '1', '(* n (fact (- n 1)))))');
  await enter(at, '(fact 20)');
  await enter(at, '(map fact (range 0 10))');
  await enter(at, '(reduce + _)');
  await enter(at, '(fact "five")');
  await enter(at, '(range 0 1000)');
  await enter(at, '(define t (spawn-thread (lambda () (send! (current-mailbox) (fact 10)))))');
  await enter(at, "(recv! t 'wait)");
  at.send('(begin (println "looping") (let loop () (loop)))\r');
  await at.shows('\nlooping');
  at.send('\x03');
  await at.shows('interrupted\neta>');
  at.send('\x04');
  const status = await at.ended;
  expectRecording(PAGE, 'session', at.everything);
  expect(status).toBe(0);
});

test.skipIf(!hasTerminals)('while somebody types', async () => {
  const at = await start();
  at.send('(define (area r)\r(* pi (expt r ');
  await at.until(({ screen }) => screen.includes('(expt r\n'));
  expectRecording(PAGE, 'typing', at.screen.split('\n').slice(2).join('\n'));
});

test.skipIf(!hasTerminals)('completion', async () => {
  const at = await start();
  await enter(at, '(import std.json)');
  at.send('(json:\t\t');
  await at.until(({ screen }) => screen.includes('json:write-string'));
  expectRecording(PAGE, 'completion', at.screen.split('\n').slice(3).join('\n'));
});

test.skipIf(!hasTerminals)('commands', async () => {
  const at = await start();
  await enter(at, ':help');
  await enter(at, ':doc vector-ref');
  await enter(at, '(define-syntax unless2 (syntax-rules () ((_ c e) (if c #f e))))');
  await enter(at, ':expand (unless2 (null? xs) (car xs))');
  await enter(at, ':type (vector 1 2 3)');
  await enter(at, ':tpye 1');
  expectRecording(PAGE, 'commands', at.everything.split('\n').slice(2, -1).join('\n'));
});

test('the piped example', () => {
  const input = '(import std.json) (json:write-string (list 1 2.5 "x"))\n';
  const { stdout } = spawnSync(process.execPath, [ETAI, 'repl'], { input, encoding: 'utf8' });
  expect(stdout).toBe('=> "[1,2.5,\\"x\\"]"\n');
});
