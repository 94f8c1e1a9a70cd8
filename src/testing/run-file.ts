// In the child: run one test file, and tell on a descriptor of its own how that ended.

import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Primitive } from '../bytecode/procedures.ts';
import type { Finding, Outcome } from '../session/outcome.ts';
import { Session, type SessionOptions } from '../session/session.ts';
import { writeAll } from '../values/ports.ts';
import { intern, NIL, Pair } from '../values/types.ts';
import { isTestFile } from './discovery.ts';
import { END_FD, type FileRequest } from './file-process.ts';
import { Counters } from './instrument.ts';
import type { Duration, FileEnd } from './results.ts';
import { ExamplePorts, runExamples } from './run-examples.ts';

/**
 * Run the file. Its output goes where a program's goes; how it ended goes to the parent.
 *
 * @param program  what the sessions of this program have in common
 * @param render  findings as text
 */
export function runTestFile(
  request: FileRequest,
  program: SessionOptions,
  render: (findings: readonly Finding[]) => string,
): void {
  const counters = new Counters((file) => !isTestFile(file) && !session.isLibraryFile(file));
  const coverage = request.coverage ? { coverage: counters } : {};
  const { path, project } = request;
  const examples = request.examples ? new ExamplePorts() : null;
  const ports = examples === null ? {} : { ports: examples.ports };
  const session: Session = new Session({ ...program, ...coverage, ...ports, path, project });
  let end: FileEnd;
  try {
    const filter = request.filter === null ? null : new RegExp(request.filter, 'u');
    const { outcome, matched, durations } =
      examples === null
        ? runTests(session, request.file, filter)
        : runExampleTests(session, request.file, examples, filter);
    const loaded = [...session.loader.touched].filter((file) => !session.isLibraryFile(file));
    end = { ...endOf(outcome, render), loaded, matched, coverage: counters.coverage(), durations };
  } finally {
    session.close(true);
  }
  writeFileSync(END_FD, JSON.stringify(end));
}

type Ran = Pick<FileEnd, 'matched' | 'durations'> & { readonly outcome: Outcome };

function runTests(session: Session, file: string, filter: RegExp | null): Ran {
  const selection = filter === null ? null : selectTests(session, filter);
  const outcome = session.runFile(file);
  session.flush();
  return { outcome, matched: selection?.matched ?? null, durations: durationsIn(session) };
}

function runExampleTests(session: Session, file: string, ports: ExamplePorts, filter: RegExp | null): Ran {
  session.enterFolder(resolve(dirname(file)));
  const { tap, ...ran } = runExamples(session, file, ports, (name) => filter?.test(name) ?? true);
  writeAll(1, Buffer.from(tap));
  return { ...ran, matched: filter === null ? null : ran.matched };
}

interface Selection {
  /** How many tests were let through, null as long as none was asked for. */
  matched: number | null;
}

/** std.test asks a predicate of its own which tests to run; here it gets another one. */
function selectTests(session: Session, names: RegExp): Selection {
  const selection: Selection = { matched: null };
  const cell = session.loader.require('std.test')?.scope?.definitions.get(intern('selected?'));
  const doc = { doc: 'Whether a test is to be run.', spec: 'tools §16.4' };
  const isSelected = (name: string): boolean => {
    const matches = names.test(name);
    selection.matched = (selection.matched ?? 0) + (matches ? 1 : 0);
    return matches;
  };
  if (cell !== undefined) cell.value = new Primitive('selected?', '(selected? name)', 1, false, isSelected, doc);
  return selection;
}

/** What std.test has noted, the last first; nothing where the file has not loaded it. */
function durationsIn(session: Session): Duration[] {
  const module = session.loader.get('std.test');
  const noted = module?.scope?.definitions.get(intern('durations'))?.value ?? NIL;
  const durations: Duration[] = [];
  for (let rest = noted; rest instanceof Pair; rest = rest.cdr) {
    const { car: name, cdr: microseconds } = rest.car as Pair;
    durations.push({ name: name as string, ms: (microseconds as number) / 1000 });
  }
  return durations.reverse();
}

function endOf(
  { kind, status, findings }: Outcome,
  render: (findings: readonly Finding[]) => string,
): Pick<FileEnd, 'error'> {
  const text = render(findings);
  if (kind === 'finished' && status === 0) {
    process.stderr.write(text); // warnings
    return { error: null };
  }
  const exit = kind === 'exited' ? `exit was called with status ${status}\n` : '';
  const interrupt = kind === 'interrupted' ? 'interrupted\n' : '';
  return { error: text + exit + interrupt };
}
