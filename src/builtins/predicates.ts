// Predicates and equivalence.
//
// Source: builtins §4, README V1, V7, V11, R7RS 6.1, 6.3, 6.5.

import type { Define } from '../bytecode/builtin-table.ts';
import { isEq, isEqual } from '../values/equality.ts';
import { typeError } from '../values/errors.ts';
import { textOf } from '../values/mutable-string.ts';
import { Bytevector, Char, NIL, Pair, Sym, type Value, Vector } from '../values/types.ts';
import { isProcedure } from '../vm/control.ts';

const spec = 'builtins §4';

const TYPES: readonly (readonly [name: string, what: string, holds: (obj: Value) => boolean])[] = [
  ['boolean?', '#t or #f', (obj) => typeof obj === 'boolean'],
  ['string?', 'a string', (obj) => textOf(obj) !== undefined],
  ['char?', 'a character', (obj) => obj instanceof Char],
  ['symbol?', 'a symbol', (obj) => obj instanceof Sym],
  ['vector?', 'a vector', (obj) => obj instanceof Vector],
  ['bytevector?', 'a bytevector', (obj) => obj instanceof Bytevector],
  ['pair?', 'a pair', (obj) => obj instanceof Pair],
  ['null?', 'the empty list', (obj) => obj === NIL],
  ['procedure?', 'a procedure: a closure, a builtin or a continuation', isProcedure],
];

export function definePredicates(define: Define): void {
  for (const [name, what, holds] of TYPES) define(`(${name} obj)`, { doc: `Whether obj is ${what}.`, spec }, holds);

  define('(not obj)', { doc: '#t for #f, and #f for everything else.', spec }, (obj: Value) => obj === false);
  define(
    '(eq? a b)',
    { doc: 'Whether a and b are the same object; numbers, strings and characters by value.', spec },
    isEq,
  );
  define('(eqv? a b)', { doc: 'The same as eq?.', spec }, isEq);
  define(
    '(equal? a b)',
    { doc: 'Whether a and b have the same structure and equal parts. Terminates on cyclic data.', spec },
    isEqual,
  );
  defineEquals(define, 'boolean=?', 'a boolean', (obj) => typeof obj === 'boolean');
  defineEquals(define, 'symbol=?', 'a symbol', (obj) => obj instanceof Sym);
}

function defineEquals(define: Define, name: string, what: string, isOfType: (obj: Value) => boolean): void {
  define(
    `(${name} a b c …)`,
    { doc: 'Whether all arguments are the same.', errors: `an argument is not ${what}`, spec: 'R7RS 6.3, 6.5' },
    (...items: Value[]) => {
      for (const item of items) if (!isOfType(item)) throw typeError(`${name}: argument is not ${what}`, item);
      return items.every((item) => item === items[0]);
    },
  );
}
