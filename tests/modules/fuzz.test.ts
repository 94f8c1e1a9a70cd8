// Hostile module texts: whatever they say, loading ends in an outcome with diagnostics that have a place, and leaves the
// session usable. The seed of a failing run is printed; put it into `fc.assert` to repeat it.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';

const RUNS = 400;

let session: Session;
beforeAll(() => {
  session = new Session({
    ports: { input: new StringInput(''), output: new StringOutput(), error: new StringOutput() },
  });
});
afterAll(() => session.close());

const name = fc.constantFrom('a', 'b', 'c', 'std.io', 'std.prelude', 'no.such', '..', 'scheme.base', 'if', '5', '"s"');
const list = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => `(${texts.join(' ')})`);
const some = (part: fc.Arbitrary<string>) => fc.array(part, { maxLength: 3 }).map((texts) => texts.join(' '));

const depth = fc.createDepthIdentifier();

/** Forms of modules, mostly well-formed, in every combination. */
const { form } = fc.letrec<Record<'form' | 'set' | 'expression', string>>((tie) => ({
  set: fc.oneof(
    { maxDepth: 4, depthIdentifier: depth },
    name,
    list(fc.constantFrom('only', 'except', 'prefix', 'rename', 'frob'), tie('set'), some(name)),
    list(fc.constant('rename'), tie('set'), list(name, name), list(name, name)),
    list(name, some(name)),
  ),
  expression: fc.oneof(
    name,
    list(fc.constant('define'), name, fc.constant('1')),
    list(fc.constant('define-syntax'), name, fc.constant('(syntax-rules () ((_ . x) x))')),
    list(name, some(name)),
  ),
  form: fc.oneof(
    { maxDepth: 4, depthIdentifier: depth },
    // The first one is taken where nesting ends.
    tie('expression'),
    list(fc.constantFrom('module', 'define-library'), name, some(tie('form'))),
    list(fc.constant('import'), some(tie('set'))),
    list(fc.constant('export'), some(fc.oneof(name, list(fc.constant('rename'), name, name)))),
    list(fc.constantFrom('begin', 'cond-expand', 'include'), some(tie('form'))),
    list(
      fc.constant('cond-expand'),
      list(fc.constantFrom('else', '(library (scheme base))', '(and)', '()'), tie('form')),
    ),
    fc.constantFrom(')', '(', '#;', "'", '. x', '#(1)', '|x'),
  ),
}));

test('any text of modules ends in an outcome', () => {
  fc.assert(
    fc.property(fc.array(form, { minLength: 1, maxLength: 4 }), (forms) => {
      const outcome = session.evaluateText(forms.join('\n'), 'fuzz.eta');
      expect(['finished', 'failed']).toContain(outcome.kind);
      for (const { message, span } of outcome.findings) {
        expect(message).not.toBe('');
        expect(span.endLine * 1e6 + span.endColumn).toBeGreaterThanOrEqual(span.startLine * 1e6 + span.startColumn);
      }
    }),
    { numRuns: RUNS, verbose: false },
  );
  expect(session.evaluateText("(module sane (begin 'fine))", 'last.eta').kind).toBe('finished');
});
