// Profiles: from V8's samples to functions of Eta, as a table and as a page.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callTree, totalMs } from '../../src/profile/call-tree.ts';
import { flameGraphPage } from '../../src/profile/flame-graph.ts';
import { summaryText } from '../../src/profile/summary.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
const BROWSER = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eta-profile-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const label = (name: string, place: string) => `eta:${encodeURIComponent(JSON.stringify([name, place]))}`;

/** A profile by hand: [id, function name, url, children]; each id in `samples` was found for 1 ms. */
function profileOf(
  nodes: readonly (readonly [number, string, string, number[]])[],
  samples: number[],
): Profiler.Profile {
  return {
    nodes: nodes.map(([id, functionName, url, children]) => ({
      id,
      callFrame: { functionName, scriptId: '0', url, lineNumber: 0, columnNumber: 0 },
      children,
    })),
    startTime: 0,
    endTime: 0,
    samples: [...samples, samples[0]],
    timeDeltas: [0, ...samples.map(() => 1000)],
  };
}

const TREE = callTree(
  profileOf(
    [
      [1, '(root)', '', [2, 9]],
      [2, 'main', 'file:///etai.cjs', [3]],
      [3, 'execute', 'file:///etai.cjs', [4, 7]],
      [4, 'f_1', label('f', 'a.eta:1'), [5]],
      [5, 'f_2', label('f', 'a.eta:1'), [6, 8]],
      [6, 'add', 'file:///etai.cjs', []],
      [7, 'g', label('<g>', 'a.eta:2'), []],
      [8, 'g', label('<g>', 'a.eta:2'), []],
      [9, '(garbage collector)', '', []],
    ],
    [3, 4, 5, 6, 6, 7, 8, 8, 9],
  ),
);

describe('the call tree', () => {
  test('has builtins in their callers, recursion once, and what is not Eta apart', () => {
    const show = ({ name, selfMs, children }: typeof TREE): unknown => [
      name,
      selfMs,
      ...[...children.values()].map(show),
    ];
    const tree = show(TREE) as [string, number, ...unknown[]];
    expect(tree.slice(0, 2)).toEqual(['all', 0]);
    expect(tree.slice(2)).toHaveLength(4);
    expect(tree).toEqual(
      expect.arrayContaining([
        ['interpreter', 1],
        ['f', 4, ['<g>', 2]],
        ['<g>', 1],
        ['garbage collection', 1],
      ]),
    );
    expect(totalMs(TREE)).toBe(9);
  });

  test('as a table that adds up', () => {
    expect(summaryText({ ...TREE, selfMs: 11 })).toContain('\n  55.0 %   55.0 %  everything else\n');
    expect(summaryText(TREE)).toBe(
      [
        '    self     total  function            place',
        '  44.4 %   66.7 %  f                   a.eta:1',
        '  33.3 %   33.3 %  <g>                 a.eta:2',
        '  11.1 %   11.1 %  garbage collection',
        '  11.1 %   11.1 %  interpreter',
        '',
      ].join('\n'),
    );
  });
});

test('etai profile runs the program, and keeps its output and exit status', () => {
  const program = '(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (println (fib 30)) (exit 3)';
  writeFileSync(join(folder, 'p.eta'), program);
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, '--profile', '-o', 'page.html', 'p.eta'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ stdout, status }).toEqual({ stdout: '832040\n', status: 3 });
  expect(stderr).toMatch(/profile of p\.eta: \d+ ms, \d+ samples\n {4}self {5}total {2}function/);
  expect(stderr).toMatch(/%\s+fib\s+p\.eta:1\n/);
  expect(stderr).toContain('flame graph: page.html\n');
  expect(readFileSync(join(folder, 'page.html'), 'utf8')).toContain('"name":"fib","place":"p.eta:1"');
});

test('a page that cannot be written is an error', () => {
  writeFileSync(join(folder, 'q.eta'), '(println 1)');
  const words = ['profile', '-o', join(folder, 'none', 'page.html'), join(folder, 'q.eta')];
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, ...words], { encoding: 'utf8' });
  expect({ stdout, status }).toEqual({ stdout: '1\n', status: 1 });
  expect(stderr).toContain('error: cannot write the flame graph ');
});

describe.skipIf(BROWSER === undefined)('the page in a browser', () => {
  test('shows each frame as wide as its time, and finds what its address says', () => {
    const page = join(folder, 'tree.html');
    writeFileSync(page, flameGraphPage(TREE, '<script>alert(1)</script>'));
    const profile = join(folder, 'browser');
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
    const words = [
      ...flags,
      '--disable-component-update',
      '--disable-sync',
      `--user-data-dir=${profile}`,
      '--dump-dom',
    ];
    const { stdout } = spawnSync(BROWSER!, [...words, `file://${page}#g`], { encoding: 'utf8', timeout: 60_000 });
    const buttons = [...stdout.matchAll(/<button ([^>]*)>([^<]*)<\/button>/g)].map(([, attributes, name]) => ({
      name,
      isFound: attributes.includes('class="found"'),
      width: Math.round(Number(/width: calc\((.*?)% - 1px\)/.exec(attributes)?.[1])),
    }));
    expect(buttons).toHaveLength(6);
    expect(buttons).toEqual(
      expect.arrayContaining([
        { name: 'all', isFound: false, width: 100 },
        { name: 'f', isFound: false, width: 67 },
        { name: '&lt;g&gt;', isFound: true, width: 22 },
        { name: 'garbage collection', isFound: true, width: 11 },
      ]),
    );
    expect(stdout).toContain('<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>');
  });
});
