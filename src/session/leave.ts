// Leaving the process, also while thread actors still run: nobody waits for them (networking §11.4).
//
// Node's own way out stops and joins every worker, and one that is blocked in libnng does not stop. So once there have
// been workers, the system ends the process, and what they may have left in the file system is removed before.
//
// Node also gives the terminal the mode back that it had when we began: a prompt that waits there has set another since.

import { exitAtOnce } from '../builtins/host/libc.ts';
import { sweepFoldersOf } from '../builtins/nng/socket-folder.ts';
import { hasStartedWorkers } from '../builtins/threads/worker-pool.ts';
import { hasBell } from '../values/bell.ts';

/** End the process with this status. The session has been closed. */
export function leaveProcess(status: number): never {
  if (!hasStartedWorkers() && !hasBell()) process.exit(status);
  process.emit('exit', status); // who waits for the end, to write out what is buffered, hears of it
  sweepFoldersOf(process.pid);
  exitAtOnce(status);
}
