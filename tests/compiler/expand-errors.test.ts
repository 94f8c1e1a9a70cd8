// What the expander says of wrong programs: place, code and text of each finding.

import { describe, expect, test } from 'vitest';
import { GlobalBinding, type Scope } from '../../src/compiler/scope.ts';
import { Cell, intern } from '../../src/values/types.ts';
import { expandText, findingsOf } from '../support/expansion.ts';

/** `LINE:COLUMN CODE MESSAGE`. */
type Row = readonly [program: string, finding: string];

const BASIC: readonly Row[] = [
  ['(quote)', '1:1 ArityError quote: expected 1 argument(s); got 0'],
  ['(quote a b)', '1:1 ArityError quote: expected 1 argument(s); got 2'],
  ['(if 1)', '1:1 InvalidSyntax if: invalid syntax; expected (if test consequent [alternate])'],
  ['(if 1 2 3 4)', '1:1 InvalidSyntax if: invalid syntax; expected (if test consequent [alternate])'],
  ['(if 1 . 2)', '1:1 InvalidSyntax if: invalid syntax; expected (if test consequent [alternate])'],
  ['(begin . 1)', '1:1 InvalidSyntax begin: invalid syntax; proper list required'],
  ['(list (begin . 1))', '1:7 InvalidSyntax begin: invalid syntax; proper list required'],
  ['(car . 5)', '1:1 InvalidSyntax application: invalid syntax; proper list required; dotted lists are not allowed'],
  ['(lambda (x))', '1:1 InvalidSyntax lambda requires at least 2 arguments: (lambda formals body...)'],
  ['(lambda 5 x)', '1:9 InvalidSyntax lambda formals must be a symbol or list'],
  ['(lambda (x 5) x)', '1:12 InvalidSyntax parameter at index 1 must be a symbol'],
  ['(lambda (x x) x)', '1:12 DuplicateIdentifier duplicate parameter: x'],
  ['(lambda (x . x) x)', '1:14 DuplicateIdentifier duplicate parameter: x'],
  ['(lambda (x . 5) x)', '1:14 InvalidSyntax dotted formals: rest must be a symbol'],
  ['(lambda (define) 1)', '1:10 ReservedKeyword reserved keyword as parameter: define'],
  ['(lambda (a . if) 1)', '1:14 ReservedKeyword reserved keyword as rest parameter: if'],
  ['(lambda let 1)', '1:9 ReservedKeyword reserved keyword as rest parameter: let'],
  ['(set! x)', '1:1 InvalidSyntax set! expects (set! id expr)'],
  ['(set! 5 1)', '1:1 InvalidSyntax set! expects (set! id expr)'],
  ['(set! car 1)', '1:7 ImmutableAssignment Cannot assign to immutable variable: car'],
  ['(set! values 1)', '1:7 ImmutableAssignment Cannot assign to immutable variable: values'],
  ['(set! nope 1)', '1:7 UndefinedName Undefined symbol: nope'],
  ['(set! if 1)', '1:7 UndefinedName Undefined symbol: if'],
  ['(nope 1)', '1:2 UndefinedName Undefined symbol: nope'],
  ['(list #0=(car x))', '1:10 InvalidSyntax a list with a datum label is data, not code: quote it'],
  ['else', '1:1 UndefinedName Undefined symbol: else'],
  ['(list if)', '1:7 UndefinedName Undefined symbol: if'],
  ['(catch 1 catch)', '1:10 UndefinedName Undefined symbol: catch'],
  ['(list (module a))', '1:7 InvalidSyntax module: only allowed at the top of a program or module'],
  ['(syntax-error "no luck:" (a "b") 5)', '1:1 InvalidSyntax no luck: (a "b") 5'],
];

