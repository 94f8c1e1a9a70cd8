// CSV readers: rows with their header, comments and column names, over a file or a string.
//
// A reader holds a file descriptor until the end of its file has been read or it is closed, whichever comes first.
// Source: builtins §17, stdlib §11.1.

import * as fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { HeapObject } from '../../values/types.ts';
import type { CsvOptions } from './options.ts';
import { CsvParser, type TextSource } from './parser.ts';

const CHUNK_BYTES = 1 << 16;

export class CsvReader extends HeapObject {
  readonly kind = 'CsvReader';
  /** Rows that have been returned. */
  rows = 0;
  isClosed = false;
  /** The line of the input that the last row began on, from 1. */
  rowLine = 0;
  /** Empty without header and names, and after closing. */
  columns: readonly string[];
  private readonly parser: CsvParser;

  constructor(
    readonly options: CsvOptions,
    source: TextSource,
    private readonly release: () => void,
  ) {
    super();
    this.parser = new CsvParser(source, options);
    this.columns = options.columnNames ?? this.readHeader();
  }

  /** Rows before the header row are skipped also when the names are not taken from it. */
  private readHeader(): readonly string[] {
    if (!this.options.header) return [];
    for (let row = 0; row < this.options.headerRow; row++) this.parser.nextRow();
    return this.parser.nextRow() ?? [];
  }

  /** The next row of data, null at the end. */
  nextRow(): string[] | null {
    for (;;) {
      const { line } = this.parser;
      const row = this.parser.nextRow();
      if (row === null) {
        this.release();
        return null;
      }
      if (this.isComment(row)) continue;
      this.rows++;
      this.rowLine = line;
      return row;
    }
  }

  private isComment([first]: readonly string[]): boolean {
    const { comment } = this.options;
    return comment !== null && (first ?? '').startsWith(comment);
  }

  /** May be called twice. */
  close(): void {
    this.isClosed = true;
    this.rows = 0;
    this.columns = [];
    this.release();
  }

  override printed(): string {
    return `#<csv-reader rows=${this.rows}>`;
  }
}

export function readerOfText(text: string, options: CsvOptions): CsvReader {
  let rest = text;
  const source = (): string => {
    const chunk = rest;
    rest = '';
    return chunk;
  };
  return new CsvReader(options, source, () => {});
}

/** Throws the host's error if the file cannot be opened, is a directory or is empty. */
export function readerOfFile(path: string, options: CsvOptions): CsvReader {
  let fd: number | null = fs.openSync(path, 'r');
  const release = (): void => {
    if (fd !== null) fs.closeSync(fd);
    fd = null;
  };
  const decoder = new StringDecoder('utf8');
  const bytes = Buffer.allocUnsafe(CHUNK_BYTES);
  const source = (): string => {
    // A chunk may end before the first character of it is whole: an empty text is not yet the end.
    while (fd !== null) {
      const length = fs.readSync(fd, bytes, 0, CHUNK_BYTES, null);
      const text = length === 0 ? decoder.end() : decoder.write(bytes.subarray(0, length));
      if (length === 0) release();
      if (text !== '') return text;
    }
    return '';
  };
  try {
    if (fs.fstatSync(fd).size === 0 && fs.fstatSync(fd).isFile()) throw new EmptyFileError();
    return new CsvReader(options, source, release);
  } catch (error) {
    release();
    throw error;
  }
}

/** A file of length zero has no CSV in it. */
export class EmptyFileError extends Error {
  constructor() {
    super('The file is empty');
  }
}
