// Compiled files: a source file's modules as bytes, for the standard library and `.etac` files.
//
//   "ETAC"  version  checksum of the rest (8 bytes)
//   source name
//   0, or 1 and the origin: what the file was made from, by which its loader sees that it is out of date
//   0 and the modules in the order in which they run (name, what it is in the text, imported modules, names of its
//     variables, exports, initialiser), or 1 and the source text
//
// A function is its head and, as a section, its body, in which are the functions within it. Any of these may refer to
// another one, itself included: by how far out that is, and where among the constants there.
// Code refers to the outside by name: a variable as (module, name), a builtin as its name. Loading resolves both, so
// a file fits any build that has them. A text whose meaning is more than code, since it exports macros or calls `eval`,
// is held as text. The format belongs to this implementation (README B11); the version changes with this layout, and the
// origin tells instruction sets apart. Source: tools §6.4.

import type { Source, Span } from '../values/span.ts';
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
import { CHECKSUM_BYTES, checksum, hexChecksum, textChecksum } from './checksum.ts';
import { type CodeBody, CodeObject } from './code.ts';
import { readCodeBody, readCodeHead, readSpan, writeCodeBody, writeCodeHead, writeSpan } from './code-format.ts';
import { functionsIn } from './functions.ts';
import { OPS } from './ops.ts';

const MAGIC = 'ETAC';
export const FORMAT_VERSION = 7;
const HALF_CHARACTER = /\p{Surrogate}/u;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const HEADER_BYTES = MAGIC.length + 1 + CHECKSUM_BYTES;

/** A module's variable under the name that importers use. */
export interface CompiledExport {
  readonly name: string;
  readonly cell: Cell;
}

export interface CompiledModule {
  readonly name: string;
  /** Modules that must be loaded before. */
  readonly imports: readonly string[];
  readonly isImplicit: boolean;
  /** Its number among the modules of the text, which need not be in the order in which they run. */
  readonly place: number;
  readonly span: Span;
  /** Its own module-level variables, in order of definition. */
  readonly cells: readonly Cell[];
  readonly exports: readonly CompiledExport[];
  readonly code: CodeObject;
}

/** Something with the checksum that it had when the file was made. */
export interface Dependency {
  /** A path relative to the compiled file; the name of a module. */
  readonly name: string;
  readonly checksum: string;
}

/** What a compiled file was made from and for. */
export interface Origin {
  /** `instructionSet()` of the compiler. */
  readonly instructionSet: string;
  /** The source file, then the files that it includes. */
  readonly sources: readonly Dependency[];
  /** The text of the `eta.toml` of the project around the source; null outside of projects. */
  readonly manifest: string | null;
  /** The interfaces of the imported modules. */
  readonly modules: readonly Dependency[];
}

export interface CompiledText {
  readonly source: Source;
  /** Null for files that belong to this very build. */
  readonly origin: Origin | null;
  /** Modules, or the source text. */
  readonly content: readonly CompiledModule[] | string;
}

/** A value that a compiled file cannot hold: an eval's scope, a record … The text says which. */
export class NotSerializable extends Error {}

/** A compiled file of another version of the format. */
export class OtherVersion extends Error {
  constructor(readonly version: number) {
    super(`format version ${version}`);
  }
}

/** Code that needs a builtin, or a module's variable, that there is not (any more). The message says which. */
export class MissingName extends Error {}

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
  /** Code that is among the constants of a function around this one. */
  CodeAround,
}

/** Tells instruction sets apart: code of one must not run on a machine of another. */
export const instructionSet = (): string =>
  textChecksum(OPS.map(({ name, operands, picture }) => `${name} ${operands.join('')} ${picture}\n`).join(''));

/** Throws NotSerializable. */
export function encodeFile(file: CompiledText, builtins: BuiltinTable): Buffer {
  const encoder = new Encoder(builtins);
  encoder.file(file);
  const bytes = encoder.writer.finish();
  return Buffer.concat([Buffer.from(MAGIC), Buffer.of(FORMAT_VERSION), checksum(bytes), bytes]);
}

/**
 * A compiled file whose head has been read; its modules are decoded when they are asked for.
 *
 * Throws OtherVersion, or MalformedBytes whose message is what is wrong with the file.
 */
export class CompiledFile {
  /** In hexadecimal digits. */
  readonly checksum: string;
  readonly sourceName: string;
  readonly origin: Origin | null;
  /** The source text of a file that is held as text, else null. */
  readonly text: string | null;
  private readonly reader: ByteReader;

