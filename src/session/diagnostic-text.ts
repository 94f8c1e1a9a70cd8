// Diagnostics as plain text, in the documented shape: the first line of everything that is printed about an error, and
// the message of a failed `eval`. Source: tools §1.2, language §12.6, §13.

import type { Diagnostic, Severity } from '../values/diagnostic.ts';
import { NO_SPAN, spanText } from '../values/span.ts';

/**
 * `error [FILE:L:C-L:C]: MESSAGE`, the severity passed through `paint`. What went wrong at no place in a text has none: a
 * file that cannot be read, the file of a thread that is not there.
 */
export function headLine(
  diagnostic: Diagnostic,
  paint: (severity: Severity) => string = (severity) => severity,
): string {
  const { severity, span, message } = diagnostic;
  return `${paint(severity)}${span === NO_SPAN ? '' : ` [${spanText(span)}]`}: ${message}`;
}

type Related = NonNullable<Diagnostic['related']>[number];

/** The line of a further place, two spaces in front. */
export const relatedLine = ({ span, label }: Related): string => `  [${spanText(span)}]: ${label}`;

/** Diagnostics without colour, excerpts or hints, each line ended. */
export function plainText(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .flatMap((each) => [headLine(each), ...(each.related ?? []).map(relatedLine)])
    .map((line) => `${line}\n`)
    .join('');
}
