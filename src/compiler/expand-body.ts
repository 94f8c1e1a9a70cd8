// Bodies: definitions and expressions in order, as in a lambda, or in a module.
//
// First pass: expand the head of each form just far enough to see whether it defines something. `begin`, `cond-expand`
// and `include` are spliced, macros take effect from their definition on, and the names of all definitions are bound.
// Second pass: expand values and expressions, now that every name of the body is known.
//
//   (define a e) (f) (define b e) (g)    →    letrec* ((a e) (_ (f)) (b e)) (g)
//
// A module differs in where its names live (cells), and in that it may end in a definition.
//
// Source: language §8.1, §7.2; R7RS 5.3, 5.6.1.

import { AtomSyntax, type Identifier, type ListSyntax, type Syntax } from '../reader/syntax.ts';
import type { Span } from '../values/span.ts';
import { NIL } from '../values/types.ts';
import { letForm, letrecForm, sequence } from './build.ts';
import { chosenForms } from './cond-expand.ts';
import { type CoreForm, type LocalBinding, Variable } from './core-forms.ts';
import {
  type Definition,
  type ExpandedDefinition,
  type Place,
  parseDef,
  parseDefine,
  parseDefineValues,
  parseDefun,
} from './definitions.ts';
import type { Expander } from './expander.ts';
import { bindVariable, isR7rs } from './keywords.ts';
import { defineSyntax } from './macro-definitions.ts';
import { fail, SyntaxProblem } from './problems.ts';
import { parseRecord } from './records.ts';
import { GlobalBinding, keyOf, LocalVariableBinding, type ModuleScope, Scope, SpecialForm } from './scope.ts';

interface DefinitionItem {
  readonly kind: 'definition';
  readonly definition: Definition;
  /** Whether its optional name is defined; known at the end of the first pass. */
  definesOptional: boolean;
}

type Item = { readonly kind: 'expression'; readonly syntax: Syntax } | DefinitionItem;

/** Heads that define, in a body or a module. */
const DEFINERS: Readonly<Record<string, (form: ListSyntax, scope: Scope, place: Place, x: Expander) => Definition>> = {
  define: parseDefine,
  def: (form, scope, _place, x) => parseDef(form, scope, x),
  defun: (form, scope, _place, x) => parseDefun(form, scope, x),
  'define-values': (form, scope, _place, x) => parseDefineValues(form, scope, x),
  'define-record-type': (form, scope) => parseRecord(form, scope),
};

/** The first pass. */
abstract class Collector {
  readonly items: Item[] = [];

  constructor(
    protected readonly scope: Scope,
    private readonly place: Place,
    protected readonly x: Expander,
  ) {}

  abstract declare(name: Identifier): void;

  /** Keeps its own stack: `begin` may nest. */
  collectAll(forms: readonly Syntax[]): void {
    const pending = [...forms].reverse();
    for (let form = pending.pop(); form !== undefined; form = pending.pop()) {
      for (const spliced of [...this.collect(form)].reverse()) pending.push(spliced);
    }
  }

  /** Bind the optional names that nothing else has given a meaning to; in R7RS code, to which no definition has. */
  declareOptionalNames(): void {
    const { scope } = this;
    for (const item of this.items) {
      if (item.kind !== 'definition') continue;
      const name = item.definition.optionalName;
      if (name === null || (isR7rs(scope) ? isOwn(name, scope) : scope.lookup(name) !== undefined)) continue;
      item.definesOptional = true;
      this.declare(name);
    }
  }

  /** Take a form down; gives the forms that stand in its place, if it is spliced. */
  private collect(form: Syntax): readonly Syntax[] {
    return this.x.recover(
      () => this.classify(form),
      () => {
        this.items.push({ kind: 'expression', syntax: new AtomSyntax(NIL, form.span) });
        return [];
      },
    );
  }

  private classify(form: Syntax): readonly Syntax[] {
    const { scope, x } = this;
    x.at = form.span;
    const { syntax, binding } = x.resolveHead(form, scope);
    const keyword = binding instanceof SpecialForm && syntax.kind === 'list' ? binding.name : '';
    const list = syntax as ListSyntax;
    const define = Object.hasOwn(DEFINERS, keyword) ? DEFINERS[keyword] : null;
    if (define !== null) {
      const definition = define(list, scope, this.place, x);
      for (const name of definition.names) this.declare(name);
      this.items.push({ kind: 'definition', definition, definesOptional: false });
    } else if (keyword === 'begin' || keyword === 'progn') {
      if (list.tail !== null) fail(`${keyword}: invalid syntax; proper list required`, list.span);
      return list.items.slice(1);
    } else if (keyword === 'cond-expand') return chosenForms(list, x.libraryExists);
    else if (keyword === 'include' || keyword === 'include-ci') return x.included(list, keyword);
    else if (keyword === 'define-syntax') defineSyntax(list, scope, x);
    else this.items.push({ kind: 'expression', syntax });
    return [];
  }
}

