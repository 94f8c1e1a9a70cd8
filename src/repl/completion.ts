// Completion: what could stand at the cursor.
//
//   (import std.to|          modules: all that the search path has
//   (open-input-file "sr|    files
//   :lo|  :load sr|          commands, and what their argument is
//   (vec|                    names that the next submission can use
//
// Source: tools §5.2, §16.3.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findModule } from '../modules/search-path.ts';
import type { Session } from '../session/session.ts';
import { COMMANDS } from './commands.ts';
import { CodeText } from './editor/code-text.ts';
import { expandHome } from './files.ts';
import { visibleNames } from './names.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

export interface Completion {
  /** What a candidate takes the place of. */
  readonly start: number;
  readonly end: number;
  /** Sorted, each once. */
  readonly candidates: readonly string[];
}

/** Characters of names (tools §5.2). */
const NAME_BEFORE = /[^\s()[\]";#]*$/;
const NAME_BEHIND = /^[^\s()[\]";#]*/;

export function complete(session: Session, text: string, cursor: number): Completion {
  const before = text.slice(0, cursor);
  const command = /^\s*:([\w-]*)$/.exec(before);
  if (command !== null) return commandsMatching(command[1], cursor);
  const argument = /^\s*:([\w-]+)\s+(.*)$/s.exec(before);
  const kind = argument === null ? 'form' : (COMMANDS[argument[1]]?.kind ?? 'form');
  if (argument !== null && kind === 'file') return filesMatching(argument[2], cursor);
  const code = new CodeText(text);
  const string = code.stringStart(cursor);
  if (string >= 0) return filesMatching(text.slice(string + 1, cursor), cursor);
  const prefix = NAME_BEFORE.exec(before)?.[0] ?? '';
  const end = cursor + (NAME_BEHIND.exec(text.slice(cursor))?.[0].length ?? 0);
  return matching(candidatesOf(session, kind, code, cursor), cursor - prefix.length, end, prefix);
}

function candidatesOf(session: Session, kind: string, code: CodeText, cursor: number): Iterable<string> {
  if (kind === 'module' || isInImport(code, cursor)) return moduleNames(session.loader.searchPath);
  const filtered = FILTERED_MODULE.exec(code.text.slice(0, cursor));
  if (filtered !== null) return exportsOf(session, filtered[1]);
  if (kind === 'command') return Object.keys(COMMANDS);
  if (kind === 'setting') return Object.keys(DEFAULT_SETTINGS);
  return visibleNames(session);
}

/** `(import |`, and `(import (only |`: there the first operand is a module, the others are names. */
function isInImport(code: CodeText, cursor: number): boolean {
  const inner = code.enclosing(cursor);
  if (inner?.head === 'import') return true;
  const isFilter = /^(?:only|except|prefix|rename)$/.test(inner?.head ?? '');
  return isFilter && /\(\s*import\b[^()]*(?:\([^()]*\)[^()]*)*\(\s*[a-z]+\s+[^\s()]*$/.test(code.text.slice(0, cursor));
}

/** `(import (only MODULE name |`. */
const FILTERED_MODULE = /\(\s*import\b[^;"]*\(\s*(?:only|except|rename)\s+([^\s()]+)\s[^;"]*$/;

/** What a module exports; nothing where it would have to be run to know that, and could do anything. */
function exportsOf(session: Session, name: string): Iterable<string> {
  const { loader } = session;
  const file = findModule(name, loader.searchPath);
  const module = file !== null && session.isLibraryFile(file) ? loader.require(name) : loader.get(name);
  return module?.exports.keys() ?? [];
}

/** A command that is found is ready for its argument. */
function commandsMatching(prefix: string, cursor: number): Completion {
  const found = matching(Object.keys(COMMANDS), cursor - prefix.length, cursor, prefix);
  const [only, ...others] = found.candidates;
  if (only === undefined || others.length > 0 || COMMANDS[only].argument === '') return found;
  return { ...found, candidates: [`${only} `] };
}

function matching(names: Iterable<string>, start: number, end: number, prefix: string): Completion {
  const candidates = new Set<string>();
  for (const name of names) if (name.startsWith(prefix)) candidates.add(name);
  return { start, end, candidates: [...candidates].sort() };
}

/** The modules that the directories have: `std/json.eta` is `std.json`. */
export function moduleNames(directories: readonly string[]): string[] {
  const names: string[] = [];
  // A search path ends with the working directory, and that may be anything.
  let left = MAX_ENTRIES;
  const search = (directory: string, prefix: string, level: number) => {
    for (const { name, isFolder } of entriesOf(directory)) {
      if (--left < 0) return;
      if (isFolder) {
        if (level < MAX_LEVELS && /^[\w-]+$/.test(name) && name !== 'node_modules')
          search(join(directory, name), `${prefix}${name}.`, level + 1);
      } else if (MODULE_FILE.test(name)) names.push(prefix + name.replace(MODULE_FILE, ''));
    }
  };
  for (const directory of directories) search(directory, '', 1);
  return names;
}

const MODULE_FILE = /\.(?:eta|etac|sld)$/;
/** How deep modules lie at most, and how many files and folders are looked at. */
const MAX_LEVELS = 4;
const MAX_ENTRIES = 4000;

/** @param typed  the part of a path in front of the cursor */
function filesMatching(typed: string, cursor: number): Completion {
  const slash = typed.lastIndexOf('/') + 1;
  const prefix = typed.slice(slash);
  const names = entriesOf(expandHome(typed.slice(0, slash)) || '.')
    .filter(({ name }) => !name.startsWith('.') || prefix.startsWith('.'))
    .map(({ name, isFolder }) => (isFolder ? `${name}/` : name));
  return matching(names, cursor - prefix.length, cursor, prefix);
}

function entriesOf(directory: string): { readonly name: string; readonly isFolder: boolean }[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    return []; // no such folder, or not for us to read
  }
}

/** What all candidates begin with. */
export function commonPrefix([first = '', ...others]: readonly string[]): string {
  let { length } = first;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}
