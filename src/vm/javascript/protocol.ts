// The protocol between generated functions and the machine.
//
// A generated function takes its closure, the depth of the host stack, and the arguments (a rest parameter as a list);
// it gives its value, or SIGNAL. SIGNAL means that something else has to happen before there is a value: the runtime
// holds it as the pending *action*, a call or a throw. Who sees SIGNAL
//
//   in tail position     returns it too: the action takes this frame's place
//   at any other call    tries `settle`, which performs a pending call on the host stack if there is room for it;
//                        failing that, *captures*: appends an interpreter frame of itself and returns SIGNAL too
//
// So a capture turns the whole host stack into interpreter frames, innermost first; the machine, at the bottom, puts
// them onto its own stack (`land`) and performs the action there. Control operators, cold functions, a host stack that
// is too deep, and errors all take this way, and the interpreter does not see a difference to frames of its own.
//
// A raise whose `catch` is in generated code, with no handler procedure in between, takes a shorter way: after-thunks run
// on top of the host stack, and then SIGNAL without a capture drops the frames up to that `catch` (`unwinding`).
//
// Any other error is caught in the generated function that it happens in, which captures itself with the pc of the failing
// instruction. By the time the machine looks for a handler, the stack is what it would have been without this tier.

import type { CodeObject } from '../../bytecode/code.ts';
import { Op } from '../../bytecode/ops.ts';
import { Closure, Primitive } from '../../bytecode/procedures.ts';
import { unsetVariable } from '../../values/errors.ts';
import { type Cell, listLength, listToArray, NIL, type Pair, UNSET, type Value } from '../../values/types.ts';
import { badLastArgument, callError, isCallable } from '../call-errors.ts';
import { ControlPrimitive } from '../continuation.ts';
import { halt } from '../halt.ts';
import type { HeapLimit } from '../heap-limit.ts';
import { applyPrimitive } from '../many-arguments.ts';
import { CatchHandler, type Handler, type Winder } from '../stacks.ts';
import { catches, caughtValue, Raise } from '../throw.ts';
import { applyToFew, applyToList, fewArguments, invoke, invokeFew, invokeWithList, spreadRest } from './passing.ts';
import { nextPc } from './structure.ts';
import { framesAt, type InlinedActivation } from './unit.ts';

/** What a generated function returns instead of a value: it is the cheapest to tell from all values. */
export const SIGNAL = undefined;
/** What a generated loop returns when it is left for code outside of it. */
export const LEFT: unique symbol = Symbol('left');

export type Result = Value | typeof SIGNAL | typeof LEFT;

// A depth is a number of two parts: words of host stack, and above them how many tail calls have been made since the last
// call that was none. The frames of tail calls are dead. They are dropped when there are some, long before the host's
// stack is full, so that they stay in the processor's cache.

/**
 * Host stack, in a frame's estimated words: 512 of the 984 KB that Node has by default. The rest is for what is below
 * generated code, for builtins, and for the host's own compilers and collectors. A power of two.
 */
const MAX_DEPTH = 1 << 16;
/** The words of a depth, which go beyond the limit by one frame at most. */
export const DEPTH_MASK = 0x1ffff;
/** One tail call. */
export const TAIL_CALL_UNIT = DEPTH_MASK + 1;
/** Bits of a depth of which the entry of a function finds one set if it has too many words, or tail calls. */
export const DEPTH_LIMITS = MAX_DEPTH | (TAIL_CALL_UNIT << 6);
/** What a call by way of the runtime takes of it. */
const CALL_WORDS = 80;
/** Above this a pending call is not performed on the host stack: the frames below had better be captured. */
const SETTLE_DEPTH = MAX_DEPTH / 2;
/** The frames of tail calls have been dropped so often when the heap limit is looked at. */
const TAIL_RUNS = 16;

/**
 * Interpreter frames of generated functions on their way to the machine, innermost first. A recursion that is deeper than
 * the host's stack passes through here thousands of frames at a time, so they lie in arrays that are used again. Entry i
 * is a frame, or several of one unit that wait at the same place.
 */
export class CapturedFrames {
  /** Of entries. */
  count = 0;
  /** Of frames in all of them. */
  frames = 0;
  readonly closures: Closure[] = [];
  readonly pcs: number[] = [];
  readonly counts: number[] = [];
  /** The values of entry i are those from `bases[i]` to `bases[i + 1]`: of each frame its locals, then its temporaries. */
  readonly bases: number[] = [0];
  readonly values: Value[] = [];
  /** Single frames that are inside `catch`es of their own: which, and the innermost `catch`; the others follow by `enclosing`. */
  readonly catching: { readonly entry: number; readonly handler: CatchHandler }[] = [];
  /** Where the next value of a run goes. */
  private end = 0;

