// Bad input: files that are missing, directories, binary, huge; children that print too much, nonsense, or hang. Every
// operation ends, in a result or in an error that a program can catch.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeText } from '../../src/builtins/process/run.ts';
import { evaluate } from '../support/evaluate.ts';

const folder = mkdtempSync(join(tmpdir(), 'eta-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

const binary = join(folder, 'binary');
writeFileSync(
  binary,
  Uint8Array.from({ length: 4096 }, (_, i) => (i * 167) % 256),
);
const huge = join(folder, 'huge');
writeFileSync(huge, '');
// A sparse file: longer than any string.
truncateSync(huge, 3 * 2 ** 30);

const PATHS = { missing: join(folder, 'missing'), directory: folder, binary, huge, 'no path': '\0' };

const OPERATIONS = {
  'read a character': (path: string) => `(read-char (open-input-file ${path}))`,
  'write a file': (path: string) => `(open-output-file (string-append ${path} "/below"))`,
  'ask for its size': (path: string) => `(file-size ${path})`,
  'list it': (path: string) => `(list-directory ${path})`,
  'read JSON': (path: string) => `(%json-read (open-input-file ${path}) #t)`,
  'load it': (path: string) => `(load ${path})`,
} as const;

const CASES = Object.entries(PATHS).flatMap(([kind, path]) =>
  Object.entries(OPERATIONS).map(
    ([what, program]) => [what, kind, program(`"${path.replace('\0', '\\x0;')}"`)] as const,
  ),
);

describe('files', () => {
  test.each(CASES)('%s of a path that is %s', (_what, kind, program) => {
    // To read all of a huge file is to ask for it.
    if (kind === 'huge' && /json|load/.test(program)) return;
    const { printed, error } = evaluate(`(catch ${program})`);
    expect(error).toBeUndefined();
    expect(printed).toBeDefined();
  });
});

const onLinux = describe.skipIf(process.platform !== 'linux');

onLinux('what the system refuses', () => {
  const unreadable = '/proc/self/mem';

  test.each([
    `(read-char (open-input-file "${unreadable}"))`,
    `(read-line (open-input-file "${unreadable}"))`,
    `(read (open-input-file "${unreadable}"))`,
    `(read-u8 (open-binary-input-file "${unreadable}"))`,
    `(%json-read (open-input-file "${unreadable}") #t)`,
    `(%csv-read-row (%csv-open-reader "${unreadable}" '()))`,
  ])('to read, by %s', (program) => {
    expect(evaluate(program)).toMatchObject({
      error: { tag: 'runtime.type-error', message: `File read failed: ${unreadable}: Input/output error` },
    });
  });

  test('to write, where the disk is full', () => {
    expect(evaluate('(call-with-output-file "/dev/full" (lambda (port) (display 1 port)))')).toMatchObject({
      error: { tag: 'runtime.type-error', message: 'File write failed: /dev/full: No space left on device' },
    });
  });

  test('a file that has no size is not taken for an empty one', () => {
    const program = `(vector-ref (%csv-read-row (%csv-open-reader "/proc/self/status" '((header . #f) (delimiter . #\\:)))) 0)`;
    expect(evaluate(program)).toEqual({ printed: '"Name"' });
  });
});

describe('long data', () => {
  const line = join(folder, 'line');
  writeFileSync(line, `(${'(1\n2 "é")\n'.repeat(30_000)}) next`);

  test('over many lines, and what follows', () => {
    const program = `(let* ((port (open-input-file "${line}")) (data (read port))) (list (length data) (list-ref data 29999) (read port) (read port)))`;
    expect(evaluate(program)).toEqual({ printed: '(30000 (1 2 "é") next #f)' });
  });
});

describe('children', () => {
  test('more output than a string holds is an error, and no wait without end', () => {
    const run = `(%process-run "head" '("-c" "600000000" "/dev/zero"))`;
    const { printed } = evaluate(`(list-tail (catch ${run}) 2)`);
    expect(printed).toContain('process-wait-failed: 600000000 bytes of output are too long for a string');
  });
  test('a child that prints without end, and is not read, is ended', () => {
    const program = `
      (define child (%process-spawn "yes" '()))
      (define out (%process-stdout-port child))
      (read-char out)
      (close-port out)
      (> (%process-wait child 10000) 0)`;
    expect(evaluate(program)).toEqual({ printed: '#t' });
  });
  test('a child that hangs meets its time limit', () => {
    const { printed } = evaluate(`(caddr (catch (%process-run "sleep" '("60") '((timeout-ms . 100)))))`);
    expect(printed).toBe('"process-timeout: timed out after 100 ms"');
  });
  test('megabytes of bytes that are not text', () => {
    expect(decodeText(randomBytes(1_000_000)).length).toBeGreaterThan(500_000);
  });
  test('each byte that is no part of a character is replaced, nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(0x80, 0xc0, 0xe0, 0xf0, 0xff))),
        (items) => {
          const bytes = Buffer.concat(
            items.map((item) => (typeof item === 'string' ? Buffer.from(item) : Buffer.of(item))),
          );
          // E0 and F0 begin characters, but none whose second byte is 80.
          const wanted = items.map((item) => (typeof item === 'string' ? item : '\ufffd')).join('');
          expect(decodeText(bytes)).toBe(wanted);
        },
      ),
    );
  });
});
