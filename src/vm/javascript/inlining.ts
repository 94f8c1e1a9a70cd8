// Inlining: which calls of known procedures become the procedure's own code.
//
// V8 inlines, too, but only what it optimises, and never a function into itself. What is inlined here makes the first,
// unoptimised calls cheaper, and of a recursion several levels become one call on the host's stack, with one look at its
// depth.
//
// A unit may grow by so many words of bytecode. The calls in a function have equal shares of it, and what is left of a
// share belongs to the calls in the function that is inlined there. So a recursion is unrolled evenly, to the depth that
// there is room for, and the size of what is generated is bounded.

import type { CodeObject } from '../../bytecode/code.ts';
import { Op } from '../../bytecode/ops.ts';
import { nextPc } from './structure.ts';

/** Words of bytecode that are inlined into one unit. */
const BUDGET = 300;

/**
 * A frame that a `catch` belongs to has to be one of the host's. A loop costs more than the call, and one that runs for long
 * makes V8 optimise what it is in before the rest of that has run once: then it is optimised again, loop by loop.
 */
const UNFIT = [Op.PushCatch, Op.Loop];

/** What each call between `from` and `to` may take of the budget: by default, of a whole unit's. */
export function shareOf(code: CodeObject, from: number, to: number, budget = BUDGET): number {
  const calls = count(code, Op.Call, from, to);
  return calls === 0 ? 0 : Math.floor(budget / calls);
}

/** What is left of the share of a call if this function is inlined there; negative if it is not. */
export function budgetAfter(callee: CodeObject, share: number, argumentCount: number): number {
  const { code, rest, required } = callee;
  if (rest || required !== argumentCount || code.length > share) return -1;
  return isFit(callee) ? share - code.length : -1;
}

/** Whether the function can be written into another's unit at all. */
export const isFit = (code: CodeObject): boolean => !UNFIT.some((op) => contains(code, op, 0, code.code.length));

export const contains = (code: CodeObject, op: Op, from: number, to: number): boolean => count(code, op, from, to) > 0;

function count({ code }: CodeObject, op: Op, from: number, to: number): number {
  let found = 0;
  for (let pc = from; pc < to; pc = nextPc(code, pc)) if (code[pc] === op) found++;
  return found;
}
