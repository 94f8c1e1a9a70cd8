// The loader: from a file or a text to modules that have run.
//
//   read the text into drafts → load the files of the modules that it imports → put the drafts in dependency order
//   → link, expand and compile each → run each
//
// Invariants:
//   - All modules of a text are compiled before any of them runs; files that it imports have run completely by then.
//   - A file is loaded once. A text that fails, at any stage, leaves no trace: its modules are forgotten, and what it
//     imported stays (tools §1.6).
//   - Diagnostics are collected over the whole text; the first stage that cannot go on throws them all.
//
// Source: language §7.1, §14.2, §14.3; tools §1.6.

import { readFileSync } from 'node:fs';
import { basename, extname, relative, sep } from 'node:path';
import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { hexChecksum } from '../bytecode/checksum.ts';
import type { CodeObject } from '../bytecode/code.ts';
import type { CompiledFile, Dependency } from '../bytecode/etac.ts';
import type { LibraryExists } from '../compiler/cond-expand.ts';
import { type Binding, ModuleScope, type Scope } from '../compiler/scope.ts';
import { didYouMean } from '../compiler/suggestions.ts';
import { decodeSource } from '../reader/source-text.ts';
import type { Syntax } from '../reader/syntax.ts';
import { CompileFailure, type Diagnostic } from '../values/diagnostic.ts';
import { canonicalPath } from '../values/file-status.ts';
import { NO_SOURCE, NO_SPAN, Source } from '../values/span.ts';
import { type Cell, intern, NIL, type Value } from '../values/types.ts';
import type { CompileCache } from './compile-cache.ts';
import {
  compiledFileError,
  compiledOfModule,
  isCompiledFile,
  moduleOfCompiled,
  openCompiledFile,
  readCompiledModules,
  siblingSource,
  sourceOf,
} from './compiled-files.ts';
import { circularImport, dependencyOrder } from './dependency-order.ts';
import { checkModule, checkSources, dependencyChecksum, filesOf, Stale } from './freshness.ts';
import { type ImportClause, parseImportClauses, type Report } from './import-clauses.ts';
import { comesLater } from './later-modules.ts';
import { bindImports, checkConflicts, type Imports, importedNames, linkError, resolveExports } from './linker.ts';
import { isSchemeLibrary, type LibraryAnswers, type LoadedModule, type Module, type ModuleDraft } from './module.ts';
import { duplicateModule, readModules, reportDuplicates } from './module-text.ts';
import { schemeLibrary } from './scheme-libraries.ts';
import {
  findAllModules,
  findModule,
  modulesBeside,
  possibleFiles,
  relativePath,
  withDirectory,
} from './search-path.ts';
import { adviceAbout } from './undefined-names.ts';

/** What the loader needs of the session around it. */
export interface LoaderHost {
  /** The parent of every module's scope. */
  readonly builtinScope: Scope;
  readonly builtins: BuiltinTable;
  /** What sources were compiled to before; absent: they are compiled each time. */
  readonly cache?: CompileCache;
  /** Whether a compiled file gives way to its source, if that is there. */
  readonly prefersSource: boolean;
  /** Whether modules may define names that are reserved, as the kernel does. */
  readonly definesKeywords: boolean;
  /** Expand and compile a module's body; the scope has its imports and gets its definitions. Null after an error. */
  compile(draft: ModuleDraft, scope: ModuleScope, options: CompileOptions): CodeObject | null;
  /** The modules of a text are about to run. What this throws takes back that they have been loaded. */
  prepareToRun(modules: readonly CodeObject[]): void;
  /** Run a module's initialiser to its end. Throws what the program throws. */
  run(code: CodeObject): Value;
}

export interface CompileOptions {
  readonly libraryExists: LibraryExists;
  /** What to advise about a name that means nothing in a scope. */
  readonly advise: (name: string, scope: Scope) => string | undefined;
  readonly report: Report;
}

export interface LoadedText {
  /** In the order of the text. */
  readonly modules: readonly LoadedModule[];
  /** The import clauses of its bare forms. */
  readonly imports: readonly ImportClause[];
  /** The value of the last form of the module that ran last; () where there was nothing to run. */
  readonly value: Value;
}

