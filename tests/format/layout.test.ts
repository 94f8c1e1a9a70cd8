// The layout of Eta code: rows of text and layout, and what holds for every text.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatText } from '../../src/format/layout.ts';
import { piecesOf } from '../../src/format/pieces.ts';
import { syntaxToDatum } from '../../src/reader/index.ts';
import { datumText } from '../../src/values/printer.ts';
import { read } from '../reader/helpers.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

// [text, layout]
const ROWS = [
  ['', ''],
  [' \n\n', ''],
  ['(a   b)', '(a b)'],
  ['( a b )', '(a b)'],
  ["' a", "'a"],
  ['#u8( 1 2 )', '#u8(1 2)'],
  ['(define x 1) (define y 2)', '(define x 1)\n(define y 2)'],
  ['(define x 1)\n\n\n\n(define y 2)', '(define x 1)\n\n(define y 2)'],
  ['(define (f x)\nx\n)', '(define (f x)\n  x)'],
  ['(define\nx\n1)', '(define\n    x\n  1)'],
  ['(let ((a 1)\n(b 2))\n(+ a b))', '(let ((a 1)\n      (b 2))\n  (+ a b))'],
  ['(let loop ((i 0))\n(loop i))', '(let loop ((i 0))\n  (loop i))'],
  ['(do ((i 0 (+ i 1)))\n((= i 3))\n(f i))', '(do ((i 0 (+ i 1)))\n    ((= i 3))\n  (f i))'],
  ['(cond ((a) 1)\n(else\n2))', '(cond ((a) 1)\n      (else\n       2))'],
  ['(cond\n((a) 1)\n(else 2))', '(cond\n  ((a) 1)\n  (else 2))'],
  ['(case x\n((a b) 1)\n(else 2))', '(case x\n  ((a b) 1)\n  (else 2))'],
  ['(guard (e ((a) 1)\n(else 2))\n(f))', '(guard (e ((a) 1)\n          (else 2))\n  (f))'],
  ['(if a\nb\nc)', '(if a\n    b\n    c)'],
  ['(f a\nb\nc)', '(f a\n   b\n   c)'],
  ['(f\na\nb)', '(f\n  a\n  b)'],
  ['(for-each (lambda (x)\n(f x))\nxs)', '(for-each (lambda (x)\n            (f x))\n          xs)'],
  ["(with-socket 'req\n(lambda (s)\ns))", "(with-socket 'req\n  (lambda (s)\n    s))"],
  ["'(a b\nc d)", "'(a b\n  c d)"],
  ["'(if a\nb)", "'(if a\n  b)"],
  ['`(if ,a\n,@b)', '`(if ,a\n     ,@b)'],
  ['((f x)\ny)', '((f x)\n y)'],
  ['[let [[a 1]]\na]', '[let [[a 1]]\n  a]'],
  ['(module m\n(export f)\n(begin\n(define f 1)))', '(module m\n  (export f)\n  (begin\n    (define f 1)))'],
  ['(define-syntax s\n(syntax-rules ()\n((_ a)\na)))', '(define-syntax s\n  (syntax-rules ()\n    ((_ a)\n     a)))'],
  // Comments
  ['; a   \n;; b\n(f)', '; a\n;; b\n(f)'],
  ['(f ; why\na)', '(f ; why\n  a)'],
  ['(f a ; last\n)', '(f a ; last\n   )'],
  ['(define (f)\n; first\na)', '(define (f)\n  ; first\n  a)'],
  ['(a) ; one\n(bcd) ; two\n(e)', '(a)   ; one\n(bcd) ; two\n(e)'],
  ['(f #| in |# a)', '(f #| in |# a)'],
  ['(if #;x a\nb)', '(if #;x a\n        b)'],
  ['#!/usr/bin/env etai\n(f)', '#!/usr/bin/env etai\n(f)'],
  // Nothing inside of tokens changes.
  ['(f "a\n   b"  |x  y| #\\( )', '(f "a\n   b" |x  y| #\\()'],
  ['(f "a\r\nb")\r\n', '(f "a\nb")'],
  ['\ufeff(f)', '(f)'],
] as const;

// [rules of the macro m, its use, its layout]
const MACROS = [
  ['((_ test e ...) (let loop () (when test e ... (loop))))', '(m a\nb)', '(m a\n  b)'],
  ['((_ test e ...) (let loop () (when test e ... (loop))))', '(m\na\nb)', '(m\n    a\n  b)'],
  ['((_ a b c ...) (lambda a b c ...))', '(m a\nb)', '(m a\n  b)'],
  ['((_ a b c ...) (list a b c ...))', '(m a\nb)', '(m a\n   b)'],
  ['((_ (x in xs) . rest) (for-each (lambda (x) . rest) xs))', '(m (x in\ny)\nb)', '(m (x in\n    y)\n  b)'],
  ['((_ x b . c) (let ((y x)) b . c))', '(m x\nb)', '(m x\n  b)'],
  [
    '((_ ((n v) ...) e ...) ((lambda (n ...) e ...) v ...))',
    '(m ((a b)\n(c\nd))\nb)',
    '(m ((a b)\n    (c\n     d))\n  b)',
  ],
  ['((_ e) e) ((_ e r ...) (if e e (m r ...)))', '(m a\nb)', '(m a\n   b)'],
  ['((_ e) (begin e e))', '(m a\nb)', '(m a\n   b)'],
  ['((_ x body1 body2 ...) (other x body1 body2 ...))', '(m a\nb)', '(m a\n  b)'],
  ['((_ x y body) (other x y body))', '(m a b\nc)', '(m a b\n  c)'],
  ['((_ x (k e ...) ...) (cond ((eqv? x k) e ...) ...))', '(m a\n(b\nc))', '(m a\n  (b\n   c))'],
  ['((_ (else e ...)) (begin e ...)) ((_ (t e ...) clause ...) t)', '(m (a)\n(b\nc))', '(m (a)\n   (b\n    c))'],
  ['((_ key (a b) clause ...) t)', '(m a\n(b\nc))', '(m a\n  (b\n   c))'],
  ['((_ () e ...) (begin e ...)) ((_ (x y ...) e ...) (let (x) (m (y ...) e ...)))', '(m (a)\nb)', '(m (a)\n  b)'],
  ['((_ a #;b c ...) (begin c ...))', '(m a\nb)', '(m a\n  b)'],
  ["((_ 'a b ...) (begin b ...)) (x) y", "(m 'a\nb)", "(m 'a\n  b)"],
  ['() ((_)) ((_ ...) 1) ((_ . a) 1)', '(m a\nb)', '(m a\n   b)'],
] as const;

