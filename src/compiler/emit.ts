// The emitter: IR to code objects, one FunctionEmitter for each lambda.
//
// Each form is emitted for one of three uses of its value: pushed (Value), dropped (Effect), or returned (Return, tail
// position). Locals have fixed slots, taken when their scope opens and given back when it closes.
//
// Closures. A free variable becomes an upvalue, copied into the closure when it is made; one that is boxed (isBoxed)
// is shared through its box. The functions of a `fix` may refer to one another before all exist: those upvalues are
// patched when they do. A closure needs no upvalue for itself: LoadSelf. Lifted procedures (lift.ts) have no closure: who
// calls one passes the variables along.

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { CAPTURE_SELF, CodeObject } from '../bytecode/code.ts';
import { Op } from '../bytecode/ops.ts';
import { Closure, Primitive } from '../bytecode/procedures.ts';
import { assert } from '../values/errors.ts';
import type { Source, Span } from '../values/span.ts';
import { NIL, type Value } from '../values/types.ts';
import { isBoxed } from './analyse.ts';
import { CodeBuilder, Label } from './code-builder.ts';
import type { Variable } from './core-forms.ts';
import { EvalScope } from './eval-scope.ts';
import { intrinsic, isAccumulating } from './intrinsics.ts';
import type { BindingIr, Ir, LambdaIr, LoopLabel } from './ir.ts';
import type { LiftedProcedure } from './lift.ts';
import type { Piece } from './pieces.ts';

const enum Use {
  Value,
  Effect,
  Return,
}

export interface EmitOptions {
  readonly builtins: BuiltinTable;
  readonly source: Source;
  /** Whether the functions are builtins written in Eta (CodeObject.isBuiltin). */
  readonly isBuiltin: boolean;
  /** Whether calls whose value is known are replaced by it. */
  readonly folds?: boolean;
}

export interface Emitted {
  readonly code: CodeObject;
  /** The free variables, in the order of the upvalues. */
  readonly free: readonly Variable[];
}

/** A piece after its analysis. */
export interface EmittedPiece {
  readonly piece: Piece;
  readonly ir: LambdaIr;
}

/** Emit a function that stands by itself: a module's initialiser, or an eval's form with its free variables. */
export function emitFunction(
  lambda: LambdaIr,
  pieces: readonly EmittedPiece[],
  lifted: ReadonlyMap<Variable, LiftedProcedure>,
  options: EmitOptions,
): Emitted {
  const module = { options, lifted, lambdas: 0, pieces: new Map<Piece, FunctionEmitter>() };
  // Inner ones first.
  for (const { piece, ir } of [...pieces].reverse()) {
    module.pieces.set(piece, new FunctionEmitter(ir, module, lambda.name ?? 'eval'));
  }
  // The forms of a module are in no tail position: an error in the last one is to show where it stands.
  const isModule = lambda.name !== null;
  const emitter = new FunctionEmitter(lambda, module, lambda.name ?? 'eval', [], isModule);
  return { code: emitter.finish(new Int32Array(0)), free: emitter.upvalues };
}

/** What all functions of a module share while they are emitted. */
interface ModuleContext {
  readonly options: EmitOptions;
  readonly lifted: ReadonlyMap<Variable, LiftedProcedure>;
  /** Counts the anonymous ones, for their names. */
  lambdas: number;
  readonly pieces: Map<Piece, FunctionEmitter>;
}

/** Builtins written in Eta whose last call has to be a tail call (R7RS 3.5). */
const TAIL_CALLING = new Set(['call-with-values', '%guard']);

const isSmallInteger = (value: Value): value is number => typeof value === 'number' && (value | 0) === value;

class FunctionEmitter {
  readonly upvalues: Variable[] = [];
  private readonly builder = new CodeBuilder();
  private readonly slots = new Map<Variable, number>();
  private readonly loopHeads = new Map<LoopLabel, Label>();
  private nextSlot = 0;
  private slotCount = 0;
  private readonly localNames: string[] = [];

