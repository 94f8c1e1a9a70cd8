// What names mean at the prompt, for completion, signatures and `:doc`.

import { Closure, Primitive } from '../bytecode/procedures.ts';
import type { Binding } from '../compiler/scope.ts';
import type { Documentation } from '../help/documentation.ts';
import type { Session } from '../session/session.ts';
import { isSubmission } from '../session/submissions.ts';
import type { Cell } from '../values/types.ts';
import { intern, Sym, type Value } from '../values/types.ts';
import { kindOf } from './value-kinds.ts';

/** What is known of a name. */
export interface NameInfo {
  readonly name: string;
  /** What it is: `special form`, `macro`, `builtin`, `function`, `integer` … */
  readonly kind: string;
  /** How it is used, `(f a b)`; null for what is not called. */
  readonly usage: string | null;
  /** One sentence or more; empty where there is none. */
  readonly doc: string;
  /** When it raises; empty where nothing is known. */
  readonly errors: string;
  /** The module that defines it; null for builtins and for what the prompt has defined. */
  readonly module: string | null;
  /** The variable, null for what is none. */
  readonly cell: Cell | null;
}

/** What a name means for the next submission; null if it is unbound. */
export function lookUp(session: Session, name: string): NameInfo | null {
  const binding = bindingOf(session, name);
  return binding === undefined ? null : describe(session, name, binding);
}

/** Every name that the next submission can use. The `%` names are the library's own. */
export function visibleNames(session: Session): string[] {
  const scope = session.submissions.scope();
  const names = new Set<string>();
  for (const table of [scope, session.loader.builtinScope]) {
    for (const [key] of table.entries()) if (key instanceof Sym && !key.name.startsWith('%')) names.add(key.name);
  }
  return [...names];
}

function bindingOf(session: Session, name: string): Binding | undefined {
  const key = intern(name);
  return session.submissions.scope().own(key) ?? session.loader.builtinScope.own(key);
}

export function describe(session: Session, name: string, binding: Binding): NameInfo {
  const nothing = { name, usage: null, doc: '', errors: '', module: null, cell: null };
  switch (binding.kind) {
    case 'special':
      return { ...nothing, kind: 'special form', usage: `(${name} …)`, ...pick(formsOf(session).get(name)) };
    case 'macro':
      return { ...nothing, kind: 'macro', usage: `(${name} …)`, module: moduleOf(binding.scope.module.name) };
    case 'builtin': {
      const builtin = session.builtins.get(binding.name)!;
      const { usage, doc } = builtin;
      return { ...nothing, kind: 'builtin', usage, doc: doc.doc, errors: doc.errors ?? '' };
    }
    case 'global': {
      const { cell } = binding;
      return {
        ...nothing,
        kind: kindOf(cell.value),
        usage: usageOf(name, cell.value),
        doc: cell.value instanceof Primitive ? cell.value.doc.doc : '',
        module: moduleOf(cell.module),
        cell,
      };
    }
    case 'local':
      return { ...nothing, kind: 'variable' };
  }
}

const pick = (form: Documentation | undefined) =>
  form === undefined ? {} : { usage: form.usage, doc: form.doc, errors: form.errors };

/** The user does not know that submissions are modules. */
const moduleOf = (module: string): string | null => (isSubmission(module) || module.startsWith('<') ? null : module);

/** How a procedure is called: its name and its parameters as they were written. */
export function usageOf(name: string, value: Value): string | null {
  if (value instanceof Primitive) return value.usage;
  if (!(value instanceof Closure)) return null;
  const { required, rest, localNames } = value.code;
  const parameters = localNames.slice(0, required);
  if (rest) parameters.push(localNames[required] ?? 'arg', '…');
  return `(${[name, ...parameters].join(' ')})`;
}

/** What the help says of special forms, by name. */
const formsOfSessions = new WeakMap<Session, ReadonlyMap<string, Documentation>>();

function formsOf(session: Session): ReadonlyMap<string, Documentation> {
  let forms = formsOfSessions.get(session);
  if (forms === undefined) {
    forms = new Map(
      session
        .help()
        .forms()
        .map((form) => [form.name, form]),
    );
    formsOfSessions.set(session, forms);
  }
  return forms;
}
