// Leaves that only stdlib/kernel.eta calls.

import type { Define } from '../bytecode/builtin-table.ts';
import { Closure } from '../bytecode/procedures.ts';
import { typeError } from '../values/errors.ts';
import { HashMap } from '../values/hash-map.ts';
import {
  Char,
  Flonum,
  HeapObject,
  listFrom,
  listToArray,
  NIL,
  Pair,
  Sym,
  type Value,
  Vector,
} from '../values/types.ts';
import { want } from './arguments.ts';

const spec = 'builtins §1.1';

/** What the language calls a heap object: neither immediate, nor a string, symbol or character. */
const isHeapObject = (value: Value): boolean =>
  typeof value === 'object' &&
  value !== NIL &&
  !(value instanceof Sym) &&
  !(value instanceof Char) &&
  !(value instanceof Flonum);

const isParameter = (value: Value): value is Closure =>
  value instanceof Closure && value.code.isBuiltin && value.code.name.startsWith('make-parameter_lambda');

/** A promise. Promises made one by `delay-force` share a state. */
class PromiseObject extends HeapObject {
  readonly kind = 'Promise';
  constructor(public state: { isDone: boolean; value: Value }) {
    super();
  }
  override printed(): string {
    return '#<promise>';
  }
}

export function defineKernelSupport(define: Define): void {
  define('(%check-callback f message)', { doc: 'Refuse what cannot be a procedure.', spec }, (f: Value, message) => {
    if (!isHeapObject(f)) throw typeError(message, f);
    return NIL;
  });

  define(
    '(%hash-map-bindings m)',
    { doc: 'The vector of keys and values, each key before its value, in insertion order.', spec: 'builtins §9' },
    (value: Value) => {
      const m = want(value, HashMap, 'hash-map-fold: expected a hash-map');
      const items: Value[] = [];
      for (const { key, value } of m.entries()) items.push(key, value);
      return new Vector(items);
    },
  );

  define(
    '(%all-pairs? lists message)',
    { doc: 'Whether every list of a list has an element left.', errors: 'one of them ends in a non-list', spec },
    (lists: Value, message: string) => {
      const rests = listToArray(lists)!;
      for (const rest of rests) if (!(rest instanceof Pair) && rest !== NIL) throw typeError(message, rest);
      return rests.every((rest) => rest instanceof Pair);
    },
  );
  define('(%cars lists)', { doc: 'The first elements of lists.', spec }, (lists: Value) =>
    listFrom(listToArray(lists)!.map((list) => (list as Pair).car)),
  );
  define('(%cdrs lists)', { doc: 'The tails of lists.', spec }, (lists: Value) =>
    listFrom(listToArray(lists)!.map((list) => (list as Pair).cdr)),
  );

  define(
    '(%parameter-state obj)',
    { doc: 'What the procedure that make-parameter has made is over; #f for any other object.', spec: 'R7RS 4.2.6' },
    (obj: Value) => isParameter(obj) && obj.upvalue(0),
  );

  definePromises(define);
}

function definePromises(define: Define): void {
  const promises = 'R7RS 4.2.5';
  define('(promise? obj)', { doc: 'Whether obj is a promise.', spec: promises }, (obj: Value) => {
    return obj instanceof PromiseObject;
  });
  define('(%promise done? value)', { doc: 'A promise of a value or thunk.', spec: promises }, (isDone, value) => {
    return new PromiseObject({ isDone, value });
  });
  define('(%promise-done? p)', { doc: 'Whether it has its value.', spec: promises }, (p: PromiseObject) => {
    return p.state.isDone;
  });
  define('(%promise-value p)', { doc: 'Its value or thunk.', spec: promises }, (p: PromiseObject) => p.state.value);
  define(
    '(%promise-become! p next)',
    { doc: 'Make p one with the promise that its thunk gave.', errors: 'next is not a promise', spec: promises },
    (p: PromiseObject, next: Value) => {
      if (!(next instanceof PromiseObject))
        throw typeError('force: the thunk of a delay-force must give a promise', next);
      p.state.isDone = next.state.isDone;
      p.state.value = next.state.value;
      next.state = p.state;
      return NIL;
    },
  );
}
