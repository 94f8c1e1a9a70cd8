// Regular expressions: matching by characters, flags, replacement, splitting, errors, the cache.

import { describe, expect, test } from 'vitest';
import { defineRegex } from '../../src/builtins/regex/define.ts';
import { Primitive } from '../../src/bytecode/procedures.ts';
import { NIL, type Value } from '../../src/values/types.ts';
import { callerOf, list, sym } from './os-support.ts';

const { call, show } = callerOf(defineRegex);
const compile = (pattern: string, ...flags: string[]): Value =>
  call('%regex-compile', pattern, list(...flags.map(sym)));

// [pattern, text, whole match?]
const WHOLE = [
  ['a|ab', 'ab', true],
  ['^ab', 'abc', false],
  ['a.c', 'a\nc', false],
  ['^.$', '𝄞', true],
  ['[à-ÿ]', 'é', true],
  ['\\cJ', '\n', true],
  ['[^]', '\n', true],
  ['\\-\\_\\y', '-_y', true],
  [']}', ']}', true],
  ['[[:alpha:][:digit:]_]+', 'aZ9_', true],
  ['[^[:space:]]+', 'a b', false],
  ['[a\\-z\\]]+', ']-a', true],
  ['\\p{L}+', 'λé', true],
  ['(?<a>x)\\k<a>y', 'xxy', true],
  ['(?<a>x)(?<a>y)\\k<a>1', 'xyx1', true],
  ['\\k<a>(?<a>x)', 'x', true],
  ['[{}]{2}', '{}', true],
  // which characters the classes have
  ['\\s', '\u00a0', true],
  ['\\w', 'é', false],
  ['\\d', '٣', false],
  ['.', '\u2028', false],
  ['[]', '', false],
  ['\\x41\\u0042\\0', 'AB\0', true],
] as const;

// [pattern, flags, text, start, match object]
const SEARCHES: [string, string[], string, number, string][] = [
  ['b', [], 'abcb', 2, '#(3 4 #((3 . 4)) () "abcb")'],
  ['b', [], 'abcb', 5, '#f'],
  ['^b', [], 'ab', 1, '#f'],
  ['(?<=a)b', [], 'bab', 0, '#(2 3 #((2 . 3)) () "bab")'],
  ['(?:(a)|b)*', [], 'ab', 0, '#(0 2 #((0 . 2) #f) () "ab")'],
  ['𝄞(.)', [], 'x𝄞y', 0, '#(1 3 #((1 . 3) (2 . 3)) () "x𝄞y")'],
  ['y', [], '𝄞𝄞yy', 3, '#(3 4 #((3 . 4)) () "𝄞𝄞yy")'],
  [
    '(?<y>\\d+)-(?<m>\\d+)(x)?',
    [],
    'on 2024-05',
    0,
    '#(3 10 #((3 . 10) (3 . 7) (8 . 10) #f) ((y 3 . 7) (m 8 . 10)) "on 2024-05")',
  ],
  ['(?<q>a)(b)', ['nosubs'], 'ab', 0, '#(0 2 #((0 . 2)) ((q . #f)) "ab")'],
  ['É', ['icase'], 'é', 0, '#(0 1 #((0 . 1)) () "é")'],
  ['STRASSE', ['icase'], 'strasse', 0, '#(0 7 #((0 . 7)) () "strasse")'],
  ['^b$', ['multiline'], 'a\nb\nc', 0, '#(2 3 #((2 . 3)) () "a\\nb\\nc")'],
  ['a|ab|abcd', ['extended'], 'xabcde', 0, '#(1 5 #((1 . 5)) () "xabcde")'],
  ['(a|ab)(c|bcd)(d*)', ['egrep'], 'abcd', 0, '#(0 4 #((0 . 4) (0 . 1) (1 . 4) (4 . 4)) () "abcd")'],
  ['a\nabc', ['grep'], 'abc', 0, '#(0 3 #((0 . 3)) () "abc")'],
  ['\\(a\\)\\1*+', ['basic'], 'aaa+', 0, '#(0 4 #((0 . 4) (0 . 1)) () "aaa+")'],
  ['*a^b$c', ['basic'], '*a^b$c', 0, '#(0 6 #((0 . 6)) () "*a^b$c")'],
  ['[\\n]x\\{2\\}', ['basic'], '\\xx', 0, '#(0 3 #((0 . 3)) () "\\\\xx")'],
  ['\\141\\/', ['awk'], 'a/', 0, '#(0 2 #((0 . 2)) () "a/")'],
];

// [pattern, text, spans of all matches]
const FIND_ALL = [
  ['a*', 'baac', '0-0 1-3 3-3 4-4'],
  ['^a', 'aaa', '0-1'],
  ['\\bfoo', 'foofoo', '0-3'],
  ['', 'é𝄞', '0-0 1-1 2-2'],
  ['aa', 'aaaaa', '0-2 2-4'],
] as const;

