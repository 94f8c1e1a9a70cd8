// etai test: run the tests in Eta files (tools §7, §16.4).

import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { isatty } from 'node:tty';
import { type Command, type CommanderError, InvalidArgumentError } from 'commander';
import { ProjectError } from '../../project/errors.ts';
import { findManifest } from '../../project/manifest.ts';
import { SIGINT_STATUS } from '../../session/interrupt.ts';
import { type Discovery, discoverTests } from '../../testing/discovery.ts';
import { type FileRequest, RUN_FILE } from '../../testing/file-process.ts';
import { type FileResult, hasFailed } from '../../testing/results.ts';
import { hasExamples } from '../../testing/run-examples.ts';
import { runTestFile } from '../../testing/run-file.ts';
import { type RunOptions, TestRun } from '../../testing/runner.ts';
import { Watcher } from '../../testing/watch.ts';
import { nowMs } from '../../values/clock.ts';
import { statusOf } from '../../values/file-status.ts';
import { choiceOption, commandLine, messageOf, parseCommandLine } from '../command-line.ts';
import type { CommandName } from '../commands.ts';
import { complain, FAILURE, print } from '../output.ts';
import { Progress } from '../progress.ts';
import { reportStyle, reportText } from '../report.ts';
import { ownProgram } from '../run.ts';
import { etaFiles, foldersIn, readSource } from '../source-files.ts';
import { createReporter, FORMATS, type Format, reportCoverage } from '../test-reporter.ts';
import { projectSuite, type Suite } from './project/suite.ts';
import { NO_PROJECT, unknownOption } from './project/support.ts';

interface Options {
  readonly path?: readonly string[];
  readonly format?: Format;
  readonly filter?: string;
  readonly jobs?: number;
  readonly failFast?: boolean;
  readonly timeout?: number;
  readonly coverage?: CoverageReport;
  readonly watch?: boolean;
  readonly doc?: boolean;
}

const COVERAGE_REPORTS = ['summary', 'lcov'] as const;
type CoverageReport = (typeof COVERAGE_REPORTS)[number];

const SIGTERM_STATUS = 143;
const CLEAR_SCREEN = '\x1b[2J\x1b[3J\x1b[H';

const NOTE = `
A folder is searched for *.test.eta and *_smoke.eta. A file fails if a test in it fails, if it does not come to its end,
and if it prints no results. The exit status is 1 if a file has failed, if a path does not exist, and if no test matches
--filter.`;

const DOC_OPTION = 'run the examples in the documentation of what the files export; without a path, those of src';

/** What is run alike, but for the following. */
export interface SuiteKind {
  readonly command: CommandName;
  readonly summary: string;
  /** What the paths are, and what is run without one. */
  readonly paths: string;
  /** The folder in a project. */
  readonly folder: string;
  /** What is run without a path outside of projects, null if that is refused. */
  readonly elsewhere: string | null;
  /** How many files run at a time, if nothing is said, and how that is told. */
  readonly jobs: number;
  readonly jobsText: string;
  /** Tests that took at least so long are listed with their times. */
  readonly longMs: number;
}

const TESTS: SuiteKind = {
  command: 'test',
  summary: 'Run the tests in Eta files, each file in a process of its own.',
  paths: 'files and folders; without one the tests of the project, else the working directory',
  folder: 'tests',
  elsewhere: '.',
  jobs: availableParallelism(),
  jobsText: 'one for each processor',
  longMs: 500,
};

export async function run(argv: readonly string[]): Promise<number> {
  return argv[0] === RUN_FILE ? runOne(JSON.parse(argv[1])) : runSuite(TESTS, argv);
}