const DEFINITIONS: readonly Row[] = [
  ['(define)', '1:1 InvalidSyntax define expects a name and a value'],
  ['(define x)', '1:1 InvalidSyntax define expects a name and a value'],
  ['(define x . 1)', '1:1 InvalidSyntax define expects a name and a value'],
  ['(define (f))', '1:1 InvalidSyntax define expects a name and a value'],
  ['(define 5 1)', '1:9 InvalidSyntax bad define head'],
  ['(define () 1)', '1:9 InvalidSyntax bad define head'],
  ['(define ((f) a) 1)', '1:9 InvalidSyntax bad define head'],
  ['(define if 1)', '1:9 ReservedKeyword cannot define reserved keyword: if'],
  ['(define (let x) 1)', '1:10 ReservedKeyword cannot define reserved keyword: let'],
  ['(define (f x x) 1)', '1:14 DuplicateIdentifier duplicate parameter: x'],
  ['(define x 1 2)', '1:13 InvalidSyntax define: this form is never evaluated'],
  ['(define x 1 2 3)', '1:13 InvalidSyntax define: these forms are never evaluated'],
  ['(def)', '1:1 InvalidSyntax def expects at least a name'],
  ['(def x)', '1:1 InvalidSyntax define expects a name and a value'],
  ['(def when 1)', '1:6 ReservedKeyword cannot define reserved keyword: when'],
  ['(defun f)', '1:1 InvalidSyntax defun: invalid syntax; expected (defun name (args...) body...)'],
  ['(defun f (x))', '1:1 InvalidSyntax defun: invalid syntax; expected (defun name (args...) body...)'],
  ['(defun 5 (x) x)', '1:8 InvalidSyntax defun: invalid syntax; name must be a symbol'],
  ['(defun if (x) x)', '1:8 ReservedKeyword cannot define reserved keyword: if'],
  ['(defun f 5 x)', '1:10 InvalidSyntax defun: invalid syntax; formals must be a list or symbol'],
  ['(define-values x)', '1:1 InvalidSyntax define-values expects (define-values formals expr)'],
  ['(let () (define))', '1:9 InvalidSyntax define expects name and value'],
  ['(let () (define x) x)', '1:9 InvalidSyntax define expects name and value'],
  ['(let () (define x 1))', '1:1 InvalidSyntax letrec expects bindings and body'],
  ['(let () (define x 1) (define x 2) x)', '1:30 DuplicateIdentifier duplicate binding: x'],
  ['(if 1 (define x 1))', '1:8 UndefinedName Undefined symbol: define'],
  ['(list (begin (define x 1)))', '1:15 UndefinedName Undefined symbol: define'],
  ['(when 1 (def x 1))', '1:10 UndefinedName Undefined symbol: def'],
];

const BINDING: readonly Row[] = [
  ['(let)', '1:1 InvalidSyntax let expects bindings and body'],
  ['(let x)', '1:1 InvalidSyntax let expects bindings and body'],
  ['(let ((x 1)))', '1:1 InvalidSyntax let expects bindings and body'],
  ['(let 5 1)', '1:6 InvalidSyntax let expects bindings and body'],
  ['(let ((x)) 1)', '1:7 InvalidLetBindings let binding must be (id expr)'],
  ['(let (x) 1)', '1:7 InvalidLetBindings let binding must be (id expr)'],
  ['(let ((x 1 2)) 1)', '1:7 InvalidLetBindings let binding must be (id expr)'],
  ['(let ((5 1)) 1)', '1:7 InvalidLetBindings let binding must be (id expr)'],
  ['(let ((x 1) (x 2)) 1)', '1:14 DuplicateIdentifier duplicate binding: x'],
  ['(let ((if 1)) 1)', '1:8 ReservedKeyword reserved keyword as binding: if'],
  ['(let f ((f 1)) 1)', '1:10 DuplicateIdentifier named let parameter shadows function name: f'],
  ['(let f ((a 1) (a 1)) 1)', '1:16 DuplicateIdentifier duplicate binding: a'],
  ['(let if ((a 1)) 1)', '1:6 ReservedKeyword reserved keyword as binding: if'],
  ['(let* x 1)', '1:7 InvalidSyntax let* expects bindings and body'],
  ['(let* (x) 1)', '1:8 InvalidLetBindings let binding must be (id expr)'],
  ['(letrec 5 5)', '1:9 InvalidSyntax letrec expects bindings and body'],
  ['(letrec ((a 1) (a 2)) a)', '1:17 DuplicateIdentifier duplicate binding: a'],
  ['(letrec* ((a 1)))', '1:1 InvalidSyntax letrec* expects bindings and body'],
  ['(letrec* ((a 1) (a 2)) a)', '1:18 DuplicateIdentifier duplicate binding: a'],
  ['(do ())', '1:1 InvalidSyntax do expects variable clauses, test clause, and optional body'],
  ['(do x (1))', '1:5 InvalidSyntax do: variable clauses must be a list'],
  ['(do () 1)', '1:8 InvalidSyntax do: test clause must be a list'],
  ['(do () ())', '1:8 InvalidSyntax do: test clause must not be empty'],
  ['(do (x) (1))', '1:6 InvalidSyntax do: variable clause must be a list'],
  ['(do ((x)) (1))', '1:6 InvalidSyntax do: variable clause must be (var init) or (var init step)'],
  ['(do ((5 1)) (1))', '1:7 InvalidSyntax do: variable name must be a symbol'],
  ['(do ((x 1) (x 1)) (1))', '1:13 DuplicateIdentifier duplicate do variable: x'],
  ['(do ((if 1)) (1))', '1:7 ReservedKeyword reserved keyword as do variable: if'],
  ['(let-values 1 2)', '1:13 InvalidSyntax let-values expects bindings and body'],
  ['(let-values (((a) 1) (a 2)) 2)', '1:23 DuplicateIdentifier duplicate binding: a'],
  ['(let-values ((a)) 2)', '1:14 InvalidLetBindings let-values: malformed binding'],
  ['(receive a)', '1:1 InvalidSyntax receive expects (receive formals expr body ...)'],
];

