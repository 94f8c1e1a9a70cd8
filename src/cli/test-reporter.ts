// What `etai test` prints, in the format that was asked for; coverage.

import { basename, join } from 'node:path';
import { systemWords } from '../builtins/host/system-words.ts';
import { mergeCoverage } from '../testing/coverage.ts';
import { coverageTable, lcovText } from '../testing/lcov.ts';
import { jsonOfFile, jsonSummary } from '../testing/report-json.ts';
import { junitReport } from '../testing/report-junit.ts';
import { type Paint, prettyFile, prettySummary } from '../testing/report-pretty.ts';
import { tapReport } from '../testing/report-tap.ts';
import type { FileResult } from '../testing/results.ts';
import { makeFolder } from '../values/folders.ts';
import { writeWhole } from '../values/whole-file.ts';
import { complain, print } from './output.ts';

export const FORMATS = ['pretty', 'tap', 'junit', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Below the working directory. */
const COVERAGE_FOLDER = 'coverage';

export interface Reporter {
  file(result: FileResult): void;
  end(results: readonly FileResult[], durationMs: number): void;
}

/** @param longMs  tests that took at least so long are listed for people, with their times */
export function createReporter(format: Format, color: boolean, longMs: number): Reporter {
  switch (format) {
    case 'pretty': {
      const paint = painter(color);
      return {
        file: (result) => print(1, prettyFile(result, paint, longMs)),
        end: (results, durationMs) => print(1, prettySummary(results, durationMs, paint)),
      };
    }
    case 'json':
      return {
        file: (result) => {
          print(2, result.errors);
          print(1, jsonOfFile(result));
        },
        end: (results, durationMs) => print(1, jsonSummary(results, durationMs)),
      };
    case 'tap':
    case 'junit':
      // Both begin with totals, so they can only be written at the end.
      return {
        file: (result) => print(2, result.errors + (result.error === null ? '' : errorText(result, result.error))),
        end: (results) => print(1, format === 'tap' ? tapReport(results) : junitReport(results)),
      };
  }
}

const errorText = ({ file }: FileResult, error: string): string => `eta-test: error in "${basename(file)}":\n${error}`;

const STYLES = { good: '32', bad: '1;31', dim: '2' } as const;
const painter = (color: boolean): Paint =>
  color ? (style, text) => `\x1b[${STYLES[style]}m${text}\x1b[0m` : (_, text) => text;

/** The table is no part of the formats for programs. Gives whether all of it could be written. */
export function reportCoverage(results: readonly FileResult[], format: Format, writesLcov: boolean): boolean {
  const files = mergeCoverage(results.map(({ coverage }) => coverage));
  print(format === 'pretty' ? 1 : 2, `\n${coverageTable(files, process.cwd())}`);
  if (!writesLcov) return true;
  const file = join(COVERAGE_FOLDER, 'lcov.info');
  try {
    makeFolder(COVERAGE_FOLDER);
    writeWhole(file, lcovText(files));
    return true;
  } catch (thrown) {
    complain(`cannot write ${file}: ${systemWords(thrown)}`);
    return false;
  }
}
