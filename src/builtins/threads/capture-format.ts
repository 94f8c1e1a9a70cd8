// A capture set as bytes, from one VM to another of the same program.
//
//   sources · record types · code objects without constants · variables · count of boxes · code of each closure
//   then, as values:  constants of each code object · contents of each variable and box · upvalues of each closure
//
// The first part makes every object that keeps its identity, the second fills them; so cycles through closures, boxes
// and variables need no care. The other values are written in postfix order, children before their list or vector, and
// read with a stack: neither side recurses, however deep they nest.
//
// These bytes never leave the process, and are not those of the wire format. Source: networking §11.1.

import { ByteReader, ByteWriter } from '../../bytecode/bytes.ts';
import { CodeObject } from '../../bytecode/code.ts';
import { readCodeBody, readCodeHead, writeCodeBody, writeCodeHead } from '../../bytecode/code-format.ts';
import { Closure } from '../../bytecode/procedures.ts';
import { type RecordRole, recordProcedureOf } from '../../bytecode/record-procedures.ts';
import { assert, internalError } from '../../values/errors.ts';
import { MutableString } from '../../values/mutable-string.ts';
import { Source } from '../../values/span.ts';
import {
  Box,
  Bytevector,
  Cell,
  Char,
  charOf,
  EOF,
  Flonum,
  intern,
  listFrom,
  NIL,
  Pair,
  RecordType,
  Sym,
  UNSET,
  type Value,
  Vector,
} from '../../values/types.ts';
import { recordProcedure } from '../records.ts';
import type { CaptureSet, SharedNames } from './capture.ts';

const enum Tag {
  /** Of a group of values. */
  End,
  Nil,
  True,
  False,
  Unset,
  Eof,
  Number,
  BigInteger,
  IntegralFlonum,
  String,
  MutableString,
  Symbol,
  /** Not interned: its place among them tells it from others of its name. */
  UniqueSymbol,
  Char,
  Bytevector,
  /** n: takes n elements and a tail from the stack. */
  List,
  /** n: takes n elements. */
  Vector,
  Code,
  Cell,
  Box,
  Closure,
  Builtin,
  RecordType,
  RecordProcedure,
}

/** The places of objects in the order in which the other side makes them. */
function numbered<T>(items: Iterable<T>): Map<T, number> {
  const places = new Map<T, number>();
  for (const item of items) if (!places.has(item)) places.set(item, places.size);
  return places;
}

// ---- writing

/** The bytes of what `capture` has found; nothing in it is refused here. */
export function encodeCapture(set: CaptureSet): Buffer {
  const encoder = new Encoder(set);
  encoder.shells();
  encoder.contents();
  return encoder.writer.finish();
}

/** On the work list of the encoder: what follows the children of a list or vector. */
class Assembly {
  constructor(
    readonly tag: Tag.List | Tag.Vector,
    readonly count: number,
  ) {}
}

class Encoder {
  readonly writer = new ByteWriter();
  private readonly sources: Map<Source, number>;
  private readonly recordTypes: Map<RecordType, number>;
  private readonly codes: Map<CodeObject, number>;
  private readonly cells: Map<Cell, number>;
  private readonly boxes: Map<Box, number>;
  private readonly closures: Map<Closure, number>;
  private readonly uniqueSymbols = new Map<Sym, number>();

  constructor(private readonly set: CaptureSet) {
    this.recordTypes = numbered(set.recordTypes);
    this.codes = numbered(set.codes);
    this.cells = numbered(set.cells);
    this.boxes = numbered(set.boxes);
    this.closures = numbered(set.closures);
    this.sources = numbered([...set.codes].map(({ source }) => source));
  }

  shells(): void {
    const { writer } = this;
    this.each(this.sources, ({ name, path, text, fileId, isLibrary }) => {
      writer.text(name);
      this.optional(path);
      this.optional(text);
      writer.count(fileId);
      writer.byte(isLibrary ? 1 : 0);
    });
    this.each(this.recordTypes, ({ name, fields }) => {
      writer.text(name);
      writer.count(fields.length);
      for (const field of fields) writer.text(field);
    });
    this.each(this.codes, (code) => {
      writer.count(this.sources.get(code.source)!);
      writeCodeHead(writer, code);
      writeCodeBody(writer, code);
    });
    this.each(this.cells, (cell) => {
      writer.byte(this.set.isShared(cell) ? 1 : 0);
      writer.text(cell.module);
      writer.text(cell.name);
    });
    writer.count(this.boxes.size);
    this.each(this.closures, ({ code }) => writer.count(this.codes.get(code)!));
  }

  contents(): void {
    for (const { constants } of this.codes.keys()) this.values(constants);
    for (const cell of this.cells.keys()) if (!this.set.isShared(cell)) this.values([cell.value]);
    for (const { value } of this.boxes.keys()) this.values([value]);
    for (const { upvalues } of this.closures.keys()) this.values(upvalues);
  }

