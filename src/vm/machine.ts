// The machine: registers, stacks, and the interpreter tier.
//
// `execute` is the interpreter: one loop over the bytecode with the registers in local variables. Whatever is rare
// (calls of anything but a closure with the right number of arguments, a full or empty live stack, errors) saves the
// registers to the machine's fields, works on those, and has the loop load them again. See stacks.ts for the stacks.
//
// No builtin calls back into Eta. When the machine itself needs Eta code to run (after-thunks on the way to a handler,
// handler procedures) it calls a function of stdlib/kernel.eta like any other: `%rewind`, `%call-handler`.

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { CAPTURE_SELF, type CodeObject, type FunctionEnd } from '../bytecode/code.ts';
import { Op } from '../bytecode/ops.ts';
import { Closure, Primitive, procedureOf } from '../bytecode/procedures.ts';
import { isEq } from '../values/equality.ts';
import {
  assert,
  EtaError,
  InvariantError,
  indexError,
  type TraceFrame,
  typeError,
  unsetVariable,
} from '../values/errors.ts';
import { add, ge, gt, le, lt, mul, numEq, sub } from '../values/numbers.ts';
import { NO_SPAN, type Span } from '../values/span.ts';
import { Box, type Cell, NIL, Pair, Sym, UNSET, type Value, Vector } from '../values/types.ts';
import { callError, isCallable } from './call-errors.ts';
import { Continuation, type ControlPrimitive, type ControlResult, JUMPED, TAIL_CALL } from './continuation.ts';
import { halt } from './halt.ts';
import { HeapLimit } from './heap-limit.ts';
import { callGenerated } from './javascript/passing.ts';
import { type CapturedFrames, LEFT, type Result, SIGNAL } from './javascript/protocol.ts';
import { JavaScriptTier, type TierMode } from './javascript/tier.ts';
import { liveValues } from './live-values.ts';
import { applyPrimitive } from './many-arguments.ts';
import { bottomOf, countOf, fitsRun, isRun, MAX_RUN, pcOf, runOf, sizeOf, withoutUppermost } from './runs.ts';
import { CatchHandler, type Handler, type ProcedureHandler, Segment, type Winder } from './stacks.ts';
import { asCause, catches, caughtValue, ErrorObject, Raise } from './throw.ts';

/**
 * Records that the live stack has room for at first, and before it is moved to the heap instead of growing: continuations
 * aside, there is nothing to gain from moving it, but one array cannot grow for ever.
 */
const FIRST_RECORDS = 500;
const MAX_RECORDS = 2_560_000;
/** The same for values. */
const FIRST_VALUES = 3_000;
const MAX_VALUES = 15_360_000;
/** Room above the limit for the locals and temporaries of the running function. */
const SPARE_VALUES = 4096;
/** Frames captured at a time that are worth making runs of: few frames are returned into one by one, where they lie. */
const MANY_FRAMES = 200;
/** Frames copied back from the heap at a time, or a few more: enough to amortise, few enough for generators. */
const REFILL = 32;
/** Calls and loop turns between two looks at the heap limit. */
const TICKS = 200_000;
/** The same until the program is worth preparing the host for generated code: V8 would soon begin to optimise the interpreter. */
const FIRST_TICKS = 100;
/** Looks at the heap limit, from generated code also, until what is dead on the live stack is overwritten. */
const TICKS_TO_CLEAR = 16;
/** A trace stops here. */
const MAX_TRACE = 100;

/** Something to be done where all frames are on the machine's stacks, which `enter` is such a place of. */
export interface SafePoint {
  /** Whether it is to be done at the next such place. */
  readonly isDue: boolean;
  /** What to call there in place of a call. */
  before(vm: Machine, callee: Value, args: readonly Value[]): [callee: Value, args: readonly Value[]];
  look(heapSize: number): void;
}

export class Machine {
  /** What `eval` compiles with; the session sets it. Gives a parameterless closure. */
  compileEval: ((datum: Value, scope: Value, boxes: readonly Value[]) => Closure) | null = null;
  handlers: Handler | null = null;
  winders: Winder | null = null;
  /** The tag of what the handler procedure that was called last has been given; null for none. */
  raisedTag: string | null = null;

  private readonly stack: Value[] = [];
  private readonly recordClosures: Closure[] = [];
  private readonly recordPlaces: number[] = [];
  private readonly recordBases: number[] = [];
  /** At so many records or values, the live stack is full. */
  private maxRecords = 0;
  private maxValues = 0;
  private ticksToClear = TICKS_TO_CLEAR;
  private hasTicked = false;
  /** Until the next look at the heap limit. */
  private ticks = FIRST_TICKS;
  /** What lies below the live stack. */
  private segment: Segment | null = null;
  /** A view of a segment that only we refer to. */
  private ownSegment: Segment | null = null;

  // Registers, current whenever `execute` is not running.
  closure: Closure = halt;
  private pc = 0;
  base = 0;
  private sp = 0;
  /** Count of live records. */
  private fp = 0;

  /** How deep runs are nested. */
  private level = 0;
  private ownSafePoint: SafePoint | null = null;
  private tailCallee: Value = NIL;
  private tailArgs: readonly Value[] = [];
  private readonly heapLimit: HeapLimit;
  /** The value on top of the stack is one that the running function waited for, which generated code may take. */
  private isDelivered = false;
  private readonly tier: JavaScriptTier;

  constructor(
    readonly builtins: BuiltinTable,
    heapLimitBytes: number | null = null,
    tierMode: TierMode = 'on',
  ) {
    this.resizeRecords(FIRST_RECORDS);
    this.resizeValues(FIRST_VALUES);
    this.heapLimit = new HeapLimit(heapLimitBytes);
    const kernel = (name: string) => this.kernel(name);
    this.tier = new JavaScriptTier(tierMode, this, this.heapLimit, kernel, this.execute);
  }

