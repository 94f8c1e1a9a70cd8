// Code objects: compiled functions.
//
// A code object is shared by all closures over it, and serialisable: its constants are data, nested code objects, cells
// (module variables) and builtins, and nothing else. It has a head, which is known from the start, and a body:
//
//   head   what calls and closures need: parameters, size of the frame, captures
//   body   code, constants, line table, names of variables
//
// Most of the library's functions are never called, so a body from a file may be decoded only when somebody asks for it.
// The interpreter does not ask: it runs `entry`, which is an instruction to have the body decoded until that is done.

import { NO_SPAN, type Source, Span } from '../values/span.ts';
import { HeapObject, type Value } from '../values/types.ts';
import { Op } from './ops.ts';
import type { Closure } from './procedures.ts';

/** Words in one row of `CodeObject.spans`: pc, start line, start column, end line, end column. */
export const SPAN_ROW = 5;

/** In `CodeObject.captures`: the closure that is running. */
export const CAPTURE_SELF = 0x7fffffff;

// biome-ignore lint/suspicious/noExplicitAny: its parameters are those of the protocol in vm/javascript/protocol.ts
export type GeneratedFunction = (...args: any[]) => any;

export interface CodeHead {
  /** What traces call the function: the name that it is defined under, else `PARENT_lambdaK` (language §12.2). */
  readonly name: string;
  /** Count of required parameters; with `rest`, the others arrive as a list in the next slot. */
  readonly required: number;
  readonly rest: boolean;
  /** Slots of a frame: parameters first, then every local of the body. */
  readonly localCount: number;
  /** The most temporaries that stand above the locals at any time. */
  readonly maxStack: number;
  /** Where `MakeClosure` takes each upvalue from: local i >= 0 of the maker, its upvalue -1-i, or CAPTURE_SELF. */
  readonly captures: Int32Array;
  readonly source: Source;
  /**
   * Part of a builtin that is written in Eta (`map`, `dynamic-wind` …): its closures print as primitives, its arity
   * errors read like a primitive's, and its frames are left out of traces.
   */
  readonly isBuiltin: boolean;
  /** Whether it, or a function in it, refers to a builtin that needs native code (builtins/native-code.ts). */
  readonly usesNativeCode: boolean;
}

export interface CodeBody {
  readonly code: Int32Array;
  readonly constants: readonly Value[];
  /** Rows of SPAN_ROW words, ascending by pc: the span of the instruction that *ends* at or before that pc. */
  readonly spans: Int32Array;
  /** Of the whole lambda. */
  readonly span: Span;
  readonly localNames: readonly string[];
  readonly upvalueNames: readonly string[];
}

export type CodeInit = CodeHead & CodeBody;

const enum Seen {
  Flonum = 1,
  Large = 2,
  /** Generated code expected a flonum there, and there was none. */
  Surprise = 4,
}

/** So many functions are told apart at a call. */
const MAX_CALLEES = 4;
const MANY: readonly CodeObject[] = [];

/** The entry of a function whose body is still to be decoded. */
const DECODE = Int32Array.of(Op.Decode);
const NO_CONSTANTS: readonly Value[] = [];

/** The rest of a function behind a call, which frames that were captured return into. */
export class FunctionEnd {
  /** Returns into it; minus infinity if it stays in the interpreter. */
  uses = 0;
  /** Of which in generated code the end was captured itself. */
  captures = 0;
  /** The generated end, null until it is hot. */
  js: GeneratedFunction | null = null;

  /** It is not to be generated (again). */
  leaveToInterpreter(): void {
    this.uses = Number.NEGATIVE_INFINITY;
    this.js = null;
  }
}

export class CodeObject extends HeapObject implements CodeHead, CodeBody {
  readonly kind = 'Code';
  readonly name: string;
  readonly required: number;
  readonly rest: boolean;
  readonly localCount: number;
  readonly maxStack: number;
  readonly captures: Int32Array;
  readonly source: Source;
  readonly isBuiltin: boolean;
  readonly usesNativeCode: boolean;
  /** What the interpreter runs, and its constants. */
  entry: Int32Array = DECODE;
  entryConstants = NO_CONSTANTS;
  private content: CodeBody | (() => CodeBody);

  /** The one closure over it, if it captures nothing and has been asked for one: see procedureOf. */
  procedure: Closure | null = null;

