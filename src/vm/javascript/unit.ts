// A unit: one generated JavaScript function, and what the Eta functions in it share.
//
// A function that calls a known procedure has it inlined if it is small enough. Each *activation* in a unit, that of the
// function itself and those that are inlined, has variables of its own, told apart by a prefix that says how deep it is inlined. Where an activation that
// is inlined turns into an interpreter frame, those that wait for its value do, too:
//
//     (define (f x) (+ 1 (g x)))    function eta_f(self, d, l0) {
//     (define (g y) (h y) y)          let t0, i1_l0, …
//                                     i1_l0 = l0;
//                                     i1: {
//                                       r = j0(c0, w, i1_l0);
//                                       if (r === undefined && (r = rt.settleOrCapture(w, c1, 5, i1_l0)) === undefined)
//                                         return rt.capture(self, 7, [l0], null);
//                                       t0 = i1_l0; break i1;
//                                     }
//                                     …
//
// The variable `p`, which says where an error happens, holds a *place*: the activation's number besides the pc.

import type { CodeObject } from '../../bytecode/code.ts';
import type { Closure, Primitive } from '../../bytecode/procedures.ts';
import type { Value } from '../../values/types.ts';
import type { Callees } from './callees.ts';
import { Family } from './family.ts';

/** Bits of a place that are the pc: longer functions are not translated. */
const PC_BITS = 16;
const PC_MASK = (1 << PC_BITS) - 1;

/** An activation that is inlined, for whoever has to make frames of it. */
export interface InlinedActivation {
  /** Null for the closure of the unit's own function. */
  readonly closure: Closure | null;
  /** The number of the activation that waits for its value, and where that one goes on. */
  readonly caller: number;
  readonly pc: number;
}

/** The place of a pc in an activation; the unit's own has the number 0. */
export const placeOf = (activation: number, pc: number): number => (activation << PC_BITS) | pc;

/** The frames, innermost first, that a place stands for; `self` is the closure of the unit's own function. */
export function framesAt(place: number, self: Closure, inlined: readonly InlinedActivation[]): [Closure, number][] {
  const frames: [Closure, number][] = [];
  let pc = place & PC_MASK;
  let number = place >> PC_BITS;
  for (; number > 0; number = inlined[number - 1].caller) {
    const { closure, pc: next } = inlined[number - 1];
    frames.push([closure ?? self, pc]);
    pc = next;
  }
  frames.push([self, pc]);
  return frames;
}

export class Unit {
  readonly lines: string[] = [];
  /** Variables, some with an initial value. */
  readonly declared = new Set<string>();
  readonly inlined: InlinedActivation[] = [];
  readonly family: Family;
  /** Words that the variables of the activations at each level of inlining take. */
  private readonly levels: number[] = [];
  /** Whether anything asks for that depth of the host's stack. */
  usesDepth = false;
  /** The same for tail calls. */
  usesTailDepth = false;
  private readonly names = new Map<Value, string>();

  constructor(
    readonly callees: Callees,
    /** The function that the unit is a translation of; null for a part of one. */
    readonly own: CodeObject | null,
  ) {
    this.family = new Family(own);
  }

  /** Gives the activation's number. */
  addInlined(activation: InlinedActivation): number {
    return this.inlined.push(activation);
  }

  reserve(level: number, words: number): void {
    this.levels[level] = Math.max(this.levels[level] ?? 0, words);
  }

  /** Words of host stack that a call of the unit takes, beside a fixed part. */
  get weight(): number {
    return this.levels.reduce((sum, words) => sum + words, 0);
  }

  constantName(value: Value): string {
    let name = this.names.get(value);
    if (name === undefined) {
      name = `k${this.names.size}`;
      this.names.set(value, name);
      this.callees.bound.set(name, value);
    }
    return name;
  }

  /** Of the function of a primitive. */
  primitiveName(primitive: Primitive): string {
    const name = `${this.constantName(primitive)}f`;
    this.callees.bound.set(name, primitive.fn);
    return name;
  }
}
