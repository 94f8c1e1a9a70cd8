// Passing: the ways in which arguments get to a generated function, or to a primitive.
//
// The host is slow at calls with a spread, and makes an array for each; so a few arguments are passed one by one.

import type { Closure, Primitive } from '../../bytecode/procedures.ts';
import { copyOfList, listFrom, listToArray, NIL, Pair, type Value } from '../../values/types.ts';
import { applyPrimitive } from '../many-arguments.ts';
import type { Result } from './protocol.ts';

/** Call a translated function with any number of arguments that it takes. */
export function invoke(callee: Closure, depth: number, args: readonly Value[]): Result {
  const { rest, required } = callee.code;
  const js = callee.code.js!;
  if (rest) return js(callee, depth, ...args.slice(0, required), listFrom(args.slice(required)));
  switch (args.length) {
    case 0:
      return js(callee, depth);
    case 1:
      return js(callee, depth, args[0]);
    case 2:
      return js(callee, depth, args[0], args[1]);
    case 3:
      return js(callee, depth, args[0], args[1], args[2]);
    default:
      return js(callee, depth, ...args);
  }
}

/** The same with the elements of a list. What a rest parameter takes is a list of its own. */
export function invokeWithList(callee: Closure, depth: number, list: Value): Result {
  const { rest, required } = callee.code;
  const js = callee.code.js!;
  if (required > 3) return invoke(callee, depth, listToArray(list)!);
  const first = list as Pair;
  const second = required > 1 ? (first.cdr as Pair) : first;
  const third = required > 2 ? (second.cdr as Pair) : second;
  if (!rest) {
    switch (required) {
      case 0:
        return js(callee, depth);
      case 1:
        return js(callee, depth, first.car);
      case 2:
        return js(callee, depth, first.car, second.car);
      default:
        return js(callee, depth, first.car, second.car, third.car);
    }
  }
  switch (required) {
    case 0:
      return js(callee, depth, copyOfList(list));
    case 1:
      return js(callee, depth, first.car, copyOfList(first.cdr));
    case 2:
      return js(callee, depth, first.car, second.car, copyOfList(second.cdr));
    default:
      return js(callee, depth, first.car, second.car, third.car, copyOfList(third.cdr));
  }
}

/** Call a translated function that has a rest parameter with the first `n` of a few arguments. */
export function invokeFew(callee: Closure, depth: number, n: number, a: Value, b: Value, c: Value): Result {
  const js = callee.code.js!;
  switch (callee.code.required) {
    case 0:
      return js(callee, depth, n > 0 ? new Pair(a, listOfTwo(n - 1, b, c)) : NIL);
    case 1:
      return js(callee, depth, a, listOfTwo(n - 1, b, c));
    case 2:
      return js(callee, depth, a, b, n > 2 ? new Pair(c, NIL) : NIL);
    default:
      return js(callee, depth, a, b, c, NIL);
  }
}

const listOfTwo = (n: number, a: Value, b: Value): Value => (n > 0 ? new Pair(a, n > 1 ? new Pair(b, NIL) : NIL) : NIL);

/** So many arguments are passed by `invokeFew` and `applyToFew`. */
export const FEW_ARGUMENTS = 3;

/** The first `n` of a few arguments. */
export function fewArguments(n: number, a: Value, b: Value, c: Value): Value[] {
  switch (n) {
    case 0:
      return [];
    case 1:
      return [a];
    case 2:
      return [a, b];
    default:
      return [a, b, c];
  }
}

/** Call a primitive with the first `n` of a few arguments, at least one. */
export function applyToFew({ fn }: Primitive, n: number, a: Value, b: Value, c: Value): Value {
  switch (n) {
    case 1:
      return fn(a);
    case 2:
      return fn(a, b);
    default:
      return fn(a, b, c);
  }
}

/** Call a primitive with the elements of a list of `n`. */
export function applyToList(callee: Primitive, n: number, list: Value): Value {
  if (n === 0 || n > FEW_ARGUMENTS) return applyPrimitive(callee, listToArray(list)!);
  const first = list as Pair;
  const second = n > 1 ? (first.cdr as Pair) : first;
  const third = n > 2 ? (second.cdr as Pair) : second;
  return applyToFew(callee, n, first.car, second.car, third.car);
}

/** Call a translated function with arguments from the interpreter's stack. */
export function callGenerated(callee: Closure, stack: readonly Value[], at: number, n: number): Result {
  const js = callee.code.js!;
  switch (n) {
    case 0:
      return js(callee, 0);
    case 1:
      return js(callee, 0, stack[at]);
    case 2:
      return js(callee, 0, stack[at], stack[at + 1]);
    case 3:
      return js(callee, 0, stack[at], stack[at + 1], stack[at + 2]);
    default:
      return js(callee, 0, ...stack.slice(at, at + n));
  }
}

/** What a function with a rest parameter has taken, as the arguments of a call. */
export function spreadRest(taken: readonly Value[]): Value[] {
  return [...taken.slice(0, -1), ...listToArray(taken[taken.length - 1])!];
}