// [pattern, text, format, result]
const REPLACEMENTS = [
  ['(\\w)(\\w)', 'abcd', '$2$1', 'badc'],
  ['n', 'anb', "<$`|$'>", 'a<a|b>b'],
  ['n', 'anbnc', '[$`]', 'a[a]b[b]c'],
  ['a', 'cat', '$$ $ $z $10 $&', 'c$ $ $z  at'],
  ['(a)', 'cat', '<$01$0>', 'c<aa>t'],
  ['(?<q>a)', 'cat', '<$<q>0$<r>>', 'c<a0$<r>>t'],
  ['a*', 'baac', '-', '-b--c-'],
  ['^', 'ab', '>', '>ab'],
] as const;

// [pattern, text, pieces]
const SPLITS = [
  [',', ',a,,b,', '#("" "a" "" "b" "")'],
  ['', 'abc', '#("" "a" "b" "c" "")'],
  ['x*', 'axb', '#("" "a" "" "b" "")'],
  ['^a', 'aaa', '#("" "aa")'],
  [',', '', '#("")'],
  ['→', 'a→b', '#("a" "b")'],
] as const;

// [pattern, quoted pattern]
const MALFORMED = [
  ['[', '['],
  ['(?<a>[)', '([)'],
  [')', ')'],
  ['a**', 'a**'],
  ['a{2,1}', 'a{2,1}'],
  ['[b-a]', '[b-a]'],
  ['{', '{'],
  ['a{,2}', 'a{,2}'],
  ['(?i)a', '(?i)a'],
  ['(?P<n>a)', '(?P<n>a)'],
  ['(?>a)', '(?>a)'],
  ['a++', 'a++'],
  ['[\\d-z]', '[\\d-z]'],
  ['\\xZ', '\\xZ'],
  ['\\012', '\\012'],
  ['(?', '(?'],
  ['\\', '\\'],
  ['\\1', '\\1'],
  ['[[:foo:]]', '[[:foo:]]'],
] as const;

describe('regular expressions', () => {
  test.each(WHOLE)('%s matches the whole of %j: %s', (pattern, text, expected) => {
    expect(call('%regex-match?-str', pattern, text)).toBe(expected);
  });

  test.each(SEARCHES)('%s %j in %j from %d', (pattern, flags, text, start, expected) => {
    expect(show('%regex-search', compile(pattern, ...flags), text, start)).toBe(expected);
  });

  test.each(FIND_ALL)('all matches of %s in %s', (pattern, text, expected) => {
    const written = show('%regex-find-all-str', pattern, text);
    const spans = [...written.matchAll(/#\((\d+) (\d+) #\(/g)].map(([, start, end]) => `${start}-${end}`);
    expect(spans.join(' ')).toBe(expected);
  });

  test.each(REPLACEMENTS)('%s in %s replaced by %s', (pattern, text, format, expected) => {
    expect(call('%regex-replace-str', pattern, text, format)).toBe(expected);
  });

  test.each(SPLITS)('split at %s: %s', (pattern, text, expected) => {
    expect(show('%regex-split-str', pattern, text)).toBe(expected);
  });

  test.each(MALFORMED)('%s is malformed', (pattern, quoted) => {
    const message = show('%regex-match?-str', pattern, 'x');
    expect(message).toMatch(/^runtime\.regex-error: %regex-match\?-str: invalid regex pattern: ./);
    expect(message.endsWith(` (pattern: "${quoted}")`)).toBe(true);
  });

  test('the error of a malformed pattern has fields', () => {
    expect(() => compile('(')).toThrow(
      expect.objectContaining({
        fields: [
          ['pattern', '('],
          ['detail', 'Unterminated group'],
        ],
      }),
    );
  });

  test.each([
    [[5, NIL], '%regex-compile: pattern must be a string'],
    [['a', 5], '%regex-compile: expected a proper list'],
    [['a', list('icase')], '%regex-compile: expected symbol in flags list'],
    [['a', list(sym('bogus'))], "%regex-compile: unknown regex flag 'bogus'"],
  ] as [Value[], string][])('compile %j fails', (args, message) => {
    expect(show('%regex-compile', ...args)).toBe(`runtime.type-error: ${message}`);
  });

  test('flags are listed in order, the object prints them', () => {
    const regex = compile('q"\\d', 'optimize', ':icase', 'awk');
    expect(show('%regex-flags', regex)).toBe('(awk icase optimize)');
    expect(String((regex as { printed(): string }).printed())).toBe('#<regex "q\\"\\\\d" :awk :icase :optimize>');
  });

  test('the three helpers of replace-fn', () => {
    const matches = call(
      '%regex-replace-matches',
      compile('\\d+'),
      'a1𝄞22',
      new Primitive('f', '(f m)', 1, false, () => 'x', { doc: '', spec: '' }),
    );
    expect(show('%regex-replace-join', 'a1𝄞22', matches, list('<', '>'))).toBe('"a<𝄞>"');
    expect(show('%regex-replace-text', 5)).toBe('runtime.type-error: %regex-replace-fn: callback must return a string');
  });

  test('the cache counts, and drops the least recently used', () => {
    call('%regex-cache-reset!');
    call('%regex-match?-str', 'a', 'a');
    call('%regex-match?-str', 'a', 'b');
    show('%regex-match?-str', '[', 'b');
    for (let i = 0; i < 150; i++) call('%regex-match?-str', `p${i}`, 'x');
    expect(show('%regex-cache-stats')).toBe('#(1 152 151 23 128)');
  });
});
