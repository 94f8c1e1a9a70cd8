// JSON: values, every syntax error with its position, one value per call from a port, deep and large texts.

import { describe, expect, test } from 'vitest';
import { defineJson } from '../../src/builtins/json/define.ts';
import { HashMap } from '../../src/values/hash-map.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { charOf, flonum, NIL, Pair, type Value, type Vector } from '../../src/values/types.ts';
import { callerOf, list, sym, vector } from './os-support.ts';

const { call, show } = callerOf(defineJson);

// [text, exact, inexact]
const TEXTS = [
  ['1', '1', '1.0'],
  ['-0', '0', '0.0'],
  ['-0.0', '-0.0', '-0.0'],
  ['1e3', '1000.0', '1000.0'],
  ['-1.5E-2', '-0.015', '-0.015'],
  ['9007199254740993', '9007199254740993', '9007199254740992.0'],
  ['-9223372036854775808', '-9223372036854775808', '-9223372036854776000.0'],
  [' [ ] ', '#()', '#()'],
  ['{}', '#hashmap{}', '#hashmap{}'],
  ['\ufeff [1]', '#(1)', '#(1.0)'],
  ['{"z":[1,{"a":null}],"a":true,"z":false}', '#hashmap{"z" #f, "a" #t}', '#hashmap{"z" #f, "a" #t}'],
  ['"\\b\\f\\n\\r\\t\\/\\"\\\\"', '"\\b\f\\n\\r\\t/\\"\\\\"', '"\\b\f\\n\\r\\t/\\"\\\\"'],
  ['"\\u0041\\ud834\\uDD1Eé"', '"A𝄞é"', '"A𝄞é"'],
] as const;

// [text, position and detail]
const ERRORS = [
  ['', "0: unexpected character '"],
  ['  ', "2: unexpected character '"],
  ['{"a":', "5: unexpected character '"],
  ['{', "1: expected '\"'"],
  ['[', "1: unexpected character '"],
  ['[1,]', "3: unexpected character ']'"],
  ['[1 2]', "4: expected ','"],
  ['[1', "2: expected ','"],
  ['["𝄞" x', "6: expected ','"],
  ['{"a" 1}', "6: expected ':'"],
  ['{"a":1,}', "8: expected '\"'"],
  ['{a:1}', "2: expected '\"'"],
  ['tru', '0: invalid boolean'],
  [' flase', '1: invalid boolean'],
  ['nul', '0: invalid null'],
  ['01', '1: leading zeros are not allowed'],
  ['-', '1: invalid number'],
  ['1.', '2: invalid number'],
  ['1e+', '3: invalid number'],
  ['.5', "0: unexpected character '.'"],
  ['1 2', '2: trailing characters after JSON value'],
  ['"abc', '4: unterminated string'],
  ['"\\', '2: unterminated escape'],
  ['"\\x"', '3: invalid escape sequence'],
  ['"\\u12"', '3: incomplete unicode escape'],
  ['"\\u12G4"', '3: invalid unicode escape'],
  ['"\\ud800"', '7: incomplete unicode surrogate pair'],
  ['"\\ud800xxxxxxx"', '7: incomplete unicode surrogate pair'],
  ['"\\udc00"', '7: invalid unicode surrogate pair'],
  ['"\\ud800\\u0041"', '13: invalid unicode surrogate pair'],
  ['"a\nb"', '3: unescaped control character in string'],
  ['9223372036854775808', '19: invalid number'],
  ['1e999', '5: invalid number'],
  ['1e-999', '6: invalid number'],
] as const;

// [value, text]
const VALUES: [Value, string][] = [
  [NIL, 'null'],
  [2n ** 62n, '4611686018427387904'],
  [flonum(2), '2'],
  [flonum(-0), '-0'],
  [1e-7, '1e-7'],
  [flonum(1e21), '1e+21'],
  [sym('s'), '"s"'],
  ['a"\\\b\u0001\u001f/\u007fé', '"a\\"\\\\\\b\\u0001\\u001f/\u007fé"'],
  [vector(1, list(2, list()), true), '[1,[2,null],true]'],
  [
    HashMap.of([
      ['b', 1],
      [sym('a'), vector()],
      [3, 4],
      [1.5, 5],
      ['a', 6],
    ]),
    '{"b":1,"a":6,"3":4,"1.5":5}',
  ],
];

