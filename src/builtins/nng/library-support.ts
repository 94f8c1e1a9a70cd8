// Leaves that only std.net and std.supervisor call.

import { availableParallelism } from 'node:os';
import type { Define } from '../../bytecode/builtin-table.ts';
import { nngError } from '../../values/errors.ts';
import { NIL, type Value } from '../../values/types.ts';
import { isNotification } from './notification.ts';
import { wantOpenSocket } from './socket.ts';

const spec = 'networking §19.5';

export function defineLibrarySupport(define: Define): void {
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
}
