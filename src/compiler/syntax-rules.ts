// `syntax-rules`: patterns and templates.
//
// A rule is compiled when the macro is defined. Its pattern is a tree that fills numbered slots, one for each pattern
// variable; what a variable under k ellipses matches is nested arrays, k deep. Its template is a tree in which each
// *occurrence* of a pattern variable has a number; an ellipsis knows which occurrences it steps through:
//
//   pattern   (_ (k v ...) ...)         slots        k: [Syntax]   v: [[Syntax]]
//   template  ((k (f v) ...) ...)       occurrences  k v    outer ellipsis steps k and v, inner one steps v
//
// Hygiene: a symbol that the template inserts becomes an identifier with a fresh MacroAlias, one for each symbol and
// expansion (scope.ts). Everything that a template makes has the span of the macro use.
//
// Source: R7RS 4.3.2; language §9.1, §9.2, §9.4, §12.2.

import { AtomSyntax, Identifier, ListSyntax, type Syntax, VectorSyntax } from '../reader/syntax.ts';
import { syntaxToDatum } from '../reader/syntax-data.ts';
import { isEqual } from '../values/equality.ts';
import { writeText } from '../values/printer.ts';
import type { Span } from '../values/span.ts';
import { intern, type Value } from '../values/types.ts';
import { isAuxiliary } from './keywords.ts';
import { fail } from './problems.ts';
import { type Key, keyOf, MacroAlias, MacroBinding, type Scope, sameMeaning } from './scope.ts';

export interface Expansion {
  readonly syntax: Syntax;
  /** How many syntax objects it is made of, not counting those that it took over. */
  readonly size: number;
}

export class SyntaxRules extends MacroBinding {
  constructor(
    name: string,
    scope: Scope,
    /** Null after an error in the definition: every use is then (). */
    private readonly rules: readonly Rule[] | null,
  ) {
    super(name, scope);
  }

  /** How it is used: the patterns as they are written, its own name in front. */
  get patterns(): string[] {
    const shown = ({ written }: Rule) => {
      const [, ...parameters] = written.items;
      const name = new Identifier(intern(this.name), written.span);
      return writeText(syntaxToDatum(new ListSyntax([name, ...parameters], written.tail, written.span)));
    };
    return (this.rules ?? []).map(shown);
  }

  /** Expand by the first rule that matches; null if none does. */
  expand(use: ListSyntax, scope: Scope): Expansion | null {
    const { span } = use;
    if (this.rules === null) return { syntax: new ListSyntax([], null, span), size: 1 };
    const matcher = new Matcher(this.scope, scope);
    for (const { pattern, template } of this.rules) {
      const slots: Match[] = [];
      if (!matcher.matchesList(pattern, use, 1, slots)) continue;
      const builder = new Builder(
        span,
        this.scope,
        template.occurrences.map((slot) => slots[slot]),
      );
      return { syntax: builder.build(template.root), size: builder.size };
    }
    return null;
  }
}

interface Rule {
  /** The pattern without its first element. */
  readonly pattern: ListPattern;
  readonly template: Template;
  /** The whole pattern, for reports. */
  readonly written: ListSyntax;
}

// ---------------------------------------------------------------------------------------------------- Patterns

interface ListPattern {
  readonly kind: 'list';
  readonly before: readonly Pattern[];
  /** Followed by the ellipsis. */
  readonly repeated: Pattern | null;
  /** The slots that `repeated` fills. */
  readonly repeatedSlots: readonly number[];
  readonly after: readonly Pattern[];
  readonly tail: Pattern | null;
}

type Pattern =
  | { readonly kind: 'any' }
  | { readonly kind: 'variable'; readonly slot: number }
  | { readonly kind: 'literal'; readonly identifier: Identifier }
  | { readonly kind: 'datum'; readonly value: Value }
  | { readonly kind: 'vector'; readonly elements: ListPattern }
  | ListPattern;

/** A list, or a vector's elements. */
type ListLike = Pick<ListSyntax, 'items' | 'tail' | 'span'>;

/** What a pattern variable has matched. */
type Match = Syntax | readonly Match[];

class Matcher {
  constructor(
    private readonly macroScope: Scope,
    private readonly useScope: Scope,
  ) {}

