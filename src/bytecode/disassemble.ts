// The disassembler: code objects as text, one instruction a line, nested functions after the one that makes them.
//
//   === fact ===
//     arity:      1
//     stack_size: 3
//     constants:  2
//     code:       9 instructions
//     locals:     [n]
//     -- constant pool --
//       [0] <func:2>
//     -- code --
//          0: LoadLocal           0  ; n  [1:3:7]
//
// An instruction has the number of its first word, its operands, what they mean, and where it stands in the source: file
// number, line and column. `<func:N>` is the N-th function of the listing, counted from 0. Editors parse these lines, so
// their shape is that of tools §6.5; the instructions are our own.

import { writeText } from '../values/printer.ts';
import { Cell, Char, Sym, type Value } from '../values/types.ts';
import { CodeObject, SPAN_ROW } from './code.ts';
import { OPS, Op, type OperandKind } from './ops.ts';

/** One function, with those in it. */
export const disassemble = (code: CodeObject): string => new Listing([code]).functions();

/** All functions of a program, counted first. */
export function disassembleAll(roots: readonly CodeObject[]): string {
  const listing = new Listing(roots);
  return `; ${listing.count} function(s)\n\n${listing.functions()}`;
}

class Listing {
  private readonly numbers = new Map<CodeObject, number>();

  constructor(roots: readonly CodeObject[]) {
    for (const root of roots) this.number(root);
  }

  get count(): number {
    return this.numbers.size;
  }

  functions(): string {
    return [...this.numbers.keys()].map((code) => `${this.lines(code).join('\n')}\n\n`).join('');
  }

  private number(code: CodeObject): void {
    if (this.numbers.has(code)) return;
    this.numbers.set(code, this.numbers.size);
    for (const each of code.constants) if (each instanceof CodeObject) this.number(each);
  }

  private lines(code: CodeObject): string[] {
    const { constants, localNames, upvalueNames } = code;
    const instructions = this.instructions(code);
    const names = (list: readonly string[], sign: string) => list.map((name, i) => name || `${sign}${i}`).join(', ');
    return [
      `=== ${code.name || '<anonymous>'} ===`,
      `  arity:      ${code.required}${code.rest ? ' + rest' : ''}`,
      `  stack_size: ${code.localCount + code.maxStack}`,
      `  constants:  ${constants.length}`,
      `  code:       ${instructions.length} instructions`,
      ...(localNames.length > 0 ? [`  locals:     [${names(localNames, '%')}]`] : []),
      ...(upvalueNames.length > 0 ? [`  upvals:     [${names(upvalueNames, '^')}]`] : []),
      ...(constants.length > 0 ? ['  -- constant pool --'] : []),
      ...constants.map((constant, i) => `    [${i}] ${this.constant(constant)}`),
      '  -- code --',
      ...instructions,
    ];
  }

  private instructions(code: CodeObject): string[] {
    const lines: string[] = [];
    const words = code.code;
    for (let pc = 0; pc < words.length; ) {
      const { op, name, operands } = OPS[words[pc]];
      const next = pc + 1 + operands.length;
      const values = [...words.subarray(pc + 1, next)];
      const notes = operands.map((kind, i) => this.note(code, kind, values[i], next)).filter((note) => note !== '');
      const note = notes.length > 0 ? `  ; ${notes.join(', ')}` : '';
      const line = `    ${String(pc).padStart(4)}: ${name.padEnd(20)}${operandText(op, values, code)}`.trimEnd();
      lines.push(`${line}${note}${place(code, next)}`);
      pc = next;
    }
    return lines;
  }

  private note(code: CodeObject, kind: OperandKind, value: number, next: number): string {
    switch (kind) {
      case 'k':
        return this.constant(code.constants[value]);
      case 's':
        return code.localNames[value] ?? '';
      case 'u':
        return code.upvalueNames[value] ?? '';
      case 'd':
        return `to ${next + value}`;
      case 'n':
        return '';
    }
  }

  private constant(value: Value): string {
    if (value instanceof CodeObject) return `<func:${this.numbers.get(value)}>`;
    if (value instanceof Cell) return value.name;
    if (value instanceof Sym) return `'${writeText(value)}`;
    if (value instanceof Char || typeof value === 'number') return writeText(value);
    const name = (value as { name?: unknown }).name;
    return typeof value === 'object' && typeof name === 'string' ? name : writeText(value);
  }
}

function operandText(op: Op, values: readonly number[], code: CodeObject): string {
  if (op === Op.MakeClosure) {
    const { captures } = code.constants[values[0]] as CodeObject;
    return `const=${values[0]} upvals=${captures.length}`;
  }
  if (op === Op.PushCatch) return `tag=${values[0]} offset=${values[1]}`;
  return values.join(' ');
}

function place(code: CodeObject, next: number): string {
  const { spans, source } = code;
  for (let row = 0; row < spans.length; row += SPAN_ROW)
    if (spans[row] === next) return `  [${source.fileId}:${spans[row + 1]}:${spans[row + 2]}]`;
  return '';
}
