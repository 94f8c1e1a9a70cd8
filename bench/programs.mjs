// The portable kit: our programs against Guile and Chez Scheme, at the kit's own scale (ETA_BENCH_SCALE, in percent).
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kit = join(dirname(fileURLToPath(import.meta.url)), 'kit.mjs');

/** @param names  only these programs; empty for all */
export default function benchPrograms(etai, results, names) {
  console.log('## Programs, against Guile and Chez Scheme\n');
  const options = ['--systems', `eta=${process.execPath} ${etai},guile,chez`];
  if (process.env.ETA_BENCH_SCALE) options.push('--scale', process.env.ETA_BENCH_SCALE);
  if (names.length > 0) options.push('--only', names.join());
  const files = ['--json', join(results, 'programs.json'), '--markdown', join(results, 'programs.md')];
  const { status } = spawnSync(process.execPath, [kit, ...options, ...files], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
