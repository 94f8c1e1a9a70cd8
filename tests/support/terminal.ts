// A program on a terminal: a pseudo-terminal of the system, and a model of what its screen shows.

import type { ChildProcess } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { ReadStream } from 'node:tty';
import headless from '@xterm/headless';
import { duplicate, openTerminal, readPending, resizeTerminal, spawnOnTerminal } from './pseudo-terminal.mjs';

export { hasTerminals } from './pseudo-terminal.mjs';

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How long anything may take that a test waits for. */
const DEADLINE_MS = 60_000;

export class TerminalProgram {
  /** Everything that the program has written. */
  raw = '';
  /** Resolves to the exit status or the signal, once everything that the program has written is on the screen. */
  readonly ended: Promise<number | string | null>;
  private readonly master: number;
  private readonly stream: ReadStream;
  private readonly model: InstanceType<typeof headless.Terminal>;
  private readonly child: ChildProcess;
  private isOpen = true;
  private readonly decoder = new StringDecoder();
  /** Output on its way into the model. */
  private unparsed = 0;
  private notify: () => void = () => {};

  constructor(command: readonly string[], { columns = 80, rows = 24, cwd, env }: TerminalOptions = {}) {
    this.master = openTerminal(columns, rows);
    this.model = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    // The answers of the terminal to questions of the program.
    this.model.onData((text) => this.send(text));
    // A descriptor of its own: where the other side is closed, the stream ends and closes it, before it has read all.
    this.stream = new ReadStream(duplicate(this.master));
    this.stream.on('data', (bytes) => this.receive(bytes));
    this.stream.on('error', () => {}); // EIO: the other side has been closed
    this.child = spawnOnTerminal(this.master, command, {
      cwd,
      env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
    });
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        this.receive(readPending(this.master));
        this.model.write('', () => resolve(code ?? signal));
      });
    });
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Type. */
  send(text: string): void {
    if (this.isOpen) writeSync(this.master, text);
  }

  resize(columns: number, rows: number): void {
    this.model.resize(columns, rows);
    resizeTerminal(this.master, columns, rows);
  }

  /** What the screen shows, without blanks at line ends and empty lines at its end. */
  get screen(): string {
    const { active } = this.model.buffer;
    return this.linesFrom(active.baseY);
  }

  /** The same with what has scrolled away. */
  get everything(): string {
    return this.linesFrom(0);
  }

  /** Row and column of the cursor on the screen, from 0. */
  get cursor(): readonly [number, number] {
    const { cursorY, cursorX } = this.model.buffer.active;
    return [cursorY, cursorX];
  }

  /** Whether the character at a place of the screen is bold, dim, underlined, inverse, or coloured. */
  styleAt(row: number, column: number): string {
    const { active } = this.model.buffer;
    const cell = active.getLine(active.baseY + row)?.getCell(column);
    if (cell === undefined) return '';
    const flags = { bold: cell.isBold(), dim: cell.isDim(), underline: cell.isUnderline(), inverse: cell.isInverse() };
    const names = Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name] : []));
    return [...names, ...(cell.isFgPalette() ? [`color ${cell.getFgColor()}`] : [])].join(' ');
  }

  /** Wait until something is true, and everything that came is on the screen; fails with what the screen shows. */
  async until(isTrue: (program: this) => boolean): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (this.unparsed > 0 || !isTrue(this)) {
      if (Date.now() > deadline) {
        const { exitCode, signalCode } = this.child;
        const end = exitCode ?? signalCode;
        const state = end === null ? '' : ` of a program that has ended (${end})`;
        const last = JSON.stringify(this.raw.slice(-1000));
        throw new Error(`waited in vain for ${isTrue}; the screen${state} shows\n${this.screen}\nafter ${last}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.notify = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Wait until the screen ends with a text. */
  async shows(text: string): Promise<void> {
    await this.until(({ screen }) => screen.endsWith(text));
  }

  /** End whatever still runs, and let go of the terminal. May be called twice. */
  async close(): Promise<void> {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
    await this.ended;
    if (!this.isOpen) return;
    this.isOpen = false;
    this.stream.destroy();
    this.model.dispose();
    closeSync(this.master);
  }

  private receive(bytes: Uint8Array): void {
    this.raw += this.decoder.write(Buffer.from(bytes));
    this.unparsed++;
    this.model.write(bytes, () => {
      this.unparsed--;
      this.notify();
    });
  }

  private linesFrom(start: number): string {
    const { active } = this.model.buffer;
    const lines: string[] = [];
    for (let i = start; i < active.length; i++) lines.push(active.getLine(i)?.translateToString().trimEnd() ?? '');
    return lines.join('\n').trimEnd();
  }
}