  private each<T>(items: ReadonlyMap<T, number>, write: (item: T) => void): void {
    this.writer.count(items.size);
    for (const item of items.keys()) write(item);
  }

  private optional(text: string | null): void {
    this.writer.byte(text === null ? 0 : 1);
    if (text !== null) this.writer.text(text);
  }

  private values(values: readonly Value[]): void {
    const work: Value[] = [...values].reverse();
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      if (next instanceof Pair) pushList(work, next);
      else if (next instanceof Vector) {
        work.push(new Assembly(Tag.Vector, next.items.length));
        for (let i = next.items.length - 1; i >= 0; i--) work.push(next.items[i]);
      } else if (next instanceof Assembly) this.counted(next.tag, next.count);
      else this.atom(next);
    }
    this.writer.byte(Tag.End);
  }

  private counted(tag: Tag, count: number): void {
    this.writer.byte(tag);
    this.writer.count(count);
  }

  private tagged(tag: Tag, text: string): void {
    this.writer.byte(tag);
    this.writer.text(text);
  }

  private atom(value: Value): void {
    const { writer } = this;
    switch (typeof value) {
      case 'boolean':
        return writer.byte(value ? Tag.True : Tag.False);
      case 'number':
        writer.byte(Tag.Number);
        return writer.double(value);
      case 'bigint':
        writer.byte(Tag.BigInteger);
        return writer.int64(value);
      case 'string':
        return this.tagged(Tag.String, value);
      default:
        return this.object(value);
    }
  }

  private object(value: object): void {
    const { writer } = this;
    if (value === NIL) return writer.byte(Tag.Nil);
    if (value === UNSET) return writer.byte(Tag.Unset);
    if (value === EOF) return writer.byte(Tag.Eof);
    if (value instanceof Sym) return this.symbol(value);
    if (value instanceof Char) return this.counted(Tag.Char, value.code);
    if (value instanceof Flonum) {
      writer.byte(Tag.IntegralFlonum);
      return writer.double(value.value);
    }
    if (value instanceof MutableString) return this.tagged(Tag.MutableString, value.text);
    if (value instanceof Bytevector) {
      writer.byte(Tag.Bytevector);
      return writer.bytes(value.bytes);
    }
    const builtin = this.set.names.builtinName(value);
    if (builtin !== undefined) return this.tagged(Tag.Builtin, builtin);
    if (value instanceof CodeObject) return this.counted(Tag.Code, this.codes.get(value)!);
    if (value instanceof Cell) return this.counted(Tag.Cell, this.cells.get(value)!);
    if (value instanceof Box) return this.counted(Tag.Box, this.boxes.get(value)!);
    if (value instanceof Closure) return this.counted(Tag.Closure, this.closures.get(value)!);
    if (value instanceof RecordType) return this.counted(Tag.RecordType, this.recordTypes.get(value)!);
    this.recordProcedure(value);
  }

  private symbol(symbol: Sym): void {
    if (intern(symbol.name) === symbol) return this.tagged(Tag.Symbol, symbol.name);
    let place = this.uniqueSymbols.get(symbol);
    if (place === undefined) {
      place = this.uniqueSymbols.size;
      this.uniqueSymbols.set(symbol, place);
    }
    this.counted(Tag.UniqueSymbol, place);
    this.writer.text(symbol.name);
  }

  private recordProcedure(value: object): void {
    const procedure = recordProcedureOf(value);
    assert(procedure !== undefined, 'what cannot travel has been refused');
    this.counted(Tag.RecordProcedure, this.recordTypes.get(procedure.type)!);
    this.writer.text(JSON.stringify(procedure.role));
  }
}

/** A list is its elements, its tail and their count. */
function pushList(work: Value[], list: Pair): void {
  const start = work.length;
  let tail: Value = list;
  while (tail instanceof Pair) {
    work.push(tail.car);
    tail = tail.cdr;
  }
  const count = work.length - start;
  work.push(tail, new Assembly(Tag.List, count));
  reverseFrom(work, start);
}

function reverseFrom(items: Value[], start: number): void {
  for (let i = start, j = items.length - 1; i < j; i++, j--) [items[i], items[j]] = [items[j], items[i]];
}

// ---- reading

/** Make the thunk, and all that came with it. The bytes are those of a VM of the same program. */
export function decodeCapture(bytes: Uint8Array, names: SharedNames): Closure {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Decoder(new ByteReader(buffer), names).thunk();
}

class Decoder {
  private readonly sources: Source[];
  private readonly recordTypes: RecordType[];
  private readonly codes: CodeObject[];
  private readonly constants: Value[][] = [];
  private readonly cells: Cell[];
  /** Those whose values travel, too. */
  private readonly ownCells: Cell[] = [];
  private readonly boxes: Box[];
  private readonly closures: Closure[];
  private readonly uniqueSymbols: Sym[] = [];
  private readonly recordProcedures = new Map<string, Value>();

