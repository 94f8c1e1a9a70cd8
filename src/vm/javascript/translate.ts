// The translator: bytecode to the source of a JavaScript function.
//
// It walks the instructions once, with a picture of the stack of temporaries (activation.ts). Jumps become labelled blocks and
// loops (structure.ts). For what a generated function gives and takes see protocol.ts.
//
//   (define (f x) (+ 1 (g x)))        function eta_f(self, d, l0) {
//                                       if ((d & LIMITS) !== 0) return rt.overflow(d, self, l0);
//                                       let p = 0, t0, …, w = (d & MASK) + 19;
//                                       try {
//                                         r = j0(c0, w, l0);
//                                         if (r === undefined && (r = rt.settleOrCapture(w, self, 7, l0)) === undefined)
//                                           return;
//                                         …
//                                       } catch (e) { return rt.throw(e, self, d, p); }
//
// A known procedure that is small is inlined (inlining.ts): then a translator of its own writes it into the same unit
// (unit.ts).
//
// A part of a function can also be translated by itself, to be entered while the function is running in the interpreter:
// a loop, or the end of the function behind a call. Then the locals come from the interpreter's stack, and jumps out of
// the part give the place to go on at.

import { CAPTURE_SELF, type CodeObject } from '../../bytecode/code.ts';
import { OPS, Op } from '../../bytecode/ops.ts';
import { type Closure, type Primitive, procedureOf, UPVALUE_FIELDS } from '../../bytecode/procedures.ts';
import { assert, InvariantError } from '../../values/errors.ts';
import { MAX_FIXNUM } from '../../values/numbers.ts';
import { type Cell, Sym } from '../../values/types.ts';
import { Activation, type Entry, upvalueOf, valueText } from './activation.ts';
import { type BaseCase, baseCases } from './base-cases.ts';
import type { Callees } from './callees.ts';
import { BLAMED, FLONUM_FUNCTIONS, FUNCTIONS_OF_FLONUMS, givesFlonum } from './flonums.ts';
import { isLiteral, numbers, primitiveCall, primitiveTest, smallIntegers } from './inline.ts';
import { budgetAfter, contains, shareOf } from './inlining.ts';
import { KnownPairs } from './pairs.ts';
import { FEW_ARGUMENTS } from './passing.ts';
import { remainderOfProduct } from './products.ts';
import { DEPTH_LIMITS, DEPTH_MASK, FEW_VALUES, TAIL_CALL_UNIT } from './protocol.ts';
import { type RecordCall, recordCall } from './record-calls.ts';
import { type Block, blocksOf, jumpTarget, nextPc } from './structure.ts';
import { type InlinedActivation, Unit } from './unit.ts';
import { captures, padded, runAt, type WaitingFrame } from './waiting.ts';

const TICK_EVERY = 50_000;
/** Host stack that a call of a generated function takes beside its variables, unoptimised: an estimate from above. */
const FRAME_WORDS = 30;

export interface Translation {
  /** A function declaration. */
  readonly text: string;
  readonly name: string;
  /** What the text calls `I`. */
  readonly inlined: readonly InlinedActivation[];
}

export function translateFunction(code: CodeObject, callees: Callees): Translation {
  return new Translator(code, new Unit(callees, code), 0, code.code.length, 'function').translate();
}

/** @param height  temporaries on the stack at the loop's head */
export function translateLoop(
  code: CodeObject,
  callees: Callees,
  head: number,
  end: number,
  height: number,
): Translation {
  return new Translator(code, new Unit(callees, null), head, end, 'loop', height).translate();
}

/**
 * The end of a function, from behind a call whose value it takes as `v`. The call must not be in a `catch`.
 *
 * @param height  temporaries on the stack below the value
 */
export function translateEnd(code: CodeObject, callees: Callees, pc: number, height: number): Translation {
  return new Translator(code, new Unit(callees, null), pc, code.code.length, 'end', height).translate();
}

const javascriptName = (code: CodeObject): string => `eta_${code.name.replace(/[^A-Za-z0-9]/g, '_')}`;

/** `LoadGlobal` of an operator directly before its call need not check the cell: the call does. */
const isCall = (op: number): boolean => op === Op.Call || op === Op.TailCall;

const literal = (value: number): Entry => ({ text: `(${value})`, isIdentity: true });

/** The statement that captures these frames and gives nothing. */
const giveUp = (frames: readonly WaitingFrame[]): string => `return ${captures(frames).join(', ')};`;

/** What may lead to a look at the machine's stacks or registers, other than an error. */
const NEEDS_REGISTERS = [Op.Call, Op.TailCall, Op.Loop, Op.StoreGlobal, Op.DefineGlobal, Op.PushCatch];

/** The text of an entry that flonums.ts promises to be a raw double. */
function raw({ text, isFlonum }: Entry): string {
  assert(isFlonum === true, 'what is known to be a flonum is a raw double');
  return text;
}

