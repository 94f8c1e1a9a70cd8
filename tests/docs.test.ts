// The examples in the documentation: each ```scheme block that has annotations is a program, run as its reader would.
//
//   form                ; => V       `write` prints V for the form's value
//   form                ; prints T   the form prints the line T; further lines follow on lines of their own
//   form                ; error M    the form raises an error with the message M
//
// A form begins at the start of a line and goes on until the next such line. A block becomes one program in which the
// annotated forms are wrapped to print what the annotation speaks of; its whole output is compared.

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const ETAI = path.join(ROOT, 'bin', 'etai');
const PAGES = ['README.md', 'docs/language.md', 'docs/networking.md', 'docs/actors.md'];

interface Block {
  readonly line: number;
  readonly program: string;
  readonly expected: string;
}

interface Form {
  lines: string[];
  kind: '=>' | 'prints' | 'error' | null;
  expected: string[];
}

const ANNOTATION = /\s*; (=>|prints|error) (.*)$/;

/** The annotated blocks of a page. */
function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = readFileSync(path.join(ROOT, page), 'utf8').split('\n');
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] !== '```scheme') continue;
    const start = i + 1;
    const end = lines.indexOf('```', start);
    const forms = formsOf(lines.slice(start, end));
    if (forms.some(({ kind }) => kind !== null)) {
      blocks.push({
        line: start,
        program: forms.map(programText).join('\n'),
        expected: forms.flatMap(({ expected }) => expected.map((line) => `${line}\n`)).join(''),
      });
    }
    i = end;
  }
  return blocks;
}

function formsOf(lines: readonly string[]): Form[] {
  const forms: Form[] = [];
  for (const line of lines) {
    const match = ANNOTATION.exec(line);
    const code = match === null ? line : line.slice(0, match.index);
    if (/^[^\s;]/.test(code)) forms.push({ lines: [], kind: null, expected: [] });
    const form = forms.at(-1);
    if (form === undefined) continue; // a comment before the first form
    form.lines.push(code);
    if (match !== null) {
      form.kind = match[1] as Form['kind'];
      form.expected.push(match[2]);
    }
  }
  return forms;
}

function programText({ lines, kind }: Form): string {
  const code = lines.join('\n');
  switch (kind) {
    case '=>':
      return `(begin (write ${code}) (newline))`;
    case 'error':
      return `(begin (display (car (cdr (cdr (catch ${code}))))) (newline))`;
    default:
      return code;
  }
}

function run(program: string): Promise<{ stdout: string; stderr: string; status: number }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [ETAI, '-'], { timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ stdout, stderr, status: error === null ? 0 : Number(error.code) });
    });
    child.stdin?.end(program);
  });
}

/** The contents of all ```scheme blocks of a page. */
const fencedBlocks = (page: string): string[] =>
  [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/^```scheme\n(.*?)^```$/gms)].map((match) => match[1]);

describe('README.md', () => {
  test('the parallel program of two files', () => {
    const [, worker, main] = fencedBlocks('README.md');
    const folder = mkdtempSync(path.join(tmpdir(), 'readme-'));
    try {
      writeFileSync(path.join(folder, 'worker.eta'), worker);
      writeFileSync(path.join(folder, 'main.eta'), main);
      const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, 'main.eta'], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 30_000,
      });
      expect({ stdout, stderr, status }).toEqual({ stdout: '1\n4\n9\n16\n', stderr: '', status: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe.each(PAGES)('%s', (page) => {
  test.each(blocksOf(page))('line $line', async ({ program, expected }) => {
    expect(await run(program)).toEqual({ stdout: expected, stderr: '', status: 0 });
  });
});
