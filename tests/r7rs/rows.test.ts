// R7RS-small, expression by expression: the rows of rows/*.scm, and that they leave no name of its libraries out.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SCHEME_LIBRARIES } from '../../src/modules/scheme-libraries.ts';
import { evaluate } from '../support/evaluate.ts';
import { evaluateRows, LIBRARIES, readRows } from './rows.ts';

const FILES = readdirSync(join(import.meta.dirname, 'rows')).map((file) => file.replace(/\.scm$/, ''));

describe.each(FILES)('R7RS, %s', (name) => {
  test('every expression gives what R7RS says', () => {
    const table = readRows(name);
    const printed = evaluateRows(table);
    const outcomes = table.rows.map(({ expression, printed: wanted }, i) => ({
      expression,
      printed: wanted === 'error' && printed[i]?.startsWith('error: ') ? 'error' : printed[i],
    }));
    expect(outcomes).toEqual(table.rows);
    expect(printed.length).toBe(table.rows.length);
  });
});

/** Names that only a whole program shows: programs.test.ts has them. */
const IN_PROGRAMS = new Set(['import', 'include', 'include-ci', 'exit', 'emergency-exit', 'load', 'syntax-error']);

test('every name of the libraries has a row', () => {
  const text = FILES.map(readRows).flatMap(({ definitions, rows }) => [definitions, ...rows.map((r) => r.expression)]);
  const words = new Set(text.join(' ').split(/[\s()'`,"]+/));
  const names = LIBRARIES.flatMap((library) => SCHEME_LIBRARIES.get(`scheme.${library}`)!);
  expect(names.filter((name) => !words.has(name) && !IN_PROGRAMS.has(name))).toEqual([]);
});

test('every name of the libraries can be imported', () => {
  const imports = [...SCHEME_LIBRARIES].map(
    ([library, names]) => `(import (only (${library.replace('.', ' ')}) ${names.join(' ')}))`,
  );
  expect(evaluate([...imports, "(write 'imported)"].join('\n'))).toEqual({ output: 'imported', printed: '()' });
});
