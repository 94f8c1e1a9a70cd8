// Results: what came of a test, and of a file of tests.

import type { FileCoverage } from './coverage.ts';

export interface TestResult {
  readonly name: string;
  readonly isOk: boolean;
  /** The lines behind it in the TAP output: a YAML block, with two spaces in front. */
  readonly details: readonly string[];
  /** Null for one that was not run by std.test. */
  readonly durationMs: number | null;
}

/** How long a test took, by the name under which it is printed. */
export interface Duration {
  readonly name: string;
  readonly ms: number;
}

/** Why a file has no results. */
export type Trouble =
  /** It ended in an error, called `exit`, or was ended from outside. */
  | 'load error'
  | 'timed out'
  /** It came to its end and printed neither a plan nor a result. */
  | 'no test was run';

export interface FileResult {
  /** The path as it was found. */
  readonly file: string;
  readonly tests: readonly TestResult[];
  readonly trouble: Trouble | null;
  /** What it wrote to standard error. */
  readonly errors: string;
  /** What kept it from coming to its end, as text; null if nothing did. */
  readonly error: string | null;
  readonly durationMs: number;
  /** Files that it loaded, itself among them, and those where it looked for a module: what a watcher watches. */
  readonly loaded: readonly string[];
  readonly coverage: readonly FileCoverage[];
  /** How many tests the filter has let through; null if it was not asked: there is none, or std.test ran nothing. */
  readonly matched: number | null;
}

/** What the run of a file tells its parent, as JSON. */
export interface FileEnd {
  /** What ended it, as text for standard error; null if it came to its end. */
  readonly error: string | null;
  readonly loaded: readonly string[];
  readonly coverage: readonly FileCoverage[];
  /** As in FileResult. */
  readonly matched: number | null;
  /** Of the tests that std.test has run, in their order. */
  readonly durations: readonly Duration[];
}

/** Tests with their durations. What a file runs and what it prints need not be the same: names tell what belongs together. */
export function withDurations(tests: readonly TestResult[], durations: readonly Duration[]): TestResult[] {
  let next = 0;
  return tests.map((test) => {
    const found = durations.findIndex(({ name }, i) => i >= next && name === test.name);
    if (found < 0) return test;
    next = found + 1;
    return { ...test, durationMs: durations[found].ms };
  });
}

export const hasFailed = ({ tests, trouble }: FileResult): boolean =>
  trouble !== null || tests.some(({ isOk }) => !isOk);

/** A value of a result's YAML block: `message`, `expected`, `actual`, `position`. */
export function detail({ details }: TestResult, key: string): string | undefined {
  const start = `  ${key}: `;
  return details.find((line) => line.startsWith(start))?.slice(start.length);
}

/** Where it failed, FILE:LINE:COLUMN. */
export const positionOf = (result: TestResult): string | undefined =>
  detail(result, 'position') ?? detail(result, 'at');
