// The expander: from syntax objects to core forms, one expression at a time.
//
//   identifier      what its binding says (scope.ts)
//   other atoms     themselves
//   (keyword …)     the handler of the special form (special-forms/)
//   (macro …)       the macro's expansion, expanded again
//   (f a …)         a call
//
// Whether a list is a special form or a macro use hangs on what its head means *there*; nothing is recognised by its
// name alone. Bodies, with their definitions, are in expand-body.ts; whole programs in expand.ts.
//
// Source: language §7.2–§7.4, §9; README L3, L4, L14.

import type { Identifier, ListSyntax, Syntax } from '../reader/syntax.ts';
import { syntaxToDatum } from '../reader/syntax-data.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import { NO_SPAN, type Span } from '../values/span.ts';
import { Pair, type Sym } from '../values/types.ts';
import { call, constant, nil } from './build.ts';
import type { LibraryExists } from './cond-expand.ts';
import type { CoreForm } from './core-forms.ts';
import { synonymOf } from './foreign-names.ts';
import { includedForms } from './include.ts';
import { diagnosticOf, ExpansionAbort, fail, SyntaxProblem } from './problems.ts';
import { type Binding, MacroBinding, type Scope, SpecialForm, visibleNames } from './scope.ts';
import { SPECIAL_FORMS } from './special-forms/index.ts';
import { nearestName } from './suggestions.ts';
import { visibleVariables } from './survey.ts';
import type { SyntaxRules } from './syntax-rules.ts';

/** Nesting of expansions, and macro uses that expand to one another (language §7.4). */
const MAX_DEPTH = 10_000;
/** At so many levels, what is further in waits until the host's stack is free again. */
const DEFER_DEPTH = 200;
/** Errors reported of one text (README L14). */
const MAX_ERRORS = 20;
/** Syntax objects that macros may produce in one text: a macro that doubles its input would fill the memory. */
const MAX_PRODUCED = 5_000_000;
const UNDEFINED = 'Undefined symbol: ';
const SIBLING_HINT = 'let binds its names for its body alone: with let*, each value sees the names before it';

/** Called by one of these names with one operand, an expression is evaluated in the lexical scope of the call. */
const EVALS: ReadonlySet<string> = new Set(['eval', '%r7rs-eval']);

/** Files that a text may include: one that includes itself would have no end. */
const MAX_INCLUSIONS = 10_000;

export interface ExpandOptions {
  /** Findings are appended here. */
  readonly diagnostics: Diagnostic[];
  /** Whether a library could be imported, for `(cond-expand ((library …) …))`. */
  readonly libraryExists?: LibraryExists;
  /** The macros that the text uses are added here: core forms do not show them any more. */
  readonly usedMacros?: Set<MacroBinding>;
  /** What to advise about a name that means nothing in a scope. */
  readonly advise?: (name: string, scope: Scope) => string | undefined;
}

/** A form with no macro at its head, and what its head means if that is an identifier. */
export interface Headed {
  readonly syntax: Syntax;
  readonly binding: Binding | undefined;
}

export class Expander {
  /** Where expansion is, for the report that nesting is too deep. */
  at: Span = NO_SPAN;
  private depth = 0;
  /** The depth at which the present recursion began. */
  private start = 0;
  private readonly deferred: { readonly depth: number; readonly expand: () => void }[] = [];
  private produced = 0;
  private inclusions = 0;
  private errors = 0;
  private lastUndefined: Identifier | null = null;
  /** The names that the `let`s around bind, whose values are being expanded. */
  private siblings: readonly Sym[] = [];
  private readonly assumedNames = new Set<string>();

  constructor(readonly options: ExpandOptions) {}

  get libraryExists(): LibraryExists {
    return this.options.libraryExists ?? (() => false);
  }

  /** @param name  what the value will be bound to: a lambda takes it as its own name */
  expand(syntax: Syntax, scope: Scope, name: string | null = null): CoreForm {
    switch (syntax.kind) {
      case 'identifier':
        return this.reference(syntax, scope);
      case 'atom':
        if (syntax.value instanceof Pair) fail('a list with a datum label is data, not code: quote it', syntax.span);
        return constant(syntax.value, syntax.span);
      case 'vector':
        return constant(syntaxToDatum(syntax), syntax.span);
      case 'list':
        return this.nested(syntax, scope, name);
    }
  }

