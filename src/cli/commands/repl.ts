// etai repl: the prompt. On a terminal it has an editor; everywhere else it reads lines.
//
// Source: tools §4.

import { isatty } from 'node:tty';
import { consolePorts } from '../../builtins/index.ts';
import { Bell } from '../../repl/bell.ts';
import { historyFile } from '../../repl/history.ts';
import { runLineMode } from '../../repl/line-mode.ts';
import { Repl, type ReplHost, type ReplStyle } from '../../repl/repl.ts';
import { runTerminalMode } from '../../repl/terminal-mode.ts';
import type { Finding } from '../../session/outcome.ts';
import { Session } from '../../session/session.ts';
import { ExitRequest } from '../../values/errors.ts';
import { print } from '../output.ts';
import { reportStyle, reportText } from '../report.ts';
import { ownProgram } from '../run.ts';

/** Of a terminal that does not know its size. */
const DEFAULT_COLUMNS = 80;

interface ReplOptions {
  readonly path?: string;
  readonly strictShadows?: boolean;
  readonly interactive?: boolean;
}

export async function run(argv: readonly string[]): Promise<number> {
  const options = argv.length === 0 ? {} : await parse(argv);
  return typeof options === 'number' ? options : runRepl(options);
}

/** The options, or the exit status. The prompt alone does not wait for commander to be loaded. */
async function parse(argv: readonly string[]): Promise<ReplOptions | number> {
  const { commandLine, parseCommandLine } = await import('../command-line.ts');
  const program = commandLine('repl', 'An interactive prompt. Piped input is evaluated without prompts.')
    .option('--path <dirs>', 'directories to search for modules, instead of ETA_MODULE_PATH')
    .option('--strict-shadows', 'refuse an import that several files could satisfy')
    .option('--interactive', 'show prompts even where input is no terminal');
  return parseCommandLine(program, argv) ?? program.opts<ReplOptions>();
}

async function runRepl({ path, strictShadows, interactive = false }: ReplOptions): Promise<number> {
  const isTerminal = isatty(0);
  const hasEditor = isTerminal && isatty(1) && process.env['TERM'] !== 'dumb';
  const bell = new Bell();
  const ports = consolePorts();
  const host: ReplHost = {
    input: ports.input,
    createSession: () => {
      const own = ownProgram();
      const interpreter = {
        ...own.interpreter!,
        isDetached: isTerminal,
        bellFd: hasEditor ? bell.descriptor : undefined,
      };
      const session = new Session({ ...own, interpreter, path, strictShadows, ports: { ...ports } });
      session.enterFolder(process.cwd());
      return session;
    },
    report: (findings: readonly Finding[], { allFrames = false } = {}) => {
      if (findings.length > 0)
        print(2, reportText(findings, { ...reportStyle(process.stderr, process.env), allFrames }));
    },
    complain: (message) => print(2, `${message}\n`),
  };
  const color = reportStyle(process.stdout, process.env).color;
  const style: ReplStyle = {
    isInteractive: isTerminal || interactive,
    isTerminal,
    width: () => (isatty(1) ? process.stdout.columns || DEFAULT_COLUMNS : Number.POSITIVE_INFINITY),
    remark: (text) => (color ? `\x1b[2m${text}\x1b[0m` : text),
  };
  const repl = new Repl(host, style);
  try {
    if (hasEditor) {
      const { stdin: input, stdout: output } = process;
      return await runTerminalMode(repl, {
        input,
        output,
        bell,
        hasColor: color,
        historyFile: historyFile(process.env),
      });
    }
    return runLineMode(repl);
  } catch (thrown) {
    // Nobody reads the output any more.
    if (thrown instanceof ExitRequest) return thrown.status;
    throw thrown;
  } finally {
    repl.close(true);
  }
}
