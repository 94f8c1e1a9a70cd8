// Ports: opening, reading, writing bytes and characters, the current ports. `display`, `write` and `read` are in
// output.ts and input.ts.
//
// A reading procedure exists twice. In Eta modules the end of input is `#f`; `%r7rs-NAME`, which the (scheme …)
// libraries export under the plain name, gives the eof object instead. Arguments beyond the port are ignored.
//
// Source: builtins §12, README Settled details, R7RS 6.13.

import * as fs from 'node:fs';
import type { Define } from '../bytecode/builtin-table.ts';
import { typeError } from '../values/errors.ts';
import {
  ByteSink,
  ByteSource,
  BytesInput,
  BytesOutput,
  flushAllPorts,
  Port,
  StringInput,
  StringOutput,
  WaitingSource,
} from '../values/ports.ts';
import { Bytevector, EOF, NIL, type Value } from '../values/types.ts';
import { want, wantByte, wantChar, wantRange, wantString } from './arguments.ts';
import { type BuiltinContext, type CurrentPorts, waitForInput } from './context.ts';
import { fileError } from './files.ts';
import { isPosix, sleepMs } from './host/libc.ts';
import { defineMaker } from './strings.ts';

const spec = 'builtins §12';
const r7rs = 'R7RS 6.13';

export function wantPort(value: Value): Port {
  if (value instanceof Port) return value;
  throw typeError('not a port', value);
}

/** An optional port argument. */
export const portOr = (value: Value | undefined, current: Port): Port =>
  value === undefined ? current : wantPort(value);

/** The names of an operation's variants begin so: Eta's, and that of programs which import `(scheme …)` libraries. */
export const VARIANT_PREFIXES = ['', '%r7rs-'] as const;

/**
 * The port argument of an operation's variant. In Eta closing a port in memory changes nothing for who writes to it, and a
 * closed one is at its end; for R7RS using it is an error.
 */
export const openPort =
  (prefix: string, current: () => Port) =>
  (value: Value | undefined, who: string): Port => {
    const port = portOr(value, current());
    if (prefix !== '' && !port.isOpen) throw typeError(`${who}: the port is closed`, port);
    return port;
  };

export function definePorts(define: Define, { ports }: BuiltinContext): void {
  defineCurrentPorts(define, ports);
  definePortPredicates(define);
  defineMemoryPorts(define);
  defineFilePorts(define);
  defineClosing(define);
  defineTextOutput(define, ports);
  for (const prefix of VARIANT_PREFIXES) defineByteOutput(define, ports, prefix);
  define('(eof-object)', { doc: 'The eof object.', spec: r7rs }, () => EOF);
  define(
    '(eof-object? obj)',
    { doc: 'Whether obj marks the end of input: the eof object or #f.', spec: 'README Settled details' },
    (obj: Value) => obj === EOF || obj === false,
  );
  define('(%r7rs-eof-object? obj)', { doc: 'Whether obj is the eof object.', spec: r7rs }, (obj: Value) => obj === EOF);
}

function defineCurrentPorts(define: Define, ports: CurrentPorts): void {
  for (const [role, direction] of [
    ['input', 'input'],
    ['output', 'output'],
    ['error', 'output'],
  ] as const) {
    define(`(current-${role}-port)`, { doc: `The current ${role} port.`, spec }, () => ports[role]);
    const name = `set-current-${role}-port!`;
    define(
      `(${name} port)`,
      { doc: `Make port the current ${role} port.`, errors: `port is not an ${direction} port`, spec },
      (value: Value) => {
        const port = wantPort(value);
        const fits = direction === 'input' ? port.isInput : port.isOutput;
        if (!fits) throw typeError(`${name}: not an ${direction} port`, value);
        ports[role] = port;
        return NIL;
      },
    );
  }
}