  constructor(
    private readonly lambda: LambdaIr,
    private readonly module: ModuleContext,
    private readonly name: string,
    /** Variables from outside that it is passed in front of its arguments. */
    private readonly extra: readonly Variable[] = [],
    isModule = false,
  ) {
    for (const variable of extra) this.openSlot(variable);
    const params = lambda.rest === null ? lambda.params : [...lambda.params, lambda.rest];
    for (const param of params) this.openSlot(param);
    for (const param of params) this.boxIfNeeded(param);
    this.emit(lambda.body, isModule ? Use.Value : Use.Return);
    if (isModule) this.emitReturn();
  }

  finish(captures: Int32Array): CodeObject {
    const { lambda, builder, module } = this;
    return new CodeObject({
      name: this.name,
      required: this.extra.length + lambda.params.length,
      rest: lambda.rest !== null,
      localCount: this.slotCount,
      maxStack: builder.maxStack,
      code: builder.code,
      constants: builder.constants,
      captures,
      spans: builder.spans,
      source: module.options.source,
      span: lambda.span,
      localNames: this.localNames,
      upvalueNames: this.upvalues.map((v) => v.name),
      isBuiltin: module.options.isBuiltin,
      usesNativeCode: builder.constants.some(usesNativeCode),
    });
  }

  // ---- slots and variables

  private openSlot(variable: Variable): number {
    const slot = this.openTemporary(variable.name);
    this.slots.set(variable, slot);
    return slot;
  }

  private openTemporary(name: string): number {
    const slot = this.nextSlot++;
    this.localNames[slot] ??= name;
    this.slotCount = Math.max(this.slotCount, this.nextSlot);
    return slot;
  }

  /** Run `inside` with what it opens given back afterwards. */
  private withSlots(inside: () => void): void {
    const before = this.nextSlot;
    inside();
    this.nextSlot = before;
  }

  private boxIfNeeded(variable: Variable): void {
    if (isBoxed(variable)) this.builder.emit(Op.MakeBox, [this.slots.get(variable)!]);
  }

  private upvalueIndex(variable: Variable): number {
    const index = this.upvalues.indexOf(variable);
    return index >= 0 ? index : this.upvalues.push(variable) - 1;
  }

  /** Push the variable, or its box if it has one. */
  private pushRaw(variable: Variable): void {
    const slot = this.slots.get(variable);
    if (slot !== undefined) this.builder.emit(Op.LoadLocal, [slot]);
    else if (variable === this.lambda.self) this.builder.emit(Op.LoadSelf);
    else this.builder.emit(Op.LoadUpval, [this.upvalueIndex(variable)]);
  }

  private pushVariable(variable: Variable, span: Span): void {
    if (isBoxed(variable)) {
      const slot = this.slots.get(variable);
      if (slot !== undefined) this.builder.emit(Op.LoadBox, [slot]);
      else this.builder.emit(Op.LoadUpvalBox, [this.upvalueIndex(variable)]);
    } else this.pushRaw(variable);
    if (variable.mayBeUnset) this.builder.emit(Op.CheckSet, [this.builder.constant(variable.name)], span);
  }

  private storeVariable(variable: Variable): void {
    const slot = this.slots.get(variable);
    if (slot === undefined) this.builder.emit(Op.StoreUpvalBox, [this.upvalueIndex(variable)]);
    else this.builder.emit(isBoxed(variable) ? Op.StoreBox : Op.StoreLocal, [slot]);
  }

  /** How a closure made here takes a variable: see CodeObject.captures. */
  private capture(variable: Variable): number {
    const slot = this.slots.get(variable);
    if (slot !== undefined) return slot;
    return variable === this.lambda.self ? CAPTURE_SELF : -1 - this.upvalueIndex(variable);
  }

  // ---- forms

  private emit(ir: Ir, use: Use): void {
    const { builder } = this;
    const { height } = builder;
    this.emitForm(ir, use);
    // A loop that never ends gives no value; what follows is compiled as if it did, and is never reached.
    if (!builder.reachable && use !== Use.Return) builder.height = use === Use.Value ? height + 1 : height;
  }

