// What the command line itself prints: texts, complaints, findings. Program output goes through the session's ports.

import { leaveProcess } from '../session/leave.ts';
import type { Finding } from '../session/outcome.ts';
import { hasBell, PRINTED, ringBell } from '../values/bell.ts';
import { isTerminal, writeAll } from '../values/ports.ts';
import { reportStyle, reportText } from './report.ts';

/** The exit status of whatever went wrong. */
export const FAILURE = 1;

/** Whether a line stands on the terminal that lasts until something else is printed. */
let isTransientShown = false;

/** Print a text in the place of such a line, if there is one. */
export function print(fd: 1 | 2, text: string): void {
  if (isTransientShown) printTransient('');
  write(fd, text);
}

/** Show a line on the terminal of standard error until something else is printed; '' takes it away. */
export function printTransient(text: string): void {
  if (isTransientShown || text !== '') write(2, `\r\x1b[K${text}`);
  isTransientShown = text !== '';
}

/** Write everything, also to a pipe that is full just now. */
function write(fd: 1 | 2, text: string): void {
  try {
    writeAll(fd, Buffer.from(text));
  } catch (thrown) {
    // Nobody reads any more: there is nobody to tell. But what could not be written must not pass for a success.
    if ((thrown as NodeJS.ErrnoException).code !== 'EPIPE' && fd === 1) failToWrite(thrown as Error);
    return;
  }
  if (hasBell() && isTerminal(fd)) ringBell(PRINTED);
}

function failToWrite({ message }: Error): never {
  print(2, `error: cannot write to standard output: ${message}\n`);
  leaveProcess(FAILURE);
}

/** Say on standard error what is wrong; gives the exit status. */
export function complain(message: string): number {
  print(2, `error: ${message}\n`);
  return FAILURE;
}

/** Print findings with their excerpts, if there are any. */
export function report(findings: readonly Finding[]): void {
  if (findings.length > 0) print(2, reportText(findings, reportStyle(standardError(), process.env)));
}

/**
 * What is known of standard error as a terminal. A Ctrl-C can end a program while Node loads one of its own modules for it,
 * which then stays half-loaded; where it is one that Node's stream needs, there is none.
 */
function standardError(): { readonly isTTY?: boolean; readonly columns?: number } {
  try {
    return process.stderr;
  } catch {
    return {};
  }
}
