// Fact tables: mutable tables of named columns, with indexes on the columns that programs ask for.
//
//   columns   one array a column; row r is what they hold at r
//   state     for each row DEAD, or whether it is ground
//   rules     the rule values of the few rows that have one
//
// A row keeps its id for ever. A deleted row leaves its cells empty, so it costs a word a column and holds nothing.
//
// Invariants: an index knows exactly the live rows, from its creation on; every list of ids is ascending.
// Source: numerics §12; README S6.

import { isEqual, isEqv } from '../../values/equality.ts';
import { textOf } from '../../values/mutable-string.ts';
import { add } from '../../values/numbers.ts';
import { HeapObject, NIL, type Sym, type Value } from '../../values/types.ts';
import { termHash } from '../logic/term-hash.ts';
import { KeyMap } from './keys.ts';
import { RowIds } from './row-ids.ts';

const DEAD = 0;
const GROUND = 1;
const NOT_GROUND = 2;

/** Levels of a structured key that its hash looks at. */
const KEY_DEPTH = 8;

export interface Predicate {
  readonly functor: Sym;
  readonly arity: number;
}

export class FactTable extends HeapObject {
  readonly kind = 'FactTable';
  /** What the rows are facts of; for std.db. */
  predicate: Predicate | null = null;
  private readonly columns: readonly Value[][];
  private readonly state: number[] = [];
  private readonly rules = new Map<number, Value>();
  private readonly rows = new RowIds();
  /** By column. */
  private readonly indexes = new Map<number, KeyMap<RowIds>>();

  /** @param names  at least one */
  constructor(readonly names: readonly Sym[]) {
    super();
    this.columns = names.map(() => []);
  }

  /** Count of live rows. */
  get size(): number {
    return this.rows.size;
  }

  readonly isLive = (row: number): boolean => (this.state[row] ?? DEAD) !== DEAD;

  isGround(row: number): boolean {
    return this.state[row] === GROUND;
  }

  /** Undefined if the row is dead or has none. */
  rule(row: number): Value | undefined {
    return this.rules.get(row);
  }

  /** Undefined where there is no live row or no column. */
  cell(row: number, column: number): Value | undefined {
    return this.isLive(row) ? this.columns[column]?.[row] : undefined;
  }

  liveRows(): readonly number[] {
    return this.rows.live(this.isLive);
  }

  /**
   * Append a row, of as many cells as there are columns.
   *
   * A string that a program could still change is stored as the text that it has now, since its key may not change.
   */
  insert(cells: readonly Value[], rule: Value = NIL, isGround = true): void {
    const row = this.state.length;
    this.state.push(isGround ? GROUND : NOT_GROUND);
    this.columns.forEach((column, i) => {
      column.push(keyOf(cells[i]));
    });
    if (rule !== NIL) this.rules.set(row, rule);
    this.rows.add(row);
    for (const [column, index] of this.indexes) enter(index, this.columns[column][row], row);
  }

  /** Whether there was such a live row. */
  delete(row: number): boolean {
    if (!this.isLive(row)) return false;
    this.state[row] = DEAD;
    this.rules.delete(row);
    this.rows.forgetOne(this.isLive);
    for (const [column, index] of this.indexes) {
      const key = this.columns[column][row];
      const ids = index.get(key);
      ids?.forgetOne(this.isLive);
      if (ids?.size === 0) index.delete(key);
    }
    for (const column of this.columns) column[row] = NIL;
    return true;
  }

  /** Have queries on a column look the key up. A column that does not exist is ignored. */
  buildIndex(column: number): void {
    const cells = this.columns[column];
    if (cells === undefined) return;
    const index = new KeyMap<RowIds>();
    for (const row of this.liveRows()) enter(index, cells[row], row);
    this.indexes.set(column, index);
  }

  /** The live rows that have this key in a column: as many steps as there are such rows with an index, as there are rows without. */
  query(column: number, cell: Value): readonly number[] {
    const key = keyOf(cell);
    const index = this.indexes.get(column);
    if (index !== undefined) return index.get(key)?.live(this.isLive) ?? [];
    const cells = this.columns[column];
    return cells === undefined ? [] : this.liveRows().filter((row) => isEqv(cells[row], key));
  }

  /** The live rows by their keys in a column, in the order in which the keys come first. */
  groups(column: number): readonly Group[] {
    const cells = this.columns[column];
    if (cells === undefined) return [];
    const groups: Group[] = [];
    const known = new KeyMap<Group>();
    for (const row of this.liveRows()) {
      const key = cells[row];
      let group = known.get(key);
      if (group === undefined) {
        group = { key, rows: [] };
        known.set(key, group);
        groups.push(group);
      }
      group.rows.push(row);
    }
    return groups;
  }

  /** The same, but with the keys compared as `equal?` does: groups whose keys are equal structures are one. */
  partition(column: number): readonly Group[] {
    const parts: Group[] = [];
    const structures = new Map<number, Group[]>();
    for (const group of this.groups(column)) {
      if (typeof group.key !== 'object') {
        parts.push(group);
        continue;
      }
      const hash = termHash(group.key, KEY_DEPTH);
      const alike = structures.get(hash) ?? [];
      const same = alike.find(({ key }) => isEqual(key, group.key));
      if (same === undefined) {
        structures.set(hash, [...alike, group]);
        parts.push(group);
      } else for (const row of group.rows) same.rows.push(row);
    }
    for (const { rows } of parts) rows.sort((a, b) => a - b);
    return parts;
  }

  /** The sum of a column over these live rows; all of its cells are numbers. */
  sum(column: number, rows: readonly number[]): Value {
    const cells = this.columns[column];
    return rows.reduce<Value>((sum, row) => add(sum, cells[row]), 0);
  }

  /** For the search for values that may not leave their VM (nng/serializable.ts). */
  *innerValues(): Iterable<readonly [step: string, value: Value]> {
    for (const [c, cells] of this.columns.entries()) {
      for (const [r, cell] of cells.entries()) yield [`.col[${c}][${r}]`, cell];
    }
    for (const [row, rule] of this.rules) yield [`.rule[${row}]`, rule];
  }

  override printed(): string {
    return `#<fact-table ${this.names.length}colsx${this.size}rows>`;
  }
}

export interface Group {
  readonly key: Value;
  readonly rows: number[];
}

function enter(index: KeyMap<RowIds>, key: Value, row: number): void {
  let ids = index.get(key);
  if (ids === undefined) {
    ids = new RowIds();
    index.set(key, ids);
  }
  ids.add(row);
}

const keyOf = (cell: Value): Value => (typeof cell === 'object' ? (textOf(cell) ?? cell) : cell);
