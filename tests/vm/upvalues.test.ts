// Closures over more and more variables: the first are fields of the closure, the others are in an array.

import { describe, expect, test } from 'vitest';
import { UPVALUE_FIELDS } from '../../src/bytecode/procedures.ts';
import { evaluate, TIERS } from '../support/evaluate.ts';

const COUNTS = [1, UPVALUE_FIELDS, UPVALUE_FIELDS + 1, UPVALUE_FIELDS + 3];
const names = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const bindings = (count: number) => names(count, 'v').map((name, i) => `(${name} (+ n ${i}))`);
const printed = (values: readonly number[]) => `(${values.join(' ')})`;

describe.each(TIERS)('tier %s', (tier) => {
  test.each(COUNTS)('%i variables', (count) => {
    const program = `
      (define (make n) (let (${bindings(count).join(' ')}) (lambda () (list ${names(count, 'v').join(' ')}))))
      (define (repeat n) (if (= n 0) ((make 10)) (begin ((make n)) (repeat (- n 1)))))
      (repeat 1000)`;
    expect(evaluate(program, { tier })).toMatchObject({ printed: printed(names(count, '').map((_, i) => 10 + i)) });
  });

  test.each(COUNTS)('%i variables that are assigned', (count) => {
    const changes = names(count, 'v').map((name) => `(set! ${name} (* 2 ${name}))`);
    const program = `
      (define (make n)
        (let (${bindings(count).join(' ')})
          (lambda (again?)
            ${changes.join(' ')}
            (if again? ((lambda () ${changes.join(' ')} (list ${names(count, 'v').join(' ')}))) n))))
      (define (repeat n) (if (= n 0) ((make 1) #t) (begin ((make n) #t) ((make n) #f) (repeat (- n 1)))))
      (repeat 1000)`;
    expect(evaluate(program, { tier })).toMatchObject({
      printed: printed(names(count, '').map((_, i) => 4 * (1 + i))),
    });
  });

  test.each(COUNTS)('%i procedures that know each other', (count) => {
    const all = names(count, 'f');
    const procedures = all.map(
      (name, i) => `(${name} (lambda (k) (if (= k 0) ${i} (apply (list-ref (list ${all.join(' ')}) k) '(0)))))`,
    );
    const program = `
      (define (make) (letrec (${procedures.join(' ')}) (list ${all.join(' ')})))
      (define (repeat n) (if (= n 0) (map (lambda (f) (f ${count - 1})) (make)) (begin (make) (repeat (- n 1)))))
      (repeat 1000)`;
    expect(evaluate(program, { tier })).toMatchObject({ printed: printed(all.map(() => count - 1)) });
  });
});