/** Modules as they were, for `restore`. */
export type Forgotten = readonly LoadedModule[];

export interface TextOptions {
  /** What the module of bare forms is called. */
  readonly implicitName: string;
  /** Further bindings for the module of bare forms: what earlier submissions have defined. */
  readonly ambient?: ReadonlyMap<string, Binding>;
}

interface Prepared {
  readonly module: LoadedModule;
  /** Null after an error, so that later modules of the text are checked all the same. */
  readonly code: CodeObject | null;
}

/** A text that has been compiled and not run. */
export interface PreparedText {
  readonly source: Source;
  readonly modules: readonly { readonly module: LoadedModule; readonly code: CodeObject }[];
}

/** What a text has asked for in `cond-expand`: before its imports were loaded, and after. */
export interface AskedLibraries {
  readonly librariesBefore: LibraryAnswers;
  readonly librariesAfter: Map<string, boolean>;
}

interface CompiledDrafts {
  /** In the order of the text. */
  readonly drafts: readonly ModuleDraft[];
  /** In the order in which they run. */
  readonly prepared: readonly Prepared[];
  readonly asked: AskedLibraries;
  readonly hasFindings: boolean;
}

const NO_ANSWERS: LibraryAnswers = new Map();

/** A file on its way, and the module that it is loaded for. */
interface Pending {
  readonly path: string;
  readonly module: string;
  /** Null where no text has asked for it, or only compiled code. */
  readonly clause: ImportClause | null;
}

export class Loader {
  /** Of texts that did not fail. */
  private warnings: Diagnostic[] = [];
  private readonly modules = new Map<string, Module>();
  /** Modules that run just now, or whose run was interrupted. */
  private readonly running = new Set<string>();
  /** Canonical paths of the files that have been begun, whatever came of them, and of those that a module lacked. */
  readonly touched = new Set<string>();
  /** Canonical paths of the files that have been loaded. */
  private readonly files = new Set<string>();
  /** Files being loaded, outermost first. */
  private readonly pending: Pending[] = [];
  private nextFileId = 1;
  private readonly trusted: readonly string[];

  /** @param libraries  folders whose compiled files belong to this build */
  constructor(
    private readonly host: LoaderHost,
    private path: readonly string[],
    private readonly strictShadows: boolean,
    libraries: readonly string[],
  ) {
    this.trusted = libraries.map((folder) => canonicalPath(folder) + sep);
  }

  /** The directories that imports are searched in. */
  get searchPath(): readonly string[] {
    return this.path;
  }

  /** Search one more directory, after all others. */
  addDirectory(directory: string): void {
    this.path = withDirectory(this.path, directory);
  }

  /** Warnings about texts that were loaded since the last call. */
  takeWarnings(): Diagnostic[] {
    const taken = this.warnings;
    this.warnings = [];
    return taken;
  }

  /** What has been found in a text that is going to be loaded once more. */
  dropWarnings(source: Source): void {
    const files = new Set([source, ...filesOf(source)]);
    this.warnings = this.warnings.filter(({ span }) => !files.has(span.source));
  }

  get(name: string): Module | undefined {
    return this.modules.get(name);
  }

  /** Every module that has been loaded, in the order of loading. */
  all(): Iterable<Module> {
    return this.modules.values();
  }

  /** The parent of every module's scope. */
  get builtinScope(): Scope {
    return this.host.builtinScope;
  }

  /** The module of this name, loaded now if it has not been; undefined where there is none. */
  require(name: string): Module | undefined {
    if (!this.modules.has(name)) this.loadModule(name);
    return this.modules.get(name);
  }

  /** What a clause imports; nothing where it cannot be met. */
  bindingsOf(clause: ImportClause): ReadonlyMap<string, Binding> {
    const ignore = () => {};
    return importedNames(
      clause,
      (name) => this.require(name),
      () => '',
      ignore,
    );
  }