export async function runSuite(kind: SuiteKind, argv: readonly string[]): Promise<number> {
  const program = createParser(kind);
  const status = parseCommandLine(program, argv.map(withValue), (error) => refusal(kind, error));
  if (status !== null) return status;
  const { command, folder, elsewhere } = kind;
  let suite: Suite | null;
  try {
    suite = await projectSuite(folder);
  } catch (thrown) {
    if (thrown instanceof ProjectError) return complain(`etai ${command}: ${thrown.message}`);
    throw thrown;
  }
  const paths = suite === null ? [...program.args] : program.args.map((each) => inProject(each, suite));
  const { path: given, ...options } = program.opts<Options>();
  const path = suite === null ? given : given?.map(absolute);
  if (suite !== null) process.chdir(suite.root);
  if (paths.length === 0 && options.doc) paths.push(suite !== null && existsSync('src') ? 'src' : '.');
  if (suite?.folder === null && paths.length === 0) {
    print(1, `no suite directory: ${suite.place}\n`);
    return 0;
  }
  const place = suite?.folder ?? elsewhere;
  if (paths.length === 0) {
    if (place === null) return complain(`etai ${command}: ${NO_PROJECT}`);
    paths.push(place);
  }
  return new TestCommand(kind, paths, { ...options, path }, suite?.project ?? null).run();
}

/** Directories of a search path, from whatever folder they are seen. */
const absolute = (directories: string): string =>
  directories
    .split(delimiter)
    .map((each) => each && resolve(each))
    .join(delimiter);

/** A path as seen from the project's folder, where everything runs: what is not in the working directory may be there. */
const inProject = (path: string, { root }: Suite): string =>
  isAbsolute(path) || !existsSync(path) ? path : relative(root, resolve(path)) || '.';

function createParser({ command, summary, paths, jobsText, elsewhere }: SuiteKind): Command {
  const collect = (value: string, values: readonly string[] = []) => [...values, value];
  const program = commandLine(command, summary)
    .argument('[path...]', paths)
    .option('--path <dirs>', 'directories to search for modules, instead of ETA_MODULE_PATH; may be repeated', collect)
    .addOption(
      choiceOption(
        '--format <format>',
        'how to tell results; without it pretty on a terminal, else tap',
        FORMATS,
        formatOf,
      ),
    )
    .option('--filter <regex>', 'run only the tests whose name, with those of the groups around it, matches', regexOf)
    .option('--jobs <n>', `how many files to run at a time; without it ${jobsText}`, countOf)
    .option('--fail-fast', 'stop after the first file that fails')
    .option('--timeout <seconds>', 'end a file that runs for longer; it has failed then', secondsOf)
    .option('--watch', 'run files again when they, or what they load, have changed')
    .addOption(
      choiceOption(
        '--coverage [report]',
        'tell which lines and forms of the code under test have been run; --coverage=lcov also writes coverage/lcov.info',
        COVERAGE_REPORTS,
        coverageOf,
      ),
    )
    .addHelpText('after', NOTE);
  return elsewhere === null ? program : program.option('--doc', DOC_OPTION);
}

/** `--coverage` may have a value, but only behind `=`: a word behind it is a path. */
const withValue = (word: string): string => (word === '--coverage' ? '--coverage=summary' : word);

const invalid = (message: string): never => {
  throw new InvalidArgumentError(message);
};
const formatOf = (text: string): Format =>
  FORMATS.find((format) => format === text) ?? invalid("--format must be 'pretty', 'tap', 'junit' or 'json'");
const coverageOf = (text: string): CoverageReport =>
  COVERAGE_REPORTS.find((report) => report === text) ?? invalid("--coverage must be 'summary' or 'lcov'");
const countOf = (text: string): number =>
  /^[1-9]\d{0,3}$/.test(text) ? Number(text) : invalid('--jobs must be a number above 0');
const secondsOf = (text: string): number =>
  Number(text) > 0 && Number(text) < 1e6 ? Number(text) : invalid('--timeout must be a number of seconds above 0');
const regexOf = (text: string): string => {
  try {
    return new RegExp(text, 'u').source;
  } catch (thrown) {
    return invalid(`--filter: ${(thrown as Error).message}`);
  }
};

