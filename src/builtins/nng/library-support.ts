// Leaves that only std.net and std.supervisor call.

import { availableParallelism } from 'node:os';
import type { Define } from '../../bytecode/builtin-table.ts';
import { nngError } from '../../values/errors.ts';
import { NIL, type Value } from '../../values/types.ts';
import type { Networking } from './context.ts';
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
  define(
    '(%worker-end handle patience-ms)',
    {
      doc: 'Close handle, give its worker patience-ms to end by itself (negative: as long as it takes), else kill it; reap it.',
      errors: 'handle is not a socket',
      spec: 'networking §19.6',
    },
    (handle: Value, patienceMs: number) => {
      networking.shutDown(wantSocket(handle, '%worker-end'), patienceMs);
      return NIL;
    },
  );
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
}