class BodyCollector extends Collector {
  private readonly declared = new Set<unknown>();

  declare(name: Identifier): void {
    const key = keyOf(name);
    if (this.declared.has(key)) {
      this.x.report(new SyntaxProblem(`duplicate binding: ${name.symbol.name}`, name.span, 'DuplicateIdentifier'));
    }
    this.declared.add(key);
    bindVariable(name, this.scope);
  }
}

class ModuleCollector extends Collector {
  constructor(
    private readonly module: ModuleScope,
    x: Expander,
  ) {
    super(module, 'module', x);
  }

  declare(name: Identifier): void {
    this.module.define(name, name.span);
  }
}

/** Expand the forms of a body, whose scope is `outer` and what it defines. */
export function expandBody(forms: readonly Syntax[], outer: Scope, span: Span, x: Expander): CoreForm {
  const scope = new Scope(outer);
  const collector = new BodyCollector(scope, 'body', x);
  collector.collectAll(forms);
  collector.declareOptionalNames();
  const { items } = collector;
  const definitions = items.findLastIndex(({ kind }) => kind === 'definition') + 1;
  const bindings = items.slice(0, definitions).flatMap((item) => bindingsOf(item, scope, x));
  const expressions = items.slice(definitions).map((item) => (item as { syntax: Syntax }).syntax);
  if (definitions > 0 && expressions.length === 0) {
    x.report(
      new SyntaxProblem(
        'letrec expects bindings and body',
        span,
        'InvalidSyntax',
        'a body must end with an expression',
      ),
    );
  }
  return letrecForm(bindings, sequence(x.expandAll(expressions, scope), span), span);
}

function bindingsOf(item: Item, scope: Scope, x: Expander): LocalBinding[] {
  if (item.kind === 'expression') return [{ variable: new Variable('_'), init: x.expand(item.syntax, scope) }];
  const { temporary, values } = expandDefinition(item, scope, x);
  const bindings = values.map(({ name, value }) => ({ variable: ownVariable(name, scope), init: value }));
  return temporary === null ? bindings : [temporary, ...bindings];
}

function ownVariable(name: Identifier, scope: Scope): Variable {
  const binding = scope.own(keyOf(name));
  // A macro of the same name, defined later in the body, has replaced it.
  return binding instanceof LocalVariableBinding ? binding.variable : new Variable(name.symbol.name);
}

/** Expand the forms of a module; the core forms are to be run in order. */
export function expandModuleForms(forms: readonly Syntax[], scope: ModuleScope, x: Expander): CoreForm[] {
  const collector = new ModuleCollector(scope, x);
  collector.collectAll(forms);
  collector.declareOptionalNames();
  return collector.items.map((item) => {
    if (item.kind === 'expression') return x.expand(item.syntax, scope);
    const { temporary, values } = expandDefinition(item, scope, x);
    const { span } = item.definition;
    const defines = values.map(({ name, value }): CoreForm => {
      return { kind: 'define-global', cell: scope.definitions.get(keyOf(name))!, value, span };
    });
    const all = sequence(defines, span);
    return temporary === null ? all : letForm([temporary], all, span);
  });
}

const expandDefinition = (item: DefinitionItem, scope: Scope, x: Expander): ExpandedDefinition =>
  x.recover(
    () => item.definition.expand(scope, item.definesOptional),
    () => ({ temporary: null, values: [] }),
  );

/** Whether the name is bound here, and not imported. */
function isOwn(name: Identifier, scope: Scope): boolean {
  const binding = scope.own(keyOf(name));
  return binding instanceof GlobalBinding ? !binding.imported : binding instanceof LocalVariableBinding;
}

/**
 * Expand the forms of a sequence that is not a body: definitions other than of macros are errors there.
 */
export function expandSequence(forms: readonly Syntax[], outer: Scope, span: Span, x: Expander): CoreForm {
  let scope = outer;
  const expanded: CoreForm[] = [];
  for (const form of forms) {
    const { syntax, binding } = x.recover(
      () => x.resolveHead(form, scope),
      () => ({ syntax: new AtomSyntax(NIL, form.span), binding: undefined }),
    );
    if (!(binding instanceof SpecialForm && binding.name === 'define-syntax')) expanded.push(x.expand(syntax, scope));
    else {
      if (scope === outer) scope = new Scope(outer);
      x.recover(
        () => defineSyntax(syntax as ListSyntax, scope, x),
        () => {},
      );
    }
  }
  return sequence(expanded, span);
}
