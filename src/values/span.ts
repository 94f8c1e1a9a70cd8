// Spans: where in a source text a thing stands.
//
// Lines and columns are 1-based, a column counts UTF-8 bytes, the end is exclusive (language §1, §12.2).

import { isAbsolute, relative } from 'node:path';

/** A text that was read: a file, standard input, an `--eval` argument, a REPL entry. */
export class Source {
  /** The texts that it includes, once they have been read. */
  readonly includes: Source[] = [];

  constructor(
    /** The base name of the file, `std/io.eta` for the library's, `<stdin>`, `<eval>` … */
    readonly name: string,
    /** Absolute path of the file, null where the text has none. */
    readonly path: string | null,
    /** The text, null where only compiled code was loaded. */
    readonly text: string | null,
    /** The FILE-ID of error payloads: 1 for the main file, 2, 3 … in load order, 0 without a file. */
    public fileId: number = 0,
    /** Whether it belongs to the standard library, in which no user is at home. */
    readonly isLibrary: boolean = false,
    /** Of the bytes that the text was read from (bytecode/checksum.ts); null where it is no file. */
    readonly checksum: string | null = null,
  ) {}
}

export class Span {
  constructor(
    readonly source: Source,
    readonly startLine: number,
    readonly startColumn: number,
    readonly endLine: number,
    readonly endColumn: number,
  ) {}
}

/** What has no text: data that are evaluated. */
export const NO_SOURCE = new Source('file 0', null, null, 0);

/** The span of things that stand nowhere: `[file 0:1:1-1:1]`. */
export const NO_SPAN = new Span(NO_SOURCE, 1, 1, 1, 1);

/** From the start of `first` to the end of `last`. */
export function spanning(first: Span, last: Span): Span {
  return new Span(first.source, first.startLine, first.startColumn, last.endLine, last.endColumn);
}

/** Folders whose files are called by their paths in there: first of all the one in which the program was started. */
const homeFolders: string[] = [];
try {
  homeFolders.push(process.cwd());
} catch {
  // It is gone.
}

/** Call the files in a folder by their paths in there: that of a bundled program, which lies where nobody has put it. */
export function addHomeFolder(folder: string): void {
  if (!homeFolders.includes(folder)) homeFolders.unshift(folder);
}

/**
 * What diagnostics call a text: a file by its path, from the folder in which the program was started where it lies in
 * there, so that files of one name can be told apart; the library's files and what is no file by name.
 */
export function placeName({ name, path, isLibrary }: Source): string {
  // A pipe has a name, and a canonical path that is another.
  if (path === null || isLibrary || !path.endsWith(name)) return name;
  const ways = homeFolders.map((folder) => relative(folder, path));
  return ways.find((way) => !isAbsolute(way) && !/^\.\.([\\/]|$)/.test(way)) ?? path;
}

/** `FILE:L1:C1-L2:C2`, as diagnostics print it. */
export function spanText(span: Span): string {
  return `${placeName(span.source)}:${span.startLine}:${span.startColumn}-${span.endLine}:${span.endColumn}`;
}
