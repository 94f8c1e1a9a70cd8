// The verifier: whether code that came from a file is code that the machine can run.
//
// Interpreter and translator check nothing: they trust that operands are in range, that temporaries are there when they are
// popped, that a slot holds a box where a box is read. Code of our own compiler is like that. Code of a file may be anything,
// whatever its checksum says; so it is checked before it runs, once, as the Java verifier does it:
//
//   1. every word belongs to an instruction, every operand is in its range, no builtin is the kernel's own;
//   2. jumps make nested blocks: back edges are loops, nothing jumps into a loop or a catch from outside (structure.ts);
//   3. a pass in the order of the code knows at each pc the height of the temporaries, what each local slot holds, and which
//      catches are open. Ways that meet must agree; a slot on which they do not agree holds nothing that can be read.
//
// A loop's head is passed before its back edges are. Where one of those comes with other slots than the head assumed, the
// head is given what both agree on and the pass begins anew: slots are only ever taken away, so that ends.
//
// What an upvalue must hold follows from how a function uses it; whoever makes the closure must capture just that. A function
// that captures nothing may be referred to from anywhere, itself included.

import { CAPTURE_SELF, CodeObject, SPAN_ROW } from '../bytecode/code.ts';
import { OPS, Op, type OperandKind } from '../bytecode/ops.ts';
import { Closure, Primitive } from '../bytecode/procedures.ts';
import { Cell, Sym, type Value } from '../values/types.ts';
import { ControlPrimitive } from './continuation.ts';
import { jumpTarget, loopEnds, nextPc } from './javascript/structure.ts';
import { isKernelOnly } from './kernel-only.ts';

/** What is wrong, and where: `… in f at 12`. */
export class InvalidCode extends Error {}

/** Parameters of one function: V8 has no functions of more. */
const MAX_LOCALS = 60_000;
/** Temporaries of one function. */
const MAX_STACK = 100_000;
/** A function whose states of slots at all jump targets would take more than this is refused. */
const MAX_STATE_BYTES = 2 ** 28;

/** What a slot or an upvalue holds. */
const enum Holds {
  /** Nothing that may be read; of an upvalue: it is never read. */
  Nothing,
  Value,
  Box,
}

/** Check a module's initialiser and every function in it. Throws InvalidCode. */
export function verifyModule(code: CodeObject, module: string): void {
  if (code.required > 0 || code.rest || !capturesNothing(code))
    throw new InvalidCode(`a module's code takes arguments in ${code.name}`);
  const functions = new ModuleFunctions(module);
  functions.usesOf(code);
  functions.verifyRest();
}

const capturesNothing = ({ upvalueNames, captures }: CodeObject): boolean =>
  upvalueNames.length === 0 && captures.length === 0;

const NO_UPVALUES: readonly Holds[] = [];

/** The functions of a module, each of which is verified once. */
class ModuleFunctions {
  /** How they use their upvalues; null for those that are being verified. */
  private readonly uses = new Map<CodeObject, readonly Holds[] | null>();
  private readonly pending: CodeObject[] = [];

  constructor(readonly module: string) {}

  /** Undefined for a function that is inside itself. */
  usesOf(code: CodeObject): readonly Holds[] | undefined {
    const known = this.uses.get(code);
    if (known !== undefined) return known ?? undefined;
    // What has no upvalues waits: functions may call each other in circles.
    if (capturesNothing(code)) {
      this.uses.set(code, NO_UPVALUES);
      this.pending.push(code);
      return NO_UPVALUES;
    }
    this.uses.set(code, null);
    const verifier = new FunctionVerifier(code, this);
    verifier.verify();
    this.uses.set(code, verifier.upvalues);
    return verifier.upvalues;
  }

  verifyRest(): void {
    for (let code = this.pending.pop(); code !== undefined; code = this.pending.pop())
      new FunctionVerifier(code, this).verify();
  }
}

interface State {
  readonly height: number;
  readonly slots: Uint8Array;
  readonly catches: OpenCatch | null;
}