  /**
   * Call a procedure and run until it returns. Not re-entrant.
   *
   * Throws EtaError or Raise (with span and trace filled in) if nothing in the program catches it; the after-thunks
   * that are then due are run by `unwindAll`. Whatever else a primitive throws (ExitRequest …) passes unchanged.
   */
  run(procedure: Value, args: readonly Value[]): Value {
    this.segment = null;
    this.handlers = null;
    this.fp = 1;
    this.recordClosures[0] = halt;
    this.recordPlaces[0] = 0;
    this.recordBases[0] = 0;
    this.closure = halt;
    this.base = 0;
    this.sp = 0;
    let isStarted = false;
    for (;;) {
      try {
        if (!isStarted) {
          isStarted = true;
          this.enter(procedure, args, halt);
        }
        return this.execute();
      } catch (thrown) {
        this.handle(thrown);
      }
    }
  }

  /** After an uncaught error or an exit: run the after-thunks still due, innermost first; report their errors. */
  unwindAll(report: (thrown: unknown) => void): void {
    while (this.winders !== null) {
      const { after, next } = this.winders;
      this.winders = next;
      try {
        this.run(after, []);
      } catch (thrown) {
        report(thrown);
      }
    }
  }

  /** Whether a program that runs on this machine waits for something that is loaded. */
  get isNested(): boolean {
    return this.level > 0;
  }

  get isSafePointDue(): boolean {
    return this.ownSafePoint?.isDue === true;
  }

  set safePoint(safePoint: SafePoint) {
    this.ownSafePoint = safePoint;
    this.heapLimit.observer = safePoint;
  }

  /** For control primitives: what to return to have `callee` called in their place. */
  tail(callee: Value, args: readonly Value[]): ControlResult {
    this.tailCallee = callee;
    this.tailArgs = args;
    return TAIL_CALL;
  }

  /** The continuation of the control primitive that is running. */
  captureContinuation(): Continuation {
    this.capture(this.base);
    this.ownSegment = null;
    this.base = 0;
    this.sp = 0;
    return new Continuation(this.segment, this.handlers, this.winders, this.level);
  }

  /** Continue elsewhere with this value; the winders have been seen to. Called by a control primitive. */
  jump(target: Continuation | CatchHandler, value: Value): ControlResult {
    if (target instanceof CatchHandler) {
      this.unwindTo(target, value);
      return JUMPED;
    }
    if (target.level !== this.level) throw typeError('a continuation cannot leave or enter the loading of a module');
    this.segment = target.segment;
    this.handlers = target.handlers;
    this.winders = target.winders;
    this.fp = 0;
    return value;
  }

  /**
   * For a control primitive: do something that itself runs Eta code on this machine, such as loading a module. No
   * continuation crosses it; errors do, after the after-thunks that are due.
   */
  nested(action: () => Value): ControlResult {
    const here = this.captureContinuation();
    this.winders = null;
    this.level++;
    try {
      return this.comeBack(here, action());
    } catch (thrown) {
      this.unwindAll(() => {});
      this.comeBack(here, NIL);
      throw thrown;
    }
  }

  private comeBack(here: Continuation, value: Value): ControlResult {
    this.level--;
    return this.jump(here, value);
  }

  // ---- the interpreter

