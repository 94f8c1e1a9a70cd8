// Printing values to ports. Source: builtins §3, §12.2, README B4, V11, R7RS 6.13.3.

import type { Define } from '../bytecode/builtin-table.ts';
import { datumText, displayText, plainText, sharedDatumText, sharedText, writeText } from '../values/printer.ts';
import { textLength, textSlice } from '../values/text.ts';
import { NIL, type Value } from '../values/types.ts';
import { wantRange, wantString } from './arguments.ts';
import type { BuiltinContext } from './context.ts';
import { openPort, VARIANT_PREFIXES } from './ports.ts';

const r7rs = 'R7RS 6.13.3';
const [, R7RS] = VARIANT_PREFIXES;

const PRINTERS: readonly (readonly [name: string, doc: string, print: (value: Value) => string, spec: string])[] = [
  ['display', 'Print obj for people: strings and characters as they are.', displayText, 'builtins §12.2'],
  ['write', 'Print obj for programs: strings quoted, characters as #\\c.', writeText, 'builtins §12.2'],
  ['write-simple', 'The same as write.', writeText, r7rs],
  ['write-shared', 'Like write, with labels for all shared structure.', sharedText, r7rs],
  ['%r7rs-display', 'Print obj for people; numbers so that the reader gives them back.', plainText, r7rs],
  ['%r7rs-write-simple', 'The same as write.', datumText, r7rs],
  ['%r7rs-write-shared', 'Like write, with labels for all shared structure.', sharedDatumText, r7rs],
  ['%r7rs-write', 'Print obj so that the reader gives it back: odd symbols stand between bars.', datumText, r7rs],
];

export function defineOutput(define: Define, { ports }: BuiltinContext): void {
  const errors = 'port is not a port, or cannot be written';
  for (const [name, doc, print, spec] of PRINTERS) {
    const [prefix, who] = name.startsWith(R7RS) ? [R7RS, name.slice(R7RS.length)] : ['', name];
    const writable = openPort(prefix, () => ports.output);
    define(`(${name} obj [port])`, { doc, errors, spec }, (obj: Value, port?: Value) => {
      writable(port, who).writeText(print(obj));
      return NIL;
    });
  }
  for (const prefix of VARIANT_PREFIXES) {
    const writable = openPort(prefix, () => ports.output);
    define(`(${prefix}newline [port])`, { doc: 'End the line.', errors, spec: 'builtins §12.2' }, (port?: Value) => {
      writable(port, 'newline').writeText('\n');
      return NIL;
    });
  }
  const writable = openPort(R7RS, () => ports.output);
  define(
    '(%r7rs-write-string s [port start end])',
    {
      doc: 'Write the characters of s from start up to end.',
      errors: `${errors}; the range is not within s`,
      spec: r7rs,
    },
    (s: Value, port?: Value, start?: Value, end?: Value) => {
      const text = wantString(s, 'write-string: first argument must be a string');
      const range = wantRange(start, end, textLength(text), 'write-string');
      writable(port, 'write-string').writeText(textSlice(text, ...range));
      return NIL;
    },
  );
}
