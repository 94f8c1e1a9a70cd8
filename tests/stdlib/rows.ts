// Run many expressions in one program, each on its own: what the test tables of the library share.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ETAI = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'etai');

/** An expression and what `write` prints for its value, or `tag: message` of the error that it raises. */
export type Row = readonly [expression: string, printed: string];

const SHOW = `
(define (show-outcome thunk)
  (let ((outcome (catch (list 'value (thunk)))))
    (if (eq? (car outcome) 'value)
        (write (cadr outcome))
        (begin (display (cadr outcome)) (display ": ") (display (caddr outcome)))))
  (newline))
`;

/** The outcomes of the rows' expressions, after the preamble (imports, definitions) has run. */
export function evaluateRows(preamble: string, rows: readonly Row[]): string[] {
  const shows = rows.map(([expression]) => `(show-outcome (lambda () ${expression}))`);
  const input = [preamble, SHOW, ...shows].join('\n');
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, '-'], {
    input,
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (status !== 0) throw new Error(`status ${status}: ${stderr}`);
  return stdout.split('\n').slice(0, -1);
}
