// `include` and `include-ci`: the forms of files in place of a form.
//
// Source: R7RS 4.1.7.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { hexChecksum } from '../bytecode/checksum.ts';
import { decodeSource, readProgram } from '../reader/index.ts';
import type { ListSyntax, Syntax } from '../reader/syntax.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import { Source } from '../values/span.ts';
import { diagnosticOf, SyntaxProblem } from './problems.ts';

/**
 * The forms of the files that an `(include "file" …)` names, looked for beside the file that includes them. What cannot be
 * read is reported and left out.
 *
 * @param kind  the head of the form
 */
export function includedForms(form: ListSyntax, kind: string, report: (finding: Diagnostic) => void): Syntax[] {
  const complain = (message: string, { span }: Syntax): Syntax[] => {
    report(diagnosticOf(new SyntaxProblem(message, span, 'InvalidSyntax')));
    return [];
  };
  if (form.items.length < 2) return complain(`${kind}: expected file name(s)`, form);
  return form.items.slice(1).flatMap((operand) => {
    if (operand.kind !== 'atom' || typeof operand.value !== 'string') {
      return complain(`${kind}: expected file name(s)`, operand);
    }
    const from = form.span.source.path;
    const path = resolve(from === null ? '.' : dirname(from), operand.value);
    const bytes = readBytes(path);
    if (bytes === null) return complain(`cannot open file: ${operand.value}`, operand);
    const text = decodeSource(bytes);
    const folded = kind === 'include-ci' ? `#!fold-case ${text}` : text;
    const source = new Source(operand.value, path, folded, form.span.source.fileId, false, hexChecksum(bytes));
    form.span.source.includes.push(source);
    const { forms, diagnostics } = readProgram(source);
    diagnostics.forEach(report);
    return [...forms];
  });
}

function readBytes(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
