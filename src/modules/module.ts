// Modules: what is known of one after its text has been read, and after it has been linked.
//
// A draft is a module as written. Linking gives it a scope with its imports; expansion then fills the scope with the
// module's own names; only then is it known what it exports. Exported macros are bindings like any other.

import type { Binding, ModuleScope } from '../compiler/scope.ts';
import type { Syntax } from '../reader/syntax.ts';
import type { Source, Span } from '../values/span.ts';
import type { ImportClause } from './import-clauses.ts';

/** `internal` is the module's own name for it; R7RS can export it under another. */
export interface ExportSpec {
  readonly internal: string;
  readonly external: string;
  readonly span: Span;
}

export interface ModuleDraft {
  readonly name: string;
  readonly source: Source;
  /** The whole `(module …)` form; for bare forms, the first to the last of them. */
  readonly span: Span;
  readonly imports: readonly ImportClause[];
  /** Modules whose names give way to every other one: the prelude of bare forms. */
  readonly implicitImports: readonly ImportClause[];
  readonly exports: readonly ExportSpec[];
  readonly body: readonly Syntax[];
  /** Made of bare forms: a definition replaces an import of the same name (README L6). */
  readonly isImplicit: boolean;
}

export interface Module {
  readonly name: string;
  readonly span: Span;
  /** Null for the libraries that are a table of bindings (scheme-libraries.ts). */
  readonly scope: ModuleScope | null;
  readonly exports: ReadonlyMap<string, Binding>;
  /** Words that an import may name although they are bound to nothing: `else`, `=>` … */
  readonly auxiliary?: ReadonlySet<string>;
}

/** Which libraries could be imported, by name. */
export type LibraryAnswers = ReadonlyMap<string, boolean>;

/** A module that was loaded from a text or a file, in contrast to a library that is a table. */
export interface LoadedModule extends Module {
  readonly scope: ModuleScope;
  readonly isImplicit: boolean;
  /** Its number among the modules of its text, which need not run in the order in which they are written. */
  readonly place: number;
  /** The modules that it imports, each once. */
  readonly imports: readonly string[];
  /** The libraries that its text has asked for in `cond-expand`, and whether they were there. */
  readonly libraries: LibraryAnswers;
  /** What a file of this build's own library is known by: its checksum. Null for all others. */
  readonly fingerprint: string | null;
  /** Canonical path of the file that it was loaded from, null for a module of another text. */
  readonly file: string | null;
}

/** What the names of R7RS's own libraries begin with. */
export const SCHEME = 'scheme.';

/** Whether this names one of them; importing one makes a program of bare forms an R7RS program. */
export const isSchemeLibrary = (name: string): boolean => name.startsWith(SCHEME);
