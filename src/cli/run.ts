// Running programs: files, standard input, expressions.
//
// This file decides as little as it can: arguments.ts and options.ts say what is wanted, a Session does it, report.ts
// says what went wrong.

import { readSync, statSync } from 'node:fs';
import { ownInvocation } from '../executable/invocation.ts';
import { isCompiledFile } from '../modules/compiled-files.ts';
import { decodeSource } from '../reader/source-text.ts';
import { SIGINT_STATUS } from '../session/interrupt.ts';
import type { Outcome } from '../session/outcome.ts';
import { ownCompileCache } from '../session/own-cache.ts';
import { Session, type SessionOptions } from '../session/session.ts';
import { takeBell } from '../values/bell.ts';
import { EtaError } from '../values/errors.ts';
import { writeText } from '../values/printer.ts';
import { type Command, parsePlain, type RunOptions } from './arguments.ts';
import { nearestCommand } from './commands.ts';
import { complain, FAILURE, print, report } from './output.ts';

/** How long to wait before standard input is asked again. */
const POLL_MS = 5;

/** The whole of a run. Resolves to the exit status. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const command: Command = parsePlain(argv) ?? (await parseRest(argv));
  switch (command.kind) {
    case 'tell':
      print(command.stream === 'stdout' ? 1 : 2, command.text);
      return 0;
    case 'refuse':
      return refuse(command);
    case 'run':
      return runOrList(command.file, command.options);
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
  if (command.usage !== 'none') {
    const { synopsisText, usageText } = await import('./options.ts');
    print(2, command.usage === 'whole' ? await usageText() : synopsisText());
  }
  return FAILURE;
}

async function runOrList(file: string, options: RunOptions): Promise<number> {
  if (!(options.disasm && isCompiledFile(file) && obstacleTo(file) === null)) return runFile(file, options);
  const { listCompiledFile } = await import('./artifact-listing.ts');
  return listCompiledFile(file, options.path);
}

/** Run a file, or standard input if it is `-`. @param further  what the session has beside */
export function runFile(file: string, options: RunOptions, further: SessionOptions = {}): number {
  const obstacle = file === '-' ? null : obstacleTo(file);
  if (obstacle !== null) return refuseFile(file, obstacle);
  const run = (session: Session) =>
    file === '-' ? session.runText(decodeSource(readStandardInput()), '<stdin>') : session.runFile(file);
  return inSession(options, run, further);
}

function refuseFile(file: string, obstacle: string): number {
  const status = complain(`${obstacle}: ${file}`);
  const command = nearestCommand(file);
  if (command !== null) print(2, `  hint: did you mean the command 'etai ${command}'?\n`);
  return status;
}

/** Why there is nothing to run in a file, null if there is. */
export function obstacleTo(file: string): string | null {
  try {
    return statSync(file).isDirectory() ? 'is a directory' : null;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'file not found' : `cannot open file (${code})`;
  }
}

/** All of standard input, also from a pipe that has nothing just now. */
export function readStandardInput(): Buffer {
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

/** What every session of this program has: it can start `etai` again in children and threads, and Ctrl-C ends its runs. */
export function ownProgram(): SessionOptions {
  const { interpreter, entry } = ownInvocation();
  return { interpreter, threads: { entry }, isInterruptible: true };
}

/** Run in a session of its own, report, clean up. */
function inSession(options: RunOptions, action: (session: Session) => Outcome, further: SessionOptions = {}): number {
  const own = ownProgram();
  // A child may have been started from a prompt.
  const bellFd = options.mailbox === null ? undefined : takeBell();
  const session = new Session({
    ...own,
    ...(own.interpreter === undefined ? {} : { interpreter: { ...own.interpreter, bellFd } }),
    path: options.path,
    strictShadows: options.strictShadows,
    programArguments: options.arguments,
    compileCache: ownCompileCache(),
    ...further,
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