  private matches(pattern: Pattern, syntax: Syntax, slots: Match[]): boolean {
    switch (pattern.kind) {
      case 'any':
        return true;
      case 'variable':
        slots[pattern.slot] = syntax;
        return true;
      case 'literal':
        return syntax.kind === 'identifier' && sameMeaning(pattern.identifier, this.macroScope, syntax, this.useScope);
      case 'datum':
        return syntax.kind === 'atom' && isEqual(syntax.value, pattern.value);
      case 'vector':
        return syntax.kind === 'vector' && this.matchesList(pattern.elements, { ...syntax, tail: null }, 0, slots);
      case 'list':
        return syntax.kind === 'list' && this.matchesList(pattern, syntax, 0, slots);
    }
  }

  /** Match a list's items from `start` on, and its tail. */
  matchesList(pattern: ListPattern, list: ListLike, start: number, slots: Match[]): boolean {
    const { items } = list;
    const { before, repeated, after } = pattern;
    if (items.length - start < before.length + after.length) return false;
    let at = start;
    for (const part of before) if (!this.matches(part, items[at++], slots)) return false;
    if (repeated !== null) {
      const end = items.length - after.length;
      for (const slot of pattern.repeatedSlots) slots[slot] = [];
      for (; at < end; at++) if (!this.matchesRepeated(pattern, repeated, items[at], slots)) return false;
    }
    for (const part of after) if (!this.matches(part, items[at++], slots)) return false;
    return this.matchesTail(pattern.tail, list, at, slots);
  }

  private matchesRepeated(pattern: ListPattern, repeated: Pattern, syntax: Syntax, slots: Match[]): boolean {
    const inner: Match[] = [];
    if (!this.matches(repeated, syntax, inner)) return false;
    for (const slot of pattern.repeatedSlots) (slots[slot] as Match[]).push(inner[slot]);
    return true;
  }

  /** A tail pattern matches all that is left: further items and the part after the dot. */
  private matchesTail(pattern: Pattern | null, list: ListLike, at: number, slots: Match[]): boolean {
    const { items, tail, span } = list;
    if (pattern === null) return at === items.length && tail === null;
    if (at === items.length && tail !== null) return this.matches(pattern, tail, slots);
    return this.matches(pattern, new ListSyntax(items.slice(at), tail, span), slots);
  }
}

// ---------------------------------------------------------------------------------------------------- Templates

interface Template {
  readonly root: TemplateNode;
  /** The slot of each occurrence. */
  readonly occurrences: readonly number[];
}

type TemplateNode =
  | { readonly kind: 'occurrence'; readonly index: number }
  | { readonly kind: 'inserted'; readonly identifier: Identifier }
  | { readonly kind: 'atom'; readonly value: Value }
  | { readonly kind: 'vector'; readonly elements: readonly Element[] }
  | { readonly kind: 'list'; readonly elements: readonly Element[]; readonly tail: TemplateNode | null };

interface Element {
  readonly node: TemplateNode;
  /** For each ellipsis after it, outermost first, the occurrences that it steps through. */
  readonly ellipses: readonly (readonly number[])[];
}

class Builder {
  size = 0;
  private readonly aliases = new Map<Key, MacroAlias>();

  constructor(
    private readonly span: Span,
    private readonly macroScope: Scope,
    /** What each occurrence stands for at present. */
    private readonly matches: Match[],
  ) {}

  build(node: TemplateNode): Syntax {
    this.size++;
    switch (node.kind) {
      case 'occurrence':
        return this.matches[node.index] as Syntax;
      case 'inserted':
        return this.insert(node.identifier);
      case 'atom':
        return new AtomSyntax(node.value, this.span);
      case 'vector':
        return new VectorSyntax(this.buildAll(node.elements), this.span);
      case 'list':
        return this.list(this.buildAll(node.elements), node.tail === null ? null : this.build(node.tail));
    }
  }

  /** A tail that is a list itself continues the list. */
  private list(items: Syntax[], tail: Syntax | null): ListSyntax {
    if (tail?.kind !== 'list') return new ListSyntax(items, tail, this.span);
    return new ListSyntax(items.concat(tail.items), tail.tail, this.span);
  }

  private buildAll(elements: readonly Element[]): Syntax[] {
    const built: Syntax[] = [];
    for (const element of elements) this.repeat(element, 0, built);
    return built;
  }

  private repeat(element: Element, level: number, built: Syntax[]): void {
    if (level === element.ellipses.length) {
      built.push(this.build(element.node));
      return;
    }
    const stepped = element.ellipses[level];
    const columns = stepped.map((index) => this.matches[index] as readonly Match[]);
    const { length } = columns[0];
    if (columns.some((column) => column.length !== length)) {
      fail('syntax-rules: ellipsis variables match different numbers of forms', this.span);
    }
    for (let i = 0; i < length; i++) {
      stepped.forEach((index, j) => {
        this.matches[index] = columns[j][i];
      });
      this.repeat(element, level + 1, built);
    }
    stepped.forEach((index, j) => {
      this.matches[index] = columns[j];
    });
  }

