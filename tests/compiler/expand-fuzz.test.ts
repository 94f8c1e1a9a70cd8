// Random programs: the expander ends, throws nothing, and what it makes without complaint is well formed.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BuiltinTable } from '../../src/bytecode/builtin-table.ts';
import { analyse } from '../../src/compiler/analyse.ts';
import type { CoreForm, Variable } from '../../src/compiler/core-forms.ts';
import { expandModule } from '../../src/compiler/expand.ts';
import { ModuleScope } from '../../src/compiler/scope.ts';
import { SPECIAL_FORMS } from '../../src/compiler/special-forms/index.ts';
import { AtomSyntax, Identifier, ListSyntax, type Syntax, VectorSyntax } from '../../src/reader/syntax.ts';
import type { Diagnostic } from '../../src/values/diagnostic.ts';
import { NO_SPAN } from '../../src/values/span.ts';
import { intern } from '../../src/values/types.ts';
import { builtinScope } from '../support/expansion.ts';

const KEYWORDS = [...Object.keys(SPECIAL_FORMS), 'syntax-rules', '...', '_', 'else', '=>'];

const identifier = (name: string): Syntax => new Identifier(intern(name), NO_SPAN);
const list = (items: readonly Syntax[], tail: Syntax | null = null): Syntax =>
  new ListSyntax(items, items.length === 0 ? null : tail, NO_SPAN);

const name = fc.constantFrom('a', 'b', 'c', 'f', 'm', 'car', 'list').map(identifier);
const keyword = fc.constantFrom(...KEYWORDS).map(identifier);
const atom = fc.constantFrom<Syntax>(
  new AtomSyntax(1, NO_SPAN),
  new AtomSyntax('s', NO_SPAN),
  new AtomSyntax(false, NO_SPAN),
);

const { syntax } = fc.letrec<{ syntax: Syntax }>((tie) => ({
  syntax: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    name,
    atom,
    keyword,
    fc.tuple(fc.array(tie('syntax'), { maxLength: 5 })).map(([items]) => list(items)),
    fc.tuple(keyword, fc.array(tie('syntax'), { maxLength: 5 })).map(([head, items]) => list([head, ...items])),
    fc.tuple(fc.array(tie('syntax'), { maxLength: 3 }), name).map(([items, tail]) => list(items, tail)),
    fc.array(tie('syntax'), { maxLength: 3 }).map((items) => new VectorSyntax(items, NO_SPAN) as Syntax),
    ...likelyForms(tie('syntax')),
  ),
}));

/** Forms with the right outline, so that expansion gets further in. */
function likelyForms(inner: fc.Arbitrary<Syntax>): fc.Arbitrary<Syntax>[] {
  const bindings = fc
    .array(
      fc.tuple(name, inner).map((pair) => list(pair)),
      { maxLength: 3 },
    )
    .map((items) => list(items));
  const body = fc.array(inner, { minLength: 1, maxLength: 3 });
  const form = (heads: readonly string[], ...operands: fc.Arbitrary<Syntax>[]) =>
    fc
      .tuple(fc.constantFrom(...heads).map(identifier), fc.tuple(...operands), body)
      .map(([head, fixed, rest]) => list([head, ...fixed, ...rest]));
  const formals = fc
    .uniqueArray(name, { maxLength: 3, selector: (id) => (id as Identifier).symbol })
    .map((items) => list(items));
  const rule = fc.tuple(inner, inner).map(([pattern, template]) => list([list([identifier('_'), pattern]), template]));
  const rules = fc
    .array(rule, { maxLength: 2 })
    .map((clauses) => list([identifier('syntax-rules'), list([]), ...clauses]));
  return [
    form(['let', 'let*', 'letrec', 'letrec*'], bindings),
    form(['let'], name, bindings),
    form(['lambda'], formals),
    form(['define', 'def', 'set!'], name),
    form(
      ['define'],
      fc.tuple(name, formals).map(([f, params]) => list([f, ...(params as ListSyntax).items])),
    ),
    form(['begin', 'and', 'or', 'when', 'catch', 'list', 'f']),
    fc.tuple(name, rules).map(([n, transformer]) => list([identifier('define-syntax'), n, transformer])),
    fc.tuple(inner).map(([template]) => list([identifier('quasiquote'), template])),
    fc.tuple(inner).map(([operand]) => list([identifier('unquote'), operand])),
  ];
}

test('whatever the syntax', () => {
  const program = fc.array(syntax, { maxLength: 4 });
  fc.assert(
    fc.property(program, fc.boolean(), (forms, isR7rs) => {
      const diagnostics: Diagnostic[] = [];
      const scope = new ModuleScope('m', builtinScope(), true, isR7rs);
      const form = expandModule(scope, forms, { diagnostics });
      expect(diagnostics.length).toBeLessThanOrEqual(40);
      if (diagnostics.some(({ severity }) => severity === 'error')) return;
      checkScopes(form, new Set());
      analyse(form, new BuiltinTable());
    }),
    { numRuns: 3000, ...seeded() },
  );
});

/** A failing run prints its seed; `ETA_FUZZ_SEED` repeats it. */
const seeded = () => (process.env.ETA_FUZZ_SEED ? { seed: Number(process.env.ETA_FUZZ_SEED) } : {});

/** Every local variable is used inside its binder only, and no binding form is empty. */
function checkScopes(form: CoreForm, visible: ReadonlySet<Variable>): void {
  const all = (forms: readonly CoreForm[], scope = visible) => {
    for (const f of forms) checkScopes(f, scope);
  };
  switch (form.kind) {
    case 'const':
    case 'global':
    case 'builtin':
      return;
    case 'local':
      expect(visible.has(form.variable)).toBe(true);
      return;
    case 'set-local':
      expect(visible.has(form.variable)).toBe(true);
      return all([form.value]);
    case 'set-global':
    case 'define-global':
      return all([form.value]);
    case 'if':
      return all([form.test, form.consequent, form.alternate]);
    case 'sequence':
      expect(form.forms.length).toBeGreaterThan(0);
      return all(form.forms);
    case 'lambda': {
      const params = form.rest === null ? form.params : [...form.params, form.rest];
      return all([form.body], new Set([...visible, ...params]));
    }
    case 'call':
      return all([form.operator, ...form.args]);
    case 'let':
    case 'letrec': {
      expect(form.bindings.length).toBeGreaterThan(0);
      const inner = new Set([...visible, ...form.bindings.map(({ variable }) => variable)]);
      all(
        form.bindings.map(({ init }) => init),
        form.kind === 'letrec' ? inner : visible,
      );
      return all([form.body], inner);
    }
    case 'catch':
      return all([form.body]);
    case 'eval':
      return all([form.expression]);
  }
}
