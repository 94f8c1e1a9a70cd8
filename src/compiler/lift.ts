// Lambda lifting: which local procedures need no closure, and what they take in place of one.
//
//     (define (count-between low high l)
//       (define (inside? x) (and (<= low x) (<= x high)))          inside? takes low and high besides x
//       (define (count l) … (inside? (car l)) … (count (cdr l)))   so does count
//       (count l))
//
// A procedure that is called and never used as a value is known wherever it is called; if the variables around it come
// along as arguments, there is nothing left that a closure is for. It is then one procedure for ever, that the
// translator can call by name and inline.
//
// Every call must be in the function that defines it, or in procedures inside of that which are lifted, too: these have
// the variables at hand. A closure in between would have to capture them one by one in place of the procedure.
//
// The variables must never change: those that live in boxes are shared by closures.

import type { CodeObject } from '../bytecode/code.ts';
import { isBoxed } from './analyse.ts';
import type { Variable } from './core-forms.ts';
import type { BindingIr, Ir, LambdaIr } from './ir.ts';

/** More variables than this make every call dearer than a closure would. */
const MAX_EXTRA = 6;

/** A procedure without a closure. */
export class LiftedProcedure {
  private code: CodeObject | null = null;
  private readonly waiting: ((code: CodeObject) => void)[] = [];

  constructor(
    readonly lambda: LambdaIr,
    /** The variables that it takes in front of its own parameters. */
    readonly extra: readonly Variable[],
  ) {}

  /** Procedures may call each other before the code of all is there. */
  whenEmitted(use: (code: CodeObject) => void): void {
    if (this.code === null) this.waiting.push(use);
    else use(this.code);
  }

  emitted(code: CodeObject): void {
    this.code = code;
    for (const use of this.waiting) use(code);
  }
}

/** The procedures in a function that are lifted, by the variables that they are bound to. */
export function liftProcedures(root: LambdaIr): ReadonlyMap<Variable, LiftedProcedure> {
  return new Lifter(root).lift();
}

class Candidate {
  isPossible = true;
  /** The functions that call it. */
  readonly callers: LambdaIr[] = [];
  /** Variables from outside that it, or a function in it, uses: a set in the order of use. */
  extra = new Set<Variable>();
  constructor(
    readonly variable: Variable,
    readonly lambda: LambdaIr,
    readonly definer: LambdaIr,
  ) {}
}

/** A variable is used in a function; if it is a candidate's, it is called there. */
interface Use {
  readonly variable: Variable;
  readonly from: LambdaIr;
}

class Lifter {
  private readonly candidates = new Map<Variable, Candidate>();
  private readonly byLambda = new Map<LambdaIr, Candidate>();
  private readonly parents = new Map<LambdaIr, LambdaIr>();
  /** The function that a variable's slot belongs to. */
  private readonly owners = new Map<Variable, LambdaIr>();
  /** Of variables from further out. */
  private readonly uses: Use[] = [];

  constructor(root: LambdaIr) {
    this.enter(root);
  }

  lift(): ReadonlyMap<Variable, LiftedProcedure> {
    do this.refuseCallsFromClosures();
    while (this.refuseVariables());
    const lifted = this.possible().map(
      ({ variable, lambda, extra }) => [variable, new LiftedProcedure(lambda, [...extra])] as const,
    );
    return new Map(lifted);
  }

  private possible(): Candidate[] {
    return [...this.candidates.values()].filter(({ isPossible }) => isPossible);
  }

  // ---- the walk

  private enter(lambda: LambdaIr): void {
    this.own(lambda.params, lambda);
    if (lambda.rest !== null) this.own([lambda.rest], lambda);
    this.walk(lambda.body, lambda);
  }

  private own(variables: readonly Variable[], owner: LambdaIr): void {
    for (const variable of variables) this.owners.set(variable, owner);
  }

  private walkAll(forms: readonly Ir[], within: LambdaIr): void {
    for (const form of forms) this.walk(form, within);
  }

