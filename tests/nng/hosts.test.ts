// Two hosts: network namespaces with a cable between them, which is cut and mended, while either side is killed and
// started again. Needs root and iproute2, and is skipped without them.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, test } from 'vitest';

const ETAI = path.resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
const NAMES = { here: `eta-a-${process.pid}`, there: `eta-b-${process.pid}` } as const;
type Host = keyof typeof NAMES;
const CABLE = { here: `va${process.pid}`, there: `vb${process.pid}` } as const;
const ADDRESS = { here: '10.213.77.1', there: '10.213.77.2' } as const;
/** Longer than anything here may take, the waits of TCP after a mended cable included. */
const DEADLINE_MS = 40_000;

/** What `ip` says against it; null if it did as it was told. */
function ip(...args: string[]): string | null {
  const { error, status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (error !== undefined) return 'there is no ip command (iproute2)';
  return status === 0 ? null : `ip ${args.join(' ')}: ${stderr.trim()}`;
}

function makeHosts(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux';
  const steps = [
    ['netns', 'add', NAMES.here],
    ['netns', 'add', NAMES.there],
    ['link', 'add', CABLE.here, 'type', 'veth', 'peer', 'name', CABLE.there],
    ...(['here', 'there'] as const).flatMap((host) => [
      ['link', 'set', CABLE[host], 'netns', NAMES[host]],
      ['-n', NAMES[host], 'addr', 'add', `${ADDRESS[host]}/24`, 'dev', CABLE[host]],
      ['-n', NAMES[host], 'link', 'set', 'lo', 'up'],
      ['-n', NAMES[host], 'link', 'set', CABLE[host], 'up'],
    ]),
  ];
  for (const step of steps) {
    const obstacle = ip(...step);
    if (obstacle !== null) return obstacle;
  }
  return null;
}

function removeHosts(): void {
  for (const name of Object.values(NAMES)) ip('netns', 'del', name); // the cable goes with them
}

const obstacle = makeHosts();
if (obstacle !== null) {
  removeHosts();
  console.warn(`skipped: actors between two hosts: ${obstacle}`);
}

const cable = (state: 'up' | 'down') => ip('-n', NAMES.there, 'link', 'set', CABLE.there, state);

class Program {
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private wake: () => void = () => {};

  constructor(host: Host, file: string, args: readonly string[], token = '') {
    const program = path.join(import.meta.dirname, file);
    this.child = spawn('ip', ['netns', 'exec', NAMES[host], process.execPath, ETAI, program, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ETA_MAILBOX_TOKEN: token },
    });
    this.child.stdin!.on('error', () => {}); // it was killed
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      this.lines.push(line);
      this.wake();
    });
    running.push(this);
  }

  /** The next line of its output. */
  async line(): Promise<string> {
    const end = performance.now() + DEADLINE_MS;
    while (this.lines.length === 0 && performance.now() < end) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, 500);
      });
    }
    return this.lines.shift() ?? 'nothing in time';
  }

  /** Say something, and give the answer. */
  ask(line: string): Promise<string> {
    this.child.stdin!.write(`${line}\n`);
    return this.line();
  }

  /** `ip netns exec` becomes the program, so this is its end. */
  kill(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) resolve();
      this.child.once('exit', () => resolve());
      this.child.kill('SIGKILL');
    });
  }
}

const running: Program[] = [];
let port = 7000;
let url = '';

describe.skipIf(obstacle !== null)('a worker on another host', { timeout: 120_000 }, () => {
  afterEach(async () => {
    for (const program of running.splice(0)) await program.kill();
    cable('up');
  });
  afterAll(removeHosts);

  const startParent = async (...token: string[]): Promise<Program> => {
    const parent = new Program('here', 'remote-parent.eta', [url, ...token]);
    expect(await parent.line()).toBe('listening');
    return parent;
  };
  const startWorker = async (token = ''): Promise<Program> => {
    const worker = new Program('there', 'remote-worker.eta', ['--mailbox', url], token);
    expect(await worker.line()).toBe('connected');
    return worker;
  };
  const freshUrl = (): void => {
    url = `tcp://${ADDRESS.here}:${port++}`;
  };

  test('is joined over tcp', async () => {
    freshUrl();
    const parent = await startParent();
    await startWorker();
    expect(await parent.ask('ask 21')).toBe('42');
  });

  test('is joined by who has the token, again after it was killed, and by nobody else', async () => {
    freshUrl();
    const parent = await startParent('shibboleth');
    const answer = parent.ask('ask 21');
    const stranger = await startWorker();
    expect(await stranger.line()).toBe('idle'); // its parent has hung up
    const worker = await startWorker('shibboleth');
    expect(await answer).toBe('42');
    await worker.kill();
    expect(await parent.ask('next')).toBe(`(down "${url}" "disconnected")`);
    const second = parent.ask('ask 2');
    await startWorker('shibboleth');
    expect(await second).toBe('4');
  });

  test('keeps its messages while the cable is cut', async () => {
    freshUrl();
    const parent = await startParent();
    await startWorker();
    expect(await parent.ask('ask 1')).toBe('2');
    cable('down');
    const answer = parent.ask('ask 2');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    cable('up');
    expect(await answer).toBe('4');
    expect(await parent.ask('ask 3')).toBe('6');
  });

  test('that is cut off is found out by heartbeats, and talks again once the cable is mended', async () => {
    freshUrl();
    const parent = await startParent();
    await startWorker();
    expect(await parent.ask('ask 1')).toBe('2');
    expect(await parent.ask('heartbeat 1500')).toBe('enabled');
    cable('down');
    expect(await parent.ask('next')).toBe(`(down "${url}" "heartbeat-timeout")`);
    cable('up');
    expect(await parent.ask('ask 2')).toBe('4');
  });

  test('may be killed and started again', async () => {
    freshUrl();
    const parent = await startParent();
    const worker = await startWorker();
    expect(await parent.ask('ask 1')).toBe('2');
    await worker.kill();
    expect(await parent.ask('next')).toBe(`(down "${url}" "disconnected")`);
    await startWorker();
    expect(await parent.ask('ask 2')).toBe('4');
  });

  test('waits for a parent that is killed and started again', async () => {
    freshUrl();
    const parent = await startParent();
    const worker = await startWorker();
    expect(await parent.ask('ask 1')).toBe('2');
    await parent.kill();
    expect(await worker.line()).toBe('idle');
    const second = await startParent();
    expect(await second.ask('ask 2')).toBe('4');
  });
});
