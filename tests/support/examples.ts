// Examples of documentation, run one after the other in one session.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ran } from '../../src/help/examples.ts';
import { Session } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { writeText } from '../../src/values/printer.ts';

export { exampleForms } from '../../src/help/examples.ts';

/** What runs child programs and thread actors. */
const ETAI = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'etai');

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
