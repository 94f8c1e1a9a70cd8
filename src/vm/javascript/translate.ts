// The translator: bytecode to the source of a JavaScript function.
//
// It walks the instructions once with a picture of the stack of temporaries. A temporary at height i is the variable
// `ti`, unless it is a plain reference (a constant, a local, an upvalue), which is written where it is used. Locals
// are `l0`, `l1` … Jumps become labelled blocks and loops (structure.ts). For what a generated function gives and
// takes see protocol.ts.
//
//   (define (f x) (+ 1 (g x)))        function eta_f(self, d, l0) {
//                                       if (d > MAX) return rt.overflow(self, l0);
//                                       let t0, …, w = d + 19;
//                                       try {
//                                         r = k0.value === c0 ? j0(c0, w, l0) : (p = 7, rt.callGlobal(self, k0, w, l0));
//                                         if (r === undefined && (r = rt.settleOrCapture(w, self, 7, 1)) === undefined)
//                                           return;
//                                         …
//                                       } catch (e) { return rt.throw(e, self, d, p); }
//
// Small is fast: V8 inlines a function by the length of its bytecode. It never inlines a function into itself, so one that
// calls itself is generated several times, each copy calling the next.
//
// A part of a function can also be translated by itself, to be entered while the function is running in the interpreter:
// a loop, or the end of the function behind a call. Then the locals come from the interpreter's stack, and jumps out of
// the part give the place to go on at.

import { CAPTURE_SELF, type CodeObject } from '../../bytecode/code.ts';
import { liveSlots } from '../../bytecode/liveness.ts';
import { OPS, Op } from '../../bytecode/ops.ts';
import { Closure, type Primitive } from '../../bytecode/procedures.ts';
import { assert, InvariantError } from '../../values/errors.ts';
import { MAX_FIXNUM } from '../../values/numbers.ts';
import { type Cell, Char, type Flonum, NIL, Sym, type Value } from '../../values/types.ts';
import type { Callees } from './callees.ts';
import { FLONUM_FUNCTIONS, FlonumAnalysis, givesFlonum, isFlonumConstant, type Knowledge } from './flonums.ts';
import { isLiteral, primitiveCall, smallIntegers } from './inline.ts';
import { FEW_VALUES, MAX_DEPTH } from './protocol.ts';
import { type Block, blocksOf, jumpTarget, nextPc } from './structure.ts';

/** A temporary, as JavaScript that may be repeated. */
interface Entry {
  readonly text: string;
  /** Its value is a JavaScript boolean for certain. */
  readonly isBoolean?: boolean;
  /** Equal values are the same value: `===` is `eq?`. */
  readonly isIdentity?: boolean;
  /** The operator is the value of this cell, not yet checked for being defined. */
  readonly cell?: number;
  readonly isSelf?: boolean;
  /** It is this procedure. */
  readonly closure?: Closure;
  /** A flonum (flonums.ts): the text is a raw double. */
  readonly isFlonum?: boolean;
  /** Of a flonum: its Eta value, where there is one already. */
  readonly boxed?: string;
}

/** The text of an entry's Eta value. */
const valueText = ({ text, isFlonum, boxed }: Entry): string => (isFlonum ? (boxed ?? `flonum(${text})`) : text);

const TICK_EVERY = 50_000;
/** Host stack that a call of a generated function takes beside its variables, unoptimised: an estimate from above. */
const FRAME_WORDS = 30;
/** Of a function that calls itself: enough for every second call to be inlined. */
const COPIES = 2;
/** A longer function is not copied: V8 would not inline it. */
const MAX_COPIED_WORDS = 120;

export interface Translation {
  /** Function declarations; the first is the one to call. */
  readonly functions: readonly string[];
  readonly name: string;
  /** Which constants it refers to, as `k0`, `k1` … and, of primitives, the functions as `f0`, `f1` … */
  readonly constants: ReadonlySet<number>;
  readonly primitives: ReadonlySet<number>;
}

export function translateFunction(code: CodeObject, callees: Callees): Translation {
  const base = javascriptName(code);
  const isCopied = code.code.length <= MAX_COPIED_WORDS;
  const first = new Translator(code, callees, 0, code.code.length, 'function', 0, base, isCopied ? `${base}_1` : base);
  const translation = first.translate();
  if (!first.callsItself || !isCopied) return translation;
  const copies = Array.from({ length: COPIES - 1 }, (_, i) => {
    const next = i + 2 < COPIES ? `${base}_${i + 2}` : base;
    return new Translator(code, callees, 0, code.code.length, 'function', 0, `${base}_${i + 1}`, next).translate()
      .functions[0];
  });
  return { ...translation, functions: [...translation.functions, ...copies] };
}

/** @param height  temporaries on the stack at the loop's head */
export function translateLoop(
  code: CodeObject,
  callees: Callees,
  head: number,
  end: number,
  height: number,
): Translation {
  return new Translator(code, callees, head, end, 'loop', height, javascriptName(code)).translate();
}

