// Random programs for comparing tiers: control flow, closures, assignment, captures, errors, arithmetic at the edges of
// its kinds, strings, hash maps, deep recursion, nested loops, loops over vectors and with flonums, local functions,
// redefinition.
//
// Each program defines a few functions and calls each of them often enough to become hot, then gives a list of
// results; errors are caught and become their messages, except in some programs the last. Loops are bounded, and
// recursion goes down a counter, so every program ends. The same seed gives the same program.

/** A small generator of uniform numbers (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What an expression is likely to give. Nothing makes sure: every operation also meets what it does not take. */
type Kind = 'number' | 'flonum' | 'boolean' | 'list' | 'string' | 'any';

const INTEGERS = ['0', '1', '-1', '2', '3', '7', '100', '1073741823', '-1073741824', '2147483647', '-2147483648'];
const EDGES = ['4294967296', '9007199254740991', '-9007199254740991', '4611686018427387904', '9223372036854775807'];
const FLONUMS = ['0.5', '-0.25', '1.5', '2.0', '-1.0', '0.0', '-0.0', '1e300', '1e16', '0.1'];
const ARITHMETIC = ['+', '-', '*', '+', '-', '*', '+', '-', '*', 'min', 'max'];
const DIVISIONS = ['/', 'quotient', 'remainder', 'modulo'];
const COMPARISONS = ['<', '>', '<=', '>=', '='];
const SAME = ['eq?', 'eqv?', 'equal?'];

interface Function {
  readonly name: string;
  readonly arity: number;
  /** What it gives. */
  readonly kind: Kind;
}

interface Scope {
  readonly variables: readonly string[];
  /** Those of the variables that are likely numbers. */
  readonly numbers: readonly string[];
  /** Vectors, mostly of numbers. */
  readonly vectors: readonly string[];
  readonly functions: readonly Function[];
}

class Generator {
  private readonly random: () => number;
  private names = 0;
  /** Expressions that may still be made: the size of a program is bounded whatever the dice say. */
  private budget = 220;

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  program(): string {
    const functions: Function[] = [];
    const definitions = Array.from({ length: 2 + this.below(4) }, (_, i) => {
      const name = `f${i}`;
      const arity = 1 + this.below(3);
      const params = ['x', 'y', 'z'].slice(0, arity);
      this.budget = 90;
      const kind = this.chance(0.7) ? this.one<Kind>(['number', 'flonum']) : 'any';
      const scope = { variables: params, numbers: params, vectors: ['kept'], functions: [...functions] };
      const body = this.expression(kind, scope, 5);
      functions.push({ name, arity, kind });
      return `(define (${name} ${params.join(' ')}) ${spend(1)} ${body})`;
    });
    const calls = functions.map(({ name, arity }) => {
      const args = Array.from({ length: arity }, (_, i) => `(pick (+ i ${i * 3}))`);
      return `(attempt (lambda () (${name} ${args.join(' ')})))`;
    });
    const turns = this.one([45, 45, 150, 500]);
    // What is hot already is redefined.
    const redefinition = this.chance(0.3) ? `(if (= i ${turns - 20}) (set! f0 ${this.one(functions).name}))` : '';
    const last = this.chance(0.3)
      ? `(begin (f0${' 1'.repeat(functions[0].arity)}) (cons kept (reverse acc)))`
      : '(cons kept (reverse acc))';
    return `
(define count 0)
(define fuel 0)
(define log '())
(define (clip s) (if (> (string-length s) 40) (substring s 0 5) s))
(define (clip-list l) (if (> (length l) 20) (list (car l) 1) l))
(define (attempt thunk)
  (let ((r (catch (thunk))))
    (if (and (pair? r) (eq? (car r) 'runtime-error)) (car (cdr (cdr r))) r)))
(define inputs (vector 0 1 -3 0.5 2.0 5 'a 2147483647 9007199254740991 12 -1.5 4))
(define (pick i) (vector-ref inputs (modulo i 12)))
(define kept (vector 0 1.5 -3 2.0 7 0.25))
${definitions.join('\n')}
(let loop ((i 0) (acc '()))
  ${redefinition}
  (set! log '())
  (set! fuel 200)
  (if (= i ${turns}) ${last}
      (let ((results (list ${calls.join(' ')})))
        (loop (+ i 1) (if (< i 45) (cons (list results count log) acc) acc)))))`;
  }

  private below(n: number): number {
    return Math.floor(this.random() * n);
  }

  private chance(p: number): boolean {
    return this.random() < p;
  }

