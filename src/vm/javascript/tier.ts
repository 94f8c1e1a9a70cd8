// The JavaScript tier: which functions and loops are translated, and when.
//
// Every call and loop turn in the interpreter makes its function a little hotter; a function that is hot is translated
// as a whole, a loop that is hot while its function is still running is translated by itself. What is called from
// generated code warms up faster: each such call of a cold function costs a capture. Cold code is never translated.
// Source: architecture, "Bytecode and the two tiers".

import { type CodeObject, FunctionEnd, type GeneratedFunction } from '../../bytecode/code.ts';
import { Closure } from '../../bytecode/procedures.ts';
import { isEq } from '../../values/equality.ts';
import { divisionByZero, indexError, typeError, unsetVariable } from '../../values/errors.ts';
import { MutableString } from '../../values/mutable-string.ts';
import {
  add,
  areFlonums,
  ge,
  gt,
  le,
  lt,
  mul,
  multiplyRemainder,
  numEq,
  sub,
  wantDouble,
} from '../../values/numbers.ts';
import { Box, Char, Flonum, flonum, NIL, Pair, recordOf, Sym, UNSET, type Value, Vector } from '../../values/types.ts';
import type { HeapLimit } from '../heap-limit.ts';
import { Raise } from '../throw.ts';
import { Assumptions } from './assumptions.ts';
import { Callees } from './callees.ts';
import { allowInlining, leaveUnoptimised } from './host-compiler.ts';
import { labelOf } from './labels.ts';
import { type Registers, Runtime } from './protocol.ts';
import { blocksOf, loopEnds } from './structure.ts';
import { type Translation, translateEnd, translateFunction, translateLoop } from './translate.ts';

/** `ETA_JIT`: off, on, or everything at its first call; the last is also what profiling does, which labels the code. */
export type TierMode = 'off' | 'on' | 'force' | 'profile';

export const tierModeOf = (text: string | undefined): TierMode =>
  text === '0' ? 'off' : text === 'force' ? 'force' : 'on';

/** Calls, or loop turns, after which a function is hot. */
const HOT = 200;
/** A call from generated code counts as so many. */
const CALL_FROM_HOT_CODE = 100;
/** Returns into a translated function, to one place, after which the end of the function from there is translated. */
const HOT_RETURNS = 50;
/** A function that is called by a hot one is translated with it when it is hot to one part in so many. */
const WARM_SHARE = 8;
/** Functions that call each other, translated for the sake of the first. */
const MAX_PREPARED = 50;
/** Larger functions stay interpreted: V8 would not optimise them anyway. */
const MAX_WORDS = 20_000;

/** The double of a number; `who` is the operation that takes it. */
const double = (value: Value, who = ''): number =>
  value instanceof Flonum ? value.value : wantDouble(value, `${who}: argument is not a number`);

/** What generated code refers to by name. */
const ENVIRONMENT = {
  Closure,
  Pair,
  Vector,
  Box,
  Sym,
  Char,
  Flonum,
  MutableString,
  Raise,
  NIL,
  UNSET,
  isEq,
  add,
  sub,
  mul,
  multiplyRemainder,
  numEq,
  lt,
  gt,
  le,
  ge,
  flonum,
  areFlonums,
  double,
  recordOf,
  zeroDivisor: () => {
    throw divisionByZero('/');
  },
  carError: (value: Value) => {
    throw typeError('car: not a pair', value);
  },
  cdrError: (value: Value) => {
    throw typeError('cdr: not a pair', value);
  },
  unset: (name: string) => {
    throw unsetVariable(name);
  },
  vectorRef: (vector: Value, index: Value) => {
    throw vector instanceof Vector
      ? indexError('vector-ref: index out of bounds', index, vector.items.length)
      : typeError('vector-ref: not a vector', vector);
  },
  vectorSet: (vector: Value, index: Value, _value: Value) => {
    throw vector instanceof Vector
      ? indexError('vector-set!: index out of bounds', index, vector.items.length)
      : typeError('vector-set!: not a vector', vector);
  },
};
const ENVIRONMENT_NAMES = Object.keys(ENVIRONMENT);
const ENVIRONMENT_VALUES = Object.values(ENVIRONMENT);

/** `ETA_JIT_DUMP=1`: write what is generated to standard error. */
const DUMP = process.env['ETA_JIT_DUMP'] === '1';

export class JavaScriptTier {
  readonly runtime: Runtime;
  private readonly assumptions = new Assumptions();
  /** Functions whose translation has begun. */
  private readonly translating = new Set<CodeObject>();
  /** Hotness at which functions are translated; infinite if the tier is off. */
  readonly threshold: number;
  private readonly isLabelled: boolean;

