// What Node starts in an executable.
//
//   etai …               like bin/etai …
//   etac …               like bin/etac …: the same file by another name, a link or a copy
//   app ARGUMENTS        like bin/etai -- PROGRAM ARGUMENTS, for the program that it was bundled with
//   app --etai …         like bin/etai …: this is also how either starts its children
//
// The executable unpacks its archive, if that has not been done before, and goes on with the bin/etai in there.

import { readFileSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { readArchive } from './archive.ts';
import { ETAI_WORD } from './invocation.ts';
import { unpack } from './unpack.ts';

/** Node's, in an executable: for its own modules alone. */
declare const require: unknown;

function boot(): void {
  // Where /proc is missing, Node knows no more than how it was called.
  const executable = resolve(process.execPath);
  process.execPath = executable;
  const archive = readArchive(executable);
  if (archive === null) throw new Error(`${executable} has lost its archive; get a new copy of the file`);
  const folder = unpack(archive);
  const [, , ...words] = process.argv;
  const isCompiler = /^etac(\.exe)?$/i.test(basename(process.argv0));
  const own = archive.program !== null ? [join(folder, archive.program), '--'] : isCompiler ? ['compile'] : [];
  const rest = words[0] === ETAI_WORD ? words.slice(1) : [...own, ...words];
  // In the place of the script: see invocation.ts.
  process.argv = [executable, executable, ...rest];
  runEntry(join(folder, 'bin', 'etai'));
}

/** As Node's `require` would, which takes as long as the rest of this file to find and load one file. */
function runEntry(entry: string): void {
  const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
  const run = compileFunction(readFileSync(entry, 'utf8'), parameters, { filename: entry });
  const module = { exports: {} };
  run(module.exports, require, module, entry, dirname(entry));
}

try {
  boot();
} catch (thrown) {
  writeSync(2, `etai: ${(thrown as Error).message}\n`);
  process.exit(1);
}
