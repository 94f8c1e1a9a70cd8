// Traces of actors: the events that actors leave, and the page that is made of them.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TracedEvent } from '../../src/builtins/nng/actor-trace.ts';
import { parseTrace, timelinePage } from '../../src/profile/timeline.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta-trace-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = `
(define child (spawn "worker.eta"))
(monitor child)
(send! child 21)
(println (recv! child 'wait))
(println (car (recv! child 'wait)))
(spawn-wait child)
(define thread (spawn-thread (lambda () (send! (current-mailbox) 'hello))))
(println (recv! thread 'wait))
(thread-join thread)
(exit 3)`;

test('what actors did, as lines and as a page; output and exit status are the program’s', () => {
  writeFileSync(join(folder, 'main.eta'), PROGRAM);
  writeFileSync(join(folder, 'worker.eta'), "(define m (current-mailbox)) (send! m (* 2 (recv! m 'wait)))");
  const temporary = join(folder, 'tmp');
  const beganMs = Date.now();
  const { stdout, stderr, status } = spawnSync(
    'sh',
    ['-c', 'mkdir -p "$TMPDIR" && "$0" "$1" --trace-actors -o page.html main.eta', process.execPath, ETAI],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, TMPDIR: temporary } },
  );
  expect({ stdout, status }).toEqual({ stdout: '42\ndown\nhello\n', status: 3 });
  expect(readdirSync(temporary).filter((name) => name.startsWith('eta-'))).toEqual([]);
  const lines = stderr.trim().split('\n');
  for (const pattern of [
    / \d+ starts$/,
    / \d+ spawns worker\.eta at ipc:…\/\w{8}$/,
    / \d+ monitors ipc:…\/\w{8}$/,
    / \d+ starts as the child at ipc:…\/\w{8}$/,
    / \d+ hears that ipc:…\/\w{8} is down: disconnected$/,
    / \d+ learns that the child at ipc:…\/\w{8} ended: exit code 0$/,
    / \d+ closes a pair socket at ipc:…\/\w{8}: sent 1 message \(\d+ bytes\), received 1 message \(\d+ bytes\)$/,
    / \d+ spawns \(thunk\) at inproc:/,
    / \d+\.\d+ starts as the child at inproc:/,
    / \d+\.\d+ ends$/,
    / \d+ ends$/,
    /^timeline: page\.html$/,
  ]) {
    expect(lines.some((line) => pattern.test(line)) || pattern.source).toBe(true);
  }
  // Of all processes by one clock, which is that of the day.
  const timeOfDay = (ms: number) => new Date(ms).toISOString().slice(11, 23);
  const times = lines.flatMap((line) => /^\[(.{12})\]/.exec(line)?.[1] ?? []);
  const [first, last] = [timeOfDay(beganMs), timeOfDay(Date.now())];
  if (first < last) expect(times.filter((time) => time < first || time > last)).toEqual([]); // else midnight was between
  // Both ends of the socket to the child say the same of what went through it.
  const closed = lines.flatMap((line) => / (\d+) closes .* ipc:.*: sent (.*), received (.*)$/.exec(line) ?? []);
  expect(closed).toHaveLength(8);
  const [, , sent, received, , , sentBack, receivedBack] = closed;
  // The parent takes in the child's message, and so does the child the parent's; the last word is a byte more.
  expect([sent, sentBack].every((each) => /^1 message \((?!1 bytes)/.test(each))).toBe(true);
  expect([received, receivedBack]).toEqual([sentBack, sent]);
  const page = readFileSync(join(folder, 'page.html'), 'utf8');
  expect(page).toContain('3 actors');
  expect(page).toMatch(/<th style="padding-left: 1em">worker\.eta \(\d+\): exit code 0<\/th>/);
});

test('a program without actors says so, and writes no page', () => {
  writeFileSync(join(folder, 'plain.eta'), '(println 1)');
  const words = ['trace', '-o', 'none.html', 'plain.eta'];
  const result = spawnSync(process.execPath, [ETAI, ...words], { cwd: folder, encoding: 'utf8' });
  expect(result).toMatchObject({ stdout: '1\n', stderr: 'the program has used no actors\n', status: 0 });
  expect(readdirSync(folder)).not.toContain('none.html');
});

test('the page', () => {
  const at = (ms: number) => 1_000_000 + ms;
  const events: TracedEvent[] = [
    { actor: '1', at: at(0), kind: 'start', endpoint: null },
    { actor: '1', at: at(10), kind: 'spawn', what: '<worker>', endpoint: 'e' },
    { actor: '2', at: at(50), kind: 'start', endpoint: 'e' },
    { actor: '1', at: at(75), kind: 'ended', endpoint: 'e', how: 'signal 9' },
    { actor: '1', at: at(100), kind: 'end' },
  ];
  const page = timelinePage(events, 'main.eta');
  expect(page).toContain('<h1>main.eta</h1>\n<span>2 actors, 100 ms</span>');
  expect(page).toContain('&lt;worker&gt; (2): signal 9');
  // A child that was killed tells of no end of its own: its bar ends where its parent learnt of it.
  expect(page).toContain('left: 50.000%; width: calc(25.000% + 2px)');
  expect(page).not.toContain('<worker>');
});

test('a page of very many events', () => {
  const events: TracedEvent[] = Array.from({ length: 200_000 }, (_, i) => ({ actor: '1', at: i, kind: 'end' }));
  expect(timelinePage(events, 'main.eta')).toContain('<span>1 actors, 199999 ms</span>');
});

test.each(['profile', 'trace'])('etai %s of a file that is not there says that, and nothing else', (command) => {
  const result = spawnSync(process.execPath, [ETAI, command, 'none.eta'], { cwd: folder, encoding: 'utf8' });
  expect(result).toMatchObject({ stdout: '', stderr: 'error: file not found: none.eta\n', status: 1 });
});

test('a trace needs no temporary folder', () => {
  writeFileSync(join(folder, 'plain.eta'), '(println 1)');
  const env = { ...process.env, TMPDIR: join(folder, 'none'), XDG_RUNTIME_DIR: undefined };
  const result = spawnSync(process.execPath, [ETAI, 'trace', 'plain.eta'], { cwd: folder, encoding: 'utf8', env });
  expect(result).toMatchObject({ stdout: '1\n', stderr: 'the program has used no actors\n', status: 0 });
});

test('what a trace that was killed has left goes with the next one', () => {
  writeFileSync(join(folder, 'plain.eta'), '(println 1)');
  const temporary = mkdtempSync('/tmp/eta-left-'); // short enough for sockets, else another is taken
  const killed = `import { spawn } from 'node:child_process';
const child = spawn(process.execPath, [${JSON.stringify(ETAI)}, 'trace', 'endless.eta']);
child.stdout.once('data', () => child.kill('SIGKILL'));`;
  writeFileSync(
    join(folder, 'endless.eta'),
    '(display 1) (flush-output-port (current-output-port)) (let loop () (loop))',
  );
  const env = { ...process.env, TMPDIR: temporary, XDG_RUNTIME_DIR: undefined };
  const options = { cwd: folder, encoding: 'utf8', env } as const;
  const left = () => readdirSync(temporary).filter((name) => /^eta-\d+-/.test(name)).length;
  spawnSync(process.execPath, ['--input-type=module', '-e', killed], options);
  expect(left()).toBe(1);
  spawnSync(process.execPath, [ETAI, 'trace', 'plain.eta'], options);
  expect(left()).toBe(0);
  rmSync(temporary, { recursive: true });
});

test('half a line at the end of a trace is no event', () => {
  const line = '{"actor":"1","at":5,"kind":"end"}';
  expect(parseTrace(`${line}\n${line.slice(0, 9)}`)).toEqual([{ actor: '1', at: 5, kind: 'end' }]);
});
