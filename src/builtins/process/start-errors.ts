// Why a program could not be started, and exit codes. Source: builtins §14.

import * as fs from 'node:fs';
import { constants } from 'node:os';
import { delimiter, resolve } from 'node:path';
import { type EtaError, internalError } from '../../values/errors.ts';
import { isFolder } from '../../values/file-status.ts';
import { systemWords } from '../host/system-words.ts';
import type { Command } from './options.ts';

const NOT_FOUND = 'process-not-found: No such file or directory';
/** Where programs are looked for when the child has no PATH. */
const DEFAULT_PATH = '/usr/bin:/bin';

/** The error for what node:child_process has thrown or returned. */
export function startError(error: unknown, command: Command): EtaError {
  const { code } = error as NodeJS.ErrnoException;
  // Node refuses an empty name itself.
  if (code === 'ENOENT' || command.program === '') return internalError(NOT_FOUND);
  return internalError(`process-spawn-failed: ${systemWords(error)}`);
}

/** The error of a start that failed without saying why: Node tells the reason only to an event loop. */
export function guessStartError(command: Command): EtaError {
  const { program, env = process.env } = command;
  const base = command.cwd ?? '.';
  if (!isFolder(base)) return internalError(NOT_FOUND);
  const folders = program.includes('/') ? [''] : (env.PATH ?? DEFAULT_PATH).split(delimiter);
  const candidates = folders.map((folder) => resolve(base, folder, program)).filter((path) => fs.existsSync(path));
  if (candidates.length === 0) return internalError(NOT_FOUND);
  const words = candidates.some(isExecutable) ? 'Resource temporarily unavailable' : 'Permission denied';
  return internalError(`process-spawn-failed: ${words}`);
}

function isExecutable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.X_OK);
    return !isFolder(path);
  } catch {
    return false;
  }
}

/** The exit code that programs see: the status, or 128 and the number of the signal. */
export function exitCode(code: number | null, signal: NodeJS.Signals | number | null): number {
  if (code !== null) return code;
  return 128 + (typeof signal === 'string' ? constants.signals[signal] : (signal ?? 0));
}
