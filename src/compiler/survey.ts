// The survey: one walk over the core forms that finds out how variables are used, before anything is transformed.
//
// Loops. A `letrec` of one function f is a loop if every use of f is a call with the right number of arguments in
// tail position: one call in the body of the letrec (the entry), any number in f's own body (the jumps back). "Tail
// position" reaches into an inner loop's body: there, leaving the inner loop means leaving its function. So whether
// f is a loop can hang on whether the functions between f and its uses are loops; `isLoop` resolves that.

import type { CoreForm, LambdaForm, LocalBinding, Variable } from './core-forms.ts';
import { LocalVariableBinding, type Scope } from './scope.ts';

type Letrec = Extract<CoreForm, { kind: 'letrec' }>;

/** Loops around a form that it may jump back to; further out a use makes a loop a function. Each costs every loop inside. */
const MAX_ENCLOSING = 32;

/** How a variable is used. */
class Usage {
  references = 0;
}

/** A function that may turn out to be a loop. */
class LoopCandidate {
  entries = 0;
  possible = true;
  /** Other candidates that lie between this one and some of its uses: they must be loops too. */
  readonly through = new Set<LoopCandidate>();
  constructor(
    readonly variable: Variable,
    readonly lambda: LambdaForm,
  ) {}
}

/** The candidates that the form being walked is in tail position of, and what lies between. */
interface Tail {
  readonly candidate: LoopCandidate;
  readonly inBody: boolean;
  readonly through: readonly LoopCandidate[];
}

/** While an init of a letrec is walked: the highest index of that letrec's variables that it refers to. */
interface LetrecProgress {
  current: number;
  readonly index: Map<Variable, number>;
  readonly reach: number[];
}

export class Survey {
  private readonly usages = new Map<Variable, Usage>();
  private readonly candidates = new Map<Variable, LoopCandidate>();
  private readonly progress = new Map<Variable, LetrecProgress>();
  private readonly reaches = new Map<Letrec, readonly number[]>();

  constructor(root: CoreForm) {
    this.walk(root, []);
  }

  references(variable: Variable): number {
    return this.usages.get(variable)?.references ?? 0;
  }

  isLoop(variable: Variable): boolean {
    const candidate = this.candidates.get(variable);
    return candidate !== undefined && resolve(candidate);
  }

  /** For each binding of a letrec, the highest index of its variables that the init refers to, -1 for none. */
  reach(form: Letrec): readonly number[] {
    return this.reaches.get(form)!;
  }

  private refer(variable: Variable): void {
    let usage = this.usages.get(variable);
    if (usage === undefined) {
      usage = new Usage();
      this.usages.set(variable, usage);
    }
    usage.references++;
    const letrec = this.progress.get(variable);
    if (letrec !== undefined && letrec.current >= 0) {
      const { current, reach } = letrec;
      reach[current] = Math.max(reach[current], letrec.index.get(variable)!);
    }
  }

  /** Code that is not here uses the variables, in whatever way. */
  private useElsewhere(variables: Iterable<Variable>): void {
    for (const variable of variables) {
      this.refer(variable);
      this.spoil(variable);
    }
  }

  private walk(form: CoreForm, tails: readonly Tail[]): void {
    switch (form.kind) {
      case 'const':
      case 'global':
      case 'builtin':
        return;
      case 'local':
        this.refer(form.variable);
        this.spoil(form.variable);
        return;
      case 'set-local':
        this.refer(form.variable);
        this.spoil(form.variable);
        this.walk(form.value, []);
        return;
      case 'set-global':
      case 'define-global':
        this.walk(form.value, []);
        return;
      case 'if':
        this.walk(form.test, []);
        this.walk(form.consequent, tails);
        this.walk(form.alternate, tails);
        return;
      case 'sequence':
        form.forms.forEach((f, i) => {
          this.walk(f, i === form.forms.length - 1 ? tails : []);
        });
        return;
      case 'lambda':
        this.walk(form.body, []);
        return;
      case 'call':
        this.walkCall(form, tails);
        return;
      case 'let':
        for (const { init } of form.bindings) this.walk(init, []);
        this.walk(form.body, tails);
        return;
      case 'letrec':
        this.walkLetrec(form, tails);
        return;
      case 'catch':
        this.walk(form.body, []);
        return;
      case 'eval':
        this.walk(form.expression, []);
        this.useElsewhere(visibleVariables(form.scope));
        return;
      case 'piece':
        this.useElsewhere(form.piece.free);
        return;
    }
  }

