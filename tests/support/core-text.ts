// Core forms as text, for tests.
//
//   x            a local variable; a second one of the same name is x.2
//   m:x          a module's variable
//   $car         a builtin
//   'datum       a constant that does not evaluate to itself
//   (lambda:f (a . r) body)   a procedure that knows its name

import type { CoreForm, LocalBinding, Variable } from '../../src/compiler/core-forms.ts';
import { unreachable } from '../../src/values/errors.ts';
import { writeText } from '../../src/values/printer.ts';
import { NIL, Pair, Sym, type Value } from '../../src/values/types.ts';

export const coreText = (form: CoreForm): string => new CoreText().form(form);

class CoreText {
  private readonly names = new Map<Variable, string>();
  private readonly counts = new Map<string, number>();

  form(form: CoreForm): string {
    switch (form.kind) {
      case 'const':
        return constantText(form.value);
      case 'local':
        return this.variable(form.variable);
      case 'global':
        return `${form.cell.module}:${form.cell.name}`;
      case 'builtin':
        return `$${form.name}`;
      case 'set-local':
        return `(set! ${this.variable(form.variable)} ${this.form(form.value)})`;
      case 'set-global':
        return `(set! ${form.cell.module}:${form.cell.name} ${this.form(form.value)})`;
      case 'define-global':
        return `(define ${form.cell.module}:${form.cell.name} ${this.form(form.value)})`;
      case 'if':
        return `(if ${this.all([form.test, form.consequent, form.alternate])})`;
      case 'sequence':
        return `(begin ${this.all(form.forms)})`;
      case 'lambda': {
        const head = form.name === null ? 'lambda' : `lambda:${form.name}`;
        return `(${head} ${this.formals(form.params, form.rest)} ${this.form(form.body)})`;
      }
      case 'call':
        return `(${this.all([form.operator, ...form.args])})`;
      case 'let':
      case 'letrec':
        return `(${form.kind} (${this.bindings(form.bindings)}) ${this.form(form.body)})`;
      case 'catch':
        return `(catch ${form.tag?.name ?? '*'} ${this.form(form.body)})`;
      case 'piece':
        return '(piece)';
      case 'eval':
        return `(eval ${this.form(form.expression)})`;
      default:
        return unreachable(form);
    }
  }

  private all(forms: readonly CoreForm[]): string {
    return forms.map((form) => this.form(form)).join(' ');
  }

  private bindings(bindings: readonly LocalBinding[]): string {
    const names = bindings.map(({ variable }) => this.variable(variable));
    return bindings.map(({ init }, i) => `(${names[i]} ${this.form(init)})`).join(' ');
  }

  private formals(params: readonly Variable[], rest: Variable | null): string {
    const names = params.map((param) => this.variable(param)).join(' ');
    if (rest === null) return `(${names})`;
    return params.length === 0 ? this.variable(rest) : `(${names} . ${this.variable(rest)})`;
  }

  private variable(variable: Variable): string {
    const known = this.names.get(variable);
    if (known !== undefined) return known;
    const count = (this.counts.get(variable.name) ?? 0) + 1;
    this.counts.set(variable.name, count);
    const name = count === 1 ? variable.name : `${variable.name}.${count}`;
    this.names.set(variable, name);
    return name;
  }
}

function constantText(value: Value): string {
  return value instanceof Sym || value instanceof Pair || value === NIL ? `'${writeText(value)}` : writeText(value);
}