  private execute(): Value {
    const { stack, recordClosures, recordPlaces, recordBases, tier } = this;
    const { threshold } = tier;
    // Functions as hot as this have their callees noted.
    const noteAt = threshold / 2;
    let { closure, pc, base, sp, fp, maxRecords, maxValues } = this;
    let code = closure.code.entry;
    let constants = closure.code.entryConstants;
    let { ticks } = this;
    // Whether the machine's fields, not the locals, hold the registers.
    let isSaved = true;
    try {
      for (;;) {
        if (isSaved) {
          while (this.isDelivered) {
            this.isDelivered = false;
            this.resume(stack[--this.sp]);
          }
          ({ closure, pc, base, sp, fp, maxRecords, maxValues } = this);
          code = closure.code.entry;
          constants = closure.code.entryConstants;
          isSaved = false;
        }
        running: for (;;) {
          switch (code[pc++] as Op) {
            case Op.LoadConst:
              stack[sp++] = constants[code[pc++]];
              continue;
            case Op.LoadInt:
              stack[sp++] = code[pc++];
              continue;
            case Op.LoadLocal:
              stack[sp++] = stack[base + code[pc++]];
              continue;
            case Op.StoreLocal:
              stack[base + code[pc++]] = stack[--sp];
              continue;
            case Op.LoadBox:
              stack[sp++] = (stack[base + code[pc++]] as Box).value;
              continue;
            case Op.StoreBox:
              (stack[base + code[pc++]] as Box).value = stack[--sp];
              continue;
            case Op.MakeBox: {
              const slot = base + code[pc++];
              stack[slot] = new Box(stack[slot]);
              continue;
            }
            case Op.ClearLocal:
              stack[base + code[pc++]] = UNSET;
              continue;
            case Op.LoadUpval: {
              const index = code[pc++];
              stack[sp++] = index === 0 ? closure.u0! : index === 1 ? closure.u1! : closure.upvalue(index);
              continue;
            }
            case Op.LoadUpvalBox: {
              const index = code[pc++];
              const box = index === 0 ? closure.u0 : index === 1 ? closure.u1 : closure.upvalue(index);
              stack[sp++] = (box as Box).value;
              continue;
            }
            case Op.StoreUpvalBox:
              (closure.upvalue(code[pc++]) as Box).value = stack[--sp];
              continue;
            case Op.LoadSelf:
              stack[sp++] = closure;
              continue;
            case Op.CheckSet: {
              const name = constants[code[pc++]] as string;
              if (stack[sp - 1] === UNSET) throw unsetVariable(name);
              continue;
            }
            case Op.LoadGlobal: {
              const cell = constants[code[pc++]] as Cell;
              const { value } = cell;
              if (value === UNSET) throw unsetVariable(cell.name);
              stack[sp++] = value;
              continue;
            }
            case Op.StoreGlobal: {
              const cell = constants[code[pc++]] as Cell;
              if (cell.value === UNSET) throw unsetVariable(cell.name);
              cell.set(stack[--sp]);
              continue;
            }
            case Op.DefineGlobal:
              (constants[code[pc++]] as Cell).set(stack[--sp]);
              continue;
            case Op.Pop:
              sp--;
              continue;
            case Op.Jump: {
              const distance = code[pc++];
              pc += distance;
              continue;
            }
            case Op.JumpIfFalse: {
              const distance = code[pc++];
              if (stack[--sp] === false) pc += distance;
              continue;
            }
            case Op.JumpIfTrue: {
              const distance = code[pc++];
              if (stack[--sp] !== false) pc += distance;
              continue;
            }
            case Op.Loop: {
              const distance = code[pc++];
              if (--ticks < 0) {
                ticks = TICKS;
                this.sp = sp;
                this.fp = fp;
                this.tick();
                ({ maxRecords, maxValues } = this);
              }
              pc += distance;
              if (++closure.code.hotness <= threshold) continue;
              this.closure = closure;
              this.pc = pc;
              this.base = base;
              this.sp = sp;
              this.fp = fp;
              isSaved = true;
              this.enterLoop();
              break running;
            }
            case Op.MakeClosure:
              stack[sp++] = makeClosure(constants[code[pc++]] as CodeObject, closure, stack, base);
              continue;
            case Op.PatchUpval: {
              const patched = stack[base + code[pc]] as Closure;
              patched.setUpvalue(code[pc + 1], stack[base + code[pc + 2]]);
              pc += 3;
              continue;
            }
            case Op.LoadProcedure:
              stack[sp++] = procedureOf(constants[code[pc++]] as CodeObject);
              continue;
            case Op.Call: {
              const n = code[pc++];
              const callee = stack[--sp];
              if (callee instanceof Closure && callee.code.required === n && !callee.code.rest) {
                const target = callee.code;
                if (closure.code.hotness > noteAt) closure.code.noteCallee(pc, target);
                if (target.jsArity >= 0 || (++target.hotness > threshold && tier.translate(target))) {
                  sp -= n;
                  this.sp = sp;
                  this.fp = fp;
                  const result = callGenerated(callee, stack, sp, n);
                  ({ maxRecords, maxValues } = this);
                  if (result !== SIGNAL) {
                    stack[sp++] = result as Value;
                    continue;
                  }
                  this.closure = closure;
                  this.pc = pc;
                  this.base = base;
                  this.sp = sp;
                  this.fp = fp;
                  isSaved = true;
                  this.pushRecord();
                  this.land();
                  break running;
                }
                recordClosures[fp] = closure;
                recordPlaces[fp] = pc;
                recordBases[fp++] = base;
                if (fp >= maxRecords || sp >= maxValues || --ticks < 0) {
                  ticks = TICKS;
                  this.sp = sp;
                  this.fp = fp;
                  this.tick();
                  sp = this.makeRoomOrSpill(sp, n);
                  ({ fp, maxRecords, maxValues } = this);
                }
                base = sp - n;
                closure = callee;
                sp = base + target.localCount;
                code = target.entry;
                constants = target.entryConstants;
                pc = 0;
                continue;
              }
              if (callee instanceof Primitive && callee.accepts(n)) {
                const value = n === 1 ? callee.fn(stack[sp - 1]) : callee.fn(...stack.slice(sp - n, sp));
                sp -= n;
                stack[sp++] = value;
                continue;
              }
              this.closure = closure;
              this.pc = pc;
              this.base = base;
              this.sp = sp;
              this.fp = fp;
              isSaved = true;
              this.callSlow(callee, n);
              break running;
            }
            case Op.TailCall: {
              const n = code[pc++];
              const callee = stack[--sp];
              if (callee instanceof Closure && callee.code.required === n && !callee.code.rest) {
                const target = callee.code;
                const from = sp - n;
                if (closure.code.hotness > noteAt) closure.code.noteCallee(pc, target);
                if (target.jsArity >= 0 || (++target.hotness > threshold && tier.translate(target))) {
                  this.sp = base;
                  this.fp = fp;
                  const result = callGenerated(callee, stack, from, n);
                  this.closure = closure;
                  this.pc = pc;
                  this.base = base;
                  this.sp = base;
                  this.fp = fp;
                  isSaved = true;
                  if (result === SIGNAL) this.land();
                  else {
                    this.leaveFrame();
                    this.resume(result as Value);
                  }
                  break running;
                }
                if (--ticks < 0) {
                  ticks = TICKS;
                  this.sp = sp;
                  this.fp = fp;
                  this.tick();
                  ({ maxRecords, maxValues } = this);
                }
                for (let i = 0; i < n; i++) stack[base + i] = stack[from + i];
                closure = callee;
                sp = base + target.localCount;
                code = target.entry;
                constants = target.entryConstants;
                pc = 0;
                continue;
              }
              this.closure = closure;
              this.pc = pc;
              this.base = base;
              this.sp = sp;
              this.fp = fp;
              isSaved = true;
              this.tailCallSlow(callee, n);
              break running;
            }
            case Op.CallPrimitive: {
              const { fn } = constants[code[pc]] as Primitive;
              const n = code[pc + 1];
              pc += 2;
              let value: Value;
              switch (n) {
                case 0:
                  value = fn();
                  break;
                case 1:
                  value = fn(stack[sp - 1]);
                  break;
                case 2:
                  value = fn(stack[sp - 2], stack[sp - 1]);
                  break;
                case 3:
                  value = fn(stack[sp - 3], stack[sp - 2], stack[sp - 1]);
                  break;
                default:
                  value = fn(...stack.slice(sp - n, sp));
              }
              sp -= n;
              stack[sp++] = value;
              continue;
            }
            case Op.Return: {
              const value = stack[sp - 1];
              if (fp === 0) {
                fp = this.refill();
                sp = this.sp;
              } else sp = base;
              fp--;
              closure = recordClosures[fp];
              pc = recordPlaces[fp];
              const target = closure.code;
              if (target.js !== null || pc < 0) {
                this.sp = sp;
                this.fp = fp + 1;
                isSaved = true;
                this.popFrame();
                this.resume(value);
                break running;
              }
              base = recordBases[fp];
              code = target.entry;
              constants = target.entryConstants;
              stack[sp++] = value;
              continue;
            }
            case Op.Decode: {
              const { body } = closure.code;
              code = body.code;
              constants = body.constants;
              pc = 0;
              continue;
            }
            case Op.Halt:
              return stack[sp - 1];
            case Op.PushCatch: {
              const tag = constants[code[pc++]];
              const handler = pc + 1 + code[pc];
              pc++;
              const depth = fp + (this.segment === null ? 0 : this.segment.depth);
              const name = tag instanceof Sym ? tag.name : null;
              this.handlers = new CatchHandler(name, handler, depth, sp - base, this.winders, this.handlers);
              continue;
            }
            case Op.PopCatch:
              this.handlers = this.handlers!.next;
              continue;
            case Op.Add: {
              const y = stack[--sp];
              const sum = add(stack[sp - 1], y);
              if (!Number.isInteger(sum)) closure.code.noteResult(pc, sum);
              stack[sp - 1] = sum;
              continue;
            }
            case Op.AddInt: {
              const n = code[pc++];
              const x = stack[sp - 1];
              if (typeof x === 'number' && (x | 0) === x) stack[sp - 1] = x + n;
              else {
                const sum = n < 0 ? sub(x, -n) : add(x, n);
                if (!Number.isInteger(sum)) closure.code.noteResult(pc, sum);
                stack[sp - 1] = sum;
              }
              continue;
            }
            case Op.Subtract: {
              const y = stack[--sp];
              const difference = sub(stack[sp - 1], y);
              if (!Number.isInteger(difference)) closure.code.noteResult(pc, difference);
              stack[sp - 1] = difference;
              continue;
            }
            case Op.Multiply: {
              const y = stack[--sp];
              const product = mul(stack[sp - 1], y);
              if (!Number.isInteger(product)) closure.code.noteResult(pc, product);
              stack[sp - 1] = product;
              continue;
            }
            case Op.NumberEqual: {
              const y = stack[--sp];
              const x = stack[sp - 1];
              stack[sp - 1] = typeof x === 'number' && typeof y === 'number' ? x === y : numEq(x, y);
              continue;
            }
            case Op.Less: {
              const y = stack[--sp];
              const x = stack[sp - 1];
              stack[sp - 1] = typeof x === 'number' && typeof y === 'number' ? x < y : lt(x, y);
              continue;
            }
            case Op.Greater: {
              const y = stack[--sp];
              const x = stack[sp - 1];
              stack[sp - 1] = typeof x === 'number' && typeof y === 'number' ? x > y : gt(x, y);
              continue;
            }
            case Op.LessEqual: {
              const y = stack[--sp];
              const x = stack[sp - 1];
              stack[sp - 1] = typeof x === 'number' && typeof y === 'number' ? x <= y : le(x, y);
              continue;
            }
            case Op.GreaterEqual: {
              const y = stack[--sp];
              const x = stack[sp - 1];
              stack[sp - 1] = typeof x === 'number' && typeof y === 'number' ? x >= y : ge(x, y);
              continue;
            }
            case Op.IsEq: {
              const y = stack[--sp];
              const x = stack[sp - 1];
              stack[sp - 1] = x === y || isEq(x, y);
              continue;
            }
            case Op.Not:
              stack[sp - 1] = stack[sp - 1] === false;
              continue;
            case Op.IsNull:
              stack[sp - 1] = stack[sp - 1] === NIL;
              continue;
            case Op.IsPair:
              stack[sp - 1] = stack[sp - 1] instanceof Pair;
              continue;
            case Op.Cons: {
              const cdr = stack[--sp];
              stack[sp - 1] = new Pair(stack[sp - 1], cdr);
              continue;
            }
            case Op.Car: {
              const pair = stack[sp - 1];
              if (!(pair instanceof Pair)) throw typeError('car: not a pair', pair);
              stack[sp - 1] = pair.car;
              continue;
            }
            case Op.Cdr: {
              const pair = stack[sp - 1];
              if (!(pair instanceof Pair)) throw typeError('cdr: not a pair', pair);
              stack[sp - 1] = pair.cdr;
              continue;
            }
            case Op.VectorRef: {
              const index = stack[--sp];
              const vector = stack[sp - 1];
              if (!(vector instanceof Vector)) throw typeError('vector-ref: not a vector', vector);
              const { items } = vector;
              if (!isIndex(index, items.length))
                throw indexError('vector-ref: index out of bounds', index, items.length);
              stack[sp - 1] = items[index];
              continue;
            }
            case Op.VectorSet: {
              sp -= 2;
              const vector = stack[sp - 1];
              const index = stack[sp];
              if (!(vector instanceof Vector)) throw typeError('vector-set!: not a vector', vector);
              const { items } = vector;
              if (!isIndex(index, items.length))
                throw indexError('vector-set!: index out of bounds', index, items.length);
              items[index] = stack[sp + 1];
              stack[sp - 1] = NIL;
              continue;
            }
            default:
              throw new InvariantError(`no such instruction: ${code[pc - 1]}`);
          }
        }
      }
    } catch (thrown) {
      this.ticks = ticks;
      if (!isSaved) {
        this.closure = closure;
        this.pc = pc;
        this.base = base;
        this.sp = sp;
        this.fp = fp;
      }
      throw thrown;
    }
  }

