// Code objects: compiled functions.
//
// A code object is immutable once made, shared by all closures over it, and serialisable: its constants are data,
// nested code objects, cells (module variables) and builtins, and nothing else.

import { NO_SPAN, type Source, Span } from '../values/span.ts';
import { HeapObject, type Value } from '../values/types.ts';

/** Words in one row of `CodeObject.spans`: pc, start line, start column, end line, end column. */
export const SPAN_ROW = 5;

/** In `CodeObject.captures`: the closure that is running. */
export const CAPTURE_SELF = 0x7fffffff;

// biome-ignore lint/suspicious/noExplicitAny: its parameters are those of the protocol in vm/javascript/protocol.ts
export type GeneratedFunction = (...args: any[]) => any;

export interface CodeInit {
  readonly name: string;
  readonly required: number;
  readonly rest: boolean;
  readonly localCount: number;
  readonly maxStack: number;
  readonly code: Int32Array;
  readonly constants: readonly Value[];
  readonly captures: Int32Array;
  readonly spans: Int32Array;
  readonly source: Source;
  readonly span: Span;
  readonly localNames: readonly string[];
  readonly upvalueNames: readonly string[];
  readonly isBuiltin: boolean;
}

export class CodeObject extends HeapObject {
  readonly kind = 'Code';
  /** What traces call the function: the name that it is defined under, else `PARENT_lambdaK` (language §12.2). */
  readonly name: string;
  /** Count of required parameters; with `rest`, the others arrive as a list in the next slot. */
  readonly required: number;
  readonly rest: boolean;
  /** Slots of a frame: parameters first, then every local of the body. */
  readonly localCount: number;
  /** The most temporaries that stand above the locals at any time. */
  readonly maxStack: number;
  readonly code: Int32Array;
  readonly constants: readonly Value[];
  /** Where `MakeClosure` takes each upvalue from: local i >= 0 of the maker, its upvalue -1-i, or CAPTURE_SELF. */
  readonly captures: Int32Array;
  /** Rows of SPAN_ROW words, ascending by pc: the span of the instruction that *ends* at or before that pc. */
  readonly spans: Int32Array;
  readonly source: Source;
  /** Of the whole lambda. */
  readonly span: Span;
  readonly localNames: readonly string[];
  readonly upvalueNames: readonly string[];
  /**
   * Part of a builtin that is written in Eta (`map`, `dynamic-wind` …): its closures print as primitives, its arity
   * errors read like a primitive's, and its frames are left out of traces.
   */
  readonly isBuiltin: boolean;

  // What the JavaScript tier keeps with a code object, the one part of it that changes.
  /** Where the interpreter has seen an arithmetic instruction give no integer: 1 at the pc behind it. */
  private flonums: Uint8Array | null = null;
  /** Calls and loop turns so far, weighted. */
  hotness = 0;
  /** The generated function, null until it is hot. */
  js: GeneratedFunction | null = null;
  /** With `js`, and no rest parameter: the count of arguments that it can be called with directly. Else -1. */
  jsArity = -1;
  /** Generated loops by the pc of their heads; null for one that cannot be. */
  jsLoops: Map<number, GeneratedFunction | null> | null = null;
  /** Generated ends of the function, by the pc behind a call; a number counts returns to there. Null for one that cannot be. */
  jsEnds: Map<number, GeneratedFunction | number | null> | null = null;
  constructor(init: CodeInit) {
    super();
    this.name = init.name;
    this.required = init.required;
    this.rest = init.rest;
    this.localCount = init.localCount;
    this.maxStack = init.maxStack;
    this.code = init.code;
    this.constants = init.constants;
    this.captures = init.captures;
    this.spans = init.spans;
    this.source = init.source;
    this.span = init.span;
    this.localNames = init.localNames;
    this.upvalueNames = init.upvalueNames;
    this.isBuiltin = init.isBuiltin;
  }

  /** Nothing that has been generated for the function is used again; it may be generated anew. */
  dropGenerated(): void {
    this.js = null;
    this.jsArity = -1;
    this.jsLoops = null;
    this.jsEnds = null;
  }

  noteFlonum(pc: number): void {
    this.flonums ??= new Uint8Array(this.code.length + 1);
    this.flonums[pc] = 1;
  }

  hasSeenFlonum(pc: number): boolean {
    return this.flonums !== null && this.flonums[pc] !== 0;
  }

  /** The span of the instruction that was being executed when `pc` (already past it) was saved. */
  spanAt(pc: number): Span {
    const { spans } = this;
    let low = 0;
    let high = spans.length / SPAN_ROW;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle * SPAN_ROW] < pc) low = middle + 1;
      else high = middle;
    }
    const row = low * SPAN_ROW;
    if (row >= spans.length || spans[row + 1] === 0) return NO_SPAN;
    return new Span(this.source, spans[row + 1], spans[row + 2], spans[row + 3], spans[row + 4]);
  }
}