  constructor(
    private readonly reader: ByteReader,
    private readonly names: SharedNames,
  ) {
    this.sources = this.list(() => {
      return new Source(reader.text(), this.optional(), this.optional(), reader.count(), reader.byte() === 1);
    });
    this.recordTypes = this.list(
      () =>
        new RecordType(
          reader.text(),
          this.list(() => reader.text()),
        ),
    );
    this.codes = this.list(() => this.code());
    this.cells = this.list(() => this.cell());
    this.boxes = this.list(() => new Box(UNSET));
    this.closures = this.list(() => new Closure(this.codes[reader.count()]));
  }

  thunk(): Closure {
    for (const constants of this.constants) this.values(constants);
    for (const cell of this.ownCells) [cell.value] = this.values();
    for (const box of this.boxes) [box.value] = this.values();
    for (const closure of this.closures) for (const [i, value] of this.values().entries()) closure.setUpvalue(i, value);
    return this.closures[0];
  }

  private list<T>(read: () => T): T[] {
    // Not `length()`: a box takes no byte.
    return Array.from({ length: this.reader.count() }, read);
  }

  private optional(): string | null {
    return this.reader.byte() === 0 ? null : this.reader.text();
  }

  private code(): CodeObject {
    const source = this.sources[this.reader.count()];
    const constants: Value[] = [];
    this.constants.push(constants);
    return new CodeObject({ ...readCodeHead(this.reader, source), ...readCodeBody(this.reader, source), constants });
  }

  private cell(): Cell {
    const isKernel = this.reader.byte() === 1;
    const module = this.reader.text();
    const name = this.reader.text();
    if (isKernel) return present(this.names.kernelCell(name), name);
    const cell = new Cell(module, name);
    this.ownCells.push(cell);
    return cell;
  }

  /** A group of values, up to its end, into an array that is empty. */
  private values(stack: Value[] = []): Value[] {
    for (let tag = this.reader.byte() as Tag; tag !== Tag.End; tag = this.reader.byte() as Tag) {
      if (tag === Tag.List) {
        const count = this.reader.count();
        const tail = stack.pop()!;
        stack.push(listFrom(stack.splice(stack.length - count), tail));
      } else if (tag === Tag.Vector) {
        const count = this.reader.count();
        stack.push(new Vector(stack.splice(stack.length - count)));
      } else stack.push(this.atom(tag));
    }
    return stack;
  }

  private atom(tag: Tag): Value {
    const { reader } = this;
    switch (tag) {
      case Tag.Nil:
        return NIL;
      case Tag.True:
        return true;
      case Tag.False:
        return false;
      case Tag.Unset:
        return UNSET;
      case Tag.Eof:
        return EOF;
      case Tag.Number:
        return reader.double();
      case Tag.BigInteger:
        return reader.int64();
      case Tag.IntegralFlonum:
        return new Flonum(reader.double());
      case Tag.String:
        return reader.text();
      case Tag.MutableString:
        return new MutableString(reader.text());
      case Tag.Symbol:
        return intern(reader.text());
      case Tag.Char:
        return charOf(reader.count());
      case Tag.Bytevector:
        return new Bytevector(Uint8Array.from(reader.bytes()));
      case Tag.UniqueSymbol: {
        const place = reader.count();
        const name = reader.text();
        this.uniqueSymbols[place] ??= new Sym(name);
        return this.uniqueSymbols[place];
      }
      default:
        return this.reference(tag);
    }
  }

  private reference(tag: Tag): Value {
    const { reader } = this;
    switch (tag) {
      case Tag.Code:
        return this.codes[reader.count()];
      case Tag.Cell:
        return this.cells[reader.count()];
      case Tag.Box:
        return this.boxes[reader.count()];
      case Tag.Closure:
        return this.closures[reader.count()];
      case Tag.RecordType:
        return this.recordTypes[reader.count()];
      case Tag.RecordProcedure: {
        return this.recordProcedure(reader.count(), reader.text());
      }
      case Tag.Builtin: {
        const name = reader.text();
        return present(this.names.builtin(name), name);
      }
      default:
        throw internalError(`spawn-thread capture: unknown tag ${tag}`);
    }
  }

  /** One procedure for each type and role, however often it is referred to. */
  private recordProcedure(place: number, role: string): Value {
    const key = `${place} ${role}`;
    let procedure = this.recordProcedures.get(key);
    if (procedure === undefined) {
      procedure = recordProcedure(this.recordTypes[place], JSON.parse(role) as RecordRole);
      this.recordProcedures.set(key, procedure);
    }
    return procedure;
  }
}

function present<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw internalError(`spawn-thread capture: this VM has no ${name}`);
  return found;
}
