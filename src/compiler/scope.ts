// Scopes: what names mean at a place in a program, at compile time.
//
// A scope maps identifiers to bindings and points at the scope around it:
//
//     builtins and special forms  ←  module (definitions, imports)  ←  lambda, let, body …
//
// Hygiene. When a macro's template inserts a symbol, the expander makes a fresh MacroAlias of it, one for each name
// and expansion, that remembers the identifier in the template and the scope that the macro was defined in. A binding
// form that binds such an identifier binds the *alias*, which no other identifier is equal to; so an introduced
// binding neither captures nor is captured. An alias that nothing binds means whatever its original meant where the
// macro was defined: look the alias up here, outward; failing that, look its original up in the alias's own scope.
// The original may itself be an alias (a macro that expands to a macro definition); the rule repeats.
//
// Two identifiers mean the same (a literal of `syntax-rules`, `else`) if they resolve to the same binding, or if
// both are unbound and have the same symbol.

import type { Alias, Identifier } from '../reader/syntax.ts';
import type { Span } from '../values/span.ts';
import { Cell, Sym } from '../values/types.ts';
import type { Variable } from './core-forms.ts';

export class MacroAlias implements Alias {
  constructor(
    readonly original: Identifier,
    /** Where the macro was defined. */
    readonly scope: Scope,
  ) {}
}

/** What a scope's table is keyed by. */
export type Key = Sym | Alias;

export const keyOf = (identifier: Identifier): Key => identifier.alias ?? identifier.symbol;

/** A macro: the compiled rules live in compiler/syntax-rules.ts, which extends this. */
export abstract class MacroBinding {
  readonly kind = 'macro';
  constructor(
    readonly name: string,
    readonly scope: Scope,
  ) {}
}

/** A keyword that the expander itself knows: `if`, `let`, `cond` … Identity matters, the name finds the handler. */
export class SpecialForm {
  readonly kind = 'special';
  constructor(
    readonly name: string,
    /** Reserved words may not be bound (language §7.3); other keywords may be redefined like any builtin. */
    readonly reserved: boolean,
    /** What the name means where it is not the head of a form: `values`, `call/cc` … are procedures as well. */
    readonly procedure: BuiltinBinding | null = null,
  ) {}
}

export class BuiltinBinding {
  readonly kind = 'builtin';
  constructor(readonly name: string) {}
}

/** A module variable as seen from one module: its own (assignable) or imported. */
export class GlobalBinding {
  readonly kind = 'global';
  constructor(
    readonly cell: Cell,
    readonly imported: boolean,
  ) {}
}

export class LocalVariableBinding {
  readonly kind = 'local';
  constructor(readonly variable: Variable) {}
}

export type Binding = LocalVariableBinding | GlobalBinding | MacroBinding | SpecialForm | BuiltinBinding;

export class Scope {
  protected readonly table = new Map<Key, Binding>();
  constructor(readonly parent: Scope | null) {}

  bind(key: Key, binding: Binding): void {
    this.table.set(key, binding);
  }

  /** What the key is bound to right here, scopes around left aside. */
  own(key: Key): Binding | undefined {
    return this.table.get(key);
  }

  /** Everything that is bound right here. */
  entries(): IterableIterator<[Key, Binding]> {
    return this.table.entries();
  }

  /** What an identifier means here, undefined if it is unbound. */
  lookup(identifier: Identifier): Binding | undefined {
    let at: Scope = this;
    for (let id = identifier; ; ) {
      const key = keyOf(id);
      for (let scope: Scope | null = at; scope !== null; scope = scope.parent) {
        const binding = scope.own(key);
        if (binding !== undefined) return binding;
      }
      if (!(id.alias instanceof MacroAlias)) return undefined;
      at = id.alias.scope;
      id = id.alias.original;
    }
  }

  /** The module scope that this one is inside of. */
  get module(): ModuleScope {
    let scope: Scope | null = this;
    while (scope !== null && !(scope instanceof ModuleScope)) scope = scope.parent;
    if (scope === null) throw new Error('a scope outside any module has no module');
    return scope;
  }
}

/** Names that mean something in a scope, the innermost first. Those that begin with % are nobody's to use. */
export function* visibleNames(scope: Scope): Generator<string> {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    for (const [key] of at.entries()) if (key instanceof Sym && !key.name.startsWith('%')) yield key.name;
  }
}

/** Names of one module. The parent is the scope of the builtins. */
export class ModuleScope extends Scope {
  /** Cells of the module's own definitions, by key, in order of definition. */
  readonly definitions = new Map<Key, Cell>();

  constructor(
    readonly name: string,
    parent: Scope,
    /**
     * Whether a definition silently replaces an import of the same name (implicit modules, the REPL). Otherwise the
     * linker reports the conflict.
     */
    readonly definitionsWin: boolean,
    /** A program or library of R7RS: it may bind keywords, and R7RS decides where Eta says otherwise (README, Beyond). */
    readonly isR7rs = false,
  ) {
    super(parent);
  }

  /**
   * The cell of a module-level definition; defining a name again gives the same cell (language §7.2).
   * A name that a macro introduced gets a cell that no other identifier can reach.
   */
  define(identifier: Identifier, span: Span): Cell {
    const key = keyOf(identifier);
    let cell = this.definitions.get(key);
    if (cell === undefined) {
      const { name } = identifier.symbol;
      cell = new Cell(this.name, key instanceof Sym ? name : `${name}.${this.definitions.size}`, span);
      this.definitions.set(key, cell);
    }
    this.bind(key, new GlobalBinding(cell, false));
    return cell;
  }
}

/** Whether two identifiers mean the same, each in its own scope: what `free-identifier=?` is elsewhere. */
export function sameMeaning(a: Identifier, scopeOfA: Scope, b: Identifier, scopeOfB: Scope): boolean {
  const bindingOfA = scopeOfA.lookup(a);
  const bindingOfB = scopeOfB.lookup(b);
  if (bindingOfA === undefined || bindingOfB === undefined) return bindingOfA === bindingOfB && a.symbol === b.symbol;
  return sameBinding(bindingOfA, bindingOfB);
}

function sameBinding(a: Binding, b: Binding): boolean {
  if (a instanceof GlobalBinding && b instanceof GlobalBinding) return a.cell === b.cell;
  if (a instanceof LocalVariableBinding && b instanceof LocalVariableBinding) return a.variable === b.variable;
  return a === b;
}
