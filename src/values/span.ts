// Spans: where in a source text a thing stands.
//
// Lines and columns are 1-based, a column counts UTF-8 bytes, the end is exclusive (language §1, §12.2).

/** A text that was read: a file, standard input, an `--eval` argument, a REPL entry. */
export class Source {
  /** The texts that it includes, once they have been read. */
  readonly includes: Source[] = [];

  constructor(
    /** What diagnostics call it: the base name of the file, `<stdin>`, `<eval>` … */
    readonly name: string,
    /** Absolute path of the file, null where the text has none. */
    readonly path: string | null,
    /** The text, null where only compiled code was loaded. */
    readonly text: string | null,
    /** The FILE-ID of error payloads: 1 for the main file, 2, 3 … in load order, 0 without a file. */
    public fileId: number = 0,
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

export const NO_SOURCE = new Source('file 0', null, null, 0);

/** The span of things that stand nowhere: `[file 0:1:1-1:1]`. */
export const NO_SPAN = new Span(NO_SOURCE, 1, 1, 1, 1);

/** From the start of `first` to the end of `last`. */
export function spanning(first: Span, last: Span): Span {
  return new Span(first.source, first.startLine, first.startColumn, last.endLine, last.endColumn);
}

/** `FILE:L1:C1-L2:C2`, as diagnostics print it. */
export function spanText(span: Span): string {
  return `${span.source.name}:${span.startLine}:${span.startColumn}-${span.endLine}:${span.endColumn}`;
}
