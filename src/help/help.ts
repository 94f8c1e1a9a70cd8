// Looking up what is known of a name, and searching.
//
// Every question reads the texts anew: somebody who edits a module and asks again gets the new answer, and nothing is
// kept for those who never ask.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import type { Binding } from '../compiler/scope.ts';
import { nearestName } from '../compiler/suggestions.ts';
import type { Module } from '../modules/module.ts';
import { findModule, modulesBeside } from '../modules/search-path.ts';
import type { Documentation } from './documentation.ts';
import { type BuiltinPage, readBuiltinPages, readForms } from './help-files.ts';
import { type ModuleText, readModuleText, renamed } from './module-comments.ts';

export interface HelpContext {
  readonly builtins: BuiltinTable;
  /** Folders of the standard library; one of them has its sources. */
  readonly libraries: readonly string[];
  /** The modules that are loaded. */
  modules(): Iterable<Module>;
  searchPath(): readonly string[];
}

export class Help {
  constructor(private readonly context: HelpContext) {}

  /**
   * All that is called so: a form, a builtin, a module, and what modules export under that name. What is bound in the
   * asking module comes from `inModule`.
   */
  lookUp(name: string): Documentation[] {
    const found = [...this.forms(), ...this.builtins()].filter((each) => each.name === name);
    const module = this.module(name);
    if (module !== null) found.push(module);
    for (const each of this.moduleNames()) {
      const text = this.textOf(each);
      const isLibrary = each.startsWith('std.');
      const entry = text?.entries.get(name) ?? (isLibrary ? undefined : text?.undocumented.get(name));
      if (entry !== undefined && (!isLibrary || text?.exports.includes(name))) found.push(entry);
    }
    return found;
  }

  /** What a module's text says of a name that it defines, if only how it is called; null if that is nothing. */
  inModule(name: string, module: string): Documentation | null {
    const text = this.textOf(module);
    return text?.entries.get(name) ?? text?.undocumented.get(name) ?? null;
  }

  /** What a module exports, in its order; of what is nowhere described, the name. */
  exportsOf(module: string): Documentation[] {
    const exported = this.loaded(module)?.exports;
    const names = exported?.keys() ?? this.textOf(module)?.exports ?? [];
    return Array.from(names, (name) => this.exported(name, module, exported?.get(name)));
  }

  /** @param binding  what the name means, if the module is loaded: it may be another's, and called otherwise there */
  private exported(name: string, module: string, binding: Binding | undefined): Documentation {
    const home = binding === undefined ? null : homeOf(binding);
    const found = home === null ? this.inModule(name, module) : this.inModule(home.name, home.module);
    if (found !== null) return found.name === name ? found : renamed(found, name);
    const kind = binding?.kind === 'macro' ? 'macro' : 'variable';
    return { name, kind, usage: name, doc: '', errors: '', example: '', module, source: null };
  }

  /** A module: what heads its text, and what it exports. */
  module(name: string): Documentation | null {
    const text = this.textOf(name);
    if (text === null) return null;
    // Where in the specification it is described is for those who read the text itself.
    const head = text.head.replace(/\s*Source: .*$/s, '');
    const doc = head.startsWith(`${name}: `) ? head.slice(name.length + 2) : head;
    const usage = `(import ${name})`;
    const exports = [...(this.loaded(name)?.exports.keys() ?? text.exports)];
    return { name, kind: 'module', usage, doc, errors: '', example: '', module: name, source: null, exports };
  }

  /** Everything whose name or documentation contains the text, whatever its case; names first. */
  search(text: string): Documentation[] {
    const wanted = text.toLowerCase();
    const inName: Documentation[] = [];
    const inDoc: Documentation[] = [];
    for (const each of this.everything()) {
      if (each.name.toLowerCase().includes(wanted)) inName.push(each);
      else if (each.doc.toLowerCase().includes(wanted)) inDoc.push(each);
    }
    return [...inName, ...inDoc];
  }

