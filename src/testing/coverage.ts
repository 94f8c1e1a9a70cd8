// Coverage: how often each form of the tested code has been run, and what that says of lines and functions.
//
// A form is counted by a call of `%cover` in front of it (instrument.ts), so coverage costs nothing where it is off and works
// with every tier. Counted are calls, definitions, the branches of conditionals, and the bodies of functions. A line is
// covered if one of the forms that begin on it has been run.

/** A place that is counted; `name` is there if it is the body of a function. */
export interface CountedForm {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly name?: string;
  count: number;
}

/** How often the forms of a file have been run. */
export interface FileCoverage {
  /** Absolute path. */
  readonly file: string;
  readonly forms: readonly CountedForm[];
}

/** The counts of several runs, together, file by file. */
export function mergeCoverage(runs: readonly (readonly FileCoverage[])[]): FileCoverage[] {
  const files = new Map<string, Map<string, CountedForm>>();
  for (const { file, forms } of runs.flat()) {
    const merged = files.get(file) ?? new Map<string, CountedForm>();
    files.set(file, merged);
    for (const form of forms) {
      const { line, column, endLine, endColumn, name, count } = form;
      const key = `${line}:${column}-${endLine}:${endColumn} ${name ?? ''}`;
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { ...form });
      else known.count += count;
    }
  }
  return [...files]
    .map(([file, forms]) => ({ file, forms: [...forms.values()] }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Runs of each line on which counted forms begin, by line. */
export function lineCounts(forms: readonly CountedForm[]): Map<number, number> {
  const lines = new Map<number, number>();
  for (const { line, count } of forms) lines.set(line, Math.max(lines.get(line) ?? 0, count));
  return new Map([...lines].sort(([a], [b]) => a - b));
}

export interface Share {
  readonly covered: number;
  readonly total: number;
}

export function shareOf(counts: Iterable<number>): Share {
  const all = [...counts];
  return { covered: all.filter((count) => count > 0).length, total: all.length };
}
