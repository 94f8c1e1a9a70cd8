import { describe, expect, test } from 'vitest';
import { decodeSource } from '../../src/reader/index.ts';
import { faults, printed, read } from './helpers.ts';

// [text, code, `SPAN MESSAGE`]
const LEXER = [
  ['"abc', 'UnterminatedString', '1:1-1:5 unterminated string'],
  ['"abc\\"', 'UnterminatedString', '1:1-1:7 unterminated string'],
  ['"abc\ndef', 'UnterminatedString', '1:1-1:5 unterminated string'],
  ['"abc\\', 'UnterminatedString', '1:1-1:6 unterminated string'],
  ['#| a #| b |#', 'UnterminatedComment', '1:1-1:13 unterminated block comment'],
  ['|abc', 'UnexpectedEOF', '1:1-1:5 unterminated bar identifier'],
  ['#;', 'UnterminatedComment', '1:1-1:3 unterminated datum comment'],
  ['(a #; ', 'UnterminatedComment', '1:4-1:6 unterminated datum comment'],
  ['(#;)', 'InvalidDatum', '1:4-1:5 expected a datum after #; but found a delimiter'],
  ['[a #;]', 'InvalidDatum', '1:6-1:7 expected a datum after #; but found a delimiter'],
  ['(a #; . b)', 'InvalidDatum', '1:7-1:8 expected a datum after #; but found a delimiter'],
  ['a#b', 'MissingDelimiter', '1:1-1:2 identifier must be followed by a delimiter'],
  ['foo|bar', 'MissingDelimiter', '1:1-1:4 identifier must be followed by a delimiter'],
  ['|foo|bar', 'MissingDelimiter', '1:1-1:6 identifier must be followed by a delimiter'],
  ['a{b', 'MissingDelimiter', '1:1-1:2 identifier must be followed by a delimiter'],
  ['a\u00a0b', 'MissingDelimiter', '1:1-1:2 identifier must be followed by a delimiter'],
  ['#tr', 'MissingDelimiter', '1:1-1:3 boolean must be followed by a delimiter'],
  ['#false1', 'MissingDelimiter', '1:1-1:3 boolean must be followed by a delimiter'],
  ['#\\(a', 'MissingDelimiter', '1:1-1:4 character must be followed by a delimiter'],
  ['#\\x41;a', 'MissingDelimiter', '1:1-1:7 character must be followed by a delimiter'],
  ['"\\q"', 'InvalidToken', '1:1-1:4 Invalid escape sequence'],
  ['"\\v"', 'InvalidToken', '1:1-1:4 Invalid escape sequence'],
  ['"\\u"', 'InvalidToken', '1:1-1:4 empty hex escape'],
  ['"\\u3BB"', 'InvalidToken', '1:1-1:7 invalid hex digit'],
  ['"\\uD83D"', 'InvalidCodePoint', '1:1-1:8 surrogate not allowed'],
  ['"a\\ b"', 'InvalidToken', '1:1-1:5 Invalid escape sequence'],
  ['"\\x;"', 'InvalidToken', '1:1-1:5 empty hex escape'],
  ['"\\x4g;"', 'InvalidToken', '1:1-1:5 invalid hex digit'],
  ['"\\x41"', 'InvalidToken', '1:1-1:6 invalid hex digit'],
  ['|\\x;|', 'InvalidToken', '1:1-1:5 empty hex escape'],
  ['"\\x110000;"', 'InvalidCodePoint', '1:1-1:11 Unicode escape exceeds maximum code point'],
  ['"\\xD800;"', 'InvalidCodePoint', '1:1-1:9 surrogate not allowed'],
  ['#\\xDFFF;', 'InvalidCodePoint', '1:1-1:9 surrogate not allowed'],
  ['#\\x110000;', 'InvalidCodePoint', '1:1-1:11 Unicode escape exceeds maximum code point'],
  ['#\\xyz', 'InvalidChar', '1:1-1:4 invalid hex digit'],
  ['#\\x4g', 'InvalidChar', '1:1-1:5 invalid hex digit'],
  ['#\\bogus', 'InvalidChar', '1:1-1:8 unknown character name: bogus'],
  ['#\\λx', 'InvalidChar', '1:1-1:6 unknown character name: λx'],
  ['#\\ a', 'InvalidChar', '1:1-1:3 empty character name'],
  ['#\\', 'UnexpectedEOF', '1:1-1:3 unexpected EOF after #\\'],
  ['#u8[1]', 'InvalidToken', '1:1-1:3 expected #u8( for bytevector'],
  ['{', 'InvalidToken', "1:1-1:2 unexpected character '{'"],
  ['\\a', 'InvalidToken', "1:1-1:2 unexpected character '\\'"],
  ['\x01', 'InvalidToken', '1:1-1:2 unexpected character U+0001'],
  ['\0', 'InvalidToken', '1:1-1:2 unexpected character U+0000'],
  ['\u00a0', 'InvalidToken', '1:1-1:3 unexpected character U+00A0'],
  ['\ufffd', 'InvalidToken', "1:1-1:4 unexpected character '\ufffd'"],
  ['“a”', 'InvalidToken', "1:1-1:4 unexpected character '“'"],
  ['#a', 'InvalidToken', "1:1-1:3 unexpected character 'a' after #"],
  ['#<port 3>', 'InvalidToken', "1:1-1:3 unexpected '<' after #"],
  ['#[1]', 'InvalidToken', "1:1-1:2 unexpected character '#'"],
] as const;