interface OpenCatch {
  /** Where the caught value is delivered. */
  readonly end: number;
  readonly outer: OpenCatch | null;
}

interface Region {
  readonly start: number;
  readonly end: number;
}

/** A closure just made, of a group that may refer to one another before all are there. */
interface FreshClosure {
  readonly code: CodeObject;
  readonly uses: readonly Holds[];
}

class FunctionVerifier {
  /** How the function uses its upvalues. */
  readonly upvalues: Holds[];
  private readonly words: Int32Array;
  /** How the functions among the constants use theirs. */
  private readonly inner = new Map<CodeObject, readonly Holds[]>();
  private readonly starts: Uint8Array;
  private loops: ReadonlyMap<number, number> = new Map();
  /** For loop heads: the slots that a back edge does not agree on. */
  private readonly unsettled = new Map<number, Uint8Array>();

  // The state of the pass.
  private pc = 0;
  private height = 0;
  private slots: Uint8Array = new Uint8Array(0);
  private catches: OpenCatch | null = null;
  private isReachable = true;
  private targets = new Map<number, State>();
  private fresh = new Map<number, FreshClosure>();
  /** Captures that a group of closures still misses: `slot:upvalue`. */
  private missing = new Set<string>();
  /** The closure on top of the stack, with the upvalues that it misses. */
  private top: { readonly closure: FreshClosure; readonly missing: readonly number[] } | null = null;

  constructor(
    private readonly code: CodeObject,
    private readonly functions: ModuleFunctions,
  ) {
    this.words = code.code;
    this.starts = new Uint8Array(this.words.length);
    this.upvalues = code.upvalueNames.map(() => Holds.Nothing);
  }

  verify(): void {
    this.checkHead();
    for (const each of this.code.constants) {
      if (!(each instanceof CodeObject)) continue;
      const uses = this.functions.usesOf(each);
      if (uses === undefined) this.fail('a function inside itself');
      this.inner.set(each, uses);
    }
    this.checkBuiltins();
    this.checkInstructions();
    this.checkStructure();
    while (!this.pass());
  }

  private fail(what: string): never {
    throw new InvalidCode(`${what} in ${this.code.name} at ${this.pc}`);
  }

  private require(condition: boolean, what: string): void {
    if (!condition) this.fail(what);
  }

  private checkHead(): void {
    const { required, rest, localCount, localNames, maxStack, spans } = this.code;
    this.require(localCount === localNames.length && localCount <= MAX_LOCALS, 'a wrong count of locals');
    this.require(required + (rest ? 1 : 0) <= localCount, 'more parameters than locals');
    this.require(maxStack <= MAX_STACK, 'a wrong depth of the stack');
    this.require(this.words.length > 0, 'no code');
    this.require(spans.length % SPAN_ROW === 0, 'a line table that is cut short');
    for (let row = SPAN_ROW; row < spans.length; row += SPAN_ROW)
      this.require(spans[row] > spans[row - SPAN_ROW], 'a line table out of order');
  }

  private checkBuiltins(): void {
    for (const each of this.code.constants) {
      const isBuiltin = each instanceof Primitive || each instanceof ControlPrimitive;
      const name = each instanceof Closure ? each.code.name : isBuiltin ? each.name : '';
      if (isKernelOnly(name)) this.fail(`a builtin of the kernel, ${name}`);
    }
  }

  // ---- 1. instructions and operands

  private checkInstructions(): void {
    const { words, starts } = this;
    for (let pc = 0; pc < words.length; ) {
      this.pc = pc;
      const info = OPS[words[pc]];
      this.require(info !== undefined && info.op !== Op.Halt && info.op !== Op.Decode, 'no such instruction');
      const next = pc + 1 + info.operands.length;
      this.require(next <= words.length, 'half an instruction');
      starts[pc] = 1;
      info.operands.forEach((kind, i) => {
        this.checkOperand(kind, words[pc + 1 + i]);
      });
      this.checkConstant(words[pc], words[pc + 1]);
      pc = next;
    }
  }

