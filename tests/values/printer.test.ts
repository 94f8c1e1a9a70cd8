import { describe, expect, test } from 'vitest';
import { isEqual } from '../../src/values/equality.ts';
import { HashMap } from '../../src/values/hash-map.ts';
import { HashSet } from '../../src/values/hash-set.ts';
import { numberToText } from '../../src/values/number-text.ts';
import { datumText, displayText, writeText } from '../../src/values/printer.ts';
import {
  Bytevector,
  charOf,
  EOF,
  flonum,
  intern,
  listFrom,
  MultipleValues,
  NIL,
  Pair,
  RecordInstance,
  RecordType,
  type Value,
  Vector,
} from '../../src/values/types.ts';

const list = (...items: Value[]): Value => listFrom(items);
const sym = intern;

// [value, display, write]
const VALUES: readonly (readonly [Value, string, string])[] = [
  [NIL, '()', '()'],
  [true, '#t', '#t'],
  [false, '#f', '#f'],
  [2, '2', '2'],
  [2n ** 63n - 1n, '9223372036854775807', '9223372036854775807'],
  [flonum(2), '2', '2.0'],
  [flonum(-0), '-0', '-0.0'],
  [0.1 + 0.2, '0.30000000000000004', '0.30000000000000004'],
  [flonum(1e21), '1e+21', '1e+21'],
  [flonum(1e20), '100000000000000000000', '100000000000000000000.0'],
  [1e-7, '1e-7', '1e-7'],
  [Number.NaN, '+nan.0', '+nan.0'],
  [Number.NEGATIVE_INFINITY, '-inf.0', '-inf.0'],
  [charOf(97), 'a', '#\\a'],
  [charOf(0x20), ' ', '#\\space'],
  [charOf(0), '\0', '#\\null'],
  [charOf(0x7f), '\x7f', '#\\delete'],
  [charOf(1), '\x01', '#\\x1'],
  [charOf(0x3bb), 'λ', '#\\x3BB'],
  ['a"b\\c\n\r\t\x07\bλ', 'a"b\\c\n\r\t\x07\bλ', '"a\\"b\\\\c\\n\\r\\t\\a\\bλ"'],
  [sym('two words'), 'two words', 'two words'],
  [list(1, 'x', charOf(98), flonum(2)), '(1 x b 2)', '(1 "x" #\\b 2.0)'],
  [new Pair(1, 2), '(1 . 2)', '(1 . 2)'],
  [new Pair(1, new Pair(2, 3)), '(1 2 . 3)', '(1 2 . 3)'],
  [list(list(), list(list(1))), '(() ((1)))', '(() ((1)))'],
  [list(sym('quote'), sym('x')), '(quote x)', '(quote x)'],
  [new Vector([]), '#()', '#()'],
  [new Vector([1, list('a'), new Vector([])]), '#(1 (a) #())', '#(1 ("a") #())'],
  [new Bytevector(new Uint8Array([0, 255])), '#u8(0 255)', '#u8(0 255)'],
  [
    HashMap.of([
      ['k', list(1)],
      [2, 'v'],
    ]),
    '#hashmap{k (1), 2 v}',
    '#hashmap{"k" (1), 2 "v"}',
  ],
  [HashSet.of(['x', 1]), '#hashset{x 1}', '#hashset{"x" 1}'],
  [list(HashMap.empty(), HashSet.empty()), '(#hashmap{} #hashset{})', '(#hashmap{} #hashset{})'],
  [new MultipleValues([1, 2]), '#<object>', '#<object>'],
  [EOF, '#<eof>', '#<eof>'],
  [new RecordInstance(new RecordType('point', ['x']), [1]), '#<point>', '#<point>'],
];

test.each(VALUES)('%# prints', (value, display, write) => {
  expect(displayText(value)).toBe(display);
  expect(writeText(value)).toBe(write);
});

// What reads back: [value, datum text]
const DATUMS: readonly (readonly [Value, string])[] = [
  [sym('plain-name!'), 'plain-name!'],
  [sym('+'), '+'],
  [sym('...'), '...'],
  [sym('->x'), '->x'],
  [sym('+inf'), '+inf'],
  [sym('two words'), '|two words|'],
  [sym(''), '||'],
  [sym('12'), '|12|'],
  [sym('+5'), '|+5|'],
  [sym('-.5'), '|-.5|'],
  [sym('+inf.0'), '|+inf.0|'],
  [sym('.'), '|.|'],
  [sym('a|b\\'), '|a\\|b\\\\|'],
  [sym('λ'), '|λ|'],
  [charOf(0x3bb), '#\\λ'],
  [charOf(0xa0), '#\\xA0;'],
  [charOf(0x301), '#\\x301;'],
];

