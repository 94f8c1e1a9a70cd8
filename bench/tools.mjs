// The tools on files: `etai fmt` of ten thousand lines and `etai check` of the whole standard library, each a whole
// process, against the same tool on one line and against Node doing nothing.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, pairedRatio, report, timeInTurns } from './measure.mjs';

const LINES = 10_000;
const ROUNDS = 7;
const LIBRARY = join(import.meta.dirname, '..', 'stdlib', 'std');

/** The text of the library's modules, one behind the other, again and again. */
function libraryText() {
  const files = readdirSync(LIBRARY).filter((name) => name.endsWith('.eta'));
  const lines = files.flatMap((name) => readFileSync(join(LIBRARY, name), 'utf8').trimEnd().split('\n'));
  return { lines: lines.length, text: `${lines.join('\n')}\n` };
}

export default function benchTools(etai, results) {
  const folder = mkdtempSync(join(tmpdir(), 'eta-bench-'));
  try {
    const { lines, text } = libraryText();
    // The first run, which does not count, writes the layout; the others find that nothing changes.
    const [one, many] = [join(folder, 'one.eta'), join(folder, 'many.eta')];
    writeFileSync(one, '(println 1)\n');
    writeFileSync(many, text.repeat(Math.ceil(LINES / lines)));
    const times = timeInTurns(
      {
        'node -e 0': [process.execPath, '-e', '0'],
        'etai fmt, 1 line': [process.execPath, etai, 'fmt', one],
        [`etai fmt, ${Math.ceil(LINES / lines) * lines} lines`]: [process.execPath, etai, 'fmt', many],
        'etai check, 1 line': [process.execPath, etai, 'check', one],
        [`etai check, the standard library (${lines} lines)`]: [process.execPath, etai, 'check', LIBRARY],
      },
      ROUNDS,
    );
    const node = times['node -e 0'];
    const rows = Object.entries(times).map(([name, ms]) => ({ name, ms: median(ms), ratio: pairedRatio(ms, node) }));
    report('tools', results, `Tools on files (medians of ${ROUNDS} rounds, in turns)`, rows, {
      command: (row) => row.name,
      ms: (row) => row.ms.toFixed(0),
      'against node -e 0': (row) => row.ratio.toFixed(1),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