/**
 * The end of a function, from behind a call whose value it takes as `v`. The call must not be in a `catch`.
 *
 * @param height  temporaries on the stack below the value
 */
export function translateEnd(code: CodeObject, callees: Callees, pc: number, height: number): Translation {
  return new Translator(code, callees, pc, code.code.length, 'end', height, javascriptName(code)).translate();
}

const javascriptName = (code: CodeObject): string => `eta_${code.name.replace(/[^A-Za-z0-9]/g, '_')}`;

/** `LoadGlobal` of an operator directly before its call need not check the cell: the call does. */
const isCall = (op: number): boolean => op === Op.Call || op === Op.TailCall;

/** An expression that can throw, and is rarely evaluated: it notes the place first. */
const failing = (next: number, text: string): string => `(p = ${next}, ${text})`;

const numbers = (...operands: readonly string[]): string =>
  operands
    .filter((x) => !isLiteral(x))
    .map((x) => `typeof ${x} === 'number'`)
    .join(' && ') || 'true';

class Translator {
  private readonly words: Int32Array;
  private readonly lines: string[] = [];
  private stack: Entry[] = [];
  /** Height of the stack at jump targets that a jump has been seen to. */
  private readonly heights = new Map<number, number>();
  private isReachable = true;
  private readonly open: Block[] = [];
  private readonly constants = new Set<number>();
  private readonly primitives = new Set<number>();
  private maxHeight = 0;
  private readonly weight: number;
  private readonly hasCatch: boolean;
  private restarts = false;
  /** The catches of the stretch, with the height of the stack that each is entered at. */
  private readonly catches = new Map<Block, number>();
  /** Whether it has been seen to call itself, not as its last act. */
  callsItself = false;
  /** Which of the variables that a function may need it uses. */
  private readonly used = new Set<string>();
  private readonly flonums: FlonumAnalysis;
  /** Which locals are read again, by place; made when it is first asked for. */
  private live: ReturnType<typeof liveSlots> | undefined;
  /** The locals that hold raw doubles here. */
  private rawLocals: boolean[] = [];

  constructor(
    private readonly code: CodeObject,
    private readonly callees: Callees,
    private readonly from: number,
    private readonly to: number,
    private readonly kind: 'function' | 'loop' | 'end',
    private readonly height: number,
    private readonly name: string,
    /** The copy of this function that it calls as itself. */
    private readonly next: string = name,
  ) {
    this.words = code.code;
    this.weight = FRAME_WORDS + code.localCount + 2 * code.maxStack;
    this.hasCatch = this.contains(Op.PushCatch);
    this.flonums = new FlonumAnalysis(code);
    if (kind !== 'function') {
      const known = this.knownAt(from);
      this.rawLocals = known.slice(0, code.localCount);
      for (let i = 0; i < height; i++) this.push({ text: `t${i}`, isFlonum: known[code.localCount + i] });
    }
    if (kind === 'end') this.push({ text: 'v' });
  }

  translate(): Translation {
    const blocks = blocksOf(this.words, this.from, this.to);
    let next = 0;
    for (let pc = this.from; pc < this.to; pc = nextPc(this.words, pc)) {
      this.closeBlocks(pc);
      while (next < blocks.length && blocks[next].start === pc) this.openBlock(blocks[next++]);
      if (this.isReachable) this.instruction(pc);
    }
    this.closeBlocks(this.to);
    const { code, name, constants, primitives } = this;
    const count = code.required + (code.rest ? 1 : 0);
    const locals = Array.from({ length: code.localCount }, (_, i) => `l${i}`);
    const parameters = this.isPart
      ? ['self', 'd', 'S', 'B', ...(this.kind === 'end' ? ['v'] : [])]
      : ['self', 'd', ...locals.slice(0, count)];
    const body = this.wrap(locals, count);
    const text = [`function ${name}(${parameters.join(', ')}) {`, ...body, '}'].join('\n');
    return { functions: [text], name, constants, primitives };
  }

  /** It is entered with the locals and temporaries on the interpreter's stack. */
  private get isPart(): boolean {
    return this.kind !== 'function';
  }

  /** The function's body around the translated instructions. */
  private wrap(locals: readonly string[], parameterCount: number): string[] {
    const temporaries = Array.from({ length: this.maxHeight }, (_, i) => `t${i}`);
    const declared = [...(this.isPart ? locals : locals.slice(parameterCount)), ...temporaries, 'p = 0'];
    if (this.hasCatch) declared.push('h = null', ...[...this.catches.keys()].map(({ start }) => `q${start}`));
    const guard = this.isPart ? [] : this.guard(locals.slice(0, parameterCount));
    const inner = this.bodyLines(locals);
    const frame = this.hasCatch ? `, [${[...locals, ...temporaries].join(', ')}], h` : '';
    return [
      ...guard,
      `let ${[...declared, ...this.used].join(', ')};`,
      'try {',
      ...inner,
      `} catch (e) { return rt.throw(e, self, d, p${frame}); }`,
    ];
  }

