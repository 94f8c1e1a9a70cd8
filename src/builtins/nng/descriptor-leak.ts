// A workaround: before release 1.6, nng never closes the pipes behind `recv-fd` and `send-fd` of a PAIR version 0 socket
// (https://github.com/nanomsg/nng/pull/1640), four descriptors for each worker. Once such a socket is closed nobody uses
// them any more, so they are closed here. Each is known by the pipe that it is an end of: a descriptor whose pipe has
// changed in between was closed by nng, as it should be, and is somebody else's now.
//
// Linux only, where a process can see its descriptors; elsewhere newer releases are what one finds.

import { readdirSync, readlinkSync } from 'node:fs';
import { closeDescriptor } from '../host/libc.ts';

const DESCRIPTORS = '/proc/self/fd';

interface PipeEnd {
  readonly fd: number;
  /** Like `pipe:[41010]`, unique among the open ones. */
  readonly pipe: string;
}

/** Both ends of the pipes that these descriptors are ends of. To be called before the socket is closed. */
export function endsOfPipes(fds: readonly number[]): readonly PipeEnd[] {
  return fds.flatMap((fd) => {
    const pipe = linkOf(fd);
    if (!pipe?.startsWith('pipe:')) return [];
    // The two are made together, so the other end is the next descriptor unless that was taken.
    const other = linkOf(fd + 1) === pipe ? fd + 1 : findOther(fd, pipe);
    return [fd, ...(other === null ? [] : [other])].map((end) => ({ fd: end, pipe }));
  });
}

/** Close those ends that are still open. To be called after the socket was closed. */
export function closePipeEnds(ends: readonly PipeEnd[]): void {
  for (const { fd, pipe } of ends) if (linkOf(fd) === pipe) closeDescriptor(fd);
}

function findOther(fd: number, pipe: string): number | null {
  return openDescriptors().find((other) => other !== fd && linkOf(other) === pipe) ?? null;
}

/** All of this process; to list them takes a descriptor, and without one the first few thousand have to do. */
function openDescriptors(): readonly number[] {
  try {
    return readdirSync(DESCRIPTORS).map(Number);
  } catch {
    return Array.from({ length: 4096 }, (_, fd) => fd);
  }
}

function linkOf(fd: number): string | null {
  try {
    return readlinkSync(`${DESCRIPTORS}/${fd}`);
  } catch {
    return null;
  }
}
