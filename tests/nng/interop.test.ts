// Any nng program can talk to Eta: a C program on libnng that knows only bytes, and an Eta program that knows only values.
// Needs a C compiler and libnng's headers, and is skipped without them.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { decodeFrame } from '../../src/builtins/nng/frame.ts';
import { datumText } from '../../src/values/printer.ts';
import { freshEndpoint, removeTestFolder, testFolder } from './support.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const PEER = path.join(testFolder(), 'peer');

/** Why the peer cannot be compiled; null if it was. */
function compilePeer(): string | null {
  const source = path.join(import.meta.dirname, 'peer.c');
  const { error, status, stderr } = spawnSync('cc', ['-o', PEER, source, '-lnng'], { encoding: 'utf8' });
  if (error !== undefined) return 'there is no C compiler (cc)';
  if (status === 0) return null;
  if (/nng\/nng\.h/.test(stderr)) return 'there are no headers of libnng (Debian: libnng-dev)';
  throw new Error(stderr);
}

const obstacle = compilePeer();
if (obstacle !== null) console.warn(`skipped: interoperability: ${obstacle}`);

interface WireVector {
  readonly hex: string;
  readonly text?: string;
  readonly error?: string;
  readonly decodeOnly?: boolean;
}

const VECTORS: readonly WireVector[] = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'wire-vectors.json'), 'utf8'),
);
const hexOf = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();
/** The text frame of the value of a binary frame. */
const textFrame = (hex: string): string => hexOf(datumText(decodeFrame(Buffer.from(hex, 'hex'))));

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(removeTestFolder);

interface Run {
  /** Its first line, which says that it is up. */
  readonly isUp: Promise<unknown>;
  /** All of its output as lines, once it has ended well. */
  readonly lines: Promise<string[]>;
  say(lines: readonly string[]): void;
}

function run(command: string, args: readonly string[]): Run {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(child);
  const reader = createInterface({ input: child.stdout! });
  const lines: string[] = [];
  reader.on('line', (line) => lines.push(line));
  const closed = new Promise((resolve) => reader.on('close', resolve));
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
  return {
    isUp: Promise.race([new Promise((resolve) => reader.once('line', resolve)), closed]),
    lines: Promise.all([ended, closed]).then(([status]) => {
      expect([args[0], status]).toEqual([args[0], 0]);
      return lines;
    }),
    say: (commands) => child.stdin!.end(commands.map((line) => `${line}\n`).join('')),
  };
}

const startPeer = (...args: string[]): Run => run(PEER, args);
const startEta = (...args: string[]): Run =>
  run(process.execPath, [path.join(ROOT, 'bin', 'etai'), path.join(import.meta.dirname, 'interop.eta'), ...args]);

const STOP = `send ${hexOf('(stop)')}`;

describe.skipIf(obstacle !== null)('a C program on libnng', () => {
  const values = VECTORS.filter((v) => v.text !== undefined);

  test.each(['ipc', 'tcp'] as const)(
    'exchanges every kind of value over %s, binary and text mixed',
    async (transport) => {
      const endpoint = freshEndpoint(transport);
      const eta = startEta('pair', 'listen', endpoint);
      await eta.isUp;
      const peer = startPeer('pair', 'dial', endpoint);
      const script = values.flatMap(({ hex }) => [
        `send ${hex}`,
        'recv',
        'recv',
        `send ${textFrame(hex)}`,
        'recv',
        'recv',
      ]);
      peer.say([...script, STOP, 'recv', 'recv']);
      const replies = await peer.lines;
      await eta.lines;
      values.forEach(({ hex, text, decodeOnly }, i) => {
        const [binary, asText, again, againText] = replies.slice(4 * i, 4 * i + 4);
        // Some frames are accepted, but not what Eta would have sent.
        if (!decodeOnly) expect([text, binary, again]).toEqual([text, hex, hex]);
        expect([text, asText, againText]).toEqual([text, textFrame(hex), textFrame(hex)]);
      });
      expect(replies.at(-1)).toBe(hexOf('stopped'));
    },
  );

  test('may send what is no value: the receiver raises, and goes on', async () => {
    const endpoint = freshEndpoint('ipc');
    const eta = startEta('pair', 'listen', endpoint);
    await eta.isUp;
    const bad = VECTORS.filter((v) => v.error !== undefined);
    const peer = startPeer('pair', 'dial', endpoint);
    peer.say([...bad.flatMap(({ hex }) => [`send ${hex}`, 'recv', 'recv']), STOP, 'recv', 'recv']);
    const replies = await peer.lines;
    await eta.lines;
    expect(bad.map((_, i) => Buffer.from(replies[2 * i + 1], 'hex').toString())).toEqual(
      bad.map(({ error }) => JSON.stringify(error)),
    );
  });

  test('is answered when it asks whether we are there', async () => {
    const endpoint = freshEndpoint('ipc');
    const eta = startEta('pair', 'listen', endpoint);
    await eta.isUp;
    const peer = startPeer('pair', 'dial', endpoint);
    peer.say(['send EB00', 'recv', 'send EB01', STOP, 'recv', 'recv']);
    expect(await peer.lines).toEqual(['EB01', `EA0607000000${hexOf('stopped')}`, hexOf('stopped')]);
    await eta.lines;
  });

  test('asks an Eta server', async () => {
    const endpoint = freshEndpoint('tcp');
    const eta = startEta('rep', 'listen', endpoint);
    await eta.isUp;
    const peer = startPeer('req', 'dial', endpoint);
    const task = 'EA0806040000007461736B08022A0000000000000000';
    peer.say([`send ${task}`, 'recv', `send ${hexOf('(task 42)')}`, 'recv', STOP, 'recv']);
    expect(await peer.lines).toEqual([task, task, `EA0607000000${hexOf('stopped')}`]);
    await eta.lines;
  });

  test('serves an Eta program', async () => {
    const endpoint = freshEndpoint('tcp');
    const peer = startPeer('rep', 'listen', endpoint);
    await peer.isUp;
    // [the question in binary and as text, the answer, as either]
    const questions = [
      ['EA080603000000616464080201000000000000000802020000000000000000', '(add 1 2)', '3', '3'],
      ['EA050400000074657874', '"text"', '"yes"', '"yes"'],
      ['EA09030000000201000000000000000300000000000004400461000000', '#(1 2.5 #\\a)', '#(#t)', '#(#t)'],
      ['EA060300000073796D', 'sym', 'EA0C', '#f'],
    ] as const;
    const answers = questions.map(([, , answer]) => `send ${answer.startsWith('EA') ? answer : hexOf(answer)}`);
    peer.say([...answers, ...answers].flatMap((answer) => ['recv', answer]));
    const eta = startEta('req', 'dial', endpoint);
    const printed = questions.map(([, , , text]) => text);
    expect(await eta.lines).toEqual(['ready', ...printed, ...printed]);
    expect(await peer.lines).toEqual([
      'listening',
      ...questions.map(([binary]) => binary),
      ...questions.map(([, text]) => hexOf(text)),
    ]);
  });
});
