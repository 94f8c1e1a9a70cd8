// The terminal, while somebody types: raw mode, keys, its size, and the signals that matter then.
//
//   listen   raw mode on, keys go to the listener
//   pause    nobody listens; raw mode stays on, so that Ctrl-C is no signal yet
//   exit     raw mode off: while a program runs, Ctrl-C has to be a signal, and what is typed is the program's

import type { ReadStream, WriteStream } from 'node:tty';
import { type Key, KeyDecoder } from './keys.ts';

export interface TerminalListener {
  keys(keys: readonly Key[]): void;
  resized(): void;
  /** Somebody has continued us after Ctrl-Z. */
  continued(): void;
  /** A signal came that would end the process, or the terminal has gone. */
  ended(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void;
}

const BRACKETED_PASTE_ON = '\x1b[?2004h';
const BRACKETED_PASTE_OFF = '\x1b[?2004l';
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** How long the rest of a key's sequence may be on its way. */
const SEQUENCE_MS = 50;

export class Terminal {
  private decoder = new KeyDecoder();
  private flushTimer: NodeJS.Timeout | null = null;
  private stop: (() => void) | null = null;
  /** Whether what comes may have been typed before raw mode: then Enter is a line feed. */
  private isAhead = false;

  constructor(
    private readonly input: ReadStream,
    private readonly output: WriteStream,
  ) {}

  get columns(): number {
    return this.output.columns || 80;
  }

  get rows(): number {
    return this.output.rows || 24;
  }

  write(text: string): void {
    this.output.write(text);
  }

  listen(listener: TerminalListener): void {
    const { input, output } = this;
    const listeners: [NodeJS.EventEmitter, string, (...args: never[]) => void][] = [
      [input, 'data', (bytes: Buffer) => this.receive(bytes, listener)],
      [input, 'end', () => listener.ended('SIGHUP')],
      [input, 'error', () => listener.ended('SIGHUP')],
      [output, 'resize', () => listener.resized()],
      [process, 'SIGCONT', () => this.reenter(listener)],
      [process, 'SIGINT', () => listener.ended('SIGINT')],
      [process, 'SIGTERM', () => listener.ended('SIGTERM')],
      [process, 'SIGHUP', () => listener.ended('SIGHUP')],
    ];
    for (const [emitter, event, handle] of listeners) emitter.on(event, handle as () => void);
    this.stop = () => {
      for (const [emitter, event, handle] of listeners) emitter.off(event, handle as () => void);
    };
    this.setRaw(true);
    this.isAhead = true;
    input.resume();
    // What is there already comes with the next poll; timers run before that, immediates after it.
    const { stop } = this;
    const hasCome = () => {
      if (this.stop === stop) this.isAhead = false;
    };
    setTimeout(() => setImmediate(hasCome), 0);
  }

  pause(): void {
    this.stop?.();
    this.stop = null;
    if (this.flushTimer !== null) clearTimeout(this.flushTimer);
    this.input.pause();
  }

  exit(): void {
    this.setRaw(false);
  }

  /** Ctrl-Z: stop, here, until somebody continues us. Where nobody could, the system does not stop us. */
  suspend(): void {
    this.setRaw(false);
    process.kill(process.pid, 'SIGTSTP');
    this.setRaw(true);
  }

  private reenter(listener: TerminalListener): void {
    this.setRaw(true);
    listener.continued();
  }

  private setRaw(isRaw: boolean): void {
    try {
      this.input.setRawMode(isRaw);
      this.output.write(isRaw ? BRACKETED_PASTE_ON : BRACKETED_PASTE_OFF);
    } catch {
      // The terminal has gone; its end is told by an event.
    }
  }

  private receive(bytes: Buffer, listener: TerminalListener): void {
    if (this.flushTimer !== null) clearTimeout(this.flushTimer);
    this.flushTimer = null;
    const keys = this.decoder.push(this.isAhead ? bytes.map((byte) => (byte === LINE_FEED ? RETURN : byte)) : bytes);
    if (this.decoder.isWaiting) {
      this.flushTimer = setTimeout(() => listener.keys(this.decoder.flush()), SEQUENCE_MS);
    }
    if (keys.length > 0) listener.keys(keys);
  }
}
