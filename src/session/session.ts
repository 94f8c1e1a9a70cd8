// A session: one machine with its builtins, its modules, its ports and its network.
//
//   program, REPL, test file, thread actor  =  one session each
//
// Every run-time state of Eta hangs on a session, so that several can live in one process. Whoever makes a session
// closes it; `close` flushes output, ends children and closes sockets, and may be called twice.
//
// A run has an outcome (outcome.ts) on every way out, and the after-thunks that were due have run by then (README L11).
//
// Source: tools §1.5, §1.6; language §14.5; README L15.

import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { defineCoverage } from '../builtins/coverage.ts';
import { defineFinalizers } from '../builtins/finalizers.ts';
import {
  type CurrentPorts,
  consolePorts,
  createBuiltins,
  isNativeCodeLoaded,
  loadNativeCode,
  NativeCodeNeeded,
} from '../builtins/index.ts';
import type { Interpreter } from '../builtins/nng/children.ts';
import { type ChildInfo, Networking } from '../builtins/nng/context.ts';
import type { SharedNames } from '../builtins/threads/capture.ts';
import { decodeCapture } from '../builtins/threads/capture-format.ts';
import { defineThreads } from '../builtins/threads/primitives.ts';
import { ThreadActors, type ThreadInfo } from '../builtins/threads/thread-actors.ts';
import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import type { CodeObject } from '../bytecode/code.ts';
import { disassembleAll } from '../bytecode/disassemble.ts';
import { Closure } from '../bytecode/procedures.ts';
import type { LambdaForm } from '../compiler/core-forms.ts';
import { defineHelp } from '../help/define.ts';
import { Help } from '../help/help.ts';
import type { CompileCache } from '../modules/compile-cache.ts';
import { type LoadedText, Loader, moduleNameOf, type PreparedText } from '../modules/loader.ts';
import { buildSearchPath } from '../modules/search-path.ts';
import { EtaError, ExitRequest, internalError } from '../values/errors.ts';
import { Interrupted } from '../values/interruption.ts';
import { flushAllPorts } from '../values/ports.ts';
import { addHomeFolder, Source } from '../values/span.ts';
import { intern, NIL, type Value } from '../values/types.ts';
import { defineControl } from '../vm/control.ts';
import { parseHeapLimit } from '../vm/heap-limit.ts';
import { isHot } from '../vm/javascript/host-compiler.ts';
import { type TierMode, tierModeOf } from '../vm/javascript/tier.ts';
import { Machine } from '../vm/machine.ts';
import { Raise } from '../vm/throw.ts';
import { createEvalCompiler, createLoaderHost } from './compilation.ts';
import { defineEnvironments } from './environments.ts';
import { runInterruptible, SIGINT_STATUS } from './interrupt.ts';
import { loadKernel } from './kernel.ts';
import { bundledModules, standardLibraries } from './locations.ts';
import { functionNamed, mainCall } from './main-procedure.ts';
import { type Finding, findingsOf, type Outcome } from './outcome.ts';
import { Submissions } from './submissions.ts';

export interface SessionOptions {
  /** Whether the compiler takes its time to fold constants. */
  readonly optimize?: boolean;
  /** What puts calls of `%cover` into modules, and what those do. */
  readonly coverage?: {
    readonly instrument: (form: LambdaForm, source: Source) => LambdaForm;
    readonly count: (n: number) => void;
  };
  /** What keeps the code of source files for the next run; absent: they are compiled each time. */
  readonly compileCache?: CompileCache;
  /** Which code is translated to JavaScript; absent: as ETA_JIT says. */
  readonly tier?: TierMode;
  /** The value of `--path`; null or absent: ETA_MODULE_PATH. */
  readonly path?: string | null;
  /** The folders of the project and of its packages; null or absent: as its lock file says. */
  readonly project?: readonly string[] | null;
  readonly strictShadows?: boolean;
  /** Folders of the standard library, in place of those that belong to this program. */
  readonly libraries?: readonly string[];
  /** What `(command-line-arguments)` gives. */
  readonly programArguments?: readonly string[];
  /** In place of the standard streams. */
  readonly ports?: CurrentPorts;
  /** How `spawn` starts this program again; absent: it cannot. */
  readonly interpreter?: Interpreter;
  /** How worker threads run this program; absent: there are no thread actors. */
  readonly threads?: ThreadOptions;
  /** In bytes, in place of ETA_HEAP_SOFT_LIMIT. */
  readonly heapLimitBytes?: number;
  /** Whether SIGINT ends a run, with its after-thunks, instead of the process. */
  readonly isInterruptible?: boolean;
}

