import { describe, expect, test } from 'vitest';
import { BuiltinTable } from '../../src/bytecode/builtin-table.ts';
import { ByteReader, ByteWriter } from '../../src/bytecode/bytes.ts';
import { CodeObject } from '../../src/bytecode/code.ts';
import {
  CompiledFile,
  type CompiledModule,
  encodeFile,
  NotSerializable,
  type Origin,
} from '../../src/bytecode/etac.ts';
import { readDatum } from '../../src/reader/read-datum.ts';
import { isEqual } from '../../src/values/equality.ts';
import { NO_SPAN, Source, Span } from '../../src/values/span.ts';
import {
  Bytevector,
  Cell,
  charOf,
  Flonum,
  intern,
  listFrom,
  NIL,
  Pair,
  RecordType,
  type Value,
  Vector,
} from '../../src/values/types.ts';

const builtins = new BuiltinTable();
builtins.define('(car pair)', { doc: 'The first component.', spec: 'builtins §6' }, () => NIL);
const source = new Source('m.eta', null, null, 3);

const codeWith = (constants: readonly Value[]): CodeObject =>
  new CodeObject({
    name: 'm_init',
    required: 1,
    rest: true,
    localCount: 4,
    maxStack: 9,
    code: Int32Array.of(1, -2, 3),
    constants,
    captures: Int32Array.of(-1, 5),
    spans: Int32Array.of(3, 1, 2, 3, 4),
    source,
    span: new Span(source, 1, 2, 3, 4),
    localNames: ['x', 'λ'],
    upvalueNames: ['up'],
    isBuiltin: false,
    usesNativeCode: false,
  });

const encode = (constants: readonly Value[], cells: readonly Cell[] = []): Buffer =>
  encodeFile(
    {
      source,
      origin: null,
      content: [
        {
          name: 'm',
          isImplicit: false,
          place: 0,
          span: NO_SPAN,
          imports: ['std.io'],
          cells,
          exports: cells.map((cell) => ({ name: `the-${cell.name}`, cell })),
          code: codeWith(constants),
        },
      ],
    },
    builtins,
  );

const decode = (bytes: Buffer): CompiledModule[] =>
  new CompiledFile(bytes).modules(new Source('m.eta', null, null, 7), builtins, {
    require: () => {},
    cell: () => undefined,
  });

const deepList = (length: number): Value => listFrom(Array.from({ length }, (_, i) => i));

const CONSTANTS: readonly (readonly [string, Value])[] = [
  ['the empty list', NIL],
  ['booleans', new Vector([true, false])],
  ['integers', listFrom([0, -1, 9007199254740991, 2n ** 63n - 1n, -(2n ** 63n)])],
  ['flonums', listFrom([0.5, Number.NaN, Number.POSITIVE_INFINITY, new Flonum(2), new Flonum(-0), new Flonum(1e300)])],
  ['strings', listFrom(['', 'héllo', 'a\u0000b', '😀'])],
  ['symbols and characters', listFrom([intern('a b'), intern(''), charOf(0x3bb), charOf(0x1f600)])],
  ['a bytevector', new Bytevector(Uint8Array.of(0, 255))],
  ['a dotted list', new Pair(1, new Pair(2, 3))],
  ['a long list', deepList(100_000)],
];

