// etai check: what is wrong with Eta files, without running them.

import { LINTS } from '../../check/lints.ts';
import { findProject, packageFolders } from '../../project/project.ts';
import { checkFile } from '../../session/checker.ts';
import type { Diagnostic, Severity } from '../../values/diagnostic.ts';
import { spanText } from '../../values/span.ts';
import { commandLine } from '../command-line.ts';
import { complain, FAILURE, print, report } from '../output.ts';
import { Progress } from '../progress.ts';
import { etaFiles } from '../source-files.ts';
import { perform, tellFetch } from './project/support.ts';

interface Options {
  readonly path?: string;
  readonly strictShadows?: boolean;
  readonly denyWarnings?: boolean;
  readonly json?: boolean;
}

/** Exit status 1: there are errors, or warnings that `--deny-warnings` forbids. */
export function run(argv: readonly string[]): Promise<number> {
  const program = commandLine('check', 'Report errors and likely mistakes in Eta files, without running anything.')
    .argument('[path...]', 'files and folders; without one the working directory')
    .option('--path <dirs>', 'directories to search for modules, instead of ETA_MODULE_PATH')
    .option('--strict-shadows', 'refuse an import that several files could satisfy')
    .option('--deny-warnings', 'fail for warnings, too')
    .option('--json', 'print one JSON object for each finding to standard output')
    .addHelpText('after', lintList);
  return perform(program, argv, async () => {
    const found = findProject(process.cwd());
    const project = found === null ? null : await packageFolders(found, tellFetch);
    return check(program.args, program.opts<Options>(), project);
  });
}

function check(paths: readonly string[], options: Options, project: readonly string[] | null): number {
  const { files, missing } = etaFiles(paths.length > 0 ? paths : ['.']);
  for (const path of missing) complain(`no such file or folder: ${path}`);
  const findings = new Map<string, Diagnostic>();
  const progress = new Progress();
  files.forEach((file, index) => {
    progress.show(`${index + 1}/${files.length} ${file}`);
    for (const each of checkFile(file, { ...options, project })) findings.set(identity(each), each);
  });
  progress.end();
  tell([...findings.values()], files.length, options.json ?? false);
  const count = countOf([...findings.values()]);
  const isBad = missing.length > 0 || count('error') > 0 || (options.denyWarnings && count('warning') > 0);
  return isBad ? FAILURE : 0;
}

function lintList(): string {
  const lines = Object.entries(LINTS).map(([code, meaning]) => `  ${code.padEnd(18)} ${meaning}\n`);
  return `\nWarnings, silenced in the form that follows by a comment ;; eta-ignore: CODE\n${lines.join('')}`;
}

/** An error in a module is found once for each file that imports it. */
const identity = ({ span, message }: Diagnostic): string => `${span.source.path} ${spanText(span)} ${message}`;

const countOf = (findings: readonly Diagnostic[]) => (wanted: Severity) =>
  findings.filter(({ severity }) => severity === wanted).length;

function tell(findings: readonly Diagnostic[], files: number, asJson: boolean): void {
  if (asJson) {
    for (const finding of findings) print(1, `${JSON.stringify(jsonOf(finding))}\n`);
    return;
  }
  // A file has all its errors counted, but not all of them shown.
  for (const source of new Set(findings.map(({ span }) => span.source))) {
    report(findings.filter(({ span }) => span.source === source));
  }
  const count = countOf(findings);
  const counted = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const parts = [counted(files, 'file'), counted(count('error'), 'error'), counted(count('warning'), 'warning')];
  print(2, `checked ${parts.join(', ')}\n`);
}

function jsonOf({ severity, code, message, span, hint }: Diagnostic) {
  const { source, startLine, startColumn, endLine, endColumn } = span;
  const file = source.path ?? source.name;
  return { file, startLine, startColumn, endLine, endColumn, severity, code, message, ...(hint ? { hint } : {}) };
}
