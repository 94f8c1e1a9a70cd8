// An executable for the tests, made once for a test file, of the Node that runs: no registry is needed for it.

import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

export const ROOT = resolve(import.meta.dirname, '..', '..');
export const ETAI = join(ROOT, 'bin', 'etai');

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** A folder with an executable in it, `etai`, an empty folder to work in, and one for what is unpacked. */
export class Workplace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-executable-')));
  readonly executable = join(this.folder, 'etai');
  private count = 0;

  constructor() {
    const made = spawnSync(process.execPath, [ETAI, 'bundle', '--self', '-o', this.executable], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`etai bundle failed: ${made.stderr}`);
  }

  /** A fresh empty folder. */
  emptyFolder(name = 'empty'): string {
    const folder = join(this.folder, `${name}-${++this.count}`);
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  }

  /** The executable under another path, without a copy of its hundred megabytes. */
  linkTo(path: string): string {
    linkSync(this.executable, path);
    return path;
  }

  /** Nothing but these variables in the environment; the cache is the workplace's unless they say otherwise. */
  private environment(variables: Record<string, string>): Record<string, string> {
    return { ETA_CACHE_DIR: join(this.folder, 'cache'), ...variables };
  }

  run(words: readonly string[], options: RunOptions = {}): Result {
    const { executable = this.executable, cwd = this.folder, variables = {}, input = '' } = options;
    const env = options.emptyEnvironment ? variables : this.environment(variables);
    const { uid } = options;
    const result = spawnSync(executable, words, { cwd, env, input, uid, gid: uid, encoding: 'utf8', timeout: 60_000 });
    if (result.error) throw result.error;
    return resultOf(result);
  }

  /** The same for several processes at once. @param uids  whose they are, for root alone; by default one's own */
  async runTogether(
    count: number,
    words: readonly string[],
    variables: Record<string, string>,
    uids: readonly number[] = [],
  ): Promise<Result[]> {
    return Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const env = this.environment(variables);
        const [cwd, uid] = [this.folder, uids[i]];
        const child = spawn(this.executable, words, { cwd, env, uid, gid: uid, stdio: ['ignore', 'pipe', 'pipe'] });
        const output = Promise.all([text(child.stdout), text(child.stderr)]);
        const [status] = (await once(child, 'close')) as [number | null];
        const [stdout, stderr] = await output;
        return { stdout, stderr, status };
      }),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface RunOptions {
  readonly executable?: string;
  readonly cwd?: string;
  readonly variables?: Record<string, string>;
  /** No variable but those, not even the cache's. */
  readonly emptyEnvironment?: boolean;
  readonly input?: string;
  /** Another user; for root alone. */
  readonly uid?: number;
}

/** The unpacked archives in a cache folder, which also has compiled code. */
export const unpackedIn = (cache: string): string[] => readdirSync(cache).filter((name) => name !== 'compiled');

const resultOf = ({ stdout, stderr, status }: SpawnSyncReturns<string>): Result => ({ stdout, stderr, status });
