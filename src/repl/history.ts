// The history of the prompt: what has been entered, kept in a file, one entry a line.
//
// A line end within an entry is written as `\n`, a backslash as `\\`. Each entry is appended when it is entered, so that
// prompts that run at the same time keep each other's; the file is made shorter only when it has grown well beyond the
// limit, by a rename. Both are done under a lock, so that no entry gets lost between reading and renaming. Nothing that goes wrong with the file ends the prompt: there is one notice, and
// entries that make no sense are left out.
//
// Source: tools §16.3.

import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder } from '../values/folders.ts';
import { writeWhole } from '../values/whole-file.ts';

/** Entries that are kept. */
export const HISTORY_LIMIT = 10_000;
/** Entries beyond the limit that may gather in the file before it is made shorter. */
const SLACK = 1_000;
/** A lock older than this was left by a process that has died. */
const STALE_LOCK_MS = 10_000;

/** Where the history is kept: ETA_HISTORY, else ~/.eta/history; null if ETA_HISTORY is empty. */
export function historyFile(environment: NodeJS.ProcessEnv): string | null {
  const { ETA_HISTORY: file } = environment;
  if (file !== undefined) return file === '' ? null : file;
  try {
    return join(homedir(), '.eta', 'history');
  } catch {
    return null; // the user has no home
  }
}

export class History {
  private readonly entries: string[] = [];
  private hasWarned = false;

  /**
   * @param file  null: nothing is kept
   * @param warn  told once if the file cannot be read or written
   */
  constructor(
    private file: string | null,
    private readonly warn: (message: string) => void,
  ) {
    this.load();
  }

  get length(): number {
    return this.entries.length;
  }

  /** Oldest first. */
  entry(index: number): string {
    return this.entries[index] ?? '';
  }

  /** Keep an entry, unless it is the last one again. */
  add(text: string): void {
    if (text.trim() === '' || text === this.entries.at(-1)) return;
    this.entries.push(text);
    if (this.file === null) return;
    try {
      makeFolder(dirname(this.file), 0o700);
      const isLocked = takeLock(this.file, LOCK_ATTEMPTS);
      appendFileSync(this.file, `${encoded(text)}\n`, { mode: 0o600 });
      if (isLocked) releaseLock(this.file);
    } catch (thrown) {
      this.giveUp('written', thrown);
    }
  }

  private load(): void {
    if (this.file === null) return;
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') this.giveUp('read', thrown);
      return;
    }
    const lines = text.split('\n').filter((line) => line !== '');
    const sound = lines.filter(isSound);
    const damaged = lines.length - sound.length;
    if (damaged > 0) this.tell(`${damaged} damaged ${damaged === 1 ? 'entry' : 'entries'} of ${this.file} left out`);
    for (const line of sound.slice(-HISTORY_LIMIT)) this.entries.push(decoded(line));
    if (lines.length > HISTORY_LIMIT + SLACK) this.shorten(this.file);
  }

  /** Write the newest entries of the file to a new one in its place. */
  private shorten(file: string): void {
    if (!takeLock(file, 1)) return; // somebody else does it
    try {
      const lines = readFileSync(file, 'utf8').split('\n').filter(isSound);
      const newest = lines.slice(-HISTORY_LIMIT).map((line) => `${line}\n`);
      writeWhole(file, newest.join(''));
    } catch {
      // It stays as long as it is.
    } finally {
      releaseLock(file);
    }
  }

  private giveUp(what: string, thrown: unknown): void {
    this.tell(`the history is not kept: ${this.file} cannot be ${what} (${(thrown as NodeJS.ErrnoException).code})`);
    this.file = null;
  }

  private tell(message: string): void {
    if (!this.hasWarned) this.warn(message);
    this.hasWarned = true;
  }
}

/** How often an entry asks for the lock, LOCK_PAUSE_MS apart, before it does without. */
const LOCK_ATTEMPTS = 10;
const LOCK_PAUSE_MS = 10;

/** The lock is a folder, which only one process can make. Gives whether we have it. */
function takeLock(file: string, attempts: number): boolean {
  const lock = `${file}.lock`;
  for (let attempt = 1; ; attempt++) {
    try {
      mkdirSync(lock);
      return true;
    } catch {
      removeStale(lock);
    }
    if (attempt >= attempts) return false;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_PAUSE_MS);
  }
}

const releaseLock = (file: string): void => rmSync(`${file}.lock`, { recursive: true, force: true });

function removeStale(lock: string): void {
  try {
    if (Date.now() - statSync(lock).mtimeMs > STALE_LOCK_MS) rmSync(lock, { recursive: true });
  } catch {
    // It has gone, or is not ours to remove.
  }
}

/** Not blank, and free of control characters and bytes that are no UTF-8. */
const isSound = (line: string): boolean => line.trim() !== '' && !/[\x00-\x08\x0b-\x1f\x7f\ufffd]/.test(line);

const encoded = (text: string): string => text.replace(/[\\\n\r]/g, (char) => ESCAPES[char]);
const decoded = (line: string): string =>
  line.replace(/\\([\\nr])/g, (_, char: string) => (char === 'n' ? '\n' : char === 'r' ? '\r' : '\\'));

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