  private checkOperand(kind: OperandKind, value: number): void {
    const { constants, localCount } = this.code;
    if (kind === 'k') this.require(value >= 0 && value < constants.length, 'a constant out of range');
    else if (kind === 's') this.require(value >= 0 && value < localCount, 'a local out of range');
  }

  /** Whether the constant that an instruction refers to is of the kind that it expects. */
  private checkConstant(op: Op, index: number): void {
    const { constants } = this.code;
    const constant: Value | undefined = constants[index];
    switch (op) {
      case Op.LoadConst:
        return this.require(!(constant instanceof CodeObject || constant instanceof Cell), 'code used as a value');
      case Op.CheckSet:
        return this.require(typeof constant === 'string', 'a name that is no text');
      case Op.LoadGlobal:
      case Op.StoreGlobal:
        return this.require(constant instanceof Cell, 'a constant that is no variable');
      case Op.DefineGlobal:
        return this.require(
          constant instanceof Cell && constant.module === this.functions.module,
          "a definition of another module's variable",
        );
      case Op.MakeClosure:
        return this.require(constant instanceof CodeObject, 'a closure of something else than code');
      case Op.LoadProcedure:
        return this.require(
          constant instanceof CodeObject && capturesNothing(constant),
          'a procedure of something else than code that captures nothing',
        );
      case Op.PushCatch:
        return this.require(constant === false || constant instanceof Sym, 'a tag that is no symbol');
      case Op.CallPrimitive:
        return this.require(
          constant instanceof Primitive && constant.accepts(this.words[this.pc + 2]),
          'a primitive called with a wrong count of arguments',
        );
    }
  }

  // ---- 2. structure

  private checkStructure(): void {
    const { words } = this;
    const regions: Region[] = [];
    const jumps: { from: number; to: number }[] = [];
    let jumpCount = 0;
    for (let pc = 0; pc < words.length; pc = nextPc(words, pc)) {
      this.pc = pc;
      const to = jumpTarget(words, pc);
      if (!OPS[words[pc]].operands.includes('d')) continue;
      jumpCount++;
      this.require(to >= 0 && to < words.length && this.starts[to] === 1, 'a jump to no instruction');
      this.require(words[pc] === Op.Loop ? to <= pc : to > pc, 'a jump in the wrong direction');
      if (words[pc] === Op.PushCatch) regions.push({ start: pc, end: to });
      else if (words[pc] !== Op.Loop) jumps.push({ from: pc, to });
    }
    this.require(jumpCount * this.code.localCount <= MAX_STATE_BYTES, 'too many jumps');
    this.loops = loopEnds(words, 0, words.length);
    for (const [start, end] of this.loops) regions.push({ start, end });
    const around = this.regionsAround(regions);
    for (const { from, to } of jumps) {
      this.pc = from;
      const region = around[to];
      this.require(region === null || from >= region.start, 'a jump into a loop or a catch');
    }
  }

  /** For each pc, the innermost region that it is inside of, its start left out. They must be nested properly. */
  private regionsAround(regions: readonly Region[]): (Region | null)[] {
    const sorted = [...regions].sort((a, b) => a.start - b.start || b.end - a.end);
    const around = new Array<Region | null>(this.words.length).fill(null);
    const open: Region[] = [];
    let next = 0;
    for (let pc = 0; pc < this.words.length; pc++) {
      while (open.length > 0 && open[open.length - 1].end <= pc) open.pop();
      around[pc] = open[open.length - 1] ?? null;
      for (; next < sorted.length && sorted[next].start === pc; next++) {
        this.pc = pc;
        this.require(open.length === 0 || sorted[next].end <= open[open.length - 1].end, 'loops or catches that cross');
        open.push(sorted[next]);
      }
    }
    return around;
  }

  // ---- 3. the pass

