// The analyser: core forms to IR.
//
// It decides, with the survey's help, which functions are loops, takes `letrec` apart, turns lambdas that are called
// on the spot into `let`, folds conditionals with a known test, and finds out which variables closures capture. A
// variable that is captured and assigned lives in a box; `isBoxed` is the one place that says so.

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { Primitive } from '../bytecode/procedures.ts';
import { foldedCall } from './constant-folding.ts';
import type { CoreForm, LambdaForm, LocalBinding, Variable } from './core-forms.ts';
import { type BindingIr, type Ir, type LambdaIr, LoopLabel } from './ir.ts';
import { isDirect, Survey, visibleVariables } from './survey.ts';

/**
 * Whether the variable lives in a box. Known once the whole function that binds it has been analysed.
 *
 * A closure shares a variable that is assigned; and so does a continuation: the frames that it holds are copied back
 * each time it is entered, which must not undo an assignment (README L2). Where nothing can be captured, because the
 * function calls nothing but primitives, an assigned variable needs no box.
 */
export const isBoxed = (variable: Variable): boolean =>
  (variable.assigned || variable.mayBeUnset) && (variable.captured || variable.crossesCalls);

/** @param folds  whether calls of pure builtins with known operands are replaced by their values */
export function analyse(lambda: LambdaForm, builtins: BuiltinTable, folds = false): LambdaIr {
  return new Analyser(new Survey(lambda), builtins, folds).root(lambda);
}

class Analyser {
  /** The real function, not a loop, that a variable's slot belongs to. */
  private readonly owners = new Map<Variable, LambdaForm>();
  private readonly loops = new Map<Variable, { lambda: LambdaForm; label: LoopLabel; entered: boolean }>();
  private current: LambdaForm | null = null;
  /** Functions that make calls in which a continuation could be captured. */
  private readonly callers = new Set<LambdaForm>();

  constructor(
    private readonly survey: Survey,
    private readonly builtins: BuiltinTable,
    private readonly folds: boolean,
  ) {}

  root(form: LambdaForm): LambdaIr {
    const ir = this.lambda(form, null);
    for (const [variable, owner] of this.owners) variable.crossesCalls = this.callers.has(owner);
    return ir;
  }

  lambda(form: LambdaForm, self: Variable | null): LambdaIr {
    const outer = this.current;
    this.current = form;
    for (const param of form.params) this.owners.set(param, form);
    if (form.rest !== null) this.owners.set(form.rest, form);
    const body = this.form(form.body);
    this.current = outer;
    return { kind: 'lambda', params: form.params, rest: form.rest, body, name: form.name, self, span: form.span };
  }

  private own(variable: Variable): void {
    this.owners.set(variable, this.current!);
  }

  private use(variable: Variable): void {
    // A free variable of an eval's form has no owner here: it comes in as an upvalue.
    if (this.owners.get(variable) !== this.current) variable.captured = true;
  }

  private forms(forms: readonly CoreForm[]): Ir[] {
    return forms.map((f) => this.form(f));
  }

  private form(form: CoreForm): Ir {
    switch (form.kind) {
      case 'const':
        return { kind: 'const', value: form.value };
      case 'local':
        this.use(form.variable);
        return { kind: 'local', variable: form.variable, span: form.span };
      case 'global':
        return { kind: 'global', cell: form.cell, span: form.span };
      case 'builtin':
        return { kind: 'builtin', name: form.name };
      case 'set-local':
        this.use(form.variable);
        return { kind: 'set-local', variable: form.variable, value: this.form(form.value) };
      case 'set-global':
        return { kind: 'set-global', cell: form.cell, value: this.form(form.value), span: form.span };
      case 'define-global':
        return { kind: 'define-global', cell: form.cell, value: this.form(form.value) };
      case 'if':
        return this.conditional(form);
      case 'sequence':
        return { kind: 'sequence', forms: this.forms(form.forms) };
      case 'lambda':
        return this.lambda(form, null);
      case 'call':
        return this.call(form);
      case 'let':
        return this.let(form.bindings, form.body);
      case 'letrec':
        return this.letrec(form);
      case 'catch':
        return { kind: 'catch', tag: form.tag, body: this.form(form.body) };
      case 'piece': {
        this.callers.add(this.current!);
        for (const variable of form.piece.free) variable.captured = true;
        return { kind: 'piece', piece: form.piece, span: form.span };
      }
      case 'eval': {
        this.callers.add(this.current!);
        const variables = visibleVariables(form.scope);
        for (const variable of variables) {
          variable.assigned = true;
          variable.captured = true;
        }
        return { kind: 'eval', expression: this.form(form.expression), scope: form.scope, variables, span: form.span };
      }
    }
  }

  private conditional(form: Extract<CoreForm, { kind: 'if' }>): Ir {
    const test = this.form(form.test);
    if (test.kind === 'const') return this.form(test.value !== false ? form.consequent : form.alternate);
    return { kind: 'if', test, consequent: this.form(form.consequent), alternate: this.form(form.alternate) };
  }

