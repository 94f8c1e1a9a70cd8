// Reading from ports: characters, lines, bytes, data.
//
// Each procedure exists twice: see ports.ts. Source: builtins §12.2, stdlib §4, README Settled details, R7RS 6.13.2.

import type { Define } from '../bytecode/builtin-table.ts';
import { DatumReadError, type DatumText, readDatum } from '../reader/index.ts';
import { EtaError, typeError } from '../values/errors.ts';
import { MutableString } from '../values/mutable-string.ts';
import { BytesOutput, END, MALFORMED, type Port, REPLACEMENT, StringInput } from '../values/ports.ts';
import { Bytevector, charOf, EOF, type Value } from '../values/types.ts';
import { want, wantCount, wantRange } from './arguments.ts';
import type { BuiltinContext, CurrentPorts } from './context.ts';
import { openPort, portOr, VARIANT_PREFIXES } from './ports.ts';

/** What the two variants of a procedure differ in. */
interface Variant {
  readonly prefix: '' | '%r7rs-';
  /** The end of input. */
  readonly eof: Value;
  /** What bytes that are not UTF-8 read as. */
  readonly malformed: Value;
}

/** Bytes that `read-bytevector` asks for at a time. */
const PIECE_BYTES = 65_536;

const [ETA, R7RS] = VARIANT_PREFIXES;

const VARIANTS: readonly Variant[] = [
  { prefix: ETA, eof: false, malformed: false },
  { prefix: R7RS, eof: EOF, malformed: charOf(REPLACEMENT) },
];

const atEnd = (eof: Value): string => `At the end of the input ${eof === false ? '#f' : 'the eof object'}.`;

export function defineInput(define: Define, { ports }: BuiltinContext): void {
  for (const variant of VARIANTS) {
    defineCharacters(define, ports, variant);
    defineLines(define, ports, variant);
    defineBytes(define, ports, variant);
    defineRead(define, ports, variant);
  }
  const spec = 'R7RS 6.13.2';
  for (const [name, what] of [
    ['char-ready?', 'character'],
    ['u8-ready?', 'byte'],
  ]) {
    define(
      `(${name} [port])`,
      { doc: `Whether reading a ${what} would not block.`, errors: 'port is not a port', spec },
      (port?: Value) => portOr(port, ports.input).isReady(),
    );
  }
}

function defineCharacters(define: Define, ports: CurrentPorts, { prefix, eof, malformed }: Variant): void {
  const readable = openPort(prefix, () => ports.input);
  const character = (code: number): Value => {
    if (code >= 0) return charOf(code);
    return code === MALFORMED ? malformed : eof;
  };
  const errors = 'port is not a port';
  define(
    `(${prefix}read-char [port])`,
    { doc: `The next character, which is consumed. ${atEnd(eof)}`, errors, spec: 'builtins §12.2' },
    (port?: Value) => character(readable(port, 'read-char').readCharacter()),
  );
  define(
    `(${prefix}peek-char [port])`,
    { doc: `The next character, which stays to be read. ${atEnd(eof)}`, errors, spec: 'README V12' },
    (port?: Value) => character(readable(port, 'peek-char').peekCharacter()),
  );
  define(
    `(${prefix}read-string k [port])`,
    {
      doc: 'The next k characters, or as many as there are.',
      errors: `k is not a non-negative integer; ${errors}`,
      spec: 'R7RS 6.13.2',
    },
    (k: Value, port?: Value) => {
      const count = wantCount(k, 'read-string: count must be a non-negative integer');
      const text = readable(port, 'read-string').readText(count);
      if (text === '' && count > 0) return eof;
      return prefix === '' ? text : new MutableString(text);
    },
  );
}

function defineLines(define: Define, ports: CurrentPorts, { prefix, eof }: Variant): void {
  // In Eta every carriage return is dropped, wherever it stands.
  const lineOf = (line: string): Value => (prefix === '' ? line.replaceAll('\r', '') : new MutableString(line));
  const readable = openPort(prefix, () => ports.input);
  const readLine = (port?: Value): Value => {
    const line = readable(port, 'read-line').readLine(prefix !== '');
    return line === null ? eof : lineOf(line);
  };
  const doc = {
    doc: `The characters up to the next newline, which is consumed and left out; bytes that are not UTF-8 are U+FFFD. ${atEnd(eof)}`,
    errors: 'port is not a port',
    spec: 'stdlib §4.1',
  };
  define(`(${prefix}read-line [port])`, doc, readLine);
  // For std.io, whose own procedure takes the name.
  if (prefix === '') define('(%read-line [port])', doc, readLine);
}