  /** The name that was most likely meant, null if none is near. */
  nearest(name: string): string | null {
    return nearestName(
      name,
      [...this.everything()].map((each) => each.name),
    );
  }

  /** Everything that a program can use: forms, builtins, what modules export. */
  *everything(): Generator<Documentation> {
    const seen = new Set<string>();
    const kinds = [...this.forms(), ...this.builtins()];
    for (const each of kinds) {
      // `values`, `call/cc` and their kin are forms and builtins.
      if (!seen.has(each.name)) yield each;
      seen.add(each.name);
    }
    for (const name of this.moduleNames()) {
      const module = this.module(name);
      if (module === null || name === 'std.prelude') continue;
      yield module;
      for (const exported of module.exports ?? []) {
        const entry = this.inModule(exported, name);
        if (entry !== null) yield entry;
      }
    }
  }

  forms(): Documentation[] {
    return readForms(this.sources);
  }

  builtinPages(): BuiltinPage[] {
    return readBuiltinPages(this.sources);
  }

  /** The builtins that programs may call, in the order of their pages. */
  builtins(): Documentation[] {
    return this.builtinPages().flatMap(({ examples }) =>
      [...examples].flatMap(([name, example]) => {
        const builtin = this.context.builtins.get(name);
        if (builtin === undefined) return [];
        const { usage, doc } = builtin;
        return [
          {
            name,
            kind: 'builtin' as const,
            usage,
            doc: doc.doc,
            errors: doc.errors ?? '',
            example,
            module: null,
            source: null,
          },
        ];
      }),
    );
  }

  /** The modules of the standard library, then those that the program has loaded. */
  moduleNames(): string[] {
    const library = modulesBeside('std.x', [this.sources]).sort();
    const loaded = [...this.context.modules()].filter(({ scope }) => scope !== null).map(({ name }) => name);
    return [...new Set([...library, ...loaded])];
  }

  /** The folder of the library's sources. */
  private get sources(): string {
    const { libraries } = this.context;
    return libraries.find((folder) => existsSync(join(folder, 'help'))) ?? libraries[0];
  }

  private textOf(module: string): ModuleText | null {
    const source = this.sourceOf(module);
    return source === null ? null : readModuleText(source.text, module, source.path);
  }

  private loaded(module: string): Module | undefined {
    return [...this.context.modules()].find(({ name, scope }) => name === module && scope !== null);
  }

  private sourceOf(module: string): { text: string; path: string | null } | null {
    const loaded = this.loaded(module);
    const text = loaded === undefined ? null : this.textOfLoaded(loaded);
    if (loaded !== undefined && text) return { text, path: loaded.span.source.path };
    const { context, sources } = this;
    const file = [sources, ...context.searchPath()].map((folder) => findModule(module, [folder]));
    const path = file.find((each) => each?.endsWith('.eta')) ?? null;
    return path === null ? null : { text: readFileSync(path, 'utf8'), path };
  }

  /** The text that a module was read from; of others in the same text, the lines are empty. */
  private textOfLoaded({ span }: Module): string | null {
    const { source, startLine } = span;
    if (source.text === null) return null;
    const others = [...this.context.modules()].filter((each) => each.span.source === source && each.span !== span);
    if (others.length === 0) return source.text;
    const before = Math.max(0, ...others.map((each) => each.span.endLine).filter((line) => line < startLine));
    const lines = source.text.split('\n').slice(0, span.endLine);
    return lines.map((line, index) => (index < before ? '' : line)).join('\n');
  }
}

/** The module that defines what is bound, and its name there; null for what no module defines. */
function homeOf(binding: Binding): { readonly module: string; readonly name: string } | null {
  if (binding.kind === 'macro') return { module: binding.scope.module.name, name: binding.name };
  return binding.kind === 'global' ? { module: binding.cell.module, name: binding.cell.name } : null;
}
