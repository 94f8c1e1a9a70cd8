// CSV readers: rows with their header, comments and column names, over a file or a string.
//
// A reader holds a file descriptor until the end of its file has been read or it is closed, whichever comes first.
// Source: builtins §17, stdlib §11.1.

import * as fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { END } from '../../values/ports.ts';
import { HeapObject } from '../../values/types.ts';
import { openSource } from '../ports.ts';
import type { CsvOptions } from './options.ts';
import { CsvParser, type TextSource } from './parser.ts';

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

/** Throws the host's error if the file cannot be opened, an UnreadableError if it is a directory or empty. */
export function readerOfFile(path: string, options: CsvOptions): CsvReader {
  const stats = fs.statSync(path);
  if (stats.isDirectory()) throw new UnreadableError('Is a directory');
  const port = openSource(path, true);
  if (stats.isFile() && port.peekByte() === END) {
    port.close();
    throw new UnreadableError('The file is empty');
  }
  const decoder = new StringDecoder('utf8');
  const source = (): string => {
    // A chunk may end before the first character of it is whole: an empty text is not yet the end.
    while (port.isOpen) {
      const bytes = port.takeBytes();
      const text = bytes.length === 0 ? decoder.end() : decoder.write(bytes);
      if (bytes.length === 0) port.close();
      if (text !== '') return text;
    }
    return '';
  };
  try {
    return new CsvReader(options, source, () => port.close());
  } catch (error) {
    port.close();
    throw error;
  }
}

/** There is no CSV in the file. */
export class UnreadableError extends Error {}