const PARSER = [
  ["'", 'UnexpectedToken', '1:1-1:2 unexpected end of input'],
  ['(a ,@', 'UnexpectedToken', '1:4-1:6 unexpected end of input'],
  ['(a . ', 'UnexpectedToken', '1:1-1:2 unexpected end of input'],
  [')', 'UnmatchedParen', '1:1-1:2 unexpected closing delimiter'],
  [']', 'UnmatchedParen', '1:1-1:2 unexpected closing delimiter'],
  ['a)))', 'UnmatchedParen', '1:2-1:3 unexpected closing delimiter'],
  ["(a ')", 'UnmatchedParen', '1:5-1:6 unexpected closing delimiter'],
  ["')", 'UnmatchedParen', '1:2-1:3 unexpected closing delimiter'],
  ['(x .)', 'UnmatchedParen', '1:5-1:6 unexpected closing delimiter'],
  ["(x . ')", 'UnmatchedParen', '1:7-1:8 unexpected closing delimiter'],
  ['#(1 ] 2)', 'UnmatchedParen', '1:5-1:6 unexpected closing delimiter'],
  ['(a (b c', 'InvalidList', '1:4-1:5 unclosed list'],
  ['(a b', 'InvalidList', '1:1-1:2 unclosed list'],
  ['(a . (b', 'InvalidList', '1:6-1:7 unclosed list'],
  ['(a . b', 'InvalidList', '1:1-1:2 unclosed list'],
  ['(a]', 'InvalidList', '1:1-1:2 unclosed list'],
  ['[a)', 'InvalidList', '1:1-1:2 unclosed list'],
  ['(a . b c)', 'InvalidDottedList', '1:8-1:9 misplaced dot in list'],
  ['(a . b c d)', 'InvalidDottedList', '1:8-1:9 misplaced dot in list'],
  ['(a . (b) (c))', 'InvalidDottedList', '1:12-1:13 misplaced dot in list'],
  ['. a', 'InvalidDottedList', '1:1-1:2 misplaced dot in list'],
  ["'. a", 'InvalidDottedList', '1:2-1:3 misplaced dot in list'],
  ['(a . b . c)', 'InvalidDottedList', '1:8-1:9 multiple dots in dotted list'],
  ['(a . . b)', 'InvalidDottedList', '1:6-1:7 multiple dots in dotted list'],
  ['(. a)', 'InvalidDottedList', '1:2-1:3 dot at start of list'],
  ['( . )', 'InvalidDottedList', '1:3-1:4 dot at start of list'],
  ['(a . ( . b))', 'InvalidDottedList', '1:8-1:9 dot at start of list'],
  ['#(1 2', 'InvalidVector', '1:1-1:3 unclosed vector'],
  ['#u8(1 2', 'InvalidVector', '1:1-1:5 unclosed vector'],
  ['#(a . b)', 'InvalidVector', '1:5-1:6 dot in vector literal'],
  ['#u8(1 a)', 'InvalidVector', '1:7-1:8 non-integer in byte vector'],
  ['#u8(1 (2))', 'InvalidVector', '1:9-1:10 non-integer in byte vector'],
  ['#u8(1 "2")', 'InvalidVector', '1:7-1:10 non-integer in byte vector'],
  ['#u8(1 . 2)', 'InvalidVector', '1:7-1:8 non-integer in byte vector'],
  ['#u8(1.5)', 'InvalidVector', '1:5-1:8 invalid byte literal'],
  ['#u8(2.0)', 'InvalidVector', '1:5-1:8 invalid byte literal'],
  ['#u8(256 300)', 'InvalidVector', '1:5-1:8 invalid byte literal'],
  ['#u8(#x-1)', 'InvalidVector', '1:5-1:9 invalid byte literal'],
  ['1e400', 'UnexpectedToken', '1:1-1:6 parse error'],
  ['#0#', 'UnexpectedToken', '1:1-1:4 reference to a datum label that is not defined'],
  ['#0=a #0#', 'UnexpectedToken', '1:6-1:9 reference to a datum label that is not defined'],
  ['(#0=a #0=b)', 'UnexpectedToken', '1:7-1:10 datum label defined twice'],
  ['#0=#0#', 'UnexpectedToken', '1:1-1:4 datum label without a datum'],
  ['(#0=)', 'UnmatchedParen', '1:5-1:6 unexpected closing delimiter'],
] as const;

