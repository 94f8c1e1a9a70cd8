import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type ArchivedFile, eachFile, encodeArchive, readArchive } from '../../src/executable/archive.ts';
import { platformOf } from '../../src/executable/node-binary.ts';

const folder = mkdtempSync(join(tmpdir(), 'eta-archive-'));
const executable = join(folder, 'executable');
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = fc.uint8Array({ maxLength: 200 });
const files = fc.uniqueArray(fc.record({ path: fc.string(), bytes }), { selector: ({ path }) => path });

const write = (front: Uint8Array, contents: readonly ArchivedFile[]): void => {
  const index = {
    hash: 'abc',
    version: '1',
    program: null,
    files: contents.map((f) => [f.path, f.bytes.length] as const),
  };
  writeFileSync(executable, Buffer.concat([front, ...encodeArchive(index, contents)]));
};

test('an archive gives back what was put into it, whatever is in front of it', () => {
  fc.assert(
    fc.property(bytes, files, (front, contents) => {
      write(front, contents);
      const archive = readArchive(executable)!;
      expect(archive.start).toBe(front.length);
      const found: ArchivedFile[] = [];
      eachFile(archive, ({ path, bytes }) => found.push({ path, bytes: new Uint8Array(bytes) }));
      expect(found).toEqual(contents);
    }),
  );
});

test('a file without an archive, or with one that is cut off, has none', () => {
  writeFileSync(executable, 'short');
  expect(readArchive(executable)).toBeNull();
  write(Buffer.alloc(100), [{ path: 'a', bytes: Buffer.alloc(100) }]);
  truncateSync(executable, 150);
  expect(readArchive(executable)).toBeNull();
});

const elf = (machine: number) =>
  Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(14), Buffer.from([machine, 0]), Buffer.alloc(60)]);
const macho = (machine: number) => {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(machine, 4);
  return header;
};
const pe = (machine: number) => {
  const header = Buffer.alloc(200);
  header.write('MZ');
  header.writeUInt32LE(128, 60);
  header.write('PE\0\0', 128, 'latin1');
  header.writeUInt16LE(machine, 132);
  return header;
};

test.each([
  ['linux-x64', elf(0x3e)],
  ['linux-arm64', elf(0xb7)],
  [null, elf(0x03)],
  ['darwin-arm64', macho(0x0100000c)],
  ['win32-x64', pe(0x8664)],
  ['win32-arm64', pe(0xaa64)],
  [null, Buffer.from('#!/bin/sh\n'.repeat(20))],
  [null, Buffer.from('MZ'.repeat(100))],
  [null, Buffer.alloc(3)],
])('the platform of an executable file: %s', (platform, header) => {
  expect(platformOf(header)).toBe(platform);
});
