import { describe, expect, test } from 'vitest';
import { OPS } from '../../src/bytecode/ops.ts';

describe('the instruction table', () => {
  test('has a row for each opcode, in the order of the codes', () => {
    OPS.forEach((info, i) => {
      expect(info.op, info.name).toBe(i);
    });
  });

  // [instruction, change of the stack height that its picture shows]
  const EFFECTS = [
    ['LoadConst', 1],
    ['StoreLocal', -1],
    ['MakeBox', 0],
    ['Call', 0],
    ['TailCall', -1],
    ['CallPrimitive', 1],
    ['Cons', -1],
    ['Car', 0],
    ['VectorSet', -2],
    ['Return', -1],
  ] as const;
  test.each(EFFECTS)('%s changes the height by %i', (name, effect) => {
    expect(OPS.find((info) => info.name === name)?.effect).toBe(effect);
  });
});
