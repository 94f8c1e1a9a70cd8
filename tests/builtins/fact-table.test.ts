// Fact tables against a model that can be seen to be right: an array of rows, each looked at. Errors, files, keys.

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { defineFactTables } from '../../src/builtins/fact-table/define.ts';
import { FactTable } from '../../src/builtins/fact-table/table.ts';
import { isEqv } from '../../src/values/equality.ts';
import { MutableString } from '../../src/values/mutable-string.ts';
import { charOf, flonum, intern, listToArray, NIL, Pair, type Value } from '../../src/values/types.ts';
import { alist, callerOf, list, sym } from './os-support.ts';

const { call, show } = callerOf(defineFactTables);

const folder = fs.mkdtempSync(path.join(tmpdir(), 'eta-facts-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function tableOf(...rows: Value[][]): Value {
  const table = call('%make-fact-table', list(...rows[0].map((_, i) => sym(`c${i}`))));
  for (const row of rows) call('%fact-table-insert!', table, list(...row));
  return table;
}

// ---- the model

const pair = new Pair(1, NIL);
/** Few, so that they meet; those that are nearly the same are what matters. */
const KEYS: readonly Value[] = [
  0,
  flonum(0),
  flonum(-0),
  1,
  flonum(1),
  1.5,
  Number.NaN,
  2n ** 60n,
  '1',
  sym('1'),
  charOf(0x31),
];
const keys = fc.constantFrom<Value>(...KEYS, true, NIL, pair, new Pair(1, NIL));

type Step =
  | { readonly do: 'insert'; readonly cells: Value[] }
  | { readonly do: 'delete'; readonly row: number }
  | { readonly do: 'index'; readonly column: number }
  | { readonly do: 'query'; readonly column: number; readonly key: Value };

const COLUMNS = 2;
const columns = fc.integer({ min: 0, max: COLUMNS - 1 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(keys, keys).map((cells): Step => ({ do: 'insert', cells })) },
  { weight: 3, arbitrary: fc.integer({ min: -1, max: 40 }).map((row): Step => ({ do: 'delete', row })) },
  { weight: 1, arbitrary: columns.map((column): Step => ({ do: 'index', column })) },
  { weight: 3, arbitrary: fc.tuple(columns, keys).map(([column, key]): Step => ({ do: 'query', column, key })) },
);

describe('a table and an array of rows', () => {
  test('agree after any steps', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 80 }), (script) => {
        const table = call('%make-fact-table', list(sym('a'), sym('b')));
        const model: (Value[] | null)[] = [];
        const live = () => model.flatMap((cells, row) => (cells === null ? [] : [row]));
        for (const step of script) {
          switch (step.do) {
            case 'insert':
              model.push(step.cells);
              expect(call('%fact-table-insert!', table, list(...step.cells))).toBe(true);
              break;
            case 'delete':
              expect(call('%fact-table-delete-row!', table, step.row)).toBe((model[step.row] ?? null) !== null);
              if (step.row in model) model[step.row] = null;
              break;
            case 'index':
              call('%fact-table-build-index!', table, step.column);
              break;
            case 'query': {
              const rows = live().filter((row) => isEqv((model[row] as Value[])[step.column], step.key));
              expect(listToArray(call('%fact-table-query', table, step.column, step.key))).toEqual(rows);
            }
          }
        }
        expect(listToArray(call('%fact-table-live-row-ids', table))).toEqual(live());
        expect(call('%fact-table-row-count', table)).toBe(live().length);
        for (const [row, cells] of model.entries()) {
          for (let column = 0; column < COLUMNS; column++) {
            expect(call('%fact-table-ref', table, row, column)).toBe(cells === null ? NIL : cells[column]);
          }
        }
        const counted: [Value, number][] = [];
        for (const row of live()) {
          const key = (model[row] as Value[])[0];
          const entry = counted.find(([known]) => isEqv(known, key));
          if (entry === undefined) counted.push([key, 1]);
          else entry[1]++;
        }
        const groups = listToArray(call('%fact-table-group-count', table, 0)) as Pair[];
        expect(groups.map(({ car, cdr }) => [car, cdr])).toEqual(counted);
      }),
      { numRuns: 300 },
    );
  });

  test('a million inserts and deletions of one key stay cheap', () => {
    const table = new FactTable([intern('k')]);
    table.buildIndex(0);
    let found = 0;
    for (let row = 0; row < 1_000_000; row++) {
      table.insert(['key']);
      if (row > 0) table.delete(row - 1);
      // It would take hours if it looked at the dead rows.
      found += table.query(0, 'key').length;
    }
    expect(found).toBe(1_000_000);
    expect(table.printed()).toBe('#<fact-table 1colsx1rows>');
  });
});

