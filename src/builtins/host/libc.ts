// The functions of the C library that Node does not offer to a synchronous program: waiting for descriptors and
// children, pipes, and keeping a shared library loaded.
//
// The VM never returns to an event loop while a program runs, so it waits here, inside poll(2), for everything at once:
// descriptors of sockets, ends of pipes, and the pidfd of a child, which becomes readable when the child ends.
//
// Ctrl-C: the host turns SIGINT into the termination of the running JavaScript a moment after poll returned EINTR.
// So every wait is cut into slices: INTERRUPTED_SLICE_MS after an EINTR, LONGEST_SLICE_MS otherwise, which also bounds
// the damage of a signal that comes between our last JavaScript statement and the call.
//
// Before it waits, what the program has printed is written out, so that it is not lost if the program is killed there, and
// so that whoever reads along sees it.
//
// Only POSIX systems have these; `isPosix` says so. Source: architecture, "Blocking".

import { nowMs } from '../../values/clock.ts';
import { checkInterruption } from '../../values/interruption.ts';
import { flushConsole } from '../../values/ports.ts';
import { koffi, type Library } from './koffi.ts';

export const isPosix = process.platform !== 'win32';
const isLinux = process.platform === 'linux';

export const POLLIN = 0x001;
export const POLLOUT = 0x004;
export const POLLERR = 0x008;
export const POLLHUP = 0x010;
export const POLLNVAL = 0x020;

const INTERRUPTED_SLICE_MS = 50;
const LONGEST_SLICE_MS = 500;

const WNOHANG = 1;
const RTLD_NOW = 0x2;
const RTLD_NODELETE = isLinux ? 0x1000 : 0x80;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const F_SETFL = 4;
const SYS_PIDFD_OPEN = 434; // the same on every Linux architecture
const O_CLOEXEC = 0o2000000; // Linux; elsewhere pipe + fcntl
const O_NONBLOCK = isLinux ? 0o4000 : 4;

// The same on every POSIX system that we know; loading node:os for them would take longer.
const EINTR = 4;
const ECHILD = 10;

/** How a process ended: one of the two is a number, the other null. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: number | null;
}

interface Functions {
  readonly poll: (fds: Uint8Array, count: number, timeoutMs: number) => number;
  readonly waitpid: (pid: number, status: Int32Array, options: number) => number;
  readonly pipe: (fds: Int32Array) => number;
  readonly pipe2: ((fds: Int32Array, flags: number) => number) | null;
  readonly fcntl: (fd: number, command: number, type: 'int', argument: number) => number;
  readonly close: (fd: number) => number;
  readonly syscall: ((number: number, a: number, b: number) => number) | null;
  readonly dlopen: (path: string, flags: number) => unknown;
  readonly exit: (status: number) => void;
}

let functions: Functions | null = null;

function libc(): Functions {
  functions ??= bind();
  return functions;
}

/** Load what this file needs, which is otherwise done when it is first needed. */
export function bindLibc(): void {
  libc();
}

function bind(): Functions {
  // Null is the program itself, which has the C library loaded whatever that is called on this system.
  const library: Library = koffi().load(null);
  // nfds_t is an unsigned long on Linux and an unsigned int elsewhere; small counts pass alike.
  return {
    poll: library.func('int poll(void *fds, unsigned long count, int timeoutMs)'),
    waitpid: library.func('int waitpid(int pid, void *status, int options)'),
    pipe: library.func('int pipe(void *fds)'),
    pipe2: isLinux ? library.func('int pipe2(void *fds, int flags)') : null,
    fcntl: library.func('int fcntl(int fd, int command, ...)'),
    close: library.func('int close(int fd)'),
    syscall: isLinux ? library.func('long syscall(long number, int a, unsigned int b)') : null,
    dlopen: library.func('void *dlopen(const char *path, int flags)'),
    exit: library.func('void _exit(int status)'),
  };
}

/**
 * A reusable array of `struct pollfd`: int fd, short events, short revents.
 * `clear`, then `add` descriptors, wait, and ask `ready(i)` in the order of adding.
 */
export class PollSet {
  count = 0;
  private bytes = new ArrayBuffer(8 * 8);
  private fds = new Int32Array(this.bytes);
  private events = new Int16Array(this.bytes);
  /** What poll(2) takes. */
  buffer = new Uint8Array(this.bytes);

  clear(): void {
    this.count = 0;
  }

  /** Add a descriptor and return its index. A negative one is never ready. */
  add(fd: number, events: number = POLLIN): number {
    const index = this.count++;
    if (index * 8 >= this.bytes.byteLength) this.grow();
    this.fds[index * 2] = fd;
    this.events[index * 4 + 2] = events;
    this.events[index * 4 + 3] = 0;
    return index;
  }

  /** The events that the last wait found for this index; 0 for none. */
  ready(index: number): number {
    return this.events[index * 4 + 3];
  }

  private grow(): void {
    const bytes = new ArrayBuffer(this.bytes.byteLength * 2);
    const buffer = new Uint8Array(bytes);
    buffer.set(this.buffer);
    this.bytes = bytes;
    this.fds = new Int32Array(bytes);
    this.events = new Int16Array(bytes);
    this.buffer = buffer;
  }
}

/**
 * Wait until a descriptor of the set is ready or the time is over.
 *
 * @param timeoutMs  milliseconds; negative waits without limit, 0 only looks
 * @returns how many descriptors are ready; 0 at the timeout
 */
