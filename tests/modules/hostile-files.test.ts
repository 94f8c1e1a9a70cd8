// Compiled files that somebody has tampered with. Whatever their bytes and their code are, they are refused, or they run and
// end as programs do: with a value, an Eta error, an exit, or the end of their budget. No defect shows, nothing hangs.

import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksum } from '../../src/bytecode/checksum.ts';
import { type CodeInit, CodeObject } from '../../src/bytecode/code.ts';
import { CompiledFile, type CompiledModule, encodeFile } from '../../src/bytecode/etac.ts';
import { OPS } from '../../src/bytecode/ops.ts';
import { compiledOutput } from '../../src/session/file-compiler.ts';
import type { Outcome } from '../../src/session/outcome.ts';
import { Session } from '../../src/session/session.ts';
import { watchForInterruption } from '../../src/values/interruption.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { NO_SOURCE } from '../../src/values/span.ts';
import { Cell } from '../../src/values/types.ts';
import type { TierMode } from '../../src/vm/javascript/tier.ts';
import { randomFrom, randomProgram } from '../vm/random-program.ts';

/** The compiled library, which starts faster, where it has been built. */
const BUILT = resolve(import.meta.dirname, '..', '..', 'dist', 'stdlib');
const SOURCES = resolve(import.meta.dirname, '..', '..', 'stdlib');
const LIBRARIES = existsSync(BUILT) ? [BUILT, SOURCES] : [SOURCES];
/** `npm run hostile` sets them for a longer campaign. */
const MUTANTS = Number(process.env.ETA_MUTANTS ?? 150);
const SEED = Number(process.env.ETA_SEED ?? 1);
const HEAP_BYTES = 16 * 2 ** 20;
/** How often a program may be asked for an interruption: some hundred thousand calls and loop turns each. */
const BUDGET = 2;

const PROGRAM = `
(define (count n) (let loop ((i 0) (sum 0)) (if (< i n) (loop (+ i 1) (+ sum i)) sum)))
(define (make-counter) (let ((n 0)) (lambda () (set! n (+ n 1)) n)))
(define (even n) (letrec ((e? (lambda (n) (or (= n 0) (o? (- n 1))))) (o? (lambda (n) (and (> n 0) (e? (- n 1)))))) (e? n)))
(define counters (map (lambda (i) (let ((c (make-counter))) (c) (list i (c)))) '(1 2 3)))
(define (risky x) (catch 'runtime.error (vector-ref (vector 1 2 x) x)))
(define (sum . numbers) (if (null? numbers) 0 (+ (car numbers) (apply sum (cdr numbers)))))
(define late (let ((k 0)) (letrec ((a (lambda () (set! k (+ k 1)) (if (< k 5) (b) k))) (b (lambda () (a)))) (a))))
(define (both x) (call-with-values (lambda () (values x (* x 2))) (lambda (a b) (- a b))))
(define text (let loop ((i 0) (items '())) (if (= i 4) items (loop (+ i 1) (cons (lambda () i) items)))))
(write (list (count 10) counters (even 7) (risky 1) (risky 9) (sum 1 2 3) late (both 4) (map (lambda (f) (f)) text) "s" #\\a 1.5))
`;

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-hostile-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newSession = (tier: TierMode): Session =>
  new Session({
    tier,
    libraries: LIBRARIES,
    heapLimitBytes: HEAP_BYTES,
    ports: { input: new StringInput(''), output: new StringOutput(), error: new StringOutput() },
  });

/** The compiled file of a program that lies in no file any more. */
function compile(program: string): { bytes: Buffer; modules: CompiledModule[]; session: Session } {
  const session = newSession('off');
  const file = join(folder, 'victim.eta');
  writeFileSync(file, program);
  const { text } = session.compileFile(file);
  const { bytes, heldAsText } = compiledOutput(session, text!, join(folder, 'victim.etac'), true);
  expect(heldAsText).toBeNull();
  rmSync(file);
  const host = {
    require: () => {},
    cell: (module: string, name: string) => new Cell(module, name),
  };
  return { bytes, modules: new CompiledFile(bytes).modules(NO_SOURCE, session.builtins, host), session };
}

/** Run the bytes as a compiled file. Throws what is no outcome. */
function run(bytes: Buffer, tier: TierMode): Outcome {
  const file = join(folder, 'mutant.etac');
  writeFileSync(file, bytes);
  const session = newSession(tier);
  let asked = 0;
  watchForInterruption(() => ++asked > BUDGET);
  try {
    return session.runFile(file);
  } finally {
    watchForInterruption(() => false);
    session.close();
  }
}

/** The same bytes with the checksum that fits them. */
function signed(bytes: Buffer): Buffer {
  checksum(bytes.subarray(13)).copy(bytes, 5);
  return bytes;
}

const isRefusal = ({ findings }: Outcome): boolean =>
  findings.some(({ message }) => /^(failed to load \.etac|stale \.etac detected|cannot resolve import)/.test(message));

