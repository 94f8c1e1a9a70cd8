import { describe, expect, test } from 'vitest';
import { faults, place, printed, read } from './helpers.ts';

// [what it shows, text, all faults]
const TEXTS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'faults of several kinds, in the order of the text',
    '(define a #\\bogus)\n(define b 12abc)\n{ "\\q"\n#u8(300) )\n(c . d e)',
    [
      '1:11-1:18 unknown character name: bogus',
      '2:11-2:13 number must be followed by a delimiter',
      "3:1-3:2 unexpected character '{'",
      '3:3-3:6 Invalid escape sequence',
      '4:5-4:8 invalid byte literal',
      '4:10-4:11 unexpected closing delimiter',
      '5:8-5:9 misplaced dot in list',
    ],
  ],
  [
    'several in one form',
    '(module m (f #q) (g 1+) (h "\\z"))',
    [
      "1:14-1:16 unexpected character 'q' after #",
      '1:21-1:22 number must be followed by a delimiter',
      '1:28-1:31 Invalid escape sequence',
    ],
  ],
  [
    'each form that is not closed, the others being read',
    '(define a (f 1)\n(define b 2)\n(define c (f 1)\n(define d 4)\n',
    ['1:1-1:2 unclosed list', '3:1-3:2 unclosed list'],
  ],
  ['without forms in the first column: the innermost', '(a (b\n  (c)', ['1:4-1:5 unclosed list']],
  [
    'an unclosed form does not hide the faults after it',
    '(a\n(b #\\bogus)',
    ['1:1-1:2 unclosed list', '2:4-2:11 unknown character name: bogus'],
  ],
  [
    'nor those inside it',
    '(a #\\bogus\n(b 1+)',
    [
      '1:1-1:2 unclosed list',
      '1:4-1:11 unknown character name: bogus',
      '2:4-2:5 number must be followed by a delimiter',
    ],
  ],
  [
    'closers too many, once each',
    '(a))) (b)) c',
    ['1:4-1:5 unexpected closing delimiter', '1:10-1:11 unexpected closing delimiter'],
  ],
  ['a forgotten ] inside ( )', '(let ([x 1) (y 2))\n(ok)', ['1:7-1:8 unclosed list']],
  ['a mistyped closer', '(let ([x 1)\n  (foo))\n(ok)', ['1:7-1:8 unclosed list']],
  ['a mistyped closer at the top', '(a]\n(b) )', ['1:1-1:2 unclosed list', '2:5-2:6 unexpected closing delimiter']],
  ['an unterminated string does not unclose its list', '(display "abc)\n(ok)', ['1:10-1:15 unterminated string']],
  [
    'nor hide what follows',
    '(display "abc)\n(f #\\bogus)',
    ['1:10-1:15 unterminated string', '2:4-2:11 unknown character name: bogus'],
  ],
  [
    'an unterminated comment likewise',
    '(a #| b)\n(f #q)',
    ['1:4-1:9 unterminated block comment', "2:4-2:6 unexpected character 'q' after #"],
  ],
  [
    'an unterminated bar likewise',
    '(a |b)\n(f #q)',
    ['1:4-1:7 unterminated bar identifier', "2:4-2:6 unexpected character 'q' after #"],
  ],
];

test.each(TEXTS)('%s', (_, text, expected) => {
  expect(faults(text)).toEqual(expected);
});

test('what is wrong with a file that is no text is told once', () => {
  expect(faults('\x7fELF\x01\0\0 (')).toEqual(['1:1-1:2 unexpected character U+007F']);
});

test('at most 20', () => {
  expect(faults('#q '.repeat(50))).toHaveLength(20);
  expect(faults('(a\n'.repeat(50))).toHaveLength(20);
});

describe('forms', () => {
  test('those without faults are delivered, those with faults are not', () => {
    const { forms } = read('(a)\n(b #q)\n(c)\n#;(d #q) (e)\n(f\n(g)');
    expect(forms.map((form) => place(form.span))).toEqual(['1:1-1:4', '3:1-3:4', '4:10-4:13', '6:1-6:4']);
  });
  test('a fault-free text after the 20th fault is not asked for', () => {
    expect(read('#q '.repeat(20) + '(a)').forms).toEqual([]);
  });
});

describe('advice', () => {
  test('an unclosed module names the bracket whose content is not indented', () => {
    const text = '(module m\n  (begin\n    (define (f x)\n      (g x)\n    (define (h) 2)))\n';
    const [diagnostic] = read(text).diagnostics;
    expect(place(diagnostic.span)).toBe('1:1-1:2');
    expect(diagnostic.related?.map(({ span, label }) => [place(span), label])).toEqual([
      ['3:5-3:6', 'perhaps this one: what follows is not indented inside it'],
      ['4:12-4:12', 'perhaps its closing bracket is missing here'],
    ]);
  });
  test('a list closed by the wrong bracket shows that bracket', () => {
    const [{ related }] = read('(a\n b]').diagnostics;
    expect(related?.map(({ span, label }) => [place(span), label])).toEqual([
      ['2:3-2:4', 'closed here by the other kind of bracket'],
    ]);
  });
  test('an unterminated string points at the string that swallowed code', () => {
    const { diagnostics } = read('(a "x)\n(b "y")\n(c "z")\n');
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0].message).toBe('unterminated string');
    expect(place(diagnostics[0].related![0].span)).toBe('1:4-1:5');
  });
  test('some faults carry a hint', () => {
    expect(read('"\\q"').diagnostics[0].hint).toContain('\\xHEX;');
    expect(read('a\u00a0b').diagnostics[0].hint).toBe('U+00A0 is neither white space nor part of a name');
  });
});

test('a text that strings and comments make look broken is not', () => {
  expect(printed('(a ")" #| ( |# b) ; (\n#;(c)')).toBe('(a ")" b)');
});
