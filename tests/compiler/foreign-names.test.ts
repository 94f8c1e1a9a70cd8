// Names of other languages: each is unknown here, and what is advised exists and compiles.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foreignNames } from '../../src/compiler/foreign-names.ts';
import type { Finding } from '../../src/session/outcome.ts';
import { Session } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';

let session: Session;
beforeAll(() => {
  session = new Session({
    ports: { input: new StringInput(''), output: new StringOutput(), error: new StringOutput() },
  });
});
afterAll(() => session.close());

const findingsOf = (program: string): readonly Finding[] => session.evaluateText(program, 'test.eta').findings;

/** The imports that a hint asks for, as a form. */
const importsIn = (hint: string): string => /; add (.*)$/.exec(hint)?.[1] ?? '';

/** What advice calls things that the reader of it has to name. */
const PLACEHOLDERS = `a b command count e ending f i k key m n new old part path port rest separator start test text
  thunk unwanted v wanted? x xs`;

// What is called so in the parts of a form, and not at its head.
const WORDS = new Set(['else', 'import']);

// R7RS and Eta would accept these, if they could be read.
const UNREADABLE = ['1+'];

describe.each(foreignNames().filter(([name]) => !UNREADABLE.includes(name)))('%s', (name, { say, code }) => {
  test('is unknown, and something is advised', () => {
    const [finding] = findingsOf(`(list ${name})`);
    expect(finding.message).toBe(`Undefined symbol: ${name}`);
    expect(finding.hint).toContain(code ?? say);
  });

  test('is advised what exists', () => {
    const hint = findingsOf(`(list ${name})`)[0].hint!;
    const imports = importsIn(hint);
    const [, synonym] = /^here it is called (\S+?)(;|$)/.exec(hint) ?? [];
    if (synonym !== undefined && !WORDS.has(synonym)) {
      // A form that lacks its parts is not an unknown name.
      const [found] = findingsOf(`${imports} (${synonym})`);
      expect(found?.message ?? '').not.toContain('Undefined symbol');
    }
    if (code !== undefined) expect(findingsOf(`${imports} (define (advised ${PLACEHOLDERS}) ${code})`)).toEqual([]);
  });
});

test('1+ is told to be no name', () => {
  expect(findingsOf('(1+ 2)')[0].hint).toBe('no name begins like a number');
});

test('a definition in the words of another language is reported once', () => {
  expect(
    findingsOf('(defn (square n) (* n n)) (println (square 3))').map(({ message, hint }) => [message, hint]),
  ).toEqual([['Undefined symbol: defn', 'here it is called define']]);
});
