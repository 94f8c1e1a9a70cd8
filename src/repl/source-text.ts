// The text of a definition, found again from where the defined name stands.

import { readFileSync } from 'node:fs';
import { readProgram } from '../reader/index.ts';
import type { ListSyntax, Syntax } from '../reader/syntax.ts';
import { Source, type Span } from '../values/span.ts';
import type { NameInfo } from './names.ts';

export interface DefinitionText {
  readonly text: string;
  /** The comment in front of it, without its semicolons. */
  readonly comment: string;
  /** `file.eta:12`, null for what was typed at the prompt. */
  readonly place: string | null;
}

/** The definition of a variable; null where its text is not at hand. */
export function sourceOf({ cell }: NameInfo): DefinitionText | null {
  const span = cell?.span ?? null;
  if (span === null) return null;
  const { source } = span;
  const text = source.text ?? readIfThere(source.path);
  if (text === null) return null;
  const definition = definitionAround(readProgram(new Source(source.name, source.path, text)).forms, span);
  if (definition === null) return null;
  const lines = text.split('\n');
  const { startLine, endLine } = definition.span;
  return {
    text: textOf(lines, definition.span),
    comment: commentAbove(lines, startLine),
    place: source.path === null ? null : `${source.name}:${startLine}${endLine > startLine ? `-${endLine}` : ''}`,
  };
}

/** Heads that are followed by what they define. */
const DEFINERS = /^(?:def|define|defun|define-.*)$/;

/** The smallest definition that a place lies in. */
function definitionAround(forms: readonly Syntax[], place: Span): ListSyntax | null {
  for (const form of forms) {
    if (form.kind !== 'list' || !contains(form.span, place)) continue;
    const inner = definitionAround(form.items, place);
    if (inner !== null) return inner;
    const [head] = form.items;
    return head?.kind === 'identifier' && DEFINERS.test(head.symbol.name) ? form : null;
  }
  return null;
}

const isBefore = (lineA: number, columnA: number, lineB: number, columnB: number): boolean =>
  lineA < lineB || (lineA === lineB && columnA <= columnB);

const contains = (outer: Span, inner: Span): boolean =>
  isBefore(outer.startLine, outer.startColumn, inner.startLine, inner.startColumn) &&
  isBefore(inner.endLine, inner.endColumn, outer.endLine, outer.endColumn);

/** The text of a span, whose columns count bytes. */
function textOf(lines: readonly string[], { startLine, startColumn, endLine, endColumn }: Span): string {
  const bytes = lines.slice(startLine - 1, endLine).map((line) => Buffer.from(line));
  bytes[bytes.length - 1] = bytes[bytes.length - 1].subarray(0, endColumn - 1);
  bytes[0] = bytes[0].subarray(startColumn - 1);
  return bytes.map((line) => line.toString()).join('\n');
}

function commentAbove(lines: readonly string[], startLine: number): string {
  let first = startLine - 1;
  while (first > 0 && /^\s*;/.test(lines[first - 1])) first--;
  return lines
    .slice(first, startLine - 1)
    .map((line) => line.replace(/^\s*;+ ?/, ''))
    .join('\n');
}

function readIfThere(path: string | null): string | null {
  try {
    return path === null ? null : readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