  /** The values of a `let`, which see none of its names: one that is missing among them was probably meant to be. */
  expandValues(bindings: readonly { name: Identifier; init: Syntax }[], scope: Scope): CoreForm[] {
    const { siblings } = this;
    this.siblings = [...siblings, ...bindings.map(({ name }) => name.symbol)];
    try {
      return bindings.map(({ name, init }) => this.expand(init, scope, name.symbol.name));
    } finally {
      this.siblings = siblings;
    }
  }

  expandAll(forms: readonly Syntax[], scope: Scope): CoreForm[] {
    const expanded: CoreForm[] = [];
    for (const form of forms) expanded.push(this.expand(form, scope));
    return expanded;
  }

  /** Expand macro uses until the head is no macro. */
  resolveHead(form: Syntax, scope: Scope): Headed {
    let syntax = form;
    for (let steps = this.depth; ; steps++) {
      if (syntax.kind !== 'list' || syntax.items.length === 0) return { syntax, binding: undefined };
      const [head] = syntax.items;
      if (head.kind !== 'identifier') return { syntax, binding: undefined };
      const binding = scope.lookup(head);
      if (!(binding instanceof MacroBinding)) return { syntax, binding };
      if (steps >= MAX_DEPTH) throw new ExpansionAbort('expansion depth exceeded', syntax.span);
      syntax = this.expandMacro(binding as SyntaxRules, head, syntax, scope);
    }
  }

  report(problem: SyntaxProblem): void {
    if (++this.errors <= MAX_ERRORS) this.options.diagnostics.push(diagnosticOf(problem));
  }

  warn(message: string, span: Span, hint?: string): void {
    this.options.diagnostics.push(diagnosticOf(new SyntaxProblem(message, span, 'InvalidSyntax', hint), 'warning'));
  }

  /** The forms of an `(include file …)`. */
  included(form: ListSyntax, kind: string): readonly Syntax[] {
    if (++this.inclusions > MAX_INCLUSIONS) throw new ExpansionAbort('expansion depth exceeded', form.span);
    return includedForms(form, kind, (finding) => this.options.diagnostics.push(finding));
  }

  /** Report an identifier that means nothing here; gives a form that takes its place. */
  undefinedSymbol(identifier: Identifier, scope: Scope, hint?: string): CoreForm {
    const { symbol, span } = identifier;
    const sibling = this.siblings.includes(symbol) ? SIBLING_HINT : undefined;
    const advice = hint ?? sibling ?? this.options.advise?.(symbol.name, scope);
    this.report(new SyntaxProblem(UNDEFINED + symbol.name, span, 'UndefinedName', advice));
    this.lastUndefined = identifier;
    return nil(span);
  }

  /**
   * Whether the head of a form, which means nothing, was most likely meant to be a keyword: then nothing is said about the
   * rest of the form, and nothing about names that it would have defined.
   */
  private isMisspeltKeyword({ items }: ListSyntax, head: Identifier, scope: Scope): boolean {
    const { name } = head.symbol;
    const meant = synonymOf(name) ?? nearestName(name, visibleNames(scope));
    if (meant === null || !Object.hasOwn(SPECIAL_FORMS, meant)) return false;
    if (meant.startsWith('def')) for (const name of namesIn(items[1])) this.assumedNames.add(name);
    return true;
  }

  /** Take back what was said about names that a form with a misspelt keyword would have defined. */
  withdrawConsequences(): void {
    const { diagnostics } = this.options;
    const isConsequence = ({ code, message }: Diagnostic) =>
      code === 'UndefinedName' && this.assumedNames.has(message.slice(UNDEFINED.length));
    if (this.assumedNames.size > 0) diagnostics.splice(0, Infinity, ...diagnostics.filter((d) => !isConsequence(d)));
  }

  /** A problem inside becomes a report and `substitute`. */
  recover<T>(expansion: () => T, substitute: () => T): T {
    const { depth } = this;
    try {
      return expansion();
    } catch (problem) {
      if (!(problem instanceof SyntaxProblem)) throw problem;
      this.depth = depth;
      this.report(problem);
      return substitute();
    }
  }

  /**
   * The result of an expansion that belongs further in: at once, or, where the host's stack could become too small, an
   * empty sequence that is filled in later.
   */
  inner(span: Span, expansion: () => CoreForm): CoreForm {
    if (this.depth >= MAX_DEPTH) throw new ExpansionAbort('expansion depth exceeded', span);
    if (this.depth - this.start < DEFER_DEPTH) {
      this.depth++;
      try {
        return expansion();
      } finally {
        this.depth--;
      }
    }
    const forms: CoreForm[] = [];
    this.deferred.push({ depth: this.depth, expand: () => forms.push(this.recover(expansion, () => nil(span))) });
    return { kind: 'sequence', forms, span };
  }

