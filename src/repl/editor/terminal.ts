// The terminal, while somebody types: raw mode, keys, its size, and the signals that matter then.
//
//   enter    raw mode on: Ctrl-C is a key
//   listen   keys go to the listener
//   pause    nobody listens
//   handOver raw mode off for a program: Ctrl-C has to be a signal, and what is typed from now on is the program's
//   exit     raw mode off for good: what has been typed and not been read is left to whoever has the terminal next

import { readSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { isPosix, POLLIN, waitDescriptor } from '../../builtins/host/libc.ts';
import { writeAll } from '../../values/ports.ts';
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
/** What stands in the terminal's queue for a Ctrl-D that was typed outside of raw mode. */
const END_OF_INPUT_MARK = 0x00;
const CONTROL_D = 0x04;
const END_OF_INPUT: Key = { name: 'C-d' };
/** As much as a terminal keeps for us. */
const QUEUE_BYTES = 4096;
/** How long the rest of a key's sequence may be on its way. */
const SEQUENCE_MS = 50;

export class Terminal {
  private decoder = new KeyDecoder();
  private flushTimer: NodeJS.Timeout | null = null;
  private stop: (() => void) | null = null;
  /** Whether what comes may have been typed before raw mode: then Enter is a line feed, and Ctrl-D a mark. */
  private isAhead = false;

  constructor(
    private readonly input: ReadStream & { readonly fd: number },
    private readonly output: WriteStream & { readonly fd: number },
  ) {}

  get columns(): number {
    return this.output.columns || 80;
  }

  get rows(): number {
    return this.output.rows || 24;
  }

  /** Not through the stream: one that is interrupted in the middle of a write keeps all later ones to itself. */
  write(text: string): void {
    try {
      writeAll(this.output.fd, Buffer.from(text));
    } catch {
      // The terminal has gone; its end is told by an event.
    }
  }

  listen(listener: TerminalListener): void {
    const { input, output } = this;
    const listeners: [NodeJS.EventEmitter, string, (...args: never[]) => void][] = [
      [input, 'data', (bytes: Buffer) => this.receive(bytes, listener)],
      [input, 'end', () => listener.ended('SIGHUP')],
      [input, 'error', () => listener.ended('SIGHUP')],
      [output, 'resize', () => listener.resized()],
      [process, 'SIGCONT', () => this.continued(listener)],
      [process, 'SIGINT', () => listener.ended('SIGINT')],
      [process, 'SIGTERM', () => listener.ended('SIGTERM')],
      [process, 'SIGHUP', () => listener.ended('SIGHUP')],
    ];
    for (const [emitter, event, handle] of listeners) emitter.on(event, handle as () => void);
    this.stop = () => {
      for (const [emitter, event, handle] of listeners) emitter.off(event, handle as () => void);
    };
    input.resume();
    this.expectAhead();
  }

  /** What is there already comes with the next poll; timers run before that, immediates after it. */
  private expectAhead(): void {
    this.isAhead = true;
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

  enter(): void {
    this.setRaw(true);
  }

  exit(): void {
    this.setRaw(false);
  }

  /** Gives the keys that were typed in raw mode and that no listener has got. The terminal hears of the end after that. */
  handOver(): Key[] {
    this.setMode(false);
    const keys = this.takeQueued();
    this.write(BRACKETED_PASTE_OFF);
    return keys;
  }

  private takeQueued(): Key[] {
    try {
      if (!isPosix || waitDescriptor(this.input.fd, 0) !== POLLIN) return [];
      const bytes = Buffer.alloc(QUEUE_BYTES);
      const length = readSync(this.input.fd, bytes);
      if (length === 0) return [END_OF_INPUT];
      // The read ends with the first line that was typed outside of raw mode, if there is one.
      bytes[length - 1] = asInRawMode(bytes[length - 1]);
      return this.decode(bytes.subarray(0, length));
    } catch {
      return []; // no koffi to look with, or no terminal any more
    }
  }

  /** Ctrl-Z: stop, here, until somebody continues us. Where nobody could, the system does not stop us. */
  suspend(): void {
    this.setRaw(false);
    process.kill(process.pid, 'SIGTSTP');
    this.setRaw(true);
    this.expectAhead();
  }

  /** Whoever had the terminal meanwhile may have left another mode. The host sets only a mode that it takes for new. */
  reenter(): void {
    this.setMode(false);
    this.setMode(true);
    this.expectAhead();
  }

  private continued(listener: TerminalListener): void {
    this.reenter();
    this.write(BRACKETED_PASTE_ON);
    listener.continued();
  }

  private setRaw(isRaw: boolean): void {
    this.setMode(isRaw);
    this.write(isRaw ? BRACKETED_PASTE_ON : BRACKETED_PASTE_OFF);
  }

  private setMode(isRaw: boolean): void {
    try {
      this.input.setRawMode(isRaw);
    } catch {
      // The terminal has gone; its end is told by an event.
    }
  }

  private receive(bytes: Buffer, listener: TerminalListener): void {
    if (this.flushTimer !== null) clearTimeout(this.flushTimer);
    this.flushTimer = null;
    const keys = this.decode(bytes);
    if (this.decoder.isWaiting) {
      this.flushTimer = setTimeout(() => listener.keys(this.decoder.flush()), SEQUENCE_MS);
    }
    if (keys.length > 0) listener.keys(keys);
  }

  private decode(bytes: Uint8Array): Key[] {
    return this.decoder.push(this.isAhead ? bytes.map(asInRawMode) : bytes);
  }
}

function asInRawMode(byte: number): number {
  if (byte === END_OF_INPUT_MARK) return CONTROL_D;
  return byte === LINE_FEED ? RETURN : byte;
}
