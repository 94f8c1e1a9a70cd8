// The prompt on a terminal: the editor reads a submission, raw mode ends, the submission is evaluated, and so on.
//
// The prompt is shown before there is a session: it is made while the user begins to type, and so is what Ctrl-C must not
// meet half made.
//
// Nothing that is typed may get lost between the two modes. What was typed in raw mode and has not been read is taken
// over when it has ended; a Ctrl-C among it is one for the evaluation, as a signal would be. Signals can only come outside
// of raw mode, and that is left and entered inside of what SIGINT interrupts.

import type { ReadStream, WriteStream } from 'node:tty';
import { loadNativeCode } from '../builtins/index.ts';
import { runInterruptible, settleInterrupts } from '../session/interrupt.ts';
import { Interrupted } from '../values/interruption.ts';
import type { Bell } from './bell.ts';
import { complete } from './completion.ts';
import { stylesOf } from './editor/colors.ts';
import { Editor, type Effect } from './editor/editor.ts';
import type { Key } from './editor/keys.ts';
import { Screen, type View } from './editor/screen.ts';
import { Terminal } from './editor/terminal.ts';
import { History } from './history.ts';
import { BANNER, PROMPT } from './line-mode.ts';
import { lookUp } from './names.ts';
import type { Repl } from './repl.ts';

export interface TerminalModeOptions {
  readonly input: ReadStream & { readonly fd: number };
  readonly output: WriteStream & { readonly fd: number };
  /** Rings when children and threads have printed. */
  readonly bell: Bell;
  readonly hasColor: boolean;
  /** Where the history is kept, null for nowhere. */
  readonly historyFile: string | null;
}

/** As wide as the prompt, so that code stands below code. */
const CONTINUATION = '...  ';
const INTERRUPT_KEY = 'C-c';
const PROMPT_STYLE = '1';
const DIM = '2';
/** Stands where a program has not ended its last line. */
const OPEN_LINE_MARK = '⏎';
const MOST_CANDIDATES = 100;
/** Without colours, the cursor visits the bracket that belongs to the one before it for so long. */
const FLASH_MS = 400;
/** How long nothing else must have printed before the prompt is drawn below it. */
const QUIET_MS = 40;

type Submission = { readonly text: string } | 'discarded' | { readonly status: number };

/** Read and evaluate submissions until the user leaves. Gives the exit status. */
export async function runTerminalMode(repl: Repl, options: TerminalModeOptions): Promise<number> {
  const prompt = new Prompt(repl, options);
  // One that somebody sends while nothing runs is a Ctrl-C at the prompt; it never ends the process.
  process.on('SIGINT', () => {});
  try {
    for (;;) {
      const submission = await prompt.read();
      if (submission === 'discarded') continue;
      const status = 'status' in submission ? submission.status : prompt.evaluate(submission.text);
      if (status !== null) return status;
    }
  } finally {
    prompt.leave();
  }
}

class Prompt {
  private readonly terminal: Terminal;
  private readonly screen: Screen;
  private readonly history: History;
  private editor: Editor;
  /** Keys that were typed behind the end of a submission. */
  private ahead: readonly Key[] = [];
  private isPrepared = false;
  private isFirst = true;
  private flash: NodeJS.Timeout | null = null;
  /** Runs while something else prints where the prompt was. */
  private quiet: NodeJS.Timeout | null = null;

  constructor(
    private readonly repl: Repl,
    private readonly options: TerminalModeOptions,
  ) {
    this.terminal = new Terminal(options.input, options.output);
    this.screen = new Screen(this.terminal);
    this.terminal.enter();
    this.terminal.write(BANNER.replaceAll('\n', '\r\n'));
    this.history = new History(options.historyFile, (message) => repl.host.complain(message));
    this.editor = this.newEditor();
  }

  /** Let the user type a submission. */
  read(): Promise<Submission> {
    this.editor = this.newEditor();
    if (!this.isFirst) this.screen.freshLine(OPEN_LINE_MARK);
    this.isFirst = false;
    const { bell } = this.options;
    return new Promise((resolve) => {
      const finish = (submission: Submission) => {
        bell.listen(null);
        this.stopFlash();
        this.stopWaiting();
        this.screen.finish(this.view(false));
        this.terminal.pause();
        resolve(submission);
      };
      const take = (keys: readonly Key[]) => {
        for (const [i, key] of keys.entries()) {
          const submission = this.act(this.editor.handle(key));
          if (submission === null) continue;
          this.ahead = keys.slice(i + 1);
          return finish(submission);
        }
        this.paint();
      };
      this.terminal.listen({
        keys: take,
        resized: () => this.screen.resized(this.view()),
        continued: () => this.paint(),
        ended: (signal) => finish(signal === 'SIGINT' ? 'discarded' : { status: SIGNAL_STATUS[signal] }),
      });
      bell.listen({
        printed: () => this.displaced(),
        childEnded: () => {
          this.terminal.reenter();
          if (this.quiet === null) this.paint();
        },
      });
      take(this.ahead);
      if (!this.isPrepared)
        setImmediate(() => {
          this.prepare();
          this.paint();
        });
    });
  }

  /** Run a submission outside of raw mode. Gives the exit status if it ends the prompt, else null. */
  evaluate(text: string): number | null {
    this.history.add(text);
    this.prepare();
    let status: number | null = null;
    // The outer run is for a Ctrl-C that comes when the evaluation has ended already, or a second one.
    let step = () => {
      status = this.run(text);
    };
    for (;;) {
      try {
        runInterruptible(() => {
          step();
          step = () => {};
          this.terminal.enter();
          settleInterrupts();
        });
        return status;
      } catch (thrown) {
        if (!(thrown instanceof Interrupted)) throw thrown;
        step = () => {};
      }
    }
  }

