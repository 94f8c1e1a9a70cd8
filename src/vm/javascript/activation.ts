// An activation in a unit, as it is written: its variables, and a picture of its stack of temporaries.
//
// A temporary at height i is the variable `ti`, unless it is a plain reference (a constant, a local, an upvalue), which is
// written where it is used. Locals are `l0`, `l1` … Those that hold a flonum for certain are raw doubles (flonums.ts).
// What the instructions do to all this is the translator's.

import type { CodeObject } from '../../bytecode/code.ts';
import { liveSlots } from '../../bytecode/liveness.ts';
import { Op } from '../../bytecode/ops.ts';
import { Closure, UPVALUE_FIELDS } from '../../bytecode/procedures.ts';
import { assert } from '../../values/errors.ts';
import { Char, type Flonum, NIL, Sym, type Value } from '../../values/types.ts';
import { ControlPrimitive } from '../continuation.ts';
import type { Callees } from './callees.ts';
import { type FlonumAnalysis, flonumsOf, flonumsOfPart, isFlonumConstant, type Knowledge } from './flonums.ts';
import { isLiteral } from './inline.ts';
import { contains } from './inlining.ts';
import { placeOf, type Unit } from './unit.ts';
import type { WaitingFrame } from './waiting.ts';

/** A temporary, as JavaScript that may be repeated. */
export interface Entry {
  readonly text: string;
  /** Its value is a JavaScript boolean for certain. */
  readonly isBoolean?: boolean;
  /** Of a test: whether this variable holds a pair. */
  readonly isPair?: string;
  /** Equal values are the same value: `===` is `eq?`. */
  readonly isIdentity?: boolean;
  /** The operator is the value of this cell, not yet checked for being defined. */
  readonly cell?: number;
  readonly isSelf?: boolean;
  /** It is this procedure. */
  readonly closure?: Closure;
  /** It is `%apply`. */
  readonly isApply?: boolean;
  /** A flonum (flonums.ts): the text is a raw double. */
  readonly isFlonum?: boolean;
  /** Of a flonum: its Eta value, where there is one already. */
  readonly boxed?: string;
}

/** An upvalue of the closure with this text. */
export const upvalueOf = (closure: string, index: number): string =>
  `${closure}.${index < UPVALUE_FIELDS ? `u${index}` : `more[${index - UPVALUE_FIELDS}]`}`;

/** The text of an entry's Eta value. */
export const valueText = ({ text, isFlonum, boxed }: Entry): string => (isFlonum ? (boxed ?? `flonum(${text})`) : text);

/** An activation that is inlined, as the translator of its function sees it. */
export interface Inlining {
  readonly number: number;
  /** Null for that of the unit's own function. */
  readonly closure: Closure | null;
  /** The variable that takes its value. */
  readonly result: string;
  /** The activations that wait for it, innermost first. */
  readonly callers: readonly WaitingFrame[];
  /** Words of bytecode that may be inlined into it in turn. */
  readonly budget: number;
}

export class Activation {
  protected readonly words: Int32Array;
  protected readonly callees: Callees;
  protected stack: Entry[] = [];
  protected readonly hasCatch: boolean;
  protected maxHeight = 0;
  /** What the names of its variables and labels begin with: those that are inlined one after the other share theirs. */
  protected readonly prefix: string;
  /** The running closure, as JavaScript. */
  protected readonly self: string;
  protected readonly flonums: FlonumAnalysis;
  /** The locals that hold raw doubles here. */
  protected rawLocals: boolean[] = [];

  constructor(
    protected readonly code: CodeObject,
    protected readonly unit: Unit,
    protected readonly from: number,
    protected readonly to: number,
    protected readonly kind: 'function' | 'loop' | 'end',
    protected readonly height = 0,
    protected readonly inlining: Inlining | null = null,
  ) {
    this.words = code.code;
    this.callees = unit.callees;
    this.prefix = inlining === null ? '' : `i${inlining.callers.length}_`;
    this.self = inlining === null || inlining.closure === null ? 'self' : unit.callees.nameClosure(inlining.closure);
    this.hasCatch = contains(code, Op.PushCatch, from, to);
    this.flonums = kind === 'function' ? flonumsOf(code) : flonumsOfPart(code, from);
    unit.reserve(inlining?.callers.length ?? 0, code.localCount + 2 * code.maxStack);
    if (kind !== 'function') {
      const known = this.knownAt(from);
      this.rawLocals = known.slice(0, code.localCount);
      for (let i = 0; i < height; i++) this.push({ text: this.temporary(i), isFlonum: known[code.localCount + i] });
    }
    if (kind === 'end') this.push({ text: 'v' });
  }

