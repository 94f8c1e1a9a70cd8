// The JSON builtins. Source: builtins §16.

import type { Define } from '../../bytecode/builtin-table.ts';
import { EtaError, typeError } from '../../values/errors.ts';
import { Port } from '../../values/ports.ts';
import { NIL, type Value } from '../../values/types.ts';
import { wantString } from '../arguments.ts';
import { JsonSyntaxError, parseJson, parseJsonPrefix } from './parser.ts';
import { takeJsonText } from './port-text.ts';
import { jsonText, strictPolicy } from './writer.ts';

const spec = 'builtins §16';

export function defineJson(define: Define): void {
  const syntax = 'the text is not JSON (runtime.json-error)';

  define(
    '(%json-read port exact?)',
    {
      doc: 'Read one JSON value from an input port. Integers stay exact if exact? is true, else they become flonums.',
      errors: `port is not an input port; exact? is not a boolean; ${syntax}`,
      spec,
    },
    (port: Value, exact: Value) => {
      const who = '%json-read';
      if (!(port instanceof Port)) throw typeError(`${who}: expected a port`, port);
      if (!port.isInput) throw typeError(`${who}: expected an input port`, port);
      const keepIntegers = wantBoolean(exact, who);
      return parsing(who, () => parseJsonPrefix(takeJsonText(port), keepIntegers));
    },
  );

  define(
    '(%json-read-string text exact?)',
    {
      doc: 'The value of a JSON text. Integers stay exact if exact? is true, else they become flonums.',
      errors: `text is not a string; exact? is not a boolean; ${syntax}`,
      spec,
    },
    (text: Value, exact: Value) => {
      const who = '%json-read-string';
      const json = wantString(text, `${who}: first argument must be a string`);
      const keepIntegers = wantBoolean(exact, who);
      return parsing(who, () => parseJson(json, keepIntegers));
    },
  );

  const unsupported = 'value holds something that JSON has not';
  define(
    '(%json-write value port)',
    {
      doc: 'Write value as compact JSON to an output port and flush it. Nothing is written if value cannot be encoded.',
      errors: `port is not an output port; ${unsupported}`,
      spec,
    },
    (value: Value, port: Value) => {
      const who = '%json-write';
      if (!(port instanceof Port)) throw typeError(`${who}: expected a port`, port);
      if (!port.isOutput) throw typeError(`${who}: expected an output port`, port);
      port.writeText(jsonText(value, strictPolicy(who)));
      port.flush();
      return NIL;
    },
  );

  define(
    '(%json-write-string value)',
    { doc: 'The compact JSON text of value.', errors: unsupported, spec },
    (value: Value) => jsonText(value, strictPolicy('%json-write-string')),
  );
}

function wantBoolean(value: Value, who: string): boolean {
  if (typeof value !== 'boolean') throw typeError(`${who}: second argument must be #t or #f`, value);
  return value;
}

function parsing(who: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const failure = new EtaError('runtime.json-error', `${who}: invalid JSON: ${error.message}`);
    failure.details = [
      ['line', error.line],
      ['column', error.column],
    ];
    if (error.isCut) failure.hint = 'the text ends before the value does';
    throw failure;
  }
}