  add(closure: Closure, pc: number, values: readonly Value[], handler: CatchHandler | null): void {
    if (handler !== null) this.catching.push({ entry: this.count, handler });
    let end = this.bases[this.count];
    for (let i = 0; i < values.length; i++) this.values[end++] = values[i];
    this.close(closure, pc, 1, end);
  }

  /** The same for the first `count` of a few values and no `catch`: without a list. */
  addFew(closure: Closure, pc: number, count: number, a: Value, b: Value, c: Value, d: Value): void {
    const { values } = this;
    const at = this.bases[this.count];
    if (count > 0) values[at] = a;
    if (count > 1) values[at + 1] = b;
    if (count > 2) values[at + 2] = c;
    if (count > 3) values[at + 3] = d;
    this.close(closure, pc, 1, at + count);
  }

  /** Several frames of `size` values each; `put` is given the values, the outermost frame's first. */
  addRun(closure: Closure, pc: number, size: number, frames: number): void {
    this.end = this.bases[this.count];
    if (frames > 0) this.close(closure, pc, frames, this.end + size * frames);
  }

  /** When a run has less left than four values, those come first. */
  put(a: Value, b: Value, c: Value, d: Value): void {
    const { values, end } = this;
    values[end] = a;
    values[end + 1] = b;
    values[end + 2] = c;
    values[end + 3] = d;
    this.end = end + 4;
  }

  private close(closure: Closure, pc: number, frames: number, end: number): void {
    const entry = this.count++;
    this.closures[entry] = closure;
    this.pcs[entry] = pc;
    this.counts[entry] = frames;
    this.bases[entry + 1] = end;
    this.frames += frames;
  }

  /** The machine has them. */
  clear(): void {
    this.catching.length = 0;
    this.count = 0;
    this.frames = 0;
  }

  /** Now and then: let go of what was captured. */
  drop(): void {
    this.closures.fill(halt, this.count);
    this.values.fill(NIL, this.bases[this.count]);
  }
}

/** So many values are captured without a list. */
export const FEW_VALUES = 4;

/** The machine's registers that generated code reads and writes. */
export interface Registers {
  handlers: Handler | null;
  winders: Winder | null;
  /** To be called now and then. */
  tick(): void;
  readonly isSafePointDue: boolean;
  /** Where the locals of the running function begin, if that is an end of a function (translate.ts). */
  readonly base: number;
  /**
   * If what waits for the value of the running function is a function of this code at this place, make that the running
   * one: its closure. Else null.
   */
  returnInto(code: CodeObject, pc: number): Closure | null;
  /** The same for several functions of one closure: how many, of which the one that is to run last is the running one. */
  returnIntoRun(code: CodeObject, pc: number): number;
  /** So many of these have not had their turn, and the locals of the running one begin at `base`. */
  leaveRun(count: number, base: number): void;
  /** The running function. */
  readonly closure: Closure;
}

const NO_VALUES: readonly Value[] = [];

/** What generated functions call; one for each machine. */
export class Runtime {
  /** Not empty: a capture is under way. */
  readonly captured = new CapturedFrames();
  /** The pending call is of a generated function that has given itself up: only the frames of tail calls were too many. */
  isTailRun = false;
  private tailRuns = 0;
  /** The pending action: a call … */
  callee: Value = NIL;
  args: readonly Value[] = NO_VALUES;
  /** … or, if `isThrow`, a throw. */
  isThrow = false;
  thrown: unknown = null;
  /** The `catch` in generated code that frames are being dropped for, and what it will be given. */
  unwinding: CatchHandler | null = null;
  value: Value = NIL;
  /** Where a generated loop was left. */
  exitPc = 0;
  exitValues: readonly Value[] = NO_VALUES;

  constructor(
    private readonly registers: Registers,
    private readonly heapLimit: HeapLimit,
    /** Translate a function that is called from hot code; false if it stays interpreted. */
    private readonly warm: (closure: Closure) => boolean,
    /** A builtin. */
    private readonly kernel: (name: string) => Value,
    /** Drop what is generated of the code, and what counts on that. */
    private readonly dropGenerated: (code: CodeObject) => void,
  ) {}

  // ---- actions

  /** Make a call the pending action. */
  request(callee: Value, args: readonly Value[]): typeof SIGNAL {
    this.callee = callee;
    this.args = args;
    this.isThrow = false;
    this.isTailRun = false;
    return SIGNAL;
  }

