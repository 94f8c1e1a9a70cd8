// Reading data at run time: the first datum of a text, as a plain value.
//
// `(read port)` reads many data from one text, and must not look at the whole of it for each. So the text is taken in
// windows, each four times as long as the one before, until the datum ends well inside the window; what touches the end
// of a window is not believed. That costs at most a small constant times the length of the datum.
//
// Sources: networking §9.3, §9.5; README "Networking and actors" (depth).

import type { Value } from '../values/types.ts';
import { DatumReadError, PARSE } from './faults.ts';
import { tokenize } from './lexer.ts';
import { Parser } from './parser.ts';
import { syntaxToDatum } from './syntax-data.ts';

export interface DatumOptions {
  /** Deepest nesting of brackets and prefixes; more is refused. Default: none. */
  readonly maxDepth?: number;
  /** Are datum labels (#0= #0#) read? Default: yes. */
  readonly labels?: boolean;
  /** Is the case of names folded? The result says how a `#!fold-case` in the text left it. Default: no. */
  readonly foldCase?: boolean;
  /** Does an R7RS program read it? Default: no. */
  readonly isR7rs?: boolean;
}

export interface DatumText {
  readonly value: Value;
  /** Offset after the datum. */
  readonly end: number;
  readonly foldCase: boolean;
}

const FIRST_WINDOW = 64;
const WINDOW_GROWTH = 4;

/** Nesting that a received text may have. */
const MAX_WIRE_DEPTH = 10_000;

/**
 * The first datum of `text` at or after `start`; what follows it is not looked at.
 *
 * Returns null if there is only white space and comments. Throws DatumReadError, with offsets into `text`.
 */
export function readDatum(text: string, start = 0, options: DatumOptions = {}): DatumText | null {
  for (let size = FIRST_WINDOW; ; size *= WINDOW_GROWTH) {
    const isWhole = start + size >= text.length;
    const found = readWindow(isWhole ? text.slice(start) : text.slice(start, start + size), isWhole, start, options);
    if (found !== undefined) return found;
  }
}

/** As `readDatum`; undefined if the window was too small to tell. */
function readWindow(
  window: string,
  isWhole: boolean,
  start: number,
  options: DatumOptions,
): DatumText | null | undefined {
  const parser = new Parser(window, tokenize(window, start === 0), {
    place: null,
    maxForms: 1,
    maxFindings: 1,
    maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY,
    labels: options.labels ?? true,
    foldCase: options.foldCase ?? false,
    isR7rs: options.isR7rs ?? false,
  });
  parser.run();
  const { position, foldCase } = parser;
  const [finding] = parser.findings;
  const [form] = parser.forms;
  if (!isWhole && (position >= window.length || finding?.fault.atEnd)) return undefined;
  if (finding !== undefined) throw faultAt(finding, start, position);
  if (form !== undefined) return { value: syntaxToDatum(form), end: start + position, foldCase };
  return isWhole ? null : undefined;
}

function faultAt({ fault, start, end }: Parser['findings'][number], offset: number, position: number): DatumReadError {
  return new DatumReadError({ fault, start: offset + start, end: offset + Math.max(end, position) });
}

/** The datum in a text frame: bounded depth, no labels, and an empty text is an error (networking §9.5). */
export function readWireDatum(text: string): Value {
  const found = readDatum(text, 0, { maxDepth: MAX_WIRE_DEPTH, labels: false });
  if (found !== null) return found.value;
  throw new DatumReadError({ fault: PARSE.unexpectedEnd, start: text.length, end: text.length });
}
