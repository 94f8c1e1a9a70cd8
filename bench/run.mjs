#!/usr/bin/env node
// npm run bench                    everything
// npm run bench -- startup fib     only these: sections, or programs of the kit
//
// A section is a file of this folder with a default export, which measures and reports (`report` in measure.mjs). It gets
// the path of etai, the folder for results, and the programs that were asked for by name, if any were.
//
// Every figure is a ratio against a peer or a limit that was measured in the same run, in turns with ours, because
// the machines that this runs on are noisy. A peer that is not installed is skipped by name. Results also go to
// bench/results/ as JSON and Markdown.
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const etai = join(here, '..', 'bin', 'etai');
const results = join(here, 'results');
const stems = (folder, extension) =>
  readdirSync(folder).flatMap((file) => (file.endsWith(extension) ? [file.slice(0, -extension.length)] : []));
const programs = stems(join(here, 'programs'), '.scm');
const sections = new Map();
for (const name of stems(here, '.mjs').filter((name) => name !== 'run' && name !== 'kit')) {
  const { default: bench } = await import(`./${name}.mjs`);
  if (bench !== undefined) sections.set(name, bench);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !sections.has(name) && !programs.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}`);
  console.error(`sections: ${[...sections.keys()].join(' ')}\nprograms: ${programs.join(' ')}`);
  process.exit(2);
}
mkdirSync(results, { recursive: true });

const names = wanted.filter((name) => programs.includes(name));
for (const [section, bench] of sections) {
  const isWanted = wanted.length === 0 || wanted.includes(section) || (section === 'programs' && names.length > 0);
  if (!isWanted) continue;
  await bench(etai, results, section === 'programs' && !wanted.includes(section) ? names : []);
}