export function waitReady(set: PollSet, timeoutMs: number): number {
  const deadline = timeoutMs < 0 ? Number.POSITIVE_INFINITY : nowMs() + timeoutMs;
  if (timeoutMs !== 0) flushConsole();
  let longest = LONGEST_SLICE_MS;
  for (;;) {
    if (timeoutMs !== 0) checkInterruption();
    const left = timeoutMs <= 0 ? timeoutMs : deadline - nowMs();
    const slice = left < 0 && timeoutMs >= 0 ? 0 : left < 0 ? longest : Math.min(longest, Math.ceil(left));
    const count = libc().poll(set.buffer, set.count, slice);
    if (count > 0) return count;
    if (count < 0) {
      const errno = koffi().errno();
      if (errno !== EINTR) throw new Error(`poll failed with errno ${errno}`);
      longest = INTERRUPTED_SLICE_MS;
    }
    if (timeoutMs === 0 || nowMs() >= deadline) return 0;
  }
}

const single = new PollSet();

/** Wait for one descriptor. Same timeouts as `waitReady`; the result is the events, 0 at the timeout. */
export function waitDescriptor(fd: number, timeoutMs: number, events: number = POLLIN): number {
  single.clear();
  single.add(fd, events);
  return waitReady(single, timeoutMs) > 0 ? single.ready(0) : 0;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Block this thread, in slices that a Ctrl-C can end. */
export function sleepMs(milliseconds: number): void {
  const deadline = nowMs() + milliseconds;
  flushConsole();
  for (;;) {
    checkInterruption();
    const left = deadline - nowMs();
    if (left <= 0) return;
    Atomics.wait(sleeper, 0, 0, Math.min(left, INTERRUPTED_SLICE_MS));
  }
}

const statusWord = new Int32Array(1);

/**
 * Reap a child of this process if it has ended, without waiting.
 *
 * @returns its status; 'running'; or 'gone' when it is no child of ours or was reaped elsewhere
 */
export function reapChild(pid: number): ExitStatus | 'running' | 'gone' {
  for (;;) {
    const result = libc().waitpid(pid, statusWord, WNOHANG);
    if (result === 0) return 'running';
    if (result === pid) return decodeStatus(statusWord[0]);
    const errno = koffi().errno();
    if (errno === ECHILD) return 'gone';
    if (errno !== EINTR) throw new Error(`waitpid failed with errno ${errno}`);
  }
}

/** What WIFEXITED, WEXITSTATUS and WTERMSIG say of a status word. */
function decodeStatus(word: number): ExitStatus {
  const signal = word & 0x7f;
  return signal === 0 ? { code: (word >> 8) & 0xff, signal: null } : { code: null, signal };
}

/**
 * A descriptor that becomes readable when the process ends, or -1 where the system has none (then poll in slices).
 * The caller closes it. It is close-on-exec by nature.
 */
export function openPidfd(pid: number): number {
  const { syscall } = libc();
  return syscall === null ? -1 : syscall(SYS_PIDFD_OPEN, pid, 0);
}

/**
 * A pipe whose ends are not inherited by children unless passed on by name. The caller closes both.
 *
 * @param isBlocking  whether reading and writing wait: else what cannot be done at once is an error
 */
export function createPipe(isBlocking = true): { readonly readFd: number; readonly writeFd: number } {
  const { pipe, pipe2, fcntl } = libc();
  const fds = new Int32Array(2);
  const result = pipe2 === null ? pipe(fds) : pipe2(fds, O_CLOEXEC | (isBlocking ? 0 : O_NONBLOCK));
  if (result !== 0) throw new Error(`pipe failed with errno ${koffi().errno()}`);
  const [readFd, writeFd] = fds;
  if (pipe2 === null) {
    fcntl(readFd, F_SETFD, 'int', FD_CLOEXEC);
    fcntl(writeFd, F_SETFD, 'int', FD_CLOEXEC);
    if (!isBlocking) for (const fd of fds) fcntl(fd, F_SETFL, 'int', O_NONBLOCK);
  }
  return { readFd, writeFd };
}

/** Close a descriptor that came from this file; a bad one is ignored. */
export function closeDescriptor(fd: number): void {
  if (fd >= 0) libc().close(fd);
}

/**
 * Keep a shared library loaded until the process is gone. koffi unloads its libraries when the environment ends, while
 * threads of the library may still run in it: a crash after correct output.
 */
export function pinLibrary(path: string): void {
  libc().dlopen(path, RTLD_NOW | RTLD_NODELETE);
}

const M_TRIM_THRESHOLD = -1;
const M_MMAP_THRESHOLD = -3;
const KEPT_BYTES = 64 << 20;
const LARGEST_HEAP_BLOCK_BYTES = 32 << 20;

/**
 * Have glibc's malloc keep what large messages have used. By default it gives it back to the system at once, and then
 * each page of the next message is a fault: a round trip of 1 MB takes half as long again. Other C libraries have no
 * such switch.
 */
export function keepFreedMemory(): void {
  if (!isLinux) return;
  try {
    const mallopt = koffi().load(null).func('int mallopt(int parameter, int value)') as (
      p: number,
      v: number,
    ) => number;
    mallopt(M_MMAP_THRESHOLD, LARGEST_HEAP_BLOCK_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
  } catch {
    // musl: its own way is fine.
  }
}

/**
 * End the process at once, whatever its threads are doing. Node's own exit stops and joins every worker first, and one
 * that is inside nng does not stop.
 */
export function exitAtOnce(status: number): never {
  if (isPosix) libc().exit(status);
  else koffi().load('msvcrt.dll').func('void _exit(int status)')(status);
  throw new Error('_exit returned');
}
