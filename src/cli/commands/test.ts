// etai test: run the tests in Eta files (tools §7, §16.4).

import { availableParallelism } from 'node:os';
import { isatty } from 'node:tty';
import { type Command, type CommanderError, InvalidArgumentError } from 'commander';
import { ProjectError } from '../../project/errors.ts';
import { SIGINT_STATUS } from '../../session/interrupt.ts';
import { discoverTests } from '../../testing/discovery.ts';
import { type FileRequest, RUN_FILE } from '../../testing/file-process.ts';
import { jsonOfFile, jsonSummary } from '../../testing/report-json.ts';
import { junitReport } from '../../testing/report-junit.ts';
import { type Paint, prettyFile, prettySummary } from '../../testing/report-pretty.ts';
import { tapReport } from '../../testing/report-tap.ts';
import { type FileResult, hasFailed } from '../../testing/results.ts';
import { runTestFile } from '../../testing/run-file.ts';
import { type RunOptions, TestRun } from '../../testing/runner.ts';
import { commandLine, messageOf, parseCommandLine } from '../command-line.ts';
import { complain, FAILURE, print } from '../output.ts';
import { reportStyle, reportText } from '../report.ts';
import { ownProgram } from '../run.ts';
import { etaFiles } from '../source-files.ts';
import { projectSuite, type Suite } from './project/suite.ts';

const FORMATS = ['pretty', 'tap', 'junit', 'json'] as const;
type Format = (typeof FORMATS)[number];

interface Options {
  readonly path: readonly string[];
  readonly format?: Format;
  readonly filter?: string;
  readonly jobs?: number;
  readonly failFast?: boolean;
  readonly timeout?: number;
}

const NOTE = `
A folder is searched for *.test.eta and *_smoke.eta. A file fails if a test in it fails, if it does not come to its end,
and if it prints no results. The exit status is 1 if a file has failed.`;

export async function run(argv: readonly string[]): Promise<number> {
  if (argv[0] === RUN_FILE) return runOne(JSON.parse(argv[1]));
  const program = createParser();
  const status = parseCommandLine(program, argv, refusal);
  if (status !== null) return status;
  let suite: Suite | null;
  try {
    suite = await projectSuite();
  } catch (thrown) {
    if (thrown instanceof ProjectError) return complain(`etai test: ${thrown.message}`);
    throw thrown;
  }
  const given = program.opts<Options>();
  const options = { ...given, path: [...(suite?.path ?? []), ...given.path] };
  if (suite?.folder === null && program.args.length === 0) {
    print(1, `no suite directory: ${suite.place}\n`);
    return 0;
  }
  const { files, missing } = discoverTests(
    program.args.length > 0 ? program.args : [suite?.folder ?? '.'],
    (folder) => etaFiles([folder]).files,
  );
  for (const path of missing) print(2, `eta-test: path does not exist: "${path}"\n`);
  if (files.length === 0) {
    print(2, 'eta-test: no *.test.eta files found\n');
    return 0;
  }
  return runAll(files, options);
}

function createParser(): Command {
  const collect = (value: string, values: readonly string[]) => [...values, value];
  return commandLine('test', 'Run the tests in Eta files, each file in a process of its own.')
    .argument('[path...]', 'files and folders; without one the tests of the project, else the working directory')
    .option(
      '--path <dirs>',
      'directories to search for modules, instead of ETA_MODULE_PATH; may be repeated',
      collect,
      [],
    )
    .option('--format <format>', 'pretty, tap, junit or json; without it pretty on a terminal, else tap', formatOf)
    .option('--filter <regex>', 'run only the tests whose name, with those of the groups around it, matches', regexOf)
    .option('--jobs <n>', 'how many files to run at a time; without it one for each processor', countOf)
    .option('--fail-fast', 'stop after the first file that fails')
    .option('--timeout <seconds>', 'end a file that runs for longer; it has failed then', secondsOf)
    .addHelpText('after', NOTE);
}

const invalid = (message: string): never => {
  throw new InvalidArgumentError(message);
};
const formatOf = (text: string): Format =>
  FORMATS.find((format) => format === text) ?? invalid("--format must be 'pretty', 'tap', 'junit' or 'json'");
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

