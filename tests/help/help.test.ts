// (help …) and (apropos …), as a program uses them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readModuleText } from '../../src/help/module-comments.ts';
import { evaluate } from '../support/evaluate.ts';

const PAIR = `(cdr p)                                                                builtin
  The second component of a pair.
  Errors: p is not a pair
  (cdr '(1 2 3))  ; => (2 3)
`;

describe('help', () => {
  // The same answer, however one asks.
  test.each(['cdr', "'cdr", '"cdr"', '(car (list cdr))'])('(help %s)', (about) => {
    expect(evaluate(`(help ${about})`)).toEqual({ printed: '()', output: PAIR });
  });

  // [program, the first line of its output]
  test.each([
    ['(help if)', '(if test consequent [alternate])                                  special form'],
    ['(help else)', '(else body …)                                                     special form'],
    ['(help println)', '(println x …)                                              procedure of std.io'],
    ['(help std.json)', '(import std.json)                                                       module'],
    ['(help pi)', 'pi                                                        variable of std.math'],
    ['(let ((f foldl)) (help f))', '(foldl f init xs)                                 procedure of std.collections'],
    ["(help 'json:read)", "(json:read port ['keep-integers-exact? flag])            procedure of std.json"],
    ['(help help)', '(help [name])                                                     special form'],
    ['(help carr)', 'nothing is known of carr; did you mean car?'],
    ['(help 5)', 'help: not a name or a procedure'],
    ['(help)', '(help name)        what is known of a form, builtin, procedure or module'],
  ])('%s', (program, line) => {
    expect(evaluate(program).output?.split('\n')[0].replace(/ +$/, '')).toBe(line);
  });

  test('a renamed import is what it was', () => {
    expect(evaluate('(import (rename std.json (json:read parse))) (help parse)').output).toMatch(/^\(json:read port/);
  });

  test('a name that the program has defined hides the form', () => {
    expect(evaluate('(define (help x) (list x)) (help 1)')).toEqual({ printed: '(1)' });
  });

  test('a malformed one is an error of the text', () => {
    expect(evaluate('(help a b)')).toMatchObject({ error: { tag: 'compile' } });
  });

  test('a procedure, a macro and a variable of a module of the program', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'eta-help-'));
    try {
      const lines = [
        '(module shapes',
        '  (export area unit twice)',
        '  ;;; (area w h): the area of a rectangle. Error: `*: argument is not a number`.',
        '  ;;;   (area 3 4) ; => 12',
        '  (define (area w h) (* w h))',
        '  ;;; unit: one of something.',
        '  (define unit 1)',
        '  ;;; (twice e): e, two times.',
        '  (define-syntax twice (syntax-rules () ((_ e) (begin e e)))))',
      ];
      writeFileSync(path.join(folder, 'shapes.eta'), lines.join('\n'));
      const { output } = evaluate('(import shapes) (help area) (help unit) (help twice)', { path: folder });
      expect(output?.replaceAll(folder, 'DIR').replace(/ {2,}(?=\S+ of)/g, '  ')).toBe(`(area w h)  procedure of shapes
  The area of a rectangle.
  Errors: \`*: argument is not a number\`.
  (area 3 4) ; => 12
  DIR/shapes.eta:5
unit  variable of shapes
  One of something.
  DIR/shapes.eta:7
(twice e)  macro of shapes
  e, two times.
  DIR/shapes.eta:9
`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('apropos', () => {
  test('lists names, then documentation', () => {
    const { output, printed } = evaluate('(apropos "bytevector-u8")');
    expect(printed).toBe('()');
    expect(output?.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'bytevector-u8-ref',
      'bytevector-u8-set!',
      '',
    ]);
  });
  test('takes a symbol, in any case', () => {
    expect(evaluate("(apropos 'BYTEVECTOR-U8-REF)").output).toMatch(
      /^bytevector-u8-ref +The byte at index k +builtin\n$/,
    );
  });
  test('says that it has found nothing', () => {
    expect(evaluate('(apropos "no such text")').output).toBe('nothing contains no such text\n');
  });
  test('wants a text', () => {
    expect(evaluate('(apropos 5)').error).toEqual({
      tag: 'runtime.type-error',
      message: 'apropos: not a string or symbol',
    });
  });
});

describe('comments of a module', () => {
  const entriesOf = (...lines: string[]) => [...readModuleText(lines.join('\n'), 'm', null).entries.values()];
  const entry = (...lines: string[]) => entriesOf(...lines)[0];

  test('usage, text, errors, example', () => {
    expect(
      entry(';;; (f x): the half of x. Errors: `/: …`; others.', ';;;   (f 4) ; => 2', '(define (f x) (/ x 2))'),
    ).toEqual({
      name: 'f',
      kind: 'procedure',
      usage: '(f x)',
      doc: 'The half of x.',
      errors: '`/: …`; others.',
      example: '(f 4) ; => 2',
      module: 'm',
      source: null,
    });
  });
  test('an example of several lines', () => {
    const { example } = entry(';;; (f x): x.', ';;;   (f', ';;;     4)', ';;;   ; => 4', '(define (f x) x)');
    expect(example).toBe('(f\n  4)\n; => 4');
  });
  test('without a usage line, the name is documented', () => {
    expect(entry(';;; Halves.', '(define (f x) (/ x 2))')).toMatchObject({ name: 'f', usage: 'f', doc: 'Halves.' });
  });
  test('what a record type defines', () => {
    const names = entriesOf(
      ';;; (make-p x): a p.',
      ';;; (p-x p): its x.',
      '(define-record-type p (make-p x) p? (x p-x))',
    );
    expect(names.map(({ name, doc }) => [name, doc])).toEqual([
      ['make-p', 'A p.'],
      ['p-x', 'Its x.'],
    ]);
  });
  test('further names of one thing', () => {
    const names = entriesOf(';;; (f x): x.', '(define f g)', '(define other g)', '', '(define third g)');
    expect(names.map(({ usage }) => usage)).toEqual(['(f x)', '(other x)']);
  });
  test('a comment that stands apart documents nothing', () => {
    expect(entriesOf(';;; (f x): x.', '', '(define (f x) x)')).toEqual([]);
  });
});
