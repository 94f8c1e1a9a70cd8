// The builtins behind `(help …)`, which is a special form so that it can ask about forms and macros, and `apropos`.

import { wantString } from '../builtins/arguments.ts';
import type { Define } from '../bytecode/builtin-table.ts';
import { Closure, Primitive } from '../bytecode/procedures.ts';
import { typeError } from '../values/errors.ts';
import type { Port } from '../values/ports.ts';
import { NIL, Sym, type Value } from '../values/types.ts';
import { ControlPrimitive } from '../vm/continuation.ts';
import type { Documentation } from './documentation.ts';
import type { Help } from './help.ts';
import { documentationText, introduction, listText } from './help-text.ts';

export interface HelpHost {
  readonly help: () => Help;
  /** The current output port. */
  readonly output: () => Port;
}

export function defineHelp(define: Define, { help, output }: HelpHost): void {
  define(
    '(%help [about] [module])',
    {
      doc: 'What `help` expands to: print what is known of a name, of a module or not, or of a procedure.',
      spec: 'README, Beyond',
    },
    (about?: Value, module?: Value) => {
      const from = module === undefined ? undefined : wantString(module, '%help: second argument must be a string');
      output().writeText(about === undefined ? introduction(help().moduleNames()) : helpText(help(), about, from));
      return NIL;
    },
  );
  define(
    '(apropos text)',
    {
      doc: 'Print a line for each form, builtin, module and library procedure whose name or documentation contains the text, names first.',
      errors: 'text is neither a string nor a symbol',
      spec: 'README, Beyond',
    },
    (text: Value) => {
      const wanted = text instanceof Sym ? text.name : text;
      if (typeof wanted !== 'string') throw typeError('apropos: not a string or symbol', text);
      const found = help().search(wanted);
      output().writeText(found.length === 0 ? `nothing contains ${wanted}\n` : listText(found));
      return NIL;
    },
  );
}

function helpText(help: Help, about: Value, module: string | undefined): string {
  const name = nameOf(about);
  if (name === null) return 'help: not a name or a procedure\n';
  const own = module === undefined ? null : help.inModule(name, module);
  const found: Documentation[] = own === null ? help.lookUp(name) : [own];
  if (found.length > 0) return found.map(documentationText).join('\n');
  const near = help.nearest(name);
  return `nothing is known of ${name}${near === null ? '' : `; did you mean ${near}?`}\n`;
}

function nameOf(about: Value): string | null {
  if (typeof about === 'string') return about;
  if (about instanceof Sym) return about.name;
  if (about instanceof Closure) return about.code.name;
  return about instanceof Primitive || about instanceof ControlPrimitive ? about.name : null;
}
