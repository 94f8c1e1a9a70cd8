// V8's flags are the whole process's: what a thread has just set, another one may take away. Here it always does.

import { expect, test, vi } from 'vitest';
import { leaveUnoptimised } from '../../src/vm/javascript/host-compiler.ts';

vi.mock('node:v8', () => ({ setFlagsFromString: () => {} }));

test('a flag that is not there any more is done without', () => {
  expect(() => new Function('target', '%NeverOptimizeFunction(target);')).toThrow(SyntaxError);
  leaveUnoptimised(() => 1);
});
