// Whole modules and evals: parts of a module, imported macros, variables that an eval sees.

import { describe, expect, test } from 'vitest';
import { Variable } from '../../src/compiler/core-forms.ts';
import { expandEval, expandModule, splitModuleForms } from '../../src/compiler/expand.ts';
import { GlobalBinding, LocalVariableBinding, ModuleScope, Scope } from '../../src/compiler/scope.ts';
import { readDatum, readProgram, syntaxToDatum } from '../../src/reader/index.ts';
import { Identifier } from '../../src/reader/syntax.ts';
import type { Diagnostic } from '../../src/values/diagnostic.ts';
import { writeText } from '../../src/values/printer.ts';
import { NO_SPAN, Source } from '../../src/values/span.ts';
import { intern, listFrom, type Value, Vector } from '../../src/values/types.ts';
import { coreText } from '../support/core-text.ts';
import { builtinScope, coreOf, expandText } from '../support/expansion.ts';

const formsOf = (text: string) => readProgram(new Source('t.eta', null, text, 1)).forms;

/** [module's forms, imports, exports, body] */
const SPLITS = [
  ['(import a) (export b) (f)', '(import a)', '(export b)', '(f)'],
  ['(begin (import a) (begin (export b) 1) 2) 3', '(import a)', '(export b)', '(begin (begin 1) 2) 3'],
  ['(let () (import a)) x "s" ((f))', '', '', '(let () (import a)) x "s" ((f))'],
  ['(import . a) (export)', '(import . a)', '(export)', ''],
] as const;

test.each(SPLITS)('the parts of %s', (text, imports, exports, body) => {
  const parts = splitModuleForms(formsOf(text));
  const printed = (forms: typeof parts.body) => forms.map((form) => writeText(syntaxToDatum(form))).join(' ');
  expect([printed(parts.imports), printed(parts.exports), printed(parts.body)]).toEqual([imports, exports, body]);
});

test('the initialiser is named after its module and takes nothing', () => {
  const scope = new ModuleScope('geometry.plane', builtinScope(), false);
  const form = expandModule(scope, formsOf('1 2'), { diagnostics: [] });
  expect(form).toMatchObject({ kind: 'lambda', name: 'geometry.plane_init', params: [], rest: null });
});

test('a definition has the span of its name', () => {
  const { scope } = expandText('(define (area w h)\n  w)');
  expect(scope.definitions.get(intern('area'))?.span).toMatchObject({ startLine: 1, startColumn: 10, endColumn: 14 });
});

describe('macros of another module', () => {
  const library = expandText(
    '(define count 0) (define (note!) (set! count (+ count 1)))' +
      '(define-syntax while (syntax-rules () ((_ c b ...) (let loop () (when c (note!) b ... (loop))))))' +
      '(define-syntax reset! (syntax-rules () ((_) (set! count 0))))' +
      '(define-syntax define-two (syntax-rules () ((_ a v) (begin (define hidden v) (define a hidden)))))',
  ).scope;
  const prepare = (scope: Scope) => {
    for (const name of ['while', 'reset!', 'define-two']) scope.bind(intern(name), library.own(intern(name))!);
    scope.bind(intern('loop-while'), library.own(intern('while'))!);
  };

  test('use the names of their own module', () => {
    expect(coreOf('(define (note!) 1) (define (loop) 2) (while (loop) (note!))', { prepare })).toContain(
      "(letrec ((loop (lambda:loop () (if (m:loop) (begin (m:note!) (m:note!) (loop)) '())))) (loop))",
    );
  });

  test('may be called by another name', () => {
    expect(coreOf('(loop-while 1)', { prepare })).toBe(
      "(letrec ((loop (lambda:loop () (if 1 (begin (m:note!) (loop)) '())))) (loop))",
    );
  });

  test('may assign what importers may not', () => {
    expect(coreOf('(reset!)', { prepare })).toBe('(set! m:count 0)');
  });

  test('define names that nobody else can reach', () => {
    const { text, scope } = expandText('(define-two a 1) (define-two b 2)', { prepare });
    expect(text).toBe(
      '(begin (define m:hidden.0 1) (define m:a m:hidden.0) (define m:hidden.2 2) (define m:b m:hidden.2))',
    );
    expect(scope.own(intern('hidden'))).toBeUndefined();
  });
});

