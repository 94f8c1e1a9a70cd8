// Logic variables, unification, attributes, compound terms: the builtins.
//
// The forms `(logic-var)`, `(unify a b)` … expand to the builtins with a %. `%unify` is in stdlib/kernel.eta, since it calls
// hooks; this file has its steps. Source: symbolic §1–§6; README S1, S2.

import type { Define } from '../../bytecode/builtin-table.ts';
import { typeError, userError } from '../../values/errors.ts';
import { CompoundTerm, deref, LogicVariable } from '../../values/logic.ts';
import { textOf } from '../../values/mutable-string.ts';
import { isExactInteger } from '../../values/numbers.ts';
import { HeapObject, intern, listFrom, NIL, Sym, type Value } from '../../values/types.ts';
import { Trail, type TrailEntry } from '../../vm/trail.ts';
import { want, wantSymbol } from '../arguments.ts';
import { copyTerm } from './copy-term.ts';
import { termHash, variantHash } from './term-hash.ts';
import {
  type HookCall,
  type OccursCheck,
  someLeaf,
  Unification,
  type UnificationContext,
  unifierOf,
} from './unification.ts';

const spec = 'symbolic §2–§6';

interface LogicState extends UnificationContext {
  readonly hooks: Map<Sym, Value>;
}

export function defineLogic(define: Define): void {
  const state: LogicState = { trail: new Trail(), hooks: new Map(), occursCheck: 'always' };
  defineVariables(define);
  defineUnification(define, state);
  defineAttributes(define, state);
  defineTerms(define);
}

function defineVariables(define: Define): void {
  define('(%logic-var)', { doc: 'A fresh unbound logic variable.', spec }, () => new LogicVariable(null));
  define(
    '(logic-var? obj)',
    { doc: 'Whether obj is an unbound logic variable, or bound to one.', spec },
    (obj: Value) => deref(obj) instanceof LogicVariable,
  );
  define(
    '(logic-var/named name)',
    { doc: 'A fresh unbound variable that prints with this name.', errors: 'name is not a symbol or string', spec },
    (name: Value) => {
      const text = name instanceof Sym ? name.name : textOf(name);
      if (text === undefined) throw typeError('logic-var/named: name must be a symbol or string', name);
      return new LogicVariable(text);
    },
  );
  define(
    '(var-name obj)',
    { doc: 'The name of a named variable, as a string, #f for anything else.', spec },
    (obj: Value) => (obj instanceof LogicVariable ? (obj.name ?? false) : false),
  );
  define('(%deref-lvar x)', { doc: 'What a variable is bound to in the end; anything else is itself.', spec }, deref);
}

