// Check that folders under src/ import only themselves and folders before them (docs/architecture.md).
//
// The order is the one in which a newcomer can read the code: nothing refers to what comes later. Type-only imports
// count too, since a reader has to follow them just the same.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ORDER = [
  'values',
  'reader',
  'format',
  'bytecode',
  'compiler',
  'vm',
  'builtins',
  'modules',
  'help',
  'check',
  'session',
  'testing',
  'repl',
  'project',
  'profile',
  'lsp',
  'dap',
  'executable',
  'cli',
];

const SPECIFIER = /(?:\bfrom|\bimport)\s*\(?\s*(['"])(\.[^'"]*)\1/g;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const src = path.join(root, 'src');

/** The first part of a path relative to src/, null for a file that lies in src/ itself. */
function folderOf(file) {
  const parts = path.relative(src, file).split(path.sep);
  return parts.length > 1 ? parts[0] : null;
}

function sourceFiles() {
  try {
    return readdirSync(src, { recursive: true })
      .filter((name) => /\.[cm]?[jt]s$/.test(name))
      .map((name) => path.join(src, name));
  } catch (error) {
    if (error.code === 'ENOENT') return []; // nothing written yet
    throw error;
  }
}

const problems = [];
for (const file of sourceFiles()) {
  const from = folderOf(file);
  const rank = ORDER.indexOf(from);
  if (from !== null && rank < 0)
    problems.push(`${path.relative(root, file)}: src/${from} is not in scripts/check-imports.mjs`);
  const text = readFileSync(file, 'utf8');
  for (const match of text.matchAll(SPECIFIER)) {
    const target = path.resolve(path.dirname(file), match[2]);
    const line = text.slice(0, match.index).split('\n').length;
    const place = `${path.relative(root, file)}:${line}`;
    if (target === path.join(root, 'package.json')) continue; // for the version
    if (!target.startsWith(src + path.sep)) {
      // Scripts and tests lie outside; sources must not depend on them.
      problems.push(`${place}: imports ${match[2]}, outside src/`);
      continue;
    }
    const to = folderOf(target);
    if (to !== null && from !== null && ORDER.indexOf(to) > rank)
      problems.push(`${place}: ${from} must not import ${to}`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`The order of imports is ${ORDER.join(' → ')}.`);
  process.exitCode = 1;
}
