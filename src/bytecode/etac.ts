// Compiled files: a source file's modules as bytes, for the standard library and `.etac` files.
//
//   "ETAC"  version  checksum of the rest (8 bytes)  source name
//   modules: name, imported modules, names of its variables, exports, initialiser
//
// Code refers to the outside by name: a variable as (module, name), a builtin as its name. Loading resolves both, so
// a file fits any build that has them. The format belongs to this implementation (README B11); the version changes
// whenever the instruction set or this layout does.

import { Source } from '../values/span.ts';
import {
  Bytevector,
  Cell,
  Char,
  charOf,
  Flonum,
  intern,
  listFrom,
  NIL,
  Pair,
  Sym,
  type Value,
  Vector,
} from '../values/types.ts';
import type { BuiltinTable } from './builtin-table.ts';
import { ByteReader, ByteWriter, MalformedBytes } from './bytes.ts';
import { CodeObject } from './code.ts';
import { readCodeHead, writeCodeHead } from './code-format.ts';

const MAGIC = 'ETAC';
const VERSION = 2;
const CHECKSUM_BYTES = 8;

/** A module's variable under the name that importers use. */
export interface CompiledExport {
  readonly name: string;
  readonly cell: Cell;
}

export interface CompiledModule {
  readonly name: string;
  /** Modules that must be loaded before. */
  readonly imports: readonly string[];
  /** Its own module-level variables, in order of definition. */
  readonly cells: readonly Cell[];
  readonly exports: readonly CompiledExport[];
  readonly code: CodeObject;
}

/** A value that a compiled file cannot hold: an eval's scope, a record … The text says which. */
export class NotSerializable extends Error {}

/** What a file needs of the modules around it while it is decoded. */
export interface CompiledFileHost {
  /** Have a module loaded that a module of the file imports; its variables can be asked for from then on. */
  require(module: string): void;
  /** Another module's variable, undefined if there is none. */
  cell(module: string, name: string): Cell | undefined;
}

const enum Tag {
  Nil,
  True,
  False,
  Integer,
  BigInteger,
  Flonum,
  IntegralFlonum,
  String,
  Symbol,
  Char,
  List,
  Vector,
  Bytevector,
  Code,
  Cell,
  Builtin,
}

export function encodeModules(modules: readonly CompiledModule[], source: Source, builtins: BuiltinTable): Buffer {
  const body = new Encoder(builtins);
  body.file(modules, source);
  const bytes = body.writer.finish();
  return Buffer.concat([Buffer.from(MAGIC), Buffer.of(VERSION), checksum(bytes), bytes]);
}

/**
 * Decode a compiled file; the modules' cells are new.
 * Throws MalformedBytes whose message is what is wrong with the file (tools §6.4).
 */
export function decodeModules(
  bytes: Buffer,
  path: string | null,
  fileId: number,
  builtins: BuiltinTable,
  host: CompiledFileHost,
): CompiledModule[] {
  const header = MAGIC.length + 1 + CHECKSUM_BYTES;
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new MalformedBytes('bad magic bytes (expected ETAC)');
  if (bytes[MAGIC.length] !== VERSION) throw new MalformedBytes(`unsupported version (expected ${VERSION})`);
  const body = bytes.subarray(header);
  if (!checksum(body).equals(bytes.subarray(MAGIC.length + 1, header))) throw new MalformedBytes('checksum mismatch');
  return new Decoder(new ByteReader(body), path, fileId, builtins, host).file();
}

/**
 * Two 32-bit FNV-1a sums, of the words and of the words with their places. It is there to find damage, not forgery; and
 * loading node:crypto takes longer than all of the standard library.
 */
function checksum(bytes: Buffer): Buffer {
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  let plain = 0x811c9dc5 ^ bytes.length;
  let placed = 0x01234567;
  for (let i = 0; i < words.length; i++) {
    plain = Math.imul(plain ^ words[i], 0x01000193);
    placed = Math.imul(placed ^ words[i] ^ i, 0x01000193);
  }
  const sum = Buffer.alloc(CHECKSUM_BYTES);
  sum.writeInt32LE(plain, 0);
  sum.writeInt32LE(placed, 4);
  return sum;
}

class Encoder {
  readonly writer = new ByteWriter();
  private readonly builtinNames = new Map<Value, string>();

  constructor(builtins: BuiltinTable) {
    for (const { name, value } of builtins.all()) this.builtinNames.set(value, name);
  }

  file(modules: readonly CompiledModule[], source: Source): void {
    this.writer.text(source.name);
    this.list(modules, (module) => this.module(module));
  }

  private module({ name, imports, cells, exports, code }: CompiledModule): void {
    this.writer.text(name);
    this.list(imports, (each) => this.writer.text(each));
    this.list(cells, (cell) => this.writer.text(cell.name));
    this.list(exports, (each) => {
      this.writer.text(each.name);
      this.cell(each.cell);
    });
    this.code(code);
  }

  private list<T>(items: readonly T[], write: (item: T) => void): void {
    this.writer.count(items.length);
    for (const item of items) write(item);
  }

  private cell({ module, name }: Cell): void {
    this.writer.text(module);
    this.writer.text(name);
  }

