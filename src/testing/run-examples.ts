// The examples in the documentation of a file as tests, with results in TAP: `etai test --doc` (tools §16.4).

import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import type { Documentation } from '../help/documentation.ts';
import { type ExampleForm, exampleForms, mismatch, type Ran } from '../help/examples.ts';
import type { Outcome } from '../session/outcome.ts';
import type { Session } from '../session/session.ts';
import { nowMs } from '../values/clock.ts';
import { StringInput, StringOutput } from '../values/ports.ts';
import { writeText } from '../values/printer.ts';
import { NIL } from '../values/types.ts';
import type { Duration } from './results.ts';

export interface ExamplesEnd {
  /** Of loading the file. */
  readonly outcome: Outcome;
  readonly tap: string;
  readonly durations: readonly Duration[];
  /** How many examples the filter has let through. */
  readonly matched: number;
}

/** Whether a text has an example that says what comes of it. */
export const hasExamples = (text: string): boolean => /^\s*;;;.*; (?:=>|prints|error) /m.test(text);

/** Where the examples print to. */
export class ExamplePorts {
  readonly output = new StringOutput();
  readonly ports = { input: new StringInput(''), output: this.output, error: this.output };
}

/** @param isSelected  whether an example is to be run, by its name; what it needs is run all the same */
export function runExamples(
  session: Session,
  file: string,
  { output }: ExamplePorts,
  isSelected: (name: string) => boolean,
): ExamplesEnd {
  const outcome = session.perform(() => {
    session.loader.loadFileOnce(realpathSync(file));
    return NIL;
  });
  const run = (code: string): Ran => {
    const before = output.contents.length;
    const { kind, value, findings } = session.evaluateText(code, 'example');
    const error = findings.find(({ severity }) => severity === 'error')?.message ?? null;
    const printed = output.contents.slice(before).replace(/\n$/, '');
    return { value: kind === 'finished' && value !== undefined ? writeText(value) : null, output: printed, error };
  };
  const lines: string[] = [];
  const durations: Duration[] = [];
  const modules = outcome.kind === 'finished' ? session.loader.modulesOfFile(realpathSync(file)) : [];
  for (const { name: module } of modules) {
    run(`(import ${module})`);
    for (const entry of session.help().exportsOf(module)) {
      if (entry.module !== module) continue; // another file's
      for (const form of exampleForms(entry.example)) {
        const name = `${entry.name}: ${form.code.replace(/\s+/g, ' ')}`;
        const isTest = form.kind !== null && isSelected(name);
        const started = nowMs();
        const actual = mismatch(form, run(form.code));
        if (!isTest && (form.kind !== null || actual === null)) continue;
        durations.push({ name, ms: nowMs() - started });
        lines.push(...result(durations.length, name, form, actual, entry));
      }
    }
  }
  return { outcome, tap: `1..${durations.length}\n${lines.join('')}`, durations, matched: durations.length };
}

/** The line of a result, and what is wrong. */
function result(
  number: number,
  name: string,
  form: ExampleForm,
  actual: string | null,
  entry: Documentation,
): string[] {
  if (actual === null) return [`ok ${number} - ${name}\n`];
  const { kind, expected } = form;
  const wanted = kind === null ? 'no error' : kind === 'error' ? `error: ${expected}` : expected;
  const { source } = entry;
  return [
    `not ok ${number} - ${name}\n`,
    '  ---\n',
    `  message: expected ${oneLine(wanted)} but got ${oneLine(actual)}\n`,
    `  expected: ${oneLine(wanted)}\n`,
    `  actual: ${oneLine(actual)}\n`,
    ...(source === null ? [] : [`  position: ${relative('', source.path)}:${source.line}\n`]),
    '  ...\n',
  ];
}

const oneLine = (text: string): string => text.replaceAll('\n', '\\n');
