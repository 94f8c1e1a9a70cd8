// quasiquote: data with holes.
//
// A part without holes stays a constant. Otherwise a list is built from its end: what follows is the tail of a `cons`
// for each element, or of an `append` for a splice or a long run of elements. `unquote` and its kin are recognised by
// what they mean, in the abbreviated and in the long spelling alike.
//
// Source: language §8.2; README L3; R7RS 4.2.8.

import type { Identifier, ListSyntax, Syntax } from '../../reader/syntax.ts';
import { syntaxToDatum } from '../../reader/syntax-data.ts';
import type { Span } from '../../values/span.ts';
import { intern, listToArray, NIL, Pair, type Value, Vector } from '../../values/types.ts';
import { callBuiltin, constant } from '../build.ts';
import type { CoreForm } from '../core-forms.ts';
import type { Expander } from '../expander.ts';
import { isKeyword } from '../keywords.ts';
import { fail } from '../problems.ts';
import type { Scope } from '../scope.ts';
import type { Handler, SpecialFormTable } from './handler.ts';

const TAGS = ['quasiquote', 'unquote', 'unquote-splicing'] as const;
type Tag = (typeof TAGS)[number];

/** More elements than this in a row make one `list`, lest the calls of `cons` nest too deep. */
const LONGEST_CONS_RUN = 8;

const expandQuasiquote: Handler = ({ items, span }, scope, x) => {
  if (items.length !== 2) fail(`quasiquote: expected 1 argument(s); got ${items.length - 1}`, span, 'ArityError');
  return new Template(scope, x).expand(items[1], 1);
};

class Template {
  constructor(
    private readonly scope: Scope,
    private readonly x: Expander,
  ) {}

  /** @param depth  how many quasiquotes are open, unquotes taken off */
  expand(syntax: Syntax, depth: number): CoreForm {
    switch (syntax.kind) {
      case 'identifier':
      case 'atom':
        return constant(syntaxToDatum(syntax), syntax.span);
      case 'vector':
        return this.vector(syntax.items, depth, syntax.span);
      case 'list':
        return this.x.inner(syntax.span, () => this.list(syntax, depth));
    }
  }

  private vector(items: readonly Syntax[], depth: number, span: Span): CoreForm {
    const elements = this.elements(items, constant(NIL, span), depth, span);
    if (elements.kind !== 'const') return callBuiltin('list->vector', [elements], span);
    return constant(new Vector(listToArray(elements.value) as Value[]), span);
  }

  private list(form: ListSyntax, depth: number): CoreForm {
    const { items, tail, span } = form;
    const tag = this.tagAt(items, 0, tail);
    if (tag !== null) return this.tagged(tag, items[1], depth, span);
    // (a . ,b) is read as (a unquote b).
    const tailTag = this.tagAt(items, items.length - 2, tail);
    if (tailTag === 'unquote-splicing' && depth === 1) fail('unquote-splicing not allowed in dotted tail', span);
    if (tailTag !== null) {
      const rest = this.tagged(tailTag, items[items.length - 1], depth, span);
      return this.elements(items.slice(0, -2), rest, depth, span);
    }
    if (depth === 1) this.rejectBareTag(items, span);
    const rest = tail === null ? constant(NIL, span) : this.expand(tail, depth);
    return this.elements(items, rest, depth, span);
  }

  /** The tag of the form that begins at `index` and takes one operand, the last item; null if there is none. */
  private tagAt(items: readonly Syntax[], index: number, tail: Syntax | null): Tag | null {
    if (index < 0 || items.length !== index + 2 || tail !== null) return null;
    return TAGS.find((tag) => isKeyword(items[index], this.scope, tag)) ?? null;
  }

  private rejectBareTag(items: readonly Syntax[], span: Span): void {
    const isBare = isKeyword(items[0], this.scope, 'unquote') || isKeyword(items[0], this.scope, 'unquote-splicing');
    if (!isBare) return;
    const { name } = (items[0] as Identifier).symbol;
    fail(`${name}: expected 1 argument(s); got ${items.length - 1}`, span, 'ArityError');
  }

  private tagged(tag: Tag, operand: Syntax, depth: number, span: Span): CoreForm {
    if (depth === 1 && tag === 'unquote') return this.x.expand(operand, this.scope);
    if (depth === 1 && tag === 'unquote-splicing') {
      fail('unquote-splicing is only valid in list/vector element position', span);
    }
    // The operand is a list's element, into which an inner unquote may splice: ``(,,@x).
    const inner = this.elements([operand], constant(NIL, span), tag === 'quasiquote' ? depth + 1 : depth - 1, span);
    return this.cons(constant(intern(tag), span), inner, span);
  }

  /** The elements, consed onto `rest`. */
  private elements(items: readonly Syntax[], rest: CoreForm, depth: number, span: Span): CoreForm {
    let result = rest;
    let run: CoreForm[] = [];
    for (let i = items.length - 1; i >= 0; i--) {
      const spliced = this.splicedBy(items[i], depth);
      if (spliced === null) {
        run.push(this.expand(items[i], depth));
        continue;
      }
      result = this.consRun(run, result, span);
      run = [];
      const list = this.x.expand(spliced, this.scope);
      result = isNil(result) ? list : callBuiltin('append', [list, result], span);
    }
    return this.consRun(run, result, span);
  }

  /** The operand of `,@operand` at depth 1, else null. */
  private splicedBy(item: Syntax, depth: number): Syntax | null {
    if (depth !== 1 || item.kind !== 'list') return null;
    return this.tagAt(item.items, 0, item.tail) === 'unquote-splicing' ? item.items[1] : null;
  }

  /** @param run  elements, last one first */
  private consRun(run: readonly CoreForm[], rest: CoreForm, span: Span): CoreForm {
    // Constant elements next to a constant rest are part of it.
    let result = rest;
    let done = 0;
    while (done < run.length && result.kind === 'const' && run[done].kind === 'const') {
      result = this.cons(run[done++], result, span);
    }
    const elements = run.slice(done);
    if (elements.length <= LONGEST_CONS_RUN) {
      return elements.reduce((tail, element) => this.cons(element, tail, span), result);
    }
    const list = callBuiltin('list', elements.reverse(), span);
    return isNil(result) ? list : callBuiltin('append', [list, result], span);
  }

  private cons(head: CoreForm, tail: CoreForm, span: Span): CoreForm {
    if (head.kind === 'const' && tail.kind === 'const') return constant(new Pair(head.value, tail.value), span);
    return callBuiltin('cons', [head, tail], span);
  }
}

const isNil = (form: CoreForm): boolean => form.kind === 'const' && form.value === NIL;

export const QUASIQUOTE_FORMS: SpecialFormTable = {
  quasiquote: { expand: expandQuasiquote, shape: 'quasiquote: invalid syntax; proper list required' },
};