  /** The modules of a file, by its canonical path. */
  modulesOfFile(file: string): readonly LoadedModule[] {
    return [...this.modules.values()].filter((module): module is LoadedModule => fileOf(module) === file);
  }

  /** Load a file by its canonical path, unless that has been done. */
  loadFileOnce(file: string): void {
    if (!this.files.has(file)) this.loadFile(file);
  }

  /**
   * Forget modules of files, so that they are loaded again when they are wanted: those of these names, the others of
   * their files, and all that import them.
   */
  forget(names: Iterable<string>): Forgotten {
    const forgotten = new Set(names);
    const files = new Set<string>();
    const modules = [...this.modules.values()].filter((module): module is LoadedModule => fileOf(module) !== null);
    for (let count = -1; count < forgotten.size; ) {
      count = forgotten.size;
      for (const { name, file, imports } of modules) {
        if (!forgotten.has(name) && !files.has(file!) && !imports.some((each) => forgotten.has(each))) continue;
        forgotten.add(name);
        files.add(file!);
      }
    }
    for (const file of files) this.files.delete(file);
    const gone = modules.filter(({ name }) => forgotten.has(name));
    for (const { name } of gone) this.modules.delete(name);
    return gone;
  }

  /** Take back `forget`, whatever has been loaded since. */
  restore(forgotten: Forgotten): void {
    for (const module of forgotten) {
      this.modules.set(module.name, module);
      this.files.add(module.file!);
    }
  }

  /** After an interruption, which runs no `finally`: forget what was being loaded. */
  abandonPending(): void {
    for (const name of this.running) this.modules.delete(name);
    this.running.clear();
    this.pending.length = 0;
  }

  /**
   * Load a file, and everything that it imports, and run its modules. The caller has checked that it is a file.
   *
   * @param module     the module that is wanted from it
   * @param canonical  its path without symbolic links
   * @param clause     the import that it is loaded for
   */
  loadFile(
    path: string,
    module: string = moduleNameOf(path),
    canonical: string = canonicalPath(path),
    clause: ImportClause | null = null,
  ): LoadedText {
    this.touched.add(canonical);
    this.pending.push({ path: canonical, module, clause });
    try {
      const loaded = isCompiledFile(path) ? this.loadCompiled(canonical) : this.loadSource(path, canonical);
      this.files.add(canonical);
      return loaded;
    } finally {
      this.pending.pop();
    }
  }

  /** The folder of the standard library that a file, by its canonical path, lies in. */
  private libraryOf(canonical: string): string | undefined {
    return this.trusted.find((folder) => canonical.startsWith(folder));
  }

  private loadSource(path: string, canonical: string): LoadedText {
    const source = this.openSource(path, canonical);
    const kept = this.prepareKept(source);
    if (kept !== null) return this.runPrepared(kept);
    const compiled = this.compileDrafts(source, { implicitName: moduleNameOf(path) }, (name) => this.modules.has(name));
    this.keep(source, compiled);
    return this.runPrepared(compiled.prepared, importsOf(compiled.drafts));
  }

  /** @param canonical  its path for errors; that of a pipe (`etai <(…)`) cannot be opened */
  private openSource(path: string, canonical: string): Source {
    const bytes = readBytes(path);
    const folder = this.libraryOf(canonical);
    const name = folder === undefined ? basename(path) : canonical.slice(folder.length).replaceAll(sep, '/');
    const isLibrary = folder !== undefined;
    return new Source(name, canonical, decodeSource(bytes), this.nextFileId++, isLibrary, hexChecksum(bytes));
  }