  // What the JavaScript tier keeps with a code object, the one part of it that changes.
  /** What the interpreter has seen an arithmetic instruction give beside fixnums, at the pc behind it: Seen. */
  private results: Uint8Array | null = null;
  /** Counts what changes the answer of `expectsFlonum`. */
  expectations = 0;
  /** Which functions calls in the interpreter were of, by the pc behind the call; MANY where they were too many. */
  private callees: Map<number, readonly CodeObject[]> | null = null;
  /** Calls and loop turns so far, weighted. */
  hotness = 0;
  /** The generated function, null until it is hot. */
  js: GeneratedFunction | null = null;
  /** With `js`, and no rest parameter: the count of arguments that it can be called with directly. Else -1. */
  jsArity = -1;
  /** Generated loops by the pc of their heads; null for one that cannot be. */
  jsLoops: Map<number, GeneratedFunction | null> | null = null;
  /** Ends of the function, by the pc behind a call. */
  jsEnds: Map<number, FunctionEnd> | null = null;

  constructor(init: CodeInit);
  /** @param decode  gives the body, when it is asked for */
  constructor(head: CodeHead, decode: () => CodeBody);
  constructor(head: CodeHead, decode?: () => CodeBody) {
    super();
    this.name = head.name;
    this.required = head.required;
    this.rest = head.rest;
    this.localCount = head.localCount;
    this.maxStack = head.maxStack;
    this.captures = head.captures;
    this.source = head.source;
    this.isBuiltin = head.isBuiltin;
    this.usesNativeCode = head.usesNativeCode;
    this.content = decode ?? (head as CodeInit);
    if (decode === undefined) this.enterBody(head as CodeInit);
  }

  /** Decoded now, if it has not been. */
  get body(): CodeBody {
    if (typeof this.content === 'function') {
      this.content = this.content();
      this.enterBody(this.content);
    }
    return this.content;
  }

  private enterBody({ code, constants }: CodeBody): void {
    this.entry = code;
    this.entryConstants = constants;
  }

  get code(): Int32Array {
    return this.body.code;
  }

  get constants(): readonly Value[] {
    return this.body.constants;
  }

  get spans(): Int32Array {
    return this.body.spans;
  }

  get span(): Span {
    return this.body.span;
  }

  get localNames(): readonly string[] {
    return this.body.localNames;
  }

  get upvalueNames(): readonly string[] {
    return this.body.upvalueNames;
  }

  /** Nothing that has been generated for the function is used again; it may be generated anew. */
  dropGenerated(): void {
    this.js = null;
    this.jsArity = -1;
    this.jsLoops = null;
    this.jsEnds = null;
  }

  /** The interpreter has seen the arithmetic instruction before this pc give this number, no fixnum. */
  noteResult(pc: number, result: Value): void {
    this.note(pc, typeof result === 'bigint' ? Seen.Large : Seen.Flonum);
  }

  /** The instruction before this pc, of which a flonum was expected, gives something else. */
  noteSurprise(pc: number): void {
    this.note(pc, Seen.Surprise);
  }

  private note(pc: number, seen: Seen): void {
    this.results ??= new Uint8Array(this.code.length + 1);
    if ((this.results[pc] & seen) !== 0) return;
    this.results[pc] |= seen;
    this.expectations++;
  }

  /** Nothing but flonums, or fixnums, have been seen: another flonum is likely. */
  expectsFlonum(pc: number): boolean {
    return this.results !== null && this.results[pc] === Seen.Flonum;
  }

  hasSeenFlonum(pc: number): boolean {
    return this.results !== null && (this.results[pc] & Seen.Flonum) !== 0;
  }

  get expectsFlonums(): boolean {
    return this.results?.includes(Seen.Flonum) ?? false;
  }

  /** An integer that is no fixnum. */
  hasSeenLarge(pc: number): boolean {
    return this.results !== null && (this.results[pc] & Seen.Large) !== 0;
  }

  /** A call in the interpreter, before the function is translated. */
  noteCallee(pc: number, callee: CodeObject): void {
    if (this.js !== null) return;
    this.callees ??= new Map();
    const seen = this.callees.get(pc) ?? [];
    if (seen === MANY || seen.includes(callee)) return;
    this.callees.set(pc, seen.length < MAX_CALLEES ? [...seen, callee] : MANY);
  }

  /** The functions that the call before `pc` has been seen to be of, if they are few. */
  calleesAt(pc: number): readonly CodeObject[] {
    return this.callees?.get(pc) ?? [];
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