/** What is wrong with the command line, in the documented words: those of a project's command, else of a tool's. */
function refusal({ command, elsewhere }: SuiteKind, error: CommanderError): string {
  if (error.code === 'commander.invalidArgument') return error.message.replace(/^.* is invalid\. /s, '');
  const message = messageOf(error);
  if (error.code !== 'commander.unknownOption') return message;
  const isTool = elsewhere !== null && findManifest(process.cwd(), existsSync) === null;
  if (!isTool) return unknownOption(`etai ${command}`, message);
  return `${message.replace(/^unknown option '(.*)'/, 'invalid argument: $1')}\n`;
}

/** In the child: one file. */
function runOne(request: FileRequest): number {
  const style = { ...reportStyle(process.stderr, process.env), color: request.color };
  runTestFile(request, ownProgram(), (findings) => (findings.length > 0 ? reportText(findings, style) : ''));
  return 0;
}

class TestCommand {
  private readonly format: Format;
  private readonly runOptions: RunOptions;
  private testRun: TestRun | null = null;
  /** Whether all that was asked for could be written. */
  private isReported = true;
  /** Whether the filter has left nothing of the last run. */
  private hasNoMatch = false;
  /** The exit status, once a signal has come. */
  private signalled: number | null = null;
  /** Ends the wait for something to do. */
  private wake: () => void = () => {};

  constructor(
    private readonly kind: SuiteKind,
    private readonly paths: readonly string[],
    private readonly options: Options,
    project: readonly string[] | null,
  ) {
    const { path = [], filter, jobs, timeout, failFast, coverage } = options;
    const { execPath, execArgs } = ownProgram().interpreter!;
    this.format = options.format ?? (isatty(1) ? 'pretty' : 'tap');
    this.runOptions = {
      command: [execPath, ...execArgs],
      path: path.length > 0 ? path.join(delimiter) : null,
      project,
      filter: filter ?? null,
      jobs: jobs ?? kind.jobs,
      timeoutMs: timeout === undefined ? null : timeout * 1000,
      failFast: failFast ?? false,
      coverage: coverage !== undefined,
      examples: options.doc ?? false,
      color: this.format === 'pretty' && reportStyle(process.stdout, process.env).color,
    };
  }

  /** Resolves to the exit status. */
  async run(): Promise<number> {
    // They reach the children, too: those of a terminal by themselves, those of others through `stop`.
    process.on('SIGINT', () => this.interrupt(SIGINT_STATUS));
    process.on('SIGTERM', () => this.interrupt(SIGTERM_STATUS));
    const { files, missing } = this.discover();
    for (const path of missing) print(2, `eta-test: path does not exist: "${path}"\n`);
    if (this.options.watch) return this.watch(files);
    if (files.length === 0) {
      print(2, `eta-test: no ${this.options.doc ? 'examples' : '*.test.eta files'} found\n`);
      return missing.length > 0 ? FAILURE : 0;
    }
    const results = await this.runFiles(files);
    const isBad = missing.length > 0 || results.some(hasFailed) || !this.isReported || this.hasNoMatch;
    return this.signalled ?? (isBad ? FAILURE : 0);
  }

  private discover(): Discovery {
    if (!this.options.doc) return discoverTests(this.paths, (folder) => etaFiles([folder]).files);
    const { files, missing } = etaFiles(this.paths);
    return { files: files.filter((file) => hasExamples(readSource(file) ?? '')), missing };
  }

  private interrupt(status: number): void {
    this.signalled = status;
    this.testRun?.stop();
    this.wake();
  }