function definePortPredicates(define: Define): void {
  for (const [name, what, holds, from] of [
    ['port?', 'a port', () => true, spec],
    ['input-port?', 'a port to read from', (port: Port) => port.isInput, spec],
    ['output-port?', 'a port to write to', (port: Port) => port.isOutput, spec],
    ['binary-port?', 'a port for bytes', (port: Port) => port.isBinary, spec],
    ['textual-port?', 'a port for text', (port: Port) => !port.isBinary, r7rs],
  ] as const) {
    define(
      `(${name} obj)`,
      { doc: `Whether obj is ${what}.`, spec: from },
      (obj: Value) => obj instanceof Port && holds(obj),
    );
  }
  for (const [name, direction, fits] of [
    ['input-port-open?', 'input', (port: Port) => port.isInput],
    ['output-port-open?', 'output', (port: Port) => port.isOutput],
  ] as const) {
    define(
      `(${name} port)`,
      {
        doc: `Whether the ${direction} port has not been closed.`,
        errors: `port is not an ${direction} port`,
        spec: r7rs,
      },
      (value: Value) => {
        const port = wantPort(value);
        if (!fits(port)) throw typeError(`${name}: not an ${direction} port`, port);
        return port.isOpen;
      },
    );
  }
}

function defineMemoryPorts(define: Define): void {
  define(
    '(open-input-string s)',
    { doc: 'A port that reads the text of s.', errors: 's is not a string', spec },
    (s: Value) => new StringInput(wantString(s, 'open-input-string: not a string')),
  );
  define('(open-output-string)', { doc: 'A port that collects text.', spec }, () => new StringOutput());
  defineMaker(
    define,
    '(get-output-string port)',
    {
      doc: 'All text written so far; of an input string port, its whole text.',
      errors: 'port is not a string port',
      spec,
    },
    (value: Value) => {
      const port = wantPort(value);
      if (port instanceof StringOutput || port instanceof StringInput) return port.contents;
      throw typeError('get-output-string: not a string port', value);
    },
  );
  define(
    '(open-input-bytevector bv)',
    { doc: 'A port that reads a copy of the bytes.', errors: 'bv is not a bytevector', spec },
    (bv: Value) => new BytesInput(want(bv, Bytevector, 'open-input-bytevector: not a bytevector').bytes.slice()),
  );
  define('(open-output-bytevector)', { doc: 'A port that collects bytes.', spec }, () => new BytesOutput());
  define(
    '(get-output-bytevector port)',
    {
      doc: 'All bytes written so far; of an input byte port, all its bytes.',
      errors: 'port is not a bytevector port',
      spec,
    },
    (value: Value) => {
      const port = wantPort(value);
      if (port instanceof BytesOutput || port instanceof BytesInput) return new Bytevector(port.contents.slice());
      throw typeError('get-output-bytevector: not a binary port', value);
    },
  );
}

function openFile<T>(value: Value, who: string, open: (path: string) => T): T {
  const path = wantString(value, `${who}: not a string`);
  try {
    return open(path);
  } catch (error) {
    throw fileError(`${who}: could not open file`, path, error);
  }
}

/**
 * Opening a named pipe waits for its other end, and no Ctrl-C reaches who waits there. So it is opened without waiting:
 * for reading, the first read waits; for writing, we ask again.
 */
const isNamedPipe = (path: string): boolean =>
  isPosix && (fs.statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false);

/** A port onto a file; the host's error if it cannot be opened. What we have not written out yet may be what is to be read. */
export function openSource(path: string, isBinary: boolean): ByteSource {
  flushAllPorts();
  const { O_RDONLY, O_NONBLOCK } = fs.constants;
  const descriptor = fs.openSync(path, isNamedPipe(path) ? O_RDONLY | O_NONBLOCK : 'r');
  const refused = (error: unknown) => fileError('File read failed', path, error);
  const stats = fs.fstatSync(descriptor);
  // A directory reads as empty (builtins §12.2).
  return stats.isFile() || stats.isDirectory()
    ? new ByteSource(descriptor, isBinary, refused)
    : new WaitingSource(descriptor, isBinary, waitForInput, refused);
}

/** How long to wait before a named pipe that nobody reads is opened again. */
const NO_READER_MS = 10;

function openSink(path: string, isBinary: boolean, flags = 'w'): ByteSink {
  flushAllPorts();
  const refused = (error: unknown) => fileError('File write failed', path, error);
  return new ByteSink(openForWriting(path, flags), isBinary, undefined, refused);
}

