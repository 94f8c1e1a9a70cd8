// What a build depends on, as one hash: setup.mjs rebuilds when it has changed, build.mjs records it.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const STAMP = path.join(ROOT, 'dist', '.stamp');

const INPUTS = [
  'src',
  'stdlib',
  'bin',
  'scripts/build.mjs',
  'scripts/bundle-parts.mjs',
  'scripts/code-cache.mjs',
  'scripts/warm-up.eta',
  'scripts/warm-up-hot.eta',
  'scripts/warm-up-subsystems.eta',
  'tsconfig.json',
  'package-lock.json',
];

/** Absolute paths of the files that `name`, a file or folder of the repository, stands for; none if it is missing. */
function filesOf(name) {
  const full = path.join(ROOT, name);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return [full];
  const names = readdirSync(full, { recursive: true }).sort();
  return names.map((each) => path.join(full, each)).filter((file) => statSync(file).isFile());
}

/** Hash of all inputs and of the Node version, whose code cache the build makes. */
export function hashInputs() {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\0`);
  for (const file of INPUTS.flatMap(filesOf)) {
    const bytes = readFileSync(file);
    hash.update(`${path.relative(ROOT, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
