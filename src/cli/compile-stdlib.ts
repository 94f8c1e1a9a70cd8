// What scripts/build.mjs runs to compile the standard library: compile-stdlib FROM TO.

import { compileLibrary } from '../session/library-compiler.ts';
import { findingsOf } from '../session/outcome.ts';
import { reportStyle, reportText } from './report.ts';

const [from, to] = process.argv.slice(2);
try {
  for (const file of compileLibrary(from, to)) process.stdout.write(`${file} stays source\n`);
} catch (thrown) {
  const findings = findingsOf(thrown);
  if (findings === null) throw thrown;
  process.stderr.write(reportText(findings, reportStyle(process.stderr, process.env)));
  process.exitCode = 1;
}
