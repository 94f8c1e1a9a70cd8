// The layout of macros that a text imports: those of modules beside the file and in the sources of its project. What comes
// from packages is left out, so that a layout does not hang on what has been installed. Nothing is compiled: only names count.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Shape } from '../format/indentation.ts';
import { type MacroShapes, macroShapes } from '../format/macros.ts';
import { piecesOf } from '../format/pieces.ts';
import type { ImportClause, ImportFilter } from '../modules/import-clauses.ts';
import type { ModuleDraft } from '../modules/module.ts';
import { readModules } from '../modules/module-text.ts';
import { possibleFiles, projectRoot } from '../modules/search-path.ts';
import { decodeSource } from '../reader/index.ts';
import { Source } from '../values/span.ts';

const NONE: MacroShapes = new Map();

/** Reads each module once. */
export class ImportedMacros {
  private readonly modules = new Map<string, MacroShapes>();

  /** The shapes of the macros that a text imports. @param folder  where the text lies */
  of(text: string, folder: string): MacroShapes {
    if (!text.includes('import')) return NONE;
    return this.imported(draftsOf(text), sourceFolders(folder));
  }

  private imported(drafts: readonly ModuleDraft[], folders: readonly string[]): MacroShapes {
    const clauses = drafts.flatMap(({ imports }) => imports);
    return new Map(clauses.flatMap((clause) => [...this.importedBy(clause, folders)]));
  }

  private importedBy({ module, filters }: ImportClause, folders: readonly string[]): MacroShapes {
    const file = possibleFiles(module, folders).find((each) => !each.endsWith('.etac') && existsSync(each));
    return file === undefined ? NONE : filters.reduce(filtered, this.exported(file, module));
  }

  /** What a module exports. Of modules that import one another, the one that is read first exports nothing to the others. */
  private exported(file: string, module: string): MacroShapes {
    const key = `${file} ${module}`;
    const known = this.modules.get(key);
    if (known !== undefined) return known;
    this.modules.set(key, NONE);
    const text = readText(file);
    const drafts = draftsOf(text);
    const draft = drafts.find(({ name }) => name === module);
    if (draft === undefined) return NONE;
    const shapes = macroShapes(piecesOf(text), this.imported([draft], sourceFolders(dirname(file))));
    const exports = draft.exports.flatMap(({ internal, external }) => {
      const shape = shapes.get(internal);
      return shape === undefined ? [] : [[external, shape] as const];
    });
    this.modules.set(key, new Map(exports));
    return this.modules.get(key)!;
  }
}

/** The modules of a text, as far as it can be read. */
const draftsOf = (text: string): readonly ModuleDraft[] =>
  readModules(
    new Source('', null, text),
    '',
    () => false,
    () => {},
  );

function readText(file: string): string {
  try {
    return decodeSource(readFileSync(file));
  } catch {
    return ''; // what cannot be read says nothing of its macros
  }
}

function sourceFolders(folder: string): string[] {
  const root = projectRoot(resolve(folder));
  return [...(root === null ? [] : [join(root, 'src'), root]), resolve(folder)];
}

function filtered(shapes: MacroShapes, filter: ImportFilter): MacroShapes {
  const all: readonly (readonly [string, Shape])[] = [...shapes];
  switch (filter.kind) {
    case 'only':
      return new Map(all.filter(([name]) => filter.names.includes(name)));
    case 'except':
      return new Map(all.filter(([name]) => !filter.names.includes(name)));
    case 'rename': {
      const names = new Map(filter.pairs);
      return new Map(all.map(([name, shape]) => [names.get(name) ?? name, shape]));
    }
    case 'prefix':
      return new Map(all.map(([name, shape]) => [filter.prefix + name, shape]));
  }
}
