// What there is to say about an error beside its message, which the specification fixes: the value that was wrong, and
// how the procedure is called that found it so.
//
//   note: the value is "2", a string
//   usage: (vector-ref vec k)
//
// The error carries the value (EtaError.culprit); the words are made here, when nothing has caught it.

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { Closure, Primitive } from '../bytecode/procedures.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import type { EtaError, TraceFrame } from '../values/errors.ts';
import { HashMap } from '../values/hash-map.ts';
import { isExactInteger, isNumber } from '../values/numbers.ts';
import { writeText } from '../values/printer.ts';
import { NO_SOURCE, type Span } from '../values/span.ts';
import { Bytevector, Char, listToArray, NIL, Pair, RecordInstance, Sym, type Value, Vector } from '../values/types.ts';
import { Continuation, ControlPrimitive } from '../vm/continuation.ts';

type Explanation = Pick<Diagnostic, 'notes' | 'related' | 'hint'>;

/** Values are shown up to this length. */
const MAX_SHOWN = 200;

/** What to print below an uncaught error's place. */
export function explain(error: EtaError, trace: readonly TraceFrame[], builtins: BuiltinTable): Explanation {
  const { culprit, tag, hint = hintOf(error, trace) } = error;
  if (culprit === undefined) return { notes: detailNotes(error), hint };
  const correction = hint ?? correctionOf(error, culprit);
  const entry = libraryEntry(trace);
  if (tag === 'runtime.invalid-arity') {
    const { notes = [], related } = howToCall(culprit, builtins);
    return { notes: entry === null ? notes : [`note: it was called inside ${entry.name}`, ...notes], related, hint };
  }
  const inside = entry === null ? '' : `inside ${entry.name} `;
  const usage = entry === null ? usageOf(error, builtins) : entry.usage;
  const notes = [`note: ${inside}${culpritText(error, culprit)}`];
  return { notes: usage === undefined ? notes : [...notes, `usage: ${usage}`], hint: correction };
}

/** What to write where something is called that is no procedure, or joined that is no text. */
function correctionOf({ message }: EtaError, culprit: Value): string | undefined {
  if (message === 'string-append: not a string' && isNumber(culprit)) return 'number->string makes a string of it';
  if (!message.startsWith('Callee ')) return undefined;
  if (culprit instanceof HashMap) return 'a value of a hash map is (hash-map-ref map key)';
  if (culprit instanceof Vector) return 'an element of a vector is (vector-ref vector index)';
  return isNumber(culprit) ? 'the procedure stands first: (+ 1 2)' : undefined;
}

/** So many activations of one procedure, of a long trace, are a recursion. */
const RECURSION = 20;

/** For an error of the heap limit: what probably fills the memory. */
function hintOf({ tag }: EtaError, trace: readonly TraceFrame[]): string | undefined {
  if (tag !== 'runtime.heap-error') return undefined;
  const counts = new Map<string, number>();
  for (const { name } of trace) counts.set(name, (counts.get(name) ?? 0) + 1);
  const name = [...counts.keys()].find((each) => counts.get(each)! >= RECURSION);
  return name === undefined
    ? 'the program holds more data than the heap limit allows; the variable ETA_HEAP_SOFT_LIMIT sets it: 2G, say'
    : `${name} calls itself again and again: does it come to a case in which it stops?`;
}

/** The usage line of the builtin that a message begins with. Helpers that begin with % are nobody's to call. */
function usageOf({ message }: EtaError, builtins: BuiltinTable): string | undefined {
  const who = /^([^%\s][^\s]*): /.exec(message)?.[1];
  return who === undefined ? undefined : builtins.get(who)?.usage;
}

/**
 * For what happened in the standard library: the outermost of its procedures, and how it is called if that is what the
 * program's own code did. One that went on to another in tail position has left no trace; the other's parameters are no help.
 */
function libraryEntry(trace: readonly TraceFrame[]): { readonly name: string; readonly usage?: string } | null {
  const outside = trace.findIndex(({ span }) => isProgram(span));
  if (outside < 1 || !trace[outside - 1].span.source.isLibrary) return null;
  const { name, procedure } = trace[outside - 1];
  const isCalled = operatorAt(trace[outside].span)?.endsWith(name) ?? true;
  return procedure instanceof Closure && isCalled ? { name, usage: signatureOf(procedure) } : { name };
}

