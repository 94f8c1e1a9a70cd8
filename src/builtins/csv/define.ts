// The CSV builtins over readers and writers. Source: builtins §17.

import * as fs from 'node:fs';
import type { Define } from '../../bytecode/builtin-table.ts';
import { EtaError, typeError } from '../../values/errors.ts';
import { intern, listFrom, listToArray, NIL, Pair, type Value, Vector } from '../../values/types.ts';
import { wantString } from '../arguments.ts';
import { fileError } from '../files.ts';
import { systemWords } from '../host/system-words.ts';
import { typedCell } from './cells.ts';
import { type CsvOptions, checkCharacters, nameText, parseOptions, READER_KEYS, WRITER_KEYS } from './options.ts';
import { CsvReader, readerOfFile, readerOfText, UnreadableError } from './reader.ts';
import { CsvWriter, flushAtExit } from './writer.ts';

const spec = 'builtins §17';

export function defineCsv(define: Define): void {
  defineReaders(define);
  defineClose(define);
  defineWriters(define);
  definePredicates(define);
}

function defineReaders(define: Define): void {
  const optionErrors = 'an unknown option or a bad value of one';

  define(
    '(%csv-open-reader path options)',
    { doc: 'A reader over a file.', errors: `path is not a string or cannot be opened; ${optionErrors}`, spec },
    (path: Value, options: Value) => {
      const who = '%csv-open-reader';
      const file = wantString(path, `${who}: first argument must be a string`);
      return openReader(file, readerOptions(options, who), who);
    },
  );

  define(
    '(%csv-reader-from-string text options)',
    { doc: 'A reader over a string.', errors: `text is not a string; ${optionErrors}`, spec },
    (text: Value, options: Value) => {
      const who = '%csv-reader-from-string';
      const csv = wantString(text, `${who}: first argument must be a string`);
      return readerOfText(csv, readerOptions(options, who));
    },
  );

  define(
    '(%csv-columns reader)',
    { doc: 'The vector of the column names, as symbols.', errors: 'reader is not a CSV reader', spec },
    (reader: Value) => new Vector(wantReader(reader, '%csv-columns').columns.map(intern)),
  );

  const rowErrors = 'reader is not an open CSV reader';
  define(
    '(%csv-read-row reader)',
    { doc: 'The next row, a vector of strings, or #f at the end.', errors: rowErrors, spec },
    (reader: Value) => {
      const row = wantOpenReader(reader, '%csv-read-row').nextRow();
      return row === null ? false : new Vector(row);
    },
  );

  define(
    '(%csv-read-record reader)',
    {
      doc: 'The next row as an association list from column names to strings, or #f at the end.',
      errors: `${rowErrors}; it has no column names; the row has another width`,
      spec,
    },
    (reader: Value) => readRecord(wantOpenReader(reader, '%csv-read-record')),
  );

  define(
    '(%csv-read-typed-row reader)',
    {
      doc: 'The next row as a vector of (), integers, flonums and strings, or #f at the end.',
      errors: rowErrors,
      spec,
    },
    (reader: Value) => {
      const open = wantOpenReader(reader, '%csv-read-typed-row');
      const row = open.nextRow();
      return row === null ? false : new Vector(row.map((text) => typedCell(text, open.options.nullTokens)));
    },
  );
}

function readerOptions(value: Value, who: string): CsvOptions {
  const options = parseOptions(value, READER_KEYS, who);
  checkCharacters(options, who);
  return options;
}

/** A reader over a file; `who` names the builtin in the error if the file cannot be read. */
export function openReader(path: string, options: CsvOptions, who: string): CsvReader {
  try {
    return readerOfFile(path, options);
  } catch (error) {
    if (error instanceof EtaError || error instanceof RangeError) throw error;
    const words = error instanceof UnreadableError ? error.message : systemWords(error);
    throw typeError(`${who}: Cannot open file ${path}: ${words}`);
  }
}

function wantReader(value: Value, who: string): CsvReader {
  if (!(value instanceof CsvReader)) throw typeError(`${who}: first argument must be a csv-reader`, value);
  return value;
}

function wantOpenReader(value: Value, who: string): CsvReader {
  const reader = wantReader(value, who);
  if (reader.isClosed) throw typeError(`${who}: reader is closed`);
  return reader;
}

function readRecord(reader: CsvReader): Value {
  const { columns } = reader;
  if (columns.length === 0) throw typeError('%csv-read-record: reader has no column names');
  const row = reader.nextRow();
  if (row === null) return false;
  if (row.length !== columns.length) throw raggedRow('%csv-read-record', reader, row, columns.length);
  return listFrom(row.map((text, i) => new Pair(intern(columns[i]), text)));
}

/** The error for a row that has not as many fields as there are columns; `who` is the builtin that met it. */
export function raggedRow(who: string, reader: CsvReader, row: readonly string[], columns: number): EtaError {
  const error = new EtaError('runtime.type-error', `${who}: row width does not match column count`);
  error.details = [
    ['line', reader.rowLine],
    ['fields', row.length],
    ['columns', columns],
  ];
  return error;
}