  /** The pending action, for whoever performs it: nothing of it stays alive from here. */
  takeAction(): { callee: Value; args: readonly Value[]; thrown: unknown } {
    const { callee, args, thrown } = this;
    this.callee = NIL;
    this.args = NO_VALUES;
    this.thrown = null;
    return { callee, args, thrown };
  }

  /** While nothing is pending: let go of what was handed over last. */
  drop(): void {
    this.takeAction();
    this.captured.drop();
    this.value = NIL;
    this.exitValues = NO_VALUES;
  }

  /** Make a throw the pending action. */
  private requestThrow(thrown: unknown): typeof SIGNAL {
    this.isThrow = true;
    this.thrown = thrown;
    return SIGNAL;
  }

  /** At the entry of a function: the host stack is too deep for it, or has the frames of too many tail calls. */
  overflow(depth: number, callee: Closure, ...args: readonly Value[]): typeof SIGNAL {
    const isDeep = (depth & MAX_DEPTH) !== 0;
    try {
      if (isDeep || ++this.tailRuns % TAIL_RUNS === 0) this.heapLimit.check();
      this.request(callee, callee.code.rest ? spreadRest(args) : args);
      this.isTailRun = !isDeep;
      return SIGNAL;
    } catch (thrown) {
      // The caller has not noted where it is: it captures itself, as for any other signal.
      return this.requestThrow(thrown);
    }
  }

  /** Perform the pending call here, if it can be; else SIGNAL again. */
  settle(depth: number): Result {
    while (this.captured.count === 0 && !this.isThrow && this.unwinding === null) {
      const { callee } = this;
      if (depth >= (this.isTailRun ? MAX_DEPTH : SETTLE_DEPTH)) return SIGNAL;
      if (!(callee instanceof Closure) || !this.warm(callee)) return SIGNAL;
      const { args } = this.takeAction();
      const result = invoke(callee, depth + CALL_WORDS, args);
      if (result !== SIGNAL) return result;
    }
    return SIGNAL;
  }

  /**
   * Where no host stack is in use: perform the pending call, as long as it is one of a run of tail calls. Nothing else of
   * the run is on the host's stack then: SIGNAL means that something else is pending.
   */
  continueTailRun(callee: Closure, args: readonly Value[]): Result {
    let result = invoke(callee, 0, args);
    while (result === SIGNAL && this.isTailRun && this.captured.count === 0 && !this.isThrow) {
      const { callee, args } = this.takeAction();
      result = invoke(callee as Closure, 0, args);
    }
    return result;
  }

  /** After a call in a function without a `catch`: the same, and if it cannot be, capture the caller. */
  settleOrCapture(depth: number, closure: Closure, pc: number, ...values: readonly Value[]): Result {
    const result = this.settle(depth);
    return result === SIGNAL ? this.capture(closure, pc, values, null) : result;
  }

  /** The same with a few values. */
  settleOrCaptureFew(
    depth: number,
    closure: Closure,
    pc: number,
    count: number,
    a: Value,
    b: Value,
    c: Value,
    d: Value,
  ): Result {
    const result = this.settle(depth);
    return result === SIGNAL ? this.captureFew(closure, pc, count, a, b, c, d) : result;
  }

  capture(closure: Closure, pc: number, values: readonly Value[], handler: CatchHandler | null): typeof SIGNAL {
    if (this.unwinding === null) this.captured.add(closure, pc, values, handler);
    return SIGNAL;
  }

  captureFew(closure: Closure, pc: number, count: number, a: Value, b: Value, c: Value, d: Value): typeof SIGNAL {
    if (this.unwinding === null) this.captured.addFew(closure, pc, count, a, b, c, d);
    return SIGNAL;
  }

  /** Several frames that wait for each other, at one place: see CapturedFrames.addRun. */
  captureRun(closure: Closure, pc: number, size: number, frames: number): void {
    // While frames are being dropped, what `put` writes lies above those that are captured.
    this.captured.addRun(closure, pc, size, this.unwinding === null ? frames : 0);
  }

  put(a: Value, b: Value, c: Value, d: Value): void {
    this.captured.put(a, b, c, d);
  }

  /** Something was thrown in a generated function. */
  throw(
    thrown: unknown,
    closure: Closure,
    depth: number,
    pc: number,
    values: readonly Value[] = NO_VALUES,
    handler: CatchHandler | null = null,
  ) {
    const target = this.directTarget(thrown);
    if (target !== null) {
      if (!this.runAfterThunks(target, thrown as Raise, depth & DEPTH_MASK))
        return this.capture(closure, pc, values, handler);
      this.deliver(target, thrown as Raise);
      this.unwinding = target;
      return SIGNAL;
    }
    this.requestThrow(thrown);
    return this.capture(closure, pc, values, handler);
  }