  private walkCall(form: Extract<CoreForm, { kind: 'call' }>, tails: readonly Tail[]): void {
    const { operator, args } = form;
    for (const arg of args) this.walk(arg, []);
    if (operator.kind === 'lambda' && isDirect(operator, args.length)) {
      this.walk(operator.body, tails);
      return;
    }
    if (operator.kind !== 'local') {
      this.walk(operator, []);
      return;
    }
    const { variable } = operator;
    this.refer(variable);
    const candidate = this.candidates.get(variable);
    if (candidate === undefined) return;
    const tail = tails.find((t) => t.candidate === candidate);
    if (tail === undefined || args.length !== candidate.lambda.params.length) candidate.possible = false;
    else {
      if (!tail.inBody) candidate.entries++;
      for (const between of tail.through) candidate.through.add(between);
    }
  }

  private walkLetrec(form: Letrec, tails: readonly Tail[]): void {
    const { bindings, body } = form;
    const progress: LetrecProgress = {
      current: -1,
      index: new Map(bindings.map(({ variable }, i) => [variable, i])),
      reach: bindings.map(() => -1),
    };
    for (const { variable } of bindings) this.progress.set(variable, progress);
    const candidate = loopCandidate(bindings);
    if (candidate !== null) this.candidates.set(candidate.variable, candidate);
    bindings.forEach(({ init }, i) => {
      progress.current = i;
      if (candidate === null) this.walk(init, []);
      else {
        const outer = tails.slice(0, MAX_ENCLOSING).map((t) => ({ ...t, through: [...t.through, candidate] }));
        this.walk(candidate.lambda.body, [{ candidate, inBody: true, through: [] }, ...outer]);
      }
    });
    progress.current = -1;
    this.walk(body, candidate === null ? tails : [{ candidate, inBody: false, through: [] }, ...tails]);
    this.reaches.set(form, progress.reach);
  }

  /** The variable is used other than by calling it. */
  private spoil(variable: Variable): void {
    const candidate = this.candidates.get(variable);
    if (candidate !== undefined) candidate.possible = false;
  }
}

/** A lambda that is called on the spot with as many arguments as it takes: a `let`. */
export const isDirect = (lambda: LambdaForm, argumentCount: number): boolean =>
  lambda.rest === null && lambda.params.length === argumentCount;

function loopCandidate(bindings: readonly LocalBinding[]): LoopCandidate | null {
  if (bindings.length !== 1) return null;
  const [{ variable, init }] = bindings;
  if (init.kind !== 'lambda' || init.rest !== null || variable.assigned) return null;
  return new LoopCandidate(variable, init);
}

function resolve(candidate: LoopCandidate): boolean {
  if (candidate.possible && (candidate.entries !== 1 || ![...candidate.through].every(resolve))) {
    candidate.possible = false;
  }
  return candidate.possible;
}

/** The local variables that code in this scope can name, innermost first; a shadowed one is left out. */
export function visibleVariables(scope: Scope): readonly Variable[] {
  const seen = new Set<unknown>();
  const variables: Variable[] = [];
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    for (const [key, binding] of at.entries()) {
      if (!seen.has(key) && binding instanceof LocalVariableBinding) variables.push(binding.variable);
      seen.add(key);
    }
  }
  return variables;
}
