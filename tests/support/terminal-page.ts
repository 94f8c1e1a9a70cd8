// Recorded terminal sessions in a page of docs/: each is played again, and what it prints must be what the page says.
//
//   ```scheme file=hello.eta     the file hello.eta, in the folder that all sessions of the page share
//   ```terminal                  lines that begin with `$ ` are commands; what they print, on both streams, stands below
//
// Sessions run in the order of the page, with bin/ in the PATH. Durations (`12 ms`, `1.5 s`) are not compared.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');

export interface Played {
  readonly recorded: string;
  readonly played: string;
}

/** Play all sessions of a page. */
export function playPage(page: string): Played[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-page-')));
  try {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const played: Played[] = [];
    for (const [, info, body] of text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)) {
      const file = /^scheme file=(\S+)$/.exec(info)?.[1];
      if (file !== undefined) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), body);
      } else if (info === 'terminal')
        played.push({ recorded: withoutTimes(body), played: withoutTimes(play(body, folder)) });
    }
    return played;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function play(session: string, folder: string): string {
  const commands = session.split('\n').filter((line) => line.startsWith('$ '));
  const env = {
    ...process.env,
    PATH: `${join(ROOT, 'bin')}${delimiter}${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    ETA_MODULE_PATH: undefined,
    FORCE_COLOR: undefined,
  };
  return commands
    .map((command) => {
      const { stdout } = spawnSync('sh', ['-c', `{ ${command.slice(2)}\n} 2>&1`], {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      return `${command}\n${stdout}`;
    })
    .join('');
}

const withoutTimes = (text: string): string => text.replace(/\b\d+(\.\d+)? (ms|s)\b/g, 'TIME');
