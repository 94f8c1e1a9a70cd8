// Calls of builtins as in a program, without a machine: `(vector-ref (vector 1 2) 0)`, `(car '(1))`.
//
// A name is the value of its builtin, or of a variable that the test has set. `(begin e …)` is the one other form.

import { type BuiltinContext, createBuiltins } from '../../src/builtins/index.ts';
import type { Primitive } from '../../src/bytecode/procedures.ts';
import { readDatum } from '../../src/reader/index.ts';
import { EtaError } from '../../src/values/errors.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { writeText } from '../../src/values/printer.ts';
import { listToArray, Pair, Sym, type Value } from '../../src/values/types.ts';

export class LeafCalls {
  readonly context: BuiltinContext = {
    programArguments: [],
    ports: { input: new StringInput(''), output: new StringOutput(), error: new StringOutput() },
  };
  private readonly table = createBuiltins(this.context);
  private readonly variables = new Map<string, Value>();

  set(name: string, value: Value): void {
    this.variables.set(name, value);
  }

  /** The value of the program's one expression. */
  run(program: string): Value {
    return this.evaluate(readDatum(program)?.value as Value);
  }

  /** What `write` prints of the value, or `TAG: MESSAGE` of the error. */
  outcome(program: string): string {
    try {
      return writeText(this.run(program));
    } catch (error) {
      if (error instanceof EtaError) return `${error.tag}: ${error.message}`;
      throw error;
    }
  }

  /** What has been written to the current output port. */
  get printed(): string {
    return (this.context.ports.output as StringOutput).contents;
  }

  private evaluate(form: Value): Value {
    if (form instanceof Sym) return this.lookUp(form.name);
    if (!(form instanceof Pair)) return form;
    const [head, ...operands] = listToArray(form) as Value[];
    if (head instanceof Sym && head.name === 'quote') return operands[0];
    if (head instanceof Sym && head.name === 'begin')
      return operands.map((operand) => this.evaluate(operand)).at(-1) as Value;
    const args = operands.map((operand) => this.evaluate(operand));
    return (this.evaluate(head) as Primitive).fn(...args);
  }

  private lookUp(name: string): Value {
    const value = this.variables.get(name) ?? this.table.get(name)?.value;
    if (value === undefined) throw new Error(`no builtin and no variable: ${name}`);
    return value;
  }
}
