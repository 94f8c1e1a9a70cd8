// When a worker has ended, and nng has no frame of it: whether there can still be one on the way (networking §12.2).

import { expect, test } from 'vitest';
import type { Link } from '../../src/builtins/nng/link.ts';
import { allDelivered } from '../../src/builtins/nng/receive.ts';
import type { NngSocket } from '../../src/builtins/nng/socket.ts';
import { nowMs } from '../../src/values/clock.ts';

const LONG_MS = 60_000;

// [what is known, connections, whether anything was ever heard, ms since the end, ms since the last frame, answer]
test.each([
  ['a connection that is gone had nothing more', 0, true, 0, 0, true],
  ['one that is still there may be read late', 1, true, 1000, LONG_MS, false],
  ['also long after the end, while frames come', 1, true, LONG_MS, 50, false],
  ['but not for ever', 1, true, LONG_MS, LONG_MS, true],
  ['one that was never seen may just be coming', 0, false, 10, LONG_MS, false],
  ['or there was none', 0, false, LONG_MS, LONG_MS, true],
] as const)('%s', (_, present, hasTalked, endedMs, quietMs, answer) => {
  const now = nowMs();
  const transport = { hasTalked, pipeList: () => ({ present }), quietSinceMs: () => now - quietMs };
  const link = { endedAtMs: now - endedMs };
  expect(allDelivered({ transport } as unknown as NngSocket, link as Link)).toBe(answer);
});