export interface ThreadOptions {
  /** The file that a worker thread starts with: it ends up in `runThreadWorker` or `runPulse`. */
  readonly entry: string;
  /** In a thread actor: the count of endpoints that the VMs of this process share. */
  readonly endpointCount?: SharedArrayBuffer;
}

const FAILURE = 1;
/** Workers that a program keeps ready once it has started a thread actor; actors that start actors keep one. */
const SPARE_WORKERS = 2;

export class Session {
  readonly builtins: BuiltinTable;
  readonly machine: Machine;
  readonly loader: Loader;
  private readonly libraries: readonly string[];
  private readonly networking: Networking;
  readonly threads: ThreadActors;
  readonly submissions: Submissions;
  private readonly kernel: Loader;
  private builtinNames: ReadonlyMap<Value, string> | null = null;
  private readonly ports: CurrentPorts;
  private programName = '';
  /** The folder of the file that was started, null without one. */
  private programFolder: string | null = null;
  private wasInterrupted = false;
  /** Initialisers of all modules, in the order in which they ran. */
  private readonly initialisers: CodeObject[] = [];

  constructor(private readonly options: SessionOptions = {}) {
    this.libraries = options.libraries ?? standardLibraries();
    // A bundled program has its modules with it; what happens to lie where it is started is no part of it.
    const bundled = bundledModules();
    this.networking = new Networking({
      interpreter: options.interpreter ?? null,
      threadEntry: options.threads?.entry ?? null,
      programFolder: () => this.programFolder,
      prefersProgramFolder: bundled !== null,
      modulePath: () => this.loader.searchPath,
    });
    this.threads = this.createThreadActors();
    this.ports = options.ports ?? consolePorts();
    this.builtins = createBuiltins({
      programArguments: options.programArguments ?? [],
      programName: () => this.programName,
      ports: this.ports,
      nng: { networking: this.networking, defineThreads: (define) => defineThreads(define, this.threads) },
    });
    defineCoverage(this.builtins.define, options.coverage?.count ?? (() => {}));
    defineControl(this.builtins, () => this.machine);
    defineEnvironments(this.builtins, () => this.loader);
    defineHelp(this.builtins.define, { help: () => this.help(), output: () => this.ports.output });
    defineFinalizers(this.builtins, () => [this]);
    this.machine = new Machine(
      this.builtins,
      options.heapLimitBytes ?? parseHeapLimit(process.env['ETA_HEAP_SOFT_LIMIT']),
      options.tier ?? tierModeOf(process.env['ETA_JIT']),
    );
    this.kernel = this.createKernelLoader();
    loadKernel(this.kernel, this.builtins);
    const searchPath = buildSearchPath({
      ...(bundled === null
        ? { startDirectory: process.cwd(), environment: process.env['ETA_MODULE_PATH'] }
        : { startDirectory: null, environment: bundled }),
      project: options.project ?? undefined,
      configured: options.path ?? null,
      stdlib: this.libraries,
    });
    if (bundled !== null) for (const folder of ['files', 'modules']) addHomeFolder(join(bundled, '..', folder));
    const host = createLoaderHost(this.builtins, false, this.runInitialiser, {
      prepareToRun: this.prepareToRun,
      folds: options.optimize,
      instrument: options.coverage?.instrument,
      prefersSource: options.coverage !== undefined,
      // It has code that is neither instrumented nor folded.
      cache: options.coverage === undefined && !options.optimize ? options.compileCache : undefined,
    });
    this.loader = new Loader(host, searchPath, options.strictShadows ?? false, this.libraries);
    this.submissions = new Submissions(this.loader);
    this.machine.compileEval = createEvalCompiler(this.builtins, this.loader.advise);
  }

  /** A loader for the kernel, which is loaded before the others and is compiled as builtins. */
  createKernelLoader(): Loader {
    return new Loader(
      createLoaderHost(this.builtins, true, this.runInitialiser),
      this.libraries,
      false,
      this.libraries,
    );
  }

  /** Run a file that exists, with everything that it imports, then its `main`. */
  runFile(path: string): Outcome {
    this.programName = path;
    this.enterFolder(resolve(dirname(path)));
    return this.perform(() => this.callMain(this.loader.loadFile(path), moduleNameOf(path)));
  }

  /** Compile a file without running it; what it imports is loaded and run. The text is null if that failed. */
  compileFile(path: string): { readonly outcome: Outcome; readonly text: PreparedText | null } {
    this.programFolder = resolve(dirname(path));
    this.loader.addDirectory(this.programFolder);
    let text: PreparedText | null = null;
    const outcome = this.perform(() => {
      text = this.loader.compileFile(path);
      return NIL;
    });
    return { outcome, text };
  }