  /** The same in a unit of several functions, for whichever is at this place. */
  throwIn(thrown: unknown, self: Closure, depth: number, place: number, inlined: readonly InlinedActivation[]) {
    const [[closure, pc], ...callers] = framesAt(place, self, inlined);
    this.throw(thrown, closure, depth, pc);
    for (const [caller, at] of callers) this.capture(caller, at, NO_VALUES, null);
    return SIGNAL;
  }

  /** Go on in the interpreter, which is given `value` first; the frames are captured next. */
  interpret(value: Value): void {
    this.request(this.kernel('values'), [value]);
  }

  /**
   * An instruction is not given the flonums that were expected: it is done by the interpreter, from the captured frame and
   * its last operand, and nothing is expected of it again.
   */
  surprise(code: CodeObject, next: number, operand: Value): void {
    code.noteSurprise(next);
    this.dropGenerated(code);
    this.interpret(operand);
  }

  /**
   * On the way to a `catch`: run the after-thunks of what has been entered inside it. False if that is not done on the
   * host stack: then it has been captured, as the call that goes on to the `catch` behind them.
   */
  private runAfterThunks(target: CatchHandler, raise: Raise, depth: number): boolean {
    if (this.registers.winders === target.winders) return true;
    const leave = this.kernel('%leave-winders') as Closure;
    const result = this.call(leave, leave, depth, [target.winders ?? NIL]);
    if (result !== SIGNAL || this.settle(depth + CALL_WORDS) !== SIGNAL) return true;
    const unwind = this.kernel('%unwind') as Closure;
    this.capture(unwind, afterFirstCall(unwind.code), [target, caughtValue(raise)], null);
    return false;
  }

  leave(pc: number, values: readonly Value[]): typeof LEFT {
    this.exitPc = pc;
    this.exitValues = values;
    return LEFT;
  }

  tick(): void {
    this.registers.tick();
  }

  returnInto(code: CodeObject, pc: number): Closure | null {
    return this.registers.returnInto(code, pc);
  }

  returnIntoRun(code: CodeObject, pc: number): number {
    return this.registers.returnIntoRun(code, pc);
  }

  /** The end of a function that goes through a run of them is about to be captured, with `count` of them still to come. */
  leaveRun(count: number, base: number): void {
    this.registers.leaveRun(count, base);
  }

  get closure(): Closure {
    return this.registers.closure;
  }

  get base(): number {
    return this.registers.base;
  }

  /** Something was thrown in the end of a function that goes through a run of them. */
  throwInRun(thrown: unknown, closure: Closure, depth: number, pc: number, count: number, base: number) {
    this.leaveRun(count, base);
    return this.throw(thrown, closure, depth, pc);
  }

  // ---- calls of anything but a closure with the right number of parameters

  call(caller: Closure, callee: Value, depth: number, args: readonly Value[]): Result {
    // What is to be done at a safe point is done when the frames have been captured.
    if (this.registers.isSafePointDue) return this.request(callee, args);
    for (;;) {
      if (!isCallable(callee, args.length)) throw callError(caller, callee, args.length);
      if (callee instanceof Primitive) return applyPrimitive(callee, args);
      if (callee instanceof Closure) {
        return this.warm(callee) ? invoke(callee, depth + CALL_WORDS, args) : this.request(callee, args);
      }
      if (!(callee instanceof ControlPrimitive) || callee.redirect === null) return this.request(callee, args);
      [callee, args] = callee.redirect(args);
    }
  }

  /** In tail position: errors in what is called, a primitive perhaps, belong to whoever is waiting for the value. */
  tailCall(caller: Closure, callee: Value, depth: number, args: readonly Value[]): Result {
    if (!isCallable(callee, args.length)) throw callError(caller, callee, args.length);
    try {
      return this.call(caller, callee, depth, args);
    } catch (thrown) {
      return this.requestThrow(thrown);
    }
  }

  /** The same for the value of a variable that may not have been defined yet. */
  callGlobal(caller: Closure, cell: Cell, depth: number, ...args: readonly Value[]): Result {
    return this.call(caller, globalValue(cell), depth, args);
  }

  tailCallGlobal(caller: Closure, cell: Cell, depth: number, ...args: readonly Value[]): Result {
    return this.tailCall(caller, globalValue(cell), depth, args);
  }

