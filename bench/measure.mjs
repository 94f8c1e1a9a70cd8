// Timing whole processes in turns, and what to say about the times.
import { spawnSync } from 'node:child_process';
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
