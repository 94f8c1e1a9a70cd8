// The code builder: words, constants, spans and stack height of one function under construction.

import { SPAN_ROW } from '../bytecode/code.ts';
import { OPS, type Op } from '../bytecode/ops.ts';
import { assert } from '../values/errors.ts';
import type { Span } from '../values/span.ts';
import { NIL, type Value } from '../values/types.ts';
import type { LiftedProcedure } from './lift.ts';

/** A place to jump to: bound once, before or after the jumps to it. */
export class Label {
  position = -1;
  readonly uses: number[] = [];
}

export class CodeBuilder {
  private readonly words: number[] = [];
  private readonly spanWords: number[] = [];
  private readonly constantIndex = new Map<Value | LiftedProcedure, number>();
  readonly constants: Value[] = [];
  /** Temporaries on the stack at this point, and the most that there ever were. */
  height = 0;
  maxStack = 0;
  /** Whether the next instruction can be reached by falling through. */
  reachable = true;

  /** Append an instruction. `popped`: arguments that a call takes off the stack beside its fixed effect. */
  emit(op: Op, operands: readonly number[] = [], span: Span | null = null, popped = 0): void {
    const info = OPS[op];
    assert(operands.length === info.operands.length, `${info.name} takes ${info.operands.length} operands`);
    this.words.push(op, ...operands);
    this.height += info.effect - popped;
    assert(this.height >= 0, `${info.name} pops what is there`);
    this.maxStack = Math.max(this.maxStack, this.height + popped, this.height);
    this.reachable = true;
    if (span !== null) {
      this.spanWords.push(this.words.length, span.startLine, span.startColumn, span.endLine, span.endColumn);
    }
  }

  /** Append an instruction whose last operand is the distance to a label. */
  jump(op: Op, target: Label, operands: readonly number[] = []): void {
    this.emit(op, [...operands, 0]);
    target.uses.push(this.words.length - 1);
    if (target.position >= 0) this.patch(this.words.length - 1, target.position);
  }

  bind(label: Label): void {
    label.position = this.words.length;
    for (const use of label.uses) this.patch(use, label.position);
    if (label.uses.length > 0) this.reachable = true;
  }

  /** What follows can only be reached by a jump. */
  stop(): void {
    this.reachable = false;
  }

  constant(value: Value): number {
    let index = this.constantIndex.get(value);
    if (index === undefined) {
      index = this.constants.push(value) - 1;
      this.constantIndex.set(value, index);
    }
    return index;
  }

  /** The constant that is a procedure's code, which may not be there yet. */
  procedure(procedure: LiftedProcedure): number {
    const known = this.constantIndex.get(procedure);
    if (known !== undefined) return known;
    const index = this.constants.push(NIL) - 1;
    this.constantIndex.set(procedure, index);
    procedure.whenEmitted((code) => {
      this.constants[index] = code;
    });
    return index;
  }

  get code(): Int32Array {
    return Int32Array.from(this.words);
  }

  get spans(): Int32Array {
    assert(this.spanWords.length % SPAN_ROW === 0, 'span rows are whole');
    return Int32Array.from(this.spanWords);
  }

  private patch(use: number, position: number): void {
    this.words[use] = position - (use + 1);
  }
}
