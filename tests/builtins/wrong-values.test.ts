// Every builtin, called with values of the wrong kinds: a type error carries the value that is wrong, so that a report can
// show it, and nothing else is thrown than errors of the program.

import { readdirSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { createBuiltins } from '../../src/builtins/index.ts';
import { Primitive } from '../../src/bytecode/procedures.ts';
import { EtaError, ExitRequest } from '../../src/values/errors.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { charOf, Flonum, intern, listFrom, NIL, type Value, Vector } from '../../src/values/types.ts';
import { isKernelOnly } from '../../src/vm/kernel-only.ts';

const table = createBuiltins({
  programArguments: [],
  ports: { input: new StringInput(''), output: new StringOutput(), error: new StringOutput() },
});

/** They would change what surrounds the tests. */
const LEFT_OUT =
  /^(?:%process-|%time-sleep|temp-|make-directory|delete-file|setenv|unsetenv|change-directory|%log-make-.*-sink|open-.*(?:output|append)-file|%csv-open-writer|set-current)/;

/** Messages that say it all, or where no value is at fault. */
const NO_VALUE = [
  /^make-dual: Dual AD has been removed/,
  /(?:No such file or directory|Is a directory|Not a directory)$/, // the path is in the message
  /: division by zero$/,
  /unknown (?:level symbol|regex flag|option key|column) '/,
  /^setenv!|^unsetenv!/,
];

/** Made anew for each call: `(set-cdr! x x)` is one of them. */
const KINDS: readonly (readonly [string, () => Value])[] = [
  ['a symbol', () => intern('sym')],
  ['an integer', () => 5],
  ['a negative integer', () => -1],
  ['a fraction', () => 1.5],
  ['a whole flonum', () => new Flonum(2)],
  ['a string', () => 'str'],
  ['a character', () => charOf(0x61)],
  ['a boolean', () => true],
  ['the empty list', () => NIL],
  ['a list', () => listFrom([1, 2])],
  ['a vector', () => new Vector([1, 2])],
  ['a procedure', () => table.get('car')!.value],
];

const primitives = [...table.all()].flatMap(({ name, value }) =>
  value instanceof Primitive && !LEFT_OUT.test(name) && !isKernelOnly(name) ? [[name, value] as const] : [],
);

const before = readdirSync('.');
// A builtin that makes files belongs to those that are left out.
afterAll(() => expect(readdirSync('.')).toEqual(before));

test.each(primitives)('%s', (name, primitive) => {
  const faults: string[] = [];
  for (const [kind, make] of KINDS) {
    for (const count of [1, 2, 3, 4].filter((each) => primitive.accepts(each))) {
      try {
        primitive.fn(...Array<Value>(count).fill(make()));
      } catch (thrown) {
        if (thrown instanceof ExitRequest) continue;
        if (!(thrown instanceof EtaError)) faults.push(`${name} of ${count} times ${kind}: ${thrown}`);
        else if (lacksValue(thrown)) faults.push(`${name} of ${count} times ${kind}: ${thrown.message}`);
      }
    }
  }
  expect(faults).toEqual([]);
});

const lacksValue = ({ tag, culprit, message }: EtaError): boolean =>
  tag === 'runtime.type-error' && culprit === undefined && !NO_VALUE.some((pattern) => pattern.test(message));