  private bodyLines(locals: readonly string[]): string[] {
    if (this.restarts) return ['start: for (;;) {', ...this.lines, '}'];
    if (!this.isPart) return this.lines;
    const loads = this.loadStatements(locals);
    if (this.kind === 'loop') return [...loads, ...this.lines];
    const upvalues = [...this.used].filter((declaration) => declaration.startsWith('U ')).map((text) => `${text};`);
    return ['again: for (;;) {', ...upvalues, ...loads, ...this.lines, '}'];
  }

  /** The depth of the host stack that this function's calls start from. */
  private get innerDepth(): string {
    return this.use('w', `w = d + ${this.weight}`);
  }

  /** A variable that not every function needs. */
  private use(name: string, declaration = name): string {
    this.used.add(declaration);
    return name;
  }

  private upvalue(index: number): string {
    return `${this.use('U', 'U = self.upvalues')}[${index}]`;
  }

  private guard(parameters: readonly string[]): string[] {
    if (!this.contains(Op.Call) && !this.contains(Op.TailCall)) return [];
    return [`if (d > ${MAX_DEPTH}) return rt.overflow(${['self', ...parameters].join(', ')});`];
  }

  /** A part takes its locals, and the temporaries below it, from the interpreter's stack. */
  private loadStatements(locals: readonly string[]): string[] {
    const below = Array.from({ length: this.height }, (_, i) => `t${i}`);
    const known = this.knownAt(this.from);
    return [...locals, ...below].map((name, i) =>
      known[i] ? `${name} = double(S[B + ${i}]);` : `${name} = S[B + ${i}];`,
    );
  }

  private contains(op: Op): boolean {
    for (let pc = this.from; pc < this.to; pc = nextPc(this.words, pc)) if (this.words[pc] === op) return true;
    return false;
  }

  // ---- blocks

  private openBlock(block: Block): void {
    if (!this.isReachable) {
      // Nothing in here is reachable: its end must not be either.
      this.emit('{');
      this.open.push({ ...block, kind: 'block' });
      return;
    }
    if (block.kind === 'loop') {
      this.flush();
      this.emitAll(this.conversions(block.start));
      this.know(block.start);
      this.heights.set(block.start, this.stack.length);
      this.emit(`L${block.start}: for (;;) {`);
    } else if (block.kind === 'catch') {
      this.flush();
      this.catches.set(block, this.stack.length);
      this.emit(`c${block.start}: { try {`);
    } else this.emit(`b${block.end}: {`);
    this.open.push(block);
  }

  private closeBlocks(pc: number): void {
    while (this.open.length > 0 && this.open[this.open.length - 1].end === pc) {
      const block = this.open.pop()!;
      if (this.isReachable) {
        this.flush();
        // Where nothing has jumped to, what is raw stays so.
        if (block.kind !== 'loop' && this.heights.has(pc)) this.emitAll(this.conversions(pc));
      }
      if (block.kind === 'catch') this.closeCatch(block);
      else this.emit('}');
      if (block.kind !== 'loop') this.arrive(pc);
    }
  }

  /** After a catch's body: what was thrown in this very frame, if it is for this catch. */
  private closeCatch(block: Block): void {
    const height = this.catches.get(block)!;
    const handler = `q${block.start}`;
    this.emit(`} catch (e) { if (!rt.catchesHere(e, ${handler})) throw e; ${this.caught(block, handler)} } }`);
    this.heights.set(block.end, height + 1);
    this.maxHeight = Math.max(this.maxHeight, height + 1);
  }

  /** The statements that bring a catch's value to where it is delivered. */
  private caught(block: Block, handler: string): string {
    return `h = ${handler}.enclosing; t${this.catches.get(block)!} = rt.value;`;
  }

  /** The end of a block: what jumped here left its temporaries in their variables. */
  private arrive(pc: number): void {
    const height = this.heights.get(pc);
    if (height === undefined) return;
    assert(!this.isReachable || height === this.stack.length, 'all ways to a place have the same stack height');
    this.stack = Array.from({ length: height }, (_, i) => ({ text: `t${i}` }));
    this.know(pc);
    this.isReachable = true;
  }

  // ---- raw doubles

  private knownAt(pc: number): Knowledge {
    return this.flonums.at(pc) ?? [];
  }

  /** From here on, exactly those locals and temporaries are raw doubles that are known to be flonums at `pc`. */
  private know(pc: number): void {
    const known = this.knownAt(pc);
    const { localCount } = this.code;
    this.rawLocals = known.slice(0, localCount);
    this.stack = this.stack.map((entry, i) => ({ ...entry, isFlonum: known[localCount + i] }));
  }

