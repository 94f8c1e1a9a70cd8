// Finalizers and guardians: registrations that the language accepts and does not promise to honour.
//
// Delivery is never guaranteed (builtins §11), and here it never happens. The host can tell that an object has died
// only between two turns of its event loop, and a running program has but one turn; nor could it hand out a dead
// object. So an object's registration lives as long as the object and costs nothing else.
//
// Source: builtins §11, language §15.1.

import type { Define } from '../bytecode/builtin-table.ts';
import { typeError } from '../values/errors.ts';
import { isNumber } from '../values/numbers.ts';
import { Char, HeapObject, NIL, Pair, Sym, type Value } from '../values/types.ts';
import { isProcedure } from '../vm/control.ts';
import { want } from './arguments.ts';

class Guardian extends HeapObject {
  readonly kind = 'Guardian';
  readonly tracked = new WeakSet<object>();
  override printed(): string {
    return '#<guardian>';
  }
}

/** What the language calls a heap object, pairs included. */
function isHeapObject(value: Value): value is object {
  if (typeof value !== 'object' || value === NIL) return false;
  return !(value instanceof Sym || value instanceof Char || isNumber(value));
}

function wantTrackable(value: Value, argument: string): object {
  if (!isHeapObject(value)) throw typeError(`${argument} must be a heap object`, value);
  if (value instanceof Pair) throw typeError(`${argument} must be a non-cons heap object`);
  return value;
}

export function defineFinalizers(define: Define): void {
  const spec = 'builtins §11';
  const finalizers = new WeakMap<object, Value>();
  define(
    '(register-finalizer! obj proc)',
    {
      doc: 'Ask for (proc obj) to be called when obj is no longer reachable; this is not guaranteed. #t.',
      errors: 'obj is not a heap object, or a pair; proc is not a procedure',
      spec,
    },
    (obj: Value, proc: Value) => {
      const who = 'register-finalizer!: first arg';
      if (!isHeapObject(obj)) throw typeError(`${who} must be a heap object`, obj);
      if (!isProcedure(proc)) throw typeError('register-finalizer!: second arg must be a procedure', proc);
      finalizers.set(wantTrackable(obj, who), proc);
      return true;
    },
  );
  define(
    '(unregister-finalizer! obj)',
    { doc: 'Remove the registration of obj; whether there was one.', errors: 'obj is not a heap object', spec },
    (obj: Value) => {
      if (!isHeapObject(obj)) throw typeError('unregister-finalizer!: first arg must be a heap object', obj);
      return finalizers.delete(obj);
    },
  );
  define('(make-guardian)', { doc: 'A fresh guardian.', spec }, () => new Guardian());
  define(
    '(guardian-track! guardian obj)',
    {
      doc: 'Ask for obj to be queued when it is no longer reachable; this is not guaranteed. #t.',
      errors: 'guardian is not one; obj is not a heap object, or a pair',
      spec,
    },
    (guardian: Value, obj: Value) => {
      const { tracked } = want(guardian, Guardian, 'guardian-track!: first arg must be a guardian');
      tracked.add(wantTrackable(obj, 'guardian-track!: second arg'));
      return true;
    },
  );
  define(
    '(guardian-collect guardian)',
    { doc: 'The oldest queued object, #f if there is none.', errors: 'guardian is not one', spec },
    (guardian: Value) => {
      want(guardian, Guardian, 'guardian-collect: arg must be a guardian');
      return false;
    },
  );
}
