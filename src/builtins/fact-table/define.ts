// The builtins over fact tables. Source: numerics §12.2; builtins, Appendix A.

import type { Define } from '../../bytecode/builtin-table.ts';
import { typeError } from '../../values/errors.ts';
import { isExactInteger, isNumber } from '../../values/numbers.ts';
import { intern, listFrom, NIL, Pair, type Sym, type Value } from '../../values/types.ts';
import { want, wantBoolean, wantExactInteger, wantList, wantSymbol } from '../arguments.ts';
import { nameText } from '../csv/options.ts';
import { defineFactTableCsv } from './csv.ts';
import { FactTable } from './table.ts';

const spec = 'numerics §12.2';
const NO_TABLE = 'table is not a fact table';
const BAD_ROW = `${NO_TABLE}; row is not an integer`;
const BAD_COLUMN = `${NO_TABLE}; column is not an integer`;
const MOST_ARGUMENTS = 255;

export function defineFactTables(define: Define): void {
  defineTables(define);
  defineRows(define);
  defineQueries(define);
  defineGroups(define);
  defineFactTableCsv(define);
}

const wantTable = (value: Value, who: string): FactTable =>
  want(value, FactTable, `${who}: argument must be a fact-table`);

const wantRow = (value: Value, who: string): number =>
  Number(wantExactInteger(value, `${who}: row index must be a fixnum`));

const wantColumn = (value: Value, who: string, which = 'column index'): number =>
  Number(wantExactInteger(value, `${who}: ${which} must be a fixnum`));

function defineTables(define: Define): void {
  for (const name of ['%fact-table?', 'fact-table?']) {
    define(
      `(${name} value)`,
      { doc: 'Whether value is a fact table.', spec },
      (value: Value) => value instanceof FactTable,
    );
  }
  define(
    '(%make-fact-table names)',
    {
      doc: 'A fact table without rows, with columns of these names, symbols or strings.',
      errors: 'names is no list, is empty, or has something else in it',
      spec,
    },
    (names: Value) => new FactTable(columnNames(names)),
  );
  define(
    '(%fact-table-set-predicate! table functor arity)',
    {
      doc: 'Note which predicate the rows are facts of. #t.',
      errors: `${NO_TABLE}; functor is not a symbol; arity is not an integer in 0 … ${MOST_ARGUMENTS}`,
      spec,
    },
    (table: Value, functor: Value, arity: Value) => {
      const who = '%fact-table-set-predicate!';
      const facts = wantTable(table, who);
      const symbol = wantSymbol(functor, `${who}: second arg must be a symbol functor`);
      if (!isExactInteger(arity) || arity < 0 || arity > MOST_ARGUMENTS) {
        throw typeError(`${who}: third arg must be a fixnum in [0,${MOST_ARGUMENTS}]`, arity);
      }
      facts.predicate = { functor: symbol, arity: Number(arity) };
      return true;
    },
  );
  define(
    '(%fact-table-predicate table)',
    { doc: 'The list of functor and arity that has been noted, else #f.', errors: NO_TABLE, spec },
    (table: Value) => {
      const { predicate } = wantTable(table, '%fact-table-predicate');
      return predicate === null ? false : listFrom([predicate.functor, predicate.arity]);
    },
  );
  define(
    '(%fact-table-column-names table)',
    { doc: 'The list of the names of the columns, symbols.', errors: NO_TABLE, spec },
    (table: Value) => listFrom(wantTable(table, '%fact-table-column-names').names),
  );
  define(
    '(%fact-table-row-count table)',
    { doc: 'How many rows there are, deleted ones aside.', errors: NO_TABLE, spec },
    (table: Value) => wantTable(table, '%fact-table-row-count').size,
  );
}

function columnNames(names: Value): Sym[] {
  const who = '%make-fact-table';
  const symbols = wantList(names, `${who}: expected a list of column names`).map((name) => {
    const text = nameText(name);
    if (text === null) throw typeError(`${who}: column name must be a symbol or string`, name);
    return intern(text);
  });
  if (symbols.length === 0) throw typeError(`${who}: need at least one column`, names);
  return symbols;
}

