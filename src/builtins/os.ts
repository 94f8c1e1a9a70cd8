// The process and its environment: variables, arguments, working directory, exit.
//
// All of it belongs to the whole process, not to one VM: a thread actor that changes the directory changes it for all.
// Source: builtins §13.1.

import type { Define } from '../bytecode/builtin-table.ts';
import { ExitRequest, typeError } from '../values/errors.ts';
import { compareText } from '../values/text.ts';
import { listFrom, NIL, Pair, type Value } from '../values/types.ts';
import { wantString } from './arguments.ts';
import { fileError } from './files.ts';
import { wantPath } from './paths.ts';

export interface OsContext {
  /** The strings after the program file on the command line. */
  readonly programArguments: readonly string[];
}

export function defineOs(define: Define, context: OsContext): void {
  defineEnvironment(define);
  defineProcessState(define, context);
}

function defineEnvironment(define: Define): void {
  define(
    '(getenv name)',
    {
      doc: 'The value of an environment variable, or #f if it is not set.',
      errors: 'name is not a string',
      spec: 'builtins §13.1',
    },
    (name: Value) => process.env[wantString(name, 'getenv: name must be a string')] ?? false,
  );

  define(
    '(setenv! name value)',
    {
      doc: 'Set an environment variable, for this process and the children that it starts from now on.',
      errors: 'name or value is not a string; name is empty or contains =',
      spec: 'builtins §13.1',
    },
    (name: Value, value: Value) => {
      const variable = wantString(name, 'setenv!: name must be a string');
      const text = wantString(value, 'setenv!: value must be a string');
      if (!isVariableName(variable) || text.includes('\0')) {
        throw typeError('setenv!: failed to set environment variable');
      }
      process.env[variable] = text;
      return NIL;
    },
  );

  define(
    '(unsetenv! name)',
    {
      doc: 'Remove an environment variable, if it is set.',
      errors: 'name is not a string; name is empty or contains =',
      spec: 'builtins §13.1',
    },
    (name: Value) => {
      const variable = wantString(name, 'unsetenv!: name must be a string');
      if (!isVariableName(variable)) throw typeError('unsetenv!: failed to unset environment variable', variable);
      delete process.env[variable];
      return NIL;
    },
  );

  define(
    '(environment-variables)',
    { doc: 'All environment variables: an association list of strings, sorted by name.', spec: 'builtins §13.1' },
    environmentVariables,
  );
}

export function environmentVariables(): Value {
  const names = Object.keys(process.env).filter((name) => name !== '');
  return listFrom(names.sort(compareText).map((name) => new Pair(name, process.env[name] ?? '')));
}

function isVariableName(name: string): boolean {
  return name !== '' && !name.includes('=') && !name.includes('\0');
}

function defineProcessState(define: Define, context: OsContext): void {
  define(
    '(command-line-arguments)',
    { doc: 'The list of the strings after the program file on the command line.', spec: 'builtins §13.1' },
    () => listFrom(context.programArguments),
  );

  define(
    '(exit [status])',
    {
      doc: 'End the program: #t or nothing is status 0, #f is 1, an integer is itself. After-thunks of dynamic-wind run.',
      errors: 'status is neither #t, #f nor an integer',
      spec: 'builtins §13.1',
    },
    (status: Value = true) => {
      throw new ExitRequest(exitStatus(status));
    },
  );

  define(
    '(current-directory)',
    {
      doc: 'The absolute path of the working directory.',
      errors: 'the directory is gone or unreadable',
      spec: 'builtins §13.1',
    },
    () => {
      try {
        return process.cwd();
      } catch (error) {
        throw fileError('current-directory: failed to query current directory', '.', error);
      }
    },
  );

  define(
    '(change-directory! path)',
    {
      doc: 'Make path the working directory of the whole process.',
      errors: 'path is not a directory that can be entered',
      spec: 'builtins §13.1',
    },
    (path: Value) => {
      const name = wantPath(path, 'change-directory!');
      try {
        process.chdir(name);
      } catch (error) {
        throw fileError('change-directory!: failed to change current directory', name, error);
      }
      return NIL;
    },
  );
}

/** The platform keeps the low eight bits of an integer. */
export function exitStatus(status: Value): number {
  if (status === true) return 0;
  if (status === false) return 1;
  if (typeof status === 'bigint') return Number(BigInt.asUintN(8, status));
  if (typeof status === 'number' && Number.isInteger(status)) return Number(BigInt.asUintN(8, BigInt(status)));
  throw typeError('exit: status must be #t, #f, or an integer', status);
}
