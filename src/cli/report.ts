// What the command line prints about errors.
//
//   error [hello.eta:3:12-3:16]: Undefined symbol: nmae          the documented first line
//    3 |   (println nmae)                                        the line, cut to the terminal's width
//      |            ^^^^
//     [hello.eta:1:1-1:20]: first defined here                   further places, each with its line
//    1 | (define name "x")
//      | ^^^^^^^^^^^^^^^^^
//     note: the value is "2", a string                           facts
//     hint: did you mean 'name'?
//     at greet (hello.eta:3:3)                                   the trace, innermost first
//
// Columns of spans count UTF-8 bytes; columns of a terminal do not: `Excerpt` converts. Nothing of a source text reaches
// the terminal as a control character. Source: tools §1.2, §16.2, README L13, L14.

import { readFileSync } from 'node:fs';
import { headLine, relatedLine } from '../session/diagnostic-text.ts';
import type { Finding } from '../session/outcome.ts';
import type { Severity } from '../values/diagnostic.ts';
import { charWidth, shownChar, shownText } from '../values/display-width.ts';
import type { TraceFrame } from '../values/errors.ts';
import { placeName, type Source, type Span } from '../values/span.ts';

export interface ReportStyle {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether long traces are shown whole. */
  readonly allFrames?: boolean;
}

/** More errors than this are counted, not shown. */
export const MAX_ERRORS = 20;
/** Where nothing is known about the terminal. */
const DEFAULT_WIDTH = 120;
/** Frames of a long trace that are shown at its inner and at its outer end. */
const INNER_FRAMES = 12;
const OUTER_FRAMES = 4;

const COLORS: Readonly<Record<Severity, string>> = { error: '1;31', warning: '1;33', note: '1;36', hint: '1;32' };

/** Colour on a terminal only; NO_COLOR turns it off, FORCE_COLOR on. */
export function reportStyle(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: NodeJS.ProcessEnv,
): ReportStyle {
  const { NO_COLOR: never, FORCE_COLOR: always, TERM: terminal } = environment;
  const forced = always !== undefined && always !== '' && always !== '0';
  const isAble = stream.isTTY === true && terminal !== 'dumb';
  const color = forced || (isAble && (never === undefined || never === ''));
  return { color, width: Math.max(stream.columns ?? DEFAULT_WIDTH, 20) };
}

/** The whole report, each line ended. Errors beyond MAX_ERRORS are only counted. */
export function reportText(findings: readonly Finding[], style: ReportStyle): string {
  const shown = findings.slice(0, MAX_ERRORS);
  const lines = shown.flatMap((finding) => findingLines(finding, style));
  const hidden = findings.length - shown.length;
  if (hidden > 0) lines.push(`… and ${hidden} more`);
  return lines.map((line) => `${line}\n`).join('');
}

function findingLines(finding: Finding, { color, width, allFrames }: ReportStyle): string[] {
  const painted = (text: string) => (color ? `\x1b[${COLORS[finding.severity]}m${text}\x1b[0m` : text);
  const excerpt = excerptLines(finding.span, width, painted);
  return [
    headLine({ ...finding, message: shownText(finding.message) }, painted),
    ...(excerpt.length > 0 ? excerpt : callerLines(finding.trace ?? [], width, painted)),
    ...(finding.related ?? []).flatMap((related) => [
      relatedLine(related),
      ...excerptLines(related.span, width, painted),
    ]),
    ...(finding.notes ?? []).map((note) => `  ${shownText(note)}`),
    ...(finding.hint
      ? finding.hint.split('\n').map((line, i) => (i === 0 ? `  hint: ${line}` : `        ${line}`))
      : []),
    ...traceLines(finding.trace ?? [], allFrames ?? false),
  ];
}

/** Where the text of the failing call is not at hand, as in the compiled library: the innermost call whose text is. */
function callerLines(trace: readonly TraceFrame[], width: number, painted: (text: string) => string): string[] {
  for (const { span } of trace) {
    const excerpt = excerptLines(span, width, painted);
    if (excerpt.length > 0) return [relatedLine({ span, label: 'called from here' }), ...excerpt];
  }
  return [];
}

