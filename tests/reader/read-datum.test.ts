import { describe, expect, test } from 'vitest';
import { DatumReadError, readDatum, readStatus, readWireDatum } from '../../src/reader/index.ts';
import { datumText } from '../../src/values/printer.ts';

function wire(text: string): string {
  try {
    return datumText(readWireDatum(text));
  } catch (error) {
    if (error instanceof DatumReadError) return error.message;
    throw error;
  }
}

const LEX = 'datum_reader: parse error: LexErrorKind::';
const PARSE = 'datum_reader: parse error: ParseErrorKind::';

describe('text frames', () => {
  // [frame, value]
  test.each([
    ['42 43', '42'],
    ['inf', 'inf'],
    ["'x", '(quote x)'],
    ['`(a ,b ,@c)', '(quasiquote (a (unquote b) (unquote-splicing c)))'],
    ['[1 2]', '(1 2)'],
    ['99999999999999999999', '100000000000000000000.0'],
    ['(1 (2 . 3) #(4 5))', '(1 (2 . 3) #(4 5))'],
    ['  ; comment\n #| more |# a', 'a'],
    ['#\\x3BB', '#\\λ'],
    ['a )', 'a'],
    ['a "', 'a'],
    ['+inf.0', '+inf.0'],
    ['Nil', '()'],
  ])('%s is %s', (frame, value) => {
    expect(wire(frame)).toBe(value);
  });

  // [frame, what is raised], networking §9.5
  test.each([
    ['\ufffd\x02', `${LEX}InvalidToken`],
    ['', `${PARSE}UnexpectedEOF`],
    [' ; only a comment', `${PARSE}UnexpectedEOF`],
    ['#;x', `${PARSE}UnexpectedEOF`],
    ["'", `${PARSE}UnexpectedEOF`],
    ['(', `${PARSE}UnclosedList`],
    ['(1 2', `${PARSE}UnclosedList`],
    ['(1 2]', `${PARSE}UnclosedList`],
    ['#(1', `${PARSE}UnclosedVector`],
    [')', `${PARSE}UnexpectedClosingDelimiter`],
    ['(1 . 2 3)', `${PARSE}MisplacedDot`],
    ['(1 . 2 . 3)', `${PARSE}MultipleDotsInDottedList`],
    ['(. 1)', `${PARSE}DotAtListStart`],
    ['#(1 . 2)', `${PARSE}DotInVector`],
    ['#u8(a)', `${PARSE}ByteVectorNonInteger`],
    ['#u8(300)', `${PARSE}InvalidByteLiteral`],
    ['1e400', `${PARSE}InvalidNumericLiteral`],
    ['#<closure>', `${LEX}InvalidToken`],
    ['(1 #<port> 2)', `${LEX}InvalidToken`],
    ['"abc', `${LEX}UnterminatedString`],
    ['#|', `${LEX}UnterminatedComment`],
    ['#0=(a . #0#)', `${LEX}InvalidToken`],
    ['#\\bogus', `${LEX}InvalidChar  -  unknown character name: bogus`],
    ['foo|bar', `${LEX}MissingDelimiter  -  identifier must be followed by a delimiter`],
    ['1/2', `${LEX}MissingDelimiter  -  number must be followed by a delimiter`],
    ['"\\q"', `${LEX}InvalidToken  -  Invalid escape sequence`],
  ])('%j raises %s', (frame, message) => {
    expect(wire(frame)).toBe(message);
  });

  test('10,000 levels are read, one more is refused; lists of any length are not nesting', () => {
    const nested = (depth: number) => '('.repeat(depth) + ')'.repeat(depth);
    expect(wire(nested(10_000))).toBe(nested(10_000));
    expect(wire(nested(10_001))).toBe(`${PARSE}NestingTooDeep`);
    expect(wire("'".repeat(10_001) + 'a')).toBe(`${PARSE}NestingTooDeep`);
    expect(wire(`(${'a '.repeat(100_000)})`)).toHaveLength(200_001);
    expect(wire(`${'(a . '.repeat(100_000)}()${')'.repeat(100_000)}`)).toHaveLength(200_001);
  });
});

