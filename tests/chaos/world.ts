// A world of its own for each scenario: a folder, random numbers, and the etai processes that it starts.
//
// Every process of a world, grandchildren included, has the world's mark in its environment, and its sockets lie in the
// world's folder. So what is left over afterwards can be counted, and nothing of anybody else is touched.
//
// A program and its scenario talk in lines: the program prints, the scenario answers. A program that has much to do says `.`
// now and then. So a deadline is about silence: who passes it hangs, and does not merely run on a slow machine.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Holding, holdingOf, kill, processesWith } from './processes.ts';
import type { Random } from './random.ts';

const PROGRAMS = 'tests/chaos/programs';
/** Longer than any single step of a program may take on a busy machine. */
const DEADLINE_MS = 180_000;
/** How long what has to end by itself may take there. */
const SETTLE_MS = 120_000;
/** What a program says that is at work: no line of its conversation. */
const AT_WORK = '.';

/** A promise that was not kept. */
export class Broken extends Error {}

/** What the machine does not allow to try. */
export class Skipped extends Error {}

/** Fail the scenario unless the condition holds. */
export function promise(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Broken(otherwise);
}

/** Ask again and again until there is an answer other than null. */
export async function until<T>(ask: () => T | null, otherwise: () => string): Promise<T> {
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    const answer = ask();
    if (answer !== null) return answer;
    promise(performance.now() < end, otherwise());
    await sleep(10);
  }
}

/** The first of so many consecutive TCP ports that are free just now, below those that the system gives away. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const servers = await Promise.all(Array.from({ length: count }, (_, i) => listen(first + i)));
    for (const server of servers) server?.close();
    if (!servers.includes(null)) return first;
  }
}

/** A server that does nothing; null where the port is taken. */
export function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

export interface Settings {
  readonly environment?: Readonly<Record<string, string>>;
  /** How many descriptors the program may have. */
  readonly descriptors?: number;
  /** Commands before the program's own, like `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
}

export class World {
  /** Where this world's programs make their socket folders. */
  readonly sockets: string;
  private readonly folder: string;
  private readonly mark: string;
  private readonly programs: Program[] = [];
  private readonly endings: (() => void)[] = [];

  constructor(
    /** The project's folder. */
    readonly root: string,
    readonly random: Random,
    private readonly scale: number,
  ) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'eta-chaos-'));
    this.sockets = path.join(this.folder, 'run');
    this.mark = `ETA_CHAOS=${path.basename(this.folder)}`;
    mkdirSync(this.sockets);
  }

  /** How often to do what scale 1 does so many times; at least once. */
  times(count: number): number {
    return Math.max(1, Math.round(count * this.scale));
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Run etai on one of the programs of this campaign. */
  start(program: string, args: readonly (string | number)[], settings: Settings = {}): Program {
    const etai = [process.execPath, path.join(this.root, 'bin', 'etai'), path.join(this.root, PROGRAMS, program)];
    const limit = settings.descriptors === undefined ? [] : ['prlimit', `--nofile=${settings.descriptors}`];
    const [command, ...rest] = [...(settings.prefix ?? []), ...limit, ...etai, ...args.map(String)];
    const [name, value] = this.mark.split('=');
    const started = new Program(
      spawn(command, rest, {
        cwd: this.folder,
        env: {
          ...process.env,
          XDG_RUNTIME_DIR: this.sockets,
          TMPDIR: this.folder,
          [name]: value,
          ...settings.environment,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    );
    this.programs.push(started);
    return started;
  }

  /** Run a program to its end, which has to be a good one; its output as lines. */
  async run(program: string, args: readonly (string | number)[] = [], settings: Settings = {}): Promise<string[]> {
    const started = this.start(program, args, settings);
    const lines: string[] = [];
    for (let line = await started.line(); line !== null; line = await started.line()) lines.push(line);
    await started.endsWith(0);
    return lines;
  }

  /** Call `action` when the world ends, the last one first. */
  atEnd(action: () => void): void {
    this.endings.unshift(action);
  }

  /** Pids of this world that have not ended. */
  alive(): number[] {
    return processesWith(this.mark);
  }

  /** What lies in the folder of sockets. */
  files(): string[] {
    return readdirSync(this.sockets, { recursive: true }) as string[];
  }

  /** No process goes on and no file is left, at once or soon. */
  async isClean(): Promise<void> {
    await until(
      () => this.alive().length === 0 || null,
      () => `processes left: ${this.alive().length}`,
    );
    promise(this.files().length === 0, `files left: ${this.files().join(' ')}`);
  }

  /** End whatever still runs and remove everything. */
  end(): void {
    for (const pid of this.alive()) kill(pid, 'SIGKILL');
    for (const program of this.programs) program.kill('SIGKILL');
    for (const action of this.endings) action();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running etai. */
export class Program {
  /** Everything that it and its children have written to standard error. */
  errors = '';
  private readonly lines: string[] = [];
  private isOver = false;
  /** When it last said something (performance.now). */
  private heardMs = 0;
  private wake: () => void = () => {};
  private readonly ended: Promise<End>;

  constructor(private readonly process: ChildProcess) {
    const reader = createInterface({ input: process.stdout! });
    reader.on('line', (line) => {
      this.heardMs = performance.now();
      if (line !== AT_WORK) this.lines.push(line);
      this.wake();
    });
    reader.on('close', () => {
      this.isOver = true;
      this.wake();
    });
    process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    process.stdin!.on('error', () => {}); // it has ended
    this.ended = new Promise((resolve) => {
      process.on('exit', (code, signal) => resolve({ code, signal }));
      process.on('error', () => resolve({ code: -1, signal: null }));
    });
  }

  get pid(): number {
    return this.process.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** The next line of its output; null when there will be none. */
  async line(): Promise<string | null> {
    const start = performance.now();
    while (this.lines.length === 0 && !this.isOver) {
      const left = Math.max(start, this.heardMs) + DEADLINE_MS - performance.now();
      promise(left > 0, `hangs: no output for ${DEADLINE_MS / 1000} s; its errors: ${this.errors.slice(-500)}`);
      const timer = new AbortController();
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      await Promise.race([woken, sleep(left, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
    }
    return this.lines.shift() ?? null;
  }

  /** The next line, other than those to pass over, which has to begin like this; the rest of it. */
  async expect(start: string, passOver = /^(?!)/): Promise<string> {
    for (;;) {
      const line = await this.line();
      if (line !== null && passOver.test(line)) continue;
      const found = line ?? `the end; its errors: ${this.errors.slice(-500)}`;
      promise(line?.startsWith(start) === true, `expected ${start}, got ${found}`);
      return line.slice(start.length).trim();
    }
  }

  /** Answer a program that waits for a line. */
  say(line: string): void {
    this.process.stdin!.write(`${line}\n`);
  }

  holding(): Holding {
    return holdingOf(this.pid);
  }

  /** Wait for its end. */
  async end(): Promise<End> {
    const timer = new AbortController();
    const late = sleep(DEADLINE_MS, null, { signal: timer.signal }).catch(() => null);
    const end = await Promise.race([this.ended, late]);
    timer.abort();
    promise(end !== null, 'does not end');
    return end;
  }

  async endsWith(status: number): Promise<void> {
    const { code, signal } = await this.end();
    promise(code === status, `ended with ${signal ?? code} instead of ${status}: ${this.errors.slice(-500)}`);
  }
}