  /** @param isTrusted  it belongs to this build, whose other files nobody sums up either */
  constructor(
    bytes: Buffer,
    private readonly isTrusted = false,
  ) {
    if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC)
      throw new MalformedBytes('bad magic bytes (expected ETAC)');
    if (bytes.length < HEADER_BYTES) throw new MalformedBytes('truncated .etac file');
    if (bytes[MAGIC.length] !== FORMAT_VERSION) throw new OtherVersion(bytes[MAGIC.length]);
    const body = bytes.subarray(HEADER_BYTES);
    this.checksum = bytes.toString('hex', MAGIC.length + 1, HEADER_BYTES);
    if (!isTrusted && this.checksum !== hexChecksum(body))
      throw new MalformedBytes('checksum mismatch: the file is damaged');
    this.reader = new ByteReader(body);
    this.sourceName = this.reader.text();
    this.origin = this.reader.byte() === 0 ? null : readOrigin(this.reader);
    this.text = this.reader.byte() === 0 ? null : this.reader.text();
  }

  /**
   * Decode the modules; their cells are new. To be called once, and not for a file that is held as text. Of a file of
   * this build, the bodies of functions are decoded at their first call.
   *
   * @param source  that their code refers to
   * Throws MalformedBytes, or MissingName.
   */
  modules(source: Source, builtins: BuiltinTable, host: CompiledFileHost): CompiledModule[] {
    try {
      return new Decoder(this.reader, source, builtins, host, this.isTrusted).file();
    } catch (thrown) {
      if (thrown instanceof RangeError) throw new MalformedBytes('corrupt constant in .etac file: nested too deeply');
      throw thrown;
    }
  }
}

function writeOrigin(writer: ByteWriter, origin: Origin): void {
  writer.text(origin.instructionSet);
  writeDependencies(writer, origin.sources);
  writer.text(origin.manifest ?? '');
  writeDependencies(writer, origin.modules);
}

const readOrigin = (reader: ByteReader): Origin => ({
  instructionSet: reader.text(),
  sources: readDependencies(reader),
  manifest: reader.text() || null,
  modules: readDependencies(reader),
});

export function writeDependencies(writer: ByteWriter, dependencies: readonly Dependency[]): void {
  writer.count(dependencies.length);
  for (const { name, checksum } of dependencies) {
    writer.text(name);
    writer.text(checksum);
  }
}

export const readDependencies = (reader: ByteReader): Dependency[] =>
  Array.from({ length: reader.length() }, () => ({ name: reader.text(), checksum: reader.text() }));

/** A function whose constants are being written or read, and those around it. */
interface Nesting {
  readonly constants: readonly Value[];
  readonly around: Nesting | null;
}

class Encoder {
  readonly writer = new ByteWriter();
  private readonly builtinNames = new Map<Value, string>();
  /** The pairs and vectors of the constant that is being written. */
  private readonly parts = new Set<object>();

  constructor(builtins: BuiltinTable) {
    for (const { name, value } of builtins.all()) this.builtinNames.set(value, name);
  }

  file({ source, origin, content }: CompiledText): void {
    const { writer } = this;
    writer.text(source.name);
    writer.byte(origin === null ? 0 : 1);
    if (origin !== null) writeOrigin(writer, origin);
    writer.byte(typeof content === 'string' ? 1 : 0);
    if (typeof content === 'string') writer.text(content);
    else this.list(content, (module) => this.module(module));
  }

  private module({ name, isImplicit, place, span, imports, cells, exports, code }: CompiledModule): void {
    this.writer.text(name);
    this.writer.byte(isImplicit ? 1 : 0);
    this.writer.count(place);
    writeSpan(this.writer, span);
    this.list(imports, (each) => this.writer.text(each));
    this.list(cells, (cell) => this.writer.text(cell.name));
    this.list(exports, (each) => {
      this.writer.text(each.name);
      this.cell(each.cell);
    });
    this.code(code, null);
  }

  private list<T>(items: readonly T[], write: (item: T) => void): void {
    this.writer.count(items.length);
    for (const item of items) write(item);
  }

  private cell({ module, name }: Cell): void {
    this.writer.text(module);
    this.writer.text(name);
  }

  private code(code: CodeObject, around: Nesting | null): void {
    const { constants } = code;
    const within = { constants, around };
    writeCodeHead(this.writer, code);
    this.writer.section(() => {
      writeCodeBody(this.writer, code);
      this.list(constants, (each) => {
        this.parts.clear();
        if (each instanceof CodeObject) this.codeConstant(each, within);
        else this.value(each);
      });
    });
  }

  private codeConstant(code: CodeObject, within: Nesting): void {
    let distance = 0;
    for (let at = within.around; at !== null; at = at.around) {
      const index = at.constants.indexOf(code);
      if (index >= 0) {
        this.writer.byte(Tag.CodeAround);
        this.writer.count(distance);
        return this.writer.count(index);
      }
      distance++;
    }
    this.writer.byte(Tag.Code);
    this.code(code, within);
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
    if (HALF_CHARACTER.test(text)) throw new NotSerializable('a text that is not UTF-8');
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
      this.enter(value);
      writer.byte(Tag.Vector);
      this.list(value.items, (each) => this.value(each));
    } else if (value instanceof Bytevector) {
      writer.byte(Tag.Bytevector);
      writer.bytes(value.bytes);
    } else if (value instanceof Cell) {
      writer.byte(Tag.Cell);
      this.cell(value);
    } else throw new NotSerializable(`a constant of kind ${value.constructor.name}`);
  }

  /** Data is written as trees: what is met twice is not one, and may be a cycle. */
  private enter(part: Pair | Vector): void {
    if (this.parts.has(part)) throw new NotSerializable('a datum with labels');
    this.parts.add(part);
  }

  /** A list is its elements and its tail, so that its length costs no recursion. */
  private pairs(list: Pair): void {
    const items: Value[] = [];
    let tail: Value = list;
    while (tail instanceof Pair) {
      this.enter(tail);
      items.push(tail.car);
      tail = tail.cdr;
    }
    this.writer.byte(Tag.List);
    this.list(items, (each) => this.value(each));
    this.value(tail);
  }
}

