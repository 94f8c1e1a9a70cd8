// The outermost scope: special forms and builtins.

import { intern, Sym } from '../values/types.ts';
import { RESERVED } from './keywords.ts';
import { type Binding, BuiltinBinding, type Key, Scope, SpecialForm } from './scope.ts';
import { SPECIAL_FORMS } from './special-forms/index.ts';

/** The names of the builtins: a set, or a table by name. */
export interface BuiltinNames {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/**
 * The parent of every module's scope.
 *
 * A builtin with the name of a special form (`apply`, `values`, `call/cc` …) is what the name means where it is not
 * the head of a form. `else`, `=>`, `...`, `_` and `syntax-rules` are bound to nothing: forms recognise them by that.
 */
export const createBuiltinScope = (builtins: BuiltinNames): Scope => new BuiltinScope(builtins);

/** Makes a binding when it is first asked for: a program uses few of the names, and starts sooner so. */
class BuiltinScope extends Scope {
  constructor(private readonly builtins: BuiltinNames) {
    super(null);
  }

  override own(key: Key): Binding | undefined {
    const known = this.table.get(key);
    if (known !== undefined || !(key instanceof Sym) || key !== intern(key.name)) return known;
    const binding = this.meaning(key.name);
    if (binding !== undefined) this.bind(key, binding);
    return binding;
  }

  override entries(): IterableIterator<[Key, Binding]> {
    for (const names of [this.builtins.keys(), Object.keys(SPECIAL_FORMS)]) {
      for (const name of names) this.own(intern(name));
    }
    return this.table.entries();
  }

  private meaning(name: string): Binding | undefined {
    const builtin = this.builtins.has(name) ? new BuiltinBinding(name) : null;
    if (!Object.hasOwn(SPECIAL_FORMS, name)) return builtin ?? undefined;
    return new SpecialForm(name, RESERVED.has(name), builtin);
  }
}