  // ---- calls that the loop leaves to us; registers are in the fields, the arguments on top of the stack

  private callSlow(callee: Value, n: number): void {
    const args = this.popArguments(n);
    if (!isCallable(callee, n)) throw callError(this.closure, callee, n);
    const caller = this.closure;
    this.pushRecord();
    this.base = this.sp;
    this.enter(callee, args, caller);
  }

  private tailCallSlow(callee: Value, n: number): void {
    const args = this.popArguments(n);
    if (!isCallable(callee, n)) throw callError(this.closure, callee, n);
    this.sp = this.base;
    this.enter(callee, args, this.closure);
  }

  private popArguments(n: number): Value[] {
    this.sp -= n;
    return this.stack.slice(this.sp, this.sp + n);
  }

  /** Suspend the running function; the live stack makes room first if it is full. */
  private pushRecord(): void {
    const { fp } = this;
    this.recordClosures[fp] = this.closure;
    this.recordPlaces[fp] = this.pc;
    this.recordBases[fp] = this.base;
    this.fp = fp + 1;
    if (this.fp >= this.maxRecords || this.sp >= this.maxValues) {
      this.heapLimit.check();
      this.sp = this.makeRoomOrSpill(this.sp, 0);
    }
  }

  /**
   * Begin a call whose caller is suspended and whose frame begins at `base` (= `sp`). On return the registers are at
   * the start of a closure, or after the call if it is done already.
   */
  private enter(callee: Value, args: readonly Value[], caller: Closure): void {
    this.closure = halt;
    this.pc = 0;
    if (this.isSafePointDue) [callee, args] = this.ownSafePoint!.before(this, callee, args);
    for (;;) {
      if (!isCallable(callee, args.length)) throw callError(caller, callee, args.length);
      if (callee instanceof Closure) return this.enterClosure(callee, args);
      if (callee instanceof Primitive) return this.returnValue(applyPrimitive(callee, args));
      if (callee instanceof Continuation) {
        // What `%jump` comes to, which is the most frequent by far.
        if (callee.winders === this.winders && args.length === 1)
          return this.returnValue(this.jump(callee, args[0]) as Value);
        [callee, args] = this.continuationCall(callee, args);
        continue;
      }
      const result = (callee as ControlPrimitive).run(this, args as Value[]);
      if (result === JUMPED) return;
      if (result !== TAIL_CALL) return this.returnValue(result);
      callee = this.tailCallee;
      args = this.tailArgs;
    }
  }

