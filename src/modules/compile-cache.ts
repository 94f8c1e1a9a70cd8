// The compile cache: what source files were compiled to, for the next time that they are loaded.
//
//   CACHE/compiled/KEY    one source file. KEY is made of its path, what compiles it, and for which Node and machine
//
//   "ETAP"  length and checksum of the head
//   head    KEY's parts; checksums of the file and of those that it includes; which libraries `cond-expand` found, before
//           and after the imports were loaded; the imported modules in the order of loading, with their checksums
//   the modules, as a compiled file (bytecode/etac.ts)
//
// An entry counts if all that its head names is as it was; then compiling would give the same code again. Its code is
// verified before it runs, and it lies in a folder that nobody else can enter. Whatever is wrong with folder or entry, the
// source is compiled: no program ever sees that there is a cache. An entry gets its name when it is complete, by a rename.
//
// A module that exports macros, or calls `eval`, is more than its code and is not kept; nor is a text that had warnings.

import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { ByteReader, ByteWriter, MalformedBytes } from '../bytecode/bytes.ts';
import { hexChecksum, textChecksum } from '../bytecode/checksum.ts';
import { readSpan, writeSpan } from '../bytecode/code-format.ts';
import {
  CompiledFile,
  type CompiledFileHost,
  type CompiledModule,
  type Dependency,
  encodeFile,
  MissingName,
  NotSerializable,
  OtherVersion,
  readDependencies,
  writeDependencies,
} from '../bytecode/etac.ts';
import { cacheFolders, ensureClosed, ensurePrivate, isClosed, isPrivate } from '../values/cache-folders.ts';
import { NO_SPAN, type Source, type Span } from '../values/span.ts';
import { InvalidCode } from '../vm/verifier.ts';
import { verifyAll } from './compiled-files.ts';
import { fileChecksum, filesOf } from './freshness.ts';
import type { LibraryAnswers } from './module.ts';

/** In the cache folder. */
export const COMPILED_FOLDER = 'compiled';
const MAGIC = 'ETAP';
/** Of "ETAP", the length of the head, its checksum. */
const HEADER_BYTES = 16;

/** What is dropped, the longest unused first, when there is more. */
export const MAX_ENTRIES = 1000;
export const MAX_BYTES = 64 * 2 ** 20;
/** An entry that is used says so in its time, but not more often than this. */
const DAY_MS = 86_400_000;

/** A module to load before, and where it is imported. */
export interface KeptImport extends Dependency {
  readonly span: Span;
}

/** What a source file was compiled from, and to. */
export interface CompiledSource {
  readonly source: Source;
  /** In the order of loading. */
  readonly imports: readonly KeptImport[];
  readonly librariesBefore: LibraryAnswers;
  readonly librariesAfter: LibraryAnswers;
  /** Throws NotSerializable. */
  readonly modules: () => readonly CompiledModule[];
}

export interface KeptSource {
  /** The names of its modules. */
  readonly modules: readonly string[];
  readonly imports: readonly KeptImport[];
  readonly librariesBefore: LibraryAnswers;
  readonly librariesAfter: LibraryAnswers;
  /** Its modules, once the imports are loaded; null if they are no sound code, or need what there is not any more. */
  decode(builtins: BuiltinTable, host: CompiledFileHost): readonly CompiledModule[] | null;
}

export class CompileCache {
  /** @param compiler  tells builds and options apart that compile to different code */
  constructor(private readonly compiler: string) {}

  /** What is there of a source as it is now. */
  find(source: Source): KeptSource | null {
    const parts = this.keyParts(source);
    const name = textChecksum(parts);
    for (const cache of cacheFolders()) {
      try {
        const folder = join(cache, COMPILED_FOLDER);
        if (!isPrivate(cache) || !isClosed(folder)) continue;
        const file = join(folder, name);
        const kept = readEntry(readFileSync(file), parts, source);
        if (Date.now() - statSync(file).mtimeMs > DAY_MS) utimesSync(file, new Date(), new Date());
        return kept;
      } catch {
        // No entry, or none that can be used.
      }
    }
    return null;
  }

  /** Keep it, if it can be kept and there is a place for it. */
  store(compiled: CompiledSource, builtins: BuiltinTable): void {
    const { source } = compiled;
    const parts = this.keyParts(source);
    let bytes: Buffer;
    try {
      if (statSync(source.path!, { throwIfNoEntry: false })?.isFile() !== true) return; // a pipe
      bytes = encodeEntry(compiled, parts, builtins);
    } catch (thrown) {
      if (thrown instanceof NotSerializable || thrown instanceof RangeError) return;
      throw thrown;
    }
    for (const cache of cacheFolders()) {
      try {
        writeEntry(openFolder(cache), textChecksum(parts), bytes);
        return;
      } catch {
        // This folder cannot be written to, or is not ours: the next one.
      }
    }
  }

  private keyParts({ path, name }: Source): string {
    return [this.compiler, process.version, process.platform, process.arch, path, name].join('\0');
  }
}