class Translator extends Activation {
  /** Height of the stack at jump targets that a jump has been seen to. */
  private readonly heights = new Map<number, number>();
  private isReachable = true;
  private readonly pairs = new KnownPairs();
  private readonly open: Block[] = [];
  private restarts = false;
  /** The instruction that is being translated. */
  private at = 0;
  /** What is before this has been translated. */
  private translated = 0;
  /** The catches of the stretch, with the height of the stack that each is entered at. */
  private readonly catches = new Map<Block, number>();
  /** Words of bytecode that may be inlined at each call. */
  private readonly share =
    this.hasCatch || this.kind === 'end' ? 0 : shareOf(this.code, this.from, this.to, this.inlining?.budget);

  private readonly isRunEnd =
    this.kind === 'end' && !NEEDS_REGISTERS.some((op) => contains(this.code, op, this.from, this.to));

  translate(): Translation {
    const { code, unit } = this;
    this.translateFamily();
    const name = javascriptName(code);
    const count = this.parameterCount;
    const parameters = this.isPart
      ? ['self', 'd', 'S', 'B', ...(this.kind === 'end' ? ['v'] : [])]
      : ['self', 'd', ...this.locals.slice(0, count)];
    const body = this.wrap(count);
    const text = [`function ${name}(${parameters.join(', ')}) {`, ...body, '}'].join('\n');
    return { text, name, inlined: unit.inlined };
  }

  private get parameterCount(): number {
    return this.code.required + (this.code.rest ? 1 : 0);
  }

  /** The unit's function, then those that tail calls lead to. */
  private translateFamily(): void {
    const { family, lines } = this.unit;
    this.translateBody();
    for (let state = 1; state < family.members.length; state++) {
      const code = family.members[state];
      family.current = state;
      const member = new Translator(code, this.unit, 0, code.code.length, 'function');
      for (const name of member.locals.slice(this.parameterCount)) this.use(name);
      this.emit(`} case ${state}: {`);
      member.translateBody();
    }
    if (!family.isLoop) return;
    const hasMembers = family.members.length > 1;
    if (hasMembers) this.use('s', 's = 0');
    lines.unshift(hasMembers ? 'start: for (;;) { switch (s) { case 0: {' : 'start: for (;;) {');
    this.emit(hasMembers ? '} } }' : '}');
  }

  private translateBody(): void {
    const start = this.unit.lines.length;
    const blocks = blocksOf(this.words, this.from, this.to);
    let next = 0;
    for (let pc = this.from; pc < this.to; pc = nextPc(this.words, pc)) {
      this.closeBlocks(pc);
      while (next < blocks.length && blocks[next].start === pc) this.openBlock(blocks[next++]);
      if (this.isReachable && pc >= this.translated) this.instruction(pc);
    }
    this.closeBlocks(this.to);
    if (this.restarts) {
      this.unit.lines.splice(start, 0, `${this.prefix}start: for (;;) {`);
      this.emit('}');
    }
  }

  /** The function's body around the translated instructions. */
  private wrap(parameterCount: number): string[] {
    const { unit, locals } = this;
    const parameters = this.isPart ? [] : locals.slice(0, parameterCount);
    const guard = this.isPart ? [] : this.guard(parameters);
    for (const name of locals.slice(parameters.length)) this.use(name);
    if (this.isRunEnd) this.use('m', 'm = 0');
    if (this.hasCatch) {
      this.use('h', 'h = null');
      for (const { start } of this.catches.keys()) this.use(`q${start}`);
    }
    const temporaries = Array.from({ length: this.maxHeight }, (_, i) => this.temporary(i));
    const body = this.isPart ? this.partLines() : unit.lines;
    const frame = this.hasCatch ? `, [${[...locals, ...temporaries].join(', ')}], h` : '';
    const weight = FRAME_WORDS + unit.weight;
    const depth = [
      ...(unit.usesDepth ? [`w = (d & ${DEPTH_MASK}) + ${weight}`] : []),
      ...(unit.usesTailDepth ? [`y = d + ${TAIL_CALL_UNIT + weight}`] : []),
    ];
    const rethrow = this.isRunEnd
      ? 'rt.throwInRun(e, self, d, p, m, B)'
      : unit.inlined.length > 0
        ? 'rt.throwIn(e, self, d, p, I)'
        : `rt.throw(e, self, d, p${frame})`;
    return [
      ...guard,
      `let ${['p = 0', ...unit.declared, ...depth].join(', ')};`,
      'try {',
      ...body,
      `} catch (e) { return ${rethrow}; }`,
    ];
  }

  /** The lines of a part, which begin with taking what it needs from the interpreter's stack. */
  private partLines(): string[] {
    const { lines } = this.unit;
    const loads = this.loadStatements();
    if (this.kind === 'loop') return [...loads, ...lines];
    return ['again: for (;;) {', ...loads, ...lines, '}'];
  }

  private guard(parameters: readonly string[]): string[] {
    const { code, from, to } = this;
    if (!contains(code, Op.Call, from, to) && !contains(code, Op.TailCall, from, to)) return [];
    return [`if ((d & ${DEPTH_LIMITS}) !== 0) return rt.overflow(${['d', 'self', ...parameters].join(', ')});`];
  }

