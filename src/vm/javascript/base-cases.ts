// Base cases: what a procedure gives at once, told without calling it.
//
//     (define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
//
//     r = eta_fib(c0, w, t0);     becomes     if (typeof t0 === 'number' && t0 < (2)) r = t0; else { r = eta_fib(c0, w, t0); … }
//
// More than half of the calls of a recursion are those that end it, and the test is next to nothing beside a call. What is
// looked for is a procedure that begins with tests of its parameters, which do nothing but give true or false, and of
// which one outcome is a constant or a parameter. Whatever else a test may do, an error or numbers that are no doubles,
// is left to the procedure itself.

import type { CodeObject } from '../../bytecode/code.ts';
import { Op } from '../../bytecode/ops.ts';
import type { Primitive } from '../../bytecode/procedures.ts';
import { Char, NIL, Sym } from '../../values/types.ts';
import { numbers, primitiveTest } from './inline.ts';
import { jumpTarget, nextPc } from './structure.ts';
import type { Unit } from './unit.ts';

/** So many are told at a call; what they cost is for nothing where it is made. */
const MAX_CASES = 3;

const COMPARISONS: ReadonlyMap<number, string> = new Map([
  [Op.NumberEqual, '==='],
  [Op.Less, '<'],
  [Op.Greater, '>'],
  [Op.LessEqual, '<='],
  [Op.GreaterEqual, '>='],
]);
/** Primitives that answer for any value, and those that compare a number with zero. */
const PREDICATES = new Set(['number?', 'string?', 'boolean?', 'symbol?', 'char?', 'vector?', 'procedure?']);
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['zero?', '==='],
  ['positive?', '>'],
  ['negative?', '<'],
]);

/** If the test holds, the procedure gives this value. */
export interface BaseCase {
  readonly test: string;
  readonly value: string;
}

/** A value, as JavaScript that may be repeated. */
interface Known {
  readonly text: string;
  /** Of a boolean that is computed: what has to hold for the text to be right. */
  readonly guard?: string;
  /** Equal values are the same value. */
  readonly isIdentity?: boolean;
}

/** The base cases of a procedure for these arguments, to be tried in order. */
export function baseCases(code: CodeObject, args: readonly string[], unit: Unit): readonly BaseCase[] {
  return code.rest || code.required !== args.length ? [] : new Opening(code, args, unit).walk();
}

/** The way through the tests that a procedure begins with. */
class Opening {
  private readonly cases: BaseCase[] = [];
  /** What has to hold for the tests so far to have been right. */
  private readonly guards: string[] = [];
  private readonly locals: (Known | undefined)[];
  private readonly stack: Known[] = [];

  constructor(
    private readonly code: CodeObject,
    args: readonly string[],
    private readonly unit: Unit,
  ) {
    this.locals = args.map((text) => ({ text }));
  }

  walk(): readonly BaseCase[] {
    let pc: number | null = 0;
    while (pc !== null && this.cases.length < MAX_CASES) pc = this.step(pc);
    return this.cases;
  }

  /** Gives where to go on, null where nothing more is known. */
  private step(pc: number): number | null {
    const words = this.code.code;
    const next = nextPc(words, pc);
    switch (words[pc] as Op) {
      case Op.Jump:
        return jumpTarget(words, pc);
      case Op.JumpIfFalse:
        return this.branch(next, jumpTarget(words, pc));
      case Op.JumpIfTrue:
        return this.branch(jumpTarget(words, pc), next);
      case Op.StoreLocal: {
        // Of an `or`; what else begins with an assignment goes on to something longer.
        const value = this.stack.pop()!;
        this.locals[words[pc + 1]] = value;
        return value.guard === undefined ? null : next;
      }
      default: {
        const value = this.loaded(pc) ?? this.computed(pc);
        if (value === undefined) return null;
        this.stack.push(value);
        return next;
      }
    }
  }

