// The Eta files that the words of a command line name, and their texts.

import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemWords } from '../builtins/host/system-words.ts';
import { decodeSource } from '../reader/index.ts';
import { isFolder, isMissing } from '../values/file-status.ts';
import { complain } from './output.ts';

/** Folders that hold what other programs have made. */
const FOREIGN = new Set(['node_modules', 'target']);

/** Files as they are named, and the `.eta` files of folders, hidden and foreign ones left out; each path once. */
export function etaFiles(paths: readonly string[]): { files: string[]; missing: string[] } {
  const files = new Set<string>();
  const missing: string[] = [];
  for (const path of paths) {
    if (isMissing(path)) missing.push(path);
    else if (isFolder(path)) for (const file of filesIn(path)) files.add(file);
    else files.add(path);
  }
  return { files: [...files], missing };
}

/** A folder and those below it, hidden and foreign ones left out, with their Eta files. */
export function* foldersIn(folder: string): Generator<{ readonly path: string; readonly files: readonly string[] }> {
  const folders = [folder];
  for (let path = folders.shift(); path !== undefined; path = folders.shift()) {
    const files: string[] = [];
    for (const entry of entriesOf(path)) {
      const below = join(path, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.') && !FOREIGN.has(entry.name)) folders.push(below);
      else if (entry.isFile() && entry.name.endsWith('.eta')) files.push(below);
    }
    yield { path, files };
  }
}

const filesIn = (folder: string): string[] => [...foldersIn(folder)].flatMap(({ files }) => files);

/** In a stable order. A folder that cannot be read is told of and passed over. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (thrown) {
    complain(`cannot read folder ${folder}: ${systemWords(thrown)}`);
    return [];
  }
}

/** The text of a file; null if it cannot be read, which has been said then. */
export function readSource(file: string): string | null {
  try {
    return decodeSource(readFileSync(file));
  } catch (thrown) {
    complain(`cannot read ${file}: ${systemWords(thrown)}`);
    return null;
  }
}