  /** What the compile cache has of a source; null where it has nothing that could run as it is. */
  private prepareKept(source: Source): Prepared[] | null {
    const kept = this.host.cache?.find(source) ?? null;
    if (kept === null || kept.modules.some((name) => this.modules.has(name))) return null;
    const isAsBefore = (answers: LibraryAnswers) =>
      [...answers].every(([library, exists]) => this.canImport(library) === exists);
    if (!isAsBefore(kept.librariesBefore)) return null;
    for (const { name, span } of kept.imports) {
      if (!this.modules.has(name)) this.loadModule(name, { module: name, filters: [], span });
    }
    const find = (name: string) => this.modules.get(name);
    const isSame = ({ name, checksum }: Dependency) =>
      this.modules.has(name) && dependencyChecksum(find(name)!, find) === checksum;
    if (!isAsBefore(kept.librariesAfter) || !kept.imports.every(isSame)) return null;
    const { builtins, builtinScope } = this.host;
    const host = { require: () => {}, cell: (module: string, name: string) => cellOf(this.modules, module, name) };
    const libraries = new Map([...kept.librariesBefore, ...kept.librariesAfter]);
    const further = { libraries, fingerprint: null, file: this.currentFile };
    return (
      kept
        .decode(builtins, host)
        ?.map((compiled) => ({ module: moduleOfCompiled(compiled, builtinScope, further), code: compiled.code })) ??
      null
    );
  }

  /** Keep what a source was compiled to for the next time, unless there was something to say about it. */
  private keep(source: Source, { drafts, prepared, asked, hasFindings }: CompiledDrafts): void {
    const { cache, builtins } = this.host;
    if (cache === undefined || hasFindings) return;
    const find = (name: string) => this.modules.get(name);
    // R7RS's own libraries belong to the build.
    const imported = [...importedModules(drafts)].filter(([name]) => !isSchemeLibrary(name));
    const imports = imported.map(([name, { span }]) => {
      return { name, span, checksum: dependencyChecksum(find(name)!, find) };
    });
    const modules = () => prepared.map(({ module, code }) => compiledOfModule(module, code!));
    cache.store({ source, imports, ...asked, modules }, builtins);
  }

  private loadCompiled(path: string): LoadedText {
    let source = siblingSource(path);
    let prepared: Prepared[] | LoadedText;
    try {
      const file = openCompiledFile(path, this.libraryOf(path) !== undefined);
      source = sourceOf(file, path) ?? source;
      if (this.host.prefersSource && source !== null) return this.loadSource(source, canonicalPath(source));
      prepared = this.prepareCompiled(file, path);
    } catch (thrown) {
      if (!(thrown instanceof Stale)) throw thrown;
      return this.loadStale(path, thrown, source);
    }
    if (!Array.isArray(prepared)) return prepared;
    return this.runPrepared(prepared);
  }

  /** @param imports  those of the text's bare forms */
  private runPrepared(prepared: readonly Prepared[], imports: readonly ImportClause[] = []): LoadedText {
    const value = this.runAll(prepared);
    const modules = prepared.map(({ module }) => module).sort((a, b) => a.place - b.place);
    return { modules, imports, value };
  }

  /** Decode a compiled file, whose imports are loaded and run; one that is held as text is loaded. Throws Stale. */
  private prepareCompiled(file: CompiledFile, path: string): Prepared[] | LoadedText {
    const { builtins, builtinScope } = this.host;
    const isTrusted = this.libraryOf(path) !== undefined;
    const { origin, text, sourceName } = file;
    if (origin !== null && !isTrusted) checkSources(path, origin);
    const fileId = this.nextFileId++;
    if (text !== null) {
      const source = new Source(sourceName, sourceOf(file, path), text, fileId);
      return this.loadText(source, { implicitName: moduleNameOf(sourceName) });
    }
    const find = (name: string) => this.modules.get(name);
    const dependencies = new Map(origin?.modules.map((each) => [each.name, each]));
    let known: ReadonlyMap<string, Module> = this.modules;
    const host = {
      require: (module: string) => {
        this.requireImport(module);
        const dependency = dependencies.get(module);
        if (dependency !== undefined && !isTrusted) checkModule(dependency, find);
      },
      cell: (module: string, name: string) => cellOf(known, module, name),
    };
    const fingerprint = isTrusted ? file.checksum : null;
    const further = { libraries: NO_ANSWERS, fingerprint, file: path };
    const modules = readCompiledModules(file, path, fileId, builtins, host, isTrusted);
    // A function that is decoded later means the modules of now, whatever has been loaded anew since.
    if (isTrusted) known = new Map(this.modules);
    return modules.map((compiled) => {
      if (this.modules.has(compiled.name)) throw new CompileFailure([duplicateModule(compiled.name, NO_SPAN)]);
      return { module: moduleOfCompiled(compiled, builtinScope, further), code: compiled.code };
    });
  }

