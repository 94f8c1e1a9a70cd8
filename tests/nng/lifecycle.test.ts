// Process actors, with real processes: last words, ends of either side, clean-up (networking §10, §12).

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NngSocket } from '../../src/builtins/nng/socket.ts';
import { writeText } from '../../src/values/printer.ts';
import { listFrom, type Value } from '../../src/values/types.ts';
import { buildChild } from './build-child.ts';
import { type Actor, freshEndpoint, makeActor, openDescriptors, removeTestFolder, sleep } from './support.ts';

let childProgram = '';
let actor: Actor;
let descriptors = 0;

beforeAll(() => {
  childProgram = buildChild();
  // The first use of libnng, and Node's first child, open descriptors for good.
  const first = makeActor({ interpreter: { execPath: process.execPath, execArgs: [childProgram] } });
  first.call('recv!', first.call('spawn', 'silent'), "'wait");
  first.networking.close();
  sleep(200);
});

beforeEach(() => {
  descriptors = openDescriptors();
  actor = makeActor({
    interpreter: { execPath: process.execPath, execArgs: [childProgram] },
    modulePath: () => ['/one', '/two'],
  });
});

afterAll(removeTestFolder);

afterEach(() => {
  const children = actor.networking.listChildren();
  const folders = children.map(({ endpoint }) => path.dirname(endpoint.slice('ipc://'.length)));
  actor.networking.close();
  for (const { pid } of actor.networking.listChildren()) expect(existsSync(`/proc/${pid}`)).toBe(false);
  for (const folder of folders) if (path.basename(folder).startsWith('eta-')) expect(existsSync(folder)).toBe(false);
  // nng closes descriptors on a thread of its own.
  for (let i = 0; i < 1000 && openDescriptors() > descriptors; i++) sleep(10);
  expect(openDescriptors()).toBe(descriptors);
});

