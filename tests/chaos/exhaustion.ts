// What runs out: ports, room on the disk, descriptors. Promised: an error that can be caught and says what is missing,
// nothing half made, and business as usual once there is room again.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasNotGrown, settled } from './leaks.ts';
import { freePorts, listen, promise, Skipped, type World } from './world.ts';

export async function portsInUse(world: World): Promise<string> {
  const taken = await freePorts(2);
  const stranger = await listen(taken);
  promise(stranger !== null, `port ${taken} was free a moment ago`);
  world.atEnd(() => stranger.close());
  const program = world.start('ports.eta', [taken, taken + 1]);
  await program.expect('warm');
  const before = await settled(program);
  program.say('');
  await program.expect('end');
  const { descriptors } = await settled(program);
  // The first child opens some for good.
  promise(descriptors <= before.descriptors + FIRST_CHILD, `${descriptors - before.descriptors} descriptors left over`);
  program.say('');
  await program.endsWith(0);
  return '50 refusals, each endpoint usable once it was free';
}

/** What libnng and Node open once. */
const FIRST_CHILD = 30;

/** A file system so small that it can be filled: by its number of files, since a socket takes no room. */
export async function fullDisk(world: World): Promise<string> {
  if (process.getuid?.() !== 0) throw new Skipped('needs root, to mount a small file system');
  const disk = world.file('disk');
  mkdirSync(disk);
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,nr_inodes=6', 'tmpfs', disk]);
  if (status !== 0) throw new Skipped(`cannot mount a small file system: ${String(stderr).trim()}`);
  world.atEnd(() => spawnSync('umount', ['-l', disk]));
  const fill = () => {
    for (let i = 0; ; i++) {
      try {
        writeFileSync(path.join(disk, `filler-${i}`), '');
      } catch {
        return i;
      }
    }
  };
  const free = (count: number) => {
    for (const name of readdirSync(disk)
      .filter((name) => name.startsWith('filler'))
      .slice(0, count)) {
      rmSync(path.join(disk, name));
    }
  };
  fill();
  const program = world.start('full-disk.eta', [], { environment: { XDG_RUNTIME_DIR: disk } });
  const failures: string[] = [];
  const attempt = async (wanted: RegExp) => {
    const line = (await program.line()) ?? `the end: ${program.errors}`;
    promise(wanted.test(line), `expected ${wanted.source}, got ${line}`);
    failures.push(line);
  };
  await attempt(/^spawn: .*(ENOSPC|[Nn]o space)/);
  free(1);
  program.say('');
  await attempt(/^spawn: nng_listen failed on .*: /);
  free(9);
  program.say('');
  await attempt(/^#f$/);
  fill();
  program.say('');
  await attempt(/^spawn: nng_listen failed on .*: /);
  program.say('');
  await program.expect('end');
  program.say('');
  await program.endsWith(0);
  const left = readdirSync(disk).filter((name) => name.startsWith('eta'));
  promise(left.length === 0, `files left: ${left.join(' ')}`);
  return failures
    .slice(0, 2)
    .map((line) => line.replace(/ on \S+:/, ':').replaceAll(disk, 'DISK'))
    .join('; ');
}

const DESCRIPTORS = 120;
/** The ends of one pipe stay open now and then when the last descriptors go in the middle of an operation of nng. */
const LOST_BY_NNG = 2;

export async function noDescriptors(world: World, kind: 'pairs' | 'processes' | 'threads'): Promise<string> {
  if (spawnSync('prlimit', ['--version']).error !== undefined) throw new Skipped('needs prlimit');
  const program = world.start('exhausted.eta', [kind], { descriptors: DESCRIPTORS });
  await program.expect('warm');
  const before = await settled(program);
  program.say('');
  const found = await program.expect('', /^error|^ /);
  promise(/^\d+ .*(nng-error|spawn)/.test(found), `expected a count and an error, got ${found}`);
  await program.expect('closed');
  program.say('');
  await program.expect('8 9');
  await program.expect('end');
  const memory = await hasNotGrown(program, before, undefined, kind === 'pairs' ? LOST_BY_NNG : 0);
  program.say('');
  await program.endsWith(0);
  const [, count, message] = /^(\d+) (.*)$/.exec(found)!;
  return `${count} with ${DESCRIPTORS} descriptors, then ${message}; ${memory}`;
}