  private call(form: Extract<CoreForm, { kind: 'call' }>): Ir {
    const { operator, args, span } = form;
    if (operator.kind === 'lambda' && isDirect(operator, args.length)) {
      return this.let(
        operator.params.map((variable, i) => ({ variable, init: args[i] })),
        operator.body,
      );
    }
    const loop = operator.kind === 'local' ? this.loops.get(operator.variable) : undefined;
    if (loop === undefined) {
      if (!this.isLeaf(operator)) this.callers.add(this.current!);
      const operands = this.forms(args);
      const value =
        this.folds && operator.kind === 'builtin' ? foldedCall(operator.name, operands, this.builtins) : undefined;
      if (value !== undefined) return { kind: 'const', value };
      return { kind: 'call', operator: this.form(operator), args: operands, span };
    }
    const { label, lambda } = loop;
    const inits = this.forms(args);
    if (loop.entered) return { kind: 'continue', label, args: inits };
    loop.entered = true;
    for (const param of lambda.params) this.own(param);
    return { kind: 'loop', label, inits, body: this.form(lambda.body) };
  }

  private isLeaf(operator: CoreForm): boolean {
    return operator.kind === 'builtin' && this.builtins.get(operator.name)?.value instanceof Primitive;
  }

  private let(bindings: readonly LocalBinding[], body: CoreForm): Ir {
    const inits = bindings.map(({ init }) => this.form(init));
    if (isOr(bindings, body, this.survey)) {
      return { kind: 'or', first: inits[0], second: this.form((body as Extract<CoreForm, { kind: 'if' }>).alternate) };
    }
    for (const { variable } of bindings) this.own(variable);
    return {
      kind: 'let',
      bindings: bindings.map(({ variable }, i) => ({ variable, init: inits[i] })),
      body: this.form(body),
    };
  }

  private letrec(form: Extract<CoreForm, { kind: 'letrec' }>): Ir {
    const { bindings, body } = form;
    const [{ variable, init }] = bindings;
    if (bindings.length === 1 && init.kind === 'lambda' && this.survey.isLoop(variable)) {
      this.loops.set(variable, { lambda: init, label: new LoopLabel(variable.name, init.params), entered: false });
      return this.form(body);
    }
    return this.groups(groupsOf(bindings, this.survey.reach(form)), body);
  }

  /** The groups of a letrec, first one outermost; neighbours of one kind make one form, so that nesting stays flat. */
  private groups(groups: readonly (readonly LocalBinding[])[], body: CoreForm): Ir {
    const nested: Group[] = [];
    for (const group of groups) {
      const next = this.group(group);
      const last = nested[nested.length - 1];
      if (last?.kind === 'fix' && next.kind === 'fix') last.bindings.push(...next.bindings);
      else if (last?.kind === 'let*' && next.kind === 'let*') last.bindings.push(...next.bindings);
      else nested.push(next);
    }
    return nested.reduceRight<Ir>((inner, group) => ({ ...group, body: inner }), this.form(body));
  }

  private group(group: readonly LocalBinding[]): Group {
    for (const { variable } of group) this.own(variable);
    if (isFix(group)) {
      const bindings = group.map(({ variable, init }) => ({
        variable,
        init: this.lambda(init as LambdaForm, variable),
      }));
      return { kind: 'fix', bindings };
    }
    const isRecursive = group.length > 1 || group[0].variable.mayBeUnset;
    if (isRecursive) for (const { variable } of group) variable.mayBeUnset = true;
    const bindings: BindingIr[] = group.map(({ variable, init }) => ({ variable, init: this.form(init) }));
    return { kind: isRecursive ? 'letrec' : 'let*', bindings };
  }
}

/** Bindings of a letrec, before the body is known. */
type Group =
  | { readonly kind: 'fix'; readonly bindings: BindingIr<LambdaIr>[] }
  | { readonly kind: 'letrec' | 'let*'; readonly bindings: BindingIr[] };

/** `(or a b)` as the expander writes it: `(let ((t a)) (if t t b))`. */
function isOr(bindings: readonly LocalBinding[], body: CoreForm, survey: Survey): boolean {
  if (bindings.length !== 1 || body.kind !== 'if') return false;
  const [{ variable }] = bindings;
  const isIt = (f: CoreForm) => f.kind === 'local' && f.variable === variable;
  return isIt(body.test) && isIt(body.consequent) && survey.references(variable) === 2;
}

const isFix = (group: readonly LocalBinding[]): boolean =>
  group.every(({ variable, init }) => init.kind === 'lambda' && !variable.assigned);

/**
 * Cut a letrec* into the shortest runs such that no run refers to a later one. A run of one expression that does not
 * refer to itself is a `let`; a run of functions needs no checks; only the rest can see an unset variable.
 */
function groupsOf(bindings: readonly LocalBinding[], reach: readonly number[]): LocalBinding[][] {
  const groups: LocalBinding[][] = [];
  let group: LocalBinding[] = [];
  let furthest = -1;
  bindings.forEach((binding, i) => {
    group.push(binding);
    furthest = Math.max(furthest, reach[i]);
    if (furthest > i) return;
    const isAlone = group.length === 1;
    binding.variable.mayBeUnset = isAlone && reach[i] === i && !isFix(group);
    groups.push(group);
    group = [];
  });
  return groups;
}
