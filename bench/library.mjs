// The library at two sizes: whether its procedures are linear in what they are given.
//
// The large run has four times the work of the small one. Growth is the time of an element in the large run to that in
// the small one: 1 is linear; sorting has a logarithm in it. Whole processes less the time of an empty program.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, timeInTurns } from './measure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const ROUNDS = 5;
const FACTOR = 4;

/** What the argument of each program is in the large run; the small one has a quarter. */
const LARGE = {
  sort: 1_000_000,
  append: 2_000_000,
  strings: 1_000_000,
  'hash-map': 1_000_000,
  json: 48, // MB
  csv: 1_000_000,
  regex: 12, // MB
  'fact-table': 1_000_000,
};

export default function benchLibrary(etai, results) {
  const folder = mkdtempSync(join(tmpdir(), 'eta-bench-'));
  const empty = join(folder, 'empty.eta');
  writeFileSync(empty, '');
  const command = (file, ...args) => [process.execPath, etai, file, ...args];
  const rows = Object.entries(LARGE).map(([name, large]) => {
    const program = join(here, 'library', `${name}.eta`);
    const commands = {
      empty: command(empty),
      small: command(program, String(large / FACTOR)),
      large: command(program, String(large)),
    };
    const times = timeInTurns(commands, ROUNDS);
    const [start, small, most] = ['empty', 'small', 'large'].map((each) => median(times[each]));
    return {
      name,
      size: large,
      smallMs: small - start,
      largeMs: most - start,
      growth: (most - start) / (small - start) / FACTOR,
    };
  });
  rmSync(folder, { recursive: true });
  console.log(`## Library at two sizes (medians of ${ROUNDS} rounds, in turns)\n`);
  console.log('| program | size | a quarter, ms | whole, ms | growth |\n|---|---:|---:|---:|---:|');
  for (const { name, size, smallMs, largeMs, growth } of rows) {
    console.log(`| ${name} | ${size} | ${smallMs.toFixed(0)} | ${largeMs.toFixed(0)} | ${growth.toFixed(2)} |`);
  }
  console.log();
  writeFileSync(join(results, 'library.json'), `${JSON.stringify({ node: process.version, rows }, null, 1)}\n`);
}
