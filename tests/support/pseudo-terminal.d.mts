import type { ChildProcess } from 'node:child_process';

export declare const hasTerminals: boolean;
export declare function openTerminal(columns: number, rows: number): number;
export declare function resizeTerminal(fd: number, columns: number, rows: number): void;
export declare function duplicate(fd: number): number;
export declare function readPending(fd: number): Buffer;
export declare function spawnOnTerminal(
  fd: number,
  command: readonly string[],
  options?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string | undefined>> },
): ChildProcess;
