// etai doc, as a user meets it.

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Files, writeFiles } from '../support/files.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta doc-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (files: Files): void => writeFiles(folder, files);

const text = (path: string) => readFileSync(join(folder, path), 'utf8');

const doc = (cwd: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  etai(cwd, ['doc', ...args], environment);

function etai(cwd: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, ...args], {
    cwd: join(folder, cwd),
    encoding: 'utf8',
    env: { ...process.env, ETA_MODULE_PATH: undefined, FORCE_COLOR: undefined, NO_COLOR: '1', ...environment },
  });
  return { stdout: stdout.replaceAll(folder, 'DIR'), stderr: stderr.replaceAll(folder, 'DIR'), status };
}

const MANIFEST =
  '[package]\nname = "app"\nversion = "1.0.0"\nlicense = "MIT"\n\n[compatibility]\neta = ">=0.6"\n\n[dependencies]\n';

/** A project with two modules, one of which exports what the other defines, and a program. */
const PROJECT = {
  'app/eta.toml': MANIFEST,
  'app/src/app.eta': '(import app.shapes) (println (area 2 3)) (car 5)',
  'app/src/app/shapes.eta': `;;; app.shapes: areas of flat things. Lengths are in metres.
;;;
;;; See \`area\` for <simple> ones:
;;;
;;;   (area 1 2)
(module app.shapes
  (export area square-area side (rename inner outer) twice make-box box-size box? nothing half)
  (import app.util)
  ;;; (area w h): the area of a rectangle. Error: \`*: argument is not a number\`.
  ;;;   (area 3 4) ; => 12
  (define (area w h) (* w h))
  (defun square-area (side . more) (area side side))
  ;;; side: one of something.
  (define side 1)
  (define inner (lambda (x y) x))
  ;;; (twice e): e & e again.
  (define-syntax twice (syntax-rules () ((_ e) (begin e e))))
  (define-record-type box
    (make-box x)
    box?
    (x box-size set-box-size!))
  (define nothing
    '()))
`,
  'app/src/app/util.eta': `(module app.util (export half)
  ;;; (half x): x / 2.
  (define (half x) (/ x 2)))
`,
};