  private emitForm(ir: Ir, use: Use): void {
    switch (ir.kind) {
      case 'const':
        return this.pushConstant(ir.value, use);
      case 'local':
        if (use === Use.Effect && !ir.variable.mayBeUnset) return;
        this.pushVariable(ir.variable, ir.span);
        return this.deliver(use);
      case 'global':
        this.builder.emit(Op.LoadGlobal, [this.builder.constant(ir.cell)], ir.span);
        return this.deliver(use);
      case 'builtin':
        return this.pushConstant(this.builtin(ir.name), use);
      case 'set-local':
        this.emit(ir.value, Use.Value);
        this.storeVariable(ir.variable);
        return this.pushConstant(NIL, use);
      case 'set-global':
        this.emit(ir.value, Use.Value);
        this.builder.emit(Op.StoreGlobal, [this.builder.constant(ir.cell)], ir.span);
        return this.pushConstant(NIL, use);
      case 'define-global':
        this.emit(ir.value, Use.Value);
        this.builder.emit(Op.DefineGlobal, [this.builder.constant(ir.cell)]);
        return this.pushConstant(NIL, use);
      case 'if':
        return this.emitIf(ir, use);
      case 'or':
        return this.emitOr(ir, use);
      case 'sequence':
        ir.forms.forEach((form, i) => {
          this.emit(form, i < ir.forms.length - 1 ? Use.Effect : use);
        });
        return;
      case 'lambda':
        if (use === Use.Effect) return;
        this.emitClosure(ir);
        return this.deliver(use);
      case 'call':
        return this.emitCall(ir, use);
      case 'let':
        return this.emitLet(ir.bindings, ir.body, use);
      case 'let*':
        return this.emitLetStar(ir.bindings, ir.body, use);
      case 'fix':
        return this.emitFix(ir.bindings, ir.body, use);
      case 'letrec':
        return this.emitLetrec(ir.bindings, ir.body, use);
      case 'loop':
        return this.emitLoop(ir, use);
      case 'continue':
        return this.emitContinue(ir);
      case 'piece':
        this.pushClosure(this.module.pieces.get(ir.piece)!);
        return this.emitApplication(0, ir.span, use);
      case 'catch':
        return this.emitCatch(ir, use);
      case 'eval':
        return this.emitEval(ir, use);
    }
  }

  /** The value is on the stack: put it to its use. */
  private deliver(use: Use): void {
    if (use === Use.Effect) this.builder.emit(Op.Pop);
    else if (use === Use.Return) this.emitReturn();
  }

  private emitReturn(): void {
    this.builder.emit(Op.Return);
    this.builder.stop();
  }

  private pushConstant(value: Value, use: Use): void {
    if (use === Use.Effect) return;
    if (isSmallInteger(value)) this.builder.emit(Op.LoadInt, [value]);
    else this.builder.emit(Op.LoadConst, [this.builder.constant(value)]);
    this.deliver(use);
  }

  private builtin(name: string): Value {
    const builtin = this.module.options.builtins.get(name);
    assert(builtin !== undefined, `the expander refers to a builtin that exists: ${name}`);
    return builtin.value;
  }

  private emitIf(ir: Extract<Ir, { kind: 'if' }>, use: Use): void {
    const { builder } = this;
    const otherwise = new Label();
    const end = new Label();
    this.emitBranch(ir.test, otherwise, false);
    const height = builder.height;
    this.emit(ir.consequent, use);
    if (builder.reachable) {
      builder.jump(Op.Jump, end);
      builder.stop();
    }
    builder.height = height;
    builder.bind(otherwise);
    this.emit(ir.alternate, use);
    builder.bind(end);
    builder.height = use === Use.Value ? height + 1 : height;
  }

  private emitOr(ir: Extract<Ir, { kind: 'or' }>, use: Use): void {
    const { builder } = this;
    const end = new Label();
    if (use === Use.Effect) {
      this.emitBranch(ir.first, end, true);
      this.emit(ir.second, use);
      builder.bind(end);
      return;
    }
    this.withSlots(() => {
      const slot = this.nextSlot++;
      this.localNames[slot] ??= '';
      this.slotCount = Math.max(this.slotCount, this.nextSlot);
      this.emit(ir.first, Use.Value);
      builder.emit(Op.StoreLocal, [slot]);
      const otherwise = new Label();
      builder.emit(Op.LoadLocal, [slot]);
      builder.jump(Op.JumpIfFalse, otherwise);
      const height = builder.height;
      builder.emit(Op.LoadLocal, [slot]);
      this.deliver(use);
      if (builder.reachable) builder.jump(Op.Jump, end);
      builder.height = height;
      builder.bind(otherwise);
      this.emit(ir.second, use);
      builder.bind(end);
      builder.height = use === Use.Value ? height + 1 : height;
    });
  }

