// The rows of this folder: expressions of R7RS programs with what `write` prints for their values.
//
//   ;;; what the file is about
//   (define x 28)                    definitions, run once
//   ---
//   (+ x 1) ⇒ 29                     an expression of one line or several
//   (car '()) ⇒ error                it raises an error object
//   (raise-it) ⇒ error: "message"    the same, with this message

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const ETAI = join(HERE, '..', '..', 'bin', 'etai');

export interface Row {
  readonly expression: string;
  readonly printed: string;
}

export interface Rows {
  readonly definitions: string;
  readonly rows: readonly Row[];
}

export function readRows(name: string): Rows {
  const [definitions, table] = readFileSync(join(HERE, 'rows', `${name}.scm`), 'utf8').split('\n---\n');
  const rows: Row[] = [];
  let expression = '';
  for (const line of table.split('\n')) {
    if (line.startsWith(';;') || line === '') continue;
    const end = line.lastIndexOf(' ⇒ ');
    expression += `${end < 0 ? line : line.slice(0, end)}\n`;
    if (end < 0) continue;
    rows.push({ expression: expression.trim(), printed: line.slice(end + 3) });
    expression = '';
  }
  return { definitions, rows };
}

/** The libraries of R7RS-small that Eta has. */
export const LIBRARIES = [
  'base',
  'case-lambda',
  'char',
  'complex',
  'cxr',
  'eval',
  'file',
  'inexact',
  'lazy',
  'load',
  'process-context',
  'read',
  'repl',
  'time',
  'write',
] as const;

const SHOW = `
(define (show-row thunk)
  (guard (e ((error-object? e) (display "error: ") (write (error-object-message e))))
    (write (thunk)))
  (newline))`;

/** What an R7RS program prints that evaluates all rows of a file. */
export function evaluateRows({ definitions, rows }: Rows): string[] {
  const program = [
    `(import ${LIBRARIES.map((name) => `(scheme ${name})`).join(' ')})`,
    definitions,
    SHOW,
    ...rows.map(({ expression }) => `(show-row (lambda () ${expression}))`),
  ].join('\n');
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, '-'], {
    input: program,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`status ${status}: ${stderr}`);
  return stdout.split('\n').slice(0, -1);
}
