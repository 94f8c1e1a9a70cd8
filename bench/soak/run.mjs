// npm run soak [-- MINUTES]: an actor at full speed for an hour (or so many minutes), with a child process, a thread actor,
// and another child every 5000 rounds. Prints a table of its rounds and of what it and the child hold, and fails if that
// grows: the least memory of the last quarter may be at most a tenth above the least of the second, and there may be no
// more threads, and no more descriptors but those that nng makes late. Linux only, where /proc tells.
//
// Thread actors do not come and go here: each leaves some 75 kB behind that are not ours (docs/performance.md, "Memory").
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SAMPLES = 60;
const GROWTH_LIMIT = 1.1;
/**
 * The pipe by which nng tells that a socket can be written to is made when a send first has to wait, which may be late in
 * the hour: two descriptors for each socket that stays.
 */
const LATE_DESCRIPTORS = { actor: 4, child: 2 };

const etai = join(import.meta.dirname, '..', '..', 'bin', 'etai');
const minutes = Number(process.argv[2] ?? 60);
if (!(minutes > 0)) throw new Error('usage: npm run soak -- MINUTES');

/** What the descriptors of a process are: `5 → socket:[1234]`. */
function openDescriptors(pid) {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [`${fd} → ${readlinkSync(`/proc/${pid}/fd/${fd}`)}`];
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      return []; // closed meanwhile
    }
  });
}

/** Resident megabytes, descriptors and threads of a process. */
function holding(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]);
  return {
    mb: number('VmRSS') / 1024,
    descriptors: openDescriptors(pid),
    threads: number('Threads'),
  };
}

/** The child that stays. */
const childOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0];

const service = spawn(process.execPath, [etai, 'service.eta'], {
  cwd: import.meta.dirname,
  stdio: ['pipe', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => service.on('exit', (status, signal) => resolve(status ?? signal)));
let rounds = 0;
createInterface({ input: service.stdout }).on('line', (line) => {
  rounds = Number(line);
});

console.log(
  '| minute | rounds | actor MB | descriptors | threads | child MB | descriptors |\n|---:|---:|---:|---:|---:|---:|---:|',
);
const samples = [];
for (let i = 1; i <= SAMPLES && service.exitCode === null; i++) {
  await new Promise((resolve) => setTimeout(resolve, (minutes * 60_000) / SAMPLES));
  if (service.exitCode !== null) break;
  const actor = holding(service.pid);
  const child = holding(childOf(service.pid));
  samples.push({ actor, child });
  const cells = [
    (i * minutes) / SAMPLES,
    rounds,
    actor.mb,
    actor.descriptors.length,
    actor.threads,
    child.mb,
    child.descriptors.length,
  ];
  console.log(`| ${cells.map((cell) => Math.round(cell * 10) / 10).join(' | ')} |`);
}
service.stdin.end('\n');
const status = await ended;

const quarter = (who, number) =>
  samples.slice((SAMPLES / 4) * (number - 1), (SAMPLES / 4) * number).map((sample) => sample[who]);
/** The one of some samples that holds least. */
const least = (some, size) => some.reduce((a, b) => (size(b) < size(a) ? b : a));
const failures = status === 0 ? [] : [`the actor ended with ${status}`];
for (const who of ['actor', 'child']) {
  for (const [what, size, limit] of [
    ['MB', ({ mb }) => mb, (before) => before * GROWTH_LIMIT],
    ['descriptors', ({ descriptors }) => descriptors.length, (before) => before + LATE_DESCRIPTORS[who]],
    ['threads', ({ threads }) => threads, (before) => before],
  ]) {
    const [before, after] = [2, 4].map((number) => least(quarter(who, number), size));
    if (size(after) <= limit(size(before))) continue;
    const isNew = (descriptor) => !before.descriptors.includes(descriptor);
    const names = what === 'descriptors' ? `: ${after.descriptors.filter(isNew).join(', ')}` : '';
    failures.push(`${what} of the ${who} grew from ${size(before)} to ${size(after)}${names}`);
  }
}
for (const failure of failures) console.error(`soak: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