describe('compiled files', () => {
  test.each(CONSTANTS)('keep %s', (_, value) => {
    const [module] = decode(encode([value]));
    expect(isEqual(module.code.constants[0], value)).toBe(true);
  });

  test('keep code objects field by field', () => {
    const [{ name, imports, code }] = decode(encode([codeWith([1])]));
    expect({ name, imports }).toEqual({ name: 'm', imports: ['std.io'] });
    for (const each of [code, code.constants[0] as CodeObject]) {
      expect(each).toMatchObject({ name: 'm_init', required: 1, rest: true, localCount: 4, maxStack: 9 });
      expect([...each.code, ...each.captures, ...each.spans]).toEqual([1, -2, 3, -1, 5, 3, 1, 2, 3, 4]);
      expect(each.localNames).toEqual(['x', 'λ']);
      expect(each.span).toMatchObject({ startLine: 1, endColumn: 4 });
      expect(each.source).toMatchObject({ name: 'm.eta', fileId: 7 });
    }
  });

  test('keep functions that refer to each other, in circles too', () => {
    const constants: Value[] = [1];
    const [even, odd] = [codeWith(constants), codeWith([2])];
    constants.push(even, odd, odd);
    const [module] = decode(encode([even, odd]));
    const [evenAgain, oddAgain] = module.code.constants as CodeObject[];
    expect(evenAgain.constants).toEqual([1, evenAgain, oddAgain, oddAgain]);
    expect(evenAgain.constants[1]).toBe(evenAgain);
    expect(oddAgain.constants).toEqual([2]);
  });

  test('make one new cell for each variable, exported and used', () => {
    const cell = new Cell('m', 'x');
    const [module] = decode(encode([cell], [cell]));
    expect(module.cells).toHaveLength(1);
    expect(module.exports).toEqual([{ name: 'the-x', cell: module.cells[0] }]);
    expect(module.code.constants[0]).toBe(module.cells[0]);
    expect(module.cells[0]).not.toBe(cell);
  });

  test('refer to builtins by name', () => {
    const [module] = decode(encode([builtins.get('car')!.value]));
    expect(module.code.constants[0]).toBe(builtins.get('car')!.value);
  });

  // [whose file, how often its code has asked for a variable: once it is loaded, when it is looked at, a second time]
  test.each([
    ['a file of this build', true, [0, 1, 1]],
    ['any other', false, [1, 1, 1]],
  ] as const)('decode the bodies of functions of %s when they are asked for', (_, isTrusted, expected) => {
    const cell = new Cell('other', 'x');
    let asked = 0;
    const host = {
      require: () => {},
      cell: () => {
        asked++;
        return cell;
      },
    };
    const file = new CompiledFile(encode([codeWith([cell])]), isTrusted);
    const [{ code }] = file.modules(source, builtins, host);
    const counts = [asked];
    for (let look = 0; look < 2; look++) {
      const inner = code.constants[0] as CodeObject;
      expect(inner.constants).toEqual([cell]);
      expect([code.entry, inner.entryConstants]).toEqual([code.code, inner.constants]);
      counts.push(asked);
    }
    expect(counts).toEqual(expected);
  });

  test('refuse a section that is longer than what is in it', () => {
    const writer = new ByteWriter();
    writer.section(() => writer.count(1));
    const reader = new ByteReader(writer.finish());
    const section = reader.skipSection();
    expect(reader.isAtEnd).toBe(true);
    expect(reader.readSection(section, () => reader.count())).toBe(1);
    expect(() => reader.readSection(section, () => 0)).toThrow('a section of another length');
  });

  test('refuse what is bound to this process', () => {
    expect(() => encode([new RecordType('point', ['x'])])).toThrow(NotSerializable);
  });

  test.each(['#0=(a b . #0#)', '#0=#(1 #0#)', '(#0=(1 2) #0#)'])('refuse the graph %s', (text) => {
    expect(() => encode([readDatum(text)!.value])).toThrow(NotSerializable);
  });

  // [what is wrong, how the bytes are spoilt, the message]
  const SPOILT: readonly (readonly [string, (bytes: Buffer) => Buffer, string])[] = [
    ['garbage', () => Buffer.from('garbage'), 'bad magic bytes (expected ETAC)'],
    ['another version', (b) => Buffer.concat([b.subarray(0, 4), Buffer.of(99), b.subarray(5)]), 'format version 99'],
    ['a cut file', (b) => b.subarray(0, b.length - 1), 'checksum mismatch'],
    [
      'a flipped byte',
      (b) => Buffer.concat([b.subarray(0, 30), Buffer.of(b[30] ^ 1), b.subarray(31)]),
      'checksum mismatch',
    ],
  ];
  test.each(SPOILT)('refuse %s', (_, spoil, message) => {
    expect(() => decode(spoil(encode([1, 2, 3])))).toThrow(message);
  });

  test('remember what they were made from', () => {
    const origin: Origin = {
      instructionSet: 'abc',
      sources: [{ name: '../m.eta', checksum: '12' }],
      manifest: null,
      modules: [{ name: 'std.io', checksum: '34' }],
    };
    const file = new CompiledFile(encodeFile({ source, origin, content: '(display "é")' }, builtins));
    expect({ origin: file.origin, text: file.text }).toEqual({ origin, text: '(display "é")' });
  });

  test('name a variable that another module no longer has', () => {
    expect(() => decode(encode([new Cell('std.io', 'gone')]))).toThrow('module std.io has no variable gone');
  });
});

test('a span that is not known is not invented', () => {
  expect(codeWith([]).spanAt(99)).toBe(NO_SPAN);
});
