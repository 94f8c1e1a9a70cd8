// How long a prompt takes to appear on a terminal, and Tab to complete.
import { closeSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { ReadStream } from 'node:tty';
import { hasTerminals, openTerminal, spawnOnTerminal } from '../tests/support/pseudo-terminal.mjs';
import { median, timeOnce } from './measure.mjs';

const ROUNDS = 21;
const COMPLETIONS = 30;
const DEADLINE_MS = 30_000;

/** A row for benchStartup: the prompt, in turns with a Node that does nothing. Null where there are no terminals. */
export async function benchPrompt(etai) {
  if (!hasTerminals) return null;
  const ratios = [];
  const times = [];
  for (let round = -1; round < ROUNDS; round++) {
    const node = timeOnce([process.execPath, '-e', '0']);
    const prompt = await timeToPrompt(etai);
    if (round < 0) continue;
    times.push(prompt);
    ratios.push(prompt / node);
  }
  return { name: 'prompt on a terminal', ms: median(times), ratio: median(ratios) };
}

async function timeToPrompt(etai) {
  const start = performance.now();
  const terminal = new Terminal([process.execPath, etai]);
  await terminal.until((text) => text.includes('eta> '));
  const ms = performance.now() - start;
  await terminal.close();
  return ms;
}

/** From Tab to the completed name on the terminal, with every module of the library imported: median milliseconds. */
export async function benchCompletion(etai, modules) {
  if (!hasTerminals) return null;
  const terminal = new Terminal([process.execPath, etai]);
  await terminal.until((text) => text.includes('eta> '));
  // One submission each: in one import form, names that two modules share would be a conflict.
  for (const module of modules) terminal.send(`(import ${module})\r`);
  terminal.send('(println (+ 1234 1))\r');
  await terminal.until((text) => text.includes('1235') && text.slice(text.indexOf('1235')).includes('eta> '));
  const times = [];
  for (let i = 0; i < COMPLETIONS; i++) {
    terminal.send('(string-appe');
    await terminal.until((text) => text.includes('string-appe'));
    const start = performance.now();
    terminal.send('\t');
    await terminal.until((text) => text.includes('string-append'));
    times.push(performance.now() - start);
    terminal.send('\x15');
    await terminal.until((text) => text.endsWith('\x1b[?25h'));
  }
  await terminal.close();
  return median(times);
}

class Terminal {
  constructor(command) {
    this.text = '';
    this.fd = openTerminal(80, 24);
    this.stream = new ReadStream(this.fd);
    this.stream.on('data', (bytes) => {
      this.text += bytes;
      this.check?.();
    });
    this.stream.on('error', () => {});
    this.child = spawnOnTerminal(this.fd, command, { env: { TERM: 'xterm', ETA_HISTORY: '' } });
  }

  /** Type; what came before is forgotten. */
  send(text) {
    this.text = '';
    writeSync(this.fd, text);
  }

  until(isTrue) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain; the terminal got ${this.text}`)), DEADLINE_MS);
      this.check = () => {
        if (!isTrue(this.text)) return;
        clearTimeout(timer);
        resolve();
      };
      this.check();
    });
  }

  async close() {
    const ended = new Promise((resolve) => this.child.on('close', resolve));
    process.kill(-this.child.pid, 'SIGKILL');
    await ended;
    this.stream.destroy();
    try {
      closeSync(this.fd);
    } catch {
      // The stream has closed it.
    }
  }
}
