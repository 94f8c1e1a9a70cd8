import { describe, expect, test } from 'vitest';
import { reportStyle, reportText } from '../../src/cli/report.ts';
import type { Finding } from '../../src/session/outcome.ts';
import { NO_SPAN, Source, Span } from '../../src/values/span.ts';

const PLAIN = { color: false, width: 80 };

/** A finding at `marked` in the first line of the text that has it; columns count bytes. */
function findingAt(text: string, marked: string, extra: Partial<Finding> = {}): Finding {
  const at = text.indexOf(marked);
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const start = 1 + Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1));
  const span = new Span(new Source('demo.eta', null, text), line, start, line, start + Buffer.byteLength(marked));
  return { severity: 'error', phase: 'semantic', code: 'UndefinedName', message: 'no such thing', span, ...extra };
}

const report = (finding: Finding, style = PLAIN) => reportText([finding], style);

describe('a report', () => {
  test('shows the line with carets under the span', () => {
    expect(report(findingAt('(module m\n  (display nope))\n', 'nope'))).toBe(
      `error [demo.eta:2:12-2:16]: no such thing
  2 |   (display nope))
    |            ^^^^
`,
    );
  });

  test('puts the carets right behind tabs and wide characters', () => {
    expect(report(findingAt('\t(f "日本語" nope)', 'nope'))).toBe(
      `error [demo.eta:1:17-1:21]: no such thing
  1 |     (f "日本語" nope)
    |                 ^^^^
`,
    );
    expect(report(findingAt('(f "é👍" nope)', 'nope'))).toContain('\n    |          ^^^^\n');
  });

  test('gives an empty span one caret, also at the end of the line', () => {
    const source = new Source('demo.eta', null, '(f');
    const finding = { ...findingAt('', ''), span: new Span(source, 1, 3, 1, 3) };
    expect(report(finding)).toContain('  1 | (f\n    |   ^\n');
  });

  test('marks a span of several lines to the end of its first', () => {
    const source = new Source('demo.eta', null, '(f\n  x)');
    const finding = { ...findingAt('', ''), span: new Span(source, 1, 1, 2, 5) };
    expect(report(finding)).toContain('  1 | (f\n    | ^^\n');
  });

  test('cuts a long line to the width of the terminal, with the span in sight', () => {
    const text = `(list ${'a'.repeat(100)} nope ${'b'.repeat(100)})`;
    const lines = report(findingAt(text, 'nope'), { color: false, width: 40 }).split('\n');
    expect(lines[1].length).toBeLessThanOrEqual(40);
    expect(lines[1]).toMatch(/^ {2}1 \| …a+ nope b+…$/);
    expect(lines[2].indexOf('^^^^')).toBe(lines[1].indexOf('nope'));
  });

  test('never sends a control character of the text to the terminal', () => {
    const text = report(findingAt('(f "\x1b[31m\x07\u202e" nope)', 'nope'));
    expect(text).toContain('  1 | (f "␛[31m␇�" nope)');
  });

  test('nor one of a message or a value', () => {
    const extra = { message: 'no \x1b[31m\u202e such\nthing é', notes: ['note: the value is "\x07\x9b"'] };
    expect(report({ ...findingAt('nope', 'nope'), ...extra })).toBe(
      `error [demo.eta:1:1-1:5]: no ␛[31m� such
thing é
  1 | nope
    | ^^^^
  note: the value is "␇�"
`,
    );
  });

  test('has the further places, the hint and the trace below', () => {
    const other = findingAt('(define x 1)', 'x').span;
    const trace = [
      { name: 'greet', span: other },
      { name: 'm_init', span: NO_SPAN },
    ];
    const finding = findingAt('nope', 'nope', {
      related: [{ span: other, label: 'there' }],
      notes: ['note: a fact'],
      hint: 'try',
      trace,
    });
    expect(report(finding)).toBe(
      `error [demo.eta:1:1-1:5]: no such thing
  1 | nope
    | ^^^^
  [demo.eta:1:9-1:10]: there
  1 | (define x 1)
    |         ^
  note: a fact
  hint: try
  at greet (demo.eta:1:9)
  at m_init
`,
    );
  });

  test('shows the innermost call whose text is at hand where that of the failing one is not', () => {
    const span = new Span(new Source('library.eta', null, null, 3), 5, 1, 5, 9);
    const call = findingAt('(f 1)\n(g (f 2))', '(f 2)').span;
    const trace = [
      { name: 'f', span },
      { name: 'm_init', span: call },
    ];
    expect(report({ ...findingAt('', ''), span, trace })).toBe(
      `error [library.eta:5:1-5:9]: no such thing
  [demo.eta:2:4-2:9]: called from here
  2 | (g (f 2))
    |    ^^^^^
  at f (library.eta:5:1)
  at m_init (demo.eta:2:4)
`,
    );
  });

  test('without a place is one line', () => {
    expect(report({ ...findingAt('', ''), span: NO_SPAN })).toBe('error: no such thing\n');
  });

  test('shows both ends of a long trace', () => {
    const { span } = findingAt('x', 'x');
    const trace = Array.from({ length: 100 }, (_, i) => ({ name: `f${i}`, span }));
    const lines = report(findingAt('x', 'x', { trace })).split('\n');
    expect(lines).toContain('  … 84 more');
    expect(lines).toContain('  at f0 (demo.eta:1:1)');
    expect(lines).toContain('  at f99 (demo.eta:1:1)');
  });

  test('stops at twenty errors', () => {
    const text = reportText(
      Array.from({ length: 23 }, () => findingAt('x', 'x')),
      PLAIN,
    );
    expect(text.match(/no such thing/g)).toHaveLength(20);
    expect(text.endsWith('… and 3 more\n')).toBe(true);
  });

  test('colours the severity and the carets only', () => {
    expect(report(findingAt('nope', 'nope'), { color: true, width: 80 })).toBe(
      `\x1b[1;31merror\x1b[0m [demo.eta:1:1-1:5]: no such thing
  1 | nope
    | \x1b[1;31m^^^^\x1b[0m
`,
    );
  });
});

describe('colour', () => {
  // [is a terminal, environment, coloured]
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [true, { TERM: 'dumb', FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '0' }, false],
  ] as const)('terminal %j with %j: %j', (isTTY, environment, color) => {
    expect(reportStyle({ isTTY }, environment as NodeJS.ProcessEnv).color).toBe(color);
  });
});
