// Syntax objects: data as read, each with its span, and what macros see.
//
// A list keeps its elements in an array, because the expander indexes and maps them; `tail` is the part after a dot.
// An identifier is a symbol together with the environment that it was written in: `alias` is null for one that the
// reader made, and says where a macro's template was defined for one that an expansion made (see compiler/scope.ts).
//
//   (a b . c)   list [a, b] tail c        ()   list [] tail null        #(1 2)   vector [1, 2]
//
// The reader's abbreviations are lists: 'x is (quote x), with the span of the whole.

import type { Span } from '../values/span.ts';
import type { Sym, Value } from '../values/types.ts';

export type Syntax = Identifier | ListSyntax | VectorSyntax | AtomSyntax;

/** Who made an identifier that the reader did not: one object for each macro expansion and name. Opaque here. */
export interface Alias {
  readonly original: Identifier;
}

export class Identifier {
  readonly kind = 'identifier';
  constructor(
    readonly symbol: Sym,
    readonly span: Span,
    readonly alias: Alias | null = null,
  ) {}
}

export class ListSyntax {
  readonly kind = 'list';
  constructor(
    readonly items: readonly Syntax[],
    readonly tail: Syntax | null,
    readonly span: Span,
  ) {}
}

export class VectorSyntax {
  readonly kind = 'vector';
  constructor(
    readonly items: readonly Syntax[],
    readonly span: Span,
  ) {}
}

/** A boolean, number, string, character or bytevector; at run time `eval` can put any value here. */
export class AtomSyntax {
  readonly kind = 'atom';
  constructor(
    readonly value: Value,
    readonly span: Span,
  ) {}
}