/** The first line of the span with carets under it; nothing where the text is not at hand. */
function excerptLines(span: Span, width: number, painted: (text: string) => string): string[] {
  const line = sourceLine(span.source, span.startLine);
  if (line === null) return [];
  const label = String(span.startLine).padStart(2);
  const endColumn = span.endLine === span.startLine ? span.endColumn : Number.POSITIVE_INFINITY;
  const { text, before, marked } = cut(measure(line, span.startColumn, endColumn), width - label.length - 4);
  const gutter = ' '.repeat(label.length);
  return [` ${label} | ${text}`.trimEnd(), ` ${gutter} | ${' '.repeat(before)}${painted('^'.repeat(marked))}`];
}

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly marked: boolean;
}

/** The characters of a line as shown, those between two byte columns marked. */
function measure(line: string, startColumn: number, endColumn: number): Cell[] {
  const cells: Cell[] = [];
  let byte = 1;
  let column = 0;
  for (const char of line) {
    const text = shownChar(char, column);
    const width = char === '\t' ? text.length : charWidth(text);
    cells.push({ text, width, marked: byte >= startColumn && byte < endColumn });
    byte += isUndecodedByte(char) ? 1 : Buffer.byteLength(char);
    column += width;
  }
  return cells;
}

/** The reader carries a byte that is not UTF-8 as one of these (reader/source-text.ts). */
const isUndecodedByte = (char: string): boolean => /[\udc80-\udcff]/.test(char) && char.length === 1;

interface Excerpt {
  readonly text: string;
  /** Columns in front of the marked part. */
  readonly before: number;
  readonly marked: number;
}

/** Fit a measured line into `width` columns, keeping the start of what is marked in sight. */
function cut(cells: readonly Cell[], width: number): Excerpt {
  const firstMarked = cells.findIndex(({ marked }) => marked);
  const anchor = firstMarked < 0 ? cells.length : firstMarked;
  const columns = (from: number, to: number) => cells.slice(from, to).reduce((sum, cell) => sum + cell.width, 0);
  let start = 0;
  if (columns(0, cells.length) > width) {
    // The marked part starts at two thirds of the window at the latest.
    let before = columns(0, anchor);
    while (start < anchor && before + 1 > (width * 2) / 3) before -= cells[start++].width;
  }
  const lead = start > 0 ? '…' : '';
  let end = start;
  let used = lead.length;
  while (end < cells.length && used + cells[end].width <= width - (end < cells.length - 1 ? 1 : 0))
    used += cells[end++].width;
  const shown = cells.slice(start, end);
  const marked = shown.filter((cell) => cell.marked).reduce((sum, cell) => sum + cell.width, 0);
  return {
    text: lead + shown.map(({ text }) => text).join('') + (end < cells.length ? '…' : ''),
    before: lead.length + columns(start, anchor),
    marked: Math.max(marked, 1),
  };
}

function sourceLine(source: Source, line: number): string | null {
  const text = source.text ?? readIfThere(source.path);
  return text?.split(/\r\n|\n/)[line - 1] ?? null;
}

function readIfThere(path: string | null): string | null {
  try {
    return path === null ? null : readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function traceLines(trace: readonly TraceFrame[], isWhole: boolean): string[] {
  const lines = trace.map(frameLine);
  if (isWhole || lines.length <= INNER_FRAMES + OUTER_FRAMES + 1) return lines;
  const hidden = lines.length - INNER_FRAMES - OUTER_FRAMES;
  return [...lines.slice(0, INNER_FRAMES), `  … ${hidden} more`, ...lines.slice(-OUTER_FRAMES)];
}

function frameLine({ name, span }: TraceFrame): string {
  const { source, startLine, startColumn } = span;
  return source.fileId === 0 && source.text === null
    ? `  at ${name}`
    : `  at ${name} (${placeName(source)}:${startLine}:${startColumn})`;
}
