// Between syntax objects and data: what `quote` keeps, what `eval` is given.
//
// Both directions keep their own stack, so that no depth of nesting overflows, and both keep sharing: an element that
// the argument contains twice is one object in the result. A circular part has no finite syntax; it stays a value,
// inside an AtomSyntax.
//
// Syntax that was made from a datum turns back into that very datum, so that `(eval (list 'quote v))` is v.

import type { Span } from '../values/span.ts';
import { listFrom, NIL, Pair, Sym, type Value, Vector } from '../values/types.ts';
import { AtomSyntax, Identifier, ListSyntax, type Syntax, VectorSyntax } from './syntax.ts';

type Compound = ListSyntax | VectorSyntax;

/** The pair or vector that a syntax object was made from. */
const origins = new WeakMap<Syntax, Value>();

/** Say what a syntax object was made from. */
export function keepOrigin<S extends Syntax>(syntax: S, value: Pair | Vector): S {
  origins.set(syntax, value);
  return syntax;
}

/** A compound under way: its elements so far, then (for a dotted list) its tail. */
class ToDatum {
  readonly values: Value[] = [];
  constructor(readonly syntax: Compound) {}
}

/** The datum of this syntax; identifiers become their symbols. */
export function syntaxToDatum(root: Syntax): Value {
  const done = new Map<Syntax, Value>();
  const stack: ToDatum[] = [];
  let next: Syntax = root;
  for (;;) {
    let value = simpleDatum(next, done);
    if (value === null) {
      stack.push(new ToDatum(next as Compound));
    } else {
      if (stack.length === 0) return value;
      stack[stack.length - 1].values.push(value);
    }
    for (;;) {
      const top = stack[stack.length - 1];
      const wanted = childOf(top.syntax, top.values.length);
      if (wanted !== null) {
        next = wanted;
        break;
      }
      stack.pop();
      value = finishedDatum(top);
      done.set(top.syntax, value);
      if (stack.length === 0) return value;
      stack[stack.length - 1].values.push(value);
    }
  }
}

function simpleDatum(syntax: Syntax, done: ReadonlyMap<Syntax, Value>): Value | null {
  if (syntax.kind === 'identifier') return syntax.symbol;
  if (syntax.kind === 'atom') return syntax.value;
  if (syntax.kind === 'list' && syntax.items.length === 0) return NIL;
  return done.get(syntax) ?? origins.get(syntax) ?? null;
}

function childOf(syntax: Compound, index: number): Syntax | null {
  if (index < syntax.items.length) return syntax.items[index];
  return syntax.kind === 'list' && index === syntax.items.length ? syntax.tail : null;
}

function finishedDatum({ syntax, values }: ToDatum): Value {
  if (syntax.kind === 'vector') return new Vector(values);
  return syntax.tail === null ? listFrom(values) : listFrom(values, values.pop()!);
}

/** A pair or vector under way. `parts` are its elements, `spine` the pairs that hold them, `tail` what ends the list. */
class ToSyntax {
  readonly items: Syntax[] = [];
  constructor(
    readonly value: Pair | Vector,
    readonly parts: readonly Value[],
    readonly spine: readonly Pair[],
    readonly tail: Value,
  ) {}
}

/** The syntax of this datum: every part of it gets `span`. */
export function datumToSyntax(root: Value, span: Span): Syntax {
  const done = new Map<Value, Syntax>();
  // Pairs and vectors that lead to the present place: to meet one again is a cycle.
  const open = new Set<Value>();
  const stack: ToSyntax[] = [];
  let next = root;
  for (;;) {
    let syntax = simpleSyntax(next, span, done, open);
    if (syntax === null) stack.push(enter(next as Pair | Vector, open));
    else if (stack.length === 0) return syntax;
    else stack[stack.length - 1].items.push(syntax);
    for (;;) {
      const top = stack[stack.length - 1];
      const index = top.items.length;
      if (index < top.parts.length) {
        if (index < top.spine.length) open.add(top.spine[index]);
        next = top.parts[index];
        break;
      }
      stack.pop();
      syntax = finishedSyntax(top, span, done, open);
      if (stack.length === 0) return syntax;
      stack[stack.length - 1].items.push(syntax);
    }
  }
}

function simpleSyntax(
  value: Value,
  span: Span,
  done: ReadonlyMap<Value, Syntax>,
  open: ReadonlySet<Value>,
): Syntax | null {
  if (value instanceof Sym) return new Identifier(value, span);
  if (value === NIL) return new ListSyntax([], null, span);
  if (value instanceof Pair || value instanceof Vector) {
    return open.has(value) ? new AtomSyntax(value, span) : (done.get(value) ?? null);
  }
  return new AtomSyntax(value, span);
}

function enter(value: Pair | Vector, open: Set<Value>): ToSyntax {
  if (value instanceof Vector) {
    open.add(value);
    return new ToSyntax(value, value.items, [], NIL);
  }
  const spine = new Set<Pair>();
  let rest: Value = value;
  while (rest instanceof Pair && !spine.has(rest) && !open.has(rest)) {
    spine.add(rest);
    rest = rest.cdr;
  }
  const pairs = [...spine];
  const parts = pairs.map((pair) => pair.car);
  return new ToSyntax(value, parts, pairs, rest);
}

function finishedSyntax(frame: ToSyntax, span: Span, done: Map<Value, Syntax>, open: Set<Value>): Syntax {
  const { value, items, tail, spine } = frame;
  open.delete(value);
  for (const pair of spine) open.delete(pair);
  const syntax =
    value instanceof Vector
      ? new VectorSyntax(items, span)
      : new ListSyntax(items, tail === NIL ? null : atomTail(tail, span), span);
  done.set(value, syntax);
  return keepOrigin(syntax, value);
}

/** What ends a dotted or circular list: never a list of its own. */
function atomTail(tail: Value, span: Span): Syntax {
  if (tail instanceof Sym) return new Identifier(tail, span);
  return new AtomSyntax(tail, span);
}
