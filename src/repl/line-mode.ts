// The prompt on a plain stream of lines: pipes, files, terminals that can do nothing but print.
//
// Lines come from the port that the programs read, too: `(read-line)` gets the line behind the submission, whether that
// is piped in or typed.
//
// Source: tools §4.2.

import { loadNativeCode } from '../builtins/index.ts';
import { runInterruptible, SIGINT_STATUS } from '../session/interrupt.ts';
import { Interrupted } from '../values/interruption.ts';
import { isOneLineCommand } from './commands.ts';
import { Gathering } from './gathering.ts';
import type { Repl } from './repl.ts';

export const BANNER = `eta REPL - type an expression and press Enter.
Use Ctrl+D or (exit) to quit, :help for the commands.
`;
export const PROMPT = 'eta> ';
export const CONTINUATION_PROMPT = '... ';

/** Submit what standard input has, to its end. Gives the exit status. */
export function runLineMode(repl: Repl): number {
  const { isInteractive, isTerminal } = repl.style;
  const lines = new Lines(repl);
  if (isInteractive) repl.print(BANNER);
  if (isTerminal) {
    repl.flush();
    loadNativeCode();
    // Where nothing can be interrupted, between two of the runs below, Ctrl-C must not end the process.
    process.on('SIGINT', () => {});
  }
  for (;;) {
    try {
      return runInterruptible(() => lines.all());
    } catch (thrown) {
      // While another Ctrl-C was told: there is nothing to end.
      if (!(thrown instanceof Interrupted)) throw thrown;
      if (!isTerminal) return SIGINT_STATUS;
    }
  }
}

class Lines {
  private gathering = new Gathering();

  constructor(private readonly repl: Repl) {}

  /** Read and evaluate lines to their end. Gives the exit status. */
  all(): number {
    for (;;) {
      try {
        const status = runInterruptible(() => this.next());
        if (status !== null) return status;
      } catch (thrown) {
        if (!(thrown instanceof Interrupted)) throw thrown;
        if (!this.repl.style.isTerminal) return SIGINT_STATUS;
        this.repl.print('\n');
        this.discard();
      }
    }
  }

  /** Read a line; evaluate what is complete with it. Gives the exit status at the end, else null. */
  private next(): number | null {
    const { repl, gathering } = this;
    const { isInteractive } = repl.style;
    if (isInteractive) repl.print(gathering.text === '' ? PROMPT : CONTINUATION_PROMPT);
    repl.flush();
    const line = repl.host.input.readLine()?.replace(/\r$/, '') ?? null;
    if (line === null) return this.end();
    const isCommand = gathering.text === '' && isOneLineCommand(line);
    if (gathering.add(line) === 'incomplete' && !isCommand) return null;
    this.discard();
    return repl.submit(gathering.text);
  }

  /** Give up what has been gathered. */
  private discard(): void {
    this.gathering = new Gathering();
  }

  private end(): number {
    const { repl, gathering } = this;
    if (repl.style.isInteractive) repl.print('\n');
    // Nobody sees the open brackets of a pipe: the reader says what is missing.
    else if (gathering.text !== '') return repl.submit(gathering.text) ?? 0;
    return 0;
  }
}