  private enterClosure(callee: Closure, args: readonly Value[]): void {
    const { stack, base } = this;
    const { required, rest, localCount } = callee.code;
    for (let i = 0; i < required; i++) stack[base + i] = args[i];
    if (rest) {
      let list: Value = NIL;
      for (let i = args.length - 1; i >= required; i--) list = new Pair(args[i], list);
      stack[base + required] = list;
    }
    this.closure = callee;
    this.pc = 0;
    this.sp = base + localCount;
  }

  /** Go on after the suspended call with its value. */
  private returnValue(value: Value): void {
    this.leaveFrame();
    this.stack[this.sp++] = value;
    this.isDelivered = this.closure.code.js !== null;
  }

  /** Back to the function that called the running one, where it waits for the value. */
  private leaveFrame(): void {
    if (this.fp === 0) this.fp = this.refill();
    else this.sp = this.base;
    this.popFrame();
  }

  /** Make the uppermost suspended frame the running one. */
  private popFrame(): void {
    const { recordPlaces, recordBases } = this;
    const fp = this.fp - 1;
    const place = recordPlaces[fp];
    const base = recordBases[fp];
    this.closure = this.recordClosures[fp];
    this.pc = pcOf(place);
    this.base = base;
    if (countOf(place) === 1) this.fp = fp;
    else {
      recordPlaces[fp] = withoutUppermost(place);
      recordBases[fp] = base - sizeOf(place);
    }
  }

  /** What calling a continuation comes to: a jump, with `%rewind` running the thunks in between if there are any. */
  private continuationCall(target: Continuation, args: readonly Value[]): [Value, readonly Value[]] {
    const value = args.length === 1 ? args[0] : this.kernelCall('values', args);
    const needsRewind = target.winders !== this.winders;
    return [this.kernel(needsRewind ? '%rewind' : '%jump'), [target, value]];
  }

  private kernel(name: string): Value {
    const builtin = this.builtins.get(name);
    assert(builtin !== undefined, `the kernel defines ${name}`);
    return builtin.value;
  }

  private kernelCall(name: string, args: readonly Value[]): Value {
    return (this.kernel(name) as Primitive).fn(...args);
  }

  // ---- generated code: see javascript/protocol.ts

  /** At the head of a hot loop: go on in generated code, if there is any for it. */
  private enterLoop(): void {
    const { closure, stack, base, tier } = this;
    const { code } = closure;
    const loop = tier.loop(code, this.pc, this.sp - base - code.localCount);
    if (loop === null) {
      code.hotness = Number.NEGATIVE_INFINITY;
      return;
    }
    const result = loop(closure, 0, stack, base) as Result;
    if (this.hasEnded(result)) {
      this.leaveFrame();
      this.resume(result);
    }
  }

