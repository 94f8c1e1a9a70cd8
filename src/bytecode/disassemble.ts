// The disassembler: a code object as text, one instruction a line, nested functions after it.
//
//   function fact (1 parameter, 1 local, 0 upvalues)
//      0  LoadLocal 0            ; n                        3:7
//
// Columns: pc, instruction, operands explained, line and column of the source.

import { writeText } from '../values/printer.ts';
import { Cell } from '../values/types.ts';
import { CodeObject } from './code.ts';
import { OPS, type OperandKind } from './ops.ts';

export function disassemble(code: CodeObject): string {
  const plural = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const parameters = plural(code.required, 'parameter') + (code.rest ? ' and rest' : '');
  const head = `function ${code.name} (${parameters}, ${plural(code.localCount, 'local')}, ${plural(code.upvalueNames.length, 'upvalue')})`;
  const nested = code.constants.filter((c) => c instanceof CodeObject).map((c) => `\n${disassemble(c)}`);
  return `${head}\n${instructions(code).join('\n')}\n${nested.join('')}`;
}

function instructions(code: CodeObject): string[] {
  const lines: string[] = [];
  const words = code.code;
  for (let pc = 0; pc < words.length; ) {
    const { name, operands } = OPS[words[pc]];
    const next = pc + 1 + operands.length;
    const values = [...words.subarray(pc + 1, next)];
    const text = [name, ...values].join(' ');
    const notes = operands.map((kind, i) => explain(code, kind, values[i], next)).filter((note) => note !== '');
    const { startLine, startColumn } = code.spanAt(next);
    const place = isSpanned(code, next) ? `${startLine}:${startColumn}` : '';
    const left = `${String(pc).padStart(5)}  ${text.padEnd(24)}${notes.length > 0 ? `; ${notes.join(', ')}` : ''}`;
    lines.push(place === '' ? left.trimEnd() : `${left.padEnd(64)} ${place}`);
    pc = next;
  }
  return lines;
}

function isSpanned(code: CodeObject, pc: number): boolean {
  for (let row = 0; row < code.spans.length; row += 5) if (code.spans[row] === pc) return true;
  return false;
}

function explain(code: CodeObject, kind: OperandKind, value: number, next: number): string {
  switch (kind) {
    case 'k': {
      const constant = code.constants[value];
      if (constant instanceof Cell) return constant.name;
      return constant instanceof CodeObject ? constant.name : writeText(constant);
    }
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
