// CSV writers: rows to a file, through a buffer.
//
// A writer holds a file descriptor until it is closed. What is still in a buffer when the process ends is written then:
// a program that forgets to close loses nothing. Source: builtins §17.4, stdlib §11.2.

import * as fs from 'node:fs';
import { writeAll } from '../../values/ports.ts';
import { HeapObject, type Value } from '../../values/types.ts';
import { rowText, type WriterDialect } from './cells.ts';

const BUFFER_CHARACTERS = 1 << 16;

export class CsvWriter extends HeapObject {
  readonly kind = 'CsvWriter';
  /** Rows that have been written, the header aside. */
  rows = 0;
  private buffer = '';

  /** Takes over the descriptor. */
  constructor(
    private fd: number | null,
    private readonly dialect: WriterDialect,
  ) {
    super();
    openWriters.add(this);
  }

  get isClosed(): boolean {
    return this.fd === null;
  }

  /** Throws the host's error, like everything here that writes. */
  writeHeader(names: readonly string[]): void {
    this.write(rowText(names, this.dialect));
  }

  writeRow(cells: readonly Value[]): void {
    this.write(rowText(cells, this.dialect));
    this.rows++;
  }

  private write(text: string): void {
    this.buffer += text;
    if (this.buffer.length >= BUFFER_CHARACTERS) this.flush();
  }

  flush(): void {
    if (this.fd === null || this.buffer === '') return;
    const bytes = Buffer.from(this.buffer);
    this.buffer = '';
    writeAll(this.fd, bytes);
  }

  /** May be called twice. */
  close(): void {
    if (this.fd === null) return;
    const { fd } = this;
    try {
      this.flush();
    } finally {
      this.fd = null;
      openWriters.delete(this);
      fs.closeSync(fd);
    }
  }

  override printed(): string {
    return `#<csv-writer rows=${this.rows}>`;
  }
}

const openWriters = new Set<CsvWriter>();
let isWatchingExit = false;

/** Write out the buffers of all open writers when the process ends. */
export function flushAtExit(): void {
  if (isWatchingExit) return;
  isWatchingExit = true;
  process.on('exit', () => {
    for (const writer of openWriters) {
      try {
        writer.flush();
      } catch {
        // There is nobody left to tell.
      }
    }
  });
}