  /**
   * The function in the registers, which waits for a value, gets it: so do the functions below it, as long as their ends
   * are generated code that comes to its end.
   */
  private resume(value: Value): void {
    const { tier } = this;
    let result = value;
    // In a recursion, most functions are the same one at the same place.
    let lastCode: CodeObject | null = null;
    let lastPc = 0;
    let end: FunctionEnd | null = null;
    for (;;) {
      const { closure, pc, stack, base, sp } = this;
      const { code } = closure;
      if (code !== lastCode || pc !== lastPc) {
        end = code.js === null ? null : tier.end(code, pc, sp - base - code.localCount);
        if (end === null) {
          stack[this.sp++] = result;
          return;
        }
        lastCode = code;
        lastPc = pc;
      }
      let next = end!.js!(closure, 0, stack, base, result) as Result;
      if (next === SIGNAL) tier.endWasCaptured(end!);
      if (!this.hasEnded(next)) return;
      if (this.fp === 0) {
        next = this.resumeSegments(next);
        if (!this.hasEnded(next)) return;
      }
      result = next;
      this.leaveFrame();
    }
  }

  /** Whether a function of this code waits at this place for the value of the running one. */
  private isNext(code: CodeObject, pc: number): boolean {
    const at = this.fp - 1;
    return at >= 0 && pcOf(this.recordPlaces[at]) === pc && this.recordClosures[at].code === code;
  }

  /** What the generated end of a function calls to go on with the next one, if that waits at the same place. */
  returnInto(code: CodeObject, pc: number): Closure | null {
    if (!this.isNext(code, pc)) return null;
    this.sp = this.base;
    this.popFrame();
    return this.closure;
  }

  /** The same for all frames of a record at once: gives their count, the lowest is the running one. */
  returnIntoRun(code: CodeObject, pc: number): number {
    if (!this.isNext(code, pc)) return 0;
    const fp = --this.fp;
    const place = this.recordPlaces[fp];
    this.closure = this.recordClosures[fp];
    this.base = bottomOf(place, this.recordBases[fp]);
    return countOf(place);
  }

  /** Of the frames that `returnIntoRun` gave last, `count` have not had their turn: the running one begins at `base`. */
  leaveRun(count: number, base: number): void {
    // If none: the lowest is the running one, or there was no run.
    if (count === 0) return;
    const { fp } = this;
    const place = this.recordPlaces[fp];
    this.recordPlaces[fp] = runOf(pcOf(place), sizeOf(place), count);
    this.recordBases[fp] = base - sizeOf(place);
    this.fp = fp + 1;
    this.base = base;
  }

  /**
   * As `resume`, for the functions on the heap, in place, as long as nothing is on the live stack and they are single. Gives what is still to be
   * returned or done, with the function that gave it in the registers.
   */
  private resumeSegments(value: Value): Result {
    const { tier } = this;
    let result: Result = value;
    for (let segment = this.segment; segment !== null; segment = this.segment) {
      const at = segment.count - 1;
      const { values, closures, places, bases } = segment;
      if (isRun(places[at])) return result;
      const closure = closures[at];
      const { code } = closure;
      const base = bases[at];
      const end = code.js === null ? null : tier.end(code, places[at], segment.top - base - code.localCount);
      if (end === null) return result;
      this.popSegment(segment);
      this.closure = closure;
      this.base = 0;
      result = end.js!(closure, 0, values, base, result) as Result;
      if (result === SIGNAL) tier.endWasCaptured(end);
      if (result === SIGNAL || result === LEFT) return result;
    }
    return result;
  }

  /** Take the uppermost record off: in place, if nobody else has seen this view of the segment. */
  private popSegment(segment: Segment): void {
    if (segment.count === 1) this.segment = segment.next;
    else if (segment === this.ownSegment) segment.pop();
    else this.segment = this.ownSegment = segment.lowest(segment.count - 1);
  }

  /** Whether a part of the running function has given its value; if not, the registers are where it goes on. */
  private hasEnded(result: Result): result is Value {
    if (result === SIGNAL) {
      // The frame was captured: it takes the place of the one that is running.
      this.sp = this.base;
      this.land();
      return false;
    }
    if (result !== LEFT) return true;
    const { stack, base } = this;
    const { exitPc, exitValues } = this.tier.runtime;
    for (let i = 0; i < exitValues.length; i++) stack[base + i] = exitValues[i];
    this.sp = base + exitValues.length;
    this.pc = exitPc;
    return false;
  }

  /** Generated code has been captured: its frames become records, and what it could not do is done here. */
  private land(): void {
    const { runtime } = this.tier;
    for (;;) {
      const { captured, isThrow } = runtime;
      const { callee, args, thrown } = runtime.takeAction();
      let caller = this.closure;
      if (captured.count > 0) {
        caller = captured.closures[0];
        this.pushCaptured(captured);
        captured.clear();
      }
      this.base = this.sp;
      this.closure = halt;
      if (isThrow) throw thrown;
      // What captures all the time had better stay in the interpreter.
      if (!runtime.isTailRun || this.isSafePointDue) return this.enter(callee, args, caller);
      const result = runtime.continueTailRun(callee as Closure, args);
      if (result !== SIGNAL) return this.returnValue(result as Value);
    }
  }