  /** In the order in which the emitter comes by. */
  private walk(ir: Ir, within: LambdaIr): void {
    switch (ir.kind) {
      case 'const':
      case 'global':
      case 'builtin':
        return;
      case 'local':
        return this.useAsValue(ir.variable, within);
      case 'set-local':
        this.walk(ir.value, within);
        return this.useAsValue(ir.variable, within);
      case 'set-global':
      case 'define-global':
        return this.walk(ir.value, within);
      case 'if':
        return this.walkAll([ir.test, ir.consequent, ir.alternate], within);
      case 'or':
        return this.walkAll([ir.first, ir.second], within);
      case 'sequence':
        return this.walkAll(ir.forms, within);
      case 'lambda':
        this.parents.set(ir, within);
        return this.enter(ir);
      case 'call':
        this.walkAll(ir.args, within);
        return this.walkOperator(ir.operator, ir.args.length, within);
      case 'let':
        this.walkAll(
          ir.bindings.map(({ init }) => init),
          within,
        );
        this.bind(ir.bindings, within);
        return this.walk(ir.body, within);
      case 'let*':
        for (const binding of ir.bindings) {
          this.walk(binding.init, within);
          this.bind([binding], within);
        }
        return this.walk(ir.body, within);
      case 'fix':
      case 'letrec':
        this.bind(ir.bindings, within);
        this.walkAll(
          ir.bindings.map(({ init }) => init),
          within,
        );
        return this.walk(ir.body, within);
      case 'loop':
        this.walkAll(ir.inits, within);
        this.own(ir.label.variables, within);
        return this.walk(ir.body, within);
      case 'continue':
        return this.walkAll(ir.args, within);
      case 'piece':
        for (const variable of ir.piece.free) this.useAsValue(variable, within);
        return;
      case 'catch':
        return this.walk(ir.body, within);
      case 'eval':
        this.walk(ir.expression, within);
        for (const variable of ir.variables) this.useAsValue(variable, within);
        return;
    }
  }

  private bind(bindings: readonly BindingIr[], within: LambdaIr): void {
    for (const { variable, init } of bindings) {
      this.own([variable], within);
      if (init.kind !== 'lambda' || init.rest !== null || variable.assigned || variable.mayBeUnset) continue;
      const candidate = new Candidate(variable, init, within);
      this.candidates.set(variable, candidate);
      this.byLambda.set(init, candidate);
    }
  }

  private walkOperator(operator: Ir, argumentCount: number, within: LambdaIr): void {
    const candidate = operator.kind === 'local' ? this.candidates.get(operator.variable) : undefined;
    if (candidate === undefined || candidate.lambda.params.length !== argumentCount) return this.walk(operator, within);
    candidate.callers.push(within);
    this.use(candidate.variable, within);
  }

  private useAsValue(variable: Variable, within: LambdaIr): void {
    const candidate = this.candidates.get(variable);
    if (candidate !== undefined) candidate.isPossible = false;
    this.use(variable, within);
  }

  private use(variable: Variable, from: LambdaIr): void {
    if (this.owners.get(variable) !== from) this.uses.push({ variable, from });
  }

  // ---- what follows from it

  private isLifted(lambda: LambdaIr): boolean {
    return this.byLambda.get(lambda)?.isPossible === true;
  }

  private refuseCallsFromClosures(): void {
    for (let isSettled = false; !isSettled; ) {
      isSettled = true;
      for (const candidate of this.possible()) {
        if (candidate.callers.every((caller) => this.isWithinReach(caller, candidate.definer))) continue;
        candidate.isPossible = false;
        isSettled = false;
      }
    }
  }

  /** Whether all functions from `from` outward, up to the definer, are lifted. */
  private isWithinReach(from: LambdaIr, definer: LambdaIr): boolean {
    let at = from;
    while (at !== definer && this.isLifted(at)) at = this.parents.get(at)!;
    return at === definer;
  }

  /** Whether a candidate had to be refused: then others have its closure for a variable. */
  private refuseVariables(): boolean {
    this.findVariables();
    const refused = this.possible().filter(({ extra }) => extra.size > MAX_EXTRA || [...extra].some(isBoxed));
    for (const candidate of refused) candidate.isPossible = false;
    return refused.length > 0;
  }

  private findVariables(): void {
    for (const candidate of this.candidates.values()) candidate.extra = new Set();
    for (let isSettled = false; !isSettled; ) {
      isSettled = true;
      for (const { variable, from } of this.uses) {
        const candidate = this.candidates.get(variable);
        const variables = candidate?.isPossible === true ? candidate.extra : [variable];
        for (const each of variables) if (this.addVariable(each, from)) isSettled = false;
      }
    }
  }

  /** A variable is used in `from`: all lifted procedures around that, up to its owner, need it. Whether that is news. */
  private addVariable(variable: Variable, from: LambdaIr): boolean {
    const owner = this.owners.get(variable);
    let isNews = false;
    for (let at: LambdaIr | undefined = from; at !== owner && at !== undefined; at = this.parents.get(at)) {
      const candidate = this.byLambda.get(at);
      if (candidate?.isPossible !== true || candidate.extra.has(variable)) continue;
      candidate.extra.add(variable);
      isNews = true;
    }
    return isNews;
  }
}