  /** Go to `target` if the test is true (`when`) or false; otherwise fall through. */
  private emitBranch(test: Ir, target: Label, when: boolean): void {
    const { builder } = this;
    if (test.kind === 'const') {
      if ((test.value !== false) === when) builder.jump(Op.Jump, target);
      return;
    }
    if (test.kind === 'call' && test.operator.kind === 'builtin' && test.operator.name === 'not') {
      if (test.args.length === 1) return this.emitBranch(test.args[0], target, !when);
    }
    if (test.kind === 'or') return this.emitBranchPair(test.first, test.second, true, target, when);
    if (test.kind === 'if' && test.alternate.kind === 'const' && test.alternate.value === false) {
      return this.emitBranchPair(test.test, test.consequent, false, target, when);
    }
    this.emit(test, Use.Value);
    if (builder.reachable) builder.jump(when ? Op.JumpIfTrue : Op.JumpIfFalse, target);
  }

  /** `or` is decided by a true first test, `and` by a false one. */
  private emitBranchPair(first: Ir, second: Ir, decides: boolean, target: Label, when: boolean): void {
    if (decides === when) {
      this.emitBranch(first, target, when);
      this.emitBranch(second, target, when);
      return;
    }
    const skip = new Label();
    this.emitBranch(first, skip, decides);
    this.emitBranch(second, target, when);
    this.builder.bind(skip);
  }

  private emitCall(ir: Extract<Ir, { kind: 'call' }>, use: Use): void {
    const { operator, args, span } = ir;
    const procedure = operator.kind === 'local' ? this.module.lifted.get(operator.variable) : undefined;
    if (procedure !== undefined) return this.emitProcedureCall(procedure, args, span, use);
    if (operator.kind === 'builtin' && this.emitBuiltinCall(operator.name, args, span)) return this.deliver(use);
    for (const arg of args) this.emit(arg, Use.Value);
    this.emit(operator, Use.Value);
    if (use === Use.Return && operator.kind === 'builtin' && this.keepsCaller(operator.name)) {
      this.emitApplication(args.length, span, Use.Value);
      return this.emitReturn();
    }
    this.emitApplication(args.length, span, use);
  }

  private emitProcedureCall(procedure: LiftedProcedure, args: readonly Ir[], span: Span, use: Use): void {
    const { lambda, extra } = procedure;
    for (const variable of extra) this.pushRaw(variable);
    for (const arg of args) this.emit(arg, Use.Value);
    if (lambda === this.lambda) this.builder.emit(Op.LoadSelf);
    else this.builder.emit(Op.LoadProcedure, [this.builder.procedure(procedure)]);
    this.emitApplication(extra.length + args.length, span, use);
  }

  /**
   * Whether a builtin that is written in Eta is called like a primitive, with its caller waiting for it, so that an error
   * in it is reported where it was called. The others pass their tail position on.
   */
  private keepsCaller(name: string): boolean {
    const value = this.builtin(name);
    return value instanceof Closure && !TAIL_CALLING.has(value.code.name);
  }

  /** Operator and arguments are on the stack. */
  private emitApplication(argumentCount: number, span: Span, use: Use): void {
    if (use === Use.Return) {
      this.builder.emit(Op.TailCall, [argumentCount], span, argumentCount);
      this.builder.stop();
      return;
    }
    this.builder.emit(Op.Call, [argumentCount], span, argumentCount);
    this.deliver(use);
  }

