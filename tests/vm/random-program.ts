// Random programs for comparing tiers: control flow, closures, assignment, captures, errors, mixed arithmetic.
//
// Each program defines a few functions and calls each of them often enough to become hot, then gives a list of
// results; errors are caught and become their messages. Loops are bounded, and recursion goes down a counter, so every
// program ends. The same seed gives the same program.

/** A small generator of uniform numbers (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NUMBERS = [
  '0',
  '1',
  '-1',
  '2',
  '7',
  '0.5',
  '-0.25',
  '2.0',
  '1e300',
  '2147483647',
  '-2147483648',
  '4611686018427387904',
  '9007199254740991',
];
const ARITHMETIC = ['+', '-', '*'];
const COMPARISONS = ['<', '>', '<=', '>=', '='];

interface Scope {
  readonly variables: readonly string[];
  /** Functions of one argument that can be called. */
  readonly functions: readonly string[];
}

class Generator {
  private readonly random: () => number;
  private names = 0;

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  program(): string {
    const functions: string[] = [];
    const definitions = Array.from({ length: 2 + this.below(3) }, (_, i) => {
      const name = `f${i}`;
      const body = this.expression({ variables: ['x', 'y'], functions: [...functions] }, 4);
      functions.push(name);
      return `(define (${name} x) (let ((y (+ x 1))) ${body}))`;
    });
    const calls = functions.map((f) => `(attempt (lambda () (${f} (pick i))))`);
    return `
(define (attempt thunk)
  (let ((r (catch (thunk))))
    (if (and (pair? r) (eq? (car r) 'runtime-error)) (car (cdr (cdr r))) r)))
(define inputs (vector 0 1 -3 0.5 2.0 'a '() 2147483647 9007199254740991))
(define (pick i) (vector-ref inputs (modulo i 9)))
${definitions.join('\n')}
(let loop ((i 0) (acc '()))
  (if (= i 45) (reverse acc) (loop (+ i 1) (cons (list ${calls.join(' ')}) acc))))`;
  }

  private below(n: number): number {
    return Math.floor(this.random() * n);
  }

  private one<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  private fresh(): string {
    return `v${this.names++}`;
  }

  private expression(scope: Scope, depth: number): string {
    if (depth === 0) return this.random() < 0.7 ? this.one(scope.variables) : this.one(NUMBERS);
    const e = (inner = scope) => this.expression(inner, depth - 1);
    const bind = (name: string): Scope => ({ ...scope, variables: [...scope.variables, name] });
    switch (this.below(16)) {
      case 0:
      case 1:
        return `(${this.one(ARITHMETIC)} ${e()} ${e()})`;
      case 2:
        return `(if (${this.one(COMPARISONS)} ${e()} ${e()}) ${e()} ${e()})`;
      case 3: {
        const v = this.fresh();
        return `(let ((${v} ${e()})) ${e(bind(v))})`;
      }
      case 4: {
        const v = this.fresh();
        return `(let ((${v} ${e()})) (set! ${v} ${e(bind(v))}) ${e(bind(v))})`;
      }
      case 5: {
        const [loop, i, a] = [this.fresh(), this.fresh(), this.fresh()];
        const inner = bind(a);
        return `(let ${loop} ((${i} ${this.below(6)}) (${a} ${e()})) (if (= ${i} 0) ${e(inner)} (${loop} (- ${i} 1) ${e(inner)})))`;
      }
      case 6: {
        const [f, v] = [this.fresh(), this.fresh()];
        return `(let ((${f} (lambda (${v}) ${e(bind(v))}))) (list (${f} ${e()}) (${f} ${e()})))`;
      }
      case 7:
        return `(catch 'tag ${e()})`;
      case 8:
        return `(if (${this.one(COMPARISONS)} ${e()} 1) (raise 'tag ${e()}) ${e()})`;
      case 9: {
        const k = this.fresh();
        return `(call/cc (lambda (${k}) (+ 1 (if (eq? ${e()} ${e()}) (${k} ${e()}) ${e()}))))`;
      }
      case 10:
        return scope.functions.length === 0 ? e() : `(${this.one(scope.functions)} ${e()})`;
      case 11:
        return `(let ((l (list ${e()} ${e()}))) (if (pair? l) (car (cdr l)) (car l)))`;
      case 12:
        return `(or (and (eq? ${e()} ${e()}) ${e()}) ${e()})`;
      case 13: {
        const v = this.fresh();
        return `(vector-ref (vector ${e()} ${e()}) (let ((${v} ${e()})) (if (number? ${v}) (if (< ${v} 1) 0 1) 2)))`;
      }
      case 14: {
        const [log, v] = [this.fresh(), this.fresh()];
        return `(let ((${log} 0)) (let ((${v} (catch 'tag (dynamic-wind (lambda () (set! ${log} (+ ${log} 1))) (lambda () ${e(bind(log))}) (lambda () (set! ${log} (+ ${log} 10))))))) (list ${log} ${v})))`;
      }
      default: {
        const [down, n] = [this.fresh(), this.fresh()];
        return `(letrec ((${down} (lambda (${n}) (if (= ${n} 0) ${e()} (let ((r (${down} (- ${n} 1)))) r))))) (${down} ${this.below(5)}))`;
      }
    }
  }
}

export const randomProgram = (seed: number): string => new Generator(seed).program();
