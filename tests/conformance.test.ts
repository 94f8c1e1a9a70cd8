// The conformance cases: programs with the output and the exit status that every implementation of Eta must give.
//
// A case is NAME.eta beside NAME.out, or a folder NAME with main.eta and main.out. It runs through bin/etai, in the
// folder of its file, with empty standard input; it must print what the .out file holds and end with the status in the
// .exit file (0 without one). known-failures.txt lists the cases that do not pass yet. It may only shrink: a listed case
// that passes fails the test until it is taken off.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ETAI = resolve(import.meta.dirname, '..', 'bin', 'etai');
const CASES = join(import.meta.dirname, 'conformance');
const AREAS = ['language', 'builtins', 'stdlib', 'networking', 'symbolic', 'numerics'] as const;
const TIMEOUT_MS = 30_000;

const knownFailures = new Set(
  readFileSync(join(CASES, 'known-failures.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== ''),
);

interface Result {
  readonly output: string;
  /** The exit status, or what ended the process otherwise. */
  readonly status: number | string;
  readonly errors: string;
}

/** Run one program; a process group of its own, so that a case that hangs takes its children with it. */
function run(file: string): Promise<Result> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [ETAI, basename(file)], {
      cwd: dirname(file),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let [output, errors, isLate] = ['', '', false];
    const timer = setTimeout(() => {
      isLate = true;
      process.kill(-child.pid!, 'SIGKILL');
    }, TIMEOUT_MS);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ output, errors, status: isLate ? 'no end in time' : (code ?? signal ?? 'unknown') });
    });
  });
}

/** The programs below a folder, in order of their names. */
function programs(folder: string): string[] {
  if (existsSync(join(folder, 'main.eta'))) return [join(folder, 'main.eta')];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return programs(path);
      return entry.name.endsWith('.eta') ? [path] : [];
    });
}

/** `language/150-eval-basic`, `networking/101-spawn-echo`. */
const nameOf = (file: string): string => file.slice(CASES.length + 1).replace(/(\/main)?\.eta$/, '');

function expectation(file: string): Pick<Result, 'output' | 'status'> {
  const exit = file.replace(/\.eta$/, '.exit');
  return {
    output: readFileSync(file.replace(/\.eta$/, '.out'), 'utf8'),
    status: existsSync(exit) ? Number(readFileSync(exit, 'utf8')) : 0,
  };
}

for (const area of AREAS) {
  describe(`conformance, ${area}`, () => {
    const files = programs(join(CASES, area));
    const results = new Map<string, Promise<Result>>();
    const start = (file: string): Promise<Result> => {
      if (!results.has(file)) results.set(file, run(file));
      return results.get(file)!;
    };

    test.each(files.map((file, i) => ({ name: nameOf(file), file, next: files[i + 1] })))(
      '$name',
      async ({ name, file, next }) => {
        const running = start(file);
        // The next case runs meanwhile, on the other core.
        if (next !== undefined) void start(next);
        const { output, status, errors } = await running;
        const expected = expectation(file);
        if (!knownFailures.has(name)) return expect({ output, status }, errors).toEqual(expected);
        const why = `${name} passes: take it off tests/conformance/known-failures.txt`;
        expect({ output, status }, why).not.toEqual(expected);
      },
      TIMEOUT_MS * 2,
    );
  });
}

test('the list of known failures names cases that exist', () => {
  const names = new Set(AREAS.flatMap((area) => programs(join(CASES, area)).map(nameOf)));
  expect([...knownFailures].filter((name) => !names.has(name))).toEqual([]);
});
