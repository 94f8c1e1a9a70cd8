// Liveness: which locals of a function are still read after a place in it.
//
// A local that is not live keeps its last value until its slot is used again, or the frame is left; nobody can see that,
// but who asks what a program can still reach. Backward data flow over the instructions, until nothing changes.

import { CAPTURE_SELF, type CodeObject } from './code.ts';
import { OPS, Op } from './ops.ts';

/** A set of slots: bit s is slot s. */
type Slots = bigint;

type LiveSlots = ReadonlyMap<number, Slots> | null;

const known = new WeakMap<CodeObject, LiveSlots>();

/**
 * The live slots before each instruction, by pc. Null means that all are taken for live: an instruction inside a `catch` can
 * go on in its handler, which is not followed here.
 */
export function liveSlots(code: CodeObject): LiveSlots {
  let live = known.get(code);
  if (live === undefined) {
    live = analyse(code);
    known.set(code, live);
  }
  return live;
}

function analyse(code: CodeObject): LiveSlots {
  const words = code.code;
  const pcs: number[] = [];
  for (let pc = 0; pc < words.length; pc += 1 + OPS[words[pc]].operands.length) {
    if (words[pc] === Op.PushCatch) return null;
    pcs.push(pc);
  }
  const live = new Map<number, Slots>();
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (let i = pcs.length - 1; i >= 0; i--) {
      const before = liveBefore(code, pcs[i], live);
      if (before === live.get(pcs[i])) continue;
      live.set(pcs[i], before);
      hasChanged = true;
    }
  }
  return live;
}

const bit = (slot: number): Slots => 1n << BigInt(slot);

const isSlot = (capture: number): boolean => capture >= 0 && capture !== CAPTURE_SELF;

function liveBefore({ code: words, constants }: CodeObject, pc: number, live: ReadonlyMap<number, Slots>): Slots {
  const next = pc + 1 + OPS[words[pc]].operands.length;
  const after = live.get(next) ?? 0n;
  switch (words[pc] as Op) {
    case Op.LoadLocal:
    case Op.LoadBox:
    case Op.StoreBox:
    case Op.MakeBox:
      return after | bit(words[pc + 1]);
    case Op.StoreLocal:
    case Op.ClearLocal:
      return after & ~bit(words[pc + 1]);
    case Op.PatchUpval:
      return after | bit(words[pc + 1]) | bit(words[pc + 3]);
    case Op.MakeClosure: {
      const { captures } = constants[words[pc + 1]] as CodeObject;
      return [...captures].reduce((slots, from) => (isSlot(from) ? slots | bit(from) : slots), after);
    }
    case Op.Jump:
    case Op.Loop:
      return live.get(next + words[pc + 1]) ?? 0n;
    case Op.JumpIfFalse:
    case Op.JumpIfTrue:
      return after | (live.get(next + words[pc + 1]) ?? 0n);
    case Op.Return:
    case Op.TailCall:
    case Op.Halt:
      return 0n;
    default:
      return after;
  }
}