  /** The same for the first `n` of a few arguments and no variable: without a list for a rest parameter or a primitive. */
  callFew(caller: Closure, callee: Value, depth: number, n: number, a: Value, b: Value, c: Value): Result {
    if (n > 0 && callee instanceof Primitive && callee.accepts(n)) return applyToFew(callee, n, a, b, c);
    return this.takesFew(callee, n)
      ? invokeFew(callee, depth + CALL_WORDS, n, a, b, c)
      : this.call(caller, callee, depth, fewArguments(n, a, b, c));
  }

  tailCallFew(caller: Closure, callee: Value, depth: number, n: number, a: Value, b: Value, c: Value): Result {
    if (!isCallable(callee, n)) throw callError(caller, callee, n);
    try {
      return this.callFew(caller, callee, depth, n, a, b, c);
    } catch (thrown) {
      return this.requestThrow(thrown);
    }
  }

  private takesFew(callee: Value, n: number): callee is Closure {
    if (!(callee instanceof Closure)) return false;
    const { rest, required, js } = callee.code;
    return rest && required <= n && js !== null && !this.registers.isSafePointDue;
  }

  /** `(apply callee … list)`, with the arguments in between in front of the list: `between` of them. */
  apply(caller: Closure, callee: Value, depth: number, between: number, list: Value): Result {
    const n = listLength(list);
    if (n < 0) throw badLastArgument(tailOf(list, between));
    if (callee instanceof Primitive && callee.accepts(n)) return applyToList(callee, n, list);
    if (callee instanceof Closure && callee.code.js !== null && isCallable(callee, n) && !this.registers.isSafePointDue)
      return invokeWithList(callee, depth + CALL_WORDS, list);
    return this.call(caller, callee, depth, listToArray(list)!);
  }

  tailApply(caller: Closure, callee: Value, depth: number, between: number, list: Value): Result {
    try {
      return this.apply(caller, callee, depth, between, list);
    } catch (thrown) {
      return this.requestThrow(thrown);
    }
  }

  // ---- handlers

  pushCatch(tag: string | null, pc: number, height: number, enclosing: CatchHandler | null): CatchHandler {
    const { winders, handlers } = this.registers;
    const handler = new CatchHandler(tag, pc, -1, height, winders, handlers, enclosing);
    this.registers.handlers = handler;
    return handler;
  }

  popCatch(handler: CatchHandler): CatchHandler | null {
    this.registers.handlers = handler.next;
    return handler.enclosing;
  }

  /** Something was thrown inside this `catch`, in its own frame: whether it goes no further. Its value is `value`. */
  catchesHere(thrown: unknown, handler: CatchHandler): boolean {
    if (this.directTarget(thrown) !== handler || this.registers.winders !== handler.winders) return false;
    this.deliver(handler, thrown as Raise);
    return true;
  }

  /** The `catch` that frames are being dropped for has been reached. */
  arrive(): void {
    this.unwinding = null;
  }

  private deliver(handler: CatchHandler, raise: Raise): void {
    this.registers.handlers = handler.next;
    this.value = caughtValue(raise);
  }

  /**
   * The `catch` that a raise can go to directly, dropping the generated frames in between: it is in generated code, so
   * these frames are all there is above it; no handler procedure lies between; and nobody will ask for a trace, as one
   * would for an error.
   */
  private directTarget(thrown: unknown): CatchHandler | null {
    if (!(thrown instanceof Raise)) return null;
    const { handlers, winders } = this.registers;
    for (let handler = handlers; handler !== null && handler.kind === 'catch'; handler = handler.next) {
      if (catches(handler, thrown)) return handler.depth < 0 && isAround(handler.winders, winders) ? handler : null;
    }
    return null;
  }
}

function tailOf(list: Value, count: number): Value {
  let tail = list;
  for (let i = 0; i < count; i++) tail = (tail as Pair).cdr;
  return tail;
}

function globalValue(cell: Cell): Value {
  if (cell.value === UNSET) throw unsetVariable(cell.name);
  return cell.value;
}

const isAround = (outer: Winder | null, inner: Winder | null): boolean => {
  let winder = inner;
  while (winder !== null && winder !== outer) winder = winder.next;
  return winder === outer;
};

/** Where a function goes on after the first call in it that is not a tail call. */
function afterFirstCall({ code }: CodeObject): number {
  let pc = 0;
  while (code[pc] !== Op.Call) pc = nextPc(code, pc);
  return nextPc(code, pc);
}
