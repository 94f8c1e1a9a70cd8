// The private folder for the sockets of automatic endpoints.
//
// Only its owner can enter it (mode 0700), and the names in it cannot be guessed, so that no stranger can dial in a
// child's place. It lies under XDG_RUNTIME_DIR or the temporary folder, is made at the first `spawn`, and is named after
// its process: a process that was killed cannot clean up, so the next one that makes a folder removes those of dead
// processes. Process ids mean something in one pid namespace only, so its number is part of the name.
//
// Source: README, Networking ("Settled"); architecture, "Security defaults".

import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nngError } from '../../values/errors.ts';

/** The longest path of a Unix socket (sun_path less its end); macOS allows the least. */
const LONGEST_SOCKET_PATH = 103;
const NAME = /^eta-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;

export class SocketFolder {
  private folder: string | null = null;

  /** A fresh endpoint; the folder is made if need be. Raises `spawn: cannot make a socket folder in …`. */
  freshEndpoint(): string {
    const name = `${randomBytes(8).toString('hex')}.sock`;
    if (process.platform === 'win32') return `ipc://eta-${process.pid}-${name}`;
    this.folder ??= makeProcessFolder('spawn: cannot make a socket folder');
    return `ipc://${path.join(this.folder, name)}`;
  }

  /** Remove the folder and what is in it. */
  remove(): void {
    if (this.folder === null) return;
    rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
  }
}

/** Where they lie. */
function baseFolder(): string {
  const runtime = process.env.XDG_RUNTIME_DIR;
  const candidates = [...(runtime === undefined || runtime === '' ? [] : [runtime]), tmpdir(), '/tmp'];
  // 22 for the folder's name at its longest in practice, 22 for the socket's.
  return candidates.find((folder) => folder.length + 50 <= LONGEST_SOCKET_PATH && isWritable(folder)) ?? tmpdir();
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return path.isAbsolute(folder);
  } catch {
    return false;
  }
}

/**
 * A folder for what this process makes, which it removes when it ends. Those of dead processes are removed now.
 *
 * @param failure  what is raised if there can be none: `FAILURE in BASE: …`
 */
export function makeProcessFolder(failure: string): string {
  const base = baseFolder();
  sweep(base);
  try {
    return mkdtempSync(path.join(base, `eta-${process.pid}-${pidNamespace()}-`)); // mode 0700
  } catch (error) {
    throw nngError(`${failure} in ${base}: ${(error as Error).message}`);
  }
}

/** Remove the folders of processes that are gone. */
function sweep(base: string): void {
  const namespace = pidNamespace();
  for (const name of listFolder(base)) {
    const match = NAME.exec(name);
    if (match !== null && match[2] === namespace && !isAlive(Number(match[1]))) removeOwn(path.join(base, name));
  }
}

/** Remove what a process left behind that we have seen end. */
export function sweepFoldersOf(pid: number): void {
  const base = baseFolder();
  const start = `eta-${pid}-${pidNamespace()}-`;
  for (const name of listFolder(base)) {
    if (name.startsWith(start) && NAME.test(name)) removeOwn(path.join(base, name));
  }
}

/** Remove the socket file of an automatic endpoint: its one peer is connected, nobody else has business there. */
export function unlinkPrivateSocket(endpoint: string): void {
  const file = privateSocket(endpoint);
  if (file === null) return;
  try {
    unlinkSync(file);
  } catch {
    // It is gone already.
  }
}

/** Remove the folder of an automatic endpoint if its owner was killed, and nothing is left in it. */
export function removeAbandonedFolder(endpoint: string): void {
  const file = privateSocket(endpoint);
  if (file === null) return;
  const folder = path.dirname(file);
  try {
    if (!isAlive(Number(NAME.exec(path.basename(folder))![1]))) rmdirSync(folder);
  } catch {
    // Others still use it, or it is gone.
  }
}

function privateSocket(endpoint: string): string | null {
  if (!endpoint.startsWith('ipc:///')) return null;
  const file = endpoint.slice('ipc://'.length);
  return NAME.test(path.basename(path.dirname(file))) ? file : null;
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Folders only, and our own: in a shared temporary folder anybody may make things with such names. */
function removeOwn(folder: string): void {
  try {
    const stats = lstatSync(folder);
    if (stats.isDirectory() && stats.uid === process.getuid?.()) rmSync(folder, { recursive: true, force: true });
  } catch {
    // Somebody else was faster.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0'; // the system has none
  }
}
