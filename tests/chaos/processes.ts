// What the system says of processes: children, descriptors, threads, memory. Linux only, where /proc has it all.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process holds at one moment. */
export interface Holding {
  readonly descriptors: number;
  /** What the descriptors are, like `pipe:[41010]`. */
  readonly links: readonly string[];
  readonly threads: number;
  readonly residentMb: number;
  /** Children that have ended and that nobody has waited for. */
  readonly zombies: number;
}

export const canSeeProcesses = process.platform === 'linux';

export function holdingOf(pid: number): Holding {
  const status = read(`/proc/${pid}/status`);
  const descriptors = list(`/proc/${pid}/fd`);
  return {
    descriptors: descriptors.length,
    links: descriptors.map((fd) => linkOf(`/proc/${pid}/fd/${fd}`)),
    threads: numberIn(status, 'Threads'),
    residentMb: Math.round(numberIn(status, 'VmRSS') / 1024),
    zombies: childrenOf(pid).filter(isZombie).length,
  };
}

/** The children of a process, oldest first, whichever of its threads has started them. */
export function childrenOf(pid: number): number[] {
  const texts = list(`/proc/${pid}/task`).map((task) => read(`/proc/${pid}/task/${task}/children`));
  return texts.flatMap((text) => text.split(' ').filter((word) => word !== '')).map(Number);
}

export function isZombie(pid: number): boolean {
  return /\) Z /.test(read(`/proc/${pid}/stat`));
}

/** Processes whose environment has this line and that have not ended. */
export function processesWith(line: string): number[] {
  const own = (name: string) => read(`/proc/${name}/environ`).split('\0').includes(line);
  return list('/proc')
    .filter((name) => /^\d+$/.test(name) && own(name))
    .map(Number);
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

function numberIn(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return ''; // closed in the meantime
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