/** Where there are entries, and how many of how many bytes. For `etai doctor`. */
export function keptEntries(): { readonly folder: string; readonly count: number; readonly bytes: number }[] {
  return cacheFolders().flatMap((cache) => {
    const folder = join(cache, COMPILED_FOLDER);
    if (!isPrivate(cache) || !isClosed(folder)) return [];
    const sizes = entriesOf(folder).map(({ size }) => size);
    return [{ folder, count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }];
  });
}

/** The folder of the entries, made if it is not there. Throws if it cannot be made, or is not ours alone. */
function openFolder(cache: string): string {
  ensurePrivate(cache);
  const folder = join(cache, COMPILED_FOLDER);
  ensureClosed(folder);
  return folder;
}

/** Why nothing can be kept in a cache folder, found by trying; null if it can. For `etai doctor`. */
export function obstacleToKeeping(cache: string): Error | null {
  try {
    rmSync(mkdtempSync(join(openFolder(cache), 'probe-')), { recursive: true });
    return null;
  } catch (thrown) {
    return thrown as Error;
  }
}

// ---- entries

function encodeEntry(compiled: CompiledSource, parts: string, builtins: BuiltinTable): Buffer {
  const { source, imports, librariesBefore, librariesAfter } = compiled;
  const modules = compiled.modules();
  const writer = new ByteWriter();
  writer.text(parts);
  writeDependencies(
    writer,
    filesOf(source).map(({ path, checksum }) => ({ name: path!, checksum: checksum! })),
  );
  writer.count(modules.length);
  for (const { name } of modules) writer.text(name);
  writeAnswers(writer, librariesBefore);
  writeDependencies(writer, imports);
  for (const { span } of imports) {
    if (span.source !== source && span !== NO_SPAN) throw new NotSerializable('an import in an included file');
    writeSpan(writer, span);
  }
  writeAnswers(writer, librariesAfter);
  const head = writer.finish();
  const start = Buffer.alloc(HEADER_BYTES);
  start.write(MAGIC);
  start.writeUInt32LE(head.length, MAGIC.length);
  start.write(hexChecksum(head), MAGIC.length + 4, 'hex');
  return Buffer.concat([start, head, encodeFile({ source, origin: null, content: modules }, builtins)]);
}

/** Throws MalformedBytes; null if the entry is of something else, or of something that has changed. */
function readEntry(bytes: Buffer, parts: string, source: Source): KeptSource | null {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  const end = HEADER_BYTES + bytes.readUInt32LE(MAGIC.length);
  const head = bytes.subarray(HEADER_BYTES, end);
  if (end > bytes.length || hexChecksum(head) !== bytes.toString('hex', MAGIC.length + 4, HEADER_BYTES)) return null;
  const reader = new ByteReader(head);
  if (reader.text() !== parts) return null;
  const [own, ...included] = readDependencies(reader);
  if (own.checksum !== source.checksum) return null;
  if (included.some(({ name, checksum }) => fileChecksum(name) !== checksum)) return null;
  const modules = Array.from({ length: reader.length() }, () => reader.text());
  const librariesBefore = readAnswers(reader);
  const imports = readDependencies(reader).map((each) => ({ ...each, span: readSpan(reader, source) }));
  const librariesAfter = readAnswers(reader);
  const decode: KeptSource['decode'] = (builtins, host) => decodeModules(bytes.subarray(end), source, builtins, host);
  return { modules, librariesBefore, imports, librariesAfter, decode };
}

function decodeModules(
  bytes: Buffer,
  source: Source,
  builtins: BuiltinTable,
  host: CompiledFileHost,
): readonly CompiledModule[] | null {
  try {
    const modules = new CompiledFile(bytes).modules(source, builtins, host);
    verifyAll(modules);
    return modules;
  } catch (thrown) {
    for (const kind of [MalformedBytes, InvalidCode, MissingName, OtherVersion])
      if (thrown instanceof kind) return null;
    throw thrown;
  }
}

function writeAnswers(writer: ByteWriter, answers: LibraryAnswers): void {
  writer.count(answers.size);
  for (const [library, exists] of answers) {
    writer.text(library);
    writer.byte(exists ? 1 : 0);
  }
}

const readAnswers = (reader: ByteReader): LibraryAnswers =>
  new Map(Array.from({ length: reader.length() }, () => [reader.text(), reader.byte() !== 0]));

// ---- files

function writeEntry(folder: string, name: string, bytes: Buffer): void {
  const fresh = join(folder, `${name}.${process.pid}.tmp`);
  try {
    writeFileSync(fresh, bytes, { mode: 0o600 });
    renameSync(fresh, join(folder, name));
  } catch (thrown) {
    rmSync(fresh, { force: true });
    throw thrown;
  }
  dropOldest(folder);
}

/** Also what processes that were killed have left. */
function dropOldest(folder: string): void {
  const entries = entriesOf(folder).sort((a, b) => b.time - a.time);
  let bytes = 0;
  entries.forEach(({ name, size }, i) => {
    bytes += size;
    if (i >= MAX_ENTRIES || bytes > MAX_BYTES) rmSync(join(folder, name), { force: true });
  });
}

function entriesOf(folder: string): { readonly name: string; readonly size: number; readonly time: number }[] {
  return readdirSync(folder).flatMap((name) => {
    const stat = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ name, size: stat.size, time: stat.mtimeMs }];
  });
}
