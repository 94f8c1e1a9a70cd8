// Stacks: activations on the live stack, and in the heap.
//
// The machine runs on one value stack and one stack of frame records. A record is what a suspended function needs to
// go on: its closure, pc, and where its locals begin. The running function is in the machine's registers. Frames of a deep
// recursion share records: see runs.ts.
//
//     records   [ f ][ g ]                 f called g, g called the running function
//     values    f's locals, temporaries | g's … | the running function's …
//                ^ base of f              ^ base of g  ^ base (register)
//
// Capture (`call/cc`, or a live stack that is full) moves everything below the running call into an immutable
// Segment; execution goes on with an empty live stack on top of it. A return into the empty stack copies a few frames
// back from the segment and leaves the rest where it is. So each frame is moved once, however often continuations are
// captured, and recursion is as deep as memory allows.
//
//     segment → next segment → …           all records of the chain: `depth`
//
// Invariant: the arrays of segments are never written to; a shorter view of one shares them. Only a view that nobody else
// refers to may become shorter itself. Source: architecture (capture);
// Hieb, Dybvig, Bruggeman, "Representing control in the presence of first-class continuations".

import type { Closure } from '../bytecode/procedures.ts';
import type { Value } from '../values/types.ts';
import { bottomOf } from './runs.ts';

export class Segment {
  /** Records in this segment and those below it. */
  depth: number;
  constructor(
    readonly values: readonly Value[],
    readonly closures: readonly Closure[],
    readonly places: readonly number[],
    readonly bases: readonly number[],
    /** Records in use: the arrays may be longer, shared with a longer view. */
    public count: number,
    /** Values in use. */
    public top: number,
    readonly next: Segment | null,
  ) {
    this.depth = count + (next === null ? 0 : next.depth);
  }

  /** Take the uppermost of several records, a single frame, off this view. */
  pop(): void {
    this.count--;
    this.depth--;
    this.top = this.bases[this.count];
  }

  /** The same segment with only its lowest `count` records. */
  lowest(count: number): Segment | null {
    if (count === 0) return this.next;
    if (count === this.count) return this;
    const { values, closures, places, bases, next } = this;
    return new Segment(values, closures, places, bases, count, this.bottom(count), next);
  }

  /** Where the values of a record begin. */
  bottom(record: number): number {
    return bottomOf(this.places[record], this.bases[record]);
  }
}

/** An installed `catch`. */
export class CatchHandler {
  readonly kind = 'catch';
  constructor(
    /** null matches everything. */
    readonly tag: string | null,
    /** Where the catching function goes on, with the caught value pushed. */
    readonly pc: number,
    /**
     * Count of records below the catching function's frame, live and in segments. -1 while that function runs as
     * generated JavaScript, which has no record; it is set when the frame is captured.
     */
    public depth: number,
    /** Where its temporaries stood, counted from its base. */
    readonly height: number,
    readonly winders: Winder | null,
    readonly next: Handler | null,
    /** In generated JavaScript: the next `catch` of the same activation. */
    readonly enclosing: CatchHandler | null = null,
  ) {}
}

/** A procedure installed by `with-exception-handler`; it runs in the context of the raise. */
export class ProcedureHandler {
  readonly kind = 'procedure';
  constructor(
    readonly procedure: Value,
    readonly next: Handler | null,
  ) {}
}

/** The installed handlers, innermost first. */
export type Handler = CatchHandler | ProcedureHandler;

/**
 * What `dynamic-wind` has entered and not yet left, innermost first. While a before or after thunk runs, the machine's
 * winders are those *around* its own, so that a jump out of the thunk cannot run it twice (R7RS 6.10).
 */
export class Winder {
  readonly depth: number;
  constructor(
    readonly before: Value,
    readonly after: Value,
    /** The handlers around the `dynamic-wind`, in force while its thunks run. */
    readonly handlers: Handler | null,
    readonly next: Winder | null,
  ) {
    this.depth = next === null ? 1 : next.depth + 1;
  }
}