function defineUnification(define: Define, state: LogicState): void {
  const { trail } = state;
  define('(%trail-mark)', { doc: 'The length of the trail.', spec }, () => trail.mark());
  define(
    '(%unwind-trail mark)',
    { doc: 'Undo what has been recorded since a mark.', errors: 'mark is not an integer', spec },
    (mark: Value) => {
      if (!isExactInteger(mark)) throw typeError('unwind-trail: mark must be a fixnum', mark);
      trail.unwind(Number(mark));
      return NIL;
    },
  );
  define(
    '(%unification a b)',
    {
      doc: 'Unify two terms as far as no hook has to be called: #t, #f, or what there is to go on with.',
      errors: 'the occurs check is violated, in the mode error',
      spec,
    },
    (a: Value, b: Value) => {
      const unification = new Unification(state, a, b);
      return outcome(unification, guarded(unification));
    },
  );
  define(
    '(%unification-step task)',
    { doc: 'Go on after the hooks have been called; gives the same as %unification.', spec },
    (task: Value) => {
      const unification = want(task, Task, 'unify: not a unification').unification;
      return outcome(unification, guarded(unification));
    },
  );
  define(
    '(%unification-hooks task)',
    { doc: 'The hooks to call: a list of (hook variable bound attribute).', spec },
    (task: Value) => {
      const { calls } = want(task, Task, 'unify: not a unification');
      return listFrom(
        calls.map(({ hook, variable, bound, attribute }) => listFrom([hook, variable, bound, attribute])),
      );
    },
  );
  define('(%unification-fail task)', { doc: 'Undo everything that it has bound.', spec }, (task: Value) => {
    want(task, Task, 'unify: not a unification').unification.fail();
    return NIL;
  });
  define(
    '(%unifier a b)',
    { doc: 'The variables that unifying would bind or be bound to, #f if the terms do not unify.', spec },
    (a: Value, b: Value) => {
      const variables = unifierOf(trail, a, b);
      return variables === null ? false : listFrom(variables);
    },
  );
  define(
    '(set-occurs-check! mode)',
    {
      doc: "What happens when a variable is bound to a term that contains it: 'always fails, 'never binds, 'error raises.",
      errors: 'mode is not one of them',
      spec,
    },
    (mode: Value) => {
      const { name } = wantSymbol(mode, "set-occurs-check!: expected a symbol ('always / 'never / 'error)");
      if (name !== 'always' && name !== 'never' && name !== 'error') {
        throw userError("set-occurs-check!: mode must be 'always, 'never, or 'error");
      }
      state.occursCheck = name satisfies OccursCheck;
      return true;
    },
  );
  define('(occurs-check-mode)', { doc: 'The mode that set-occurs-check! has set.', spec }, () =>
    intern(state.occursCheck),
  );
}

/** A unification that waits for hooks. */
class Task extends HeapObject {
  readonly kind = 'Unification';
  constructor(
    readonly unification: Unification,
    readonly calls: readonly HookCall[],
  ) {
    super();
  }
}

/** A step; an error of the occurs check leaves no bindings. */
function guarded(unification: Unification): ReturnType<Unification['step']> {
  try {
    return unification.step();
  } catch (thrown) {
    unification.fail();
    throw thrown;
  }
}

function outcome(unification: Unification, result: ReturnType<Unification['step']>): Value {
  if (result === false) unification.fail();
  return typeof result === 'boolean' ? result : new Task(unification, result);
}

class AttributeChange implements TrailEntry {
  constructor(
    readonly variable: LogicVariable,
    readonly key: Sym,
    /** Undefined: there was none. */
    readonly previous: Value | undefined,
  ) {}
  undo(): void {
    const { variable, key, previous } = this;
    if (previous === undefined) variable.attributes?.delete(key);
    else variable.attributes?.set(key, previous);
  }
}

function defineAttributes(define: Define, { trail, hooks }: LogicState): void {
  const keyOf = (key: Value, who: string) => wantSymbol(key, `${who}: second arg must be a symbol (module name)`);
  define(
    '(put-attr v key value)',
    {
      doc: 'Set an attribute of a logic variable, until the trail is unwound. #t.',
      errors: 'v is not a logic variable; key is not a symbol',
      spec,
    },
    (v: Value, key: Value, value: Value) => {
      const variable = want(v, LogicVariable, 'put-attr: first arg must be a logic variable');
      const symbol = keyOf(key, 'put-attr');
      variable.attributes ??= new Map();
      trail.push(new AttributeChange(variable, symbol, variable.attributes.get(symbol)));
      variable.attributes.set(symbol, value);
      return true;
    },
  );
  define(
    '(get-attr v key)',
    {
      doc: 'The attribute of a logic variable; #f if there is none, or v is no variable.',
      errors: 'v is a logic variable and key is not a symbol',
      spec,
    },
    (v: Value, key: Value) => {
      if (!(v instanceof LogicVariable)) return false;
      return v.attributes?.get(keyOf(key, 'get-attr')) ?? false;
    },
  );
  define(
    '(del-attr v key)',
    {
      doc: 'Remove an attribute, until the trail is unwound; whether there was one.',
      errors: 'v is a logic variable and key is not a symbol',
      spec,
    },
    (v: Value, key: Value) => {
      if (!(v instanceof LogicVariable)) return false;
      const symbol = keyOf(key, 'del-attr');
      const previous = v.attributes?.get(symbol);
      if (previous === undefined) return false;
      trail.push(new AttributeChange(v, symbol, previous));
      v.attributes?.delete(symbol);
      return true;
    },
  );
  define(
    '(attr-var? obj)',
    { doc: 'Whether obj is an unbound logic variable with an attribute.', spec },
    (obj: Value) => obj instanceof LogicVariable && deref(obj) === obj && (obj.attributes?.size ?? 0) > 0,
  );
  define(
    '(register-attr-hook! key hook)',
    {
      doc: 'Have (hook variable value attribute) called when a variable with this attribute is bound; #f from it fails the unification. #t.',
      errors: 'key is not a symbol',
      spec,
    },
    (key: Value, hook: Value) => {
      hooks.set(wantSymbol(key, 'register-attr-hook!: first arg must be a symbol (module name)'), hook);
      return true;
    },
  );
}