const CONDITIONALS: readonly Row[] = [
  ['(cond)', '1:1 InvalidSyntax cond expects at least one clause'],
  ['(cond 5)', '1:7 InvalidSyntax cond clause must be a list'],
  ['(cond ())', '1:7 InvalidSyntax empty cond clause'],
  ['(cond (else 1) (1 2))', '1:7 InvalidSyntax else must be the last clause'],
  ['(cond (else))', '1:7 InvalidSyntax else must have at least one body expression'],
  ['(cond (1 =>))', '1:7 InvalidSyntax cond: => must be followed by one expression'],
  ['(case)', '1:1 InvalidSyntax case requires a key expression'],
  ['(case 1 2)', '1:9 InvalidSyntax case clause must be a list'],
  ['(case 1 ())', '1:9 InvalidSyntax empty case clause'],
  ['(case 1 (2 3))', '1:10 InvalidSyntax case clause datums must be a list'],
  ['(case 1 (() 3))', '1:10 InvalidSyntax case clause requires at least one datum'],
  ['(case 1 (else 1) ((1) 2))', '1:9 InvalidSyntax else must be the last clause'],
  ['(case 1 (else))', '1:9 InvalidSyntax else must have at least one body expression'],
  ['(when)', '1:1 InvalidSyntax when expects a test and body'],
  ['(unless)', '1:1 InvalidSyntax unless expects a test and body'],
  ['(and . 1)', '1:1 InvalidSyntax and: invalid syntax; proper list required'],
  ['(cond-expand (x y) z)', '1:20 InvalidSyntax cond-expand: each clause must be (requirement form ...)'],
  ['(cond-expand ((what) 1))', '1:15 InvalidSyntax cond-expand: invalid feature requirement'],
];

const QUASIQUOTE: readonly Row[] = [
  [',x', '1:1 InvalidSyntax unquote outside quasiquote'],
  ['(unquote x)', '1:1 InvalidSyntax unquote outside quasiquote'],
  ['(unquote-splicing x)', '1:1 InvalidSyntax unquote-splicing outside quasiquote'],
  ['`(,(list ,x))', '1:10 InvalidSyntax unquote outside quasiquote'],
  ['`,@x', '1:2 InvalidSyntax unquote-splicing is only valid in list/vector element position'],
  ['`(1 . ,@x)', '1:2 InvalidSyntax unquote-splicing not allowed in dotted tail'],
  ['`(1 ,x)', '1:6 UndefinedName Undefined symbol: x'],
  ['(quasiquote)', '1:1 ArityError quasiquote: expected 1 argument(s); got 0'],
  ['`(unquote 1 2)', '1:2 ArityError unquote: expected 1 argument(s); got 2'],
];