function openForWriting(path: string, flags: string): number {
  if (!isNamedPipe(path)) return fs.openSync(path, flags);
  const { O_WRONLY, O_NONBLOCK } = fs.constants;
  for (;;) {
    try {
      return fs.openSync(path, O_WRONLY | O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      sleepMs(NO_READER_MS);
    }
  }
}

function defineFilePorts(define: Define): void {
  const errors = 'path is not a string; the file cannot be opened';
  for (const [prefix, isBinary, content, from] of [
    ['open', false, 'text', spec],
    ['open-binary', true, 'bytes', r7rs],
  ] as const) {
    const input = `${prefix}-input-file`;
    define(`(${input} path)`, { doc: `A port that reads ${content} from a file.`, errors, spec: from }, (path: Value) =>
      openFile(path, input, (name) => openSource(name, isBinary)),
    );
    const output = `${prefix}-output-file`;
    define(
      `(${output} path)`,
      { doc: `A port that writes ${content} to a file, which is made, or emptied.`, errors, spec: from },
      (path: Value) => openFile(path, output, (name) => openSink(name, isBinary)),
    );
  }
  define(
    '(open-append-file path)',
    {
      doc: 'A port that writes text behind what a file holds, which is made if it is missing.',
      errors,
      spec: 'README V12',
    },
    (path: Value) => openFile(path, 'open-append-file', (name) => openSink(name, false, 'a')),
  );
}

function defineClosing(define: Define): void {
  const close = (port: Port): Value => {
    port.close();
    return NIL;
  };
  define(
    '(close-port port)',
    { doc: 'Close a port; closing it again does nothing.', errors: 'port is not a port', spec },
    (port: Value) => close(wantPort(port)),
  );
  define(
    '(close-input-port port)',
    { doc: 'Close an input port.', errors: 'port is not an input port', spec },
    (value: Value) => {
      const port = wantPort(value);
      if (!port.isInput) throw typeError('close-input-port: not an input port', port);
      return close(port);
    },
  );
  define(
    '(close-output-port port)',
    { doc: 'Close an output port.', errors: 'port is not an output port', spec },
    (value: Value) => {
      const port = wantPort(value);
      if (!port.isOutput) throw typeError('close-output-port: not an output port', port);
      return close(port);
    },
  );
}

function defineTextOutput(define: Define, ports: CurrentPorts): void {
  define(
    '(write-string s [port])',
    { doc: 'Write the characters of s.', errors: 's is not a string; port cannot be written', spec },
    (s: Value, port?: Value) => {
      const text = wantString(s, 'write-string: first argument must be a string');
      portOr(port, ports.output).writeText(text);
      return NIL;
    },
  );
  for (const prefix of VARIANT_PREFIXES) {
    const writable = openPort(prefix, () => ports.output);
    define(
      `(${prefix}write-char c [port])`,
      { doc: 'Write a character.', errors: 'c is not a character; port cannot be written', spec },
      (c: Value, port?: Value) => {
        const { code } = wantChar(c, 'write-char: first argument must be a character');
        writable(port, 'write-char').writeText(String.fromCodePoint(code));
        return NIL;
      },
    );
  }
  for (const name of ['flush-output-port', 'flush-output']) {
    define(
      `(${name} [port])`,
      { doc: 'Hand what is buffered to the system.', errors: 'port is not a port', spec: r7rs },
      (port?: Value) => {
        portOr(port, ports.output).flush();
        return NIL;
      },
    );
  }
}

function defineByteOutput(define: Define, ports: CurrentPorts, prefix: string): void {
  const writable = openPort(prefix, () => ports.output);
  const binaryPort = (value: Value | undefined, who: string): Port => {
    const port = writable(value, who);
    if (!port.isBinary) throw typeError(`${who}: not a binary port`, port);
    return port;
  };
  define(
    `(${prefix}write-u8 byte [port])`,
    {
      doc: 'Write a byte.',
      errors: 'byte is not an integer in 0 … 255; port is no binary port, or cannot be written',
      spec,
    },
    (byte: Value, port?: Value) => {
      const value = wantByte(byte, 'write-u8: argument must be a byte (0-255)');
      binaryPort(port, 'write-u8').writeByte(value);
      return NIL;
    },
  );
  define(
    `(${prefix}write-bytevector bv [port start end])`,
    {
      doc: 'Write the bytes of bv.',
      errors: 'bv is not a bytevector; port is no binary port; the range is not within bv',
      spec: r7rs,
    },
    (bv: Value, port?: Value, start?: Value, end?: Value) => {
      const { bytes } = want(bv, Bytevector, 'write-bytevector: not a bytevector');
      const range = wantRange(start, end, bytes.length, 'write-bytevector');
      binaryPort(port, 'write-bytevector').writeBytes(bytes.subarray(...range));
      return NIL;
    },
  );
}
