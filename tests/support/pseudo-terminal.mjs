// Pseudo-terminals: starting a program on one. JavaScript, since the benchmarks use it as well.
//
// The program is started by a shell that leads a session of its own: on Linux the terminal that it opens first becomes its
// controlling one, so that Ctrl-C, the size and the hang-up work as they do for a user. Elsewhere that takes another
// call; `hasTerminals` says whether there can be any.

import { spawn } from 'node:child_process';
import { readSync } from 'node:fs';
import koffi from 'koffi';

export const hasTerminals = process.platform === 'linux';

const O_RDWR = 2;
const O_NOCTTY = 0o400;
const O_CLOEXEC = 0o2000000;
const F_DUPFD_CLOEXEC = 1030;
const TIOCSWINSZ = 0x5414;
const POLLIN = 1;

const libc = koffi.load(null);
const posixOpenpt = libc.func('int posix_openpt(int flags)');
const grantpt = libc.func('int grantpt(int fd)');
const unlockpt = libc.func('int unlockpt(int fd)');
const ptsname = libc.func('const char *ptsname(int fd)');
const ioctl = libc.func('int ioctl(int fd, unsigned long request, ...)');
const fcntl = libc.func('int fcntl(int fd, int command, ...)');
const poll = libc.func('int poll(void *descriptors, unsigned long count, int timeoutMs)');

/** A new terminal of this size: the descriptor of its other side, which the caller closes. */
export function openTerminal(columns, rows) {
  const fd = posixOpenpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 || grantpt(fd) !== 0 || unlockpt(fd) !== 0) throw new Error('no pseudo-terminal to be had');
  resizeTerminal(fd, columns, rows);
  return fd;
}

export function resizeTerminal(fd, columns, rows) {
  ioctl(fd, TIOCSWINSZ, 'uint16_t *', [rows, columns, 0, 0]);
}

/** Another descriptor of the same terminal. */
export function duplicate(fd) {
  return fcntl(fd, F_DUPFD_CLOEXEC, 'int', 0);
}

/** What has been written on the terminal and not been read, without waiting for more. */
export function readPending(fd) {
  const asked = Buffer.alloc(8); // struct pollfd: fd, events, revents
  asked.writeInt32LE(fd, 0);
  asked.writeInt16LE(POLLIN, 4);
  const chunks = [];
  while (poll(asked, 1, 0) > 0 && (asked.readInt16LE(6) & POLLIN) !== 0) {
    const chunk = Buffer.alloc(4096);
    chunks.push(chunk.subarray(0, readSync(fd, chunk)));
  }
  return Buffer.concat(chunks);
}

/** Start a command on the terminal of this descriptor, as the leader of a process group. */
export function spawnOnTerminal(fd, command, options = {}) {
  const script = 'exec <>"$TTY_NAME" >&0 2>&1; unset TTY_NAME; exec "$@"';
  return spawn('/bin/sh', ['-c', script, 'sh', ...command], {
    ...options,
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ...options.env, TTY_NAME: ptsname(fd) },
  });
}
