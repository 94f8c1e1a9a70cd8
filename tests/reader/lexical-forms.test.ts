import { describe, expect, test } from 'vitest';
import { AtomSyntax, Identifier, type ListSyntax, readDatum } from '../../src/reader/index.ts';
import { Char, intern, NIL, Pair, Vector } from '../../src/values/types.ts';
import { printed, read } from './helpers.ts';

// [text, its data as `write` prints them]
const FORMS = [
  // white space, comments, directives (§1.1)
  ['a\tb\nc\vd\fe\rf g', 'a b c d e f g'],
  ['', ''],
  [' ; only a comment', ''],
  ['a ; comment\nb', 'a b'],
  ['a;comment', 'a'],
  ['a #| one |# b', 'a b'],
  ['a #| one #| two |# still |# b', 'a b'],
  ['#|\n|#a', 'a'],
  ['#||# a', 'a'],
  ['#;a b', 'b'],
  ['#; (a (b) "c") d', 'd'],
  ['#;#;a b c', 'c'],
  ["#;'a b", 'b'],
  ['#;#(1) #u8(1) [x]', '#u8(1) (x)'],
  ['(a #;b)', '(a)'],
  ['(a . #;b c)', '(a . c)'],
  ['(a . b #;c)', '(a . b)'],
  ["'#;a b", '(quote b)'],
  ['#!/usr/bin/env etai --flag (\na', 'a'],
  ['#!fold-case\nABC |ABC| "ABC" #\\A', 'abc ABC "ABC" #\\A'],
  ['A #!fold-case B #!no-fold-case C', 'A b C'],
  ['a #!eof b #!whatever c', 'a b c'],
  [' #!not-a-shebang a\nb', 'a b'],
  ['\uFEFFa', 'a'],
  ['\uFEFF#!/bin/sh x\na', 'a'],
  ['a\r\nb\r\n', 'a b'],

  // punctuation and data (§1.3, §2)
  ['()', '()'],
  ['[]', '()'],
  ['(a [b c] d)', '(a (b c) d)'],
  ['(a . b)', '(a . b)'],
  ['(a b . c)', '(a b . c)'],
  ['(a . (b c))', '(a b c)'],
  ['(a . (b . (c . ())))', '(a b c)'],
  ['(a . [b . c])', '(a b . c)'],
  ["(a . 'b)", '(a quote b)'],
  ['(a . #(b))', '(a . #(b))'],
  ['(a.b)', '(a.b)'],
  ['(1 .5)', '(1 0.5)'],
  ['(1 . 5)', '(1 . 5)'],
  ['(a .b)', '(a .b)'],
  ['#()', '#()'],
  ['#(a (b) #(c))', '#(a (b) #(c))'],
  ['#u8()', '#u8()'],
  ['#U8(0 255 #xff #b101 #o17 #d9)', '#u8(0 255 255 5 15 9)'],
  ["'a `b ,c ,@d", '(quote a) (quasiquote b) (unquote c) (unquote-splicing d)'],
  ["''a", '(quote (quote a))'],
  ["' a", '(quote a)'],
  ['`(a ,b ,@c)', '(quasiquote (a (unquote b) (unquote-splicing c)))'],
  [',@x, @y', '(unquote-splicing x) (unquote @y)'],
  ["(a'b)", '(a (quote b))'],
  ['(a"b"c)', '(a "b" c)'],

  // booleans
  ['#t #f #true #false #T #F #TRUE #False', '#t #f #t #f #t #f #t #f'],
  ['(#t)', '(#t)'],

  // strings (§1.4)
  ['"" "abc"', '"" "abc"'],
  ['"\\a\\b\\t\\n\\r\\"\\\\"', '"\\a\\b\\t\\n\\r\\"\\\\"'],
  ['"\\x41;\\X3bb;\\x1F600;"', '"Aλ😀"'],
  ['"\\u03BB-calculus \\ud83d\\ude00 \\u00e92"', '"λ-calculus 😀 é2"'],
  ['"a\\01"', '"a\0' + '1"'],
  ['"one\ntwo"', '"one\\ntwo"'],
  ['"one\r\ntwo"', '"one\\ntwo"'],
  ['"one\\r\\ntwo"', '"one\\r\\ntwo"'],
  ['"one \\  \n   two"', '"one two"'],
  ['"one\\\r\n two"', '"onetwo"'],
  ['"héllo 😀"', '"héllo 😀"'],
  ['"a;b#|c"', '"a;b#|c"'],
  ['"a"b', '"a" b'],

  // symbols (§1.5)
  ['! $ % & * / : < = > ? ^ _ ~ @', '! $ % & * / : < = > ? ^ _ ~ @'],
  ['a1 a+ a- a. a@ a.b ->x + - +a -a +inf -- +- -+5', 'a1 a+ a- a. a@ a.b ->x + - +a -a +inf -- +- -+5'],
  ['Abc aBC', 'Abc aBC'],
  ['... .. .... .b .+', '... |..| |....| .b |.+|'],
  ['|hello world| |a(b)| |a\\|b| |A\\x42;C|', '|hello world| |a(b)| |a\\|b| ABC'],
  ['|abc| || |\\n|', 'abc || n'],
  ['|two\nlines|', '|two\\xa;lines|'],
  ['Nil |Nil| (a . Nil) (a Nil)', '() () (a) (a ())'],
  ['nil NIL', 'nil NIL'],
  ['λ λx naïve x→y 你好 Ünï', '|λ| |λx| |naïve| |x→y| |你好| |Ünï|'],
  ['.λ +λ', '|.λ| |+λ|'],
  ['+inf.0x', '+inf.0 x'],

  // characters (§1.7)
  ['#\\a #\\Z #\\0 #\\\\ #\\# #\\|', '#\\a #\\Z #\\0 #\\\\ #\\# #\\|'],
  ['#\\( #\\) #\\[ #\\] #\\; #\\" #\\\' #\\` #\\,', '#\\( #\\) #\\[ #\\] #\\; #\\" #\\\' #\\` #\\,'],
  ['(#\\))', '(#\\))'],
  ['#\\space #\\newline #\\linefeed #\\tab #\\return', '#\\space #\\newline #\\newline #\\tab #\\return'],
  ['#\\backspace #\\alarm #\\nul #\\null #\\escape', '#\\backspace #\\alarm #\\null #\\null #\\escape'],
  ['#\\delete #\\del #\\vtab #\\page', '#\\delete #\\delete #\\xB; #\\xC;'],
  ['#\\SPACE #\\NewLine', '#\\space #\\newline'],
  ['#\\x41; #\\X41; #\\x41 #\\x1F600; #\\x0;', '#\\A #\\A #\\A #\\😀 #\\null'],
  ['#\\x #\\X (#\\x)', '#\\x #\\X (#\\x)'],
  ['#\\x;comment', '#\\x'],
  ['#\\λ #\\é #\\😀', '#\\λ #\\é #\\😀'],
  ['#\\x10FFFF;', '#\\x10FFFF;'],
  ['#\\a;comment', '#\\a'],

  // datum labels
  ['#0=(a . #0#)', '#0=(a . #0#)'],
  ['#0=(a #1=(b #0# #1#))', '#0=(a #1=(b #0# #1#))'],
  ['(#0=(1 2) #0#)', '((1 2) (1 2))'],
  ['#5=#(a #5#)', '#0=#(a #0#)'],
  ["'(#0=x #0#)", '(quote (x x))'],
  ['(a . #0=(b . #0#))', '(a . #0=(b . #0#))'],
  ['#0=a #0=b', 'a b'],
] as const;