  private insert(identifier: Identifier): Identifier {
    const key = keyOf(identifier);
    let alias = this.aliases.get(key);
    if (alias === undefined) {
      alias = new MacroAlias(identifier, this.macroScope);
      this.aliases.set(key, alias);
    }
    return new Identifier(identifier.symbol, this.span, alias);
  }
}

// ---------------------------------------------------------------------------------------------------- Compilation

/** Compile `(syntax-rules [ellipsis] (literal …) (pattern template) …)`, written in this scope. */
export function compileRules(transformer: ListSyntax, scope: Scope): readonly Rule[] {
  const [, first, ...others] = transformer.items;
  const ellipsis = first?.kind === 'identifier' ? first : null;
  const [literalList, ...clauses] = ellipsis === null ? transformer.items.slice(1) : others;
  if (literalList === undefined) complain('expected literal list', transformer.span);
  if (transformer.tail !== null) complain('each clause must be a list', transformer.tail.span);
  const literals = parseLiterals(literalList);
  return clauses.map((clause) => new RuleCompiler(ellipsis, literals, scope).compile(clause));
}

function parseLiterals(list: Syntax): ReadonlySet<Key> {
  if (list.kind !== 'list' || list.tail !== null) complain('literals must be a list of symbols', list.span);
  const keys = list.items.map((literal) => {
    if (literal.kind !== 'identifier') complain('each literal must be a symbol', literal.span);
    return keyOf(literal);
  });
  return new Set(keys);
}

const complain: (message: string, span: Span) => never = (message, span) => fail(`syntax-rules: ${message}`, span);

interface PatternVariable {
  readonly slot: number;
  /** How many ellipses it is under. */
  readonly depth: number;
}

/** An occurrence of a pattern variable, while its ellipses are looked for. */
interface Occurrence {
  readonly index: number;
  readonly identifier: Identifier;
  /** How many ellipses must still step through it. */
  remaining: number;
}

class RuleCompiler {
  private readonly variables = new Map<Key, PatternVariable>();
  private readonly slots: number[] = [];

  constructor(
    /** Null for `...`. */
    private readonly ellipsis: Identifier | null,
    private readonly literals: ReadonlySet<Key>,
    private readonly scope: Scope,
  ) {}

  compile(clause: Syntax): Rule {
    if (clause.kind !== 'list') complain('each clause must be a list', clause.span);
    if (clause.items.length !== 2 || clause.tail !== null) complain('clause must be (pattern template)', clause.span);
    const [pattern, template] = clause.items;
    if (pattern.kind !== 'list') complain('pattern must be a list', pattern.span);
    if (pattern.items.length === 0) complain('pattern must not be empty', pattern.span);
    return { pattern: this.listPattern(pattern, 1, 0), template: this.template(template), written: pattern };
  }

  /** `...` is the ellipsis where it is bound to nothing. (`_` goes by its name: `(lambda (_) …)` is common.) */
  private isEllipsis(syntax: Syntax | undefined): boolean {
    if (syntax?.kind !== 'identifier' || this.literals.has(keyOf(syntax))) return false;
    if (this.ellipsis !== null) return keyOf(syntax) === keyOf(this.ellipsis);
    return isAuxiliary(syntax, this.scope, '...');
  }

  private pattern(syntax: Syntax, depth: number): Pattern {
    switch (syntax.kind) {
      case 'identifier':
        return this.identifierPattern(syntax, depth);
      case 'atom':
        return { kind: 'datum', value: syntax.value };
      case 'vector':
        return { kind: 'vector', elements: this.listPattern({ ...syntax, tail: null }, 0, depth) };
      case 'list':
        return this.listPattern(syntax, 0, depth);
    }
  }

  private identifierPattern(identifier: Identifier, depth: number): Pattern {
    const key = keyOf(identifier);
    if (this.literals.has(key)) return { kind: 'literal', identifier };
    if (identifier.symbol.name === '_') return { kind: 'any' };
    if (this.isEllipsis(identifier)) complain('ellipsis without preceding pattern', identifier.span);
    if (this.variables.has(key)) complain(`duplicate pattern variable: ${identifier.symbol.name}`, identifier.span);
    const slot = this.variables.size;
    this.variables.set(key, { slot, depth });
    return { kind: 'variable', slot };
  }