  /** Emit a call of a primitive without the detour through its value; false if there is no such shortcut. */
  private emitBuiltinCall(name: string, args: readonly Ir[], span: Span): boolean {
    const { builder } = this;
    const op = intrinsic(name, args.length);
    if (op !== undefined) {
      if (this.emitAddInteger(op, args, span)) return true;
      for (const arg of args) this.emit(arg, Use.Value);
      builder.emit(op, [], span);
      return true;
    }
    if (isAccumulating(name) && args.length > 2) {
      this.emitAccumulation(name, args, span);
      return true;
    }
    const value = this.builtin(name);
    if (!(value instanceof Primitive) || !value.accepts(args.length)) return false;
    for (const arg of args) this.emit(arg, Use.Value);
    builder.emit(Op.CallPrimitive, [builder.constant(value), args.length], span, args.length);
    return true;
  }

  /** `(+ x y z)` is `(+ (+ x y) z)` once all operands have been evaluated: those behind the second wait in locals. */
  private emitAccumulation(name: string, args: readonly Ir[], span: Span): void {
    const { builder } = this;
    this.withSlots(() => {
      for (const arg of args) this.emit(arg, Use.Value);
      const slots = args.slice(2).map(() => this.openTemporary(name));
      for (const slot of [...slots].reverse()) builder.emit(Op.StoreLocal, [slot]);
      this.emitBinary(name, span);
      for (const slot of slots) {
        builder.emit(Op.LoadLocal, [slot]);
        this.emitBinary(name, span);
      }
    });
  }

  private emitBinary(name: string, span: Span): void {
    const op = intrinsic(name, 2);
    if (op !== undefined) return this.builder.emit(op, [], span);
    this.builder.emit(Op.CallPrimitive, [this.builder.constant(this.builtin(name)), 2], span, 2);
  }

  /** `(+ x 5)` and `(- x 5)`; the sign of AddInt's operand says which, for the error message. */
  private emitAddInteger(op: Op, args: readonly Ir[], span: Span): boolean {
    if (op !== Op.Add && op !== Op.Subtract) return false;
    const [x, y] = args;
    if (y.kind !== 'const' || !isSmallInteger(y.value) || y.value < (op === Op.Add ? 0 : 1)) return false;
    this.emit(x, Use.Value);
    this.builder.emit(Op.AddInt, [op === Op.Add ? y.value : -y.value], span);
    return true;
  }

  private emitLet(bindings: readonly BindingIr[], body: Ir, use: Use): void {
    this.withSlots(() => {
      // All inits first: a slot that they still need must not be overwritten.
      const values: BindingIr[] = [];
      for (const binding of bindings) {
        if (this.emitLifted(binding)) continue;
        this.emit(binding.init, Use.Value);
        values.push(binding);
      }
      const slots = values.map(({ variable }) => this.openSlot(variable));
      for (const slot of slots.reverse()) this.builder.emit(Op.StoreLocal, [slot]);
      for (const { variable } of values) this.boxIfNeeded(variable);
      this.emit(body, use);
    });
  }

  private emitLetStar(bindings: readonly BindingIr[], body: Ir, use: Use): void {
    this.withSlots(() => {
      for (const binding of bindings) {
        if (this.emitLifted(binding)) continue;
        const { variable, init } = binding;
        this.emit(init, Use.Value);
        this.builder.emit(Op.StoreLocal, [this.openSlot(variable)]);
        this.boxIfNeeded(variable);
      }
      this.emit(body, use);
    });
  }

  private emitFix(bindings: readonly BindingIr<LambdaIr>[], body: Ir, use: Use): void {
    this.withSlots(() => {
      const closures = bindings.filter(({ variable }) => !this.module.lifted.has(variable));
      const slots = closures.map(({ variable }) => this.openSlot(variable));
      const captures: (readonly number[])[] = [];
      for (const binding of bindings) {
        if (this.emitLifted(binding)) continue;
        const slot = slots[captures.length];
        captures.push(this.emitClosure(binding.init));
        this.builder.emit(Op.StoreLocal, [slot]);
      }
      captures.forEach((taken, i) => {
        taken.forEach((from, u) => {
          if (from > slots[i] && from <= slots[slots.length - 1]) this.builder.emit(Op.PatchUpval, [slots[i], u, from]);
        });
      });
      this.emit(body, use);
    });
  }