  /** Suspend captured functions, the outermost first. */
  private pushCaptured({ count, frames, closures, pcs, counts, bases, values, catching }: CapturedFrames): void {
    this.makeRoomFor(frames, bases[count]);
    const { stack, recordClosures, recordPlaces, recordBases } = this;
    let { sp, fp } = this;
    const below = this.segment === null ? 0 : this.segment.depth;
    const maxRun = frames < MANY_FRAMES ? 1 : MAX_RUN;
    // The run that the uppermost record is, for more of the same.
    let length = MAX_RUN;
    let runClosure: Closure = halt;
    let runPc = 0;
    let runSize = 0;
    let catchAt = catching.length - 1;
    for (let i = count - 1; i >= 0; i--) {
      const closure = closures[i];
      const pc = pcs[i];
      const from = bases[i];
      const size = counts[i] === 1 ? bases[i + 1] - from : (bases[i + 1] - from) / counts[i];
      for (let left = counts[i]; left > 0; ) {
        const isMore = length < maxRun && closure === runClosure && pc === runPc && size === runSize;
        const more = Math.min(left, isMore ? maxRun - length : maxRun);
        length = isMore ? length + more : more;
        if (!isMore) recordClosures[fp++] = closure;
        recordPlaces[fp - 1] = length === 1 ? pc : runOf(pc, size, length);
        recordBases[fp - 1] = sp + (bases[i + 1] - from) - (left - more + 1) * size;
        left -= more;
      }
      for (let j = from; j < bases[i + 1]; j++) stack[sp++] = values[j];
      runClosure = closure;
      runPc = pc;
      runSize = size;
      if (!fitsRun(pc, size)) length = MAX_RUN;
      if (catchAt >= 0 && catching[catchAt].entry === i) {
        const { handler } = catching[catchAt--];
        for (let own: CatchHandler | null = handler; own !== null; own = own.enclosing) own.depth = below + fp - 1;
        length = MAX_RUN;
      }
    }
    this.sp = sp;
    this.fp = fp;
  }

  // ---- the live stack and the heap

  /** Move all live records, and the values below `top`, into a segment. */
  private capture(top: number): void {
    const { fp } = this;
    if (fp === 0) return;
    this.ownSegment = null;
    this.segment = new Segment(
      this.stack.slice(0, top),
      this.recordClosures.slice(0, fp),
      this.recordPlaces.slice(0, fp),
      this.recordBases.slice(0, fp),
      fp,
      top,
      this.segment,
    );
    this.fp = 0;
  }

  private resizeRecords(count: number): void {
    this.maxRecords = count;
    resize(this.recordClosures, count + 1, halt);
    resize(this.recordPlaces, count + 1, 0);
    resize(this.recordBases, count + 1, 0);
  }

  private resizeValues(count: number): void {
    this.maxValues = count;
    resize(this.stack, count + SPARE_VALUES, NIL);
  }

  /**
   * If the live stack is full, let it grow, or capture everything but the `n` arguments on top, which move to the bottom.
   * Gives the new `sp`.
   */
  private makeRoomOrSpill(sp: number, n: number): number {
    const { stack, fp, maxRecords, maxValues } = this;
    if (fp >= MAX_RECORDS || sp >= MAX_VALUES) {
      this.capture(sp - n);
      for (let i = 0; i < n; i++) stack[i] = stack[sp - n + i];
      return n;
    }
    if (fp >= maxRecords) this.resizeRecords(2 * maxRecords);
    if (sp >= maxValues) this.resizeValues(2 * maxValues);
    return sp;
  }

  /** The same for captured functions, who are many at once. */
  private makeRoomFor(records: number, values: number): void {
    if (this.fp + records < this.maxRecords && this.sp + values < this.maxValues) return;
    this.heapLimit.check();
    if (this.fp + records >= MAX_RECORDS || this.sp + values >= MAX_VALUES) {
      this.capture(this.sp);
      this.sp = 0;
    }
    while (this.fp + records >= this.maxRecords) this.resizeRecords(2 * this.maxRecords);
    while (this.sp + values >= this.maxValues) this.resizeValues(2 * this.maxValues);
  }

  /**
   * From time to time: look at the heap limit; now and then also drop what lies dead above the live stack, and give back
   * what a deep recursion needed. Generated code calls this, too.
   */
  tick(): void {
    if (!this.hasTicked) {
      this.hasTicked = true;
      return this.tier.prepareHost();
    }
    this.heapLimit.check();
    if (--this.ticksToClear > 0) return;
    this.ticksToClear = TICKS_TO_CLEAR;
    const { fp, sp } = this;
    if (this.maxRecords > FIRST_RECORDS) this.resizeRecords(Math.min(this.maxRecords, roomFor(fp, FIRST_RECORDS)));
    if (this.maxValues > FIRST_VALUES) this.resizeValues(Math.min(this.maxValues, roomFor(sp, FIRST_VALUES)));
    this.stack.fill(NIL, sp);
    this.recordClosures.fill(halt, fp);
    this.tail(NIL, []);
    this.tier.runtime.drop();
  }

  /** Copy some records back onto the empty live stack; gives their count and leaves `sp` above their values. */
  private refill(): number {
    const { segment, stack } = this;
    assert(segment !== null, 'a program returns into the frame below it');
    let from = segment.count;
    for (let frames = 0; from > 0 && frames < REFILL; ) frames += countOf(segment.places[--from]);
    const first = from === 0 ? 0 : segment.bottom(from);
    for (let i = first; i < segment.top; i++) stack[i - first] = segment.values[i];
    for (let i = from; i < segment.count; i++) {
      this.recordClosures[i - from] = segment.closures[i];
      this.recordPlaces[i - from] = segment.places[i];
      this.recordBases[i - from] = segment.bases[i] - first;
    }
    this.segment = segment.lowest(from);
    this.sp = segment.top - first;
    return segment.count - from;
  }

  /** The values that the program's activations can still use. Only while a control primitive runs. */
  *roots(): Generator<unknown> {
    yield* [this.handlers, this.winders];
    const { stack, recordClosures, recordPlaces, recordBases, fp, sp } = this;
    yield* liveValues(stack, recordClosures, recordPlaces, recordBases, fp, sp);
    for (let segment = this.segment; segment !== null; segment = segment.next) {
      const { values, closures, places, bases, count, top } = segment;
      yield* liveValues(values, closures, places, bases, count, top);
    }
  }

  // ---- errors