/** Everything that recv! gives until #f or an error, as text. */
function collect(handle: unknown): string[] {
  const got: string[] = [];
  for (;;) {
    try {
      const value = actor.call('recv!', handle as NngSocket, "'wait");
      if (value === false) return [...got, 'end'];
      got.push(writeText(value));
    } catch (error) {
      return [...got, (error as Error).message];
    }
  }
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

describe('last words', () => {
  // [how the child ends, what follows its messages]
  const ENDS = [
    ['exit', 'end'],
    ['close', 'end'],
    ['fail', 'nng-error: peer process exited abnormally (exit code 7)'],
    ['kill', 'nng-error: peer process killed by signal 9'],
  ] as const;

  test.each(ENDS)('a burst before the end by %s arrives whole and in order', (how, end) => {
    const handle = actor.call('spawn', `burst:200:${how}`);
    expect(collect(handle)).toEqual([...numbers(200), end]);
    expect(collect(handle)).toEqual([end]); // for good
  });

  test('they wait for a parent that is busy', () => {
    const handle = actor.call('spawn', 'burst:500:exit');
    expect(actor.call('spawn-wait', handle)).toBe(0);
    expect(collect(handle)).toEqual([...numbers(500), 'end']);
  });

  test('long ones too', () => {
    const handle = actor.call('spawn', 'burst:60:exit:100000');
    sleep(700);
    const got = collect(handle);
    expect(got.length).toBe(61);
    expect(got.map((text) => text.slice(0, text.indexOf(' ')))).toEqual([...numbers(60).map((n) => `(${n}`), 'en']);
  });
});

describe('the end of a child', () => {
  test('is the end of its handle, and sends to it fail', () => {
    const handle = actor.call('spawn', 'silent');
    expect(actor.call('recv!', handle, "'wait")).toBe(false);
    expect(actor.call('send!', handle, 1, "'noblock")).toBe(false);
    expect(actor.fail('send!', handle, 1)).toMatchObject({
      tag: 'nng-error',
      message: 'nng-error: Connection shutdown',
    });
    expect(actor.call('spawn-wait', handle)).toBe(0);
    expect(actor.call('spawn-wait', handle)).toBe(false);
    expect(actor.call('spawn-kill', handle)).toBe(false);
  });

  test('by spawn-kill is a clean one', () => {
    const handle = actor.call('spawn', 'sleep');
    expect(writeText(actor.call('recv!', handle, "'wait"))).toBe('up');
    expect(actor.call('spawn-kill', handle)).toBe(true);
    expect(actor.call('spawn-wait', handle)).toBe(false);
    expect(collect(handle)).toEqual(['end']);
  });

  test('before it connected is told to a monitor', () => {
    const broken = makeActor({ interpreter: { execPath: '/bin/false', execArgs: [] } });
    const handle = broken.call('spawn', 'whatever');
    broken.call('monitor', handle);
    expect(writeText(broken.call('recv!', handle, "'wait"))).toMatch(/^\(down "ipc:.*" "disconnected"\)$/);
    expect(broken.fail('recv!', handle).message).toBe('nng-error: peer process exited abnormally (exit code 1)');
    broken.networking.close();
  });

  test.each([1, 2, 3, 4, 5, 6])('is not told of before it comes (%d)', () => {
    // Connections being attached under load, while the monitors look again and again.
    const handles = Array.from({ length: 4 }, () => actor.call('spawn', 'echo'));
    for (const handle of handles) actor.call('monitor', handle);
    for (const handle of handles) {
      actor.call('nng-set-option', handle, "'recv-timeout", 1);
      for (let sent: Value = false; sent === false; sent = actor.call('send!', handle, "'task", "'noblock")) {
        expect(actor.call('recv!', handle)).toBe(false);
      }
    }
    for (const handle of handles) expect(writeText(actor.call('recv!', handle, "'wait"))).toBe('task');
  });

  test('is told to a monitor once, after its messages', () => {
    const handle = actor.call('spawn', 'burst:3:exit');
    actor.call('monitor', handle);
    const got = collect(handle);
    expect(got.length).toBe(5);
    expect([...got.slice(0, 3), got[4]]).toEqual(['0', '1', '2', 'end']);
    expect(got[3]).toMatch(/^\(down/);
  });

  test('wakes up nng-poll of a monitored handle', () => {
    const handle = actor.call('spawn', 'silent');
    actor.call('monitor', handle);
    expect(writeText(actor.call('nng-poll', listFrom([handle]), 60_000))).toBe('(#<object>)');
  });
});

describe('the end of a parent', () => {
  test('by nng-close ends the loop of its child', () => {
    const handle = actor.call('spawn', 'echo');
    actor.call('send!', handle, 1);
    expect(actor.call('recv!', handle, "'wait")).toBe(1);
    actor.call('nng-close', handle);
    expect(actor.call('spawn-wait', handle)).toBe(23);
  });

  test('by kill -9 is #f to its child, which can go on and leaves nothing', () => {
    const side = actor.call('nng-socket', "'pull");
    const endpoint = freshEndpoint('ipc');
    actor.call('nng-listen', side, endpoint);
    actor.call('nng-set-option', side, "'recv-timeout", 60_000);
    const middle = actor.call('spawn', 'middle');
    actor.call('send!', middle, endpoint);
    expect(writeText(actor.call('recv!', side))).toBe('up');
    actor.call('send!', middle, "'die");
    expect(writeText(actor.call('recv!', side))).toBe('(end #f)');
    expect(writeText(actor.call('recv!', side))).toBe('(noblock #f)');
    expect(writeText(actor.call('recv!', side))).toBe('"nng-error: Connection shutdown"');
    expect(collect(middle)).toEqual(['nng-error: peer process killed by signal 9']);
  });
});

describe('spawn', () => {
  test('gives the child the module path, a heap limit, and no lifeline to pass on', () => {
    const handle = actor.call('spawn', 'environment');
    expect(writeText(actor.call('recv!', handle, "'wait"))).toBe('("/one:/two" "50M" #f #f)');
  });

  test('uses a private folder, and the socket in it is gone once the child is there', () => {
    const handle = actor.call('spawn', 'sleep') as NngSocket;
    const file = handle.endpointHint.slice('ipc://'.length);
    expect(writeText(actor.call('recv!', handle, "'wait"))).toBe('up');
    expect(readdirSync(path.dirname(file))).toEqual([]);
    expect(execFileSync('stat', ['-c', '%a', path.dirname(file)], { encoding: 'utf8' })).toBe('700\n');
  });

  test('of an interpreter that is not there raises and leaves nothing', () => {
    const broken = makeActor({ interpreter: { execPath: '/nowhere/eta', execArgs: [] } });
    expect(broken.fail('spawn', 'x.eta').message).toBe('spawn: fork() failed');
    broken.networking.close();
  });

  test('listens where it is told to', () => {
    const endpoint = freshEndpoint('tcp');
    const handle = actor.call('spawn', 'echo', endpoint) as NngSocket;
    expect(handle.endpointHint).toBe(endpoint);
    actor.call('send!', handle, "'hello");
    expect(writeText(actor.call('recv!', handle, "'wait"))).toBe('hello');
    const other = actor.fail('spawn', 'echo', endpoint);
    expect(other.message).toBe(`spawn: nng_listen failed on ${endpoint}: Address in use`);
  });

  test('children that still run at the end are ended', () => {
    for (let i = 0; i < 3; i++) actor.call('recv!', actor.call('spawn', 'sleep'), "'wait");
    expect(actor.networking.listChildren().map(({ alive }) => alive)).toEqual([true, true, true]);
    // afterEach closes the actor and looks for them
  });
});
