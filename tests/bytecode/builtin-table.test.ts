import { describe, expect, test } from 'vitest';
import { BuiltinTable, parseUsage } from '../../src/bytecode/builtin-table.ts';

// [usage line, required, takes more]
const USAGES = [
  ['(f)', 0, false],
  ['(vector-ref vec k)', 2, false],
  ['(display obj [port])', 1, true],
  ['(newline [port])', 0, true],
  ['(list obj …)', 0, true],
  ['(error message irritant …)', 1, true],
  ['(apply f arg arg …)', 2, true],
] as const;

describe('usage lines', () => {
  test.each(USAGES)('%s', (usage, required, rest) => {
    expect(parseUsage(usage)).toEqual({ name: usage.slice(1, -1).split(' ')[0], required, rest });
  });
});

describe('the table', () => {
  const doc = { doc: 'Something.', spec: 'builtins §1' };
  test('keeps the order of registration', () => {
    const table = new BuiltinTable();
    for (const name of ['b', 'a', 'c']) table.define(`(${name})`, doc, () => true);
    expect([...table.all()].map((each) => each.name)).toEqual(['b', 'a', 'c']);
  });
  test('refuses to define a name twice', () => {
    const table = new BuiltinTable();
    table.define('(a)', doc, () => true);
    expect(() => table.define('(a x)', doc, () => true)).toThrow('builtin a is defined once');
  });
});
