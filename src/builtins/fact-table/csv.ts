// Fact tables from and to CSV files.
//
// A column of a file gets one type, so its cells stay texts until the last row has been seen.
// Source: builtins §17, §17.3–§17.5.

import type { Define } from '../../bytecode/builtin-table.ts';
import { typeError } from '../../values/errors.ts';
import { intern, NIL, type Value } from '../../values/types.ts';
import { want, wantString } from '../arguments.ts';
import { fractionCell, integerCell } from '../csv/cells.ts';
import { openReader, openWriter, raggedRow, writing } from '../csv/define.ts';
import { checkCharacters, LOAD_KEYS, parseOptions, SAVE_KEYS } from '../csv/options.ts';
import type { CsvReader } from '../csv/reader.ts';
import { FactTable } from './table.ts';

const spec = 'builtins §17';

export function defineFactTableCsv(define: Define): void {
  define(
    '(%fact-table-load-csv path options)',
    {
      doc: 'A fact table of the rows of a CSV file.',
      errors:
        'path is not a string or cannot be read; an unknown option or a bad value of one; a row has another width',
      spec,
    },
    (path: Value, options: Value) => {
      const who = '%fact-table-load-csv';
      const file = wantString(path, `${who}: first argument must be a string`);
      const parsed = parseOptions(options, LOAD_KEYS, who);
      checkCharacters(parsed, who);
      const reader = openReader(file, parsed, who);
      try {
        return load(reader, who);
      } finally {
        reader.close();
      }
    },
  );
  define(
    '(%fact-table-save-csv table path options)',
    {
      doc: 'Write the rows to a CSV file, all columns or those that the option column-names lists.',
      errors:
        'table is not a fact table; path is not a string or cannot be written; an unknown option or column; a bad value of an option',
      spec,
    },
    (table: Value, path: Value, options: Value) => {
      const who = '%fact-table-save-csv';
      const facts = want(table, FactTable, `${who}: first argument must be a fact-table`);
      const file = wantString(path, `${who}: second argument must be a string`);
      const parsed = parseOptions(options, SAVE_KEYS, who);
      const names = parsed.columnNames ?? facts.names.map(({ name }) => name);
      const columns = names.map((name) => columnOf(facts, name, who));
      const writer = openWriter(file, { ...parsed, columnNames: names }, who);
      writing(`${who}: failed to write row`, () => {
        try {
          for (const row of facts.liveRows()) {
            writer.writeRow(columns.map((column) => facts.cell(row, column) as Value));
          }
        } finally {
          writer.close();
        }
      });
      return NIL;
    },
  );
}

function columnOf({ names }: FactTable, name: string, who: string): number {
  const column = names.indexOf(intern(name));
  if (column < 0) throw typeError(`${who}: unknown column '${name}'`);
  return column;
}

/** The rows of a reader, column by column. */
function load(reader: CsvReader, who: string): FactTable {
  const { header, columnNames, inferTypes, nullTokens } = reader.options;
  let row = reader.nextRow();
  const hasNames = header || columnNames !== null;
  const names = hasNames ? reader.columns : (row ?? []).map((_, i) => `col${i + 1}`);
  if (names.length === 0) throw typeError(`${who}: CSV has no columns`);
  const columns = names.map(() => new Column(nullTokens));
  let count = 0;
  for (; row !== null; row = reader.nextRow(), count++) {
    if (row.length !== names.length) throw raggedRow(who, reader, row, names.length);
    for (const [i, text] of row.entries()) columns[i].add(text, inferTypes);
  }
  const table = new FactTable(names.map(intern));
  for (let r = 0; r < count; r++) table.insert(columns.map((column) => column.cell(r)));
  return table;
}

/** Null tokens aside, a column is of integers, of flonums if one is no integer, of texts if one is no number. */
class Column {
  private readonly texts: string[] = [];
  private type: 'integer' | 'flonum' | 'text' = 'integer';

  constructor(private readonly nullTokens: ReadonlySet<string>) {}

  add(text: string, inferTypes: boolean): void {
    this.texts.push(text);
    if (this.type === 'text' || this.nullTokens.has(text)) return;
    if (!inferTypes) this.type = 'text';
    else if (this.type === 'integer' && integerCell(text) !== null) return;
    else this.type = fractionCell(text) === null ? 'text' : 'flonum';
  }

  cell(row: number): Value {
    const text = this.texts[row];
    if (this.nullTokens.has(text)) return NIL;
    if (this.type === 'text') return text;
    if (this.type === 'integer') return integerCell(text) as Value;
    return fractionCell(text) as Value;
  }
}
