// Submissions: texts that build on one another, as at a prompt and in `etai --eval`.
//
// Each is a module of its own, __repl_0, __repl_1 …, made of its bare forms. What the earlier ones have defined and
// imported is bound in its scope, so that a definition hides an older one for what is compiled from now on, while code
// that exists keeps the variable that it was compiled with. Variables of earlier submissions can be assigned; a definition
// hides an import of the same name. One that fails leaves no definitions. `main` is not called.
//
// A file can be loaded as if it had been submitted, and modules can be loaded again: what had been imported from them is
// then imported anew.
//
// Source: tools §4.3, §16.3.

import { realpathSync } from 'node:fs';
import type { CodeObject } from '../bytecode/code.ts';
import { type Binding, GlobalBinding, ModuleScope } from '../compiler/scope.ts';
import type { ImportClause } from '../modules/import-clauses.ts';
import type { Forgotten, Loader } from '../modules/loader.ts';
import type { LoadedModule } from '../modules/module.ts';
import { PRELUDE } from '../modules/module-text.ts';
import { NO_SPAN, Source } from '../values/span.ts';
import { Cell, intern, NIL, Sym, type Value } from '../values/types.ts';

/** The module of a variable that the prompt itself has bound. */
const PROMPT_MODULE = '<prompt>';
const SUBMISSION = /^__repl_\d+$/;

/** Whether a module is a submission. */
export const isSubmission = (module: string): boolean => SUBMISSION.test(module);

export class Submissions {
  /** What the next submission sees beside the builtins and the prelude. */
  private readonly bindings = new Map<string, Binding>();
  /** What has been imported, each clause once. */
  private readonly clauses = new Map<string, ImportClause>();
  /** Modules of bare forms that have been loaded from files. */
  private readonly shown = new Set<string>();
  private count = 0;
  /** Modules that are being loaded again; still there when that was interrupted. */
  private replaced: Forgotten = [];

  constructor(private readonly loader: Loader) {}

  /** Run a text; gives the value of its last form, () if that is a module or there is none. */
  evaluate(text: string, name: string): Value {
    this.recover();
    const source = new Source(name, null, text, 0);
    const implicitName = `__repl_${this.count++}`;
    const { modules, imports, value } = this.loader.loadText(source, { implicitName, ambient: this.bindings });
    for (const { scope, isImplicit } of modules) if (isImplicit) this.remember(scope);
    for (const clause of imports) this.clauses.set(JSON.stringify([clause.module, clause.filters]), clause);
    return modules.at(-1)?.isImplicit ? value : NIL;
  }

  /** The initialisers of a text's modules, which are compiled and not run. */
  compile(text: string, name: string): readonly CodeObject[] {
    const source = new Source(name, null, text, 0);
    const options = { implicitName: `__repl_${this.count}`, ambient: this.bindings };
    return this.loader.compileText(source, options).modules.map(({ code }) => code);
  }

  /** Load a file, again if it has been loaded. Its bare forms count as submitted, its modules as imported. */
  load(path: string): void {
    this.recover();
    const file = realpathSync(path);
    const known = this.loader.modulesOfFile(file);
    if (known.length > 0) this.reload(known.map(({ name }) => name));
    else this.loader.loadFile(path);
    for (const module of this.loader.modulesOfFile(file)) {
      if (module.isImplicit) {
        this.shown.add(module.name);
        this.remember(module.scope);
      } else this.import({ module: module.name, filters: [], span: NO_SPAN });
    }
  }

  /**
   * Load modules again, those of the same files, and all that import them. If one fails, everything stays as it was.
   * Gives the names of what was loaded.
   */
  reload(names: Iterable<string>): readonly string[] {
    this.recover();
    this.replaced = this.loader.forget(names);
    try {
      for (const { file } of this.replaced) this.loader.loadFileOnce(file!);
    } catch (thrown) {
      this.recover();
      throw thrown;
    }
    const reloaded = this.replaced;
    this.replaced = [];
    this.rebind(reloaded);
    return reloaded.map(({ name }) => name);
  }

  /** Everything that is bound for the next submission, by name. */
  get names(): ReadonlyMap<string, Binding> {
    return this.bindings;
  }

  /** A scope like that of the next submission. */
  scope(): ModuleScope {
    const scope = new ModuleScope(PROMPT_MODULE, this.loader.builtinScope, true);
    for (const [name, binding] of this.loader.require(PRELUDE)?.exports ?? []) scope.bind(intern(name), binding);
    for (const [name, binding] of this.bindings) scope.bind(intern(name), binding);
    return scope;
  }

  /** Give a name a value, as `(define name value)` would, unless a submission has taken the name for itself. */
  bind(name: string, value: Value): void {
    const binding = this.bindings.get(name);
    if (binding === undefined) {
      const cell = new Cell(PROMPT_MODULE, name);
      cell.value = value;
      this.bindings.set(name, new GlobalBinding(cell, false));
    } else if (binding instanceof GlobalBinding && binding.cell.module === PROMPT_MODULE) binding.cell.set(value);
  }

  /** Make everything visible that a module has defined and imported. */
  private remember(scope: ModuleScope): void {
    for (const [key, binding] of scope.entries()) if (key instanceof Sym) this.bindings.set(key.name, binding);
  }

  private import(clause: ImportClause): void {
    this.clauses.set(JSON.stringify([clause.module, clause.filters]), clause);
    for (const [name, binding] of this.loader.bindingsOf(clause)) this.bindings.set(name, binding);
  }

  /** Bind what came from the old modules to the same names of the new ones; what those lack is unbound. */
  private rebind(old: Forgotten): void {
    const gone = new Set(old.flatMap(thingsOf));
    for (const [name, binding] of this.bindings) if (gone.has(thingOf(binding))) this.bindings.delete(name);
    const add = (name: string, binding: Binding) => {
      if (!this.bindings.has(name)) this.bindings.set(name, binding);
    };
    const names = new Set(old.map(({ name }) => name));
    for (const name of this.shown) {
      const scope = names.has(name) ? this.loader.get(name)?.scope : null;
      for (const [key, binding] of scope?.entries() ?? []) if (key instanceof Sym) add(key.name, binding);
    }
    for (const clause of this.clauses.values()) {
      if (names.has(clause.module)) for (const [name, binding] of this.loader.bindingsOf(clause)) add(name, binding);
    }
  }

  /** Undo what an interruption or an error has left half done. */
  private recover(): void {
    this.loader.abandonPending();
    this.loader.restore(this.replaced);
    this.replaced = [];
  }
}

/** What a binding leads to. Bindings are made afresh for each export list, cells and macros are not. */
const thingOf = (binding: Binding): object => (binding instanceof GlobalBinding ? binding.cell : binding);

const thingsOf = ({ exports, scope, isImplicit }: LoadedModule): object[] =>
  [...exports.values(), ...(isImplicit ? scope.definitions.values() : [])].map((each) =>
    each instanceof Cell ? each : thingOf(each),
  );