  private emitLetrec(bindings: readonly BindingIr[], body: Ir, use: Use): void {
    this.withSlots(() => {
      for (const { variable } of bindings) {
        this.builder.emit(Op.ClearLocal, [this.openSlot(variable)]);
        this.boxIfNeeded(variable);
      }
      for (const { variable, init } of bindings) {
        this.emit(init, Use.Value);
        this.storeVariable(variable);
      }
      this.emit(body, use);
    });
  }

  private emitLoop(ir: Extract<Ir, { kind: 'loop' }>, use: Use): void {
    const { variables } = ir.label;
    this.withSlots(() => {
      for (const init of ir.inits) this.emit(init, Use.Value);
      const slots = variables.map((variable) => this.openSlot(variable));
      for (const slot of slots.reverse()) this.builder.emit(Op.StoreLocal, [slot]);
      const head = new Label();
      this.loopHeads.set(ir.label, head);
      this.builder.bind(head);
      // Each turn has variables of its own, which matters to closures that share them.
      for (const variable of variables) this.boxIfNeeded(variable);
      this.emit(ir.body, use);
    });
  }

  private emitContinue(ir: Extract<Ir, { kind: 'continue' }>): void {
    const { builder } = this;
    const { variables } = ir.label;
    const changed = variables
      .map((variable, i) => ({ variable, arg: ir.args[i] }))
      .filter(({ variable, arg }) => isBoxed(variable) || arg.kind !== 'local' || arg.variable !== variable);
    for (const { arg } of changed) this.emit(arg, Use.Value);
    for (const { variable } of changed.reverse()) builder.emit(Op.StoreLocal, [this.slots.get(variable)!]);
    builder.jump(Op.Loop, this.loopHeads.get(ir.label)!);
    builder.stop();
  }

  private emitCatch(ir: Extract<Ir, { kind: 'catch' }>, use: Use): void {
    const { builder } = this;
    const end = new Label();
    builder.jump(Op.PushCatch, end, [builder.constant(ir.tag ?? false)]);
    this.emit(ir.body, Use.Value);
    builder.emit(Op.PopCatch);
    builder.bind(end);
    this.deliver(use);
  }

  private emitEval(ir: Extract<Ir, { kind: 'eval' }>, use: Use): void {
    this.emit(ir.expression, Use.Value);
    this.pushConstant(new EvalScope(ir.scope, ir.variables), Use.Value);
    for (const variable of ir.variables) this.pushRaw(variable);
    this.pushConstant(this.builtin('%eval'), Use.Value);
    this.emitApplication(ir.variables.length + 2, ir.span, use);
  }

  /** If the binding is that of a lifted procedure, emit its code, and nothing here. */
  private emitLifted({ variable }: BindingIr): boolean {
    const procedure = this.module.lifted.get(variable);
    if (procedure === undefined) return false;
    const { lambda, extra } = procedure;
    // Whoever makes a closure of this function captures the variables in the order in which they are first used.
    for (const each of extra) if (!this.slots.has(each) && each !== this.lambda.self) this.upvalueIndex(each);
    const inner = new FunctionEmitter(lambda, this.module, this.nameOf(lambda), extra);
    this.builder.procedure(procedure);
    procedure.emitted(inner.finish(new Int32Array(0)));
    return true;
  }

  private nameOf(lambda: LambdaIr): string {
    return lambda.name ?? `${this.name}_lambda${this.module.lambdas++}`;
  }

  /** Push a closure; gives how it takes each upvalue. */
  private emitClosure(lambda: LambdaIr): readonly number[] {
    return this.pushClosure(new FunctionEmitter(lambda, this.module, this.nameOf(lambda)));
  }

  private pushClosure(inner: FunctionEmitter): readonly number[] {
    const captures = inner.upvalues.map((variable) => this.capture(variable));
    this.builder.emit(Op.MakeClosure, [this.builder.constant(inner.finish(Int32Array.from(captures)))]);
    return captures;
  }
}

const usesNativeCode = (constant: Value): boolean =>
  constant instanceof CodeObject
    ? constant.usesNativeCode
    : constant instanceof Primitive && constant.doc.needsNativeCode === true;