  private one<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  private fresh(): string {
    return `v${this.names++}`;
  }

  private leaf(kind: Kind, { variables, numbers }: Scope): string {
    if (kind === 'number' || kind === 'flonum') {
      if (numbers.length > 0 && this.chance(0.6)) return this.one(numbers);
      if (kind === 'flonum' || this.chance(0.25)) return this.one(FLONUMS);
      return this.chance(0.15) ? this.one(EDGES) : this.one(INTEGERS);
    }
    if (this.chance(kind === 'any' ? 0.5 : 0.02) && variables.length > 0) return this.one(variables);
    if (kind === 'boolean') return this.one(['#t', '#f']);
    if (kind === 'string') return this.one(['"ab"', '"hello"', '"äö"', '"x1"']);
    if (kind === 'list') return this.one(["'(7)", "'(1 2 3)", "'(1 0.5)", '(list 3 2 1 0)']);
    return this.one([...INTEGERS, ...FLONUMS, "'a", '"s"', '#f', 'count']);
  }

  private expression(kind: Kind, scope: Scope, depth: number): string {
    if (depth <= 0 || --this.budget < 0) return this.leaf(kind, scope);
    // Now and then something of another kind.
    if (this.chance(0.012)) return this.expression('any', scope, depth - 1);
    if (this.chance(0.45)) return this.control(kind, scope, depth - 1);
    switch (kind) {
      case 'number':
      case 'flonum':
        return this.numeric(kind, scope, depth - 1);
      case 'boolean':
        return this.test(scope, depth - 1);
      case 'list':
        return this.list(scope, depth - 1);
      case 'string':
        return this.text(scope, depth - 1);
      case 'any':
        return this.expression(
          this.one<Kind>(['number', 'number', 'flonum', 'boolean', 'list', 'string']),
          scope,
          depth,
        );
    }
  }

  private numeric(kind: Kind, scope: Scope, depth: number): string {
    const n = () => this.expression(this.chance(0.2) ? 'flonum' : kind, scope, depth);
    switch (this.below(13)) {
      case 8:
        return `(vector-ref ${this.one(scope.vectors)} ${this.index(scope, depth)})`;
      case 0:
        return `(${this.one(['sqrt', 'abs', 'floor', '-', 'round', 'truncate'])} ${n()})`;
      case 1:
        return `(length ${this.expression('list', scope, depth)})`;
      case 2:
        return `(string-length ${this.expression('string', scope, depth)})`;
      case 3:
        return `(vector-ref (vector ${n()} ${n()} ${n()}) ${this.chance(0.9) ? this.below(3) : n()})`;
      case 4:
        return `(hash-map-ref ${this.table(scope, depth)} ${this.key(scope, depth)} ${n()})`;
      case 5:
        return `(+ ${n()} ${n()} ${n()})`;
      case 7:
        return `(${this.one(DIVISIONS)} ${n()} ${this.chance(0.8) ? `(+ 1 (abs ${n()}))` : n()})`;
      case 6:
        return `(char->integer (string-ref ${this.expression('string', scope, depth)} ${this.below(2)}))`;
      default:
        return `(${this.one(ARITHMETIC)} ${n()} ${n()})`;
    }
  }

  /** One that is too large now and then, or no index at all. */
  private index(scope: Scope, depth: number): string {
    if (this.chance(0.05)) return this.expression('number', scope, depth);
    return this.chance(0.4) && scope.numbers.length > 0 ? this.one(scope.numbers) : `${this.below(3)}`;
  }

  private key(scope: Scope, depth: number): string {
    return this.chance(0.5) ? this.one(["'k", '1', '1.0', '"k"', "'(1 2)"]) : this.expression('any', scope, depth);
  }

  private table(scope: Scope, depth: number): string {
    const key = () => this.key(scope, depth - 1);
    const start = `(hash-map 'k 1 "k" 2 ${key()} ${this.leaf('any', scope)})`;
    return this.chance(0.5) ? start : `(hash-map-assoc ${start} ${key()} ${this.expression('any', scope, depth - 1)})`;
  }

  private test(scope: Scope, depth: number): string {
    const e = (kind: Kind) => this.expression(kind, scope, depth);
    switch (this.below(8)) {
      case 0:
        return `(${this.one(SAME)} ${e('any')} ${e('any')})`;
      case 1:
        return `(${this.one(['null?', 'pair?', 'number?', 'not', 'string?'])} ${e('any')})`;
      case 2:
        return `(${this.one(['and', 'or'])} ${e('boolean')} ${e('boolean')})`;
      case 3:
        return `(string=? ${e('string')} ${e('string')})`;
      case 4:
        return `(${this.one(['zero?', 'positive?', 'negative?'])} ${e('number')})`;
      default:
        return `(${this.one(COMPARISONS)} ${e('number')} ${e('number')})`;
    }
  }

