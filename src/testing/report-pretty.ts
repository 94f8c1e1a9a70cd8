// Results for people.
//
//   ok    geometry.test.eta     3 tests  120 ms
//   FAIL  stack.test.eta        2 tests, 1 failed  98 ms
//         pop of an empty stack  2 ms
//           expected 0 but got 1
//           expected: 0
//           actual:   1
//           at stack.test.eta:7:5
//         pop of a million  831 ms
//
// Tests that have passed are listed if they took long.

import { detail, type FileResult, hasFailed, positionOf, type TestResult } from './results.ts';

export type Paint = (style: 'good' | 'bad' | 'dim', text: string) => string;

/** @param longMs  what a test that has passed must have taken to be listed */
export function prettyFile(result: FileResult, paint: Paint, longMs: number): string {
  const { file, tests, trouble, errors, error, durationMs } = result;
  const failed = tests.filter(({ isOk }) => !isOk);
  const isBad = hasFailed(result);
  const word = isBad ? paint('bad', 'FAIL') : paint('good', 'ok');
  const counts = trouble ?? counted(tests.length, failed.length);
  const head = `${word}${' '.repeat(isBad ? 2 : 4)}${file}  ${counts}  ${paint('dim', `${durationMs} ms`)}\n`;
  const notes = [errors, error ?? ''].filter((text) => text !== '').map((text) => indented(text, 6));
  const long = tests.filter(({ isOk, durationMs }) => isOk && durationMs !== null && durationMs >= longMs);
  const listed = [
    ...failed.map((test) => prettyFailure(test, paint)),
    ...long.map((test) => named(test, test.name, paint)),
  ];
  return head + listed.join('') + notes.join('');
}

/** The line of a test. @param name  as it is to be shown */
function named({ durationMs }: TestResult, name: string, paint: Paint): string {
  return indented(durationMs === null ? name : `${name}  ${paint('dim', milliseconds(durationMs))}`, 6);
}

/** Two digits of what is short, which are all that can be trusted. */
const milliseconds = (ms: number): string => `${ms < 10 ? Number(ms.toPrecision(2)) : Math.round(ms)} ms`;

function prettyFailure(test: TestResult, paint: Paint): string {
  const [message, expected, actual] = ['message', 'expected', 'actual'].map((key) => detail(test, key));
  const at = positionOf(test);
  const lines = [
    ...(message === undefined ? [] : [message]),
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
    ...(actual === undefined ? [] : [`actual:   ${actual}`]),
    ...(at === undefined ? [] : [paint('dim', `at ${at}`)]),
  ];
  return [named(test, paint('bad', test.name), paint), ...lines.map((line) => indented(line, 8))].join('');
}

export function prettySummary(results: readonly FileResult[], durationMs: number, paint: Paint): string {
  const tests = results.flatMap((result) => result.tests);
  const failedFiles = results.filter(hasFailed).length;
  const failed = tests.filter(({ isOk }) => !isOk).length;
  const files = `${plural(results.length, 'file')}${failedFiles > 0 ? `, ${failedFiles} failed` : ''}`;
  const verdict = failedFiles > 0 ? paint('bad', 'FAILED') : paint('good', 'passed');
  return `\n${verdict}  ${files}; ${counted(tests.length, failed)}  ${paint('dim', `${durationMs} ms`)}\n`;
}

const counted = (tests: number, failed: number): string =>
  `${plural(tests, 'test')}${failed > 0 ? `, ${failed} failed` : ''}`;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const indented = (text: string, columns: number): string =>
  text.replace(/\n$/, '').replace(/^/gm, ' '.repeat(columns)) + '\n';
