// Results as JSON, an object a line: one for each test, then one for its file, at the end one for the run.

import { detail, type FileResult, hasFailed, positionOf } from './results.ts';

/** The lines of a file that has been run. */
export function jsonOfFile(result: FileResult): string {
  const { file, tests, trouble, error, durationMs } = result;
  const ofTests = tests.map((test) => ({
    type: 'test',
    file,
    name: test.name,
    ok: test.isOk,
    message: detail(test, 'message'),
    expected: detail(test, 'expected'),
    actual: detail(test, 'actual'),
    at: positionOf(test),
    durationMs: test.durationMs ?? undefined,
  }));
  const failed = tests.filter(({ isOk }) => !isOk).length;
  const ofFile = { type: 'file', file, tests: tests.length, failed, trouble, error: error ?? undefined, durationMs };
  return [...ofTests, ofFile].map(line).join('');
}

export function jsonSummary(results: readonly FileResult[], durationMs: number): string {
  const tests = results.flatMap((result) => result.tests);
  return line({
    type: 'summary',
    files: results.length,
    failedFiles: results.filter(hasFailed).length,
    tests: tests.length,
    failed: tests.filter(({ isOk }) => !isOk).length,
    durationMs,
  });
}

const line = (object: object): string => `${JSON.stringify(object)}\n`;