  private list(scope: Scope, depth: number): string {
    const e = (kind: Kind, inner = scope) => this.expression(kind, inner, depth);
    const v = this.fresh();
    const inner = bind(scope, v, this.chance(0.8));
    switch (this.below(9)) {
      case 0:
        return `(list ${e('number')} ${e(this.chance(0.8) ? 'number' : 'any')})`;
      case 1:
        return `(map (lambda (${v}) ${e('any', inner)}) ${e('list')})`;
      case 2:
        return `(reverse ${e('list')})`;
      case 3:
        return `(let ((${v} '())) (for-each (lambda (e) (set! ${v} (cons e ${v}))) ${e('list')}) ${v})`;
      case 4:
        return `(cdr (cons 1 ${e('list')}))`;
      case 5:
        return `(clip-list (append ${e('list')} ${e('list')}))`;
      case 6:
        return `(call-with-values (lambda () (values ${e('any')} ${e('number')})) list)`;
      case 7:
        return `(vector->list (vector-map (lambda (${v}) ${e('number', inner)}) (vector ${e('number')} ${e('number')})))`;
      default:
        return `(cons ${e(this.chance(0.8) ? 'number' : 'any')} ${e('list')})`;
    }
  }

  private text(scope: Scope, depth: number): string {
    const s = () => this.expression('string', scope, depth);
    switch (this.below(4)) {
      case 0:
        return `(number->string ${this.expression('number', scope, depth)})`;
      case 1:
        return `(substring ${s()} 0 ${this.below(2)})`;
      case 2:
        return `(let ((p (open-output-string))) (write-string ${s()} p) (display ${this.expression('number', scope, depth)} p) (get-output-string p))`;
      default:
        return `(clip (string-append ${s()} ${s()}))`;
    }
  }

  /** An expression of a kind with control around it. */
  private control(kind: Kind, scope: Scope, depth: number): string {
    const e = (inner = scope, of: Kind = kind) => this.expression(of, inner, depth);
    const isNumber = isNumeric(kind);
    const v = this.fresh();
    const inner = bind(scope, v, true);
    const other = bind(scope, v, false);
    switch (this.below(28)) {
      case 24:
        return `(begin (vector-set! ${this.one(scope.vectors)} ${this.index(scope, depth)} ${e(scope, 'number')}) ${e()})`;
      case 25:
        return this.vectorLoop(kind, scope, depth);
      case 26:
        return this.flonumLoop(scope, depth);
      case 0:
      case 1:
        return `(if ${e(scope, 'boolean')} ${e()} ${e()})`;
      case 2:
        return `(cond (${e(scope, 'boolean')} ${e()}) (${e(scope, 'boolean')} ${e()}) (else ${e()}))`;
      case 3:
        return `(case ${e(scope, 'number')} ((0 1 -1) ${e()}) ((2 100 a) ${e()}) (else ${e()}))`;
      case 4:
      case 5:
        return `(let ((${v} ${e(scope, isNumber ? kind : 'number')})) ${e(inner)})`;
      case 6:
        return `(let ((${v} ${e(scope, 'number')})) (set! ${v} ${e(inner, 'number')}) ${e(inner)})`;
      case 7:
      case 8:
        return this.loop(kind, scope, depth);
      case 9:
        return this.nestedLoops(scope, depth);
      case 10:
        return `(let ((${v} (lambda (a) ${e(bind(scope, 'a', true))}))) ${e({ ...scope, functions: [...scope.functions, { name: v, arity: 1, kind }] })})`;
      case 11:
        return this.chance(0.5) ? this.localFunctions(kind, scope, depth) : this.continuations(kind, scope, depth);
      case 12:
        return `(catch 'tag ${e()})`;
      case 13:
        return `(if (and ${e(scope, 'boolean')} ${e(scope, 'boolean')}) (raise 'tag ${e()}) ${e()})`;
      case 14:
        return `(call/cc (lambda (${v}) (+ 1 (if ${e(scope, 'boolean')} (${v} ${e()}) ${e(scope, 'number')}))))`;
      case 15:
        return this.reentry(kind, scope, depth);
      case 16:
      case 17:
        return this.call(kind, scope, depth);
      case 18:
        return `(begin (set! count (+ count 1)) ${e()})`;
      case 19: {
        const body = e();
        return `(begin (catch 'tag (dynamic-wind (lambda () (set! log (cons 'in log))) (lambda () ${body}) (lambda () (set! log (cons count log))))) ${e()})`;
      }
      case 20:
        return this.deepRecursion(scope, depth);
      case 21:
        return `(guard (${v} (#t ${e(other)})) (if ${e(scope, 'boolean')} (raise ${e()}) ${e()}))`;
      case 22:
        // A primitive as a value, in tail position: its errors are not those of the function that calls it.
        return `((lambda (h) (h ${e(scope, 'number')})) ${this.one(['abs', 'car', 'list', `(lambda (${v}) ${e(inner)})`])})`;
      case 23:
        return `(with-exception-handler (lambda (${v}) (if (number? ${v}) ${e(inner, 'number')} (raise 'tag ${v}))) (lambda () (+ 1 (raise-continuable ${e(scope, 'number')}))))`;
      default:
        return `(apply (lambda (${v} . rest) (if (null? rest) ${e(other)} ${e(other)})) ${e(scope, 'list')})`;
    }
  }

