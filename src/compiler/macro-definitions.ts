// `define-syntax`, `let-syntax`, `letrec-syntax`: names that are bound to macros.
//
// Source: language §9, §9.4; R7RS 4.3.1, 5.4.

import type { ListSyntax, Syntax } from '../reader/syntax.ts';
import type { Expander } from './expander.ts';
import { isAuxiliary } from './keywords.ts';
import { fail } from './problems.ts';
import { keyOf, type MacroBinding, type Scope } from './scope.ts';
import { compileRules, SyntaxRules } from './syntax-rules.ts';

const SHAPE = 'define-syntax expects (define-syntax name (syntax-rules ...))';

/** Bind the macro in this scope. After an error in its rules, uses of it expand to (). */
export function defineSyntax(form: ListSyntax, scope: Scope, x: Expander): void {
  if (form.tail !== null || form.items.length !== 3) fail(SHAPE, form.span);
  const [, name, transformer] = form.items;
  if (name.kind !== 'identifier') fail('define-syntax: name must be a symbol', name.span);
  scope.bind(keyOf(name), makeMacro(name.symbol.name, transformer, scope, x));
}

/** @param scope  where the macro is defined: what its templates' names mean */
export function makeMacro(name: string, transformer: Syntax, scope: Scope, x: Expander): MacroBinding {
  return x.recover(
    () => new SyntaxRules(name, scope, parseTransformer(transformer, scope)),
    () => new SyntaxRules(name, scope, null),
  );
}

function parseTransformer(transformer: Syntax, scope: Scope): ReturnType<typeof compileRules> {
  if (transformer.kind !== 'list' || transformer.items.length === 0) {
    fail('define-syntax: expected (syntax-rules ...)', transformer.span);
  }
  if (!isAuxiliary(transformer.items[0], scope, 'syntax-rules')) {
    fail('define-syntax: transformer must be (syntax-rules ...)', transformer.span);
  }
  return compileRules(transformer, scope);
}
