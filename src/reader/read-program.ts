// Reading a program: all top-level data of a text, and all that is wrong with it.
//
// Sources: language §1, §2; README L14; tools §16.2.

import type { Diagnostic } from '../values/diagnostic.ts';
import { type Source, Span } from '../values/span.ts';
import { type Finding, LEX } from './faults.ts';
import { type Token, TokenKind, tokenize, tokenKind } from './lexer.ts';
import { LineIndex } from './line-index.ts';
import { Parser } from './parser.ts';
import type { Syntax } from './syntax.ts';

/** A text has at most this many diagnostics (README L14). */
const MAX_DIAGNOSTICS = 20;

export interface ProgramText {
  readonly forms: Syntax[];
  /** In the order of the text. If there are any, `forms` lacks the forms that they stand in. */
  readonly diagnostics: Diagnostic[];
}

/** Read the text of `source`. Never throws; linear in the text. */
export function readProgram(source: Source): ProgramText {
  const text = source.text ?? '';
  const lines = new LineIndex(text);
  const tokens = tokenize(text);
  const parser = new Parser(text, tokens, {
    place: { source, lines },
    maxForms: Number.POSITIVE_INFINITY,
    maxFindings: MAX_DIAGNOSTICS,
    maxDepth: Number.POSITIVE_INFINITY,
    labels: true,
    foldCase: false,
    isR7rs: beginsLikeR7rs(tokens),
  });
  parser.run();
  const findings = withoutNonsense(parser.findings, tokens).sort((a, b) => a.start - b.start);
  if (text.includes('\0') && findings.length > 0) findings.splice(0, Infinity, notText(findings[0]));
  return { forms: parser.forms, diagnostics: findings.map((finding) => diagnose(finding, source, lines)) };
}

const IMPORT_FILTERS: ReadonlySet<string> = new Set(['only', 'except', 'prefix', 'rename']);

/** Whether a text begins with `(define-library …` or with `(import (scheme …`, filters or not: what R7RS programs do. */
function beginsLikeR7rs(tokens: readonly Token[]): boolean {
  const names = tokens.slice(0, 20).filter((token) => tokenKind(token) === TokenKind.Identifier);
  const [first, ...rest] = names.map(({ image }) => image);
  if (first === 'define-library') return true;
  return first === 'import' && rest.find((name) => !IMPORT_FILTERS.has(name)) === 'scheme';
}

/** What is wrong with a file that is no text is told once. */
const notText = ({ fault, start, end }: Finding): Finding => ({
  fault: { ...fault, hint: 'there are NUL characters in it: is this a text?' },
  start,
  end,
});

function diagnose({ fault, start, end, related }: Finding, source: Source, lines: LineIndex): Diagnostic {
  const { phase, code, message, hint } = fault;
  return {
    severity: 'error',
    phase,
    code,
    message,
    span: spanBetween(start, end, source, lines),
    ...(related
      ? {
          related: related.map((each) => ({
            span: spanBetween(each.start, each.end, source, lines),
            label: each.label,
          })),
        }
      : {}),
    ...(hint === undefined ? {} : { hint }),
  };
}

function spanBetween(start: number, end: number, source: Source, lines: LineIndex): Span {
  lines.seek(start);
  const { line, column } = lines;
  lines.seek(end);
  return new Span(source, line, column, lines.line, lines.column);
}

/**
 * A forgotten quotation mark turns the text after it inside out: strings are read as code, code as strings, until the
 * last string of the text is unterminated. So if one is, and an earlier one spans lines, that one may be the culprit:
 * say so, and drop the faults after it.
 */
function withoutNonsense(findings: readonly Finding[], tokens: readonly Token[]): Finding[] {
  const unterminated = findings.find(({ fault }) => fault === LEX.unterminatedString);
  if (unterminated === undefined) return [...findings];
  const culprit = tokens.find(({ image, startOffset }) => {
    return startOffset < unterminated.start && image.startsWith('"') && image.includes('\n');
  });
  if (culprit === undefined) return [...findings];
  const { startOffset: start } = culprit;
  const related = {
    start,
    end: start + 1,
    label: 'this string spans lines: perhaps its closing quotation mark is missing',
  };
  return [...findings.filter((finding) => finding.start < start), { ...unterminated, related: [related] }];
}
