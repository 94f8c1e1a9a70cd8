// The outermost scope: special forms and builtins.

import { intern } from '../values/types.ts';
import { RESERVED } from './keywords.ts';
import { BuiltinBinding, Scope, SpecialForm } from './scope.ts';
import { SPECIAL_FORMS } from './special-forms/index.ts';

/**
 * The parent of every module's scope.
 *
 * A builtin with the name of a special form (`apply`, `values`, `call/cc` …) is what the name means where it is not
 * the head of a form. `else`, `=>`, `...`, `_` and `syntax-rules` are bound to nothing: forms recognise them by that.
 */
export function createBuiltinScope(builtinNames: Iterable<string>): Scope {
  const scope = new Scope(null);
  const builtins = new Map([...builtinNames].map((name) => [name, new BuiltinBinding(name)]));
  for (const [name, binding] of builtins) scope.bind(intern(name), binding);
  for (const name of Object.keys(SPECIAL_FORMS)) {
    scope.bind(intern(name), new SpecialForm(name, RESERVED.has(name), builtins.get(name) ?? null));
  }
  return scope;
}
