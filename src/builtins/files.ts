// The file system: questions about paths, and changes to them.
//
// A predicate answers #f for whatever it cannot see. An operation that the system refuses raises
//
//     OPERATION: WHAT FAILED: PATH: the system's words
//
// Source: builtins §13.2, README B7.

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import type { Define } from '../bytecode/builtin-table.ts';
import { EtaError, typeError } from '../values/errors.ts';
import { isFolder } from '../values/file-status.ts';
import { compareText } from '../values/text.ts';
import { listFrom, NIL, type Value } from '../values/types.ts';
import { systemWords } from './host/system-words.ts';
import { joinPaths, wantPath } from './paths.ts';

/** `file-error?` of R7RS is true of errors with this alias. */
export const FILE_ERROR = 'runtime.file-error';

/** The error of a file operation; `what` is the specification's text, which begins with the operation's name. */
export function fileError(what: string, path: string, error: unknown): EtaError {
  const message = `${what}: ${path}: ${systemWords(error)}`;
  return new EtaError('runtime.type-error', message, [], [FILE_ERROR]);
}

export function defineFiles(define: Define): void {
  definePredicates(define);
  defineOperations(define);
  defineTemporaries(define);
}

function definePredicates(define: Define): void {
  const errors = 'path is not a string';

  define(
    '(file-exists? path)',
    { doc: 'Whether path names anything that exists; links are followed.', errors, spec: 'builtins §13.2' },
    (path: Value) => fs.existsSync(wantPath(path, 'file-exists?')),
  );

  define(
    '(directory? path)',
    { doc: 'Whether path names a directory; #f if it does not exist.', errors, spec: 'builtins §13.2' },
    (path: Value) => isFolder(wantPath(path, 'directory?')),
  );
}

function defineOperations(define: Define): void {
  define(
    '(delete-file path)',
    {
      doc: 'Remove a file or a link.',
      errors: 'path is a directory, does not exist or cannot be removed',
      spec: 'builtins §13.2',
    },
    (path: Value) => {
      const name = wantPath(path, 'delete-file');
      try {
        fs.unlinkSync(name);
      } catch (error) {
        const what = isDirectoryItself(name) ? 'path is a directory' : 'failed to remove file';
        throw fileError(`delete-file: ${what}`, name, error);
      }
      return NIL;
    },
  );

  define(
    '(make-directory path)',
    {
      doc: 'Create a directory, unless it exists. Its parent must exist.',
      errors: 'the directory cannot be created',
      spec: 'builtins §13.2',
    },
    (path: Value) => {
      const name = wantPath(path, 'make-directory');
      try {
        fs.mkdirSync(name);
      } catch (error) {
        const exists = (error as NodeJS.ErrnoException).code === 'EEXIST' && fs.statSync(name).isDirectory();
        if (!exists) throw fileError('make-directory: failed to create directory', name, error);
      }
      return NIL;
    },
  );

  define(
    '(list-directory path)',
    {
      doc: 'The names in a directory, sorted by their bytes, without . and ..',
      errors: 'path is not a directory or cannot be read',
      spec: 'builtins §13.2',
    },
    (path: Value) => {
      const name = wantPath(path, 'list-directory');
      try {
        return listFrom(fs.readdirSync(name).sort(compareText));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const what =
          code === 'ENOTDIR' || code === 'ENOENT' ? 'path is not a directory' : 'failed while enumerating directory';
        throw fileError(`list-directory: ${what}`, name, error);
      }
    },
  );

  define(
    '(file-modification-time path)',
    {
      doc: 'When path was last changed, in milliseconds since 1970-01-01 UTC.',
      errors: 'path cannot be examined',
      spec: 'builtins §13.2',
    },
    (path: Value) => {
      const name = wantPath(path, 'file-modification-time');
      try {
        return Math.floor(fs.statSync(name).mtimeMs) + 0;
      } catch (error) {
        throw fileError('file-modification-time: failed to query modification time', name, error);
      }
    },
  );

  define(
    '(file-size path)',
    {
      doc: 'The length of a file in bytes.',
      errors: 'path does not exist or is no regular file',
      spec: 'builtins §13.2',
    },
    (path: Value) => {
      const name = wantPath(path, 'file-size');
      const what = 'file-size: failed to query file size';
      let stats: fs.Stats;
      try {
        stats = fs.statSync(name);
      } catch (error) {
        throw fileError(what, name, error);
      }
      if (stats.isDirectory()) throw typeError(`${what}: ${name}: Is a directory`);
      if (!stats.isFile()) throw typeError(`${what}: ${name}: Not a regular file`);
      return stats.size;
    },
  );
}

function isDirectoryItself(name: string): boolean {
  try {
    return fs.lstatSync(name).isDirectory();
  } catch {
    return false;
  }
}

function defineTemporaries(define: Define): void {
  define(
    '(temp-file)',
    {
      doc: 'The path of a new empty file in the folder for temporary files, readable by its owner only.',
      errors: 'the file cannot be created',
      spec: 'builtins §13.2',
    },
    () =>
      createTemporary('temp-file: failed to create temporary file', '.tmp', (name) =>
        fs.closeSync(fs.openSync(name, 'wx', 0o600)),
      ),
  );

  define(
    '(temp-directory)',
    {
      doc: 'The path of a new empty directory in the folder for temporary files, accessible to its owner only.',
      errors: 'the directory cannot be created',
      spec: 'builtins §13.2',
    },
    () =>
      createTemporary('temp-directory: failed to create temporary directory', '.dir', (name) =>
        fs.mkdirSync(name, 0o700),
      ),
  );
}

/** `create` must refuse an existing name (EEXIST): then another one is tried. */
export function createTemporary(what: string, suffix: string, create: (name: string) => void): string {
  const folder = temporaryFolder();
  for (;;) {
    const name = joinPaths([folder, `eta-${randomHex()}${suffix}`]);
    try {
      create(name);
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(what, name, error);
    }
  }
}

function temporaryFolder(): string {
  const { TMPDIR, TMP, TEMP, TEMPDIR } = process.env;
  return TMPDIR || TMP || TEMP || TEMPDIR || tmpdir();
}

function randomHex(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex');
}
