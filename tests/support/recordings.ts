// Recordings in the documentation: terminal sessions that the tests have made, on a pseudo-terminal.
//
//   ```scheme file=hello.eta     the file hello.eta, in the folder that all sessions of the page share
//   ```terminal                  lines that begin with `$ ` are commands, which a shell runs one after the other; what they
//                                print stands below (`expectSessions`)
//   <!-- recording: NAME -->     a session in which somebody types: a test of its own makes it (`expectRecording`)
//   ```text
//
// A session is made anew and compared with the page, but for what is different each time (`comparable`). UPDATE_RECORDINGS=1
// writes it there instead. Paths of this machine are replaced in both.

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { expect } from 'vitest';
import { TerminalProgram } from './terminal.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** The user of the sessions lives here. */
const HOME = '/home/ada';
/** Wide enough for most lines of a page. */
const SIZE = { columns: 140, rows: 50 };
/** Sets the title of the terminal, of which a screen shows nothing. */
const END = '\x1b]0;end of the session\x07';
/** Where the program of a terminal ends, the system may throw away what has not been read. */
const STAY = 'read answer';

/** Compare a session with the recording of this name in a page of docs/. */
export function expectRecording(page: string, name: string, session: string): void {
  const text = readPage(`docs/${page}`);
  const start = `<!-- recording: ${name} -->\n\`\`\`text\n`;
  const from = text.indexOf(start) + start.length;
  if (from < start.length) throw new Error(`docs/${page} has no recording ${name}`);
  settle(`docs/${page}`, text, [{ from, to: text.indexOf('\n```\n', from), session }]);
}

/** Whether a page has sessions for `expectSessions`. */
export const hasSessions = (page: string): boolean => readPage(page).includes('\n```terminal\n');

/** Make all sessions of a page, in their order, and compare them. */
export async function expectSessions(page: string): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-page-')));
  try {
    const text = readPage(page);
    const made: Recording[] = [];
    for (const { 0: block, 1: info, 2: body, index } of text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)) {
      const file = /^\w+ file=(\S+)$/.exec(info)?.[1];
      if (file !== undefined) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), body);
      } else if (info === 'terminal') {
        const from = index + block.indexOf('\n') + 1;
        made.push({ from, to: from + body.length - 1, session: await play(body, folder) });
      }
    }
    settle(page, text, made);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A session, and where its page has it. */
interface Recording {
  readonly from: number;
  readonly to: number;
  readonly session: string;
}

function settle(page: string, text: string, recordings: readonly Recording[]): void {
  let updated = text;
  for (const { from, to, session } of [...recordings].reverse()) {
    const recorded = text.slice(from, to);
    if (!process.env['UPDATE_RECORDINGS']) expect(comparable(session)).toBe(comparable(recorded));
    else if (comparable(session) !== comparable(recorded))
      updated = updated.slice(0, from) + session + updated.slice(to);
  }
  if (updated !== text) writeFileSync(join(ROOT, page), updated);
}

const readPage = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** Run the commands of a session on a terminal; what it shows then, the commands included. */
async function play(session: string, folder: string): Promise<string> {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const commands = session.split('\n').filter((line) => line.startsWith('$ '));
  const script = commands.map((line) => `printf '%s\\n' ${quoted(line)}\n${line.slice(2)}`);
  const program = new TerminalProgram(['sh', '-c', [...script, `printf '%s' ${quoted(END)}`, STAY].join('\n')], {
    ...SIZE,
    cwd: folder,
    env: {
      PATH: [join(ROOT, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: folder,
      XDG_CACHE_HOME: undefined,
      ETA_CACHE_DIR: undefined,
      ETA_MODULE_PATH: undefined,
      FORCE_COLOR: undefined,
      NO_COLOR: undefined,
    },
  });
  try {
    await program.until(({ raw }) => raw.endsWith(END));
    return portable(program.everything, folder);
  } finally {
    await program.close();
  }
}

/** Without paths of this machine. */
const portable = (text: string, folder: string): string =>
  text
    .replaceAll(folder, HOME)
    .replaceAll(ROOT, '/usr/lib/node_modules/etai')
    .replaceAll(process.execPath, '/usr/bin/node');

/** What is different each time, or hangs on the machine: [what, in place of it]. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b\d+(\.\d+)? (ms|s)\b/g, 'DURATION'],
  [/\b\d\d:\d\d:\d\d\.\d{3}\b/g, 'TIME'],
  [/\b\d+(\.\d+)? MB\b/g, 'SIZE'],
  // Profiles: counts and shares, functions that are hardly ever seen, and what a busy machine makes longer.
  [/\b\d+ samples\b/g, 'SAMPLES'],
  [/^ +(\d\.\d % |… and ).*\n/gm, ''],
  [/^.* % +(everything else|garbage collection)\n/gm, ''],
  [/ +\d+\.\d %/g, ' SHARE'],
  // Traces: names of endpoints.
  [/(ipc:…\/)[0-9a-f]{8}/g, '$1ENDPOINT'],
  // What the doctor finds, as long as it is well.
  [/^(ok +(?!etai )[\w ]+?) {2,}.*$/gm, '$1'],
];

function comparable(session: string): string {
  const processes = new Map<string, string>();
  const named = (pid: string): string => {
    if (!processes.has(pid)) processes.set(pid, `PROCESS-${processes.size + 1}`);
    return processes.get(pid)!;
  };
  const varying = VARYING.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), session);
  return varying.replace(/(?<=^\[TIME\] )\d+/gm, named);
}