function defineBytes(define: Define, ports: CurrentPorts, { prefix, eof }: Variant): void {
  const readable = openPort(prefix, () => ports.input);
  const binaryPort = (value: Value | undefined, who: string): Port => {
    const port = readable(value, who);
    if (!port.isBinary) throw typeError(`${who}: not a binary port`, port);
    return port;
  };
  const byteOr = (byte: number): Value => (byte === END ? eof : byte);
  const errors = 'port is not a binary port';
  define(
    `(${prefix}read-u8 [port])`,
    { doc: `The next byte, which is consumed. ${atEnd(eof)}`, errors, spec: 'builtins §12.2' },
    (port?: Value) => byteOr(binaryPort(port, 'read-u8').readByte()),
  );
  define(
    `(${prefix}peek-u8 [port])`,
    { doc: `The next byte, which stays to be read. ${atEnd(eof)}`, errors, spec: 'R7RS 6.13.2' },
    (port?: Value) => byteOr(binaryPort(port, 'peek-u8').peekByte()),
  );
  define(
    `(${prefix}read-bytevector k [port])`,
    {
      doc: 'The next k bytes, or as many as there are.',
      errors: `k is not a non-negative integer; ${errors}`,
      spec: 'R7RS 6.13.2',
    },
    (k: Value, port?: Value) => {
      const count = wantCount(k, 'read-bytevector: count must be a non-negative integer');
      const bytes = readBytes(binaryPort(port, 'read-bytevector'), count);
      return bytes.length === 0 && count > 0 ? eof : new Bytevector(bytes);
    },
  );
  define(
    `(${prefix}read-bytevector! bv [port start end])`,
    {
      doc: 'Fill bv with the next bytes; the count of bytes read.',
      errors: `bv is not a bytevector; ${errors}`,
      spec: 'R7RS 6.13.2',
    },
    (bv: Value, port?: Value, start?: Value, end?: Value) => {
      const target = want(bv, Bytevector, 'read-bytevector!: not a bytevector').bytes;
      const [from, to] = wantRange(start, end, target.length, 'read-bytevector!');
      const count = binaryPort(port, 'read-bytevector!').readBytes(target.subarray(from, to));
      return count === 0 && to > from ? eof : count;
    },
  );
}

/** In pieces: how many bytes there are is known at the end of input only. */
function readBytes(port: Port, count: number): Uint8Array {
  const bytes = new BytesOutput();
  const piece = new Uint8Array(Math.min(count, PIECE_BYTES));
  while (bytes.size < count) {
    const length = port.readBytes(piece.subarray(0, count - bytes.size));
    if (length === 0) break;
    bytes.writeBytes(piece.subarray(0, length));
  }
  return bytes.contents;
}

function defineRead(define: Define, ports: CurrentPorts, { prefix, eof }: Variant): void {
  const readable = openPort(prefix, () => ports.input);
  define(
    `(${prefix}read [port])`,
    {
      doc: 'The next datum, read as data.',
      errors: 'port is not a port; the text is no datum: runtime.read-error',
      spec: 'R7RS 6.13.2',
    },
    (value?: Value) => {
      const port = readable(value, 'read');
      const isR7rs = prefix !== '';
      const datum = port instanceof StringInput ? readFromString(port, isR7rs) : readFromLines(port, isR7rs);
      return datum === null ? eof : datum.value;
    },
  );
}

/** `read-error?` of R7RS is true of errors with this tag. */
export const READ_ERROR = 'runtime.read-error';

const readError = (error: DatumReadError): EtaError => new EtaError(READ_ERROR, `read: ${error.explanation}`);

function readFromString(port: StringInput, isR7rs: boolean): DatumText | null {
  try {
    const datum = readDatum(port.contents, port.position, { isR7rs });
    port.seek(datum === null ? port.contents.length : datum.end);
    return datum;
  } catch (error) {
    if (!(error instanceof DatumReadError)) throw error;
    port.seek(error.end);
    throw readError(error);
  }
}

/**
 * Line by line, so that a datum on a terminal or pipe is read as soon as its last line is there. From a file, each attempt
 * has twice as much text as the last one: a long datum costs a few attempts only.
 */
function readFromLines(port: Port, isR7rs: boolean): DatumText | null {
  let text = '';
  let enough = 0;
  for (;;) {
    const line = port.readLine();
    const isAtEnd = line === null;
    text += isAtEnd ? '' : `${line}\n`;
    if (!isAtEnd && text.length < enough && port.isReady()) continue;
    enough = 2 * text.length;
    try {
      const datum = readDatum(text, 0, { isR7rs });
      if (datum !== null) {
        port.unreadText(text.slice(datum.end));
        return datum;
      }
      if (isAtEnd) return null;
    } catch (error) {
      if (!(error instanceof DatumReadError)) throw error;
      if (!isAtEnd && error.atEnd) continue;
      port.unreadText(text.slice(error.end));
      throw readError(error);
    }
  }
}