describe('readDatum', () => {
  test('reads one datum after the other', () => {
    const text = ' a (b "c") ; comment\n#;x #u8(1) ';
    const found: string[] = [];
    for (let at = 0, datum = readDatum(text); datum !== null; datum = readDatum(text, at)) {
      found.push(datumText(datum.value));
      at = datum.end;
    }
    expect(found).toEqual(['a', '(b "c")', '#u8(1)']);
  });

  test('null at the end of the text', () => {
    expect(readDatum('')).toBe(null);
    expect(readDatum('a  ; b', 1)).toBe(null);
    expect(readDatum('a #;b #| c |#', 1)).toBe(null);
  });

  test('a fault says where it stands, and whether more text could mend it', () => {
    const fault = (text: string, start?: number) => {
      try {
        readDatum(text, start);
      } catch (error) {
        if (error instanceof DatumReadError) return error;
      }
      throw new Error(`no fault in ${text}`);
    };
    expect(fault('abc (1 #q 2)', 4)).toMatchObject({ start: 7, end: 9, atEnd: false });
    expect(fault('abc (1 2', 4)).toMatchObject({ atEnd: true, explanation: 'unclosed list' });
    expect(fault(`${' '.repeat(1000)}#\\bogus`)).toMatchObject({ start: 1000, end: 1007 });
  });

  // Data, comments and tokens of all lengths around the sizes of the windows in which the text is looked at.
  test.each([1, 60, 61, 62, 63, 64, 65, 66, 250, 254, 255, 256, 257, 258, 1022, 1023, 1024, 1025, 5000])(
    'is not misled where a window ends: %i characters',
    (size) => {
      const long = 'x'.repeat(size);
      for (const text of [
        long,
        `"${long}"`,
        `|${long}|`,
        `(${long})`,
        `(a . ${long})`,
        `#(${long} ${long})`,
        `((${long}))`,
      ]) {
        expect(datumText(readDatum(`${text} tail`)!.value)).toBe(text.startsWith('|') ? long : text);
        expect(datumText(readDatum(` ${text}`, 1)!.value)).toBe(text.startsWith('|') ? long : text);
      }
      const blank = ' '.repeat(size);
      for (const prefix of [blank, `;${long}\n`, `#|${long}|#`, `#;${long} `, `#;(${blank})`]) {
        expect(datumText(readDatum(`${prefix}#\\x41; b`)!.value)).toBe('#\\A');
        expect(datumText(readDatum(`${prefix},@a b`)!.value)).toBe('(unquote-splicing a)');
        expect(datumText(readDatum(`${prefix}1.5e3 b`)!.value)).toBe('1500.0');
      }
    },
  );

  test('a shebang line and a byte-order mark count only at the start of the text', () => {
    expect(datumText(readDatum('#!/bin/sh a\nb')!.value)).toBe('b');
    expect(datumText(readDatum('x #!eof a\nb', 2)!.value)).toBe('a');
    expect(() => readDatum('x\uFEFFa', 1)).toThrow(DatumReadError);
  });

  test('case folding is carried from one datum to the next', () => {
    const first = readDatum('#!fold-case A B')!;
    expect(first).toMatchObject({ value: { name: 'a' }, foldCase: true });
    expect(readDatum('#!fold-case A B', first.end, { foldCase: first.foldCase })).toMatchObject({
      value: { name: 'b' },
    });
  });
});

// tools §5.1, then our own
test.each([
  ['', 'complete'],
  ['(+ 1', 'incomplete'],
  ['(+ 1 2)', 'complete'],
  ['"unterminated', 'incomplete'],
  ['(+ 1\n  (+ 2 3)', 'incomplete'],
  ['#| block', 'incomplete'],
  ['#| nested #| block |# still-open', 'incomplete'],
  ['#| nested #| block |# done |#', 'complete'],
  ['; comment only', 'complete'],
  ['(+ 1 2)\n.continue', 'incomplete'],
  ['(+ 1 2)\n  ; trailing comment', 'complete'],
  ['"a\n(b)', 'incomplete'],
  ['[a', 'incomplete'],
  ['#(1', 'incomplete'],
  ["'", 'incomplete'],
  ['(a . ', 'incomplete'],
  ['#;', 'incomplete'],
  ['|a', 'incomplete'],
  ['#\\', 'incomplete'],
  ['a b', 'complete'],
  ['(a))', 'wrong'],
  ['(a ]', 'wrong'],
  ['(a #\\bogus', 'wrong'],
  ['(a . b c', 'wrong'],
  ['1+', 'wrong'],
] as const)('%j is %s', (text, status) => {
  expect(readStatus(text)).toBe(status);
});