class Decoder {
  /** The variables of the modules in this file, by module and name. */
  private readonly own = new Map<string, Map<string, Cell>>();

  constructor(
    private readonly reader: ByteReader,
    private readonly source: Source,
    private readonly builtins: BuiltinTable,
    private readonly host: CompiledFileHost,
    private readonly isLazy: boolean,
  ) {}

  file(): CompiledModule[] {
    const modules = this.list(() => this.module());
    if (!this.reader.isAtEnd) throw new MalformedBytes('more bytes than modules in .etac file');
    return modules;
  }

  private module(): CompiledModule {
    const name = this.reader.text();
    if (this.own.has(name)) throw new MalformedBytes(`module ${name} is there twice`);
    const isImplicit = this.reader.byte() !== 0;
    const place = this.reader.count();
    const span = readSpan(this.reader, this.source);
    const imports = this.list(() => this.reader.text());
    for (const each of imports) if (!this.own.has(each)) this.host.require(each);
    const cells = this.list(() => new Cell(name, this.reader.text()));
    this.own.set(name, new Map(cells.map((cell) => [cell.name, cell])));
    const exports = this.list(() => ({ name: this.reader.text(), cell: this.cell() }));
    return { name, isImplicit, place, span, imports, cells, exports, code: this.initialiser() };
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
    if (cell === undefined) throw new MissingName(`module ${module} has no variable ${name}`);
    return cell;
  }

  private initialiser(): CodeObject {
    const code = this.code(null);
    // Which has all bodies decoded.
    if (!this.isLazy) functionsIn(code);
    return code;
  }

  private code(around: Nesting | null): CodeObject {
    const head = readCodeHead(this.reader, this.source);
    const section = this.reader.skipSection();
    return new CodeObject(head, () => this.reader.readSection(section, () => this.body(around)));
  }

  private body(around: Nesting | null): CodeBody {
    const body = readCodeBody(this.reader, this.source);
    const constants: Value[] = [];
    const within = { constants, around };
    for (let count = this.reader.length(); count > 0; count--) constants.push(this.constant(within));
    return { ...body, constants };
  }

  private constant(within: Nesting): Value {
    const tag = this.reader.byte() as Tag;
    switch (tag) {
      case Tag.Code:
        return this.code(within);
      case Tag.CodeAround:
        return this.codeAround(within, this.reader.count(), this.reader.count());
      case Tag.Cell:
        return this.cell();
      case Tag.Builtin:
        return this.builtin(this.reader.text());
      default:
        return this.datum(tag);
    }
  }

  /** The body of a function around this one has been decoded: this one came up in it. */
  private codeAround(within: Nesting, distance: number, index: number): CodeObject {
    let at = within.around;
    for (let i = distance; i > 0 && at !== null; i--) at = at.around;
    const code = at?.constants[index];
    if (!(code instanceof CodeObject)) throw new MalformedBytes('corrupt constant in .etac file');
    return code;
  }

  private datum(tag: Tag = this.reader.byte()): Value {
    const { reader } = this;
    switch (tag) {
      case Tag.Nil:
        return NIL;
      case Tag.True:
        return true;
      case Tag.False:
        return false;
      case Tag.Integer:
        return this.double((n) => Number.isSafeInteger(n) && !Object.is(n, -0));
      case Tag.Flonum:
        return this.double((n) => !Number.isInteger(n));
      case Tag.BigInteger: {
        const value = reader.int64();
        return sound(value, value > MAX_SAFE || value < -MAX_SAFE);
      }
      case Tag.IntegralFlonum:
        return new Flonum(this.double(Number.isInteger));
      case Tag.String:
        return reader.text();
      case Tag.Symbol:
        return intern(reader.text());
      case Tag.Char: {
        const code = reader.count();
        return charOf(sound(code, code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)));
      }
      case Tag.List: {
        const items = this.list(() => this.datum());
        return listFrom(items, this.datum());
      }
      case Tag.Vector:
        return new Vector(this.list(() => this.datum()));
      case Tag.Bytevector:
        return new Bytevector(Uint8Array.from(reader.bytes()));
      default:
        throw new MalformedBytes('corrupt constant in .etac file');
    }
  }

  /** Numbers have one representation each, on which the machine relies: see values/types.ts. */
  private double(isSound: (value: number) => boolean): number {
    const value = this.reader.double();
    return sound(value, isSound(value));
  }

  private builtin(name: string): Value {
    const builtin = this.builtins.get(name);
    if (builtin === undefined) throw new MissingName(`no builtin is called ${name}`);
    return builtin.value;
  }
}

function sound<T>(value: T, isSound: boolean): T {
  if (!isSound) throw new MalformedBytes('corrupt constant in .etac file');
  return value;
}
