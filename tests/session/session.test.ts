import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { headLine } from '../../src/session/diagnostic-text.ts';
import { Session } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { describeOutcome, evaluate } from '../support/evaluate.ts';

describe('an evaluation', () => {
  test.each([
    ['(+ 1 2)', '3'],
    ['(define x 5) (list x "s")', '(5 "s")'],
    ['(define x 5)', '()'],
  ])('of %j prints %s', (program, printed) => {
    expect(evaluate(program)).toEqual({ printed });
  });

  test('has its output, and reads its input', () => {
    expect(evaluate('(display (read-line)) (read-line)', { input: 'one\ntwo\n' })).toEqual({
      printed: '"two"',
      output: 'one',
    });
  });

  test.each([
    ['(car 5)', { tag: 'runtime.type-error', message: 'car: not a pair' }],
    ["(raise 'boom '(1 2))", { tag: 'boom', message: 'Unhandled raise: boom', value: '(1 2)' }],
    ['(raise 5)', { tag: '', message: 'Unhandled raise: 5', value: '5' }],
    ['(nope)', { tag: 'compile', message: 'Undefined symbol: nope' }],
    ['(', { tag: 'compile', message: 'unclosed list' }],
  ])('of %s fails', (program, error) => {
    expect(evaluate(program)).toEqual({ error });
  });

  test.each([
    ['(exit)', 0],
    ['(exit #t)', 0],
    ['(exit #f)', 1],
    ['(exit 7)', 7],
  ])('of %s ends with status %i', (program, status) => {
    expect(evaluate(program)).toEqual({ status });
  });
});

describe('after-thunks that are due', () => {
  const wound = (body: string, after = '(display "out ")') =>
    `(dynamic-wind (lambda () (display "in ")) (lambda () ${body}) (lambda () ${after}))`;

  test('run once, innermost first, after an error', () => {
    const { output, error } = evaluate(wound(wound('(car 5)', '(display "inner ")')));
    expect({ output, error: error?.message }).toEqual({ output: 'in in inner out ', error: 'car: not a pair' });
  });

  test('run after exit, and keep its status', () => {
    expect(evaluate(wound('(exit 3)'))).toEqual({ output: 'in out ', status: 3 });
  });

  test('run all, although one fails', () => {
    const session = new Session({
      ports: { input: new StringInput(''), output: new StringOutput(), error: new StringOutput() },
    });
    try {
      const program = wound(wound('(exit 0)', '(vector-ref 1 2)'), '(raise (quote later) 1)');
      const { kind, status, findings } = session.evaluateText(program, 'test.eta');
      expect(findings.map(({ message }) => message)).toEqual(['vector-ref: not a vector', 'Unhandled raise: later']);
      expect({ kind, status }).toEqual({ kind: 'failed', status: 1 });
    } finally {
      session.close();
    }
  });

  test('can change the status of an exit', () => {
    expect(evaluate(wound('(exit 3)', '(exit 4)'))).toMatchObject({ status: 4 });
  });
});