describe('layout', () => {
  test.each(MACROS)('of a macro with the rules %s: %j', (rules, use, layout) => {
    for (const define of [
      `(define-syntax m (syntax-rules () ${rules}))`,
      `(let-syntax ((m (syntax-rules ::: (in else) ${rules.replaceAll('...', ':::')}))) x)`,
    ]) {
      const laidOut = formatText(`${define}\n\n${use}`);
      expect(laidOut.slice(laidOut.indexOf('\n\n') + 2)).toBe(`${layout}\n`);
    }
  });

  test.each(ROWS)('%j', (text, layout) => {
    expect(formatText(text)).toBe(layout === '' ? '' : `${layout}\n`);
  });

  test('breaks what does not fit, filling data and calls of atoms', () => {
    const word = 'abcdefghi';
    const words = Array.from({ length: 14 }, () => word).join(' ');
    const filled = `(list ${Array(11).fill(word).join(' ')}\n      ${word} ${word} ${word})\n`;
    expect(formatText(`(list ${words})`)).toBe(filled);
    expect(
      formatText(`(if (f ${word}) (g ${Array(6).fill(word).join(' ')}) (h ${Array(6).fill(word).join(' ')}))`),
    ).toBe(`(if (f ${word})\n    (g ${Array(6).fill(word).join(' ')})\n    (h ${Array(6).fill(word).join(' ')}))\n`);
    expect(formatText(`(define (f) ${`(g ${words.slice(0, 60)}) `.repeat(2)})`)).toBe(
      `(define (f)\n  (g ${words.slice(0, 60).trim()})\n  (g ${words.slice(0, 60).trim()}))\n`,
    );
  });

  test('takes any depth', () => {
    const depth = 100_000;
    const text = `${'('.repeat(depth)}${')'.repeat(depth)}`;
    expect(formatText(text).replaceAll(/\s/g, '')).toBe(text);
  });
});

/** What must not change: the data, and the comments in their order. */
const essence = (text: string) => ({
  data: read(text).forms.map((form) => datumText(syntaxToDatum(form))),
  comments: piecesOf(text)
    .filter(({ kind }) => kind.endsWith('comment'))
    .map((piece) => piece.text),
});

function check(text: string): void {
  const laidOut = formatText(text);
  expect(essence(laidOut)).toEqual(essence(text));
  expect(formatText(laidOut)).toBe(laidOut);
}

const space = fc.constantFrom(' ', '  ', '\n', '\n\n', '\n\n\n', '\t', ' ; note\n', '\n;; own line\n', ' #| block |# ');
const atom = fc.constantFrom(
  ...['syntax-rules', '(define-syntax list (syntax-rules () ((_ a b ...) (let loop () b ...))))', '_', 'body'],
  ...['x', 'lambda', 'define', 'let', 'cond', 'else', 'if', 'list', 'a-rather-long-name-of-something', '1', '-2.5'],
  ...['"s"', '"two\nlines"', '"; no comment"', '#\\;', '#\\(', '|b ar|', '#t', '...', '=>', '#u8(1 2)'],
);
const { form } = fc.letrec<{ form: string }>((tie) => ({
  form: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    atom,
    fc
      .tuple(
        fc.constantFrom('()', '()', '()', '[]', '#()', "'()", '`()', ',()', '#;()'),
        fc.array(fc.tuple(space, tie('form')), { maxLength: 7 }),
        space,
      )
      .map(([brackets, items, last]) => {
        const inner = items.map(([gap, item]) => gap + item).join('');
        return `${brackets.slice(0, -1)}${inner}${last}${brackets.slice(-1)}`;
      }),
  ),
}));

test('random texts keep data and comments, and are laid out once and for all', () => {
  const text = fc.array(fc.tuple(form, space), { maxLength: 4 }).map((parts) => parts.flat().join(''));
  fc.assert(fc.property(text, check), { seed, numRuns: 400 });
});

const OWN = ['stdlib', 'examples', 'tests/conformance'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.eta'))
    .map((name) => join(folder, name)),
);

test('the programs of this project keep data and comments', () => {
  for (const file of OWN) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    if (read(text).diagnostics.length === 0) check(text);
  }
});