describe('rows', () => {
  test('rules, groundness, predicate', () => {
    const table = tableOf([1, 2]);
    call('%fact-table-insert-clause!', table, list(3, 4), sym('rule'), false);
    expect([0, 1, 2, -1].map((row) => call('%fact-table-row-ground?', table, row))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([0, 1, 2].map((row) => call('%fact-table-row-rule', table, row))).toEqual([false, sym('rule'), false]);
    expect(show('%fact-table-predicate', table)).toBe('#f');
    call('%fact-table-set-predicate!', table, sym('edge'), 255);
    expect(show('%fact-table-predicate', table)).toBe('(edge 255)');
    call('%fact-table-delete-row!', table, 1);
    expect(call('%fact-table-row-rule', table, 1)).toBe(false);
  });

  test('a string that can change is kept as it is now', () => {
    const table = call('%make-fact-table', list(sym('k')));
    call('%fact-table-build-index!', table, 0);
    call('%fact-table-insert!', table, list(new MutableString('one')));
    expect(show('%fact-table-query', table, 0, 'one')).toBe('(0)');
    expect(show('%fact-table-query', table, 0, new MutableString('one'))).toBe('(0)');
  });

  test('sums', () => {
    const most = 2n ** 63n - 1n;
    const table = tableOf(['a', 1], ['b', most], ['a', 2], ['b', 1], ['c', 1], ['c', 0.5], ['c', 0.5]);
    expect(show('%fact-table-group-sum', table, 0, 1)).toBe('(("a" . 3) ("b" . 9223372036854776000.0) ("c" . 2.0))');
    expect(show('%fact-table-group-sum', table, 0, 2)).toBe('()');
    expect(show('%fact-table-group-sum', table, -1, 1)).toBe('()');
  });

  test('structures that are equal are one part', () => {
    const table = tableOf([list(1, 2)], ['x'], [list(1, 2)], [new Pair(1, 2)], ['x']);
    expect(show('%fact-table-group-count', table, 0)).toBe('(((1 2) . 1) ("x" . 2) ((1 2) . 1) ((1 . 2) . 1))');
    expect(show('%fact-table-partition', table, 0)).toBe('(((1 2) 0 2) ("x" 1 4) ((1 . 2) 3))');
    expect(show('%fact-table-partition', table, 7)).toBe('()');
  });
});

describe('CSV files', () => {
  const file = path.join(folder, 'table.csv');
  const cells = (table: Value): Value[][] =>
    (listToArray(call('%fact-table-live-row-ids', table)) as number[]).map((row) =>
      (listToArray(call('%fact-table-column-names', table)) as Value[]).map((_, i) =>
        call('%fact-table-ref', table, row, i),
      ),
    );

  // [text, options, cells]
  const LOADS: readonly [string, Value, Value[][]][] = [
    [
      'a,b\n1,x\n2,3\n',
      NIL,
      [
        [1, 'x'],
        [2, '3'],
      ],
    ],
    ['a\n1\n1.5\n', NIL, [[flonum(1)], [1.5]]],
    ['a\n1.5\nx\n1\n', NIL, [['1.5'], ['x'], ['1']]],
    ['a\nNA\n7\n\n'.slice(0, -1), NIL, [[NIL], [7]]],
    ['a\n99999999999999999999\n', NIL, [[flonum(1e20)]]],
    [
      '1,2\n3,4\n',
      alist(['header', false]),
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      '1,2\n3,4\n',
      alist(['column-names', list(sym('x'), sym('y'))]),
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['a\n1\n', alist(['infer-types', false]), [['1']]],
    ['# note\n1;2\n', alist(['delimiter', charOf(0x3b)], ['header', false], ['comment', charOf(0x23)]), [[1, 2]]],
    ['a,b\n', NIL, []],
  ];
  test.each(LOADS)('%j %#', (text, options, rows) => {
    fs.writeFileSync(file, text);
    expect(cells(call('%fact-table-load-csv', file, options))).toEqual(rows);
  });

  test('what is saved is what is loaded', () => {
    const table = tableOf([1, 'a,b'], [2, 'dead'], [3, 'c"d']);
    call('%fact-table-delete-row!', table, 1);
    call('%fact-table-save-csv', table, file, NIL);
    expect(fs.readFileSync(file, 'utf8')).toBe('c0,c1\n1,"a,b"\n3,"c""d"\n');
    expect(cells(call('%fact-table-load-csv', file, NIL))).toEqual([
      [1, 'a,b'],
      [3, 'c"d'],
    ]);
  });

  // [text, error]
  const BAD: readonly [string, string][] = [
    ['a,b\n1,2\n3\n', '%fact-table-load-csv: row width does not match column count'],
    ['\n1\n', '%fact-table-load-csv: CSV has no columns'],
    ['\n', '%fact-table-load-csv: CSV has no columns'],
    ['', `%fact-table-load-csv: Cannot open file ${file}: The file is empty`],
  ];
  test.each(BAD)('%j is refused', (text, message) => {
    fs.writeFileSync(file, text);
    expect(show('%fact-table-load-csv', file, NIL)).toBe(`runtime.type-error: ${message}`);
  });

  test('a place that cannot be written', () => {
    const message =
      '%fact-table-save-csv: failed to open output file: /no/such/folder/x.csv: No such file or directory';
    expect(show('%fact-table-save-csv', tableOf([1]), '/no/such/folder/x.csv', NIL)).toBe(
      `runtime.type-error: ${message}`,
    );
  });
});

describe('errors', () => {
  const table = tableOf([1, 2]);
  // [builtin, arguments, message]
  const ERRORS: readonly [string, Value[], string][] = [
    ['%make-fact-table', [5], 'expected a list of column names'],
    ['%make-fact-table', [list(5)], 'column name must be a symbol or string'],
    ['%make-fact-table', [NIL], 'need at least one column'],
    ['%fact-table-insert!', [5, NIL], 'argument must be a fact-table'],
    ['%fact-table-insert!', [table, 5], 'second arg: expected a proper list'],
    ['%fact-table-insert!', [table, list(1)], 'row arity mismatch'],
    ['%fact-table-insert-clause!', [table, list(1, 2), false, 1], 'fourth arg must be #t or #f (ground?)'],
    ['%fact-table-insert-clause!', [table, list(1), false, true], 'row arity mismatch'],
    ['%fact-table-insert-clause!', [table, 1, false, true], 'second arg: expected a proper list'],
    ['%fact-table-delete-row!', [table, flonum(0)], 'row index must be a fixnum'],
    ['%fact-table-row-live?', [table, true], 'row index must be a fixnum'],
    ['%fact-table-row-ground?', [table, charOf(0x30)], 'row index must be a fixnum'],
    ['%fact-table-row-rule', [table, '0'], 'row index must be a fixnum'],
    ['%fact-table-set-predicate!', [table, 'p', 2], 'second arg must be a symbol functor'],
    ['%fact-table-set-predicate!', [table, sym('p'), 256], 'third arg must be a fixnum in [0,255]'],
    ['%fact-table-set-predicate!', [table, sym('p'), -1], 'third arg must be a fixnum in [0,255]'],
    ['%fact-table-predicate', [1], 'argument must be a fact-table'],
    ['%fact-table-build-index!', [table, 0.5], 'column index must be a fixnum'],
    ['%fact-table-query', [table, sym('a'), 1], 'column index must be a fixnum'],
    ['%fact-table-group-count', [table, 'a'], 'group column index must be a fixnum'],
    ['%fact-table-group-sum', [table, 'a', 0], 'group column index must be a fixnum'],
    ['%fact-table-group-sum', [table, 0, 'a'], 'value column index must be a fixnum'],
    ['%fact-table-group-sum', [tableOf([1, 'x']), 0, 1], 'value column contains non-numeric data'],
    ['%fact-table-ref', [table, 'x', 0], 'indices must be fixnums'],
    ['%fact-table-ref', [table, 0, flonum(0)], 'indices must be fixnums'],
    ['%fact-table-row-count', [1], 'argument must be a fact-table'],
    ['%fact-table-live-row-ids', [1], 'argument must be a fact-table'],
    ['%fact-table-column-names', [1], 'argument must be a fact-table'],
    ['%fact-table-load-csv', [5, NIL], 'first argument must be a string'],
    ['%fact-table-load-csv', ['x', alist(['quote-policy', sym('all')])], "unknown option key 'quote-policy'"],
    ['%fact-table-save-csv', [5, 'x', NIL], 'first argument must be a fact-table'],
    ['%fact-table-save-csv', [table, 5, NIL], 'second argument must be a string'],
    ['%fact-table-save-csv', [table, 'x', alist(['trim', true])], "unknown option key 'trim'"],
    ['%fact-table-save-csv', [table, 'x', alist(['column-names', list(sym('z'))])], "unknown column 'z'"],
  ];
  test.each(ERRORS)('%s %#: %s', (name, args, message) => {
    expect(show(name, ...args)).toBe(`runtime.type-error: ${name}: ${message}`);
  });
});