  /** It is entered with the locals and temporaries on the interpreter's stack. */
  protected get isPart(): boolean {
    return this.kind !== 'function';
  }

  protected get locals(): string[] {
    return Array.from({ length: this.code.localCount }, (_, i) => this.localName(i));
  }

  protected localName(slot: number): string {
    return `${this.prefix}l${slot}`;
  }

  /** The variable of the temporary at this height. */
  protected temporary(height: number): string {
    this.maxHeight = Math.max(this.maxHeight, height + 1);
    return this.use(`${this.prefix}t${height}`);
  }

  protected label(kind: string, pc: number): string {
    return `${this.prefix}${kind}${pc}`;
  }

  /** What `p` is to be for an error in the instruction before `next`. */
  protected place(next: number): number {
    return placeOf(this.inlining?.number ?? 0, next);
  }

  /** An expression that can throw, and is rarely evaluated: it notes the place first. */
  protected failing(next: number, text: string): string {
    return `(p = ${this.place(next)}, ${text})`;
  }

  /** A variable that not every function needs. */
  protected use(name: string, declaration = name): string {
    this.unit.declared.add(declaration);
    return name;
  }

  /** The depth of the host stack that calls start from. */
  protected get innerDepth(): string {
    this.unit.usesDepth = true;
    return 'w';
  }

  /** The same for a tail call of the unit. */
  protected get tailDepth(): string {
    this.unit.usesTailDepth = true;
    return 'y';
  }

  protected upvalue(index: number): string {
    return upvalueOf(this.self, index);
  }

  // ---- raw doubles

  protected knownAt(pc: number): Knowledge {
    return this.flonums.at(pc) ?? [];
  }

  /** From here on, exactly those locals and temporaries are raw doubles that are known to be flonums at `pc`. */
  protected know(pc: number): void {
    const known = this.knownAt(pc);
    const { localCount } = this.code;
    this.rawLocals = known.slice(0, localCount);
    this.stack = this.stack.map((entry, i) => ({ ...entry, isFlonum: known[localCount + i] }));
  }

  /**
   * Before control goes to `pc`, with all temporaries in their variables: statements that box what is raw only here. What is
   * not read there any more may stay as it is.
   */
  protected conversions(pc: number): string[] {
    const known = this.knownAt(pc);
    const { localCount } = this.code;
    const isLive = this.liveAt(pc);
    const boxing = (name: string, isRaw: boolean | undefined, isKnown: boolean | undefined): string[] =>
      isRaw && !isKnown ? [`${name} = flonum(${name});`] : [];
    return [
      ...this.rawLocals.flatMap((isRaw, i) => boxing(this.localName(i), isRaw && isLive(i), known[i])),
      ...this.stack.flatMap(({ isFlonum }, i) => boxing(this.temporary(i), isFlonum, known[localCount + i])),
    ];
  }

  /** A local as an Eta value. */
  protected local(slot: number): string {
    const name = this.localName(slot);
    return this.rawLocals[slot] ? `flonum(${name})` : name;
  }

  protected assignFlonum(text: string): void {
    this.assign(text);
    this.stack.push({ ...this.pop(), isFlonum: true });
  }

  /** An operand of an operation that is known to be one on doubles; `who` is for the error if it is no number. */
  protected double({ text, isFlonum }: Entry, who: string, next: number): string {
    if (isFlonum || isLiteral(text)) return text;
    return `(typeof ${text} === 'number' ? ${text} : ${this.failing(next, `double(${text}, '${who}')`)})`;
  }

  // ---- the stack

  protected emit(line: string): void {
    this.unit.lines.push(line);
  }

  protected emitAll(lines: readonly string[]): void {
    this.unit.lines.push(...lines);
  }

  protected push(entry: Entry): void {
    this.stack.push(entry);
  }