  constructor(
    mode: TierMode,
    registers: Registers,
    heapLimit: HeapLimit,
    kernel: (name: string) => Value,
    /** The other tier, a function of the host. */
    private readonly interpreter: unknown,
  ) {
    this.threshold = mode === 'off' ? Number.POSITIVE_INFINITY : mode === 'on' ? HOT : 0;
    this.isLabelled = mode === 'profile';
    this.runtime = new Runtime(
      registers,
      heapLimit,
      (closure) => this.warm(closure.code),
      kernel,
      (code) => this.assumptions.drop(code),
    );
  }

  /** The program is warm: code will soon be generated. */
  prepareHost(): void {
    if (this.threshold !== Number.POSITIVE_INFINITY) leaveUnoptimised(this.interpreter);
  }

  /** A hot function: translate it if that has not been tried. Whether it is translated now. */
  translate(code: CodeObject): boolean {
    if (code.js !== null) return true;
    if (code.code.length > MAX_WORDS) code.hotness = Number.NEGATIVE_INFINITY;
    else {
      this.translating.add(code);
      code.js = this.generate(code, (callees) => translateFunction(code, callees));
      if (!code.rest) code.jsArity = code.required;
      this.translating.delete(code);
    }
    return code.js !== null;
  }

  /** A function that is called by one that is being translated: if it has been called before, it comes first. */
  private prepare(code: CodeObject): boolean {
    if (code.js !== null || this.translating.has(code)) return true;
    return this.isWarm(code) && this.translating.size < MAX_PREPARED && this.translate(code);
  }

  private isWarm(code: CodeObject): boolean {
    return code.hotness > 0 && code.hotness * WARM_SHARE > this.threshold;
  }

  /** The loop with this head, generated; null if it stays interpreted. @param height  temporaries below the loop */
  loop(code: CodeObject, head: number, height: number): GeneratedFunction | null {
    code.jsLoops ??= new Map();
    let loop = code.jsLoops.get(head);
    if (loop === undefined) {
      const end = loopEnds(code.code, 0, code.code.length).get(head)!;
      loop =
        end - head > MAX_WORDS
          ? null
          : this.generate(code, (callees) => translateLoop(code, callees, head, end, height));
      code.jsLoops.set(head, loop);
    }
    return loop;
  }

  /**
   * For a return into a translated function that was captured: its end from `pc`; null if it goes on in the interpreter.
   * @param height  temporaries below the value that is returned
   */
  end(code: CodeObject, pc: number, height: number): FunctionEnd | null {
    code.jsEnds ??= new Map();
    let end = code.jsEnds.get(pc);
    if (end === undefined) code.jsEnds.set(pc, (end = new FunctionEnd()));
    end.uses++;
    if (end.js === null && end.uses > Math.min(HOT_RETURNS, this.threshold)) {
      if (this.isInCatch(code, pc)) end.leaveToInterpreter();
      else end.js = this.generate(code, (callees) => translateEnd(code, callees, pc, height));
    }
    return end.js === null ? null : end;
  }

  private isInCatch(code: CodeObject, pc: number): boolean {
    return blocksOf(code.code, 0, code.code.length).some(
      ({ kind, start, end }) => kind === 'catch' && start < pc && pc < end,
    );
  }

  /** A generated end has been captured before it had a value. If most are, the interpreter is quicker. */
  endWasCaptured(end: FunctionEnd): void {
    end.captures++;
    if (end.captures > HOT_RETURNS && end.captures * 2 > end.uses) end.leaveToInterpreter();
  }

  private warm(code: CodeObject): boolean {
    if (code.js !== null) return true;
    code.hotness += CALL_FROM_HOT_CODE;
    return code.hotness > this.threshold && this.translate(code);
  }

  private generate(code: CodeObject, translate: (callees: Callees) => Translation): GeneratedFunction {
    // Before the translator is loaded: V8 takes a code cache for its flags of that moment only.
    allowInlining();
    leaveUnoptimised(this.interpreter);
    const callees = new Callees(
      code,
      this.assumptions,
      (callee) => this.isWarm(callee),
      (callee) => this.prepare(callee),
      !this.isLabelled,
    );
    const { text, name, inlined } = translate(callees);
    // As parameters: V8 takes what is never assigned for constant, and unlike a `const` it needs no check for being set.
    const names = [...ENVIRONMENT_NAMES, 'rt', 'I', ...callees.bound.keys()];
    const bound: unknown[] = [...ENVIRONMENT_VALUES, this.runtime, inlined, ...callees.bound.values()];
    const label = this.isLabelled ? [`//# sourceURL=${labelOf(code)}`] : [];
    const source = [`'use strict';`, text, `return ${name};`, ...label].join('\n');
    if (DUMP) process.stderr.write(`${source}\n`);
    return new Function(...names, source)(...bound) as GeneratedFunction;
  }
}