describe('etai doc', () => {
  test('writes HTML and Markdown about what the modules of a project export', () => {
    write({ ...PROJECT, 'app/.eta/target/doc/gone.html': '' });
    expect(doc('app/src', [])).toEqual({
      stdout: 'documented 2 module(s) in DIR/app/.eta/target/doc\n',
      stderr: '',
      status: 0,
    });
    const pages = ['app.shapes.html', 'app.shapes.md', 'app.util.html', 'app.util.md'];
    expect(readdirSync(join(folder, 'app/.eta/target/doc')).sort()).toEqual(['README.md', ...pages, 'index.html']);
    expect(text('app/.eta/target/doc/README.md')).toBe(
      '# app 1.0.0\n\n- [app.shapes: areas of flat things](app.shapes.md)\n- [app.util](app.util.md)\n',
    );
    expect(text('app/.eta/target/doc/app.util.md')).toBe(`# app.util

\`(import app.util)\`

[\`half\`](#half)

<a id="half"></a>

## half

\`(half x)\`

x / 2.
`);
    const usages = (file: string, pattern: RegExp) => [...text(file).matchAll(pattern)].map(([, usage]) => usage);
    const expected = [
      '(area w h)',
      '(square-area side more …)',
      'side',
      '(outer x y)',
      '(twice e)',
      '(make-box x)',
      '(box-size box)',
      '(box? value)',
      'nothing',
      '(half x)',
    ];
    expect(usages('app/.eta/target/doc/app.shapes.md', /^## .*\n\n`(.*)`$/gm)).toEqual(expected);
    expect(usages('app/.eta/target/doc/app.shapes.html', /<h2 id.*<code>(.*)<\/code>/g)).toEqual(expected);
    const main = /<main>\n([\s\S]*?)<h2 id="square-area">/.exec(text('app/.eta/target/doc/app.shapes.html'))?.[1];
    expect(main).toBe(`<h1>app.shapes: areas of flat things</h1>
<p><code>(import app.shapes)</code></p>
<p>Lengths are in metres.</p>
<p>See <a href="app.shapes.html#area"><code>area</code></a> for &lt;simple&gt; ones:</p>
<pre>  (area 1 2)</pre>
<h2 id="area"><small>procedure</small><code>(area w h)</code></h2>
<p>The area of a rectangle.</p>
<p>Errors: <code>*: argument is not a number</code>.</p>
<pre>(area 3 4) ; =&gt; 12</pre>
`);
    const index = text('app/.eta/target/doc/index.html');
    for (const [, page, anchor] of index.matchAll(/href="([^"#]+)(?:#([^"]+))?"/g)) {
      const target = text(`app/.eta/target/doc/${page}`);
      if (anchor !== undefined) expect(target).toContain(`<h2 id="${anchor}">`);
    }
    expect(index).toContain('<td>e &amp; e again</td>');
  });

  test('writes one format to a folder, whose files stay', () => {
    write({ ...PROJECT, 'app/pages/mine.md': 'mine' });
    expect(doc('app', ['--format', 'markdown', '-o', 'pages']).status).toBe(0);
    expect(readdirSync(join(folder, 'app/pages')).sort()).toEqual([
      'README.md',
      'app.shapes.md',
      'app.util.md',
      'mine.md',
    ]);
    expect(doc('app', ['--format', 'html', '--output', 'html']).status).toBe(0);
    expect(readdirSync(join(folder, 'app/html')).sort()).toEqual(['app.shapes.html', 'app.util.html', 'index.html']);
  });

  test.skipIf(process.platform === 'win32')('shows the pages with the program that opens files', async () => {
    const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
    write({ ...PROJECT, [`bin/${opener}`]: `#!/bin/sh\necho "$1" > '${folder}/opened'\n` });
    chmodSync(join(folder, 'bin', opener), 0o755);
    const PATH = `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`;
    expect(doc('app', ['--open'], { PATH })).toMatchObject({ stderr: '', status: 0 });
    await vi.waitFor(() => expect(text('opened')).toBe(`${folder}/app/.eta/target/doc/index.html\n`), 10_000);
    const refused = doc('app', ['--open'], { PATH: join(folder, 'nowhere') });
    expect(refused.stderr).toMatch(/^error: cannot open \.eta\/target\/doc\/index\.html in the browser: .*ENOENT\n$/);
    expect(refused.status).toBe(1);
  });

  test('a file that is wrong is told of, and nothing is written', () => {
    write({ ...PROJECT, 'app/src/bad.eta': '(define x' });
    const { stdout, stderr, status } = doc('app', []);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(/^error \[src\/bad\.eta:1:1-1:2\]: unclosed list\n/);
    expect(existsSync(join(folder, 'app/.eta'))).toBe(false);
    expect(doc('app', ['area']).stdout).toMatch(/^\(area w h\) +procedure of app\.shapes\n/);
  });

  // [name, the beginning of what is printed]
  test.each([
    ['area', /^\(area w h\) +procedure of app\.shapes\n {2}The area of a rectangle\.\n/],
    [
      'square-area',
      /^\(square-area side more …\) +procedure of app\.shapes\n {2}DIR\/app\/src\/app\/shapes\.eta:12\n$/,
    ],
    ['box-size', /^\(box-size box\) +procedure of app\.shapes\n {2}DIR\/app\/src\/app\/shapes\.eta:18\n$/],
    ['app.shapes', /^\(import app\.shapes\) +module\n {2}areas of flat things\./],
    ['car', /^\(car p\) +builtin\n/],
    ['println', /^\(println x …\) +procedure of std\.io\n/],
  ])('tells what is known of %s', (name, expected) => {
    write(PROJECT);
    const { stdout, stderr, status } = doc('app', [name]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(expected);
  });

  // [words, message], outside of projects
  test.each([
    [[], 'etai doc: no eta.toml found\n'],
    [['carr'], 'nothing is known of carr; did you mean car?\n'],
    [['--pen'], 'etai doc: unknown option --pen\n(Did you mean --open?)\nUsage: etai doc [options] [name]\n'],
    [['a', 'b'], 'etai doc: unexpected argument: b\nUsage: etai doc [options] [name]\n'],
  ])('%j is refused', (words, message) => {
    expect(doc('', words)).toEqual({ stdout: '', stderr: `error: ${message}`, status: 1 });
  });

  // [words, message], in a project without an export
  test.each([
    [[], 'no module under DIR/src exports anything\n'],
    [['--format', 'pdf'], "--format must be 'html' or 'markdown'\n"],
    [['--open', '--format', 'markdown'], '--open shows HTML; leave out --format\n'],
    [['-o', 'src/app.eta'], 'cannot write to '],
  ])('%j is refused in a project', (words, message) => {
    write({
      'eta.toml': MANIFEST,
      'src/app.eta': words[0] === '-o' ? '(module app (export x) (define x 1))' : '(car 5)',
    });
    const { stdout, stderr, status } = doc('', words);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr.startsWith(`error: etai doc: ${message}`)).toBe(true);
  });
});

describe('etai test --doc', () => {
  const FILES = {
    ...PROJECT,
    'app/src/app/sound.eta': `(module app.sound
  (export double twice area)
  (import std.io (only app.shapes area))
  (println "loaded")
  ;;; (double x): two times x.
  ;;;   (define n 4)
  ;;;   (double
  ;;;     n) ; => 8
  ;;;   (double 'a) ; error *: argument is not a number
  (define (double x) (* 2 x))
  ;;; (twice e): e, two times.
  ;;;   (twice (println "a"))
  ;;;   ; prints a
  ;;;   ; prints a
  (define-syntax twice (syntax-rules () ((_ e) (begin e e)))))
`,
    'app/src/app/wrong.eta': `(module app.wrong
  (export wrong)
  ;;; (wrong): is wrong.
  ;;;   (wrong) ; => 2
  ;;;   (print "a") ; prints b
  ;;;   (wrong) ; error boom
  ;;;   (car 5) ; => 1
  ;;;   (car 5) ; error car: not a pair
  ;;;   (nowhere)
  (define (wrong) 1))
`,
    'app/src/app/broken.eta': '(module app.broken (export f)\n;;; (f): f.\n;;;   (f) ; => 1\n(define (f) (nowhere)))',
    'app/tests/a.test.eta': '(car 5)',
  };

  test('runs the examples of what the sources of a project export', () => {
    write(FILES);
    const { stdout, stderr, status } = etai('app/tests', ['test', '--doc']);
    expect(stdout).toBe(`TAP version 13
1..11
not ok 1 - broken.eta (load error)
ok 2 - area: (area 3 4)
ok 3 - double: (double n)
ok 4 - double: (double 'a)
ok 5 - twice: (twice (println "a"))
not ok 6 - wrong: (wrong)
  ---
  message: expected 2 but got 1
  expected: 2
  actual: 1
  position: src/app/wrong.eta:10
  ...
not ok 7 - wrong: (print "a")
  ---
  message: expected b but got a
  expected: b
  actual: a
  position: src/app/wrong.eta:10
  ...
not ok 8 - wrong: (wrong)
  ---
  message: expected error: boom but got no error, but 1
  expected: error: boom
  actual: no error, but 1
  position: src/app/wrong.eta:10
  ...
not ok 9 - wrong: (car 5)
  ---
  message: expected 1 but got error: car: not a pair
  expected: 1
  actual: error: car: not a pair
  position: src/app/wrong.eta:10
  ...
ok 10 - wrong: (car 5)
not ok 11 - wrong: (nowhere)
  ---
  message: expected no error but got error: Undefined symbol: nowhere
  expected: no error
  actual: error: Undefined symbol: nowhere
  position: src/app/wrong.eta:10
  ...
`);
    expect(stderr).toMatch(/^eta-test: error in "broken\.eta":\nerror .*Undefined symbol: nowhere\n/);
    expect(status).toBe(1);
  });

  test('takes files, a filter and formats as other tests do', () => {
    write(FILES);
    expect(etai('app/src/app', ['test', '--doc', '--filter', "'a", 'sound.eta'])).toEqual({
      stdout: "TAP version 13\n1..1\nok 1 - double: (double 'a)\n",
      stderr: '',
      status: 0,
    });
    const { stdout, status } = etai('app', ['test', '--doc', '--format', 'pretty', 'src/app/sound.eta']);
    expect({ stdout: stdout.replace(/[\d.]+ ms/g, 'N ms'), status }).toEqual({
      stdout: 'ok    src/app/sound.eta  3 tests  N ms\n\npassed  1 file; 3 tests  N ms\n',
      status: 0,
    });
    expect(etai('app', ['test', '--doc', 'src/app/util.eta'])).toEqual({
      stdout: '',
      stderr: 'eta-test: no examples found\n',
      status: 0,
    });
  });

  test('works outside of projects', () => {
    write({
      'half.eta': '(module half (export half)\n;;; (half x): x / 2.\n;;;   (half 4) ; => 2\n(define (half x) (/ x 2)))',
    });
    expect(etai('', ['test', '--doc']).stdout).toBe('TAP version 13\n1..1\nok 1 - half: (half 4)\n');
  });
});
