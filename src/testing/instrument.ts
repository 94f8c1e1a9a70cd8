// Putting counters into programs: `(f x)` becomes `(begin (%cover 7) (f x))`, in the core forms of a module.

import { callBuiltin, constant } from '../compiler/build.ts';
import type { CoreForm, LambdaForm, LocalBinding } from '../compiler/core-forms.ts';
import type { Source, Span } from '../values/span.ts';
import type { CountedForm, FileCoverage } from './coverage.ts';

/** The counters of one session. */
export class Counters {
  private readonly counts: CountedForm[] = [];
  private readonly files = new Map<string, CountedForm[]>();

  /** What the builtin `%cover` does. */
  readonly count = (n: number): void => {
    this.counts[n].count++;
  };

  /** @param isCounted  whether the code of a file is of interest */
  constructor(private readonly isCounted: (file: string) => boolean) {}

  /** The initialiser of a module with counters in it. A form that comes from another text, a macro's, has none. */
  readonly instrument = (form: LambdaForm, source: Source): LambdaForm => {
    const { path } = source;
    if (path === null || !this.isCounted(path)) return form;
    const forms = this.files.get(path) ?? [];
    this.files.set(path, forms);
    const add = (counted: CountedForm): number => {
      forms.push(counted);
      return this.counts.push(counted) - 1;
    };
    return { ...form, body: new Instrumenter(source, add).form(form.body) };
  };

  coverage(): FileCoverage[] {
    return [...this.files].map(([file, forms]) => ({ file, forms }));
  }
}

class Instrumenter {
  constructor(
    private readonly source: Source,
    private readonly add: (form: CountedForm) => number,
  ) {}

  form(form: CoreForm): CoreForm {
    switch (form.kind) {
      case 'const':
      case 'local':
      case 'global':
      case 'builtin':
      case 'piece':
        return form;
      case 'set-local':
      case 'set-global':
        return { ...form, value: this.form(form.value) };
      case 'define-global':
        return this.counted(form, { ...form, value: this.form(form.value) });
      case 'if':
        return {
          ...form,
          test: this.form(form.test),
          consequent: this.branch(form.consequent, form.span),
          alternate: this.branch(form.alternate, form.span),
        };
      case 'sequence':
        return { ...form, forms: form.forms.map((each) => this.form(each)) };
      case 'lambda':
        return this.lambda(form);
      case 'call':
        return this.counted(form, {
          ...form,
          operator: this.form(form.operator),
          args: form.args.map((arg) => this.form(arg)),
        });
      case 'let':
      case 'letrec':
        return { ...form, bindings: this.bindings(form.bindings), body: this.form(form.body) };
      case 'catch':
        return { ...form, body: this.form(form.body) };
      case 'eval':
        return this.counted(form, { ...form, expression: this.form(form.expression) });
    }
  }

  private bindings(bindings: readonly LocalBinding[]): LocalBinding[] {
    return bindings.map(({ variable, init }) => ({ variable, init: this.form(init) }));
  }

  /** Stays a lambda, whatever is put into it: the compiler looks for those. */
  private lambda(form: LambdaForm): LambdaForm {
    const body = this.form(form.body);
    return { ...form, body: this.isHere(form.span) ? this.withCounter(body, form.span, form.name ?? '') : body };
  }

  /** A branch that is a constant or a variable is counted, too, if the program has it: `(if #f #f)` has no second one. */
  private branch(form: CoreForm, around: Span): CoreForm {
    const isSimple = form.kind === 'const' || form.kind === 'local' || form.kind === 'global';
    const isOwn = form.span.startLine !== around.startLine || form.span.startColumn !== around.startColumn;
    return isSimple && isOwn && this.isHere(form.span) ? this.withCounter(form, form.span) : this.form(form);
  }

  private counted(form: CoreForm, instrumented: CoreForm): CoreForm {
    return this.isHere(form.span) ? this.withCounter(instrumented, form.span) : instrumented;
  }

  private isHere(span: Span): boolean {
    return span.source === this.source;
  }

  private withCounter(form: CoreForm, span: Span, name?: string): CoreForm {
    const { startLine: line, startColumn: column, endLine, endColumn } = span;
    const n = this.add({ line, column, endLine, endColumn, count: 0, ...(name === undefined ? {} : { name }) });
    return { kind: 'sequence', forms: [callBuiltin('%cover', [constant(n, span)], span), form], span };
  }
}
