// Logic variables and compound terms.
//
// A logic variable is unbound, or bound to a value, which may be another variable; `deref` follows the chain. Bindings
// and attributes are undone by the trail (vm/trail.ts); whoever changes them here pushes the undo entry.
//
// Printing and `equal?` look through bound variables. Source: symbolic §2, §5; README S1, S9.

import { type HashParts, HeapObject, type PrintParts, type Sym, UNSET, type Value } from './types.ts';

let created = 0;

export class LogicVariable extends HeapObject {
  readonly kind = 'LogicVar';
  /** UNSET while unbound. */
  binding: Value = UNSET;
  attributes: Map<Sym, Value> | null = null;
  /** Tells variables apart in print. */
  readonly id = ++created;

  /** @param name  for people; null for an anonymous variable */
  constructor(readonly name: string | null) {
    super();
  }

  override printParts(): PrintParts {
    const value = deref(this);
    if (value !== this) return { open: '', items: [value], after: () => '', close: '' };
    return {
      open: this.name === null ? `_G${this.id}` : `_${this.name}G${this.id}`,
      items: [],
      after: () => '',
      close: '',
    };
  }
}

/** The end of the chain of bindings: an unbound variable, or what is no variable. */
export function deref(value: Value): Value {
  let end = value;
  while (end instanceof LogicVariable && end.binding !== UNSET) end = end.binding;
  return end;
}

/** `f(a, b)`: immutable. */
export class CompoundTerm extends HeapObject {
  readonly kind = 'CompoundTerm';
  constructor(
    readonly functor: Sym,
    readonly args: readonly Value[],
  ) {
    super();
  }

  override printParts(): PrintParts {
    return { open: `${this.functor.name}(`, items: this.args, after: () => ', ', close: ')' };
  }

  override equalParts(other: HeapObject, work: Value[]): boolean {
    if (!(other instanceof CompoundTerm) || other.functor !== this.functor) return false;
    if (other.args.length !== this.args.length) return false;
    this.args.forEach((arg, i) => {
      work.push(arg, other.args[i]);
    });
    return true;
  }

  override hashParts(): HashParts {
    return { tag: 'term', ordered: true, groups: [[this.functor, ...this.args]] };
  }
}