  /** Push a computed value: into the variable of its height. */
  protected assign(text: string): void {
    const name = this.temporary(this.stack.length);
    this.emit(`${name} = ${text};`);
    this.push({ text: name });
  }

  /** Push a boolean; it stays an expression if the next instruction consumes it. */
  protected assignTest(text: string, next: number): void {
    const op = this.words[next];
    if (op === Op.JumpIfFalse || op === Op.JumpIfTrue || op === Op.Not)
      this.push({ text: `(${text})`, isBoolean: true });
    else this.assign(text);
  }

  protected pop(): Entry {
    const entry = this.stack.pop();
    assert(entry !== undefined, 'the stack of temporaries has what an instruction takes');
    return entry;
  }

  /** The text of an Eta value. */
  protected popValue(): string {
    return valueText(this.pop());
  }

  protected popOperator(): Entry {
    const entry = this.pop();
    return entry.isFlonum ? { text: valueText(entry) } : entry;
  }

  /** The same for several; each text may be repeated. */
  protected popMany(count: number): string[] {
    this.boxTop(count);
    return this.stack.splice(this.stack.length - count, count).map(valueText);
  }

  /** Make Eta values of the topmost temporaries. */
  protected boxTop(count: number): void {
    for (let i = this.stack.length - count; i < this.stack.length; i++) {
      const entry = this.stack[i];
      if (!entry.isFlonum || entry.boxed !== undefined) continue;
      const name = this.temporary(i);
      this.emit(`${name} = ${valueText(entry)};`);
      this.stack[i] = { text: name };
    }
  }

  /** Put every temporary into its variable. */
  protected flush(): void {
    this.stack.forEach((entry, i) => {
      this.materialise(entry, i);
    });
  }

  protected materialise({ text, isFlonum }: Entry, i: number): void {
    const name = this.temporary(i);
    if (text === name) return;
    this.emit(`${name} = ${text};`);
    this.stack[i] = { text: name, isFlonum };
  }

  /** Before a local changes: temporaries that are references to it take its value. */
  protected saveReferences(slot: number): void {
    this.stack.forEach((entry, i) => {
      if (entry.text === this.localName(slot)) this.materialise(entry, i);
    });
  }

  /** The frame of a call that waits for its value: locals that are not read any more are given up. */
  protected waitingFrame(count: number, next: number): string[] {
    const isLive = this.liveAt(next);
    const { localCount } = this.code;
    return this.frameValues(count).map((text, i) => (i < localCount && !isLive(i) ? '0' : text));
  }

  /** Whether a local may still be read from `pc` on. */
  private liveAt(pc: number): (slot: number) => boolean {
    const live = liveSlots(this.code)?.get(pc) ?? -1n;
    return (slot) => (live & (1n << BigInt(slot))) !== 0n;
  }

  /** Locals, then all temporaries but the topmost `without`, as an interpreter frame holds them. */
  protected frameValues(without: number): string[] {
    const locals = Array.from({ length: this.code.localCount }, (_, i) => this.local(i));
    return [...locals, ...this.stack.slice(0, this.stack.length - without).map(valueText)];
  }

  // ---- constants

  protected constant(index: number): Entry {
    const value: Value = this.code.constants[index];
    if (value === NIL) return { text: 'NIL', isIdentity: true };
    if (typeof value === 'boolean') return { text: String(value), isIdentity: true, isBoolean: true };
    if (typeof value === 'number' && Number.isInteger(value)) return { text: `(${value})`, isIdentity: true };
    const text = this.constantName(index);
    if (isFlonumConstant(value) && !this.hasCatch) return this.flonumConstant(value as number | Flonum, text);
    const isIdentity = typeof value === 'string' || value instanceof Sym || value instanceof Char;
    const isApply = value instanceof ControlPrimitive && value.name === '%apply';
    return { text, isIdentity, closure: value instanceof Closure ? value : undefined, isApply };
  }

  protected flonumConstant(value: number | Flonum, boxed: string): Entry {
    const double = typeof value === 'number' ? value : value.value;
    return { text: Object.is(double, -0) ? '(-0)' : `(${double})`, isFlonum: true, boxed };
  }

  protected constantName(index: number): string {
    return this.unit.constantName(this.code.constants[index]);
  }
}