  private loadStale(path: string, { message }: Stale, source: string | null): LoadedText {
    if (source === null)
      throw new CompileFailure([compiledFileError(path, `${message}; no sibling source found for fallback`)]);
    const shown = relative('', source);
    const warning = compiledFileError(path, `${message}; falling back to source: ${shown}`);
    this.warnings.push({ ...warning, severity: 'warning' });
    return this.loadSource(source, canonicalPath(source));
  }

  private requireImport(module: string): void {
    if (!this.modules.has(module)) this.loadModule(module);
    if (this.modules.has(module)) return;
    const message = `cannot resolve import '${module}' required by .etac`;
    throw new CompileFailure([{ ...linkError('ModuleNotFound', message, NO_SPAN), hint: this.unknownHint(module) }]);
  }

  /** Load a text, and everything that it imports, and run its modules. */
  loadText(source: Source, options: TextOptions): LoadedText {
    const { drafts, prepared } = this.compileDrafts(source, options, (name) => this.modules.has(name));
    return this.runPrepared(prepared, importsOf(drafts));
  }

  private compileDrafts(source: Source, options: TextOptions, isTaken: (name: string) => boolean): CompiledDrafts {
    const findings = new Findings();
    const librariesBefore = new Map<string, boolean>();
    const drafts = readModules(source, options.implicitName, this.remembering(librariesBefore), findings.report);
    reportDuplicates(drafts, isTaken, findings.report);
    findings.throwErrors();
    this.loadImports(drafts);
    const ordered = dependencyOrder(drafts);
    if (!Array.isArray(ordered)) throw new CompileFailure([ordered]);
    const asked = { librariesBefore, librariesAfter: new Map<string, boolean>() };
    const places = new Map(drafts.map((draft, place) => [draft, place]));
    const prepared = this.prepare(ordered, places, asked, options.ambient, findings);
    this.warnings.push(...findings.all);
    return { drafts, prepared, asked, hasFindings: findings.all.length > 0 };
  }

  /** `canImport`, noting the answers. */
  private remembering(...notes: Map<string, boolean>[]): LibraryExists {
    return (library) => {
      const exists = this.canImport(library);
      for (const answers of notes) answers.set(library, exists);
      return exists;
    };
  }

  /** Link, expand and compile the modules of a text. */
  private prepare(
    drafts: readonly ModuleDraft[],
    places: ReadonlyMap<ModuleDraft, number>,
    asked: AskedLibraries,
    ambient: TextOptions['ambient'],
    findings: Findings,
  ): Prepared[] {
    const prepared = new Map<string, Prepared>();
    const libraries = new Map(asked.librariesBefore);
    const libraryExists = this.remembering(asked.librariesAfter, libraries);
    const lookup = (name: string) => prepared.get(name)?.module ?? this.modules.get(name);
    for (const draft of drafts) {
      const { name, span, isImplicit } = draft;
      const isR7rs = this.host.definesKeywords || draft.imports.some(({ module }) => isSchemeLibrary(module));
      const scope = new ModuleScope(name, this.host.builtinScope, isImplicit, isR7rs);
      const linking = findings.nested();
      const bound = bindImports(draft, scope, lookup, (wanted) => this.unknownHint(wanted), linking.report);
      if (isImplicit) bindAmbient(scope, ambient, bound);
      const body = linking.nested();
      const { advise } = this;
      const code = this.host.compile(draft, scope, { libraryExists, advise, report: body.report });
      // After a failed import, what is undefined most likely came from there.
      findings.add(linking.all);
      findings.add(linking.hasErrors ? body.all.filter(({ code }) => code !== 'UndefinedName') : body.all);
      checkConflicts(draft, scope, bound, findings.report);
      const exports = resolveExports(draft, scope, findings.report);
      const imports = [...draft.imports, ...draft.implicitImports].map(({ module }) => module);
      const place = places.get(draft)!;
      const { currentFile: file } = this;
      const further = { place, imports: [...new Set(imports)], libraries, fingerprint: null, file };
      prepared.set(name, { module: { name, span, scope, exports, isImplicit, ...further }, code });
    }
    findings.throwErrors();
    return [...prepared.values()];
  }

