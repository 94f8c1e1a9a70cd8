// etai new, etai init: begin a project.

import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fail } from '../../../project/errors.ts';
import { MANIFEST } from '../../../project/manifest.ts';
import { isPackageName, PACKAGE_NAME } from '../../../project/names.ts';
import { type ProjectKind, scaffold } from '../../../project/scaffold.ts';
import { commandLine } from '../../command-line.ts';
import { perform, say } from './support.ts';

const withKinds = (program: Command): Command =>
  program.option('--bin', 'a program (the default)').option('--lib', 'a library');

const kindOf = (program: Command): ProjectKind => (program.opts<{ lib?: boolean }>().lib ? 'lib' : 'bin');

export function create(argv: readonly string[]): Promise<number> {
  const program = withKinds(commandLine('new', 'Make a project in a new folder.').argument('<name>', 'its name'));
  return perform(
    program,
    argv,
    () => {
      const [name] = program.args;
      if (!isPackageName(name)) fail(`package name must match ${PACKAGE_NAME}: ${name}`);
      const folder = resolve(name);
      if (existsSync(folder)) fail(`destination already exists: ${folder}`);
      scaffold(folder, name, kindOf(program));
      say(`created ${folder}`);
    },
    {
      prefix: '',
      missing: 'etai new requires a package name',
      excess: () => 'etai new accepts exactly one <name> argument',
      unknown: (option) => `unknown option for etai new: ${option}`,
    },
  );
}

export function init(argv: readonly string[]): Promise<number> {
  const program = withKinds(commandLine('init', 'Make the working directory a project; files that are there stay.'));
  return perform(
    program,
    argv,
    () => {
      const folder = process.cwd();
      const name = basename(folder);
      if (!isPackageName(name)) fail(`current directory name is not a valid package name: ${name}`);
      if (existsSync(join(folder, MANIFEST))) fail(`eta.toml already exists in ${folder}`);
      scaffold(folder, name, kindOf(program));
      say(`initialized ${folder}`);
    },
    { prefix: '', excess: (word) => `etai init does not accept positional arguments: ${word}` },
  );
}