  /** Do what has been deferred. */
  finish(): void {
    for (let next = this.deferred.pop(); next !== undefined; next = this.deferred.pop()) {
      this.depth = this.start = next.depth;
      next.expand();
    }
  }

  private nested(form: ListSyntax, scope: Scope, name: string | null): CoreForm {
    const { depth } = this;
    if (depth - this.start >= DEFER_DEPTH) return this.inner(form.span, () => this.nested(form, scope, name));
    this.at = form.span;
    if (depth >= MAX_DEPTH) throw new ExpansionAbort('expansion depth exceeded', form.span);
    this.depth = depth + 1;
    try {
      return this.headed(this.resolveHead(form, scope), scope, name);
    } catch (problem) {
      if (!(problem instanceof SyntaxProblem)) throw problem;
      this.report(problem);
      return nil(form.span);
    } finally {
      this.depth = depth;
    }
  }

  private headed({ syntax, binding }: Headed, scope: Scope, name: string | null): CoreForm {
    if (syntax.kind !== 'list') return this.expand(syntax, scope, name);
    if (binding instanceof SpecialForm) {
      const { expand, shape } = SPECIAL_FORMS[binding.name];
      if (syntax.tail !== null) fail(shape, syntax.span);
      return expand(syntax, scope, this, name);
    }
    return syntax.items.length === 0 ? nil(syntax.span) : this.application(syntax, scope);
  }

  private application(form: ListSyntax, scope: Scope): CoreForm {
    const { items, tail, span } = form;
    if (tail !== null) fail('application: invalid syntax; proper list required; dotted lists are not allowed', span);
    const operator = this.expand(items[0], scope);
    if (this.lastUndefined === items[0] && this.isMisspeltKeyword(form, this.lastUndefined, scope)) return operator;
    const args: CoreForm[] = [];
    for (let i = 1; i < items.length; i++) args.push(this.expand(items[i], scope));
    const isEval = operator.kind === 'builtin' && EVALS.has(operator.name) && args.length === 1;
    return isEval ? evalForm(args[0], scope, span) : call(operator, args, span);
  }

  private reference(identifier: Identifier, scope: Scope): CoreForm {
    const binding = scope.lookup(identifier);
    const { span } = identifier;
    switch (binding?.kind) {
      case 'local':
        return { kind: 'local', variable: binding.variable, span };
      case 'global':
        return { kind: 'global', cell: binding.cell, span };
      case 'builtin':
        return { kind: 'builtin', name: binding.name, span };
      case 'special':
        if (binding.procedure !== null) return { kind: 'builtin', name: binding.procedure.name, span };
        return this.undefinedSymbol(identifier, scope, 'this is the keyword of a special form, not a value');
      case 'macro':
        return this.undefinedSymbol(identifier, scope, 'this is a macro, not a value');
      case undefined:
        return this.undefinedSymbol(identifier, scope);
    }
  }

  private expandMacro(macro: SyntaxRules, head: Identifier, use: ListSyntax, scope: Scope): Syntax {
    this.at = use.span;
    this.options.usedMacros?.add(macro);
    const expansion = macro.expand(use, scope);
    if (expansion === null) {
      const { patterns } = macro;
      const hint =
        patterns.length === 0 ? undefined : ['it is used like', ...patterns].join(patterns.length > 1 ? '\n' : ' ');
      fail(`no matching clause for macro: ${head.symbol.name}`, use.span, 'InvalidSyntax', hint);
    }
    this.produced += expansion.size;
    if (this.produced > MAX_PRODUCED) throw new ExpansionAbort('expansion depth exceeded', use.span);
    return expansion.syntax;
  }
}

/** The identifiers of a name, or of a list of names. */
function namesIn(syntax: Syntax | undefined): string[] {
  if (syntax?.kind === 'identifier') return [syntax.symbol.name];
  return syntax?.kind === 'list' ? syntax.items.flatMap(namesIn) : [];
}

/** The datum may assign whatever it sees, and whoever captured it must see that. */
function evalForm(expression: CoreForm, scope: Scope, span: Span): CoreForm {
  for (const variable of visibleVariables(scope)) {
    variable.assigned = true;
    variable.captured = true;
  }
  return { kind: 'eval', expression, scope, span };
}