  /** What an instruction that takes nothing from the stack pushes. */
  private loaded(pc: number): Known | undefined {
    const a = this.code.code[pc + 1];
    switch (this.code.code[pc] as Op) {
      case Op.LoadLocal:
        return this.locals[a];
      case Op.LoadInt:
        return { text: `(${a})`, isIdentity: true };
      case Op.LoadConst: {
        const value = this.code.constants[a];
        if (value === NIL) return { text: 'NIL', isIdentity: true };
        if (typeof value === 'boolean') return { text: String(value), isIdentity: true };
        const isIdentity = typeof value === 'string' || value instanceof Sym || value instanceof Char;
        return { text: this.unit.constantName(value), isIdentity };
      }
      default:
        return undefined;
    }
  }

  /** The test that an instruction is. */
  private computed(pc: number): Known | undefined {
    const words = this.code.code;
    const comparison = COMPARISONS.get(words[pc]);
    if (comparison !== undefined) return this.comparison(comparison);
    switch (words[pc] as Op) {
      case Op.IsNull:
        return this.predicate((x) => `${x} === NIL`);
      case Op.IsPair:
        return this.predicate((x) => `${x}.car !== undefined`);
      case Op.Not: {
        const { text, guard } = asTest(this.stack.pop()!);
        return { text: `!${text}`, guard };
      }
      case Op.IsEq:
        return this.sameness();
      case Op.CallPrimitive:
        return words[pc + 2] === 1 ? this.primitive(this.code.constants[words[pc + 1]] as Primitive) : undefined;
      default:
        return undefined;
    }
  }

  /** The topmost values, if none of them is a test. */
  private operands(count: number): Known[] {
    const operands = this.stack.splice(this.stack.length - count);
    return operands.some(({ guard }) => guard !== undefined) ? [] : operands;
  }

  private comparison(operator: string): Known | undefined {
    const [x, y] = this.operands(2).map(({ text }) => text);
    return x === undefined ? undefined : { text: `(${x} ${operator} ${y})`, guard: numbers(x, y) };
  }

  private sameness(): Known | undefined {
    const [x, y] = this.operands(2);
    return x?.isIdentity || y?.isIdentity ? { text: `(${x.text} === ${y.text})`, guard: 'true' } : undefined;
  }

  private predicate(test: (x: string) => string): Known | undefined {
    const [x] = this.operands(1);
    return x === undefined ? undefined : { text: `(${test(x.text)})`, guard: 'true' };
  }

  private primitive(primitive: Primitive): Known | undefined {
    const { name } = primitive;
    if (PREDICATES.has(name)) {
      return this.predicate((x) => primitiveTest(name, [x], `${this.unit.primitiveName(primitive)}(${x})`)!);
    }
    const comparison = SIGNS.get(name);
    if (comparison === undefined) return undefined;
    this.stack.push({ text: '(0)', isIdentity: true });
    return this.comparison(comparison);
  }

  /** A test on top of the stack, and the two ways on. */
  private branch(whenTrue: number, whenFalse: number): number | null {
    const tested = this.stack.pop()!;
    const { text, guard } = asTest(tested);
    if (guard !== 'true') this.guards.push(guard);
    const ways = [
      { outcome: true, here: whenTrue, other: whenFalse },
      { outcome: false, here: whenFalse, other: whenTrue },
    ];
    for (const { outcome, here, other } of ways) {
      const value = this.valueAt(here, tested, outcome);
      if (value === null) continue;
      this.cases.push({ test: [...this.guards, outcome ? text : `!${text}`].join(' && '), value });
      return other;
    }
    return null;
  }

  /** The value that the procedure gives if it goes on here, after a test that may be that value. */
  private valueAt(pc: number, tested: Known, outcome: boolean): string | null {
    const words = this.code.code;
    const value = words[nextPc(words, pc)] === Op.Return ? this.loaded(pc) : undefined;
    if (value === tested && value.guard !== undefined) return String(outcome);
    return value === undefined || value.guard !== undefined ? null : value.text;
  }
}

/** What a branch on the value tests. */
const asTest = ({ text, guard }: Known): { text: string; guard: string } =>
  guard === undefined ? { text: `(${text} !== false)`, guard: 'true' } : { text, guard };