describe.each([
  ['lexer', LEXER],
  ['parser', PARSER],
] as const)('faults of the %s', (phase, rows) => {
  test.each(rows.map((row) => [...row]))('%j is %s: %s', (text, code, fault) => {
    const { diagnostics } = read(text);
    expect(faults(text)).toEqual([fault]);
    expect(diagnostics[0]).toMatchObject({ severity: 'error', phase, code });
  });
});

test('a message is never empty', () => {
  for (const [text] of [...LEXER, ...PARSER])
    for (const { message } of read(text).diagnostics) expect(message).not.toBe('');
});

describe('bytes that are not UTF-8', () => {
  const text = (...parts: (string | number)[]) =>
    decodeSource(
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part])))),
    );

  test.each([
    ['a stray byte', text('"a', 0xff, 'b" x'), '1:1-1:4 invalid UTF-8 sequence'],
    ['a continuation byte', text('"', 0x80, '"'), '1:1-1:3 invalid UTF-8 sequence'],
    ['a cut sequence', text('"', 0xc3, '"'), '1:1-1:3 invalid UTF-8 sequence'],
    ['a sequence that the text cuts', text('"', 0xe2, '"'), '1:1-1:3 truncated UTF-8 sequence'],
    ['an overlong sequence', text('"', 0xc0, 0x80, '"'), '1:1-1:3 invalid UTF-8 sequence'],
    ['a surrogate', text('"', 0xed, 0xa0, 0x80, '"'), '1:1-1:3 Unicode scalar value out of range'],
    ['beyond Unicode', text('"', 0xf4, 0x90, 0x80, 0x80, '"'), '1:1-1:3 Unicode scalar value out of range'],
    ['inside bars', text('|a', 0xfe, '|'), '1:1-1:4 invalid UTF-8 sequence'],
    ['outside of strings', text('x ', 0xfe), '1:3-1:4 unexpected character byte 0xFE'],
  ])('%s', (_, source, fault) => {
    expect(faults(source)).toEqual([fault]);
  });

  test('in comments they do no harm, and well-formed text is left alone', () => {
    expect(printed(text('; ', 0xff, '\n#|', 0xfe, '|# a'))).toBe('a');
    expect(text('é😀', 0xff, 'λ').replace(/[\udc80-\udcff](?![\udc00-\udfff])/u, '?')).toBe('é😀?λ');
    expect(text(0xef, 0xbb, 0xbf, 'a', 0xff)).toBe('a\udcff');
    expect(text(0xef, 0xbb, 0xbf, 'a')).toBe('a');
  });
});
