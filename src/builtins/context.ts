// The context of builtins: what belongs to one VM and not to the engine.

import { fstatSync } from 'node:fs';
import { ConsoleInput, ConsoleOutput, type Port } from '../values/ports.ts';
import { koffi } from './host/koffi.ts';
import { isPosix, waitDescriptor } from './host/libc.ts';
import type { NngPrimitives } from './nng/primitives.ts';

/** The three current ports of a VM. */
export interface CurrentPorts {
  input: Port;
  output: Port;
  error: Port;
}

export interface BuiltinContext {
  /** The strings after the program file on the command line. */
  readonly programArguments: readonly string[];
  /** The program file as it was named, known once it is started. */
  readonly programName?: () => string;
  readonly ports: CurrentPorts;
  /** The networking of this VM; without it, the networking builtins do not exist. */
  readonly nng?: NngPrimitives;
}

/** Standard input, output and error. */
export function consolePorts(): CurrentPorts {
  return { input: new ConsoleInput(waitForInput), output: new ConsoleOutput(1), error: new ConsoleOutput(2) };
}

/**
 * Wait for a pipe or a terminal. A SIGINT that comes just before a read would be lost on it: the read waits for input,
 * and the host ends the program only when it returns. Files are always ready. Without koffi there is only the read.
 */
export function waitForInput(descriptor: number, timeoutMs: number): boolean {
  if (!isPosix || fstatSync(descriptor).isFile()) return true;
  try {
    koffi();
  } catch {
    return true;
  }
  return waitDescriptor(descriptor, timeoutMs) !== 0;
}