  /** Run a text that is no file, then its `main`; its imports are found in the working directory, too. */
  runText(text: string, name: string): Outcome {
    this.programName = name;
    this.loader.addDirectory(process.cwd());
    const source = new Source(name, null, text, 0);
    return this.perform(() => this.callMain(this.loader.loadText(source, { implicitName: 'main' }), 'main'));
  }

  /**
   * Run a text as one submission: what earlier ones have defined and imported is visible, and assignable. The outcome
   * has the value of its last form. A submission that fails leaves no definitions.
   */
  evaluateText(text: string, name: string): Outcome {
    return this.perform(() => this.submissions.evaluate(text, name));
  }

  /**
   * Connect the mailbox to a parent. Throws EtaError where nobody answers.
   *
   * @param threadLifelineFd  in a thread actor: what hangs up when the parent closes its handle; the caller closes it
   */
  connectMailbox(endpoint: string, threadLifelineFd?: number): void {
    this.networking.connectMailbox(endpoint, threadLifelineFd);
  }

  /** Wait until the parent has what was sent to it, or has closed the handle. For thread actors, before `close`. */
  deliverLastWords(): void {
    this.networking.deliverLastWords();
  }

  /** Run a thunk that `spawn-thread` has captured in another VM. `onStart` is called when it is about to run. */
  runThunk(captured: Uint8Array, programFolder: string | null, onStart: () => void): Outcome {
    this.programFolder = programFolder;
    return this.perform(() => {
      const thunk = decodeCapture(captured, this.names);
      onStart();
      return this.machine.run(thunk, []);
    });
  }

  /** Load a file, then call its function of this name. `onStart` is called between the two. */
  runFunction(file: string, name: string, args: readonly Value[], onStart: () => void): Outcome {
    this.enterFolder(dirname(file));
    return this.perform(() => {
      if (!existsSync(file)) throw internalError(`spawn-thread-with: file not found: ${file}`);
      const { modules } = this.loader.loadFile(file);
      const procedure = functionNamed(name, modules, this.builtins);
      if (procedure === null) throw internalError(`spawn-thread-with: ${file} has no function ${name}`);
      onStart();
      return this.machine.run(procedure, args);
    });
  }

  /** Write to the standard output of the program. */
  print(text: string): void {
    this.ports.output.writeText(text);
  }

  /** Write out what the standard ports still hold. */
  flush(): void {
    flushAllPorts();
  }

  /** The bytecode of everything that has run, libraries included, then that of what has only been compiled. */
  disassembly(compiled: readonly CodeObject[] = []): string {
    return disassembleAll([...this.initialisers, ...compiled]);
  }

  /**
   * @param endsProcess  whether the process ends now. Thread actors are then left as they are; else they see that their
   *                     parent is gone.
   */
  close(endsProcess = false): void {
    try {
      flushAllPorts();
    } finally {
      if (this.wasInterrupted) this.threads.interrupt();
      this.networking.close();
      if (!endsProcess) this.threads.close();
    }
  }

  private createThreadActors(): ThreadActors {
    const { threads, interpreter, programArguments, strictShadows } = this.options;
    return new ThreadActors({
      entry: threads?.entry ?? null,
      endpointCount: threads?.endpointCount,
      spareWorkers: threads?.endpointCount === undefined ? SPARE_WORKERS : 1,
      networking: this.networking,
      interpreter: interpreter ?? null,
      programArguments: programArguments ?? [],
      strictShadows: strictShadows ?? false,
      heapLimitBytes: threadHeapLimit,
      isHot,
      searchPath: () => this.loader.searchPath.join(delimiter),
      names: () => this.names,
    });
  }

  /** What closures refer to by name when they are copied into another VM. */
  get names(): SharedNames {
    this.builtinNames ??= new Map([...this.builtins.all()].map(({ name, value }) => [value, name]));
    const names = this.builtinNames;
    return {
      builtinName: (value) => names.get(value),
      builtin: (name) => this.builtins.get(name)?.value,
      kernelCell: (name) => this.kernel.get('kernel')?.scope?.definitions.get(intern(name)),
    };
  }

  private readonly runInitialiser = (code: CodeObject): Value => {
    this.initialisers.push(code);
    return this.machine.run(new Closure(code), []);
  };

