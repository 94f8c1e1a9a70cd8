// Sinks: where log records go.
//
// A sink has one pattern, whoever logs to it. Files are written record by record: nothing is lost when the program ends,
// and every reader sees what has been logged. Whoever holds a sink may forget it; its file closes with the process.
// Source: builtins §18, stdlib §17.2.

import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { internalError } from '../../values/errors.ts';
import { type Port, writeAll } from '../../values/ports.ts';
import { HeapObject } from '../../values/types.ts';
import { systemWords } from '../host/system-words.ts';
import { normalizePath } from '../paths.ts';
import { type LocalFields, localFields, two } from '../time.ts';
import { HUMAN_PATTERN, type LogLine, type LogRecord, Pattern } from './pattern.ts';

export abstract class LogSink extends HeapObject {
  readonly kind = 'LogSink';
  private pattern = new Pattern(HUMAN_PATTERN);

  setPattern(pattern: string): void {
    this.pattern = new Pattern(pattern);
  }

  log(record: LogRecord): void {
    this.write(this.pattern.format(record), record);
  }

  flush(): void {}

  protected abstract write(line: LogLine, record: LogRecord): void;

  override printed(): string {
    return '#<log-sink>';
  }
}

/** By level: white, cyan, green, bold yellow, bold red, bold on red, none. */
const COLORS = ['37', '36', '32', '33;1', '31;1', '1;41', ''];

/** Standard output or error itself, whatever the current ports are. */
export class ConsoleSink extends LogSink {
  private readonly isColored: boolean;

  constructor(
    private readonly port: Port,
    descriptor: 1 | 2,
    color: boolean,
  ) {
    super();
    this.isColored = color && isTerminal(descriptor);
  }

  protected write({ text, colorStart, colorEnd }: LogLine, { level }: LogRecord): void {
    if (!this.isColored || colorEnd <= colorStart) this.port.writeText(text);
    else {
      const colored = `\x1b[${COLORS[level]}m${text.slice(colorStart, colorEnd)}\x1b[m`;
      this.port.writeText(text.slice(0, colorStart) + colored + text.slice(colorEnd));
    }
  }

  override flush(): void {
    this.port.flush();
  }
}

/** Loaded where it is used: the host's terminals bring its network stack along. */
function isTerminal(descriptor: number): boolean {
  return (createRequire(import.meta.filename)('node:tty') as typeof import('node:tty')).isatty(descriptor);
}

/** A port; `current-error-port` at the time of each record, if that is what `port` asks for. */
export class PortSink extends LogSink {
  constructor(private readonly port: () => Port) {
    super();
  }

  protected write({ text }: LogLine): void {
    const port = this.port();
    port.writeText(text);
    port.flush();
  }
}

/** A file. Parent folders are made. */
export class FileSink extends LogSink {
  private descriptor: number;
  private readonly path: string;

  /** @param who  the builtin, for the error if the file cannot be opened (runtime.internal-error) */
  constructor(
    path: string,
    truncate: boolean,
    private readonly who: string,
  ) {
    super();
    this.path = normalizePath(path);
    this.descriptor = this.openFile(this.path, truncate);
  }

  protected openFile(path: string, truncate: boolean): number {
    try {
      makeFolders(dirname(path));
      return fs.openSync(path, truncate ? 'w' : 'a');
    } catch (error) {
      throw internalError(`${this.who}: Failed opening file ${path} for writing: ${systemWords(error)}`);
    }
  }

  protected reopen(path: string, truncate: boolean): void {
    fs.closeSync(this.descriptor);
    this.descriptor = this.openFile(path, truncate);
  }

  protected write({ text }: LogLine): void {
    try {
      writeAll(this.descriptor, Buffer.from(text));
    } catch (error) {
      throw internalError(`${this.who}: Failed writing to file ${this.path}: ${systemWords(error)}`);
    }
  }
}

/** The host's own recursive way never returns where a folder exists and yet takes no entries (/proc). */
function makeFolders(path: string): void {
  if (fs.existsSync(path)) return;
  if (dirname(path) !== path) makeFolders(dirname(path));
  fs.mkdirSync(path);
}

/** A file of limited size: `r.log` is shifted to `r.1.log`, that to `r.2.log` … */
export class RotatingSink extends FileSink {
  private readonly base: string;
  private size: number;

  constructor(
    path: string,
    private readonly maxSize: number,
    private readonly maxFiles: number,
    who: string,
  ) {
    super(path, false, who);
    this.base = normalizePath(path);
    this.size = fs.statSync(this.base).size;
  }

  protected override write(line: LogLine): void {
    const added = Buffer.byteLength(line.text);
    if (this.size > 0 && this.size + added > this.maxSize) this.rotate();
    super.write(line);
    this.size += added;
  }

  private rotate(): void {
    for (let i = this.maxFiles; i > 0; i--) {
      const from = i === 1 ? this.base : numbered(this.base, i - 1);
      if (fs.existsSync(from)) fs.renameSync(from, numbered(this.base, i));
    }
    this.reopen(this.base, true);
    this.size = 0;
  }
}

const numbered = (path: string, n: number): string => beforeExtension(path, `.${n}`);

/** Put text between a path and its extension. */
function beforeExtension(path: string, text: string): string {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  if (dot <= 0) return path + text;
  const end = path.length - name.length + dot;
  return path.slice(0, end) + text + path.slice(end);
}

/** A file a day, `base_YYYY-MM-DD.ext`, begun at a time of day. */
export class DailySink extends FileSink {
  private nextRotation: number;

  constructor(
    private readonly base: string,
    private readonly hour: number,
    private readonly minute: number,
    /** 0 for any number. */
    private readonly maxFiles: number,
    who: string,
    private readonly now: () => number = () => Math.floor(Date.now() / 1000),
  ) {
    super(dailyName(normalizePath(base), localFields(now())), false, who);
    this.nextRotation = this.rotationAfter(now());
    this.removeOldest();
  }

  protected override write(line: LogLine): void {
    const now = this.now();
    if (now >= this.nextRotation) {
      this.reopen(dailyName(normalizePath(this.base), localFields(now)), false);
      this.nextRotation = this.rotationAfter(now);
      this.removeOldest();
    }
    super.write(line);
  }

  /** The next time, in seconds, that local clocks show the time of rotation. */
  private rotationAfter(now: number): number {
    const date = new Date(now * 1000);
    date.setHours(this.hour, this.minute, 0, 0);
    if (date.getTime() <= now * 1000) date.setDate(date.getDate() + 1);
    return date.getTime() / 1000;
  }

  private removeOldest(): void {
    if (this.maxFiles === 0) return;
    const folder = dirname(normalizePath(this.base));
    const [prefix, suffix] = beforeExtension(basename(normalizePath(this.base)), '/').split('/');
    const isOurs = (name: string): boolean =>
      name.startsWith(`${prefix}_`) &&
      name.endsWith(suffix) &&
      /^\d{4,}-\d\d-\d\d$/.test(name.slice(prefix.length + 1, name.length - suffix.length));
    const names = fs.readdirSync(folder).filter(isOurs).sort();
    for (const name of names.slice(0, -this.maxFiles)) fs.rmSync(join(folder, name), { force: true });
  }
}

function dailyName(base: string, { year, month, day }: LocalFields): string {
  return beforeExtension(base, `_${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`);
}
