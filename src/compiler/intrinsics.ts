// Calls of builtins that have an instruction of their own.
//
// Builtins cannot be redefined, only shadowed, and the expander has resolved names; so a call of the builtin `car`
// with one argument *is* the instruction Car.

import { Op } from '../bytecode/ops.ts';

const BY_ARITY: readonly ReadonlyMap<string, Op>[] = [
  new Map(),
  new Map([
    ['not', Op.Not],
    ['null?', Op.IsNull],
    ['pair?', Op.IsPair],
    ['car', Op.Car],
    ['cdr', Op.Cdr],
  ]),
  new Map([
    ['+', Op.Add],
    ['-', Op.Subtract],
    ['*', Op.Multiply],
    ['=', Op.NumberEqual],
    ['<', Op.Less],
    ['>', Op.Greater],
    ['<=', Op.LessEqual],
    ['>=', Op.GreaterEqual],
    ['eq?', Op.IsEq],
    ['eqv?', Op.IsEq],
    ['cons', Op.Cons],
    ['vector-ref', Op.VectorRef],
  ]),
  new Map([['vector-set!', Op.VectorSet]]),
];

export const intrinsic = (name: string, argumentCount: number): Op | undefined => BY_ARITY[argumentCount]?.get(name);

const ACCUMULATING = new Set(['+', '-', '*', '/', 'min', 'max']);

/** Whether a builtin of many operands takes them two by two, from the left. */
export const isAccumulating = (name: string): boolean => ACCUMULATING.has(name);
