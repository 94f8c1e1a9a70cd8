// Leaves that only std.net and std.supervisor call.

import { availableParallelism } from 'node:os';
import type { Define } from '../../bytecode/builtin-table.ts';
import { nngError } from '../../values/errors.ts';
import { doubleOf } from '../../values/numbers.ts';
import { listFrom, NIL, type Value } from '../../values/types.ts';
import { wantString } from '../arguments.ts';
import type { Networking } from './context.ts';
import { checkOptions } from './library-options.ts';
import { WorkerLink } from './link.ts';
import { isNotification } from './notification.ts';
import { wantOpenSocket, wantSocket } from './socket.ts';

const spec = 'networking §19.5';

export function defineLibrarySupport(define: Define, networking: Networking): void {
  define('(%nng-peers sock)', { doc: 'How many connections a socket has now.', spec }, (sock: Value) =>
    Math.max(0, wantOpenSocket(sock, '%nng-peers').transport.pipeList().present),
  );
  define(
    '(%nng-notification? obj)',
    { doc: 'Whether obj is a (down …) list of this VM, and not a message that looks like one.', spec },
    (obj: Value) => isNotification(obj),
  );
  define(
    '(%nng-buffer-send handle)',
    {
      doc: 'Let a handle take one message before its worker is there. What it has not sent is lost when it closes.',
      spec,
    },
    (handle: Value) => {
      wantOpenSocket(handle, '%nng-buffer-send').transport.bufferSend();
      return NIL;
    },
  );
  define('(%nng-raise message)', { doc: 'Raise an nng-error.', errors: 'always', spec }, (message: string) => {
    throw nngError(message);
  });
  define('(%nng-cores)', { doc: 'How many threads the machine runs at once.', spec }, () => availableParallelism());
  defineWorkerEnds(define, networking);
  define(
    '(%nng-link-ended? sock)',
    {
      doc: 'Whether sock is an open handle or mailbox whose other side is known to have ended.',
      spec: 'networking §12',
    },
    (sock: Value) => {
      const { closed, link } = wantSocket(sock, '%nng-link-ended?');
      return !closed && link !== null && link.hasEnded();
    },
  );
  define(
    '(%check-options who options rows)',
    {
      doc: 'Raise the first fault of an association list of options. A row is (name kind word …): see library-options.ts.',
      errors: 'options is no such list, has another name, or a value of another kind',
      spec,
    },
    (who: Value, options: Value, rows: Value) => {
      checkOptions(wantString(who, '%check-options: first argument must be a string'), options, rows);
      return NIL;
    },
  );
}

/** What supervisors end their children with, step by step, since others may want something of them meanwhile. */
function defineWorkerEnds(define: Define, networking: Networking): void {
  const spec = 'networking §19.6';
  define(
    '(%worker-dismiss handle)',
    { doc: 'Close handle, so that its worker ends by itself: #t; #f if it has none that could, and do nothing.', spec },
    (handle: Value) => networking.dismissWorker(wantSocket(handle, '%worker-dismiss')),
  );
  define(
    '(%worker-await handle milliseconds)',
    { doc: 'Whether the worker of handle has ended, or ends within so many milliseconds.', spec },
    (handle: Value, milliseconds: Value) => {
      const { link } = wantSocket(handle, '%worker-await');
      return !(link instanceof WorkerLink) || link.awaitEnd(Math.max(0, doubleOf(milliseconds)!));
    },
  );
  define(
    '(%worker-end handle)',
    { doc: 'Close handle, kill its worker if it has not ended, and reap it.', spec },
    (handle: Value) => {
      networking.endWorker(wantSocket(handle, '%worker-end'));
      return NIL;
    },
  );
  define(
    '(%workers-record)',
    { doc: 'From now on, until %workers-recorded, remember each worker that is started.', spec },
    () => {
      networking.recordWorkers();
      return NIL;
    },
  );
  define('(%workers-recorded)', { doc: 'The handles of those workers, the last one first.', spec }, () =>
    listFrom(networking.takeRecordedWorkers()),
  );
}
