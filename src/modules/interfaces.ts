// Interfaces: what code that was compiled against a module depends on.
//
// Which names the module exports, and for each, whose variable or which builtin it is. The values do not matter, nor does
// anything else in the module: it can change without its importers being compiled again. A macro, however, is its text, and
// the texts of the modules that it could refer to; so a module that exports one counts as a whole, with its imports and
// what `cond-expand` has found there.

import { textChecksum } from '../bytecode/checksum.ts';
import type { Binding, MacroBinding } from '../compiler/scope.ts';
import type { Source } from '../values/span.ts';
import type { LoadedModule, Module } from './module.ts';

export type FindModule = (name: string) => Module | undefined;

/** The checksum of a module's interface. */
export function interfaceChecksum(module: Module, find: FindModule): string {
  return textChecksum(interfaceText(module, find, new Set([module.name])));
}

function interfaceText(module: Module, find: FindModule, seen: Set<string>): string {
  const lines = [...module.exports].map(([name, binding]) => `${name} ${bindingText(binding, find, seen)}\n`);
  return lines.sort().join('');
}

function bindingText(binding: Binding, find: FindModule, seen: Set<string>): string {
  switch (binding.kind) {
    case 'global':
      return `variable ${binding.cell.module} ${binding.cell.name}`;
    case 'macro':
      return `macro ${macroText(binding, find, seen)}`;
    case 'builtin':
    case 'special':
      return `${binding.kind} ${binding.name}`;
    case 'local':
      return 'local';
  }
}

function macroText({ scope }: MacroBinding, find: FindModule, seen: Set<string>): string {
  const home = find(scope.module.name) as LoadedModule | undefined;
  if (home === undefined) return scope.module.name;
  const { name, span, imports, libraries } = home;
  if (seen.has(`text of ${name}`)) return name;
  seen.add(`text of ${name}`);
  const around = imports.flatMap((each) => {
    const module = seen.has(each) ? undefined : find(each);
    seen.add(each);
    return module === undefined ? [] : [`${each} ${textChecksum(interfaceText(module, find, seen))}`];
  });
  const answers = [...libraries].map(([library, exists]) => `${library} ${exists}`);
  return [name, textChecksum(wholeText(span.source)), ...around, ...answers].join(' ');
}

const wholeText = ({ text, includes }: Source): string => [text ?? '', ...includes.map(wholeText)].join('\n');
