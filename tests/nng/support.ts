// Calling the networking primitives from tests as Eta would: by name, on values, through the builtin table.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Networking, type NetworkingHost } from '../../src/builtins/nng/context.ts';
import { defineNng } from '../../src/builtins/nng/primitives.ts';
import { BuiltinTable } from '../../src/bytecode/builtin-table.ts';
import { Primitive } from '../../src/bytecode/procedures.ts';
import { EtaError } from '../../src/values/errors.ts';
import { writeText } from '../../src/values/printer.ts';
import { intern, type Value } from '../../src/values/types.ts';

export const sym = intern;

/** One VM's worth of networking. */
export interface Actor {
  readonly networking: Networking;
  /** Call a primitive; a string that starts with ' is a symbol. */
  call(name: string, ...args: Value[]): Value;
  /** The same, but give the error that it raises. */
  fail(name: string, ...args: Value[]): EtaError;
}

export function makeActor(host: Partial<NetworkingHost> = {}): Actor {
  const networking = new Networking({
    interpreter: null,
    threadEntry: null,
    programFolder: () => null,
    prefersProgramFolder: false,
    modulePath: () => [],
    ...host,
  });
  const table = new BuiltinTable();
  defineNng(table.define, { networking, defineThreads: () => {} });
  const call = (name: string, ...args: Value[]): Value => {
    const { value } = table.get(name)!;
    if (!(value instanceof Primitive)) throw new Error(`${name} is no primitive`);
    return value.fn(...args.map((arg) => (typeof arg === 'string' && arg.startsWith("'") ? sym(arg.slice(1)) : arg)));
  };
  const fail = (name: string, ...args: Value[]): EtaError => {
    let result: Value;
    try {
      result = call(name, ...args);
    } catch (error) {
      if (error instanceof EtaError) return error;
      throw error;
    }
    throw new Error(`${name} gave ${writeText(result)}`);
  };
  return { networking, call, fail };
}

export const sleep = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

let count = 0;
let folder: string | null = null;

/** A folder for this test file, which removes it at its end. */
export function testFolder(): string {
  folder ??= mkdtempSync(path.join(tmpdir(), 'eta-nng-test-'));
  return folder;
}

export function removeTestFolder(): void {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
}

/** An endpoint that nobody else uses. */
export function freshEndpoint(transport: 'inproc' | 'ipc' | 'tcp'): string {
  count++;
  if (transport === 'inproc') return `inproc://test-${process.pid}-${count}`;
  if (transport === 'ipc') return `ipc://${path.join(testFolder(), `s${count}`)}`;
  return `tcp://${loopback()}:${20_000 + count}`;
}

/** An address of this process alone, where the system has a whole net of them: ports are taken by others, too. */
function loopback(): string {
  const { pid, platform } = process;
  return platform === 'linux' ? `127.${1 + ((pid >> 16) & 63)}.${(pid >> 8) & 255}.${pid & 255}` : '127.0.0.1';
}

/** Descriptors of this process that are open now. */
export const openDescriptors = (): number => readdirSync('/proc/self/fd').length;
