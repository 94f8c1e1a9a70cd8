// What the reader's tests share.

import { readProgram, type Syntax, syntaxToDatum } from '../../src/reader/index.ts';
import type { Diagnostic } from '../../src/values/diagnostic.ts';
import { datumText } from '../../src/values/printer.ts';
import { Source, type Span } from '../../src/values/span.ts';

export const read = (text: string) => readProgram(new Source('t.eta', null, text, 1));

/** All data of a text that has no faults, printed so that they read back. */
export function printed(text: string): string {
  const { forms, diagnostics } = read(text);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(line).join('\n'));
  return forms.map((form) => datumText(syntaxToDatum(form))).join(' ');
}

/** `1:2-1:5`. */
export const place = (span: Span): string => `${span.startLine}:${span.startColumn}-${span.endLine}:${span.endColumn}`;

/** `1:2-1:5 MESSAGE`. */
export const line = ({ span, message }: Diagnostic): string => `${place(span)} ${message}`;

export const faults = (text: string): string[] => read(text).diagnostics.map(line);

/** Every datum inside `syntax`, itself first, in the order of the text. */
export function allWithin(syntax: Syntax): Syntax[] {
  const found: Syntax[] = [];
  const pending = [syntax];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    found.push(next);
    if (next.kind === 'list' && next.tail !== null) pending.push(next.tail);
    if (next.kind === 'list' || next.kind === 'vector') pending.push(...[...next.items].reverse());
  }
  return found;
}