/** Whether a place is in a text of the program, and neither in the library nor in data that are evaluated. */
export const isProgram = ({ source }: Span): boolean => source !== NO_SOURCE && !source.isLibrary;

/** The name at the head of the call at a place, as it is written there. */
function operatorAt({ source, startLine, startColumn }: Span): string | undefined {
  const line = source.text?.split(/\r\n|\n/)[startLine - 1];
  const call =
    line === undefined
      ? ''
      : Buffer.from(line)
          .subarray(startColumn - 1)
          .toString();
  return /^[([]([^\s()[\]";']+)/.exec(call)?.[1];
}

/**
 * What an error tells beside its message: a place in a text that the program reads, `line 3, column 7`; or in the fields of
 * the library's errors what is wrong, `the option is "--prot"`. What networking has in fields is in its messages, too.
 */
function detailNotes({ tag, details, fields }: EtaError): string[] {
  if (details.length > 0) return [`note: ${details.map(([name, value]) => `${name} ${shown(value)}`).join(', ')}`];
  return tag === 'runtime.user-error' ? fields.map(([name, value]) => `note: the ${name} is ${shown(value)}`) : [];
}

/** A value as a report shows it: `(1 2 3)`, cut where it is long. */
export function shown(value: Value): string {
  const text = writeText(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function culpritText({ limit, message }: EtaError, culprit: Value): string {
  if (limit >= 0 && isNumber(culprit)) {
    return limit === 0
      ? `the index is ${shown(culprit)}, of something empty`
      : `the index is ${shown(culprit)}, not in 0 … ${limit - 1}`;
  }
  return `${roleOf(message)} is ${described(culprit)}`;
}

function roleOf(message: string): string {
  if (message.startsWith('Callee ')) return 'what is called here';
  if (message.includes('cannot send')) return 'what cannot be sent';
  return message.endsWith('key not found') ? 'the key' : 'the value';
}

/** A value with the name of its kind: `"2", a string`. */
function described(value: Value): string {
  if (value instanceof Closure) return value.code.isBuiltin ? shown(value) : `the procedure ${signatureOf(value)}`;
  if (value instanceof Primitive || value instanceof ControlPrimitive) return `the procedure ${value.usage}`;
  const kind = kindOf(value);
  return kind === null ? shown(value) : `${shown(value)}, ${kind}`;
}

/** Null for what shows its kind when it is printed. */
function kindOf(value: Value): string | null {
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return 'a boolean';
  if (isExactInteger(value)) return 'an integer';
  if (isNumber(value)) return 'a flonum';
  if (value === NIL) return 'the empty list';
  if (value instanceof Sym) return 'a symbol';
  if (value instanceof Char) return 'a character';
  if (value instanceof Pair) return listToArray(value) === null ? 'a pair' : 'a list';
  if (value instanceof Vector) return 'a vector';
  if (value instanceof Bytevector) return 'a bytevector';
  if (value instanceof RecordInstance) return 'a record';
  return null;
}

/** The usage line of what was called with a wrong number of arguments; for a program's own procedure, its place too. */
function howToCall(callee: Value, builtins: BuiltinTable): Explanation {
  if (callee instanceof Primitive || callee instanceof ControlPrimitive) return { notes: [`usage: ${callee.usage}`] };
  if (callee instanceof Continuation || !(callee instanceof Closure)) return {};
  const { span, source, name, isBuiltin } = callee.code;
  const signature = (isBuiltin ? builtins.get(name)?.usage : undefined) ?? signatureOf(callee);
  if (isBuiltin || source.text === null) return { notes: [`usage: ${signature}`] };
  return { related: [{ span, label: `${signature} is defined here` }] };
}

/** `(area w h)`, `(log message . rest)`, `(lambda (x) …)`: a procedure's name and parameters as they are written. */
export function signatureOf({ code }: Closure): string {
  const { name, required, rest, localNames } = code;
  const parameters = [...localNames.slice(0, required), ...(rest ? ['.', localNames[required]] : [])];
  return /_lambda\d+$/.test(name) ? `(lambda (${parameters.join(' ')}) …)` : `(${[name, ...parameters].join(' ')})`;
}
