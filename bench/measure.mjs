// Timing whole processes in turns, and what to say about the times.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Wall time of one run of a command in milliseconds. */
export function timeOnce([command, ...args], options = {}) {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
  if (error !== undefined || status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? stderr}`);
  return performance.now() - start;
}

/** Time several commands in turns, A B C A B C …; gives for each name its times. One warm-up turn is not counted. */
export function timeInTurns(commands, rounds) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, command] of Object.entries(commands)) {
      const ms = timeOnce(command);
      if (round >= 0) times[name].push(ms);
    }
  }
  return times;
}

/** The median over the rounds of the ratio of the two times of a round. */
export const pairedRatio = (ours, theirs) => median(ours.map((ms, i) => ms / theirs[i]));

/** Print a section's table, and leave it and its rows in `folder` as NAME.md and NAME.json. */
export function report(name, folder, title, rows, columns) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const names = Object.keys(columns);
  const isNumber = (column) => rows.every((row) => /^[-\d.]+$/.test(columns[column](row)));
  const table = [
    line(names),
    `|${names.map((column) => (isNumber(column) ? '---:' : '---')).join('|')}|`,
    ...rows.map((row) => line(names.map((column) => columns[column](row)))),
  ].join('\n');
  console.log(`## ${title}\n\n${table}\n`);
  writeFileSync(join(folder, `${name}.md`), `${table}\n`);
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ title, node: process.version, rows }, null, 1)}\n`);
}