  private run(text: string): number | null {
    try {
      return runInterruptible(() => {
        this.ahead = [...this.ahead, ...this.terminal.handOver()];
        const end = this.ahead.findLastIndex((key) => 'name' in key && key.name === INTERRUPT_KEY);
        if (end < 0) return this.repl.submit(text);
        this.ahead = this.ahead.slice(end + 1);
        throw new Interrupted('interrupted');
      });
    } catch (thrown) {
      if (!(thrown instanceof Interrupted)) throw thrown;
      this.repl.tellInterrupted();
      return null;
    }
  }

  leave(): void {
    this.terminal.exit();
  }

  private newEditor(): Editor {
    return new Editor({
      history: this.history,
      complete: (text, cursor) => complete(this.repl.session, text, cursor),
    });
  }

  /** Make what the first evaluation needs. */
  private prepare(): void {
    if (this.isPrepared) return;
    this.isPrepared = true;
    this.repl.prepare();
    loadNativeCode();
  }

  private act(effect: Effect): Submission | null {
    switch (effect) {
      case 'submit':
        return { text: this.editor.document.text };
      case 'discard':
        return 'discarded';
      case 'leave':
        return { status: 0 };
      case 'suspend':
        this.terminal.suspend();
        return null;
      case 'clear':
        this.screen.clear();
        return null;
      case null:
        return null;
    }
  }

  private paint(): void {
    this.stopFlash();
    if (this.quiet === null) this.screen.paint(this.view());
    else this.screen.paintBelow(this.view(), OPEN_LINE_MARK);
    this.stopWaiting();
    if (!this.options.hasColor) this.flashBracket();
  }

  /** @param isActive  whether the user still types: else there is nothing below, and no bracket stands out */
  private view(isActive = true): View {
    const { editor, options } = this;
    const { text, cursor } = editor.document;
    const isSearch = editor.search !== null && isActive;
    const styles = options.hasColor
      ? stylesOf(editor.codeText, isActive ? cursor : -1, (name) => this.headKind(name))
      : [];
    return {
      prompt: PROMPT,
      continuation: CONTINUATION,
      text,
      cursor,
      styleAt: (offset) => styles[offset] ?? '',
      promptStyle: options.hasColor ? PROMPT_STYLE : '',
      below: !isActive ? [] : isSearch ? [this.searchLine()] : this.linesBelow(),
      belowStyle: options.hasColor ? DIM : '',
    };
  }

  private searchLine(): string {
    const { query, index } = this.editor.search!;
    const isFound = index < this.history.length && this.history.entry(index).includes(query);
    return `search: ${query}${isFound || query === '' ? '' : '  (not found)'}`;
  }

  private linesBelow(): readonly string[] {
    const { candidates, codeText, document } = this.editor;
    if (candidates.length > 0) return inColumns(candidates, this.terminal.columns);
    const [bracket, partner] = codeText.pairAt(document.cursor);
    if (bracket !== undefined && partner === undefined) return ['this bracket closes nothing'];
    const signature = this.signature();
    return signature === null ? [] : [signature];
  }

  /** How the function is called whose call is being typed. */
  private signature(): string | null {
    const { codeText, document } = this.editor;
    const head = codeText.enclosing(document.cursor)?.head ?? null;
    return head === null || !this.isPrepared ? null : (lookUp(this.repl.session, head)?.usage ?? null);
  }

  private headKind(name: string): 'keyword' | 'function' | 'unknown' {
    const info = this.isPrepared ? lookUp(this.repl.session, name) : null;
    if (info === null) return 'unknown';
    return info.kind === 'special form' || info.kind === 'macro' ? 'keyword' : 'function';
  }

  private flashBracket(): void {
    const [partner, bracket] = this.editor.codeText.pairAt(this.editor.document.cursor);
    if (bracket === undefined || bracket !== this.editor.document.cursor - 1) return;
    this.screen.paint({ ...this.view(), cursor: partner });
    this.flash = setTimeout(() => this.screen.paint(this.view()), FLASH_MS);
  }

  /** Something else has printed. Who prints a line may print another: the prompt is not drawn between them. */
  private displaced(): void {
    this.stopFlash();
    this.stopWaiting();
    this.quiet = setTimeout(() => this.paint(), QUIET_MS);
  }

  private stopWaiting(): void {
    if (this.quiet !== null) clearTimeout(this.quiet);
    this.quiet = null;
  }

  private stopFlash(): void {
    if (this.flash !== null) clearTimeout(this.flash);
    this.flash = null;
  }
}

const SIGNAL_STATUS = { SIGTERM: 143, SIGHUP: 129 } as const;

/** Words in columns, read downwards. */
function inColumns(words: readonly string[], width: number): string[] {
  const shown = words.slice(0, MOST_CANDIDATES);
  const column = Math.max(...shown.map(({ length }) => length)) + 2;
  const perLine = Math.max(1, Math.floor(width / column));
  const lines = Math.ceil(shown.length / perLine);
  const text = Array.from({ length: lines }, (_, line) =>
    shown
      .filter((_, i) => i % lines === line)
      .map((word) => word.padEnd(column))
      .join('')
      .trimEnd(),
  );
  const hidden = words.length - shown.length;
  return hidden > 0 ? [...text, `… and ${hidden} more`] : text;
}
