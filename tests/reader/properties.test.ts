// Properties: what is printed reads back equal; cut and altered texts give diagnostics and nothing else.
//
// fast-check prints the seed of a failure; a run has a seed of its own unless FC_SEED sets it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DatumReadError,
  datumToSyntax,
  decodeSource,
  readDatum,
  readStatus,
  readWireDatum,
  type Syntax,
  syntaxToDatum,
} from '../../src/reader/index.ts';
import { isEqual } from '../../src/values/equality.ts';
import { datumText } from '../../src/values/printer.ts';
import { NO_SPAN } from '../../src/values/span.ts';
import {
  Bytevector,
  charOf,
  flonum,
  integerFromBigint,
  intern,
  listFrom,
  NIL,
  type Value,
  Vector,
} from '../../src/values/types.ts';
import { allWithin, read } from './helpers.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const runs = { seed, numRuns: 300 };

const scalar = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));

const { datum } = fc.letrec<{ datum: Value; list: Value; vector: Value; atom: Value }>((tie) => ({
  datum: fc.oneof({ depthSize: 'small' }, tie('atom'), tie('list'), tie('vector')),
  list: fc
    .tuple(fc.array(tie('datum'), { minLength: 1, maxLength: 5 }), fc.option(tie('atom'), { nil: NIL }))
    .map(([items, tail]) => listFrom(items, tail)),
  vector: fc.array(tie('datum'), { maxLength: 5 }).map((items) => new Vector(items)),
  atom: fc.oneof(
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(integerFromBigint),
    fc.maxSafeInteger(),
    fc.double().map(flonum),
    fc.string({ unit: 'binary' }),
    fc
      .string({ unit: 'binary' })
      .filter((name) => name !== 'Nil')
      .map(intern),
    fc.constantFrom('.', '...', '+', '-', '1+', '+1', '-.5', '+inf.0', '#t', 'a|b', '', 'a b', 'λ', 'A').map(intern),
    scalar.map(charOf),
    fc.uint8Array({ maxLength: 5 }).map((bytes) => new Bytevector(bytes)),
    fc.constant(NIL),
  ),
}));

/** The text between the two ends of the span of `syntax`. */
function textOf({ span }: Syntax, text: string): string {
  const bytes = Buffer.from(text);
  const lineStarts = [0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10) lineStarts.push(i + 1);
  const start = lineStarts[span.startLine - 1] + span.startColumn - 1;
  return bytes.subarray(start, lineStarts[span.endLine - 1] + span.endColumn - 1).toString();
}

describe('what is printed reads back', () => {
  test('as run-time data', () => {
    fc.assert(
      fc.property(datum, (value) => {
        const text = datumText(value);
        expect(isEqual(readDatum(text)!.value, value)).toBe(true);
        expect(isEqual(readWireDatum(text), value)).toBe(true);
      }),
      runs,
    );
  });

  test('in a program, and every part knows its place in the text', () => {
    fc.assert(
      fc.property(fc.array(datum, { maxLength: 4 }), (values) => {
        const text = values.map(datumText).join('\n');
        const { forms, diagnostics } = read(text);
        expect(diagnostics).toEqual([]);
        expect(forms.map(syntaxToDatum).every((value, i) => isEqual(value, values[i]))).toBe(true);
        for (const part of forms.flatMap(allWithin)) {
          expect(isEqual(readDatum(textOf(part, text))!.value, syntaxToDatum(part))).toBe(true);
        }
      }),
      runs,
    );
  });

  test('through syntax', () => {
    fc.assert(
      fc.property(datum, (value) => isEqual(syntaxToDatum(datumToSyntax(value, NO_SPAN)), value)),
      runs,
    );
  });
});

/** Reads in every way; throws only if the reader does what it must not. */
function readAnyhow(text: string): void {
  const { diagnostics } = read(text);
  expect(diagnostics.length).toBeLessThanOrEqual(20);
  for (const { message, span } of diagnostics) {
    expect(message).not.toBe('');
    expect(
      span.startLine < span.endLine || (span.startLine === span.endLine && span.startColumn <= span.endColumn),
    ).toBe(true);
  }
  const status = readStatus(text);
  if (diagnostics.length === 0) expect(status).not.toBe('wrong');
  else expect(status).not.toBe('complete');
  for (let at = 0; at < text.length; ) {
    try {
      const found = readDatum(text, at);
      if (found === null) break;
      expect(found.end).toBeGreaterThan(at);
      at = found.end;
    } catch (error) {
      expect(error).toBeInstanceOf(DatumReadError);
      expect((error as DatumReadError).end).toBeGreaterThan(at);
      at = (error as DatumReadError).end;
    }
  }
}

const FRAGMENTS = [
  '(',
  ')',
  '[',
  ']',
  '#(',
  '#u8(',
  "'",
  '`',
  ',',
  ',@',
  '.',
  ' . ',
  '...',
  '#;',
  '#|',
  '|#',
  '|',
  '"',
  '\\',
  '\\x41;',
  '\\x',
  ';',
  '\n',
  '\n(',
  '\r\n',
  ' ',
  '#t',
  '#false',
  '#\\a',
  '#\\x41;',
  '#\\',
  '#\\space',
  '#',
  '#!fold-case',
  '#!x',
  '#0=',
  '#0#',
  '#1=',
  '#1#',
  '1',
  '-',
  '+',
  '1.5',
  '1e',
  '#x',
  '#e',
  'ff',
  '+inf.0',
  'a',
  'Nil',
  'λ',
  '😀',
  '\u00a0',
  '\0',
  '\ufeff',
  '{',
  '300',
  '\udc80',
  '\udcff',
];

describe('whatever the text, there is an end, and nothing but diagnostics', () => {
  test('fragments of the syntax in any order', () => {
    const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, readAnyhow), { ...runs, numRuns: 3000 });
  });
  test('bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => readAnyhow(decodeSource(bytes))),
      runs,
    );
  });
  test('characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), readAnyhow), runs);
  });
  test('good texts, cut', () => {
    fc.assert(
      fc.property(datum, fc.nat(), (value, n) => readAnyhow(cutAt(datumText(value), n))),
      runs,
    );
  });
  test('good texts, with one character replaced', () => {
    const replaced = (value: Value, n: number, by: string) => {
      const text = datumText(value);
      return cutAt(text, n) + by + text.slice((n % (text.length + 1)) + 1);
    };
    fc.assert(
      fc.property(datum, fc.nat(), fc.constantFrom(...FRAGMENTS), (value, n, by) => readAnyhow(replaced(value, n, by))),
      runs,
    );
  });
});

const cutAt = (text: string, n: number): string => text.slice(0, n % (text.length + 1));

describe('a datum is read the same, wherever the text goes on', () => {
  test('windows', () => {
    fc.assert(
      fc.property(datum, fc.nat(400), fc.constantFrom(' ', '\n', ')', '"', ' #|', " '"), (value, blanks, after) => {
        const text = ' '.repeat(blanks) + datumText(value) + after;
        expect(isEqual(readDatum(text)!.value, value)).toBe(true);
      }),
      runs,
    );
  });
});