describe('reading JSON', () => {
  test.each(TEXTS)('%s', (text, exact, inexact) => {
    expect(show('%json-read-string', text, true)).toBe(exact);
    expect(show('%json-read-string', text, false)).toBe(inexact);
  });

  test.each(ERRORS)('%j is refused', (text, message) => {
    const whole = `runtime.json-error: %json-read-string: invalid JSON: JSON parse error at ${message}`;
    expect(show('%json-read-string', text, false)).toBe(whole);
  });

  const HINT = 'the text ends before the value does';
  // [text, hint]
  const CUT: [string, string | undefined][] = [
    ['{"a":', HINT],
    ['{"a"', HINT],
    ['[1', HINT],
    ['"a', HINT],
    ['"\\', HINT],
    ['', HINT],
    ['[1 x', undefined],
    ['{"a":]', undefined],
  ];
  test.each(CUT)('%j: reports say whether the text has been cut', (text, hint) => {
    expect(() => call('%json-read-string', text, true)).toThrow(expect.objectContaining({ hint }));
  });

  // [text, line, column]
  const PLACES = [
    ['{"a":', 1, 6],
    ['[1,\n 2,\r\n  x]', 3, 3],
    ['["𝄞" x', 1, 7],
    ['\r\r', 3, 1],
  ] as const;
  test.each(PLACES)('%j: reports have a line and a column', (text, line, column) => {
    expect(() => call('%json-read-string', text, true)).toThrow(
      expect.objectContaining({
        details: [
          ['line', line],
          ['column', column],
        ],
      }),
    );
  });

  test('argument errors', () => {
    expect(show('%json-read-string', 5, true)).toBe(
      'runtime.type-error: %json-read-string: first argument must be a string',
    );
    expect(show('%json-read-string', '1', 1)).toBe(
      'runtime.type-error: %json-read-string: second argument must be #t or #f',
    );
    expect(show('%json-read', 'x', true)).toBe('runtime.type-error: %json-read: expected a port');
    expect(show('%json-read', new StringOutput(), true)).toBe('runtime.type-error: %json-read: expected an input port');
  });

  test('a port gives one value a call', () => {
    const port = new StringInput('\ufeff{"a":"}]"} [2,3]\n"fo\\"ur" true-5.5e1 null[1]tail');
    const values = Array.from({ length: 7 }, () => show('%json-read', port, true));
    expect(values).toEqual(['#hashmap{"a" "}]"}', '#(2 3)', '"fo\\"ur"', '#t', '-55.0', '()', '#(1)']);
    expect(port.readText(99)).toBe('tail');
    expect(show('%json-read', port, true)).toMatch(/JSON parse error at 0: unexpected character '$/);
  });

  test('nesting is limited by memory only', () => {
    const depth = 200_000;
    let value = call('%json-read-string', '['.repeat(depth) + ']'.repeat(depth), true);
    let levels = 0;
    for (; (value as Vector).items.length > 0; value = (value as Vector).items[0]) levels++;
    expect(levels).toBe(depth - 1);
    expect(show('%json-read-string', '{"a":'.repeat(depth), true)).toMatch(/at 1000000: unexpected character '$/);
  });
});

describe('writing JSON', () => {
  test.each(VALUES)('%#: %s', (value, text) => {
    expect(call('%json-write-string', value)).toBe(text);
  });

  const cyclic = vector(1);
  (cyclic as Vector).items.push(list(cyclic));
  test.each([
    [new Pair(1, 2), 'unsupported value type for JSON encoding'],
    [charOf(97), 'unsupported value type for JSON encoding'],
    [cyclic, 'unsupported value type for JSON encoding'],
    [Number.NaN, 'cannot encode NaN or infinities'],
    [HashMap.of([[true, 1]]), 'object keys must be strings or symbols'],
  ] as [Value, string][])('%# fails: %s', (value, message) => {
    const port = new StringOutput();
    expect(show('%json-write', vector('x', value), port)).toBe(`runtime.type-error: %json-write: ${message}`);
    expect(port.contents).toBe('');
  });

  test('deep and shared structure', () => {
    let value: Value = NIL;
    for (let i = 0; i < 200_000; i++) value = vector(value);
    expect((call('%json-write-string', value) as string).length).toBe(400_004);
    const shared = list(1);
    expect(call('%json-write-string', list(shared, shared))).toBe('[[1],[1]]');
  });

  test('values follow each other on a port', () => {
    const port = new StringOutput();
    call('%json-write', list('one', 2), port);
    call('%json-write', sym('k'), port);
    expect(port.contents).toBe('["one",2]"k"');
    expect(show('%json-write', 1, new StringInput(''))).toBe(
      'runtime.type-error: %json-write: expected an output port',
    );
  });
});
