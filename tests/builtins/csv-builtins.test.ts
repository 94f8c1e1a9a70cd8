// CSV: the parser at its edges, typed cells, options, writers.

import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defineCsv } from '../../src/builtins/csv/define.ts';
import { CsvParser } from '../../src/builtins/csv/parser.ts';
import { defineFiles } from '../../src/builtins/files.ts';
import type { EtaError } from '../../src/values/errors.ts';
import { charOf, flonum, NIL, type Value } from '../../src/values/types.ts';
import { alist, callerOf, list, sym, vector } from './os-support.ts';

const { call, show } = callerOf(defineCsv, defineFiles);
const comma = { delimiter: ',', quote: '"', trim: true };

function parse(text: string, chunk: number, dialect = comma): string[][] {
  let position = 0;
  const source = () => text.slice(position, (position += chunk));
  const parser = new CsvParser(source, dialect);
  const rows: string[][] = [];
  for (let row = parser.nextRow(); row !== null; row = parser.nextRow()) rows.push(row);
  return rows;
}

// [text, rows]
const TEXTS: [string, string[][]][] = [
  ['', []],
  [
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a\rb\r\nc\n', [['a'], ['b'], ['c']]],
  ['\n\na', [[], [], ['a']]],
  ['  \t\n', [['']]],
  ['a,\n', [['a', '']]],
  ['a,', [['a', '']]],
  ['\ufeffa', [['a']]],
  ['"x,y\r\nz",2', [['x,y\r\nz', '2']]],
  ['"a""b"', [['a"b']]],
  ['"ab"cd,x\n1,2\n', [['ab"cd,x\n1,2\n']]],
  ['"ab"c"', [['ab"c']]],
  ['"" ,1', [['" ,1']]],
  [' "q" ,1', [['"q"', '1']]],
  ['" q ",1', [['q', '1']]],
  ['x"y,z', [['x"y', 'z']]],
  ['"open', [['open']]],
  ['"open""', [['open"']]],
  ['""', [['']]],
  ['"a"\n"b"\r\n', [['a'], ['b']]],
];

describe('the CSV parser', () => {
  test.each(TEXTS)('reads %j', (text, rows) => {
    expect(parse(text, text.length || 1)).toEqual(rows);
  });

  test.each(TEXTS)('reads %j one character at a time', (text, rows) => {
    expect(parse(text, 1)).toEqual(rows);
  });

  test('keeps blanks without trim', () => {
    expect(parse(' a ,"b "', 3, { ...comma, trim: false })).toEqual([[' a ', 'b ']]);
  });
});

// [cell, typed]
const CELLS = [
  ['42', '42'],
  ['-0', '0'],
  ['007', '7'],
  ['+5', '"+5"'],
  ['9223372036854775807', '9223372036854775807'],
  ['9223372036854775808', '9223372036854776000.0'],
  ['1.', '1.0'],
  ['.5', '0.5'],
  ['-1e-2', '-0.01'],
  ['.', '"."'],
  ['-', '"-"'],
  ['1e999', '"1e999"'],
  ['0e999', '0.0'],
  ['1e-999', '"1e-999"'],
  ['-Infinity', '-inf.0'],
  ['nan', '+nan.0'],
  ['NaN', '()'],
  ['0x10', '"0x10"'],
  ['1_0', '"1_0"'],
] as const;

const reader = (text: string, options: Value = NIL): Value => call('%csv-reader-from-string', text, options);

describe('CSV readers', () => {
  test.each(CELLS)('the cell %s is %s', (text, typed) => {
    expect(show('%csv-read-typed-row', reader(`h\n${text}\n`))).toBe(`#(${typed})`);
  });

  test.each([
    [alist(['header-row', 1]), '#(a b)', '#("1" "2")'],
    [alist(['column-names', list('x', sym('y'))]), '#(x y)', '#("junk")'],
    [alist(['header', false]), '#()', '#("junk")'],
    [alist(['header-row', 1], ['comment', charOf(0x31)]), '#(a b)', '#f'],
    [alist([':delimiter', charOf(0x6b)]), '#(jun )', '#("a,b")'],
  ])('options %#', (options, columns, row) => {
    const handle = reader('junk\na,b\n1,2\n', options);
    expect(show('%csv-columns', handle)).toBe(columns);
    expect(show('%csv-read-row', handle)).toBe(row);
  });

  test('records need names and their width', () => {
    const handle = reader('a,b\n1\n4,5\n');
    expect(show('%csv-read-record', handle)).toMatch(/row width does not match column count$/);
    expect(show('%csv-read-record', handle)).toBe('((a . "4") (b . "5"))');
    expect(show('%csv-read-record', reader('1', alist(['header', false])))).toMatch(/reader has no column names$/);
  });

  // [text, line]: the line that the row begins on
  const RAGGED: [string, number][] = [
    ['a,b\n1\n', 2],
    ['a,b\r\n1,2\r\n3\r\n', 3],
    ['a,b\r1,2\r3', 3],
    ['a,b\n"1\n\r\n\r",2\n3', 6],
    ['\ufeff\n', 1],
  ];
  test.each(RAGGED)('the error for a row of another width names its line: %j', (text, line) => {
    const handle = reader(text, alist(['column-names', list('a', 'b')]));
    const next = (): Value => call('%csv-read-record', handle);
    const lineOf = (error: unknown): Value => (error as EtaError).details[0][1];
    for (;;) {
      try {
        if (next() === false) break;
      } catch (error) {
        expect(lineOf(error)).toBe(line);
        return;
      }
    }
    expect.unreachable('all rows have two fields');
  });

  test.each([
    [5, 'options must be an alist'],
    [list(5), 'options must be an alist'],
    [alist(['foo', 1]), "unknown option key 'foo'"],
    [alist(['quote-policy', sym('all')]), "unknown option key 'quote-policy'"],
    [alist(['delimiter', ',']), 'delimiter must be a character'],
    [alist(['delimiter', charOf(955)]), 'delimiter must be an ASCII character'],
    [alist(['header-row', flonum(1)]), 'header-row must be a non-negative fixnum'],
    [alist(['column-names', list(5)]), 'column-names must be a symbol or string'],
    [alist(['null-tokens', 5]), 'null-tokens must be a proper list'],
  ] as [Value, string][])('option error %#', (options, message) => {
    const whole = `runtime.type-error: %csv-reader-from-string: ${message}`;
    expect(show('%csv-reader-from-string', 'a', options)).toBe(whole);
  });

  test('characters that clash are named, sorted', () => {
    const options = alist(['quote', charOf(0x20)], ['delimiter', charOf(0x09)]);
    expect(show('%csv-reader-from-string', 'a', options)).toMatch(/Offending characters: '\t', ' '\.$/);
  });

  test('an empty file, a folder and a missing file cannot be opened', () => {
    const path = call('temp-file') as string;
    for (const bad of [path, '/', '/no/such/file.csv']) {
      expect(show('%csv-open-reader', bad, NIL)).toContain(`%csv-open-reader: Cannot open file ${bad}`);
    }
    call('delete-file', path);
  });
});

describe('CSV writers', () => {
  const row = list(1, flonum(2), 2.5, 'a', sym('s'), 'x,y', NIL, 'he"y', charOf(0x7a));

  test.each([
    ['minimal', '1,2,2.5,a,s,"x,y",,"he""y",z\n'],
    ['all', '"1","2","2.5","a","s","x,y","","he""y","z"\n'],
    ['non-numeric', '1,2,2.5,"a","s","x,y","","he""y","z"\n'],
    ['none', '1,2,2.5,a,s,x,y,,he"y,z\n'],
  ])('policy %s', (policy, text) => {
    const path = call('temp-file') as string;
    const writer = call('%csv-open-writer', path, alist(['quote-policy', policy], ['column-names', list('h')]));
    call('%csv-write-row', writer, row);
    call('%csv-write-record', writer, alist(['b', 1], ['a', 2], ['b', 3]), vector('b', sym('c')));
    expect(show('%csv-close', writer)).toBe('()');
    const lines = fs.readFileSync(path, 'utf8').split('\n');
    expect(`${lines[1]}\n`).toBe(text);
    expect(lines[2].replaceAll('"', '')).toBe('1,');
    expect(show('%csv-write-row', writer, row)).toBe('runtime.type-error: %csv-write-row: writer is closed');
    expect(show('%csv-close', writer)).toBe('()');
    call('delete-file', path);
  });

  test('a file with characters across chunk borders comes back', () => {
    const path = call('temp-file') as string;
    const writer = call('%csv-open-writer', path, NIL);
    const text = 'é𝄞"\n'.repeat(20_000);
    call('%csv-write-row', writer, list('h'));
    call('%csv-write-row', writer, list(text));
    call('%csv-close', writer);
    const handle = call('%csv-open-reader', path, alist(['trim', false]));
    expect(call('%csv-read-row', handle)).toEqual(vector(text));
    expect(call('%csv-read-row', handle)).toBe(false);
    call('delete-file', path);
  });
});