  private code(code: CodeObject): void {
    writeCodeHead(this.writer, code);
    this.list(code.constants, (each) => this.value(each));
  }

  private value(value: Value): void {
    const { writer } = this;
    if (value === NIL) writer.byte(Tag.Nil);
    else if (typeof value === 'boolean') writer.byte(value ? Tag.True : Tag.False);
    else if (typeof value === 'number') {
      writer.byte(Number.isInteger(value) ? Tag.Integer : Tag.Flonum);
      writer.double(value);
    } else if (typeof value === 'bigint') {
      writer.byte(Tag.BigInteger);
      writer.int64(value);
    } else if (typeof value === 'string') this.tagged(Tag.String, value);
    else this.object(value);
  }

  private tagged(tag: Tag, text: string): void {
    this.writer.byte(tag);
    this.writer.text(text);
  }

  private object(value: object): void {
    const { writer } = this;
    const builtin = this.builtinNames.get(value);
    if (builtin !== undefined) this.tagged(Tag.Builtin, builtin);
    else if (value instanceof Flonum) {
      writer.byte(Tag.IntegralFlonum);
      writer.double(value.value);
    } else if (value instanceof Sym) this.tagged(Tag.Symbol, value.name);
    else if (value instanceof Char) {
      writer.byte(Tag.Char);
      writer.count(value.code);
    } else if (value instanceof Pair) this.pairs(value);
    else if (value instanceof Vector) {
      writer.byte(Tag.Vector);
      this.list(value.items, (each) => this.value(each));
    } else if (value instanceof Bytevector) {
      writer.byte(Tag.Bytevector);
      writer.bytes(value.bytes);
    } else if (value instanceof CodeObject) {
      writer.byte(Tag.Code);
      this.code(value);
    } else if (value instanceof Cell) {
      writer.byte(Tag.Cell);
      this.cell(value);
    } else throw new NotSerializable(`a constant of kind ${value.constructor.name}`);
  }

  /** A list is its elements and its tail, so that its length costs no recursion. */
  private pairs(list: Pair): void {
    const items: Value[] = [];
    let tail: Value = list;
    while (tail instanceof Pair) {
      items.push(tail.car);
      tail = tail.cdr;
    }
    this.writer.byte(Tag.List);
    this.list(items, (each) => this.value(each));
    this.value(tail);
  }
}

class Decoder {
  private source: Source;
  /** The variables of the modules in this file, by module and name. */
  private readonly own = new Map<string, Map<string, Cell>>();

  constructor(
    private readonly reader: ByteReader,
    path: string | null,
    fileId: number,
    private readonly builtins: BuiltinTable,
    private readonly host: CompiledFileHost,
  ) {
    this.source = new Source(reader.text(), path, null, fileId);
  }

  file(): CompiledModule[] {
    return this.list(() => this.module());
  }

  private module(): CompiledModule {
    const name = this.reader.text();
    const imports = this.list(() => this.reader.text());
    for (const each of imports) if (!this.own.has(each)) this.host.require(each);
    const cells = this.list(() => new Cell(name, this.reader.text()));
    this.own.set(name, new Map(cells.map((cell) => [cell.name, cell])));
    const exports = this.list(() => ({ name: this.reader.text(), cell: this.cell() }));
    return { name, imports, cells, exports, code: this.code() };
  }

  private list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let count = this.reader.length(); count > 0; count--) items.push(read());
    return items;
  }

  private cell(): Cell {
    const module = this.reader.text();
    const name = this.reader.text();
    const cell = this.own.get(module)?.get(name) ?? this.host.cell(module, name);
    if (cell === undefined) throw new MalformedBytes(`module ${module} has no variable ${name}`);
    return cell;
  }

  private code(): CodeObject {
    const head = readCodeHead(this.reader, this.source);
    return new CodeObject({ ...head, constants: this.list(() => this.value()) });
  }

  private value(): Value {
    const { reader } = this;
    const tag = reader.byte() as Tag;
    switch (tag) {
      case Tag.Nil:
        return NIL;
      case Tag.True:
        return true;
      case Tag.False:
        return false;
      case Tag.Integer:
      case Tag.Flonum:
        return reader.double();
      case Tag.BigInteger:
        return reader.int64();
      case Tag.IntegralFlonum:
        return new Flonum(reader.double());
      case Tag.String:
        return reader.text();
      case Tag.Symbol:
        return intern(reader.text());
      case Tag.Char:
        return charOf(reader.count());
      case Tag.List: {
        const items = this.list(() => this.value());
        return listFrom(items, this.value());
      }
      case Tag.Vector:
        return new Vector(this.list(() => this.value()));
      case Tag.Bytevector:
        return new Bytevector(Uint8Array.from(reader.bytes()));
      case Tag.Code:
        return this.code();
      case Tag.Cell:
        return this.cell();
      case Tag.Builtin:
        return this.builtin(reader.text());
      default:
        throw new MalformedBytes(`unknown constant tag ${tag}`);
    }
  }

  private builtin(name: string): Value {
    const builtin = this.builtins.get(name);
    if (builtin === undefined) throw new MalformedBytes(`no builtin is called ${name}`);
    return builtin.value;
  }
}