  private loop(kind: Kind, scope: Scope, depth: number): string {
    const [loop, i, a] = [this.fresh(), this.fresh(), this.fresh()];
    const inner = bind(bind(scope, a, isNumeric(kind)), i, true);
    const turns = depth >= 3 ? this.one([2, 5, 30]) : 3;
    const start = this.expression(kind, scope, depth);
    const step = this.expression(kind, inner, depth);
    const end = this.expression(kind, inner, depth);
    return `(let ${loop} ((${i} ${turns}) (${a} (begin ${spend(turns)} ${start}))) (if (= ${i} 0) ${end} (${loop} (- ${i} 1) ${step})))`;
  }

  /** Fill a vector in a loop, reading it, or another one, on the way. */
  private vectorLoop(kind: Kind, scope: Scope, depth: number): string {
    const [v, loop, i, a] = [this.fresh(), this.fresh(), this.fresh(), this.fresh()];
    const size = this.one([3, 4, 20]);
    const start = this.expression('number', scope, depth);
    const kept = { ...scope, vectors: [...scope.vectors, v] };
    const inner = bind(bind(kept, a, true), i, true);
    const at = this.chance(0.9) ? i : this.index(inner, depth);
    const item = this.expression('number', inner, depth);
    const step = this.chance(0.5) ? `(+ ${a} (vector-ref ${v} ${i}))` : this.expression('number', inner, depth);
    const end = this.expression(kind, bind(kept, a, true), depth);
    return `(let ((${v} (make-vector ${size} ${this.leaf('number', scope)}))) (let ${loop} ((${i} 0) (${a} (begin ${spend(size / 2)} ${start}))) (if (= ${i} ${size}) ${end} (begin (vector-set! ${v} ${at} ${item}) (${loop} (+ ${i} 1) ${step})))))`;
  }

  /** A loop whose variables are flonums from the start, or become some on the way. */
  private flonumLoop(scope: Scope, depth: number): string {
    const [loop, i, a, b] = [this.fresh(), this.fresh(), this.fresh(), this.fresh()];
    const turns = this.one([2, 5, 30]);
    const inner = bind(bind(bind(scope, b, true), a, true), i, true);
    const start = this.chance(0.6) ? this.one(FLONUMS) : this.leaf('number', scope);
    const step = this.expression('flonum', inner, depth);
    const other = this.chance(0.5) ? a : `(* ${b} ${this.one(FLONUMS)})`;
    const end = this.expression('number', inner, depth);
    return `(let ${loop} ((${i} ${turns}) (${a} (begin ${spend(turns / 2)} ${start})) (${b} ${this.leaf('flonum', scope)})) (if (<= ${i} 0) ${end} (${loop} (- ${i} 1) (${this.one(['+', '-', '*'])} ${a} ${step}) ${other})))`;
  }

  private nestedLoops(scope: Scope, depth: number): string {
    const [outer, inner, i, j, a] = Array.from({ length: 5 }, () => this.fresh());
    const bound = bind(bind(bind(scope, a, true), i, true), j, true);
    const n = this.expression('number', bound, depth);
    return `(let ${outer} ((${i} 0) (${a} ${this.leaf('number', scope)})) (if (= ${i} 4) ${a} (let ${inner} ((${j} 0) (${a} ${a})) (if (< ${j} ${i}) (${inner} (+ ${j} 1) ${n}) (${outer} (+ ${i} 1) ${a})))))`;
  }