describe('lexical forms', () => {
  test.each(FORMS)('%j reads as %s', (text, expected) => {
    expect(printed(text)).toBe(expected);
  });
});

describe('representations', () => {
  test('data are the values that the engine uses', () => {
    const value = (text: string) => readDatum(text)?.value;
    expect(value('abc')).toBe(intern('abc'));
    expect(value('()')).toBe(NIL);
    expect(value('#\\a')).toBeInstanceOf(Char);
    expect(value('(a . b)')).toEqual(new Pair(intern('a'), intern('b')));
    expect(value('#(1 "x")')).toEqual(new Vector([1, 'x']));
  });

  test('syntax: a tail is never a list, Nil is the empty list', () => {
    const { forms } = read('(a . (b . c)) Nil x 1');
    expect(forms[0]).toMatchObject({ kind: 'list', items: [{ symbol: intern('a') }, { symbol: intern('b') }] });
    expect((forms[0] as ListSyntax).tail).toBeInstanceOf(Identifier);
    expect(forms[1]).toMatchObject({ kind: 'list', items: [], tail: null });
    expect(forms[2]).toBeInstanceOf(Identifier);
    expect(forms[3]).toBeInstanceOf(AtomSyntax);
  });

  test('labelled data are shared and may be circular', () => {
    const shared = readDatum('(#0=(1) #0#)')!.value as Pair;
    expect(shared.car).toBe((shared.cdr as Pair).car);
    const circle = readDatum('#0=(a . #0#)')!.value as Pair;
    expect(circle.cdr).toBe(circle);
    const inner = readDatum('#0=(#1=(#0#) #1#)')!.value as Pair;
    expect((inner.car as Pair).car).toBe(inner);
    expect((inner.cdr as Pair).car).toBe(inner.car);
  });
});
