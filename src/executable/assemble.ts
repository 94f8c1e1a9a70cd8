// Making an executable: a front, which is Node with the boot program inside, and an archive.
//
// The front comes from another executable, in which case nothing but the archive is new, or from Node's own file.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import { systemWords } from '../builtins/host/system-words.ts';
import { userError } from '../values/errors.ts';
import { writeWhole } from '../values/whole-file.ts';
import { type ArchivedFile, eachFile, encodeArchive, type FileList, readArchive } from './archive.ts';
import { isExecutable, OWN_FOLDER } from './invocation.ts';
import { platformOf, withBootProgram } from './node-binary.ts';
import { ownFiles } from './own-files.ts';

/** Where a bundled program's files lie in an archive. */
export const PROGRAM_FOLDER = 'program';

/** Node, and etai's own files. */
export interface Base {
  readonly front: Uint8Array;
  readonly files: readonly ArchivedFile[];
  readonly remarks: readonly string[];
}

/** A program that an executable is made for. */
export interface BundledProgram {
  /** The path of the file to run, among the files. */
  readonly main: string;
  readonly files: readonly ArchivedFile[];
}

/**
 * What executables are made of: an executable of this release of etai, or Node's own file; null for this executable or
 * the Node that runs. Throws an EtaError if it is neither.
 */
export async function openBase(file: string | null): Promise<Base> {
  if (file === null && isExecutable()) return baseOfExecutable(process.execPath)!;
  return (file === null ? null : baseOfExecutable(file)) ?? baseOfNode(file ?? process.execPath);
}

function baseOfExecutable(file: string): Base | null {
  const archive = readArchive(file);
  if (archive === null) return null;
  if (archive.version !== version) throw userError(`${file} is etai ${archive.version}, this is ${version}`);
  const files: ArchivedFile[] = [];
  eachFile(archive, (each) => {
    if (!each.path.startsWith(`${PROGRAM_FOLDER}/`)) files.push(each);
  });
  return { front: readFileSync(file).subarray(0, archive.start), files, remarks: [] };
}

async function baseOfNode(file: string): Promise<Base> {
  const front = await withBootProgram(file, readFileSync(join(OWN_FOLDER, 'dist', 'boot.cjs'), 'utf8'));
  return { front, ...ownFiles(platformOf(front)!) };
}

/** Write an executable, all at once. Gives its size in bytes. */
export function writeExecutable(
  target: string,
  { front, files: ownFiles }: Base,
  program: BundledProgram | null,
): number {
  const files = [...ownFiles, ...(program?.files ?? [])];
  const list: FileList = files.map(({ path, bytes }) => [path, bytes.length]);
  const main = program?.main ?? null;
  const archive = encodeArchive({ hash: hashOf(files, main), version, program: main, files: list }, files);
  const parts = [front, ...archive];
  try {
    writeWhole(target, parts, true);
  } catch (thrown) {
    throw userError(`cannot write ${target}: ${systemWords(thrown)}`);
  }
  return parts.reduce((size, { length }) => size + length, 0);
}

function hashOf(files: readonly ArchivedFile[], main: string | null): string {
  const hash = createHash('sha256').update(`${version}\0${main}\0`);
  for (const { path, bytes } of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex').slice(0, 32);
}
