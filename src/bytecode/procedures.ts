// Procedures that are data of the bytecode: closures over code objects, and primitives written in TypeScript.
// (Continuations belong to the machine: vm/continuation.ts.)

import { HeapObject, type Value } from '../values/types.ts';
import type { CodeObject } from './code.ts';

/** So many upvalues of a closure are fields of its own, `u0` and so on; the others are in `more`. */
export const UPVALUE_FIELDS = 5;

/**
 * A code object with its captured variables; an upvalue that is assigned after capture is a Box.
 *
 * Most closures capture few variables and do not live long, so the first upvalues are fields: one object in place of
 * three. All closures have the same fields, used or not, so that a call of an unknown one is a call of one kind of object.
 */
export class Closure implements HeapObject {
  // On the prototype: a field would cost each closure a word and a store.
  get kind(): 'Closure' {
    return 'Closure';
  }
  constructor(
    readonly code: CodeObject,
    public u0?: Value,
    public u1?: Value,
    public u2?: Value,
    public u3?: Value,
    public u4?: Value,
    public more?: Value[],
  ) {}
  static over(code: CodeObject, upvalues: readonly Value[]): Closure {
    const closure = new Closure(code);
    upvalues.forEach((value, i) => {
      closure.setUpvalue(i, value);
    });
    return closure;
  }
  upvalue(index: number): Value {
    switch (index) {
      case 0:
        return this.u0!;
      case 1:
        return this.u1!;
      case 2:
        return this.u2!;
      case 3:
        return this.u3!;
      case 4:
        return this.u4!;
      default:
        return this.more![index - UPVALUE_FIELDS];
    }
  }
  /** Only while the closure is being made, in ascending order; a closure of a `fix` is, until all of these have been made. */
  setUpvalue(index: number, value: Value): void {
    switch (index) {
      case 0:
        this.u0 = value;
        return;
      case 1:
        this.u1 = value;
        return;
      case 2:
        this.u2 = value;
        return;
      case 3:
        this.u3 = value;
        return;
      case 4:
        this.u4 = value;
        return;
      default:
        this.more ??= [];
        this.more[index - UPVALUE_FIELDS] = value;
    }
  }
  /** All of them, in a new array. */
  get upvalues(): Value[] {
    const { u0, u1, u2, u3, u4, more } = this;
    return [u0, u1, u2, u3, u4, ...(more ?? [])].filter((value) => value !== undefined);
  }
  /** What a builtin makes for a program, such as a parameter, is the program's closure. */
  get isBuiltin(): boolean {
    return this.code.isBuiltin && !/_lambda\d+$/.test(this.code.name);
  }
  printed(): string {
    return this.isBuiltin ? '#<primitive>' : '#<closure>';
  }
}
// A HeapObject like others, but not by `extends`: V8 takes several calls to make an object of a derived class.
Object.setPrototypeOf(Closure.prototype, HeapObject.prototype);

/** The procedure of code that captures nothing, always the same. */
export function procedureOf(code: CodeObject): Closure {
  code.procedure ??= new Closure(code);
  return code.procedure;
}

// biome-ignore lint/suspicious/noExplicitAny: a primitive's own parameter types are checked where it is defined
export type PrimitiveFunction = (...args: any[]) => Value;

export interface BuiltinDoc {
  /** What it does and returns: a sentence or two, for `(help …)`, hover and the reference pages. */
  readonly doc: string;
  /** When it raises, and what; absent if it cannot. */
  readonly errors?: string;
  /** The section of the specification: `builtins §8`. */
  readonly spec: string;
  /** It stands for Eta code: it prints like a closure, and its arity errors read like one's. Records have such procedures. */
  readonly isEtaCode?: boolean;
  /** `(f a b c d)` is `(f (f a b) c d)`, wherever the list of arguments is cut. */
  readonly isLeftFold?: boolean;
  /** The same as the function, for more arguments than the host can pass. */
  readonly ofMany?: (args: readonly Value[]) => Value;
  /** It may need code that is not JavaScript: see builtins/native-code.ts. */
  readonly needsNativeCode?: boolean;
}

/** A builtin written in TypeScript. A leaf: it never calls back into Eta. */
export class Primitive extends HeapObject {
  readonly kind = 'Primitive';
  constructor(
    readonly name: string,
    readonly usage: string,
    /** Least number of arguments. */
    readonly required: number,
    /** Whether more are accepted. A function with optional parameters just ignores what it does not take. */
    readonly rest: boolean,
    readonly fn: PrimitiveFunction,
    readonly doc: BuiltinDoc,
  ) {
    super();
  }
  /** As an entry of the builtin table, which so needs no further object for each. */
  get value(): Primitive {
    return this;
  }
  accepts(argumentCount: number): boolean {
    return argumentCount === this.required || (this.rest && argumentCount > this.required);
  }
  override printed(): string {
    return this.doc.isEtaCode ? '#<closure>' : '#<primitive>';
  }
}
