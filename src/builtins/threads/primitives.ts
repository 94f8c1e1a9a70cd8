// The primitives of thread actors, in the order of their builtin slots, and the texts of their errors.
// Source: networking §8.2, §11.

import type { Define } from '../../bytecode/builtin-table.ts';
import { Closure } from '../../bytecode/procedures.ts';
import { typeError } from '../../values/errors.ts';
import { Char, Flonum, NIL, Sym, type Value } from '../../values/types.ts';
import { wantString } from '../arguments.ts';
import { noProcessManager } from '../nng/context.ts';
import { refuseLocalValues } from '../nng/serializable.ts';
import { wantSocket } from '../nng/socket.ts';
import { encodeBinary } from '../nng/wire-binary.ts';
import { capture } from './capture.ts';
import { encodeCapture } from './capture-format.ts';
import type { ThreadActors } from './thread-actors.ts';

export function defineThreads(define: Define, actors: ThreadActors): void {
  const check = (who: string): void => {
    if (!actors.isConfigured) throw noProcessManager(who);
  };

  define(
    '(spawn-thread-with path name arg …)',
    {
      doc: 'Load the file path in a thread with a VM of its own, and call its function name with the arguments, which are copied like messages. Returns the handle at once. The thread has its end from (current-mailbox).',
      errors: 'path is not a string; name is not a symbol; an argument cannot travel',
      spec: 'networking §11.2',
    },
    (path: Value, name: Value, ...args: Value[]) => {
      check('spawn-thread-with');
      const module = wantString(path, 'spawn-thread-with: first argument must be a module-path string');
      if (!(name instanceof Sym)) {
        throw typeError('spawn-thread-with: second argument must be a symbol (function name)', name);
      }
      const encoded = encodeArguments(args);
      const file = actors.resolve(module);
      return actors.start('spawn-thread-with', { kind: 'function', file, name: name.name, args: encoded });
    },
  );

  define(
    '(spawn-thread thunk)',
    {
      doc: 'Run a copy of thunk, and of everything that it refers to, in a thread with a VM of its own. Returns the handle at once. The thread has its end from (current-mailbox).',
      errors: 'thunk is not a closure without parameters; something that it refers to cannot be copied',
      spec: 'networking §11.1',
    },
    (thunk: Value) => {
      check('spawn-thread');
      const set = capture(wantThunk(thunk, actors), actors.names);
      return actors.start('spawn-thread', { kind: 'thunk', capture: encodeCapture(set) });
    },
  );

  define(
    '(thread-join handle)',
    {
      doc: 'Wait until the thread of handle has ended, well or not: 0. #f at once if handle has no thread.',
      errors: 'handle is not a socket',
      spec: 'networking §11.4',
    },
    (handle: Value) => {
      check('thread-join');
      return actors.join(wantSocket(handle, 'thread-join')) ? 0 : false;
    },
  );

  define(
    '(thread-alive? handle)',
    {
      doc: 'Whether handle has a thread that has not ended.',
      errors: 'handle is not a socket',
      spec: 'networking §11.4',
    },
    (handle: Value) => {
      check('thread-alive?');
      return actors.isAlive(wantSocket(handle, 'thread-alive?'));
    },
  );
}

function wantThunk(value: Value, actors: ThreadActors): Closure {
  const isAtom = value === NIL || value instanceof Sym || value instanceof Char || value instanceof Flonum;
  if (typeof value !== 'object' || isAtom) {
    throw typeError('spawn-thread: argument must be a 0-argument closure (thunk)', value);
  }
  if (!(value instanceof Closure) || actors.names.builtinName(value) !== undefined) {
    throw typeError('spawn-thread: argument must be a closure (thunk)', value);
  }
  const { required, rest } = value.code;
  if (required !== 0 || rest) throw typeError(`spawn-thread: thunk must take 0 arguments (arity=${required})`, value);
  return value;
}

/** Each argument as a message. Values of automatic differentiation are looked for in all of them first. */
function encodeArguments(args: readonly Value[]): Uint8Array[] {
  try {
    // Copies: the encoder's buffer is shared.
    return args.map((arg, i) => Uint8Array.from(encodeBinary(arg, rootOf(i))));
  } catch (error) {
    for (const [i, arg] of args.entries()) refuseLocalValues('spawn-thread-with', arg, rootOf(i));
    throw error;
  }
}

const rootOf = (i: number): string => `spawn-thread-with.arg[${i}]`;