  /** The canonical path of the file that is being loaded, null for a text that is none. */
  private get currentFile(): string | null {
    return this.pending.at(-1)?.path ?? null;
  }

  private runAll(prepared: readonly Prepared[]): Value {
    let value: Value = NIL;
    this.host.prepareToRun(prepared.flatMap(({ code }) => code ?? []));
    try {
      for (const { module } of prepared) {
        this.modules.set(module.name, module);
        this.running.add(module.name);
      }
      for (const { code } of prepared) if (code !== null) value = this.host.run(code);
    } catch (thrown) {
      for (const { module } of prepared) this.modules.delete(module.name);
      throw thrown;
    } finally {
      for (const { module } of prepared) this.running.delete(module.name);
    }
    return value;
  }

  /** Load the files of imported modules that are not known yet. Those without a file are left to the linker. */
  private loadImports(drafts: readonly ModuleDraft[]): void {
    for (const [module, clause] of importedModules(drafts)) {
      if (!this.modules.has(module)) this.loadModule(module, clause);
    }
  }

  /** @param clause  that imports it, where that is known */
  private loadModule(module: string, clause: ImportClause | null = null): void {
    if (isSchemeLibrary(module)) {
      const library = schemeLibrary(module, this.host.builtinScope);
      if (library !== null) this.modules.set(module, library);
      return;
    }
    const file = findModule(module, this.path);
    if (file === null) {
      for (const possible of possibleFiles(module, this.path)) this.touched.add(possible);
      return;
    }
    if (this.strictShadows) this.refuseShadows(module);
    const start = this.pending.findIndex(({ path }) => path === file);
    if (start >= 0) {
      const cycle = this.pending.slice(start);
      const names = [...cycle.map((each) => each.module), module];
      const clauses = [...cycle.slice(1).map((each) => each.clause), clause];
      throw new CompileFailure([circularImport('circular module import detected', names, clauses)]);
    }
    if (!this.files.has(file)) this.loadFile(file, module, file, clause);
  }

  private refuseShadows(module: string): void {
    const all = findAllModules(module, this.path);
    // The standard library lies there twice, compiled and as sources.
    const isOwn = (file: string) => this.libraryOf(file) !== undefined;
    const files = all.filter((file, index) => !isOwn(file) || all.findIndex(isOwn) === index);
    if (files.length < 2) return;
    const list = files.map((file) => `\n  - ${file}`).join('');
    const message = `strict shadow mode: module '${module}' resolves to multiple files${list}`;
    throw new CompileFailure([linkError('ModuleNotFound', message, NO_SPAN)]);
  }

  /** Read and compile a file without running it: see `compileText`. */
  compileFile(path: string): PreparedText {
    return this.compileText(this.openSource(path, canonicalPath(path)), { implicitName: moduleNameOf(path) });
  }

  /**
   * Read and compile a text without running it; what it imports is loaded and run. Its modules may be loaded already.
   */
  compileText(source: Source, options: TextOptions): PreparedText {
    const { prepared } = this.compileDrafts(source, options, () => false);
    const modules = prepared.map(({ module, code }) => ({ module, code: code! }));
    return { source, modules };
  }

  /**
   * Import into a scope that is there already, that of an environment. The modules are loaded first, which runs them.
   *
   * @param sets  the operands of an `(import …)` form
   */
  importInto(scope: ModuleScope, sets: readonly Syntax[]): void {
    const findings = new Findings();
    const imports = parseImportClauses(sets, findings.report);
    const draft: ModuleDraft = {
      name: scope.name,
      source: NO_SOURCE,
      span: NO_SPAN,
      imports,
      implicitImports: [],
      exports: [],
      body: [],
      isImplicit: true,
    };
    this.loadImports([draft]);
    const lookup = (name: string) => this.modules.get(name);
    bindImports(draft, scope, lookup, (wanted) => this.unknownHint(wanted), findings.report);
    findings.throwErrors();
  }

