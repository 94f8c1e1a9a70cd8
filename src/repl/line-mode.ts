// The prompt on a plain stream of lines: pipes, files, terminals that can do nothing but print.
//
// Lines come from the port that the programs read, too: `(read-line)` gets the line behind the submission, whether that
// is piped in or typed.
//
// Source: tools §4.2.

import { runInterruptible, SIGINT_STATUS } from '../session/interrupt.ts';
import { Interrupted } from '../values/interruption.ts';
import { isOneLineCommand } from './commands.ts';
import { Gathering } from './gathering.ts';
import type { Repl } from './repl.ts';

export interface LineModeOptions {
  /** Whether to print the banner and prompts. */
  readonly isInteractive: boolean;
  /** Whether Ctrl-C comes from somebody at a terminal, who wants to go on. */
  readonly isTerminal: boolean;
}

export const BANNER = `eta REPL - type an expression and press Enter.
Use Ctrl+D or (exit) to quit, :help for the commands.
`;
export const PROMPT = 'eta> ';
export const CONTINUATION_PROMPT = '... ';

/** Submit what standard input has, to its end. Gives the exit status. */
export function runLineMode(repl: Repl, { isInteractive, isTerminal }: LineModeOptions): number {
  const say = (text: string) => {
    if (isInteractive) repl.print(text);
  };
  let gathering = new Gathering();
  say(BANNER);
  for (;;) {
    say(gathering.text === '' ? PROMPT : CONTINUATION_PROMPT);
    const line = readLine(repl);
    if (line === 'interrupted') {
      if (!isTerminal) return SIGINT_STATUS;
      say('\n');
      gathering = new Gathering();
    } else if (line.text === null) {
      say('\n');
      // Nobody sees the open brackets of a pipe: the reader says what is missing.
      const status = isInteractive ? null : repl.submit(gathering.text);
      return status ?? 0;
    } else {
      const isCommand = gathering.text === '' && isOneLineCommand(line.text);
      if (gathering.add(line.text) === 'incomplete' && !isCommand) continue;
      const { text } = gathering;
      gathering = new Gathering();
      const status = repl.submit(text);
      if (status !== null) return status;
    }
  }
}

/** The next line, null at the end of input. */
function readLine(repl: Repl): { readonly text: string | null } | 'interrupted' {
  repl.session.flush();
  try {
    const text = runInterruptible(() => repl.host.input.readLine());
    return { text: text === null ? null : text.replace(/\r$/, '') };
  } catch (thrown) {
    if (thrown instanceof Interrupted) return 'interrupted';
    throw thrown;
  }
}
