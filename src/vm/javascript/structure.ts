// Structure: the nested blocks and loops of JavaScript that a stretch of bytecode's jumps amount to.
//
// JavaScript has no `goto`, but the jumps were made from nested forms: back edges are Loop instructions to a loop's
// head, everything else goes forward. A forward jump becomes a `break` out of a labelled block that ends at its
// target; the block has to start before the jump and nest with all others, and since starting earlier does no harm,
// crossing blocks are mended by moving starts up. A loop is a `for (;;)` from its head to its last back edge; a catch is
// a `try`.
//
//     0  JumpIfFalse 5      b5: { … break b5; …; break b9; }
//     3  Jump 9                 …
//     5  …                  }                             (b9's block starts before b5's)
//     9  …

import { OPS, Op } from '../../bytecode/ops.ts';

/** `[start, end)` in words; a forward jump to `end` leaves the block. */
export interface Block {
  start: number;
  readonly end: number;
  /** A catch reaches from its PushCatch to where its value is delivered. */
  readonly kind: 'block' | 'loop' | 'catch';
}

/** Where an instruction at `pc` jumps to, -1 for none. */
export function jumpTarget(code: Int32Array, pc: number): number {
  const { operands } = OPS[code[pc]];
  const last = operands.length - 1;
  return last >= 0 && operands[last] === 'd' ? pc + 1 + operands.length + code[pc + 1 + last] : -1;
}

export const nextPc = (code: Int32Array, pc: number): number => pc + 1 + OPS[code[pc]].operands.length;

/**
 * For each loop head, the end of the loop within [from, to): of its last back edge, or of the last inner loop that it
 * has a back edge in (an inner loop that is left for the next turn of the outer one).
 */
export function loopEnds(code: Int32Array, from: number, to: number): Map<number, number> {
  const ends = new Map<number, number>();
  for (let pc = from; pc < to; pc = nextPc(code, pc)) {
    if (code[pc] === Op.Loop) ends.set(jumpTarget(code, pc), nextPc(code, pc));
  }
  const innermostFirst = [...ends.keys()].sort((a, b) => b - a);
  for (const outer of innermostFirst) {
    for (const inner of innermostFirst) {
      const end = ends.get(outer)!;
      if (outer < inner && inner < end) ends.set(outer, Math.max(end, ends.get(inner)!));
    }
  }
  return ends;
}

const isForwardJump = (op: number): boolean => op === Op.Jump || op === Op.JumpIfFalse || op === Op.JumpIfTrue;

/** The blocks of [from, to), properly nested, outermost first; jumps to outside of it are left out. */
export function blocksOf(code: Int32Array, from: number, to: number): Block[] {
  const ends = [...loopEnds(code, from, to)].filter(([start]) => start >= from);
  const fixed: Block[] = ends.map(([start, end]) => ({ start, end, kind: 'loop' }));
  const starts = new Map<number, number>();
  for (let pc = from; pc < to; pc = nextPc(code, pc)) {
    const target = jumpTarget(code, pc);
    if (code[pc] === Op.PushCatch) fixed.push({ start: pc, end: target, kind: 'catch' });
    if (isForwardJump(code[pc]) && target < to && !starts.has(target)) starts.set(target, pc);
  }
  const blocks: Block[] = [...starts].map(([end, start]) => ({ start, end, kind: 'block' }));
  nest(blocks, fixed);
  return [...blocks, ...fixed].sort(outermostFirst);
}

/** Move the starts of blocks up until none crosses another, or a loop or catch, which stay where they are. */
function nest(blocks: readonly Block[], fixed: readonly Block[]): void {
  const all = [...blocks, ...fixed].sort((a, b) => a.end - b.end);
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of blocks) {
      for (const other of all) {
        // Whoever ends where a loop ends leaves the loop.
        const endsInside = other.end < block.end || (other.kind === 'loop' && other.end === block.end);
        if (endsInside && other.start < block.start && block.start < other.end) {
          block.start = other.start;
          changed = true;
        }
      }
    }
  }
}

const RANK = { block: 0, catch: 1, loop: 2 };

/** Same start: the one that ends later is outside; same stretch: the block is outside the loop, to break out of it. */
const outermostFirst = (a: Block, b: Block): number =>
  a.start - b.start || b.end - a.end || RANK[a.kind] - RANK[b.kind];