  /** Whether all loops agree with what was assumed of them; if not, another pass has to be made. */
  private pass(): boolean {
    const { words, code } = this;
    this.height = 0;
    this.slots = new Uint8Array(code.localCount).fill(Holds.Value, 0, code.required + (code.rest ? 1 : 0));
    this.catches = null;
    this.isReachable = true;
    this.targets = new Map();
    this.fresh.clear();
    const heads = new Map<number, State>();
    let isSettled = true;
    for (let pc = 0; pc < words.length; pc = nextPc(words, pc)) {
      this.pc = pc;
      this.arrive(pc);
      if (!this.isReachable) continue;
      if (this.loops.has(pc)) {
        this.unsettled.get(pc)?.forEach((isGone, slot) => {
          if (isGone === 1) this.slots[slot] = Holds.Nothing;
        });
        heads.set(pc, this.state());
      }
      if (words[pc] === Op.Loop) isSettled = this.closeLoop(jumpTarget(words, pc), heads) && isSettled;
      else this.instruction(pc);
      this.require(this.height <= code.maxStack, 'a stack that is too deep');
    }
    this.require(!this.isReachable, 'an end without return');
    return isSettled;
  }

  private state(): State {
    return { height: this.height, slots: this.slots.slice(), catches: this.catches };
  }

  /** Take over what jumps to here have brought. */
  private arrive(pc: number): void {
    const target = this.targets.get(pc);
    if (target === undefined) return;
    this.endGroup();
    if (this.isReachable) this.jumpTo(pc);
    this.height = target.height;
    this.slots = target.slots;
    this.catches = target.catches;
    this.isReachable = true;
    this.targets.delete(pc);
  }

  /** The present state reaches a place further down. */
  private jumpTo(pc: number, height = this.height): void {
    const { catches } = this;
    this.require(catches === null || pc < catches.end, 'a jump out of a catch');
    const target = this.targets.get(pc);
    if (target === undefined) {
      this.targets.set(pc, { height, slots: this.slots.slice(), catches });
      return;
    }
    this.require(target.height === height && target.catches === catches, 'ways that meet with different stacks');
    for (let i = 0; i < this.slots.length; i++) if (target.slots[i] !== this.slots[i]) target.slots[i] = Holds.Nothing;
  }

  private closeLoop(head: number, heads: ReadonlyMap<number, State>): boolean {
    const assumed = heads.get(head);
    if (assumed === undefined) this.fail('a loop without an entry');
    this.require(assumed.height === this.height && assumed.catches === this.catches, 'a loop that changes the stack');
    this.isReachable = false;
    let agrees = true;
    for (let i = 0; i < this.slots.length; i++) {
      if (assumed.slots[i] === Holds.Nothing || assumed.slots[i] === this.slots[i]) continue;
      agrees = false;
      let gone = this.unsettled.get(head);
      if (gone === undefined) this.unsettled.set(head, (gone = new Uint8Array(this.slots.length)));
      gone[i] = 1;
    }
    return agrees;
  }

  private instruction(pc: number): void {
    const { words } = this;
    const op = words[pc] as Op;
    const a = words[pc + 1];
    if (op !== Op.MakeClosure && op !== Op.StoreLocal && op !== Op.PatchUpval) this.endGroup();
    this.move(op, a, words[pc + 2]);
    switch (op) {
      case Op.LoadLocal:
        return this.require(this.slots[a] === Holds.Value, 'a local that holds no value');
      case Op.LoadBox:
      case Op.StoreBox:
        return this.require(this.slots[a] === Holds.Box, 'a local that holds no box');
      case Op.StoreLocal:
        return this.storeLocal(a);
      case Op.MakeBox:
        this.require(this.slots[a] === Holds.Value, 'a local that holds no value');
        return this.hold(a, Holds.Box);
      case Op.ClearLocal:
        return this.hold(a, Holds.Value);
      case Op.LoadUpval:
        return this.useUpvalue(a, Holds.Value);
      case Op.LoadUpvalBox:
      case Op.StoreUpvalBox:
        return this.useUpvalue(a, Holds.Box);
      case Op.Jump:
        this.jumpTo(jumpTarget(words, pc));
        this.isReachable = false;
        return;
      case Op.JumpIfFalse:
      case Op.JumpIfTrue:
        return this.jumpTo(jumpTarget(words, pc));
      case Op.MakeClosure:
        return this.makeClosure(this.code.constants[a] as CodeObject);
      case Op.PatchUpval:
        return this.patch(a, words[pc + 2], words[pc + 3]);
      case Op.TailCall:
      case Op.Return:
        this.require(this.catches === null, 'a return out of a catch');
        this.isReachable = false;
        return;
      case Op.PushCatch: {
        const end = jumpTarget(words, pc);
        this.jumpTo(end, this.height + 1);
        this.catches = { end, outer: this.catches };
        return;
      }
      case Op.PopCatch:
        this.require(this.catches !== null && this.catches.end === nextPc(words, pc), 'a catch that ends elsewhere');
        this.catches = this.catches!.outer;
        return;
    }
  }

