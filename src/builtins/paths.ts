// Paths: joining, splitting and normalising, as text. Nothing here asks the file system.
//
// The rules are those of C++ `std::filesystem::path` on POSIX (`operator/`, iteration, `lexically_normal`), which are not
// those of Node's `path`: `a/b/..` normalises to `a/`, an empty last segment of a join adds a slash.
// Source: builtins §13.2, stdlib §13.

import type { Define } from '../bytecode/builtin-table.ts';
import { listFrom, type Value } from '../values/types.ts';
import { wantString } from './arguments.ts';

/** A path argument of `who`. */
export const wantPath = (value: Value, who: string): string => wantString(value, `${who}: path must be a string`);

export function joinPaths(segments: readonly string[]): string {
  return segments.reduce((left, right) => {
    if (right.startsWith('/')) return right;
    return left === '' || left.endsWith('/') ? left + right : `${left}/${right}`;
  });
}

/** `/` first if the path is absolute, then the components that are not empty. */
export function splitPath(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return path.startsWith('/') ? ['/', ...names] : names;
}

/** The lexical normal form; a trailing `/` says that the path can only name a directory. */
export function normalizePath(path: string): string {
  // POSIX leaves the meaning of exactly two slashes to the system.
  if (path === '' || path === '//') return path;
  const root = path.startsWith('/') ? '/' : '';
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.length > 0 && names[names.length - 1] !== '..') names.pop();
    else if (root === '') names.push('..');
  }
  if (names.length === 0) return root === '' ? '.' : root;
  const isDirectory = /(^|\/)\.{0,2}$/.test(path) && names[names.length - 1] !== '..';
  return root + names.join('/') + (isDirectory ? '/' : '');
}

export function definePaths(define: Define): void {
  const errors = 'an argument is not a string';

  define(
    '(path-join segment more …)',
    {
      doc: 'The segments joined with /. An absolute segment replaces what came before; an empty last one adds a slash.',
      errors,
      spec: 'builtins §13.2',
    },
    (...segments: Value[]) => joinPaths(segments.map((segment) => wantPath(segment, 'path-join'))),
  );

  define(
    '(path-split path)',
    { doc: 'The list of the components of path, "/" first if it is absolute.', errors, spec: 'builtins §13.2' },
    (path: Value) => listFrom(splitPath(wantPath(path, 'path-split'))),
  );

  define(
    '(path-normalize path)',
    {
      doc: 'The lexical normal form of path: "." dropped, "x/.." cancelled, slashes collapsed.',
      errors,
      spec: 'builtins §13.2',
    },
    (path: Value) => normalizePath(wantPath(path, 'path-normalize')),
  );
}