function defineClose(define: Define): void {
  define(
    '(%csv-close handle)',
    {
      doc: 'Close a reader or a writer, if it is open.',
      errors: 'handle is neither, or a row cannot be written',
      spec,
    },
    (handle: Value) => {
      if (handle instanceof CsvReader) handle.close();
      else if (handle instanceof CsvWriter) writing('%csv-close: failed to write row', () => handle.close());
      else throw typeError('%csv-close: first argument must be a csv-reader or csv-writer', handle);
      return NIL;
    },
  );
}

function defineWriters(define: Define): void {
  define(
    '(%csv-open-writer path options)',
    {
      doc: 'A writer that creates or truncates a file.',
      errors: 'path is not a string or cannot be opened; an unknown option or a bad value of one',
      spec,
    },
    (path: Value, options: Value) => {
      const file = wantString(path, '%csv-open-writer: first argument must be a string');
      return openWriter(file, parseOptions(options, WRITER_KEYS, '%csv-open-writer'), '%csv-open-writer');
    },
  );

  const errors = 'writer is not an open CSV writer; the file system refuses';
  define(
    '(%csv-write-row writer row)',
    { doc: 'Write a row: a vector or list of values.', errors: `${errors}; row is neither`, spec },
    (writer: Value, row: Value) => {
      const who = '%csv-write-row';
      const open = wantOpenWriter(writer, who);
      const cells = itemsOf(row);
      if (cells === null) throw typeError(`${who}: second argument must be a vector or proper list`, row);
      writing(`${who}: failed to write row`, () => open.writeRow(cells));
      return NIL;
    },
  );

  define(
    '(%csv-write-record writer record columns)',
    {
      doc: 'Write the values that an association list has for the columns, in the order of these.',
      errors: `${errors}; record is no association list or columns no sequence of symbols or strings`,
      spec,
    },
    (writer: Value, record: Value, columns: Value) => {
      const open = wantOpenWriter(writer, '%csv-write-record');
      const cells = recordCells(record, columns);
      writing('%csv-write-record: failed to write row', () => open.writeRow(cells));
      return NIL;
    },
  );

  define('(%csv-flush writer)', { doc: 'Write out what is buffered.', errors, spec }, (writer: Value) => {
    const open = wantOpenWriter(writer, '%csv-flush');
    writing('%csv-flush: flush failed', () => open.flush());
    return NIL;
  });
}

/** A writer that has created or truncated a file; `who` names the builtin in the error if the host refuses. */
export function openWriter(path: string, options: CsvOptions, who: string): CsvWriter {
  flushAtExit();
  let fd: number;
  try {
    fd = fs.openSync(path, 'w');
  } catch (error) {
    throw fileError(`${who}: failed to open output file`, path, error);
  }
  const writer = new CsvWriter(fd, options);
  const { columnNames, header } = options;
  if (columnNames !== null && header) {
    writing(`${who}: failed to write row`, () => writer.writeHeader(columnNames));
  }
  return writer;
}

/** Run what writes; `what` is the text of the error if the host refuses. */
export function writing(what: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof EtaError) throw error;
    throw typeError(`${what}: ${systemWords(error)}`);
  }
}

function wantOpenWriter(value: Value, who: string): CsvWriter {
  if (!(value instanceof CsvWriter)) throw typeError(`${who}: first argument must be a csv-writer`, value);
  if (value.isClosed) throw typeError(`${who}: writer is closed`);
  return value;
}

/** The items of a vector or proper list, null for anything else. */
function itemsOf(value: Value): readonly Value[] | null {
  return value instanceof Vector ? value.items : listToArray(value);
}

function recordCells(record: Value, columns: Value): Value[] {
  const who = '%csv-write-record';
  const values = new Map<string, Value>();
  const entries = listToArray(record);
  if (entries === null) throw typeError(`${who}: second argument must be an alist`, record);
  for (const entry of entries) {
    if (!(entry instanceof Pair)) throw typeError(`${who}: second argument must be an alist`, entry);
    const key = nameText(entry.car);
    if (key === null) throw typeError(`${who}: record key must be a symbol or string`, entry.car);
    if (!values.has(key)) values.set(key, entry.cdr);
  }
  const names = itemsOf(columns);
  if (names === null) throw typeError(`${who}: third argument must be a vector or proper list`, columns);
  return names.map((name) => {
    const key = nameText(name);
    if (key === null) throw typeError(`${who}: column key must be a symbol or string`, name);
    return values.get(key) ?? NIL;
  });
}

function definePredicates(define: Define): void {
  define(
    '(%csv-reader? value)',
    { doc: 'Whether value is a CSV reader.', spec },
    (value: Value) => value instanceof CsvReader,
  );
  define(
    '(%csv-writer? value)',
    { doc: 'Whether value is a CSV writer.', spec },
    (value: Value) => value instanceof CsvWriter,
  );
}
