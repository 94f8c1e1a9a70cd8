// V8 is told to leave the interpreter alone before it begins to optimise it: when a program is warm, not when it is hot.

import { expect, test, vi } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { leaveUnoptimised } from '../../src/vm/javascript/host-compiler.ts';
import type { TierMode } from '../../src/vm/javascript/tier.ts';

vi.mock(import('../../src/vm/javascript/host-compiler.ts'), async (importOriginal) => ({
  ...(await importOriginal()),
  allowInlining: vi.fn(),
  leaveUnoptimised: vi.fn(),
}));

function leavesUnoptimised(program: string, tier: TierMode): boolean {
  vi.mocked(leaveUnoptimised).mockClear();
  const session = new Session({ tier });
  try {
    expect(session.evaluateText(program, 'warm.eta').kind).toBe('finished');
  } finally {
    session.close();
  }
  return vi.mocked(leaveUnoptimised).mock.calls.length > 0;
}

const turns = (n: number): string => `(let loop ((i 0)) (if (< i ${n}) (loop (+ i 1)) i))`;
// A throw leaves the interpreter's loop.
const throws = (n: number): string =>
  `(define (f) (catch (car 1))) ${Array.from({ length: n }, () => '(f)').join(' ')} #t`;

test.each([
  ['a few turns', turns(20), 'on', false],
  ['turns of a warm loop', turns(150), 'on', true],
  ['calls of what always throws', throws(150), 'on', true],
  ['turns without generated code', turns(1000), 'off', false],
] as const)('%s', (_, program, tier, expected) => {
  expect(leavesUnoptimised(program, tier)).toBe(expected);
});
