// Remainders of products: `(remainder (* x y) m)`, `(modulo (+ (* x y) c) m)`.
//
// Generators of random numbers and powers modulo m have products that are no fixnums any more, and remainders that are.
// Where such a product has been seen, the whole is one operation (values/numbers.ts) that makes no bigint.

import type { CodeObject } from '../../bytecode/code.ts';
import { Op } from '../../bytecode/ops.ts';
import type { Primitive } from '../../bytecode/procedures.ts';
import { nextPc } from './structure.ts';

/** Where in the code the operands behind a product are loaded, and its end. */
export interface RemainderOfProduct {
  /** What is added: a number, the pc of what loads it, or null for nothing. */
  readonly summand: { readonly value: number } | { readonly pc: number } | null;
  readonly modulus: number;
  readonly call: number;
}

const LOADS = new Set<number>([Op.LoadConst, Op.LoadInt, Op.LoadLocal]);

/** The remainder that is taken of a product by what follows it, from `pc` on, without a jump. */
export function remainderOfProduct({ code, constants }: CodeObject, pc: number): RemainderOfProduct | null {
  let summand: RemainderOfProduct['summand'] = null;
  let modulus = pc;
  if (code[pc] === Op.AddInt && code[pc + 1] >= 0) {
    summand = { value: code[pc + 1] };
    modulus = nextPc(code, pc);
  } else if (LOADS.has(code[pc]) && code[nextPc(code, pc)] === Op.Add) {
    summand = { pc };
    modulus = nextPc(code, nextPc(code, pc));
  }
  const call = nextPc(code, modulus);
  if (!LOADS.has(code[modulus]) || code[call] !== Op.CallPrimitive || code[call + 2] !== 2) return null;
  const { name } = constants[code[call + 1]] as Primitive;
  return name === 'remainder' || name === 'modulo' ? { summand, modulus, call } : null;
}
