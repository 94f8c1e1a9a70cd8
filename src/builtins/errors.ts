// Errors and platform, and the stubs that remain of dual numbers.
//
// Source: builtins §11, language §12.3, R7RS 6.11.

import type { Define } from '../bytecode/builtin-table.ts';
import { Primitive } from '../bytecode/procedures.ts';
import { didYouMean } from '../compiler/suggestions.ts';
import { type ErrorField, EtaError, typeError } from '../values/errors.ts';
import { textOf } from '../values/mutable-string.ts';
import { writeText } from '../values/printer.ts';
import { intern, listFrom, NIL, type Value } from '../values/types.ts';
import { ErrorObject } from '../vm/throw.ts';
import { want, wantList, wantString, wantSymbol } from './arguments.ts';
import { FILE_ERROR } from './files.ts';
import { READ_ERROR } from './input.ts';

const spec = 'builtins §11';

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'Darwin', win32: 'Win32' };

export function defineErrors(define: Define): void {
  define(
    '(error message irritant …)',
    {
      doc: 'Raise an error: the message, or the written form of anything else, then the written irritants.',
      errors: 'always: runtime.user-error',
      spec,
    },
    (message: Value, ...irritants: Value[]) => {
      const start = textOf(message) ?? writeText(message);
      const text = [start, ...irritants.map(writeText)].join(' ');
      throw new EtaError('runtime.user-error', text, [], [], irritants);
    },
  );
  define(
    '(%library-error message fields hint)',
    {
      doc: 'Raise an error of a library: its fields, of names and values, and advice, or "", are for reports and catch.',
      errors: 'always: runtime.user-error',
      spec,
    },
    (message: Value, fields: Value, hint: Value) => {
      const who = '%library-error';
      const text = wantString(message, `${who}: first argument must be a string`);
      const error = new EtaError(
        'runtime.user-error',
        text,
        wantFields(fields, `${who}: fields must be ((name value) …)`),
      );
      error.hint = wantString(hint, `${who}: third argument must be a string`) || undefined;
      throw error;
    },
  );
  define(
    '(%did-you-mean name candidates)',
    {
      doc: 'A question that names the candidate nearest to a name, else #f.',
      errors: 'name is not a string; candidates is not a list of strings',
      spec,
    },
    (name: Value, candidates: Value) => {
      const message = '%did-you-mean: not a string';
      const names = wantList(candidates, '%did-you-mean: not a proper list');
      return (
        didYouMean(
          wantString(name, message),
          names.map((each) => wantString(each, message)),
        ) ?? false
      );
    },
  );
  define('(platform)', { doc: 'The symbol Linux, Darwin, Win32 or Unknown.', spec }, () =>
    intern(PLATFORMS[process.platform] ?? 'Unknown'),
  );
  define('(features)', { doc: 'The feature identifiers of cond-expand.', spec: 'R7RS 6.14' }, () =>
    listFrom(['r7rs', 'eta', 'full-unicode', process.platform, process.arch].map(intern)),
  );
  defineErrorObjects(define);
  defineDualStubs(define);
}

/** A list `((name value) …)` as the fields of an error. */
const wantFields = (fields: Value, message: string): ErrorField[] =>
  wantList(fields, message).map((field) => {
    const [name, value = NIL] = wantList(field, message);
    return [wantSymbol(name, message).name, value];
  });

/** What a handler of R7RS sees of an error: the message without the irritants that were appended to it. */
function messageOf({ message, irritants }: EtaError): string {
  const written = irritants.map((irritant) => ` ${writeText(irritant)}`).join('');
  return message.endsWith(written) ? message.slice(0, message.length - written.length) : message;
}

function defineErrorObjects(define: Define): void {
  const r7rs = 'R7RS 6.11';
  const errors = 'obj is not an error object';
  const wantError = (obj: Value, who: string): EtaError => want(obj, ErrorObject, `${who}: not an error object`).error;
  define('(error-object? obj)', { doc: 'Whether obj is an error as a handler sees it.', spec: r7rs }, (obj: Value) => {
    return obj instanceof ErrorObject;
  });
  define('(error-object-message obj)', { doc: 'The message of an error.', errors, spec: r7rs }, (obj: Value) =>
    messageOf(wantError(obj, 'error-object-message')),
  );
  define('(error-object-irritants obj)', { doc: 'The irritants of an error.', errors, spec: r7rs }, (obj: Value) =>
    listFrom(wantError(obj, 'error-object-irritants').irritants),
  );
  define('(read-error? obj)', { doc: 'Whether obj is an error of read.', spec: r7rs }, (obj: Value) => {
    return obj instanceof ErrorObject && obj.error.tag === READ_ERROR;
  });
  define('(file-error? obj)', { doc: 'Whether obj is an error of opening a file.', spec: r7rs }, (obj: Value) => {
    return obj instanceof ErrorObject && obj.error.aliases.includes(FILE_ERROR);
  });
}

/** Programs written before automatic differentiation moved to tapes still load. */
function defineDualStubs(define: Define): void {
  define('(dual? obj)', { doc: 'Always #f: there are no dual numbers.', spec }, () => false);
  define('(dual-primal obj)', { doc: 'obj itself.', spec }, (obj: Value) => obj);
  const backprop = new Primitive('dual-backprop', '(dual-backprop adjoint)', 1, false, () => NIL, {
    doc: 'Does nothing.',
    spec,
  });
  define('(dual-backprop obj)', { doc: 'A procedure of one argument that does nothing.', spec }, () => backprop);
  define('(make-dual primal backprop)', { doc: 'Always an error.', errors: 'always', spec }, () => {
    throw typeError('make-dual: Dual AD has been removed  -  use tape-based AD instead');
  });
}
