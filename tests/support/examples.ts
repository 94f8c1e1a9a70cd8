// Examples of documentation: forms with what comes of them, run one after the other in one session.
//
//   form    ; => V        `write` prints V for the form's value
//   form    ; prints T    the form prints the line T; further lines follow as comments of their own
//   form    ; error M     the form raises an error with the message M
//
// A form begins at the start of a line and goes on until the next such line.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Session } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { writeText } from '../../src/values/printer.ts';

/** What runs child programs and thread actors. */
const ETAI = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'etai');

export interface ExampleForm {
  readonly code: string;
  readonly kind: '=>' | 'prints' | 'error' | null;
  readonly expected: string;
}

const ANNOTATION = /(?:^|\s+); (=>|prints|error) (.*)$/;

export function exampleForms(example: string): ExampleForm[] {
  const forms: { lines: string[]; kind: ExampleForm['kind']; expected: string[] }[] = [];
  for (const line of example.split('\n')) {
    const match = ANNOTATION.exec(line);
    const code = match === null ? line : line.slice(0, match.index);
    if (/^[^\s;]/.test(code)) forms.push({ lines: [], kind: null, expected: [] });
    const form = forms.at(-1);
    if (form === undefined) continue;
    if (code !== '') form.lines.push(code);
    if (match === null) continue;
    form.kind = match[1] as ExampleForm['kind'];
    form.expected.push(match[2]);
  }
  return forms.map(({ lines, kind, expected }) => ({ code: lines.join('\n'), kind, expected: expected.join('\n') }));
}

export interface Ran {
  readonly value: string | null;
  readonly output: string;
  readonly error: string | null;
}

/** Runs forms in a session of its own, which `close` ends. */
export class ExampleRunner {
  private output = new StringOutput();
  private readonly session: Session;

  constructor() {
    const port = this.output;
    const ports = { input: new StringInput(''), output: port, error: new StringOutput() };
    const interpreter = { execPath: process.execPath, execArgs: [ETAI] };
    this.session = new Session({ ports, interpreter, threads: { entry: ETAI } });
  }

  run(code: string): Ran {
    const before = this.output.contents.length;
    const { kind, value, findings } = this.session.evaluateText(code, 'example.eta');
    const output = this.output.contents.slice(before).replace(/\n$/, '');
    const error = findings.find(({ severity }) => severity === 'error')?.message ?? null;
    return { value: kind === 'finished' && value !== undefined ? writeText(value) : null, output, error };
  }

  close(): void {
    this.session.close();
  }
}
