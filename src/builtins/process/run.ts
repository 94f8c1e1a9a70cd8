// Running a program to its end.
//
// The host's spawnSync does it, without an event loop. It can capture a stream, but not two in one: merged output goes
// to a file without a name, whose one offset both streams share, so that the order of writes is kept.
// Source: builtins §14.

import { constants } from 'node:buffer';
import type * as ChildProcess from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { internalError } from '../../values/errors.ts';
import { flushAllPorts } from '../../values/ports.ts';
import { Bytevector, listFrom, type Value } from '../../values/types.ts';
import { openAnonymousFile, readAnonymousFile } from './anonymous-file.ts';
import type { Command } from './options.ts';
import { exitCode, startError } from './start-errors.ts';

/** Loaded on first use: a program that runs no other never pays for it. */
export function childProcess(): typeof ChildProcess {
  return createRequire(import.meta.filename)('node:child_process');
}

/** The list (exit-code stdout stderr); a stream that is not captured is #f. */
export function runProcess(command: Command): Value {
  const { stdin, stdout, stderr } = command;
  const merged = stdout === 'pipe' && stderr === 'merge' ? openAnonymousFile() : null;
  try {
    const result = spawnSync(command, [
      stdin instanceof Uint8Array || stdin === 'pipe' ? 'pipe' : descriptorOf(stdin, 0),
      merged ?? descriptorOf(stdout, 1),
      merged ?? (stderr === 'merge' ? descriptorOf(stdout, 1) : descriptorOf(stderr, 2)),
    ]);
    return listFrom([
      exitCode(result.status, result.signal),
      captured(merged === null ? result.stdout : readAnonymousFile(merged), command.isBinary),
      captured(merged === null ? result.stderr : null, command.isBinary),
    ]);
  } finally {
    if (merged !== null) fs.closeSync(merged);
  }
}

/** What the host takes for a stream: one of its own, or a descriptor of ours. */
export function descriptorOf(stream: 'pipe' | 'inherit' | 'null', descriptor: number): 'pipe' | 'ignore' | number {
  if (stream === 'inherit') return descriptor;
  return stream === 'null' ? 'ignore' : 'pipe';
}

function spawnSync(command: Command, stdio: ('pipe' | 'ignore' | number)[]): ChildProcess.SpawnSyncReturns<Buffer> {
  const { program, args, cwd, env, stdin, timeoutMs } = command;
  flushAllPorts();
  let result: ChildProcess.SpawnSyncReturns<Buffer>;
  try {
    result = childProcess().spawnSync(program, args, {
      cwd,
      env,
      stdio,
      input: stdin instanceof Uint8Array ? stdin : undefined,
      // To the host 0 means no limit.
      timeout: timeoutMs === null ? undefined : Math.max(1, timeoutMs),
      killSignal: 'SIGKILL',
      maxBuffer: Number.POSITIVE_INFINITY,
      windowsHide: true,
    });
  } catch (error) {
    throw startError(error, command);
  }
  checkResult(result, command);
  return result;
}

/** A program that ends without reading all of its input gives an EPIPE, which is no failure. */
function checkResult(result: ChildProcess.SpawnSyncReturns<Buffer>, command: Command): void {
  const error = result.error as NodeJS.ErrnoException | undefined;
  if (error === undefined) return;
  if (error.code === 'ETIMEDOUT') throw internalError(`process-timeout: timed out after ${command.timeoutMs} ms`);
  if (!result.pid) throw startError(error, command);
  if (result.status === null && result.signal === null) throw internalError(`process-wait-failed: ${error.message}`);
}

function captured(bytes: Buffer | null, isBinary: boolean): Value {
  if (bytes === null) return false;
  if (isBinary) return new Bytevector(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw internalError(`process-wait-failed: ${bytes.length} bytes of output are too long for a string`);
  }
  return decodeText(bytes);
}

let decoder: InstanceType<typeof TextDecoder> | undefined;

/** Made when it is first needed, for a program that never runs another. */
function strictDecoder(): InstanceType<typeof TextDecoder> {
  decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return decoder;
}

/** UTF-8 text; each byte that is no part of a character is U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictDecoder().decode(bytes);
  } catch {
    return decodeDamaged(bytes);
  }
}

function decodeDamaged(bytes: Uint8Array): string {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < bytes.length; ) {
    const length = characterLength(bytes, i);
    if (length === 0) {
      if (start < i) parts.push(strictDecoder().decode(bytes.subarray(start, i)));
      parts.push('\ufffd');
      start = i + 1;
    }
    i += Math.max(1, length);
  }
  parts.push(strictDecoder().decode(bytes.subarray(start)));
  return parts.join('');
}

/** Bytes of the character at index i, 0 if there is none (Unicode, table 3-7). */
function characterLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i];
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (i + length > bytes.length) return 0;
  // Neither longer than need be, nor a surrogate, nor beyond the last character.
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (bytes[i + 1] < least || bytes[i + 1] > most) return 0;
  for (let k = 2; k < length; k++) if ((bytes[i + k] & 0xc0) !== 0x80) return 0;
  return length;
}
