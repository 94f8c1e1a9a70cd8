// help: what a name means is known here, so `(help car)`, `(help cond)` and `(help std.json)` need no quotes.

import type { Identifier } from '../../reader/syntax.ts';
import { callBuiltin, constant } from '../build.ts';
import type { CoreForm } from '../core-forms.ts';
import { fail } from '../problems.ts';
import type { Scope } from '../scope.ts';
import type { Handler, SpecialFormTable } from './handler.ts';

const HELP = 'help: invalid syntax; expected (help name)';

const expandHelp: Handler = ({ items, span }, scope, x) => {
  if (items.length > 2) fail(HELP, span);
  const [, about] = items;
  if (about === undefined) return callBuiltin('%help', [], span);
  const operands = about.kind === 'identifier' ? meaningOf(about, scope) : [x.expand(about, scope)];
  return callBuiltin('%help', operands, span);
};

/** The name to look up, and the module that it is defined in if there is one. */
function meaningOf(identifier: Identifier, scope: Scope): CoreForm[] {
  const { span, symbol } = identifier;
  const binding = scope.lookup(identifier);
  const name = (text: string) => constant(text, span);
  switch (binding?.kind) {
    case 'local':
      return [{ kind: 'local', variable: binding.variable, span }];
    case 'global':
      return [name(binding.cell.name), name(binding.cell.module)];
    case 'macro':
      return [name(binding.name), name(binding.scope.module.name)];
    default:
      return [name(binding?.name ?? symbol.name)];
  }
}

export const HELP_FORMS: SpecialFormTable = {
  help: { expand: expandHelp, shape: HELP },
};