function defineTerms(define: Define): void {
  define(
    '(term functor arg …)',
    { doc: 'A compound term.', errors: 'functor is not a symbol', spec },
    (functor: Value, ...args: Value[]) => new CompoundTerm(wantSymbol(functor, 'term: functor must be a symbol'), args),
  );
  define(
    '(compound? obj)',
    { doc: 'Whether obj is a compound term.', spec },
    (obj: Value) => obj instanceof CompoundTerm,
  );
  define('(functor obj)', { doc: 'The functor of a compound term, #f for anything else.', spec }, (obj: Value) =>
    obj instanceof CompoundTerm ? obj.functor : false,
  );
  define(
    '(arity term)',
    { doc: 'The count of arguments.', errors: 'term is not a compound term', spec },
    (term: Value) => {
      return want(term, CompoundTerm, 'arity: argument must be a compound term').args.length;
    },
  );
  define(
    '(arg i term)',
    {
      doc: 'Argument i, counted from 1.',
      errors: 'i is not an integer; term is not a compound term; there is no such argument (runtime.user-error)',
      spec,
    },
    (i: Value, term: Value) => {
      if (!isExactInteger(i)) throw typeError('arg: first argument must be a fixnum index', i);
      const { args } = want(term, CompoundTerm, 'arg: second argument must be a compound term');
      const value = args[Number(i) - 1];
      if (value === undefined) throw userError('arg: index out of range');
      return value;
    },
  );
  define(
    '(ground? term)',
    { doc: 'Whether no unbound logic variable is in a term.', spec },
    (term: Value) => !someLeaf(term, (leaf) => leaf instanceof LogicVariable),
  );
  define('(%copy-term term)', { doc: 'The term with fresh variables in place of the unbound ones.', spec }, copyTerm);
  const hashErrors = 'depth is not an integer, or negative';
  define(
    '(term-hash term depth)',
    {
      doc: 'A hash of a term, an integer: equal terms hash alike. What lies more than depth levels down does not count.',
      errors: hashErrors,
      spec: 'symbolic §8',
    },
    (term: Value, depth: Value) => termHash(term, wantDepth(depth, 'term-hash')),
  );
  define(
    '(term-variant-hash term depth)',
    {
      doc: 'Like term-hash, but terms that differ in nothing but which unbound variables they have hash alike too.',
      errors: hashErrors,
      spec: 'symbolic §8',
    },
    (term: Value, depth: Value) => variantHash(term, wantDepth(depth, 'term-variant-hash')),
  );
}

function wantDepth(depth: Value, who: string): number {
  if (isExactInteger(depth) && depth >= 0) return Number(depth);
  throw typeError(`${who}: second arg must be a non-negative fixnum depth`, depth);
}