const CONTROL: readonly Row[] = [
  ['(apply car)', '1:1 InvalidFormShape apply requires at least 2 arguments'],
  ['(call/cc)', '1:1 InvalidFormShape call/cc requires 1 arg(s)'],
  ['(call-with-current-continuation 1 2)', '1:1 InvalidFormShape call-with-current-continuation requires 1 arg(s)'],
  ['(dynamic-wind 1 2)', '1:1 InvalidFormShape dynamic-wind requires 3 arg(s)'],
  ['(call-with-values car)', '1:1 InvalidFormShape call-with-values requires 2 arg(s)'],
  ['(raise)', "1:1 InvalidSyntax raise: invalid syntax; expected (raise value) or (raise 'tag value)"],
  ['(raise 1 2 3)', "1:1 InvalidSyntax raise: invalid syntax; expected (raise value) or (raise 'tag value)"],
  ['(raise car 1)', "1:8 InvalidSyntax raise: first arg must be a quoted symbol 'tag"],
  ["(raise '(a) 1)", "1:8 InvalidSyntax raise: first arg must be a quoted symbol 'tag"],
  ['(catch)', "1:1 InvalidSyntax catch: invalid syntax; expected (catch body) or (catch 'tag body)"],
  ['(logic-var 1)', '1:1 InvalidSyntax logic-var: invalid syntax; expected (logic-var)'],
  ['(unify 1)', '1:1 InvalidSyntax unify: invalid syntax; expected (unify a b)'],
  ['(deref-lvar)', '1:1 InvalidSyntax deref-lvar: invalid syntax; expected (deref-lvar x)'],
  ['(trail-mark 1)', '1:1 InvalidSyntax trail-mark: invalid syntax; expected (trail-mark)'],
  ['(unwind-trail)', '1:1 InvalidSyntax unwind-trail: invalid syntax; expected (unwind-trail mark)'],
  ['(copy-term)', '1:1 InvalidSyntax copy-term: invalid syntax; expected (copy-term t)'],
  ['(guard x 1)', '1:1 InvalidSyntax guard expects (guard (variable clause ...) body ...)'],
  ['(guard (5) 1)', '1:8 InvalidSyntax guard expects (guard (variable clause ...) body ...)'],
  ['(parameterize)', '1:1 InvalidSyntax parameterize expects bindings and body'],
  ['(delay)', '1:1 InvalidSyntax delay expects (delay expr)'],
  ['(case-lambda 5)', '1:14 InvalidSyntax case-lambda: each clause must be (formals body ...)'],
];

const R = 'define-record-type: ';
const RECORDS: readonly Row[] = [
  ['(define-record-type t (m))', `1:1 InvalidSyntax ${R}expected at least type-name, constructor, and predicate`],
  ['(define-record-type 5 (m) p)', `1:21 InvalidSyntax ${R}type name must be a symbol`],
  ['(define-record-type t 5 p)', `1:23 InvalidSyntax ${R}constructor spec must be a list`],
  ['(define-record-type t (5) p)', `1:24 InvalidSyntax ${R}constructor name must be a symbol`],
  ['(define-record-type t () p)', `1:23 InvalidSyntax ${R}constructor name must be a symbol`],
  ['(define-record-type t (m 5) p)', `1:26 InvalidSyntax ${R}constructor field name must be a symbol`],
  ['(define-record-type t (m a a) p)', `1:28 DuplicateIdentifier ${R}duplicate field name in constructor: a`],
  ['(define-record-type t (m) 5)', `1:27 InvalidSyntax ${R}predicate must be a symbol`],
  ['(define-record-type t (m) p a)', `1:29 InvalidSyntax ${R}field spec must be a list`],
  [
    '(define-record-type t (m) p (a))',
    `1:29 InvalidSyntax ${R}field spec must be (field accessor) or (field accessor mutator)`,
  ],
  [
    '(define-record-type t (m) p (a b c d))',
    `1:29 InvalidSyntax ${R}field spec must be (field accessor) or (field accessor mutator)`,
  ],
  ['(define-record-type t (m) p (5 b))', `1:30 InvalidSyntax ${R}field name in spec must be a symbol`],
  ['(define-record-type t (m) p (a b) (a c))', `1:36 DuplicateIdentifier ${R}duplicate field spec for: a`],
  ['(define-record-type t (m) p (a 5))', `1:32 InvalidSyntax ${R}accessor must be a symbol`],
  ['(define-record-type t (m) p (a b 5))', `1:34 InvalidSyntax ${R}mutator must be a symbol`],
  ['(define-record-type if (m) p)', `1:21 ReservedKeyword ${R}reserved keyword as type name: if`],
  ['(define-record-type t (if) p)', `1:24 ReservedKeyword ${R}reserved keyword as constructor name: if`],
  ['(define-record-type t (m if) p)', `1:26 ReservedKeyword ${R}reserved keyword as field name: if`],
  ['(define-record-type t (m) if)', `1:27 ReservedKeyword ${R}reserved keyword as predicate name: if`],
  ['(define-record-type t (m) p (a if))', `1:32 ReservedKeyword ${R}reserved keyword as accessor: if`],
  ['(define-record-type t (m) p (a b if))', `1:34 ReservedKeyword ${R}reserved keyword as mutator: if`],
];