  /** A part takes its locals, and the temporaries below it, from the interpreter's stack. */
  private loadStatements(): string[] {
    const below = Array.from({ length: this.height }, (_, i) => this.temporary(i));
    const known = this.knownAt(this.from);
    return [...this.locals, ...below].map((name, i) =>
      known[i] ? `${name} = double(S[B + ${i}]);` : `${name} = S[B + ${i}];`,
    );
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
      this.pairs.forgetAll();
      this.heights.set(block.start, this.stack.length);
      this.emit(`${this.label('L', block.start)}: for (;;) {`);
    } else if (block.kind === 'catch') {
      this.flush();
      this.catches.set(block, this.stack.length);
      this.emit(`c${block.start}: { try {`);
    } else this.emit(`${this.label('b', block.end)}: {`);
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
    this.pairs.comeTo(block.end);
  }

  /** The statements that bring a catch's value to where it is delivered. */
  private caught(block: Block, handler: string): string {
    return `h = ${handler}.enclosing; ${this.temporary(this.catches.get(block)!)} = rt.value;`;
  }

  /** The end of a block: what jumped here left its temporaries in their variables. */
  private arrive(pc: number): void {
    const height = this.heights.get(pc);
    if (height === undefined) return;
    assert(!this.isReachable || height === this.stack.length, 'all ways to a place have the same stack height');
    this.stack = Array.from({ length: height }, (_, i) => ({ text: this.temporary(i) }));
    this.know(pc);
    this.pairs.arrive(pc, this.isReachable);
    this.isReachable = true;
  }

  /** A jump; the statement that does it, for use in a conditional. */
  private jump(target: number): string {
    if (target < this.from || target >= this.to)
      return `return rt.leave(${target}, [${this.frameValues(0).join(', ')}]);`;
    const isBack = this.open.some((block) => block.kind === 'loop' && block.start === target);
    this.heights.set(target, this.stack.length);
    if (!isBack) this.pairs.jumpTo(target);
    const conversions = this.conversions(target).join(' ');
    const leap = isBack ? `continue ${this.label('L', target)};` : `break ${this.label('b', target)};`;
    return conversions === '' ? leap : `{ ${conversions} ${leap} }`;
  }

  // ---- instructions

  private instruction(pc: number): void {
    const { words } = this;
    this.at = pc;
    const next = nextPc(words, pc);
    const a = words[pc + 1];
    switch (words[pc] as Op) {
      case Op.LoadConst:
      case Op.LoadInt:
      case Op.LoadLocal:
        return this.push(this.loaded(pc));
      case Op.StoreLocal: {
        const { text, isFlonum = false } = this.pop();
        this.saveReferences(a);
        this.pairs.assigned(this.localName(a));
        this.rawLocals[a] = isFlonum;
        return this.emit(`${this.localName(a)} = ${text};`);
      }
      case Op.LoadBox:
        return this.assign(`${this.localName(a)}.value`);
      case Op.StoreBox:
        return this.emit(`${this.localName(a)}.value = ${this.popValue()};`);
      case Op.MakeBox:
        this.emit(`${this.localName(a)} = new Box(${this.local(a)});`);
        this.pairs.assigned(this.localName(a));
        this.rawLocals[a] = false;
        return;
      case Op.ClearLocal:
        this.pairs.assigned(this.localName(a));
        this.rawLocals[a] = false;
        return this.emit(`${this.localName(a)} = UNSET;`);
      case Op.LoadUpval:
        return this.push({ text: this.upvalue(a) });
      case Op.LoadUpvalBox:
        return this.assign(`${this.upvalue(a)}.value`);
      case Op.StoreUpvalBox:
        return this.emit(`${this.upvalue(a)}.value = ${this.popValue()};`);
      case Op.LoadSelf:
        return this.push({ text: this.self, isSelf: true, closure: this.inlining?.closure ?? undefined });
      case Op.CheckSet: {
        const { text } = this.stack[this.stack.length - 1];
        return this.emit(`if (${text} === UNSET) { p = ${this.place(next)}; unset(${this.constantName(a)}); }`);
      }
      case Op.LoadGlobal:
        return this.loadGlobal(a, next);
      case Op.StoreGlobal:
        this.emit(`if (${this.constantName(a)}.value === UNSET) ${this.unset(a, next)}`);
        return this.setGlobal(a, pc);
      case Op.DefineGlobal:
        return this.setGlobal(a, pc);
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
        return this.emit(`${upvalueOf(this.localName(a), words[pc + 2])} = ${this.localName(words[pc + 3])};`);
      case Op.LoadProcedure: {
        const closure = procedureOf(this.code.constants[a] as CodeObject);
        return this.push({ text: this.callees.nameClosure(closure), closure });
      }
      case Op.Call:
        return this.call(a, next);
      case Op.TailCall:
        return this.tailCall(a, next);
      case Op.CallPrimitive:
        return this.callPrimitive(a, words[pc + 2], next);
      case Op.Return: {
        const entry = this.pop();
        return this.giveBack(this.inlining !== null && this.flonums.givesFlonum ? raw(entry) : valueText(entry), false);
      }
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
        return this.pairTest(this.pop().text, next);
      case Op.Halt:
      case Op.Decode:
        throw new InvariantError('the frame below a program is never translated, nor a body that is not there');
      default:
        return this.operator(words[pc] as Op, a, next);
    }
  }

  private loadGlobal(index: number, next: number): void {
    const cell = this.constantName(index);
    if (isCall(this.words[next])) return this.push({ text: `${cell}.value`, cell: index });
    this.assign(`${cell}.value`);
    this.emit(`if (${this.stack[this.stack.length - 1].text} === UNSET) ${this.unset(index, next)}`);
  }

  /** The statement for a variable that has no value yet. */
  private unset(index: number, next: number): string {
    return `{ p = ${this.place(next)}; unset(${this.constantName(index)}.name); }`;
  }

  /** Where generated code counts on the variable's value, the interpreter has to set it. */
  private setGlobal(index: number, pc: number): void {
    const cell = this.constantName(index);
    this.boxTop(1);
    const value = valueText(this.stack[this.stack.length - 1]);
    this.emit(`if (${cell}.watcher !== null) { rt.interpret(${value}); ${this.captureFrom(pc, 1)} }`);
    this.emit(`${cell}.value = ${value};`);
    this.pop();
  }

  /** The statement that makes frames of this activation and those that wait for it; this one goes on at `pc`. */
  private captureFrom(pc: number, without: number): string {
    const values = this.frameValues(without).join(', ');
    const own = `rt.capture(${this.self}, ${pc}, [${values}], ${this.hasCatch ? 'h' : 'null'})`;
    return `return ${[own, ...captures(this.callers)].join(', ')};`;
  }

  /**
   * Give the function's value, or what a tail call gives. In a recursion, what waits for it is most often the same function at
   * the same place: then the end of a function goes on with that one itself, as a loop, and spares the way through the machine.
   */
  private giveBack(value: string, isCall: boolean): void {
    const { inlining } = this;
    this.isReachable = false;
    if (inlining !== null) return this.emit(`${inlining.result} = ${value}; break i${inlining.number};`);
    if (this.kind !== 'end' || this.hasCatch) return this.emit(`return ${value};`);
    if (this.isRunEnd) return this.giveToRun(value);
    const f = this.use('f');
    const hasValue = isCall ? 'v !== undefined && ' : '';
    this.emit(
      `v = ${value}; if (${hasValue}(${f} = rt.returnInto(self.code, ${this.from})) !== null) ` +
        '{ self = f; B = rt.base; continue again; } return v;',
    );
  }

  /**
   * The same in an end that does nothing for which the machine has to know which frame is the running one: it takes a whole
   * run of frames from the machine, of which `m` are left, and goes through them alone.
   */
  private giveToRun(value: string): void {
    const size = this.code.localCount + this.height;
    const next = `if ((m = rt.returnIntoRun(self.code, ${this.from})) === 0) return v;`;
    this.emit(`v = ${value};`);
    this.emit(`if (m === 0) { ${next} self = rt.closure; B = rt.base + m * ${size}; }`);
    this.emit(`m--; B -= ${size}; continue again;`);
  }

  private conditionalJump(when: boolean, target: number): void {
    const { text, isBoolean, isPair } = this.pop();
    this.flush();
    const test = isBoolean ? text : `${text} !== false`;
    const leap = isPair !== undefined && when ? this.pairs.during(isPair, () => this.jump(target)) : this.jump(target);
    this.emit(`if (${when ? test : isBoolean ? `!${text}` : `${text} === false`}) ${leap}`);
    if (isPair !== undefined && !when) this.pairs.add(isPair);
  }

  private pairTest(text: string, next: number): void {
    const isReference = text !== this.temporary(this.stack.length);
    this.assignTest(`${text}.car !== undefined`, next);
    const test = this.pop();
    this.push(test.isBoolean && isReference ? { ...test, isPair: text } : test);
  }

  private tick(next: number): void {
    const counter = this.use('c', 'c = 0');
    // `| 0` is for V8, which then need not look for an overflow: in a short loop that is a tenth of the time.
    this.emit(
      `if ((${counter} = (${counter} + 1) | 0) > ${TICK_EVERY}) { ${counter} = 0; p = ${this.place(next)}; rt.tick(); }`,
    );
  }

  private makeClosure(index: number): void {
    const { captures } = this.code.constants[index] as CodeObject;
    const taken = [...captures].map((from) =>
      from < 0 ? this.upvalue(-1 - from) : from === CAPTURE_SELF ? this.self : this.local(from),
    );
    const fields = taken.slice(0, UPVALUE_FIELDS);
    const more = taken.slice(UPVALUE_FIELDS);
    const parts = [this.constantName(index), ...fields, ...(more.length > 0 ? [`[${more.join(', ')}]`] : [])];
    this.assign(`new Closure(${parts.join(', ')})`);
  }

  // ---- calls

  private call(count: number, next: number): void {
    const operator = this.popOperator();
    this.boxTop(count);
    const args = this.stack.slice(this.stack.length - count).map(valueText);
    if (this.inlineCall(operator, args, next)) return;
    const record = this.recordCall(operator, args);
    if (record?.isCertain) {
      this.popMany(count);
      return record.isTest ? this.assignTest(record.value, next) : this.assign(record.value);
    }
    const r = this.use('r');
    const cases = record === null ? this.baseCases(operator, args) : [record];
    for (const { test, value } of cases) this.emit(`if (${test}) ${r} = ${value}; else`);
    if (cases.length > 0) this.emit('{');
    this.emit(`${r} = ${this.invocation(operator, args, next)};`);
    if (!this.hasCatch) {
      this.settleOrCapture(r, { self: this.self, pc: next, values: this.waitingFrame(count, next) });
    } else {
      const deliveries = this.openCatches().map((block) => {
        const handler = `q${block.start}`;
        return `if (rt.unwinding === ${handler}) { rt.arrive(); ${this.caught(block, handler)} break c${block.start}; } `;
      });
      this.emit(
        `if (r === undefined && (r = rt.settle(${this.innerDepth})) === undefined) { ${deliveries.join('')}${this.captureFrom(next, count)} }`,
      );
    }
    if (cases.length > 0) this.emit('}');
    this.popMany(count);
    this.assign('r');
  }

  /** What a call of a record type's procedure gives without a call. */
  private recordCall({ cell }: Entry, args: readonly string[]): RecordCall | null {
    const { callees, unit } = this;
    const primitive = cell === undefined ? null : callees.primitiveOf(this.cell(cell));
    const call = primitive === null ? null : recordCall(primitive, args, unit);
    if (call !== null) callees.assume(this.cell(cell!));
    return call;
  }

  /** What the operator is known to give without a call. */
  private baseCases(operator: Entry, args: readonly string[]): readonly BaseCase[] {
    const { callees, unit } = this;
    const code = this.knownCode(operator);
    if (code === null || !callees.canInline || !callees.isWarm(code)) return [];
    const cases = baseCases(code, args, unit);
    if (cases.length > 0 && operator.cell !== undefined) callees.assume(this.cell(operator.cell));
    return cases;
  }

  /** After a call: what is to be done if it gave no value. */
  private settleOrCapture(r: string, own: WaitingFrame): void {
    const { self, pc, values } = own;
    const frames = [own, ...this.callers];
    if (runAt(frames, 0).length > 1) {
      this.emit(`if (${r} === undefined && (${r} = rt.settle(${this.innerDepth})) === undefined) ${giveUp(frames)}`);
      return;
    }
    const isFew = values.length <= FEW_VALUES;
    const name = isFew ? 'settleOrCaptureFew' : 'settleOrCapture';
    const taken = isFew ? [values.length, ...padded(values)] : values;
    const result = `rt.${name}(${[this.innerDepth, self, pc, ...taken].join(', ')})`;
    this.emit(`if (${r} === undefined && (${r} = ${result}) === undefined) ${giveUp(this.callers)}`);
  }

  /** The activations that wait for this one, innermost first. */
  private get callers(): readonly WaitingFrame[] {
    return this.inlining?.callers ?? [];
  }

  /** If the operator is a procedure that can be inlined: do so. Its arguments are on the stack. */
  private inlineCall(operator: Entry, args: readonly string[], next: number): boolean {
    const { callees, unit } = this;
    const closure = this.knownOperator(operator);
    const code = this.knownCode(operator);
    if (code === null || !callees.canInline || !callees.isWarm(code)) return false;
    const budget = budgetAfter(code, this.share, args.length);
    if (budget < 0) return false;
    if (operator.cell !== undefined) callees.assume(this.cell(operator.cell));
    callees.assumeExpectations(code);
    const number = unit.addInlined({ closure, caller: this.inlining?.number ?? 0, pc: next });
    const callers = [{ self: this.self, pc: next, values: this.waitingFrame(args.length, next) }, ...this.callers];
    const result = this.temporary(this.stack.length - args.length);
    this.popMany(args.length);
    const inlining = { number, closure, result, callers, budget };
    const inner = new Translator(code, unit, 0, code.code.length, 'function', 0, inlining);
    args.forEach((text, i) => {
      this.emit(`${inner.localName(i)} = ${text};`);
    });
    for (const name of inner.locals) this.use(name);
    this.emit(`i${number}: {`);
    inner.translateBody();
    this.emit('}');
    // Whoever captures is outside this block: the interpreter gives the value boxed, to the place behind the call.
    this.push({ text: result, isFlonum: inner.flonums.givesFlonum });
    return true;
  }

  /** The procedure that the operator is, if that can be counted on. */
  private knownOperator({ cell, closure }: Entry): Closure | null {
    return cell === undefined ? (closure ?? null) : this.callees.of(this.cell(cell));
  }

  /** The code of the procedure that the operator is. */
  private knownCode(operator: Entry): CodeObject | null {
    return operator.isSelf ? this.code : (this.knownOperator(operator)?.code ?? null);
  }

  private callPrimitive(index: number, count: number, next: number): void {
    const primitive = this.code.constants[index] as Primitive;
    const { name } = primitive;
    const entries = this.stack.slice(this.stack.length - count);
    const known = entries.map(({ isFlonum = false }) => isFlonum);
    if (!this.hasCatch && givesFlonum(name, known)) return this.flonumPrimitive(name, entries, next);
    const args = this.popMany(count);
    this.emit(`p = ${this.place(next)};`);
    if (name === '%raise' && this.openCatches().length === 0 && !this.isRunEnd) return this.raise(args[0], args[1]);
    const call = `${this.unit.primitiveName(primitive)}(${args.join(', ')})`;
    const test = primitiveTest(name, args, call);
    if (test !== null) return this.assignTest(test, next);
    this.assign(primitiveCall(name, args, call, () => this.use('n')));
  }

  private flonumPrimitive(name: string, entries: readonly Entry[], next: number): void {
    const [x, y] = entries.map((entry) => this.double(entry, BLAMED.get(name) ?? name, next));
    this.stack.length -= entries.length;
    const text = FLONUM_FUNCTIONS.get(name) ?? FUNCTIONS_OF_FLONUMS.get(name);
    if (text !== undefined) return this.assignFlonum(text(x));
    const dividend = this.temporary(this.stack.length);
    const divisor = this.use('n');
    if (name !== '/') {
      // In both it is the first on a tie, and where the second is NaN.
      this.emit(`${dividend} = ${x}; ${divisor} = ${y};`);
      return this.assignFlonum(`${divisor} ${name === 'min' ? '<' : '>'} ${dividend} ? ${divisor} : ${dividend}`);
    }
    this.emit(`${dividend} = ${x}; if ((${divisor} = ${y}) === 0) { p = ${this.place(next)}; zeroDivisor(); }`);
    this.assignFlonum(`${dividend} / ${divisor}`);
  }

  /** What would happen to a throw in no `catch` of this function, without the host's slow way there. */
  private raise(tag: string, value: string): void {
    const how = this.inlining === null ? 'throw' : 'throwIn';
    const table = this.inlining === null ? '' : ', I';
    this.emit(`return rt.${how}(new Raise(${tag}.name, ${value}), self, d, p${table});`);
    this.isReachable = false;
  }

  /** The catches of this function that are open here, innermost first. */
  private openCatches(): Block[] {
    return this.open.filter(({ kind }) => kind === 'catch').reverse();
  }

  private tailCall(count: number, next: number): void {
    const operator = this.popOperator();
    const args = this.popMany(count);
    if (this.isOwnTailCall(operator, count)) return this.restart(args, next);
    const record = this.recordCall(operator, args);
    if (record !== null) {
      this.emit(`if (${record.test}) {`);
      this.giveBack(record.value, false);
      this.emit('}');
      if (record.isCertain) return;
    }
    const member = this.memberFor(operator, count);
    if (member !== null) return this.goTo(member.code, this.callees.nameClosure(member), args, next);
    const call = this.invocation(this.goToGuessed(operator, args, next), args, next, true);
    if (this.inlining === null) return this.giveBack(call, true);
    const r = this.use('r');
    this.emit(`${r} = ${call};`);
    this.emit(`if (r === undefined && (r = rt.settle(${this.innerDepth})) === undefined) ${giveUp(this.callers)}`);
    this.giveBack(r, false);
  }

  /** Whether a tail call is one of this very function, which then is a jump to its start. */
  private isOwnTailCall(operator: Entry, count: number): boolean {
    const { code } = this;
    if (this.isPart || code.rest || count !== code.required) return false;
    if (operator.isSelf) return true;
    // Another closure of the same code would do, if there is nothing to tell it from this one.
    const closure = this.knownOperator(operator);
    if (closure === null || closure.code !== code || code.captures.length > 0) return false;
    if (contains(code, Op.LoadSelf, 0, code.code.length)) return false;
    if (operator.cell !== undefined) this.callees.assume(this.cell(operator.cell));
    return true;
  }

  /** The procedure of a tail call, if the unit goes on with that without a call. */
  private memberFor(operator: Entry, count: number): Closure | null {
    const closure = this.knownOperator(operator);
    if (closure === null || !this.canGoTo(closure.code, count)) return null;
    if (operator.cell !== undefined) this.callees.assume(this.cell(operator.cell));
    return closure;
  }

  private canGoTo(code: CodeObject, count: number): boolean {
    const { callees, unit, kind, inlining } = this;
    if (kind !== 'function' || inlining !== null || this.hasCatch || !callees.canInline) return false;
    return callees.isWarm(code) && code.required === count && unit.family.admits(code);
  }

  /** Have the unit go on as a closure of this code, whose text is given. */
  private goTo(code: CodeObject, closure: string, args: readonly string[], next: number): void {
    const { family } = this.unit;
    this.callees.assumeExpectations(code);
    const state = family.stateOf(code);
    this.restart(args, next, state === family.current ? `self = ${closure};` : `self = ${closure}; s = ${state};`);
  }

  /** The same for an unknown operator that is a closure of code that the interpreter has met here. Gives what it is else. */
  private goToGuessed(operator: Entry, args: readonly string[], next: number): Entry {
    if (this.knownOperator(operator) !== null || operator.isSelf) return operator;
    const guesses = this.code.calleesAt(next).filter((code) => this.canGoTo(code, args.length));
    if (guesses.length === 0) return operator;
    const f = this.use('f');
    const g = this.use('g');
    this.emit(`${g} = (${f} = ${operator.text}).code;`);
    for (const code of guesses) {
      this.emit(`if (${g} === ${this.unit.constantName(code)}) {`);
      this.goTo(code, f, args, next);
      this.emit('}');
    }
    this.isReachable = true;
    return { ...operator, text: f };
  }

  private restart(args: readonly string[], next: number, change = ''): void {
    if (this.inlining === null) this.unit.family.isLoop = true;
    else this.restarts = true;
    const height = this.stack.length;
    args.forEach((text, i) => {
      const name = this.temporary(height + i);
      if (text !== name) this.emit(`${name} = ${text};`);
    });
    args.forEach((_, i) => {
      this.emit(`${this.localName(i)} = ${this.temporary(height + i)};`);
    });
    this.tick(next);
    this.emit(`${change} continue ${this.prefix}start;`);
    this.isReachable = false;
  }

  /** An expression for the result of the call: a value or undefined. */
  private invocation(operator: Entry, args: readonly string[], next: number, isTail = false): string {
    const { self } = this;
    // A tail call in what is inlined is none of the unit.
    const depth = isTail && this.inlining === null ? this.tailDepth : this.innerDepth;
    const direct = this.directCall(operator, args, depth);
    if (direct !== null) return direct;
    if (operator.isApply && args.length > 1) return this.failing(next, this.application(args, depth, isTail));
    const f = this.use('f');
    const g = this.use('g');
    const how = isTail ? 'tailCall' : 'call';
    const few = [...args, 'NIL', 'NIL', 'NIL'].slice(0, FEW_ARGUMENTS).join(', ');
    const slow =
      operator.cell !== undefined
        ? `rt.${how}Global(${[self, this.constantName(operator.cell), depth, ...args].join(', ')})`
        : args.length <= FEW_ARGUMENTS
          ? `rt.${how}Few(${self}, f, ${depth}, ${args.length}, ${few})`
          : `rt.${how}(${self}, f, ${depth}, [${args.join(', ')}])`;
    const list = [depth, ...args].join(', ');
    return (
      `(${g} = (${f} = ${operator.text}).code) !== undefined && g.jsArity === ${args.length} ` +
      `? g.js(f, ${list}) : ${this.failing(next, slow)}`
    );
  }

  /** `(%apply arg … list procedure)`. */
  private application(args: readonly string[], depth: string, isTail: boolean): string {
    const between = args.slice(0, -2);
    const [last, procedure] = args.slice(-2);
    const list = between.reduceRight((tail, item) => `new Pair(${item}, ${tail})`, last);
    return `rt.${isTail ? 'tailApply' : 'apply'}(${this.self}, ${procedure}, ${depth}, ${between.length}, ${list})`;
  }

  /** A call of a procedure that is known. */
  private directCall(operator: Entry, args: readonly string[], depth: string): string | null {
    const { own } = this.unit;
    const closure = this.knownOperator(operator);
    const code = closure === null ? (operator.isSelf && this.code === own ? own : null) : closure.code;
    if (code === null) return null;
    const { required, rest } = code;
    if (args.length < required || (args.length > required && !rest)) return null;
    const extra = args.slice(required).reduceRight((tail, item) => `new Pair(${item}, ${tail})`, 'NIL');
    const passed = [depth, ...args.slice(0, required), ...(rest ? [extra] : [])].join(', ');
    if (closure === null) return `${javascriptName(code)}(self, ${passed})`;
    const callee = code === own ? javascriptName(code) : this.callees.name(closure);
    if (callee === null) return null;
    if (operator.cell !== undefined) this.callees.assume(this.cell(operator.cell));
    return `${callee}(${this.callees.nameClosure(closure)}, ${passed})`;
  }

  private cell(index: number): Cell {
    return this.code.constants[index] as Cell;
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
    if (!this.hasCatch && this.code.expectsFlonum(next)) return this.expectedFlonum(left, right, operator, next);
    const [x, y] = [left.text, right.text];
    const slowly = this.failing(next, `${slow}(${x}, ${y})`);
    this.assign(
      this.code.hasSeenFlonum(next)
        ? this.flonum(x, y, operator, slowly)
        : `${smallIntegers(x, y)} ? ${x} ${operator} ${y} : ${slowly}`,
    );
  }

  /** An operation of which a flonum is expected, though neither operand is known to be one. */
  private expectedFlonum(left: Entry, right: Entry, operator: string, next: number): void {
    const [x, y] = [left.text, right.text];
    const unknown = [x, y].filter((text) => !isLiteral(text));
    // Two literals have none, though their product can be a flonum.
    const hasFraction = unknown.map((text) => `${text} > Math.floor(${text})`).join(' || ') || 'false';
    const name = this.temporary(this.stack.length);
    this.emit(`if (${numbers(x, y)} && (${hasFraction})) ${name} = ${x} ${operator} ${y};`);
    // The operand of AddInt is not on the stack.
    const surprise = this.surprise(this.words[this.at] === Op.AddInt ? [left] : [left, right], next);
    this.emit(`else if (areFlonums(${x}, ${y})) ${name} = double(${x}) ${operator} double(${y}); else { ${surprise} }`);
    this.assignFlonum(name);
  }

  /** The statements that have the interpreter do this instruction, and whatever comes then. */
  private surprise(operands: readonly Entry[], next: number): string {
    operands.forEach((operand) => {
      this.push(operand);
    });
    const capture = this.captureFrom(this.at, 1);
    const { text } = this.stack[this.stack.length - 1];
    this.stack.length -= operands.length;
    const surprise = `rt.surprise(${this.self}.code, ${next}, ${text}); ${capture}`;
    return this.isRunEnd ? `rt.leaveRun(m, B); ${surprise}` : surprise;
  }

  /** A result with a fraction is a flonum, whatever the operands were. */
  private flonum(x: string, y: string, operator: string, slow: string): string {
    const n = this.use('n');
    return `${numbers(x, y)} && (${n} = ${x} ${operator} ${y}) > Math.floor(n) ? n : ${slow}`;
  }

  private multiply(left: Entry, right: Entry, next: number): void {
    if (!this.code.hasSeenLarge(next) || !this.multiplyRemainder(left, right, next)) this.product(left, right, next);
  }

  /** A product of small integers can be too large to be exact, or -0, which adding 0 mends. */
  private product(left: Entry, right: Entry, next: number): void {
    if (left.isFlonum || right.isFlonum || this.code.hasSeenFlonum(next)) {
      return this.arithmetic(left, right, '*', 'mul', next);
    }
    const [x, y] = [left.text, right.text];
    const slow = this.failing(next, `mul(${x}, ${y})`);
    const n = this.use('n');
    this.assign(
      `${smallIntegers(x, y)} && (${n} = ${x} * ${y}) <= ${MAX_FIXNUM} && n >= -${MAX_FIXNUM} ? n + 0 : ${slow}`,
    );
  }

  /**
   * If it is the product of `(remainder (* x y) m)` or `(remainder (+ (* x y) z) m)`: all of it at once where that is
   * possible without large integers, else step by step.
   */
  private multiplyRemainder(left: Entry, right: Entry, next: number): boolean {
    const { words } = this;
    const whole = remainderOfProduct(this.code, next);
    if (whole === null || whole.call >= this.to) return false;
    if (this.open.some(({ end }) => end >= next && end <= whole.call)) return false;
    const { summand } = whole;
    const added = summand === null ? literal(0) : 'pc' in summand ? this.loaded(summand.pc) : literal(summand.value);
    const operands = [left, right, added, this.loaded(whole.modulus)];
    if (operands.some(({ isFlonum }) => isFlonum)) return false;
    const n = this.use('n');
    const name = this.temporary(this.stack.length);
    const list = operands.map(({ text }) => text).join(', ');
    this.emit(`if ((${n} = multiplyRemainder(${list})) >= 0) ${name} = ${n}; else {`);
    this.product(left, right, next);
    for (let pc = next; pc <= whole.call; pc = nextPc(words, pc)) this.instruction(pc);
    this.emit('}');
    this.translated = nextPc(words, whole.call);
    return true;
  }

  /** What one of these instructions pushes: LoadConst, LoadInt, LoadLocal. */
  private loaded(pc: number): Entry {
    const a = this.words[pc + 1];
    switch (this.words[pc] as Op) {
      case Op.LoadConst:
        return this.constant(a);
      case Op.LoadInt:
        return literal(a);
      default:
        return { text: this.localName(a), isFlonum: this.rawLocals[a] };
    }
  }

  private comparison(left: Entry, right: Entry, name: string, operator: string, slow: string, next: number): void {
    if (left.isFlonum || right.isFlonum) {
      const [a, b] = [this.double(left, name, next), this.double(right, name, next)];
      return this.assignTest(`${a} ${operator} ${b}`, next);
    }
    const [x, y] = [left.text, right.text];
    const slowly = this.failing(next, `${slow}(${x}, ${y})`);
    this.assignTest(`${numbers(x, y)} ? ${x} ${operator} ${y} : ${slowly}`, next);
  }

  private component(part: 'car' | 'cdr', next: number): void {
    const { text } = this.pop();
    const name = this.temporary(this.stack.length);
    const fail = `{ p = ${this.place(next)}; ${part}Error(${text}); }`;
    if (text !== name) {
      this.assign(`${text}.${part}`);
      if (!this.pairs.has(text)) this.emit(`if (${name} === undefined) ${fail}`);
      return this.pairs.add(text);
    }
    // The error shows the value that is no pair: it must not be overwritten before.
    const n = this.use('n');
    this.emit(`if ((${n} = ${text}.${part}) === undefined) ${fail}`);
    this.assign(n);
  }

  private vectorRef(vector: string, index: string, next: number): void {
    const items = this.use('x');
    const n = this.use('n');
    const slow = this.failing(next, `vectorRef(${vector}, ${index})`);
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
        `&& ${index} < ${items}.length) ${items}[${index}] = ${value}; else { p = ${this.place(next)}; vectorSet(${vector}, ${index}, ${value}); }`,
    );
    this.push({ text: 'NIL', isIdentity: true });
  }
}
