// The subprocess builtins. Source: builtins §14, stdlib §15.

import type { Define } from '../../bytecode/builtin-table.ts';
import { arityError, typeError } from '../../values/errors.ts';
import type { Port } from '../../values/ports.ts';
import { NIL, type Value } from '../../values/types.ts';
import { ProcessHandle, spawnProcess } from './handle.ts';
import { type Command, type Mode, parseCommand } from './options.ts';
import { runProcess } from './run.ts';

const spec = 'builtins §14';

export function defineProcess(define: Define): void {
  defineStarting(define);
  defineWaiting(define);
  defineHandles(define);
}

function defineStarting(define: Define): void {
  const errors =
    'a bad argument or option (runtime.type-error); the program or cwd does not exist, cannot be started or takes ' +
    'longer than timeout-ms (runtime.internal-error)';

  define(
    '(%process-run program args [options])',
    { doc: 'Run a program to its end, without a shell: the list (exit-code stdout stderr).', errors, spec },
    (...args: Value[]) => runProcess(wantCommand('run', args)),
  );

  define(
    '(%process-spawn program args [options])',
    { doc: 'Start a program, without a shell, and return its handle.', errors, spec },
    (...args: Value[]) => spawnProcess(wantCommand('spawn', args)),
  );
}

function wantCommand(mode: Mode, args: readonly Value[]): Command {
  if (args.length > 3) throw arityError(`%process-${mode}: expected program args [opts]`);
  const [program, words, options = NIL] = args;
  return parseCommand(mode, program, words, options);
}

function wantHandle(value: Value, who: string): ProcessHandle {
  if (!(value instanceof ProcessHandle)) throw typeError(`${who}: expected process handle`, value);
  return value;
}

function defineWaiting(define: Define): void {
  define(
    '(%process-wait handle [timeout-ms])',
    {
      doc: 'Wait for the end of a child: its exit code, or #f if the time runs out. 0 only looks.',
      errors: 'handle is not a process handle; timeout-ms is not a non-negative integer',
      spec,
    },
    (...args: Value[]) => {
      if (args.length > 2) throw arityError('%process-wait: expected handle [timeout-ms]');
      const handle = wantHandle(args[0], '%process-wait');
      return handle.wait(args.length < 2 ? -1 : wantTimeout(args[1])) ?? false;
    },
  );

  const errors = 'handle is not a process handle';
  define(
    '(%process-kill handle)',
    { doc: 'Send SIGKILL: #t if it was sent, #f if the child is gone.', errors, spec },
    (handle: Value) => wantHandle(handle, '%process-kill').kill('SIGKILL'),
  );
  define(
    '(%process-terminate handle)',
    { doc: 'Send SIGTERM: #t if it was sent, #f if the child is gone.', errors, spec },
    (handle: Value) => wantHandle(handle, '%process-terminate').kill('SIGTERM'),
  );
}

function wantTimeout(value: Value): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw typeError('%process-wait: timeout-ms must be a non-negative integer', value);
}

function defineHandles(define: Define): void {
  const onHandle = (name: string, doc: string, fn: (handle: ProcessHandle) => Value): void =>
    define(`(${name} handle)`, { doc, errors: 'handle is not a process handle', spec }, (handle: Value) =>
      fn(wantHandle(handle, name)),
    );
  const port = (port: Port | null): Value => port ?? false;

  onHandle('%process-pid', 'The process id; -1 once the exit status has been collected.', (handle) => handle.pid);
  onHandle('%process-alive?', 'Whether the child still runs.', (handle) => handle.poll() === null);
  onHandle('%process-exit-code', 'The exit code, or #f while the child runs.', (handle) => handle.poll() ?? false);
  define(
    '(%process-handle? value)',
    { doc: 'Whether value is a process handle.', spec },
    (value: Value) => value instanceof ProcessHandle,
  );
  onHandle('%process-stdin-port', 'The output port to the child, or #f.', ({ stdin }) => port(stdin));
  onHandle('%process-stdout-port', 'The input port from the child, or #f.', ({ stdout }) => port(stdout));
  onHandle('%process-stderr-port', "The input port from the child's standard error, or #f.", ({ stderr }) =>
    port(stderr),
  );
}