function defineRows(define: Define): void {
  const errors = `${NO_TABLE}; cells is no list, or one of another length than there are columns`;
  define(
    '(%fact-table-insert! table cells)',
    { doc: 'Append a row. #t.', errors, spec },
    (table: Value, cells: Value) => {
      const who = '%fact-table-insert!';
      const facts = wantTable(table, who);
      facts.insert(wantCells(cells, facts, who));
      return true;
    },
  );
  define(
    '(%fact-table-insert-clause! table cells rule ground)',
    {
      doc: 'Append a row with a rule value, () for none, and whether it is ground. #t.',
      errors: `${errors}; ground is not a boolean`,
      spec,
    },
    (table: Value, cells: Value, rule: Value, ground: Value) => {
      const who = '%fact-table-insert-clause!';
      const facts = wantTable(table, who);
      const isGround = wantBoolean(ground, `${who}: fourth arg must be #t or #f (ground?)`);
      facts.insert(wantCells(cells, facts, who), rule, isGround);
      return true;
    },
  );
  define(
    '(%fact-table-delete-row! table row)',
    { doc: 'Delete a row; whether there was one. The ids of the others stay.', errors: BAD_ROW, spec },
    (table: Value, row: Value) => {
      const who = '%fact-table-delete-row!';
      return wantTable(table, who).delete(wantRow(row, who));
    },
  );
  define(
    '(%fact-table-row-live? table row)',
    { doc: 'Whether there is such a row, not deleted.', errors: BAD_ROW, spec },
    (table: Value, row: Value) => {
      const who = '%fact-table-row-live?';
      return wantTable(table, who).isLive(wantRow(row, who));
    },
  );
  define(
    '(%fact-table-row-ground? table row)',
    { doc: 'Whether there is such a row, and it is ground.', errors: BAD_ROW, spec },
    (table: Value, row: Value) => {
      const who = '%fact-table-row-ground?';
      return wantTable(table, who).isGround(wantRow(row, who));
    },
  );
  define(
    '(%fact-table-row-rule table row)',
    { doc: 'The rule value of a row; #f if it has none or there is no such row.', errors: BAD_ROW, spec },
    (table: Value, row: Value) => {
      const who = '%fact-table-row-rule';
      return wantTable(table, who).rule(wantRow(row, who)) ?? false;
    },
  );
  define(
    '(%fact-table-ref table row column)',
    {
      doc: 'A cell; () where there is no such row or column.',
      errors: `${BAD_ROW}; column is not an integer`,
      spec,
    },
    (table: Value, row: Value, column: Value) => {
      const facts = wantTable(table, '%fact-table-ref');
      if (!isExactInteger(row) || !isExactInteger(column)) throw typeError('%fact-table-ref: indices must be fixnums');
      return facts.cell(Number(row), Number(column)) ?? NIL;
    },
  );
  define(
    '(%fact-table-live-row-ids table)',
    { doc: 'The ids of the rows, ascending, without those of deleted ones.', errors: NO_TABLE, spec },
    (table: Value) => listFrom(wantTable(table, '%fact-table-live-row-ids').liveRows()),
  );
}

function wantCells(value: Value, { names }: FactTable, who: string): Value[] {
  const cells = wantList(value, `${who}: second arg: expected a proper list`);
  if (cells.length !== names.length) throw typeError(`${who}: row arity mismatch`);
  return cells;
}

function defineQueries(define: Define): void {
  define(
    '(%fact-table-build-index! table column)',
    {
      doc: 'Have queries on a column look keys up, from now on. #t.',
      errors: BAD_COLUMN,
      spec,
    },
    (table: Value, column: Value) => {
      const who = '%fact-table-build-index!';
      wantTable(table, who).buildIndex(wantColumn(column, who));
      return true;
    },
  );
  define(
    '(%fact-table-query table column key)',
    { doc: 'The ids of the rows that have key in a column, ascending.', errors: BAD_COLUMN, spec },
    (table: Value, column: Value, key: Value) => {
      const who = '%fact-table-query';
      return listFrom(wantTable(table, who).query(wantColumn(column, who), key));
    },
  );
}

function defineGroups(define: Define): void {
  define(
    '(%fact-table-group-count table column)',
    {
      doc: 'An association list from the keys in a column, in the order of their first rows, to how many rows have them.',
      errors: BAD_COLUMN,
      spec,
    },
    (table: Value, column: Value) => {
      const who = '%fact-table-group-count';
      const groups = wantTable(table, who).groups(wantColumn(column, who, 'group column index'));
      return listFrom(groups.map(({ key, rows }) => new Pair(key, rows.length)));
    },
  );
  define(
    '(%fact-table-partition table column)',
    {
      doc: 'An association list from the keys in a column, in the order of their first rows, to the ids of their rows; equal? compares.',
      errors: BAD_COLUMN,
      spec: 'numerics §13',
    },
    (table: Value, column: Value) => {
      const who = '%fact-table-partition';
      const parts = wantTable(table, who).partition(wantColumn(column, who));
      return listFrom(parts.map(({ key, rows }) => new Pair(key, listFrom(rows))));
    },
  );
  define(
    '(%fact-table-group-sum table column values)',
    {
      doc: 'An association list from the keys in a column, in the order of their first rows, to the sums of another column.',
      errors: `${BAD_COLUMN}; values is not an integer; that column holds something that is no number`,
      spec,
    },
    (table: Value, column: Value, values: Value) => {
      const who = '%fact-table-group-sum';
      const facts = wantTable(table, who);
      const keys = wantColumn(column, who, 'group column index');
      const summed = wantColumn(values, who, 'value column index');
      if (facts.names[summed] === undefined) return NIL;
      const groups = facts.groups(keys);
      for (const row of groups.flatMap(({ rows }) => rows)) {
        const cell = facts.cell(row, summed) as Value;
        if (!isNumber(cell)) throw typeError(`${who}: value column contains non-numeric data`, cell);
      }
      return listFrom(groups.map(({ key, rows }) => new Pair(key, facts.sum(summed, rows))));
    },
  );
}
