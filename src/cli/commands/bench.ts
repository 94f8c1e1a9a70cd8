// etai bench: run the benchmarks of a project, which are tests whose times count (tools §8.1).

import { runSuite, type SuiteKind } from './test.ts';

const BENCHMARKS: SuiteKind = {
  command: 'bench',
  summary: 'Run the benchmarks in Eta files, as etai test runs tests, and list the time of each.',
  paths: 'files and folders; without one the folder bench of the project',
  folder: 'bench',
  elsewhere: null,
  // What runs beside a benchmark would be measured, too.
  jobs: 1,
  jobsText: 'one, which gives the best times',
  longMs: 0,
};

export const run = (argv: readonly string[]): Promise<number> => runSuite(BENCHMARKS, argv);