  /** Run these files and report them. */
  private async runFiles(files: readonly string[]): Promise<FileResult[]> {
    const started = nowMs();
    this.testRun = new TestRun(files, this.runOptions);
    const reporter = createReporter(this.format, this.runOptions.color, this.kind.longMs);
    const progress = new Progress();
    let count = 0;
    const results = await this.testRun.run({
      finished: (result) => {
        reporter.file(result);
        progress.show(`${++count}/${files.length} ${result.file}`);
      },
    });
    progress.end();
    if (this.signalled !== null) return results;
    reporter.end(results, Math.round(nowMs() - started));
    if (this.runOptions.coverage && !reportCoverage(results, this.format, this.options.coverage === 'lcov'))
      this.isReported = false;
    this.tellOfFilter(results);
    const left = files.length - results.length;
    if (left > 0) print(2, `eta-test: stopped after a failure; ${left} of ${files.length} files have no result\n`);
    return results;
  }

  /** A filter that fits nothing must not pass for tests that do. */
  private tellOfFilter(results: readonly FileResult[]): void {
    const { filter } = this.runOptions;
    if (filter === null) return;
    const unasked = results.filter(({ matched, tests }) => matched === null && tests.length > 0);
    for (const { file } of unasked)
      print(2, `eta-test: --filter does not apply to "${file}", whose results are not those of std.test\n`);
    const isSound = results.every(({ trouble }) => trouble === null);
    this.hasNoMatch = isSound && unasked.length < results.length && results.every(({ matched }) => !matched);
    if (this.hasNoMatch) print(2, `eta-test: no test matches --filter ${filter}\n`);
  }

  /** Run all files, then again and again those that what has changed concerns. Ends by a signal. */
  private async watch(files: readonly string[]): Promise<number> {
    const loaded = new Map<string, readonly string[]>();
    const watcher = new Watcher(() => this.wake());
    try {
      for (let due = files; ; due = await this.concerned(watcher, loaded)) {
        if (this.signalled !== null) return this.signalled;
        this.watchFolders(watcher, loaded);
        if (isatty(1)) print(1, CLEAR_SCREEN);
        for (const result of await this.runFiles(due)) loaded.set(result.file, withItself(result));
        this.watchFolders(watcher, loaded);
        if (this.signalled !== null) continue;
        const count = `${loaded.size} ${loaded.size === 1 ? 'file' : 'files'}`;
        print(2, `eta-test: watching ${count} with tests; Ctrl-C ends\n`);
      }
    } finally {
      watcher.close();
    }
  }

  /** Where tests are or could come, and what they have loaded or looked for. */
  private watchFolders(watcher: Watcher, loaded: ReadonlyMap<string, readonly string[]>): void {
    watcher.add(this.paths.flatMap(foldersToWatch));
    for (const files of loaded.values()) watcher.add(files.map((file) => dirname(file)));
  }

  /** Wait for a change; the test files that have loaded what has changed, and new ones. */
  private async concerned(watcher: Watcher, loaded: Map<string, readonly string[]>): Promise<readonly string[]> {
    for (;;) {
      this.watchFolders(watcher, loaded);
      const changed = watcher.take();
      if (changed.length > 0) {
        const { files } = this.discover();
        for (const file of loaded.keys()) if (!files.includes(file)) loaded.delete(file);
        const due = files.filter((file) => loaded.get(file)?.some((each) => isConcerned(each, changed)) ?? true);
        if (due.length > 0) return due;
      }
      if (this.signalled !== null) return [];
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

/** What the run of a file depends on. */
const withItself = ({ file, loaded }: FileResult): readonly string[] =>
  existsSync(file) ? [realpathSync(file), ...loaded] : loaded;

/** Whether a change is one of the file, or of a folder that it lies in. */
const isConcerned = (file: string, changed: readonly string[]): boolean =>
  changed.some((path) => file === path || file.startsWith(path + sep));

/** The canonical folders to watch for a file or a folder, and for their going. */
function foldersToWatch(path: string): string[] {
  const stat = statusOf(path);
  if (stat === null) return [resolve(path)];
  const canonical = realpathSync(path);
  return stat.isDirectory() ? Array.from(foldersIn(canonical), (folder) => folder.path) : [dirname(canonical)];
}
