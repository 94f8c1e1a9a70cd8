import { describe, expect, test } from 'vitest';
import { parseNumber } from '../../src/reader/index.ts';
import { Flonum, type Value } from '../../src/values/types.ts';
import { faults, printed } from './helpers.ts';

const F = (value: number) => new Flonum(value);

// [text, value]
const DECIMAL: readonly (readonly [string, Value])[] = [
  ['0', 0],
  ['-0', 0],
  ['+7', 7],
  ['-42', -42],
  ['007', 7],
  ['999999999999999', 999999999999999],
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
  ['9007199254740992', 9007199254740992n],
  ['-9007199254740993', -9007199254740993n],
  ['9223372036854775807', 9223372036854775807n],
  ['-9223372036854775808', -9223372036854775808n],
  ['9223372036854775808', F(2 ** 63)],
  ['-9223372036854775809', F(-(2 ** 63))],
  ['123456789012345678901234567890', F(123456789012345680000000000000)],
  ['00000000000000000000000000000001', 1],
  ['-0000000000000000000000000000000', 0],
  ['1.', F(1)],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['1.5E-2', 0.015],
  ['1e3', F(1000)],
  ['1.e2', F(100)],
  ['-0.0', F(-0)],
  ['1e308', F(1e308)],
  ['5e-324', 5e-324],
  ['1e-400', F(0)],
  ['+inf.0', Infinity],
  ['-INF.0', -Infinity],
  ['+nan.0', NaN],
  ['-NaN.0', NaN],
];

const PREFIXED: readonly (readonly [string, Value])[] = [
  ['#b101', 5],
  ['#b-11', -3],
  ['#B+10', 2],
  ['#o17', 15],
  ['#d99', 99],
  ['#d1.5', 1.5],
  ['#xff', 255],
  ['#X-aB', -171],
  ['#x7fffffffffffffff', 9223372036854775807n],
  ['#x-8000000000000000', -9223372036854775808n],
  ['#e10', 10],
  ['#e#x10', 16],
  ['#x#e10', 16],
  ['#e1.0', 1],
  ['#e1e3', 1000],
  ['#e12.50e1', 125],
  ['#e-1e18', -1000000000000000000n],
  ['#e0.0', 0],
  ['#e1e19', F(1e19)],
  ['#e1.5', 1.5],
  ['#e0e999999999999', 0],
  ['#i5', F(5)],
  ['#i#x10', F(16)],
  ['#i1.5', 1.5],
  ['#i+inf.0', Infinity],
];

const NOT_NUMBERS = [
  '',
  ' 1',
  '1 ',
  '+',
  '-',
  '.',
  '+.',
  'e1',
  '1e',
  '1e+',
  '1.2.3',
  '1/2',
  '1_0',
  '--1',
  '0x10',
  'inf',
  'nan',
  '+inf',
  '-inf.1',
  '1e400',
  '-1e999',
  '#',
  '#x',
  '#xg',
  '#x1.5',
  '#b102',
  '#q1',
  '#x#x1',
  '#e#e1',
  '#e#x#e1',
  '#e+inf.0',
  '#x8000000000000000',
  '1n',
  '١',
];

describe('parseNumber', () => {
  test.each([...DECIMAL, ...PREFIXED])('%s', (text, value) => {
    expect(parseNumber(text)).toStrictEqual(value);
  });
  test.each(NOT_NUMBERS)('%j is no number', (text) => {
    expect(parseNumber(text)).toBe(null);
  });
  test.each([
    ['ff', 16, 255],
    ['-ZZ', 36, -1295],
    ['102', 2, null],
    ['1e3', 16, 483],
    ['1.5', 8, null],
    ['#b11', 16, 3],
    ['+inf.0', 16, Infinity],
  ] as const)('%s in radix %i', (text, radix, value) => {
    expect(parseNumber(text, radix)).toBe(value);
  });
  test('a million digits take no longer than reading them', () => {
    expect(parseNumber('0'.repeat(1_000_000) + '1')).toBe(1);
    expect(parseNumber('1'.repeat(1_000_000))).toBe(null);
    expect(parseNumber('#x' + '1'.repeat(1_000_000))).toBe(null);
    expect(parseNumber('#e1e' + '9'.repeat(1_000_000))).toBe(null);
  });
});

test('numbers in a program', () => {
  expect(printed('1 -2 3.5 1e21 #xff +nan.0 9223372036854775808')).toBe(
    '1 -2 3.5 1e+21 255 +nan.0 9223372036854776000.0',
  );
});

// [text, fault]
test.each([
  ['12abc', '1:1-1:3 number must be followed by a delimiter'],
  ['1+', '1:1-1:2 number must be followed by a delimiter'],
  ['1/2', '1:1-1:2 number must be followed by a delimiter'],
  ['1.2.3', '1:1-1:4 number must be followed by a delimiter'],
  ['.5x', '1:1-1:3 number must be followed by a delimiter'],
  ["'+.", '1:2-1:4 no digits found'],
  ['-.x', '1:1-1:3 no digits found'],
  ['#d', '1:1-1:3 no digits found'],
  ['1e', '1:1-1:3 exponent requires digits'],
  ['1e+', '1:1-1:4 exponent requires digits'],
  ['#x', '1:1-1:3 missing digits'],
  ['#b+', '1:1-1:4 missing digits'],
  ['#xfg', '1:1-1:4 invalid digit for radix'],
  ['#b2', '1:1-1:3 invalid digit for radix'],
  ['#x1.5', '1:1-1:4 invalid digit for radix'],
  ['#x#x1', '1:1-1:4 invalid number prefix'],
  ['#e#q1', '1:1-1:4 invalid number prefix'],
  ['#e#x#i1', '1:1-1:6 invalid number prefix'],
  ['#e#', '1:1-1:4 unexpected EOF after #'],
  ['#', '1:1-1:2 unexpected EOF after #'],
  ['1e400', '1:1-1:6 parse error'],
  ['#x8000000000000000', '1:1-1:19 parse error'],
  ['#xFFFFFFFFFFFFFFFFFFFFFFFF', '1:1-1:27 parse error'],
])('%s: %s', (text, fault) => {
  expect(faults(text)).toEqual([fault]);
});
