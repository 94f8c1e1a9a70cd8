#!/usr/bin/env node
// npm run bench                    everything
// npm run bench -- startup fib     only these: startup, messages, programs, or names of programs
//
// Every figure is a ratio against a peer or a limit that was measured in the same run, in turns with ours, because
// the machines that this runs on are noisy. A peer that is not installed is skipped by name. Results also go to
// bench/results/ as JSON and Markdown.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchLibrary } from './library.mjs';
import { benchMessages } from './messages.mjs';
import { benchStartup } from './startup.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const etai = join(here, '..', 'bin', 'etai');
const results = join(here, 'results');
const programs = readdirSync(join(here, 'programs')).map((file) => file.replace(/\.scm$/, ''));
const wanted = process.argv.slice(2);

const unknown = wanted.filter((name) => !['startup', 'library', 'messages', 'programs', ...programs].includes(name));
if (unknown.length > 0) {
  console.error(
    `no benchmark is called ${unknown.join(', ')}; there are startup, library, messages, programs, and the programs`,
  );
  console.error(programs.join(' '));
  process.exit(2);
}
const runs = (name) => wanted.length === 0 || wanted.includes(name);
mkdirSync(results, { recursive: true });

if (runs('startup')) await benchStartup(etai, results);
const chosen = runs('programs') ? programs : programs.filter((name) => wanted.includes(name));
if (chosen.length > 0) benchPrograms(chosen);
if (runs('library')) benchLibrary(etai, results);
if (runs('messages')) benchMessages(etai, results);

/** The portable kit: our programs against Guile and Chez Scheme. */
function benchPrograms(names) {
  console.log('## Programs, against Guile and Chez Scheme\n');
  const scale = process.env.ETA_BENCH_SCALE ?? '20';
  const options = [
    '--systems',
    `eta=${process.execPath} ${etai},guile,chez`,
    '--scale',
    scale,
    '--only',
    names.join(','),
  ];
  const files = ['--json', join(results, 'programs.json'), '--markdown', join(results, 'programs.md')];
  spawnSync(process.execPath, [join(here, 'programs.mjs'), ...options, ...files], { stdio: 'inherit' });
}