const TABLES = { BASIC, DEFINITIONS, BINDING, CONDITIONALS, QUASIQUOTE, CONTROL, RECORDS };

describe.each(Object.entries(TABLES))('%s', (_name, table) => {
  test.each(table)('%s: %s', (program, finding) => {
    expect(findingsOf(program)).toEqual([finding]);
  });
});

test('all errors of a text are reported, in its order', () => {
  const program = '(define (f) (nope 1) (if))\n(define g (let ((x)) x))\n(f nowhere)\n(define 5 6)';
  expect(findingsOf(program)).toEqual([
    '1:14 UndefinedName Undefined symbol: nope',
    '1:22 InvalidSyntax if: invalid syntax; expected (if test consequent [alternate])',
    '2:17 InvalidLetBindings let binding must be (id expr)',
    '3:4 UndefinedName Undefined symbol: nowhere',
    '4:9 InvalidSyntax bad define head',
  ]);
});

test('at most 20 errors are reported, and warnings do not count', () => {
  const program = `(define x 1 2) ${'(nope) '.repeat(50)}`;
  const { diagnostics } = expandText(program);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(20);
  expect(diagnostics.filter(({ severity }) => severity === 'warning')).toHaveLength(1);
});

test('an imported variable may not be assigned', () => {
  const prepare = (scope: Scope) => scope.bind(intern('shared'), new GlobalBinding(new Cell('other', 'shared'), true));
  expect(findingsOf('(set! shared 1)', { prepare })).toEqual([
    '1:7 SetOnImported Cannot assign to immutable import: shared',
  ]);
});

test.each([
  ['UndefinedName', 'nope', 'semantic'],
  ['ImmutableAssignment', '(set! car 1)', 'semantic'],
  ['InvalidFormShape', '(call/cc)', 'semantic'],
  ['InvalidSyntax', '(if)', 'expander'],
])('%s is of its phase', (code, program, phase) => {
  expect(expandText(program).diagnostics).toMatchObject([{ code, phase, severity: 'error' }]);
});

const TOO_DEEP = [
  '(define-syntax m (syntax-rules () ((_) (m)))) (m)',
  '(define-syntax m (syntax-rules () ((_) (list (m) (m))))) (m)',
  '(define-syntax m (syntax-rules () ((_ x) (m (x x))))) (m 1)',
  '(define-syntax m (syntax-rules () ((_ x ...) (m x ... x ...)))) (m 1 2)',
  '(define-syntax m (syntax-rules () ((_) (begin (define-values (x) 1) (m))))) (let () (m))',
  `${'(list '.repeat(50_000)}1${')'.repeat(50_000)}`,
  `${'(let () '.repeat(20_000)}1${')'.repeat(20_000)}`,
  `${'`('.repeat(50_000)}1${')'.repeat(50_000)}`,
];

test.each(TOO_DEEP.map((program) => [program.slice(0, 70), program]))('%s nests too deep', (_start, program) => {
  const findings = expandText(program).diagnostics.map(({ code, message }) => `${code} ${message}`);
  expect(findings).toEqual(['ExpansionDepthExceeded expansion depth exceeded']);
});

test('quoted data may nest deeper than that', () => {
  const { diagnostics } = expandText(`(car '${'('.repeat(50_000)}${')'.repeat(50_000)})`);
  expect(diagnostics).toEqual([]);
});
