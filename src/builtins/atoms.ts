// Atoms: mutable cells, compared by identity. Each belongs to one VM, so no two threads ever meet at one.
//
// `%atom-swap!` calls a procedure and is in stdlib/kernel.eta. Source: builtins §10, stdlib §9.

import type { Define } from '../bytecode/builtin-table.ts';
import { isEq } from '../values/equality.ts';
import { typeError } from '../values/errors.ts';
import { HeapObject, type Value } from '../values/types.ts';

export class Atom extends HeapObject {
  readonly kind = 'Atom';
  constructor(public value: Value) {
    super();
  }
  override printed(): string {
    return '#<atom>';
  }
}

function wantAtom(value: Value, who: string): Atom {
  if (value instanceof Atom) return value;
  throw typeError(`${who}: expected an atom`, value);
}

export function defineAtoms(define: Define): void {
  const spec = 'builtins §10';
  const errors = 'a is not an atom';
  define('(%atom-new v)', { doc: 'A fresh atom that holds v.', spec }, (v: Value) => new Atom(v));
  define('(%atom? obj)', { doc: 'Whether obj is an atom.', spec }, (obj: Value) => obj instanceof Atom);
  define(
    '(%atom-deref a)',
    { doc: 'The value that a holds.', errors, spec },
    (a: Value) => wantAtom(a, '%atom-deref').value,
  );
  define('(%atom-reset! a v)', { doc: 'Store v and return it.', errors, spec }, (a: Value, v: Value) => {
    wantAtom(a, '%atom-reset!').value = v;
    return v;
  });
  define(
    '(%atom-compare-and-set! a expected new)',
    { doc: 'Store new if a holds what is eq? to expected; whether it did.', errors, spec },
    (a: Value, expected: Value, replacement: Value) => {
      const atom = wantAtom(a, '%atom-compare-and-set!');
      if (!isEq(atom.value, expected)) return false;
      atom.value = replacement;
      return true;
    },
  );
}
