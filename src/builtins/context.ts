// The context of builtins: what belongs to one VM and not to the engine.

import { ConsoleInput, ConsoleOutput, type Port } from '../values/ports.ts';
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
  readonly ports: CurrentPorts;
  /** The networking of this VM; without it, the networking builtins do not exist. */
  readonly nng?: NngPrimitives;
}

/** Standard input, output and error. */
export function consolePorts(): CurrentPorts {
  return { input: new ConsoleInput(), output: new ConsoleOutput(1), error: new ConsoleOutput(2) };
}