/** What is wrong with the command line, in the documented words. */
function refusal(error: CommanderError): string {
  if (error.code === 'commander.invalidArgument') return error.message.replace(/^.* is invalid\. /s, '');
  if (error.code !== 'commander.unknownOption') return messageOf(error);
  return `${messageOf(error).replace(/^unknown option '(.*)'/, 'invalid argument: $1')}\n`;
}

/** In the child: one file. */
function runOne(request: FileRequest): number {
  const style = { ...reportStyle(process.stderr, process.env), color: request.color };
  runTestFile(request, ownProgram(), (findings) => (findings.length > 0 ? reportText(findings, style) : ''));
  return 0;
}

async function runAll(files: readonly string[], options: Options): Promise<number> {
  const format = options.format ?? (isatty(1) ? 'pretty' : 'tap');
  const started = performance.now();
  const { interpreter } = ownProgram();
  const color = format === 'pretty' && reportStyle(process.stdout, process.env).color;
  const runOptions: RunOptions = {
    command: [interpreter!.execPath, ...interpreter!.execArgs],
    path: options.path.length > 0 ? options.path.join(':') : null,
    filter: options.filter ?? null,
    jobs: options.jobs ?? availableParallelism(),
    timeoutMs: options.timeout === undefined ? null : options.timeout * 1000,
    failFast: options.failFast ?? false,
    coverage: false,
    color,
  };
  const testRun = new TestRun(files, runOptions);
  const interruption = stopOnSignals(testRun);
  const reporter = createReporter(format, color);
  const progress = new Progress(files.length);
  const results = await testRun.run({
    finished: (result) => {
      progress.clear();
      reporter.file(result);
      progress.finished(result.file);
    },
  });
  progress.clear();
  const status = interruption();
  if (status !== null) return status;
  reporter.end(results, Math.round(performance.now() - started));
  if (results.length < files.length)
    print(
      2,
      `eta-test: stopped after a failure; ${files.length - results.length} of ${files.length} files have no result\n`,
    );
  return results.some(hasFailed) ? FAILURE : 0;
}

/** Ctrl-C and SIGTERM end the children, too. Gives a function that takes the handlers away and tells the exit status. */
function stopOnSignals(testRun: TestRun): () => number | null {
  let status: number | null = null;
  const onInterrupt = () => {
    status = SIGINT_STATUS;
    testRun.stop();
  };
  const onTerm = () => {
    status = 143;
    testRun.stop();
  };
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerm);
  return () => {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onTerm);
    return status;
  };
}

interface Reporter {
  file(result: FileResult): void;
  end(results: readonly FileResult[], durationMs: number): void;
}

function createReporter(format: Format, color: boolean): Reporter {
  switch (format) {
    case 'pretty': {
      const paint = painter(color);
      return {
        file: (result) => print(1, prettyFile(result, paint)),
        end: (results, durationMs) => print(1, prettySummary(results, durationMs, paint)),
      };
    }
    case 'json':
      return {
        file: (result) => {
          print(2, result.errors);
          print(1, jsonOfFile(result));
        },
        end: (results, durationMs) => print(1, jsonSummary(results, durationMs)),
      };
    case 'tap':
    case 'junit':
      // Both begin with totals, so they can only be written at the end.
      return {
        file: (result) => print(2, result.errors + (result.error === null ? '' : errorText(result, result.error))),
        end: (results) => print(1, format === 'tap' ? tapReport(results) : junitReport(results)),
      };
  }
}

const errorText = ({ file }: FileResult, error: string): string =>
  `eta-test: error in "${file.split('/').at(-1)}":\n${error}`;

const STYLES = { good: '32', bad: '1;31', dim: '2' } as const;
const painter = (color: boolean): Paint =>
  color ? (style, text) => `\x1b[${STYLES[style]}m${text}\x1b[0m` : (_, text) => text;

/** A line on the terminal that says how far a run is which takes longer than a second. */
class Progress {
  private readonly started = performance.now();
  private count = 0;
  private isShown = false;

  constructor(private readonly total: number) {}

  finished(file: string): void {
    this.count++;
    if (!process.stderr.isTTY || performance.now() - this.started < 1000 || this.count === this.total) return;
    print(2, `${this.count}/${this.total} ${file}`.slice(0, (process.stderr.columns ?? 80) - 1));
    this.isShown = true;
  }

  clear(): void {
    if (this.isShown) print(2, '\r\x1b[K');
    this.isShown = false;
  }
}
