// Start-up: a whole `etai hello.eta`, against the same Node doing nothing. If `npm run package` has made an executable,
// that, too, against the Node that it carries.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, pairedRatio, report, timeInTurns } from './measure.mjs';
import { benchCompletion, benchPrompt } from './prompt.mjs';

const PROGRAMS = {
  'hello, bare form': '(println "hello")\n',
  'hello, module': '(module hello (import std.io) (begin (println "hello")))\n',
  'empty module': '(module empty)\n',
};
const ROUNDS = 21;
/** Modules that are imported together for completion. */
const LIBRARY = readdirSync(new URL('../stdlib/std', import.meta.url))
  .filter((file) => file.endsWith('.eta'))
  .map((file) => `std.${file.slice(0, -4)}`);
const ROOT = join(import.meta.dirname, '..');

export default async function benchStartup(etai, results) {
  const folder = mkdtempSync(join(tmpdir(), 'eta-bench-'));
  const commands = { 'node -e 0': [process.execPath, '-e', '0'] };
  Object.entries(PROGRAMS).forEach(([name, text], i) => {
    const file = join(folder, `program${i}.eta`);
    writeFileSync(file, text);
    commands[name] = [process.execPath, etai, file];
  });
  const rows = measure(commands);
  rows.push(...benchExecutable(folder));
  rmSync(folder, { recursive: true });
  const prompt = await benchPrompt(etai);
  if (prompt === null) console.log('No pseudo-terminals here: prompt and completion are left out.\n');
  else rows.push(prompt);
  report('startup', results, `Start-up (medians of ${ROUNDS} rounds, in turns)`, rows, {
    program: (row) => row.name,
    ms: (row) => row.ms.toFixed(1),
    'against node -e 0': (row) => row.ratio.toFixed(2),
  });
  if (prompt !== null) {
    const ms = await benchCompletion(etai, LIBRARY);
    console.log(`Completion of a name, all of the library imported: ${ms.toFixed(1)} ms (limit 30)\n`);
  }
}

/** The first command is Node doing nothing. */
function measure(commands) {
  const times = timeInTurns(commands, ROUNDS);
  const node = Object.values(times)[0];
  return Object.entries(times).map(([name, ms]) => ({ name, ms: median(ms), ratio: pairedRatio(ms, node) }));
}

/** The packaged executable and the Node inside it, which scripts/package.mjs has fetched; no rows without them. */
function benchExecutable(folder) {
  const executable = join(ROOT, 'build-output', 'etai');
  const downloads = join(ROOT, 'node_modules', '.cache', 'etai-package');
  const name =
    existsSync(downloads) &&
    readdirSync(downloads).find((each) => each.startsWith(`node-${process.platform}-${process.arch}`));
  if (!existsSync(executable) || !name) return [];
  return measure({
    [`${name} -e 0`]: [join(downloads, name, 'bin', 'node'), '-e', '0'],
    'executable, hello': [executable, join(folder, 'program0.eta')],
  });
}
