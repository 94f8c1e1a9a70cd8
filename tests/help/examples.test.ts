// Each example of the documentation gives what it says.

import { afterAll, describe, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { ExampleRunner, exampleForms } from '../support/examples.ts';

const session = new Session();
const help = session.help();
afterAll(() => session.close());

/** One session a page, as a reader would try them one after the other. */
const PAGES: { page: string; module: string | null; examples: (readonly [name: string, example: string])[] }[] = [
  { page: 'forms', module: null, examples: help.forms().map(({ name, example }) => [name, example] as const) },
  ...help.builtinPages().map(({ page, examples }) => ({ page, module: null, examples: [...examples] })),
  ...help
    .moduleNames()
    .filter((name) => name !== 'std.prelude')
    .map((name) => ({
      page: name,
      module: name,
      examples: (help.module(name)?.exports ?? []).map(
        (each) => [each, help.inModule(each, name)?.example ?? ''] as const,
      ),
    })),
];

/** What comes of the forms of an example, as annotations, those of the example in their places. */
function outcomeOf(runner: ExampleRunner, example: string): string[] {
  return exampleForms(example).map(({ code, kind }) => {
    const { value, output, error } = runner.run(code);
    if (kind === 'prints' && error === null) return `${code} ; prints ${output}`;
    if (error !== null) return `${code} ; error ${error}`;
    return kind === null ? code : `${code} ; => ${value}`;
  });
}

const annotated = (example: string): string[] =>
  exampleForms(example).map(({ code, kind, expected }) => (kind === null ? code : `${code} ; ${kind} ${expected}`));

describe('examples', () => {
  test.each(PAGES)('$page', ({ module, examples }) => {
    const runner = new ExampleRunner();
    try {
      if (module !== null) runner.run(`(import ${module})`);
      for (const [name, example] of examples) expect(outcomeOf(runner, example), name).toEqual(annotated(example));
    } finally {
      runner.close();
    }
  });
});