  private localFunctions(kind: Kind, scope: Scope, depth: number): string {
    const [f, g, n] = [this.fresh(), this.fresh(), this.fresh()];
    const inner = bind(scope, n, true);
    const e = (in_ = inner) => this.expression(kind, in_, depth);
    const step = this.chance(0.5)
      ? `(${g} (- ${n} 1))`
      : `(let ((r (${g} (- ${n} 1)))) ${e(bind(inner, 'r', isNumeric(kind)))})`;
    return `(let () (define (${f} ${n}) (if (<= ${n} 0) ${e()} ${step})) (define (${g} ${n}) (if (<= ${n} 0) ${e()} (${f} (- ${n} 1)))) (${f} ${this.below(7)}))`;
  }

  /** Functions that call each other last, and take what to do next as a closure. */
  private continuations(kind: Kind, scope: Scope, depth: number): string {
    const [f, g, n, k, v] = [this.fresh(), this.fresh(), this.fresh(), this.fresh(), this.fresh()];
    const inner = bind(bind(scope, n, true), v, isNumeric(kind));
    const e = () => this.expression(kind, inner, depth);
    const last = () => this.one([`(lambda (${v}) ${e()})`, `(lambda (${v}) (${k} ${e()}))`, k]);
    const body = (other: string) =>
      `(lambda (${n} ${v} ${k}) (if (<= ${n} 0) (${k} ${e()}) (${other} (- ${n} 1) ${e()} ${last()})))`;
    const start = `(${f} ${this.below(9)} ${this.expression(kind, scope, depth)} ${this.one([`(lambda (${v}) ${v})`, 'list'])})`;
    return `(letrec ((${f} ${body(g)}) (${g} ${body(this.one([f, g]))})) (begin ${spend(1)} ${start}))`;
  }

  private call(kind: Kind, scope: Scope, depth: number): string {
    const fitting = scope.functions.filter(
      (f) => f.kind === kind || kind === 'any' || (isNumeric(f.kind) && isNumeric(kind)),
    );
    if (fitting.length === 0) return this.expression(kind, scope, depth);
    const { name, arity } = this.one(fitting);
    const count = this.chance(0.01) ? arity + 1 : arity;
    const args = Array.from({ length: count }, () => this.expression('number', scope, depth));
    return `(${name} ${args.join(' ')})`;
  }

  /** A continuation that is entered again from outside, a few times. */
  private reentry(kind: Kind, scope: Scope, depth: number): string {
    const [k, n, v] = [this.fresh(), this.fresh(), this.fresh()];
    const inner = bind(scope, v, isNumeric(kind));
    const start = this.expression(kind, scope, depth);
    return `(let ((${k} #f) (${n} 0)) (let ((${v} (call/cc (lambda (k) (set! ${k} k) ${start})))) (set! ${n} (+ ${n} 1)) (if (< ${n} 3) (${k} ${this.expression(kind, inner, depth)}) (begin (set! log (cons ${n} log)) ${v}))))`;
  }

  /** Deeper than the host's stack, with a frame that is worth keeping. */
  private deepRecursion(scope: Scope, depth: number): string {
    const [down, n] = [this.fresh(), this.fresh()];
    const inner = bind(scope, n, true);
    const isDeep = this.chance(0.15);
    const deep = isDeep ? 3000 : this.below(10);
    const end = this.expression('number', scope, depth);
    const around = this.expression('number', bind(inner, 'r', true), isDeep ? 1 : depth);
    return `(letrec ((${down} (lambda (${n}) (if (= ${n} 0) ${end} (let ((r (${down} (- ${n} 1)))) ${around}))))) (begin ${spend(deep / 20)} (${down} ${deep})))`;
  }
}

/** What bounds the time of a program, whatever is called inside of what. */
const spend = (n: number): string =>
  `(set! fuel (- fuel ${Math.ceil(n)})) (if (< fuel 0) (raise 'fuel ${Math.ceil(n)}))`;

const isNumeric = (kind: Kind): boolean => kind === 'number' || kind === 'flonum';

const bind = (scope: Scope, name: string, isNumber: boolean): Scope => ({
  ...scope,
  variables: [...scope.variables, name],
  numbers: isNumber ? [...scope.numbers, name] : scope.numbers,
});

export const randomProgram = (seed: number): string => new Generator(seed).program();