describe('eval', () => {
  const x = new Variable('x');
  const module = expandText('(define y 1) (define-syntax twice (syntax-rules () ((_ e) (list e e))))').scope;
  const scope = new Scope(module);
  scope.bind(intern('x'), new LocalVariableBinding(x));

  function evaluated(datum: Value): [text: string, messages: string[]] {
    const diagnostics: Diagnostic[] = [];
    const { body } = expandEval(datum, scope, { diagnostics });
    return [coreText(body), diagnostics.map(({ message }) => message)];
  }

  test.each([
    ['(list x y)', '($list x m:y)'],
    ['(set! x (+ x 1))', '(set! x ($+ x 1))'],
    ['(set! y 2)', '(set! m:y 2)'],
    ['(twice x)', '($list x x)'],
    ['x', 'x'],
    ['(begin (define-syntax k (syntax-rules () ((_) 1))) (k))', '1'],
    ['(begin (define z 1) (list z))', '(letrec ((z 1)) ($list z))'],
    ["(lambda (y) (eval 'y))", "(lambda (y) (eval 'y))"],
  ])('%s', (text, core) => {
    expect(evaluated(readDatum(text)!.value)).toEqual([core, []]);
  });

  test.each([
    ['(nope 1)', ['Undefined symbol: nope']],
    ['(define z 1)', ['letrec expects bindings and body']],
    ['(if)', ['if: invalid syntax; expected (if test consequent [alternate])']],
  ])('%s is wrong', (text, messages) => {
    expect(evaluated(readDatum(text)!.value)[1]).toEqual(messages);
  });

  test('a value that is no code is itself, and so is a quoted one', () => {
    const vector = new Vector([1]);
    const quoted = listFrom([intern('quote'), vector]);
    for (const datum of [vector, quoted]) {
      expect(expandEval(datum, scope, { diagnostics: [] }).body).toMatchObject({ kind: 'const', value: vector });
    }
    const [form] = [expandEval(quoted, scope, { diagnostics: [] }).body];
    expect(form.kind === 'const' && form.value === vector).toBe(true);
  });

  test('a direct call may assign and capture whatever it sees', () => {
    const diagnostics: Diagnostic[] = [];
    const inner = new ModuleScope('m', builtinScope(), false);
    const { body } = expandModule(inner, formsOf("(lambda (a) (let ((b 1)) (let ((c 2)) c) (eval 'a)))"), {
      diagnostics,
    });
    const lambda = body as Extract<typeof body, { kind: 'lambda' }>;
    const outer = lambda.body as Extract<typeof body, { kind: 'let' }>;
    const sequence = outer.body as Extract<typeof body, { kind: 'sequence' }>;
    const unseen = sequence.forms[0] as Extract<typeof body, { kind: 'let' }>;
    const flags = ({ assigned, captured }: Variable) => ({ assigned, captured });
    expect([lambda.params[0], outer.bindings[0].variable].map(flags)).toEqual([
      { assigned: true, captured: true },
      { assigned: true, captured: true },
    ]);
    expect(flags(unseen.bindings[0].variable)).toEqual({ assigned: false, captured: false });
  });
});

test('a keyword can be imported by another name', () => {
  const prepare = (scope: Scope) => {
    scope.bind(intern('wenn'), scope.lookup(new Identifier(intern('if'), NO_SPAN))!);
    scope.bind(
      intern('shared'),
      new GlobalBinding(expandText('(define shared 1)').scope.definitions.get(intern('shared'))!, true),
    );
  };
  expect(coreOf('(wenn shared 2 3)', { prepare })).toBe('(if m:shared 2 3)');
});