describe('submissions', () => {
  let session: Session;
  let output: StringOutput;
  beforeEach(() => {
    output = new StringOutput();
    session = new Session({ ports: { input: new StringInput(''), output, error: new StringOutput() } });
  });
  afterEach(() => session.close());

  const submit = (text: string) => describeOutcome(session.evaluateText(text, '<eval>'));

  test('see, call and assign what earlier ones have defined', () => {
    submit('(define n 1) (define (next) (set! n (+ n 1)) n)');
    expect(submit('(next)')).toEqual({ printed: '2' });
    submit('(set! n 10)');
    expect(submit('(list n (next))')).toEqual({ printed: '(10 11)' });
  });

  test('may define a name again, also one of the prelude', () => {
    submit("(define (range) 'mine)");
    expect(submit('(range)')).toEqual({ printed: 'mine' });
    submit("(define (range) 'newer)");
    expect(submit('(range)')).toEqual({ printed: 'newer' });
  });

  test('keep imports and macros', () => {
    submit('(import (prefix std.math m:)) (define-syntax twice (syntax-rules () ((_ e) (begin e e))))');
    expect(submit('(begin (twice (display "x")) (m:square 4))')).toEqual({ printed: '16' });
    expect(output.contents).toBe('xx');
  });

  test('that fail leave nothing behind', () => {
    submit('(define x 1)');
    expect(submit('(define x 2) (define y 2) (car 5)')).toMatchObject({ error: { message: 'car: not a pair' } });
    expect(submit('x')).toEqual({ printed: '1' });
    expect(submit('y')).toMatchObject({ error: { message: 'Undefined symbol: y' } });
  });

  test('may define modules, each name once', () => {
    submit('(module m (export a) (begin (define a 5)))');
    expect(submit('(import m) a')).toEqual({ printed: '5' });
    expect(submit('(module m)')).toMatchObject({ error: { message: 'duplicate module: m' } });
  });

  test('that fail let a module be defined again', () => {
    expect(submit('(module m (export a) (begin (define a 5) (car 5)))')).toMatchObject({ error: {} });
    submit('(module m (export a) (begin (define a 6)))');
    expect(submit('(import m) a')).toEqual({ printed: '6' });
  });
});

describe('eval', () => {
  // [program, what write prints]
  test.each([
    ["(let ((x 10)) (eval '(+ x 5)))", '15'],
    ["(define (f x) (eval '(set! x 99)) x) (f 1)", '99'],
    ["(define (adder n) (eval '(lambda (x) (+ x n)))) ((adder 3) 4)", '7'],
    ['(eval (list (quote quote) (list 1 "a" #\\b)))', '(1 "a" #\\b)'],
    ['(eval (vector 1))', '#(1)'],
    ['(eval car)', '#<primitive>'],
  ])('%s is %s', (program, printed) => {
    expect(evaluate(program)).toEqual({ printed });
  });

  test('says where its expression is wrong, as a message', () => {
    expect(evaluate("(eval '(nope 1))").error).toEqual({
      tag: 'runtime.user-error',
      message: 'error [file 0:4:8-4:12]: Undefined symbol: nope\n',
    });
    expect(evaluate('(eval \'(list 1 "é" #(x) (if) . ()))').error?.message).toBe(
      'error [file 0:4:25-4:29]: if: invalid syntax; expected (if test consequent [alternate])\n',
    );
  });

  test('of cyclic or endless data is an error, not a hang', () => {
    const cyclic = "(define l (list 'list 1)) (set-cdr! (cdr l) l) (catch (eval l))";
    expect(evaluate(cyclic).printed).toContain('runtime.user-error');
    const deep = "(define (nest n e) (if (= n 0) e (nest (- n 1) (list 'car e)))) (catch (eval (nest 20000 ''())))";
    expect(evaluate(deep).printed).toContain('runtime.user-error');
  });
});

test('warnings do not stop a program and are told', () => {
  const session = new Session({
    ports: { input: new StringInput(''), output: new StringOutput(), error: new StringOutput() },
  });
  const { kind, findings } = session.evaluateText('(define x 1 2) x', 'test.eta');
  session.close();
  expect({ kind, lines: findings.map((finding) => headLine(finding)) }).toEqual({
    kind: 'finished',
    lines: [expect.stringMatching(/^warning \[test\.eta:1:13-1:14\]: /)],
  });
});

test('two sessions share nothing', () => {
  const options = () => ({
    ports: { input: new StringInput(''), output: new StringOutput(), error: new StringOutput() },
  });
  const [one, two] = [new Session(options()), new Session(options())];
  one.evaluateText('(define x 1)', 'a');
  expect(describeOutcome(two.evaluateText('x', 'a'))).toMatchObject({ error: { message: 'Undefined symbol: x' } });
  for (const session of [one, two, one]) session.close();
});
