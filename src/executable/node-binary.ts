// Node's own file: which platform it is for, and making an executable of it that starts a boot program.
//
// Node looks for a blob in its own file (a "single executable application") and runs the program in there. `node
// --experimental-sea-config` makes the blob, postject puts it in as a section and flips the switch that Node reads. The
// blob's layout belongs to one release of Node, so the Node that runs now has to be of the same release.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userError } from '../values/errors.ts';

const SECTION = 'NODE_SEA_BLOB';
const MACHO_SEGMENT = 'NODE_SEA';
/** The switch: the digit behind it becomes 1. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** As in `process.platform`-`process.arch`. */
export type Platform = `${string}-${string}`;

export const OWN_PLATFORM: Platform = `${process.platform}-${process.arch}`;

const ELF_MACHINES: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64' };
const PE_MACHINES: Readonly<Record<number, string>> = { 34404: 'x64', 43620: 'arm64' };
const MACHO_MACHINES: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64' };

/** What an executable file is for; null if it is none, or for a machine that is not known here. */
export function platformOf(file: Buffer): Platform | null {
  if (file.length < 64) return null;
  if (file.readUInt32BE(0) === 0x7f454c46) return platform('linux', ELF_MACHINES[file.readUInt16LE(18)]);
  if (file.readUInt32LE(0) === 0xfeedfacf) return platform('darwin', MACHO_MACHINES[file.readUInt32LE(4)]);
  const pe = file.toString('latin1', 0, 2) === 'MZ' ? file.readUInt32LE(60) : -1;
  if (pe < 0 || pe + 6 > file.length) return null;
  return platform('win32', PE_MACHINES[file.readUInt16LE(pe + 4)]);
}

const platform = (system: string, machine: string | undefined): Platform | null =>
  machine === undefined ? null : `${system}-${machine}`;

type Inject = (
  file: string,
  section: string,
  bytes: Buffer,
  options: { readonly sentinelFuse: string; readonly machoSegmentName: string },
) => Promise<void>;

/** Node's file with a boot program inside. Throws an EtaError if that cannot be done. */
export async function withBootProgram(nodeFile: string, boot: string): Promise<Buffer> {
  const node = readFileSync(nodeFile);
  const target = platformOf(node);
  if (target === null || !node.includes(FUSE)) throw refusal(nodeFile, 'not a Node that can be made an executable');
  if (!node.includes(process.version)) throw refusal(nodeFile, `another release than ${process.version}, which runs`);
  const work = mkdtempSync(join(tmpdir(), 'eta-node-'));
  try {
    const blob = makeBlob(work, boot);
    const executable = join(work, 'executable');
    copyFileSync(nodeFile, executable);
    chmodSync(executable, 0o755);
    if (target.startsWith('darwin-')) codesign('--remove-signature', executable);
    await quietly(() => postject()(executable, SECTION, blob, { sentinelFuse: FUSE, machoSegmentName: MACHO_SEGMENT }));
    if (target.startsWith('darwin-')) codesign('--sign', '-', executable);
    return readFileSync(executable);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function makeBlob(work: string, boot: string): Buffer {
  const main = join(work, 'boot.cjs');
  const output = join(work, 'boot.blob');
  const config = join(work, 'sea-config.json');
  writeFileSync(main, boot);
  // Without a code cache: Node warns of one that does not fit, which one never does whose NODE_OPTIONS have a flag of V8.
  // The options that Node was started with now are those of the executable: the caches of the bundles fit no others.
  const options = { disableExperimentalSEAWarning: true, execArgv: process.execArgv };
  writeFileSync(config, JSON.stringify({ main, output, ...options }));
  const { status, stderr } = spawnSync(process.execPath, ['--experimental-sea-config', config], { encoding: 'utf8' });
  if (status !== 0) throw refusal(process.execPath, `--experimental-sea-config failed: ${stderr}`);
  return readFileSync(output);
}

function postject(): Inject {
  try {
    return (createRequire(import.meta.filename)('postject') as { inject: Inject }).inject;
  } catch (thrown) {
    throw userError(`the package postject is needed to make an executable: ${(thrown as Error).message}`);
  }
}

/** postject warns about signatures and sections on the console, in the middle of everything. */
async function quietly(action: () => Promise<void>): Promise<void> {
  const { log, warn } = console;
  console.log = console.warn = () => {};
  try {
    await action();
  } finally {
    console.log = log;
    console.warn = warn;
  }
}

/** macOS runs signed code only; a signature of nobody in particular is enough. */
function codesign(...args: string[]): void {
  const { status, stderr, error } = spawnSync('codesign', args, { encoding: 'utf8' });
  if (status !== 0) throw refusal('codesign', `an executable for macOS is made on macOS: ${error?.message ?? stderr}`);
}

const refusal = (subject: string, reason: string) => userError(`${subject}: ${reason}`);
