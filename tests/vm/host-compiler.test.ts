// Flags of V8 belong to the whole process, so a thread may find them changed by another one at any time.

import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { leaveUnoptimised } from '../../src/vm/javascript/host-compiler.ts';

const TAKE_AWAY = `
const { setFlagsFromString } = require('node:v8');
const { workerData } = require('node:worker_threads');
const isDone = new Int32Array(workerData);
Atomics.store(isDone, 1, 1);
Atomics.notify(isDone, 1);
while (Atomics.load(isDone, 0) === 0) setFlagsFromString('--no-allow-natives-syntax');
`;

test('a flag that another thread takes away is done without', async () => {
  const shared = new SharedArrayBuffer(8);
  const flags = new Int32Array(shared);
  const worker = new Worker(TAKE_AWAY, { eval: true, workerData: shared });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  Atomics.wait(flags, 1, 0, 10_000);
  // Without the care for it, one in a hundred fails.
  for (let i = 0; i < 5_000; i++) leaveUnoptimised(() => i);
  Atomics.store(flags, 0, 1);
  expect(await ended).toBe(0);
});