  /** Whether a library could be imported. */
  readonly canImport = (module: string): boolean =>
    this.modules.has(module) ||
    (isSchemeLibrary(module) && schemeLibrary(module, this.host.builtinScope) !== null) ||
    findModule(module, this.path) !== null;

  readonly advise = (name: string, scope: Scope): string | undefined =>
    adviceAbout(name, scope, this.modules.values(), this.path);

  /** Why an imported module is not known, as the hint of the linker's error. */
  private unknownHint(module: string): string {
    const guess = didYouMean(module, new Set([...this.modules.keys(), ...modulesBeside(module, this.path)]));
    if (isSchemeLibrary(module)) return guess ?? 'R7RS has no library of this name';
    const file = findModule(module, this.path);
    if (file !== null) return `${file} was loaded for it, but defines no module of that name`;
    if (comesLater(module)) return `${module} is not in this build yet`;
    const relative = relativePath(module);
    if (relative === null) return 'a module name is made of words with dots between them';
    const where = this.path.map((directory) => `\n${directory}`).join('');
    const searched =
      where === '' ? 'the search path is empty' : `looked for ${relative}.etac and ${relative}.eta in${where}`;
    return guess === undefined ? searched : `${guess}\n${searched}`;
  }
}

/** The modules outside of a text that its drafts import, in the order in which they are loaded, with the first clauses. */
function importedModules(drafts: readonly ModuleDraft[]): ReadonlyMap<string, ImportClause> {
  const own = new Set(drafts.map(({ name }) => name));
  const imported = new Map<string, ImportClause>();
  for (const { imports, implicitImports } of drafts) {
    for (const clause of [...imports, ...implicitImports]) {
      if (!own.has(clause.module) && !imported.has(clause.module)) imported.set(clause.module, clause);
    }
  }
  return imported;
}

/** The import clauses of a text's bare forms. */
const importsOf = (drafts: readonly ModuleDraft[]): ImportClause[] =>
  drafts.flatMap((draft) => (draft.isImplicit ? draft.imports : []));

const fileOf = (module: Module): string | null => (module as Partial<LoadedModule>).file ?? null;

/** What a file is called as a module: its name without the extension. */
export const moduleNameOf = (path: string): string => basename(path, extname(path));

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (thrown) {
    const error = linkError('ModuleNotFound', `cannot open file: ${path}`, NO_SPAN);
    throw new CompileFailure([{ ...error, hint: (thrown as Error).message }]);
  }
}

/** Earlier submissions' definitions give way to imports that are written out, not to the prelude. */
function bindAmbient(scope: ModuleScope, ambient: TextOptions['ambient'], imports: Imports): void {
  for (const [name, binding] of ambient ?? []) {
    if (imports.get(name)?.isImplicit !== false) scope.bind(intern(name), binding);
  }
}

/** The diagnostics of one stage of a text. */
class Findings {
  private readonly list: Diagnostic[] = [];
  readonly report = (diagnostic: Diagnostic): void => {
    this.list.push(diagnostic);
  };

  get all(): readonly Diagnostic[] {
    return this.list;
  }

  get hasErrors(): boolean {
    return this.list.some(({ severity }) => severity === 'error');
  }

  nested(): Findings {
    return new Findings();
  }

  add(diagnostics: readonly Diagnostic[]): void {
    this.list.push(...diagnostics);
  }

  throwErrors(): void {
    if (this.hasErrors) throw new CompileFailure(this.list);
  }
}

/** A module's variable. One that a macro has introduced is under a key that only the macro knows. */
function cellOf(modules: ReadonlyMap<string, Module>, module: string, name: string): Cell | undefined {
  const definitions = modules.get(module)?.scope?.definitions;
  const cell = definitions?.get(intern(name));
  if (cell !== undefined || definitions === undefined) return cell;
  return [...definitions.values()].find((each) => each.name === name);
}
