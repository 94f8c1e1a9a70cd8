import { expect, test } from 'vitest';
import { parseImportForm } from '../../src/modules/import-clauses.ts';
import { readProgram } from '../../src/reader/index.ts';
import type { ListSyntax } from '../../src/reader/syntax.ts';
import type { Diagnostic } from '../../src/values/diagnostic.ts';
import { Source, spanText } from '../../src/values/span.ts';

function parse(text: string) {
  const { forms, diagnostics } = readProgram(new Source('m.eta', null, text));
  expect(diagnostics).toEqual([]);
  const found: Diagnostic[] = [];
  const clauses = parseImportForm(forms[0] as ListSyntax, (diagnostic) => found.push(diagnostic));
  return { clauses: clauses.map(({ module, filters }) => ({ module, filters })), found };
}

// [clause, module, filters]
test.each([
  ['std.io', 'std.io', []],
  ['(only m a b)', 'm', [{ kind: 'only', names: ['a', 'b'] }]],
  ['(only m)', 'm', [{ kind: 'only', names: [] }]],
  ['(except m a)', 'm', [{ kind: 'except', names: ['a'] }]],
  [
    '(rename m (a b) (c d))',
    'm',
    [
      {
        kind: 'rename',
        pairs: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      },
    ],
  ],
  ['(prefix m m:)', 'm', [{ kind: 'prefix', prefix: 'm:' }]],
  ['(scheme base)', 'scheme.base', []],
  ['(srfi 1)', 'srfi.1', []],
  ['(foo)', 'foo', []],
  ['(only (scheme base) car)', 'scheme.base', [{ kind: 'only', names: ['car'] }]],
  [
    '(prefix (only (rename (scheme base) (car first)) first) s:)',
    'scheme.base',
    [
      { kind: 'rename', pairs: [['car', 'first']] },
      { kind: 'only', names: ['first'] },
      { kind: 'prefix', prefix: 's:' },
    ],
  ],
])('%s imports from %s', (clause, module, filters) => {
  expect(parse(`(import ${clause})`)).toEqual({ clauses: [{ module, filters }], found: [] });
});

test('a form has any number of clauses', () => {
  expect(parse('(import a (only b x) c)').clauses.map(({ module }) => module)).toEqual(['a', 'b', 'c']);
  expect(parse('(import)')).toEqual({ clauses: [], found: [] });
});

// [clause, message]; the span is that of the clause
test.each([
  ['5', 'import: invalid clause'],
  ['()', 'import: invalid clause'],
  ['(5 m)', 'import: invalid clause'],
  ['(only m 5)', 'import: invalid clause'],
  ['(only m . a)', 'import: invalid clause'],
  ['(rename m a)', 'import: invalid clause'],
  ['(rename m (a))', 'import: invalid clause'],
  ['(rename m (a 5))', 'import: invalid clause'],
  ['(foo "bar")', 'import: unknown clause kind'],
  ['(foo -1)', 'import: unknown clause kind'],
  ['(only)', '(only m ids...) requires module symbol'],
  ['(only 5 a)', '(only m ids...) requires module symbol'],
  ['(except "m")', '(except m ids...) requires module symbol'],
  ['(rename)', '(rename m (old new) ...) requires module symbol'],
  ['(prefix m)', '(prefix mod prefix-string) requires exactly 2 arguments'],
  ['(prefix m a b)', '(prefix mod prefix-string) requires exactly 2 arguments'],
  ['(prefix 5 a)', '(prefix mod pfx) requires module symbol'],
  ['(prefix m 5)', '(prefix mod pfx) requires prefix symbol'],
])('%s is refused: %s', (clause, message) => {
  const { clauses, found } = parse(`(import ${clause} good)`);
  expect(clauses).toEqual([{ module: 'good', filters: [] }]);
  const end = 9 + clause.length;
  expect(found).toMatchObject([{ severity: 'error', code: 'InvalidSyntax', message }]);
  expect(spanText(found[0].span)).toBe(`m.eta:1:9-1:${end}`);
});

test('a dotted form is refused as a whole', () => {
  const { found } = parse('(import a . b)');
  expect(found).toMatchObject([{ message: 'import: invalid syntax; proper list required' }]);
  expect(spanText(found[0].span)).toBe('m.eta:1:1-1:15');
});
