// Memory: what a million elements of a list, a vector and a hash map cost, against the same in plain JavaScript objects;
// and what is left of a recursion a million deep when it has returned.
//
// Each figure is the heap in use at the end of a process of its own, after a collection, less that of the same program with
// nothing in it. It comes out the same in every run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from './measure.mjs';

const COUNT = 1_000_000;

/** What it is, an Eta expression that gives it with `n` elements, and the body of a JavaScript function that does. */
const STRUCTURES = [
  [
    'list',
    "(let loop ((i 0) (l '())) (if (= i n) l (loop (+ i 1) (cons i l))))",
    'let l = null; for (let i = 0; i < n; i++) l = { car: i, cdr: l }; return l;',
  ],
  [
    'vector',
    '(let ((v (make-vector n 0))) (let loop ((i 0)) (if (= i n) v (begin (vector-set! v i i) (loop (+ i 1))))))',
    'const v = new Array(n).fill(0); for (let i = 0; i < n; i++) v[i] = i; return v;',
  ],
  [
    'hash map',
    '(let loop ((i 0) (m (make-hash-map))) (if (= i n) m (loop (+ i 1) (hash-map-assoc m i i))))',
    'const m = new Map(); for (let i = 0; i < n; i++) m.set(i, { key: i, value: i, order: i }); return m;',
  ],
];

/** A recursion that returns, and then work enough for the machine to look round. */
const RECURSION = `(define (deep i) (if (= i 0) 0 (+ 1 (deep (- i 1)))))
(define kept (let ((d (deep n))) (let loop ((i 0)) (if (< i 5000000) (loop (+ i 1)) d))))`;

const HOOK = `process.on('exit', () => { globalThis.gc();
  require('node:fs').writeSync(2, String(require('node:v8').getHeapStatistics().used_heap_size)); });`;

export default function benchMemory(etai, results) {
  const folder = mkdtempSync(join(tmpdir(), 'eta-bench-'));
  const hook = join(folder, 'hook.cjs');
  writeFileSync(hook, HOOK);
  const heap = (file, text, ...before) => {
    writeFileSync(join(folder, file), text);
    const { stderr, status } = spawnSync(
      process.execPath,
      ['--expose-gc', '--require', hook, ...before, join(folder, file)],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`${file}: ${stderr}`);
    return Number(stderr);
  };
  const growth = (file, text, ...before) =>
    (heap(file, text(COUNT), ...before) - heap(file, text(0), ...before)) / 2 ** 20;
  const eta = (body) => growth('program.eta', (n) => `(define n ${n})\n${body}\n`, etai);
  const rows = STRUCTURES.map(([name, expression, body]) => {
    const ours = eta(`(define kept ${expression})`);
    const plain = growth('plain.cjs', (n) => `globalThis.kept = (function (n) { ${body} })(${n});`);
    return { name, ours, plain, ratio: ours / plain };
  });
  const left = eta(RECURSION);
  rmSync(folder, { recursive: true });
  rows.push({ name: 'what a recursion a million deep leaves', ours: left });
  report('memory', results, 'Memory: a million elements, MB', rows, {
    structure: ({ name }) => name,
    Eta: ({ ours }) => ours.toFixed(1),
    JavaScript: ({ plain }) => plain?.toFixed(1) ?? '–',
    'Eta/JavaScript': ({ ratio }) => ratio?.toFixed(2) ?? '–',
  });
}
