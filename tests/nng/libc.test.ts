// Waiting and reaping through the C library.

import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import {
  closeDescriptor,
  createPipe,
  openPidfd,
  POLLHUP,
  PollSet,
  reapChild,
  sleepMs,
  waitDescriptor,
  waitReady,
} from '../../src/builtins/host/libc.ts';

describe('waiting', () => {
  test('gives up in time, and not before', () => {
    const { readFd, writeFd } = createPipe();
    for (const timeout of [0, 0.3, 30]) {
      const start = performance.now();
      expect(waitDescriptor(readFd, timeout)).toBe(0);
      expect(performance.now() - start).toBeGreaterThanOrEqual(timeout);
    }
    closeDescriptor(writeFd);
    expect(waitDescriptor(readFd, -1) & POLLHUP).toBe(POLLHUP);
    closeDescriptor(readFd);
  });

  test('tells which of many descriptors is ready', () => {
    const pipes = Array.from({ length: 40 }, createPipe);
    const set = new PollSet();
    for (const { readFd } of pipes) set.add(readFd);
    set.add(-1);
    closeDescriptor(pipes[33].writeFd);
    expect(waitReady(set, -1)).toBe(1);
    expect(pipes.map((_, i) => set.ready(i) !== 0).indexOf(true)).toBe(33);
    for (const [i, { readFd, writeFd }] of pipes.entries()) {
      closeDescriptor(readFd);
      if (i !== 33) closeDescriptor(writeFd);
    }
  });

  test('sleeps at least as long as it is told', () => {
    const start = performance.now();
    sleepMs(60);
    expect(performance.now() - start).toBeGreaterThanOrEqual(60);
  });
});

describe('reaping', () => {
  // [what the child does, its status]
  test.each([
    ['exit 0', { code: 0, signal: null }],
    ['exit 255', { code: 255, signal: null }],
    ['kill -9 $$', { code: null, signal: 9 }],
  ])('%s', (script, status) => {
    const held = createPipe();
    const child = spawn('sh', ['-c', `read line; ${script}`], { stdio: [held.readFd, 'ignore', 'ignore'] });
    child.unref();
    const fd = openPidfd(child.pid!);
    expect(reapChild(child.pid!)).toBe('running');
    closeDescriptor(held.writeFd);
    expect(waitDescriptor(fd, 20_000)).not.toBe(0);
    expect(reapChild(child.pid!)).toEqual(status);
    expect(reapChild(child.pid!)).toBe('gone');
    closeDescriptor(fd);
    closeDescriptor(held.readFd);
  });
});