  /** Pop what the instruction takes, push what it gives. */
  private move(op: Op, a: number, b: number): void {
    const { effect, pops } = OPS[op];
    const args = op === Op.Call || op === Op.TailCall ? a : op === Op.CallPrimitive ? b : 0;
    this.require(args >= 0 && this.height >= pops + args, 'too few values on the stack');
    this.height += effect - args;
  }

  /** A slot gets other contents; a handler may find these or the ones before. */
  private hold(slot: number, what: Holds): void {
    this.slots[slot] = what;
    for (let open = this.catches; open !== null; open = open.outer) {
      const target = this.targets.get(open.end)!;
      if (target.slots[slot] !== what) target.slots[slot] = Holds.Nothing;
    }
  }

  private useUpvalue(index: number, as: Holds): void {
    const { upvalues } = this;
    this.require(index >= 0 && index < upvalues.length, 'an upvalue out of range');
    if (upvalues[index] === Holds.Nothing) upvalues[index] = as;
    this.require(upvalues[index] === as, 'an upvalue used as value and as box');
  }

  // ---- closures. Those of a group may capture slots that are filled only later, and are patched then; until they are,
  // nothing but making, storing and patching closures may happen.

  private makeClosure(code: CodeObject): void {
    this.require(this.top === null || this.top.missing.length === 0, 'a closure that is not complete');
    const uses = this.inner.get(code)!;
    const { captures } = code;
    this.require(captures.length === uses.length, 'a wrong count of captures');
    const missing: number[] = [];
    uses.forEach((use, i) => {
      const from = captures[i];
      if (from === CAPTURE_SELF) this.require(use !== Holds.Box, 'a closure used as box');
      else if (from < 0) this.captureUpvalue(-1 - from, use);
      else if (!this.capturesLocal(from, use)) missing.push(i);
    });
    this.top = { closure: { code, uses }, missing };
  }

  private captureUpvalue(index: number, use: Holds): void {
    if (use !== Holds.Nothing) return this.useUpvalue(index, use);
    this.require(index >= 0 && index < this.upvalues.length, 'an upvalue out of range');
  }

  private capturesLocal(slot: number, use: Holds): boolean {
    this.require(slot < this.slots.length, 'a captured local out of range');
    const holds = this.slots[slot];
    return holds === Holds.Nothing ? false : use === Holds.Nothing || use === holds;
  }

  private storeLocal(slot: number): void {
    const { top } = this;
    this.top = null;
    this.hold(slot, Holds.Value);
    this.fresh.delete(slot);
    if (top === null) return this.endGroup();
    this.fresh.set(slot, top.closure);
    for (const upvalue of top.missing) this.missing.add(`${slot}:${upvalue}`);
  }

  private patch(slot: number, upvalue: number, from: number): void {
    const closure = this.fresh.get(slot);
    if (closure === undefined || this.top !== null) this.fail('a patch of something else than a new closure');
    const { uses } = closure;
    this.require(upvalue >= 0 && upvalue < uses.length, 'an upvalue out of range');
    this.require(
      this.slots[from] === Holds.Value && uses[upvalue] !== Holds.Box,
      'a patch with something else than a value',
    );
    this.missing.delete(`${slot}:${upvalue}`);
  }

  private endGroup(): void {
    this.require(this.missing.size === 0 && (this.top?.missing.length ?? 0) === 0, 'a closure that is not complete');
    this.top = null;
    this.fresh.clear();
  }
}