type Random = () => number;
const below = (random: Random, n: number): number => Math.floor(random() * n);

/** Change one thing in one of the functions. */
function mutate(code: CodeObject, random: Random): CodeObject {
  const nested = code.constants.flatMap((each, i) => (each instanceof CodeObject ? [i] : []));
  if (nested.length > 0 && random() < 0.8) {
    const at = nested[below(random, nested.length)];
    return new CodeObject({
      ...code,
      ...code.body,
      constants: code.constants.map((each, i) => (i === at ? mutate(each as CodeObject, random) : each)),
    });
  }
  return new CodeObject({ ...code, ...code.body, ...change(code, random) });
}

function change(code: CodeObject, random: Random): Partial<CodeInit> {
  const words = Int32Array.from(code.code);
  const at = below(random, words.length);
  const small = () => below(random, 12) - 3;
  switch (below(random, 9)) {
    case 0:
      words[at] = below(random, OPS.length);
      return { code: words };
    case 1:
    case 2:
      words[at] = small();
      return { code: words };
    case 3:
      words[at] += random() < 0.5 ? 1 : -1;
      return { code: words };
    case 4: {
      const [a, b] = [at, below(random, words.length)];
      [words[a], words[b]] = [words[b], words[a]];
      return { code: words };
    }
    case 5: {
      const constants = [...code.constants];
      const [a, b] = [below(random, constants.length), below(random, constants.length)];
      if (constants.length > 0) [constants[a], constants[b]] = [constants[b], constants[a]];
      return { constants };
    }
    case 6:
      return { captures: code.captures.map((from) => (random() < 0.5 ? from : small())) };
    case 7: {
      // Whole instructions disappear: the rest still parses, but the stack does not fit.
      const info = OPS[words[at]];
      const length = 1 + (info?.operands.length ?? 0);
      return { code: Int32Array.from([...words.subarray(0, at), ...words.subarray(at + length)]) };
    }
    default: {
      const more = random() < 0.5 ? 1 : -1;
      return [
        { required: Math.max(0, code.required + more) },
        { rest: !code.rest },
        { localCount: Math.max(0, code.localCount + more) },
        { maxStack: Math.max(0, code.maxStack + more) },
        { upvalueNames: more > 0 ? [...code.upvalueNames, 'x'] : code.upvalueNames.slice(1) },
        { spans: code.spans.map((word) => (random() < 0.1 ? word + more : word)) },
      ][below(random, 6)];
    }
  }
}

describe.each(['off', 'force'] as const)('on tier %s, a file', (tier) => {
  test('that nobody has changed runs', () => {
    const { bytes, session } = compile(PROGRAM);
    session.close();
    expect(run(bytes, tier)).toMatchObject({ kind: 'finished', findings: [] });
  });

  test('with flipped bits, or cut short, is refused', () => {
    const { bytes, session } = compile(PROGRAM);
    session.close();
    const random = randomFrom(SEED);
    for (let i = 0; i < 40; i++) {
      const damaged = Buffer.from(bytes);
      damaged[below(random, bytes.length)] ^= 1 << below(random, 8);
      expect(isRefusal(run(damaged, tier))).toBe(true);
      expect(isRefusal(run(bytes.subarray(0, below(random, bytes.length)), tier))).toBe(true);
    }
  });

  test('with flipped bits and the checksum that fits is refused or ends', () => {
    const { bytes, session } = compile(PROGRAM);
    session.close();
    const random = randomFrom(SEED + 1000);
    for (let i = 0; i < MUTANTS; i++) {
      const damaged = Buffer.from(bytes);
      const at = 13 + below(random, bytes.length - 13);
      damaged[at] = random() < 0.5 ? damaged[at] ^ (1 << below(random, 8)) : below(random, 256);
      attempt(`byte ${at} is ${damaged[at]}`, signed(damaged), tier);
    }
  });

  test('with other code in it is refused or ends', () => {
    let refused = 0;
    let made = 0;
    // The random programs are loops that take their time.
    const programs = [[PROGRAM, MUTANTS] as const, [randomProgram(SEED), Math.ceil(MUTANTS / 10)] as const];
    for (const [program, count] of programs) {
      const { modules, session } = compile(program);
      const random = randomFrom(SEED + 2000);
      for (let i = 0; i < count; i++, made++) {
        const content = modules.map((module) => ({ ...module, code: mutate(module.code, random) }));
        const bytes = encodeFile({ source: modules[0].code.source, origin: null, content }, session.builtins);
        if (isRefusal(attempt(`mutant ${i} of ${count}`, bytes, tier))) refused++;
      }
      session.close();
    }
    // Most changes make code that is not sound, and many make other code that is.
    expect(refused).toBeGreaterThan(made / 3);
    expect(refused).toBeLessThan(0.95 * made);
  });
});

function attempt(what: string, bytes: Buffer, tier: TierMode): Outcome {
  try {
    return run(bytes, tier);
  } catch (thrown) {
    throw new Error(`${what}: ${(thrown as Error).stack}`);
  }
}
