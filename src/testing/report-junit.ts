// All results as one JUnit document, a suite for each file (tools §7.2).

import { basename, extname } from 'node:path';
import { detail, type FileResult, positionOf, type TestResult, type Trouble } from './results.ts';

const TROUBLES: Readonly<Record<Trouble, string>> = {
  'load error': 'File failed to load/execute',
  'timed out': 'File timed out',
  'no test was run': 'No test was run',
};

export function junitReport(files: readonly FileResult[]): string {
  const suites = files.map(suiteOf);
  const total = (count: (suite: Suite) => number) => suites.reduce((sum, suite) => sum + count(suite), 0);
  const tests = total((suite) => suite.tests);
  const failures = total((suite) => suite.failures);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${tests}" failures="${failures}">`,
    ...suites.flatMap(({ lines }) => lines),
    '</testsuites>',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly lines: readonly string[];
}

function suiteOf({ file, tests, trouble }: FileResult): Suite {
  const name = basename(file, extname(file));
  const cases = trouble === null ? tests.flatMap(caseOf) : failedCase(name, TROUBLES[trouble], '');
  const count = trouble === null ? tests.length : 1;
  const failures = trouble === null ? tests.filter(({ isOk }) => !isOk).length : 1;
  const head = `  <testsuite name="${escaped(name)}" tests="${count}" failures="${failures}">`;
  return { tests: count, failures, lines: [head, ...cases, '  </testsuite>'] };
}

function caseOf(test: TestResult): string[] {
  if (test.isOk) return [`    <testcase name="${escaped(test.name)}"/>`];
  const details = { expected: detail(test, 'expected'), actual: detail(test, 'actual'), position: positionOf(test) };
  const known = Object.entries(details).filter(([, text]) => text !== undefined);
  return failedCase(test.name, detail(test, 'message') ?? '', known.map(([key, text]) => `${key}: ${text}`).join('\n'));
}

function failedCase(name: string, message: string, text: string): string[] {
  const failure = `      <failure message="${escaped(message)}"`;
  return [
    `    <testcase name="${escaped(name)}">`,
    text === '' ? `${failure}/>` : `${failure}>${escaped(text)}</failure>`,
    '    </testcase>',
  ];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML reserves or cannot hold. */
const escaped = (text: string): string =>
  text
    .replace(/[&<>"]/g, (char) => ENTITIES[char])
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