  private listPattern({ items, tail }: ListLike, start: number, depth: number): ListPattern {
    const before: Pattern[] = [];
    const after: Pattern[] = [];
    let repeated: Pattern | null = null;
    let repeatedSlots: readonly number[] = [];
    for (let i = start; i < items.length; i++) {
      const item = items[i];
      if (this.isEllipsis(item)) {
        complain(i === start ? 'ellipsis without preceding pattern' : 'multiple ellipses in pattern', item.span);
      }
      if (!this.isEllipsis(items[i + 1])) (repeated === null ? before : after).push(this.pattern(item, depth));
      else {
        if (repeated !== null) complain('multiple ellipses in pattern', items[i + 1].span);
        const firstSlot = this.variables.size;
        repeated = this.pattern(item, depth + 1);
        repeatedSlots = Array.from({ length: this.variables.size - firstSlot }, (_, j) => firstSlot + j);
        i++;
      }
    }
    const tailPattern = tail === null ? null : this.pattern(tail, depth);
    return { kind: 'list', before, repeated, repeatedSlots, after, tail: tailPattern };
  }

  private template(syntax: Syntax): Template {
    const open: Occurrence[] = [];
    const root = this.node(syntax, 0, false, open);
    const unstepped = open.find(({ remaining }) => remaining > 0)?.identifier;
    if (unstepped !== undefined) {
      complain(`ellipsis variable used outside ellipsis context: ${unstepped.symbol.name}`, unstepped.span);
    }
    return { root, occurrences: this.slots };
  }

  /**
   * @param outer    how many ellipses follow this template, or one around it
   * @param escaped  inside `(... template)`, where the ellipsis is a symbol like any other
   * @param open     the occurrences in it are appended here
   */
  private node(syntax: Syntax, outer: number, escaped: boolean, open: Occurrence[]): TemplateNode {
    switch (syntax.kind) {
      case 'identifier':
        return this.identifierNode(syntax, escaped, open);
      case 'atom':
        return { kind: 'atom', value: syntax.value };
      case 'vector':
        return { kind: 'vector', elements: this.elements(syntax.items, outer, escaped, open) };
      case 'list': {
        const { items, tail } = syntax;
        if (!escaped && this.isEllipsis(items[0]) && items.length === 2 && tail === null) {
          return this.node(items[1], outer, true, open);
        }
        const elements = this.elements(items, outer, escaped, open);
        return { kind: 'list', elements, tail: tail === null ? null : this.node(tail, outer, escaped, open) };
      }
    }
  }

  private identifierNode(identifier: Identifier, escaped: boolean, open: Occurrence[]): TemplateNode {
    const variable = this.variables.get(keyOf(identifier));
    if (variable === undefined) {
      if (!escaped && this.isEllipsis(identifier)) complain('ellipsis without preceding template', identifier.span);
      return { kind: 'inserted', identifier };
    }
    const index = this.slots.length;
    this.slots.push(variable.slot);
    open.push({ index, identifier, remaining: variable.depth });
    return { kind: 'occurrence', index };
  }

  private elements(items: readonly Syntax[], outer: number, escaped: boolean, open: Occurrence[]): Element[] {
    const elements: Element[] = [];
    for (let i = 0; i < items.length; ) {
      const item = items[i++];
      let count = 0;
      while (!escaped && this.isEllipsis(items[i + count])) count++;
      i += count;
      const inside: Occurrence[] = [];
      const node = this.node(item, outer + count, escaped, inside);
      const ellipses: number[][] = [];
      for (let j = count - 1; j >= 0; j--) ellipses.unshift(step(inside, outer + j, items[i - 1].span));
      elements.push({ node, ellipses });
      for (const occurrence of inside) open.push(occurrence);
    }
    return elements;
  }
}

/**
 * The occurrences that an ellipsis steps through: those that the `outer` ellipses around it are too few for. If there
 * is none such, then all that need an ellipsis at all; so a variable may stand under more ellipses than it matched
 * under, as in `((x y ...) ...)` with both under one.
 */
function step(inside: readonly Occurrence[], outer: number, span: Span): number[] {
  const needed = inside.filter(({ remaining }) => remaining > outer);
  const stepped = needed.length > 0 ? needed : inside.filter(({ remaining }) => remaining > 0);
  if (stepped.length === 0) complain('nothing to repeat before ellipsis in template', span);
  for (const occurrence of stepped) occurrence.remaining--;
  return stepped.map(({ index }) => index);
}
