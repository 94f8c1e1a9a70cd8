// etai: run an Eta program.
//
// This file decides as little as it can: arguments.ts and options.ts say what is wanted, a Session does it, report.ts
// says what went wrong. The process ends through `process.exit`, because nothing must keep a finished program alive.

import { readSync, statSync, writeSync } from 'node:fs';
import { isPulse, runPulse } from '../builtins/nng/pulse.ts';
import { decodeSource } from '../reader/index.ts';
import { SIGINT_STATUS } from '../session/interrupt.ts';
import { leaveProcess } from '../session/leave.ts';
import { type Finding, findingsOf, type Outcome } from '../session/outcome.ts';
import { Session } from '../session/session.ts';
import { isThreadWorker, runThreadWorker } from '../session/thread-worker.ts';
import { CompileFailure } from '../values/diagnostic.ts';
import { EtaError } from '../values/errors.ts';
import { writeText } from '../values/printer.ts';
import { type Command, parsePlain, type RunOptions } from './arguments.ts';
import { reportStyle, reportText } from './report.ts';

const FAILURE = 1;
/** How long to wait before standard input is asked again. */
const POLL_MS = 5;

/** The whole of a run. Resolves to the exit status. */
async function main(argv: readonly string[]): Promise<number> {
  const command: Command = parsePlain(argv) ?? (await parseRest(argv));
  switch (command.kind) {
    case 'tell':
      print(command.stream === 'stdout' ? 1 : 2, command.text);
      return 0;
    case 'refuse':
      return refuse(command);
    case 'run':
      return runFile(command.file, command.options);
    case 'evaluate':
      return evaluate(command.expressions, command.print, command.options);
  }
}

/** The options that only some runs have, and what parses them, are loaded when they are needed. */
async function parseRest(argv: readonly string[]): Promise<Command> {
  const { parseWithCommander } = await import('./options.ts');
  return parseWithCommander(argv);
}

async function refuse(command: Command & { kind: 'refuse' }): Promise<number> {
  print(2, `error: ${command.message}\n`);
  if (command.usage) print(2, await import('./options.ts').then(({ usageText }) => usageText()));
  return FAILURE;
}

function runFile(file: string, options: RunOptions): number {
  const obstacle = file === '-' ? null : obstacleTo(file);
  if (obstacle !== null) return complain(`${obstacle}: ${file}`);
  return inSession(options, (session) =>
    file === '-' ? session.runText(decodeSource(readStandardInput()), '<stdin>') : session.runFile(file),
  );
}

/** Why there is nothing to run in a file, null if there is. */
function obstacleTo(file: string): string | null {
  try {
    return statSync(file).isDirectory() ? 'is a directory' : null;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'file not found' : `cannot open file (${code})`;
  }
}

/** All of standard input, also from a pipe that has nothing just now. */
function readStandardInput(): Buffer {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    try {
      const length = readSync(0, chunk);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'EOF') return Buffer.concat(chunks);
      if (code !== 'EAGAIN') throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
  }
}

function evaluate(expressions: readonly string[], isPrinted: boolean, options: RunOptions): number {
  return inSession(options, (session) => {
    let outcome: Outcome = { kind: 'finished', status: 0, findings: [] };
    for (const expression of expressions) {
      outcome = session.evaluateText(expression, '<eval>');
      if (outcome.kind !== 'finished') return outcome;
    }
    if (isPrinted && outcome.value !== undefined) session.print(`${writeText(outcome.value)}\n`);
    return outcome;
  });
}

/** Run in a session of its own, report, clean up. */
function inSession(options: RunOptions, action: (session: Session) => Outcome): number {
  const session = new Session({
    path: options.path,
    strictShadows: options.strictShadows,
    programArguments: options.arguments,
    interpreter: { execPath: process.execPath, execArgs: [...process.execArgv, process.argv[1]] },
    threads: { entry: process.argv[1] },
    isInterruptible: true,
  });
  try {
    if (options.mailbox !== null && !connect(session, options.mailbox)) return FAILURE;
    const outcome = action(session);
    session.flush();
    if (options.disasm) session.print(session.disassembly());
    report(outcome.findings);
    return outcome.kind === 'interrupted' ? SIGINT_STATUS : outcome.status;
  } finally {
    session.close(true);
  }
}

function connect(session: Session, url: string): boolean {
  try {
    session.connectMailbox(url);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof EtaError)) throw thrown;
    complain(`--mailbox: failed to connect to parent at ${url}`);
    return false;
  }
}

function report(findings: readonly Finding[]): void {
  if (findings.length > 0) print(2, reportText(findings, reportStyle(process.stderr, process.env)));
}

function complain(message: string): number {
  print(2, `error: ${message}\n`);
  return FAILURE;
}

/** Write everything, also to a pipe that is full just now. */
function print(fd: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (thrown) {
      // The reader is slow: try again. Nobody reads any more: there is nobody to tell.
      if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}

function start(): void {
  main(process.argv.slice(2)).then(
    (status) => leaveProcess(status & 0xff),
    (thrown: unknown) => {
      report(findingsOf(thrown) ?? []);
      if (!(thrown instanceof CompileFailure)) print(2, `internal error: ${(thrown as Error)?.stack ?? thrown}\n`);
      leaveProcess(FAILURE);
    },
  );
}

if (isThreadWorker()) runThreadWorker(report);
else if (isPulse()) runPulse();
else start();