  /** Hand what was thrown to the innermost handler that takes it, or throw it again. */
  private handle(thrown: unknown): void {
    for (;;) {
      const cause = asCause(thrown);
      if (cause === null) throw thrown;
      const handler = this.handlerFor(cause);
      // Only who sees them pays for span and trace: a value that is raised and caught is delivered bare.
      if (cause.span === null && (handler === null || cause instanceof EtaError)) this.locate(cause);
      if (handler === null) throw cause;
      try {
        if (handler.kind === 'procedure') this.callHandler(handler, cause);
        else this.leaveTo(handler, caughtValue(cause));
        return;
      } catch (next) {
        // The handler procedure cannot be called: that is an error for the handlers around it.
        thrown = next;
      }
    }
  }

  private handlerFor(cause: EtaError | Raise): Handler | null {
    let handler = this.handlers;
    while (handler !== null && handler.kind === 'catch' && !catches(handler, cause)) handler = handler.next;
    return handler;
  }

  /** Deliver a value to a `catch`; after-thunks in between run first. */
  private leaveTo(handler: CatchHandler, value: Value): void {
    if (handler.winders === this.winders) return this.unwindTo(handler, value);
    this.pushRecord();
    this.base = this.sp;
    this.enter(this.kernel('%rewind'), [handler, value], halt);
  }

  /**
   * `(raise-continuable value)`, run by a control primitive: the handler's value becomes that of the call.
   *
   * @param tag  of a raise that goes on after a handler has looked at it (`guard`)
   */
  raiseContinuable(value: Value, tag: string | null = null): ControlResult {
    const cause = value instanceof ErrorObject ? value.error : new Raise(tag, value);
    const handler = this.handlerFor(cause);
    if (handler === null || handler.kind === 'catch') throw cause;
    return this.tail(this.kernel('%call-handler'), this.handlerArguments(handler, cause, true));
  }

  private handlerArguments(
    handler: ProcedureHandler,
    cause: EtaError | Raise,
    isContinuable: boolean,
  ): readonly Value[] {
    const saved: Value = this.handlers ?? NIL;
    this.handlers = handler.next;
    this.raisedTag = cause instanceof Raise ? cause.tag : null;
    const value = cause instanceof Raise ? cause.value : new ErrorObject(cause);
    return [handler.procedure, value, isContinuable, saved];
  }

  private callHandler(handler: ProcedureHandler, cause: EtaError | Raise): void {
    this.pushRecord();
    this.base = this.sp;
    this.enter(this.kernel('%call-handler'), this.handlerArguments(handler, cause, false), halt);
  }

  /** Cut the stack back to the frame of a handler and go on there with the value. */
  private unwindTo(handler: CatchHandler, value: Value): void {
    const below = this.segment === null ? 0 : this.segment.depth;
    if (handler.depth < below) {
      let segment = this.segment!;
      while (segment.depth - segment.count > handler.depth) segment = segment.next!;
      this.segment = segment.lowest(handler.depth - (segment.depth - segment.count) + 1);
      this.fp = this.refill();
      this.popFrame();
    } else if (handler.depth < below + this.fp) {
      this.fp = handler.depth - below + 1;
      this.popFrame();
    }
    this.handlers = handler.next;
    this.winders = handler.winders;
    this.sp = this.base + handler.height;
    this.stack[this.sp++] = value;
    this.pc = handler.pc;
  }

  /** Fill in the span of the failing call and the trace; builtins written in Eta do not show. */
  private locate(cause: EtaError | Raise): void {
    const trace: TraceFrame[] = [];
    for (const [closure, pc] of this.activations()) {
      const { name, isBuiltin } = closure.code;
      if (!isBuiltin) trace.push({ name, span: closure.code.spanAt(pc), procedure: closure });
      if (trace.length >= MAX_TRACE) break;
    }
    cause.span = trace[0]?.span ?? NO_SPAN;
    cause.trace = trace;
  }

  /** The running function, then its callers. */
  private *activations(): Generator<[Closure, number]> {
    yield [this.closure, this.pc];
    yield* callers(this.recordClosures, this.recordPlaces, this.fp);
    for (let segment = this.segment; segment !== null; segment = segment.next) {
      yield* callers(segment.closures, segment.places, segment.count);
    }
  }

  /** Where the program is, innermost first: for interruptions and profilers. */
  trace(): readonly { readonly name: string; readonly span: Span }[] {
    const holder = new Raise(null, NIL);
    this.locate(holder);
    return holder.trace!;
  }
}

/** The frames of `count` records, the uppermost first. */
function* callers(
  closures: readonly Closure[],
  places: readonly number[],
  count: number,
): Generator<[Closure, number]> {
  for (let i = count - 1; i >= 0; i--) {
    for (let frame = countOf(places[i]); frame > 0; frame--) yield [closures[i], pcOf(places[i])];
  }
}

/** A closure over variables of the running function. Not in the loop: the host optimises this, which it does not do to that. */
function makeClosure(code: CodeObject, maker: Closure, stack: readonly Value[], base: number): Closure {
  const { captures } = code;
  const closure = new Closure(code);
  for (let i = 0; i < captures.length; i++) {
    const from = captures[i];
    closure.setUpvalue(i, from < 0 ? maker.upvalue(-1 - from) : from === CAPTURE_SELF ? maker : stack[base + from]);
  }
  return closure;
}

/** Four times what is in use, at least. */
function roomFor(used: number, least: number): number {
  let room = least;
  while (room < 4 * used) room *= 2;
  return room;
}

function resize<T>(array: T[], length: number, filler: T): void {
  const from = array.length;
  array.length = length;
  array.fill(filler, from);
}

const isIndex = (index: Value, length: number): index is number =>
  typeof index === 'number' && index >= 0 && index < length && Number.isInteger(index);