  /**
   * Before the first module runs that refers to a builtin in need of native code, that code is loaded: outside of the run
   * that Ctrl-C could end, which then begins again. Nothing runs twice, since modules that have run stay loaded. What a
   * running program loads, `eval` among it, cannot be left: there a Ctrl-C at that very moment ends the process.
   */
  private readonly prepareToRun = (modules: readonly CodeObject[]): void => {
    if (this.options.isInterruptible !== true || isNativeCodeLoaded() || this.machine.isNested) return;
    const needing = modules.find(({ usesNativeCode }) => usesNativeCode);
    if (needing !== undefined) throw new NativeCodeNeeded(needing.source);
  };

  private callMain(loaded: LoadedText, fileName: string): Value {
    const main = mainCall(loaded.modules, fileName, this.options.programArguments ?? []);
    return main === null ? loaded.value : this.machine.run(main.procedure, main.args);
  }

  /** What runs beside this session: its children and its threads. */
  get actors(): { readonly children: readonly ChildInfo[]; readonly threads: readonly ThreadInfo[] } {
    return { children: this.networking.listChildren(), threads: this.threads.list() };
  }

  /** What is known of names. */
  help(): Help {
    return new Help({
      builtins: this.builtins,
      libraries: this.libraries,
      modules: () => this.loader.all(),
      searchPath: () => this.loader.searchPath,
    });
  }

  /** Whether a file belongs to the standard library. */
  isLibraryFile(file: string): boolean {
    return this.libraries.some((folder) => file.startsWith(folder));
  }

  /** Let `spawn` and imports find what lies beside a file, as if that had been started. */
  enterFolder(folder: string): void {
    this.programFolder = folder;
    this.loader.addDirectory(folder);
  }

  /** Run, then run the after-thunks that are due; every way out is an outcome. */
  perform(action: () => Value): Outcome {
    let outcome: Outcome;
    try {
      outcome = { kind: 'finished', status: 0, value: this.guarded(action), findings: [] };
    } catch (thrown) {
      if (thrown instanceof ExitRequest && thrown.isEmergency) this.machine.winders = null;
      outcome = this.endOf(thrown);
    }
    this.wasInterrupted = outcome.kind === 'interrupted';
    const warnings = this.loader.takeWarnings();
    return this.unwind({ ...outcome, findings: [...warnings, ...outcome.findings] });
  }

  private unwind(outcome: Outcome): Outcome {
    if (this.machine.winders === null) return outcome;
    let result = outcome;
    const report = (thrown: unknown) => {
      const end = this.endOf(thrown);
      const findings = [...result.findings, ...end.findings];
      // Calling `exit` on the way out changes the status; an error on the way out of a good end makes it a bad one.
      const isWorse = end.kind === 'exited' || result.status === 0;
      result = isWorse ? { ...result, kind: end.kind, status: end.status, findings } : { ...result, findings };
    };
    try {
      this.guarded(() => this.machine.unwindAll(report));
    } catch (thrown) {
      // A second Ctrl-C leaves the remaining after-thunks out.
      report(thrown);
    }
    return result;
  }

  /** The outcome of a run that something thrown has ended. Throws what is no program's doing. */
  private endOf(thrown: unknown): Outcome {
    if (thrown instanceof ExitRequest) return { kind: 'exited', status: thrown.status, findings: [] };
    if (thrown instanceof Interrupted) return { kind: 'interrupted', status: SIGINT_STATUS, findings: [] };
    const findings: Finding[] | null = findingsOf(thrown, this.builtins);
    if (findings === null) throw thrown;
    const cause = thrown instanceof EtaError || thrown instanceof Raise ? { cause: thrown } : {};
    return { kind: 'failed', status: FAILURE, findings, ...cause };
  }

  /** @param action  begins again where it comes upon a need for native code */
  private guarded<T>(action: () => T): T {
    if (!this.options.isInterruptible) return action();
    for (;;) {
      try {
        return runInterruptible(action);
      } catch (thrown) {
        if (!(thrown instanceof NativeCodeNeeded)) throw thrown;
        this.loader.dropWarnings(thrown.source);
        flushAllPorts();
        loadNativeCode();
      }
    }
  }
}

const DEFAULT_THREAD_HEAP = 50 * 2 ** 20;

/** The heap limit of a thread actor (networking §11.4). */
function threadHeapLimit(): number {
  const { ETA_HEAP_SOFT_LIMIT_CHILD_THREADS: own, ETA_HEAP_SOFT_LIMIT: general } = process.env;
  return parseHeapLimit(own) ?? parseHeapLimit(general) ?? DEFAULT_THREAD_HEAP;
}