  /** Before control goes to `pc`, with all temporaries in their variables: statements that box what is raw only here. */
  private conversions(pc: number): string[] {
    const known = this.knownAt(pc);
    const { localCount } = this.code;
    const boxing = (name: string, isRaw: boolean | undefined, isKnown: boolean | undefined): string[] =>
      isRaw && !isKnown ? [`${name} = flonum(${name});`] : [];
    return [
      ...this.rawLocals.flatMap((isRaw, i) => boxing(`l${i}`, isRaw, known[i])),
      ...this.stack.flatMap(({ isFlonum }, i) => boxing(`t${i}`, isFlonum, known[localCount + i])),
    ];
  }

  /** A local as an Eta value. */
  private local(slot: number): string {
    return this.rawLocals[slot] ? `flonum(l${slot})` : `l${slot}`;
  }

  private assignFlonum(text: string): void {
    this.assign(text);
    this.stack.push({ ...this.pop(), isFlonum: true });
  }

  /** An operand of an operation that is known to be one on doubles; `who` is for the error if it is no number. */
  private double({ text, isFlonum }: Entry, who: string, next: number): string {
    if (isFlonum || isLiteral(text)) return text;
    return `(typeof ${text} === 'number' ? ${text} : ${failing(next, `double(${text}, '${who}')`)})`;
  }

  /** A jump; the statement that does it, for use in a conditional. */
  private jump(target: number): string {
    if (target < this.from || target >= this.to)
      return `return rt.leave(${target}, [${this.frameValues(0).join(', ')}]);`;
    const isBack = this.open.some((block) => block.kind === 'loop' && block.start === target);
    this.heights.set(target, this.stack.length);
    const conversions = this.conversions(target).join(' ');
    const leap = isBack ? `continue L${target};` : `break b${target};`;
    return conversions === '' ? leap : `{ ${conversions} ${leap} }`;
  }

  // ---- the stack

  private emit(line: string): void {
    this.lines.push(line);
  }

