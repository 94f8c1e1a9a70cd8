// Actors: from their start to their first message, and what a thread actor costs in memory.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, report, timeOnce } from './measure.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'actors');
const ROUNDS = 21;
/** The slope between these counts of actors is what one costs. */
const CROWDS = [20, 60];

export default function benchActors(etai, results) {
  const run = (program, ...words) => {
    const command = [etai, join(folder, program), ...words];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
    return stdout.trim().split('\n');
  };
  const start = { node: [], process: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const node = timeOnce([process.execPath, '-e', '0']);
    const [ms] = run('first-reply.eta', 'process', '1').map(Number);
    if (round < 0) continue;
    start.node.push(node);
    start.process.push(ms);
  }
  const threads = run('first-reply.eta', 'thread', String(ROUNDS)).map(Number);
  const rows = [
    {
      what: 'spawn to first reply',
      value: median(start.process.map((ms, i) => ms / start.node[i])),
      unit: '× node -e 0',
    },
    { what: 'spawn-thread to first reply, pool warm', value: median(threads), unit: 'ms' },
    { what: 'memory of a thread actor', value: memory(run), unit: 'MB' },
  ];
  report('actors', results, `Actors (medians of ${ROUNDS})`, rows, {
    figure: (row) => row.what,
    value: (row) => row.value?.toFixed(1) ?? 'skipped: no /proc',
    unit: (row) => row.unit,
  });
}

/** Resident memory in MB that one more actor costs; null where the system does not tell. */
function memory(run) {
  if (process.platform !== 'linux') return null;
  const [few, many] = run('crowd.eta', ...CROWDS.map(String))
    .slice(-2)
    .map((line) => line.replace(/[()]/g, '').split(' ').map(Number));
  return (many[1] - few[1]) / (many[0] - few[0]) / 1024;
}