test.each(DATUMS)('%# as a datum', (value, text) => {
  expect(datumText(value)).toBe(text);
});

/** A list whose last cdr is the pair at `index`. */
function ring(index: number, ...items: Value[]): Pair {
  const head = listFrom(items) as Pair;
  const pairs = [head];
  while (pairs[pairs.length - 1].cdr instanceof Pair) pairs.push(pairs[pairs.length - 1].cdr as Pair);
  pairs[pairs.length - 1].cdr = pairs[index];
  return head;
}

describe('cyclic data', () => {
  test('labels stand on the objects where a cycle closes, in order of appearance', () => {
    const self = new Vector([1, 2, 3]);
    self.items[1] = self;
    const inCar = list(sym('x'), sym('y')) as Pair;
    (inCar.cdr as Pair).car = inCar;
    const shared = list(1);
    expect(writeText(ring(0, 1, 2, 3))).toBe('#0=(1 2 3 . #0#)');
    expect(displayText(ring(1, 's', sym('tail')))).toBe('(s . #0=(tail . #0#))');
    expect(writeText(inCar)).toBe('#0=(x #0#)');
    expect(writeText(self)).toBe('#0=#(1 #0# 3)');
    expect(writeText(list(1, ring(0, 2), 3))).toBe('(1 #0=(2 . #0#) 3)');
    expect(writeText(list(shared, shared))).toBe('((1) (1))');
    expect(writeText(list(ring(0, 1), self))).toBe('(#0=(1 . #0#) #1=#(1 #1# 3))');
    expect(writeText(list(self, self))).toBe('(#0=#(1 #0# 3) #0#)');
  });

  test('a map that contains itself', () => {
    const items: Value[] = [];
    const map = HashMap.of([[1, new Vector(items)]]);
    items.push(map);
    expect(writeText(map)).toBe('#0=#hashmap{1 #(#0#)}');
  });

  test('a long way into a cycle', () => {
    const head = ring(50_000, ...Array.from({ length: 50_001 }, () => 0));
    expect(writeText(head).endsWith(' . #0=(0 . #0#))')).toBe(true);
  });

  test('equal? terminates', () => {
    expect(isEqual(ring(0, 1, 2, 3), ring(0, 1, 2, 3))).toBe(true);
    expect(isEqual(ring(0, 1, 2), ring(0, 1, 2, 1, 2))).toBe(true);
    expect(isEqual(ring(0, 1, 2, 3), ring(0, 1, 2, 4))).toBe(false);
    expect(isEqual(ring(0, 1, 2, 3), ring(1, 1, 2, 3))).toBe(false);
  });
});

describe('depth costs no host stack', () => {
  const DEPTH = 1_000_000;
  const nested = (wrap: (inner: Value) => Value): Value => {
    let value: Value = NIL;
    for (let i = 0; i < DEPTH; i++) value = wrap(value);
    return value;
  };
  test.each<[string, (inner: Value) => Value, string]>([
    ['lists in cars', (inner) => new Pair(inner, NIL), '('],
    ['vectors', (inner) => new Vector([inner]), '#('],
    ['long lists', (inner) => new Pair(1, inner), '1 '],
  ])('%s', (_what, wrap, piece) => {
    const text = writeText(nested(wrap));
    expect(text.length).toBeGreaterThan(DEPTH * piece.length);
    expect(isEqual(nested(wrap), nested(wrap))).toBe(true);
  });

  test('shared structure that would unfold without end', () => {
    const doubled = (): Value => {
      let value: Value = list(1);
      for (let i = 0; i < 200; i++) value = new Pair(value, value);
      return value;
    };
    expect(isEqual(doubled(), doubled())).toBe(true);
  });
});

test.each<[Value, 'display' | 'write', number, string]>([
  [255, 'write', 16, 'ff'],
  [-(2n ** 63n), 'write', 2, `-1${'0'.repeat(63)}`],
  [0.5, 'display', 2, '0.1'],
  [flonum(3), 'write', 2, '11.0'],
])('number %s in mode %s and radix %i is %s', (value, mode, radix, text) => {
  expect(numberToText(value, mode, radix)).toBe(text);
});