  private emitAll(lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  private push(entry: Entry): void {
    this.stack.push(entry);
    this.maxHeight = Math.max(this.maxHeight, this.stack.length);
  }

  /** Push a computed value: into the variable of its height. */
  private assign(text: string): void {
    const name = `t${this.stack.length}`;
    this.emit(`${name} = ${text};`);
    this.push({ text: name });
  }

  /** Push a boolean; it stays an expression if the next instruction consumes it. */
  private assignTest(text: string, next: number): void {
    const op = this.words[next];
    if (op === Op.JumpIfFalse || op === Op.JumpIfTrue || op === Op.Not)
      this.push({ text: `(${text})`, isBoolean: true });
    else this.assign(text);
  }

  private pop(): Entry {
    const entry = this.stack.pop();
    assert(entry !== undefined, 'the stack of temporaries has what an instruction takes');
    return entry;
  }

  /** The text of an Eta value. */
  private popValue(): string {
    return valueText(this.pop());
  }

  private popOperator(): Entry {
    const entry = this.pop();
    return entry.isFlonum ? { text: valueText(entry) } : entry;
  }

  /** The same for several; each text may be repeated. */
  private popMany(count: number): string[] {
    this.boxTop(count);
    return this.stack.splice(this.stack.length - count, count).map(valueText);
  }

  /** Make Eta values of the topmost temporaries. */
  private boxTop(count: number): void {
    for (let i = this.stack.length - count; i < this.stack.length; i++) {
      const entry = this.stack[i];
      if (!entry.isFlonum || entry.boxed !== undefined) continue;
      this.emit(`t${i} = ${valueText(entry)};`);
      this.stack[i] = { text: `t${i}` };
    }
  }

  /** Put every temporary into its variable. */
  private flush(): void {
    this.stack.forEach((entry, i) => {
      this.materialise(entry, i);
    });
  }

  private materialise({ text, isFlonum }: Entry, i: number): void {
    const name = `t${i}`;
    if (text === name) return;
    this.emit(`${name} = ${text};`);
    this.stack[i] = { text: name, isFlonum };
  }

  /** Before a local changes: temporaries that are references to it take its value. */
  private saveReferences(slot: number): void {
    this.stack.forEach((entry, i) => {
      if (entry.text === `l${slot}`) this.materialise(entry, i);
    });
  }

  /** The frame of a call that waits for its value: locals that are not read any more are given up. */
  private waitingFrame(count: number, next: number): string[] {
    this.live ??= liveSlots(this.code);
    const live = this.live?.get(next) ?? -1n;
    const { localCount } = this.code;
    return this.frameValues(count).map((text, i) => (i < localCount && (live & (1n << BigInt(i))) === 0n ? '0' : text));
  }

  /** Locals, then all temporaries but the topmost `without`, as an interpreter frame holds them. */
  private frameValues(without: number): string[] {
    const locals = Array.from({ length: this.code.localCount }, (_, i) => this.local(i));
    return [...locals, ...this.stack.slice(0, this.stack.length - without).map(valueText)];
  }

  // ---- constants

  private constant(index: number): Entry {
    const value: Value = this.code.constants[index];
    if (value === NIL) return { text: 'NIL', isIdentity: true };
    if (typeof value === 'boolean') return { text: String(value), isIdentity: true, isBoolean: true };
    this.constants.add(index);
    if (isFlonumConstant(value) && !this.hasCatch) return this.flonumConstant(value as number | Flonum, `k${index}`);
    const isIdentity = typeof value === 'string' || value instanceof Sym || value instanceof Char;
    return { text: `k${index}`, isIdentity, closure: value instanceof Closure ? value : undefined };
  }

  private flonumConstant(value: number | Flonum, boxed: string): Entry {
    const double = typeof value === 'number' ? value : value.value;
    return { text: Object.is(double, -0) ? '(-0)' : `(${double})`, isFlonum: true, boxed };
  }

  private constantName(index: number): string {
    this.constants.add(index);
    return `k${index}`;
  }

  // ---- instructions

  private instruction(pc: number): void {
    const { words } = this;
    const next = nextPc(words, pc);
    const a = words[pc + 1];
    switch (words[pc] as Op) {
      case Op.LoadConst:
        return this.push(this.constant(a));
      case Op.LoadInt:
        return this.push({ text: `(${a})`, isIdentity: true });
      case Op.LoadLocal:
        return this.push({ text: `l${a}`, isFlonum: this.rawLocals[a] });
      case Op.StoreLocal: {
        const { text, isFlonum = false } = this.pop();
        this.saveReferences(a);
        this.rawLocals[a] = isFlonum;
        return this.emit(`l${a} = ${text};`);
      }
      case Op.LoadBox:
        return this.assign(`l${a}.value`);
      case Op.StoreBox:
        return this.emit(`l${a}.value = ${this.popValue()};`);
      case Op.MakeBox:
        this.emit(`l${a} = new Box(${this.local(a)});`);
        this.rawLocals[a] = false;
        return;
      case Op.ClearLocal:
        this.rawLocals[a] = false;
        return this.emit(`l${a} = UNSET;`);
      case Op.LoadUpval:
        return this.push({ text: this.upvalue(a) });
      case Op.LoadUpvalBox:
        return this.assign(`${this.upvalue(a)}.value`);
      case Op.StoreUpvalBox:
        return this.emit(`${this.upvalue(a)}.value = ${this.popValue()};`);
      case Op.LoadSelf:
        return this.push({ text: 'self', isSelf: true });
      case Op.CheckSet: {
        const { text } = this.stack[this.stack.length - 1];
        return this.emit(`if (${text} === UNSET) { p = ${next}; unset(${this.constantName(a)}); }`);
      }
      case Op.LoadGlobal:
        return this.loadGlobal(a, next);
      case Op.StoreGlobal: {
        const cell = this.constantName(a);
        const value = this.popValue();
        return this.emit(
          `if (${cell}.value === UNSET) { p = ${next}; unset(${cell}.name); } ${cell}.value = ${value};`,
        );
      }
      case Op.DefineGlobal:
        return this.emit(`${this.constantName(a)}.value = ${this.popValue()};`);
      case Op.Pop:
        this.pop();
        return;
      case Op.Jump:
        this.flush();
        this.emit(this.jump(jumpTarget(words, pc)));
        this.isReachable = false;
        return;
      case Op.JumpIfFalse:
      case Op.JumpIfTrue:
        return this.conditionalJump(words[pc] === Op.JumpIfTrue, jumpTarget(words, pc));
      case Op.Loop:
        this.flush();
        this.tick(next);
        this.emit(this.jump(jumpTarget(words, pc)));
        this.isReachable = false;
        return;
      case Op.MakeClosure:
        return this.makeClosure(a);
      case Op.PatchUpval:
        return this.emit(`l${a}.upvalues[${words[pc + 2]}] = l${words[pc + 3]};`);
      case Op.Call:
        return this.call(a, next);
      case Op.TailCall:
        return this.tailCall(a, next);
      case Op.CallPrimitive:
        return this.callPrimitive(a, words[pc + 2], next);
      case Op.Return:
        return this.giveBack(this.popValue(), false);
      case Op.PushCatch: {
        this.flush();
        const tag = this.code.constants[a];
        const name = tag instanceof Sym ? `${this.constantName(a)}.name` : 'null';
        const height = this.code.localCount + this.stack.length;
        return this.emit(`h = q${pc} = rt.pushCatch(${name}, ${jumpTarget(words, pc)}, ${height}, h);`);
      }
      case Op.PopCatch:
        return this.emit('h = rt.popCatch(h);');
      case Op.Not: {
        const { text, isBoolean } = this.pop();
        return this.assignTest(isBoolean ? `!${text}` : `${text} === false`, next);
      }
      case Op.IsNull:
        return this.assignTest(`${this.pop().text} === NIL`, next);
      case Op.IsPair:
        return this.assignTest(`${this.pop().text}.car !== undefined`, next);
      case Op.Halt:
        throw new InvariantError('the frame below a program is never translated');
      default:
        return this.operator(words[pc] as Op, a, next);
    }
  }

  private loadGlobal(index: number, next: number): void {
    const cell = this.constantName(index);
    if (isCall(this.words[next])) return this.push({ text: `${cell}.value`, cell: index });
    this.assign(`${cell}.value`);
    this.emit(`if (t${this.stack.length - 1} === UNSET) { p = ${next}; unset(${cell}.name); }`);
  }

  private conditionalJump(when: boolean, target: number): void {
    const { text, isBoolean } = this.pop();
    this.flush();
    const test = isBoolean ? text : `${text} !== false`;
    this.emit(`if (${when ? test : isBoolean ? `!${text}` : `${text} === false`}) ${this.jump(target)}`);
  }

  private tick(next: number): void {
    const counter = this.use('c', 'c = 0');
    this.emit(`if (++${counter} > ${TICK_EVERY}) { ${counter} = 0; p = ${next}; rt.tick(); }`);
  }

  private makeClosure(index: number): void {
    const { captures } = this.code.constants[index] as CodeObject;
    const taken = [...captures].map((from) =>
      from < 0 ? this.upvalue(-1 - from) : from === CAPTURE_SELF ? 'self' : this.local(from),
    );
    this.assign(`new Closure(${this.constantName(index)}, [${taken.join(', ')}])`);
  }

  // ---- calls

  private call(count: number, next: number): void {
    const operator = this.popOperator();
    this.boxTop(count);
    const args = this.stack.slice(this.stack.length - count).map(valueText);
    const r = this.use('r');
    this.emit(`${r} = ${this.invocation(operator, args, next)};`);
    if (!this.hasCatch) {
      const result = this.settleOrCapture(this.waitingFrame(count, next), next);
      this.emit(`if (r === undefined && (r = ${result}) === undefined) return;`);
    } else {
      const deliveries = this.openCatches().map((block) => {
        const handler = `q${block.start}`;
        return `if (rt.unwinding === ${handler}) { rt.arrive(); ${this.caught(block, handler)} break c${block.start}; } `;
      });
      this.emit(
        `if (r === undefined && (r = rt.settle(${this.innerDepth})) === undefined) ` +
          `{ ${deliveries.join('')}return rt.capture(self, ${next}, [${this.frameValues(count).join(', ')}], h); }`,
      );
    }
    if (operator.isSelf || this.isOwnName(operator)) this.callsItself = true;
    this.popMany(count);
    this.assign('r');
  }

  private settleOrCapture(values: readonly string[], next: number): string {
    const count = values.length <= FEW_VALUES ? [values.length] : [];
    const name = values.length <= FEW_VALUES ? 'settleOrCaptureFew' : 'settleOrCapture';
    return `rt.${name}(${[this.innerDepth, 'self', next, ...count, ...values].join(', ')})`;
  }

  private callPrimitive(index: number, count: number, next: number): void {
    const { name } = this.code.constants[index] as Primitive;
    const entries = this.stack.slice(this.stack.length - count);
    const known = entries.map(({ isFlonum = false }) => isFlonum);
    if (!this.hasCatch && givesFlonum(name, known)) return this.flonumPrimitive(name, entries, next);
    const args = this.popMany(count);
    this.emit(`p = ${next};`);
    if (name === '%raise' && this.openCatches().length === 0) return this.raise(args[0], args[1]);
    this.primitives.add(index);
    const call = `f${index}(${args.join(', ')})`;
    this.assign(primitiveCall(name, args, call, () => this.use('n')));
  }

  private flonumPrimitive(name: string, entries: readonly Entry[], next: number): void {
    const [x, y] = entries.map((entry) => this.double(entry, name, next));
    this.stack.length -= entries.length;
    if (FLONUM_FUNCTIONS.has(name) || name === 'abs') return this.assignFlonum(`Math.${name}(${x})`);
    const dividend = `t${this.stack.length}`;
    const divisor = this.use('n');
    this.emit(`${dividend} = ${x}; if ((${divisor} = ${y}) === 0) { p = ${next}; zeroDivisor(); }`);
    this.assignFlonum(`${dividend} / ${divisor}`);
  }

  /** What would happen to a throw in no `catch` of this function, without the host's slow way there. */
  private raise(tag: string, value: string): void {
    this.emit(`return rt.throw(new Raise(${tag}.name, ${value}), self, d, p);`);
    this.isReachable = false;
  }

  /** The catches of this function that are open here, innermost first. */
  private openCatches(): Block[] {
    return this.open.filter(({ kind }) => kind === 'catch').reverse();
  }

  private tailCall(count: number, next: number): void {
    const operator = this.popOperator();
    const args = this.popMany(count);
    const canRestart = !this.isPart && !this.code.rest && count === this.code.required;
    if (canRestart && operator.isSelf) this.restart(args, next);
    else {
      const isOwn = canRestart && this.isOwnName(operator);
      if (isOwn) {
        this.emit(`if (${operator.text} === self) {`);
        this.restart(args, next);
        this.emit('}');
      }
      const call = isOwn
        ? this.globalCall(operator.cell!, args, next, 'tailCallGlobal')
        : this.invocation(operator, args, next, true);
      this.giveBack(call, true);
    }
    this.isReachable = false;
  }

  /**
   * Return the value. In a recursion, what waits for it is most often the same function at the same place: then the end of
   * a function goes on with that one itself, as a loop, and spares the way through the machine.
   */
  private giveBack(value: string, isCall: boolean): void {
    this.isReachable = false;
    if (this.kind !== 'end' || this.hasCatch) return this.emit(`return ${value};`);
    const f = this.use('f');
    const hasValue = isCall ? 'v !== undefined && ' : '';
    this.emit(
      `v = ${value}; if (${hasValue}(${f} = rt.returnInto(self.code, ${this.from})) !== null) ` +
        '{ self = f; B = rt.base; continue again; } return v;',
    );
  }

  /** A tail call of this very function is a jump to its start. */
  private restart(args: readonly string[], next: number): void {
    this.restarts = true;
    const height = this.stack.length;
    args.forEach((text, i) => {
      if (text !== `t${height + i}`) this.emit(`t${height + i} = ${text};`);
    });
    this.maxHeight = Math.max(this.maxHeight, height + args.length);
    args.forEach((_, i) => {
      this.emit(`l${i} = t${height + i};`);
    });
    this.tick(next);
    this.emit('continue start;');
  }

  /** Whether the operator is the variable that this function is most likely the value of. */
  private isOwnName({ cell }: Entry): boolean {
    return cell !== undefined && this.cell(cell).name === this.code.name;
  }

  /** An expression for the result of the call: a value or undefined. */
  private invocation(operator: Entry, args: readonly string[], next: number, isTail = false): string {
    const { code, innerDepth } = this;
    const list = args.map((text) => `, ${text}`).join('');
    const own = `${this.next}(self, ${innerDepth}${list})`;
    const fitsOwn = !this.isPart && !code.rest && args.length === code.required;
    if (operator.isSelf && fitsOwn) return own;
    const byName =
      operator.cell === undefined
        ? null
        : this.globalCall(operator.cell, args, next, isTail ? 'tailCallGlobal' : 'callGlobal');
    if (fitsOwn && this.isOwnName(operator)) return `${operator.text} === self ? ${own} : ${byName}`;
    const direct = this.directCall(operator, args);
    if (direct !== null)
      return byName === null ? direct.call : `${operator.text} === ${direct.closure} ? ${direct.call} : ${byName}`;
    const f = this.use('f');
    const g = this.use('g');
    const slow =
      byName ?? failing(next, `rt.${isTail ? 'tailCall' : 'call'}(self, f, ${innerDepth}, [${args.join(', ')}])`);
    return (
      `(${g} = (${f} = ${operator.text}).code) !== undefined && g.jsArity === ${args.length} ` +
      `? g.js(f, ${innerDepth}${list}) : ${slow}`
    );
  }

  /** A call of what is a constant, or was the value of the global variable when this was translated. */
  private directCall(operator: Entry, args: readonly string[]): { closure: string; call: string } | null {
    const closure = operator.cell === undefined ? operator.closure : this.callees.assume(this.cell(operator.cell));
    if (closure === undefined) return null;
    const { required, rest } = closure.code;
    if (args.length < required || (args.length > required && !rest)) return null;
    const callee = this.callees.name(closure);
    if (callee === null) return null;
    const extra = args.slice(required).reduceRight((tail, item) => `new Pair(${item}, ${tail})`, 'NIL');
    const passed = [callee.closure, this.innerDepth, ...args.slice(0, required), ...(rest ? [extra] : [])];
    return { closure: callee.closure, call: `${callee.function}(${passed.join(', ')})` };
  }

  private cell(index: number): Cell {
    return this.code.constants[index] as Cell;
  }

  private globalCall(
    cell: number,
    args: readonly string[],
    next: number,
    how: 'callGlobal' | 'tailCallGlobal',
  ): string {
    return failing(next, `rt.${how}(${['self', this.constantName(cell), this.innerDepth, ...args].join(', ')})`);
  }

  // ---- operators

  private operator(op: Op, operand: number, next: number): void {
    const { operands, name } = OPS[op];
    if (op === Op.AddInt) return this.addInteger(this.pop(), operand, next);
    assert(operands.length === 0, `${name} is an operator`);
    if (op === Op.VectorSet) return this.vectorSet(next);
    if (op === Op.Car || op === Op.Cdr) return this.component(op === Op.Car ? 'car' : 'cdr', next);
    const y = this.pop();
    const x = this.pop();
    switch (op) {
      case Op.Cons:
        return this.assign(`new Pair(${valueText(x)}, ${valueText(y)})`);
      case Op.IsEq:
        return this.sameness(x, y, next);
      case Op.Add:
        return this.arithmetic(x, y, '+', 'add', next);
      case Op.Subtract:
        return this.arithmetic(x, y, '-', 'sub', next);
      case Op.Multiply:
        return this.multiply(x, y, next);
      case Op.NumberEqual:
        return this.comparison(x, y, '=', '===', 'numEq', next);
      case Op.Less:
        return this.comparison(x, y, '<', '<', 'lt', next);
      case Op.Greater:
        return this.comparison(x, y, '>', '>', 'gt', next);
      case Op.LessEqual:
        return this.comparison(x, y, '<=', '<=', 'le', next);
      case Op.GreaterEqual:
        return this.comparison(x, y, '>=', '>=', 'ge', next);
      case Op.VectorRef:
        return this.vectorRef(valueText(x), valueText(y), next);
      default:
        throw new InvariantError(`${name} has a translation`);
    }
  }

  private sameness(x: Entry, y: Entry, next: number): void {
    const [a, b] = [valueText(x), valueText(y)];
    this.assignTest(x.isIdentity || y.isIdentity ? `${a} === ${b}` : `${a} === ${b} || isEq(${a}, ${b})`, next);
  }

  private addInteger(x: Entry, n: number, next: number): void {
    if (n < 0) this.arithmetic(x, { text: `(${-n})` }, '-', 'sub', next);
    else this.arithmetic(x, { text: `(${n})` }, '+', 'add', next);
  }

  /** Two small integers need no check of the result. All else is the slow path's. */
  private arithmetic(left: Entry, right: Entry, operator: string, slow: string, next: number): void {
    if (left.isFlonum || right.isFlonum) {
      const [a, b] = [this.double(left, operator, next), this.double(right, operator, next)];
      return this.assignFlonum(`${a} ${operator} ${b}`);
    }
    const [x, y] = [left.text, right.text];
    const slowly = failing(next, `${slow}(${x}, ${y})`);
    this.assign(
      this.code.hasSeenFlonum(next)
        ? this.flonum(x, y, operator, slowly)
        : `${smallIntegers(x, y)} ? ${x} ${operator} ${y} : ${slowly}`,
    );
  }

  /** A result with a fraction is a flonum, whatever the operands were. */
  private flonum(x: string, y: string, operator: string, slow: string): string {
    const n = this.use('n');
    return `${numbers(x, y)} && (${n} = ${x} ${operator} ${y}) > Math.floor(n) ? n : ${slow}`;
  }

  /** A product of small integers can be too large to be exact, or -0, which adding 0 mends. */
  private multiply(left: Entry, right: Entry, next: number): void {
    if (left.isFlonum || right.isFlonum || this.code.hasSeenFlonum(next)) {
      return this.arithmetic(left, right, '*', 'mul', next);
    }
    const [x, y] = [left.text, right.text];
    const slow = failing(next, `mul(${x}, ${y})`);
    const n = this.use('n');
    this.assign(
      `${smallIntegers(x, y)} && (${n} = ${x} * ${y}) <= ${MAX_FIXNUM} && n >= -${MAX_FIXNUM} ? n + 0 : ${slow}`,
    );
  }

  private comparison(left: Entry, right: Entry, name: string, operator: string, slow: string, next: number): void {
    if (left.isFlonum || right.isFlonum) {
      const [a, b] = [this.double(left, name, next), this.double(right, name, next)];
      return this.assignTest(`${a} ${operator} ${b}`, next);
    }
    const [x, y] = [left.text, right.text];
    const slowly = failing(next, `${slow}(${x}, ${y})`);
    this.assignTest(`${numbers(x, y)} ? ${x} ${operator} ${y} : ${slowly}`, next);
  }

  private component(part: 'car' | 'cdr', next: number): void {
    const { text } = this.pop();
    const name = `t${this.stack.length}`;
    const fail = `{ p = ${next}; ${part}Error(${text}); }`;
    if (text !== name) {
      this.assign(`${text}.${part}`);
      return this.emit(`if (${name} === undefined) ${fail}`);
    }
    // The error shows the value that is no pair: it must not be overwritten before.
    const n = this.use('n');
    this.emit(`if ((${n} = ${text}.${part}) === undefined) ${fail}`);
    this.assign(n);
  }

  private vectorRef(vector: string, index: string, next: number): void {
    const items = this.use('x');
    const n = this.use('n');
    const slow = failing(next, `vectorRef(${vector}, ${index})`);
    this.assign(
      `${numbers(index)} && (${items} = ${vector}.items) !== undefined && (${n} = ${items}[${index}]) !== undefined ` +
        `? ${n} : ${slow}`,
    );
  }

  private vectorSet(next: number): void {
    const [vector, index, value] = this.popMany(3);
    const items = this.use('x');
    this.emit(
      `if (${numbers(index)} && (${index} >>> 0) === ${index} && (${items} = ${vector}.items) !== undefined ` +
        `&& ${index} < ${items}.length) ${items}[${index}] = ${value}; else { p = ${next}; vectorSet(${vector}, ${index}, ${value}); }`,
    );
    this.push({ text: 'NIL', isIdentity: true });
  }
}
