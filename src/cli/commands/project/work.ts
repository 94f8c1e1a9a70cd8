// etai run, build, install, clean: work with a project as it is.

import { copyFileSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fail, guarded } from '../../../project/errors.ts';
import type { Manifest } from '../../../project/manifest.ts';
import { moduleNameOf } from '../../../project/names.ts';
import { findProject, openProject, resolve as resolveProject, synchronise } from '../../../project/project.ts';
import { makeFolder } from '../../../values/folders.ts';
import { choiceOption, commandLine } from '../../command-line.ts';
import { complain } from '../../output.ts';
import { runProgram } from '../../run.ts';
import { run as compile } from '../compile.ts';
import { NO_PROJECT, perform, say, tellFetch } from './support.ts';

const PROFILES = ['release', 'debug'];

interface RunOptions {
  readonly profile?: string;
  readonly strictShadows?: boolean;
  readonly bin?: string;
  readonly example?: string;
}

export function run(argv: readonly string[]): Promise<number> {
  const program = commandLine('run', "Run the project's program, or a file.")
    .usage('[options] [file] [-- arg …]')
    .argument('[file]', 'a file, in a project or not')
    .argument('[arg...]', 'behind --: what the program gets')
    .addOption(profileOption('accepted for compatibility: sources are run'))
    .option('--strict-shadows', 'refuse an import that several files could satisfy')
    .option('--bin <name>', 'run src/NAME.eta')
    .option('--example <name>', 'run cookbook/NAME.eta');
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  return perform(program, own, async () => {
    const options = program.opts<RunOptions>();
    checkProfile(options.profile);
    const [file, ...extra] = program.args;
    if (extra.length > 0) return complain('etai run accepts at most one positional file path');
    if (options.bin !== undefined && options.example !== undefined) fail('--bin and --example are mutually exclusive');
    const strict = options.strictShadows ? ['--strict-shadows'] : [];
    const rest = end < 0 ? [] : argv.slice(end);
    if (file !== undefined) return runScript(file, options, [...strict, file, ...rest]);
    const project = openProject(process.cwd(), `${NO_PROJECT} (or pass a file path for script mode)`);
    const entry = entryOf(project, options);
    await synchronise(project, tellFetch);
    // The search path of whatever runs there begins with the project's own folders.
    process.chdir(project.root);
    return runProgram([...strict, relative(project.root, entry), ...rest]);
  });
}

function runScript(file: string, { bin, example }: RunOptions, words: readonly string[]): Promise<number> {
  if (bin !== undefined || example !== undefined) fail('positional file path cannot be combined with --bin/--example');
  if (!existsSync(file)) fail(`file not found: ${resolve(file)}`);
  return runProgram(words);
}

function entryOf({ root, name }: Manifest, { bin, example }: RunOptions): string {
  const path =
    example !== undefined
      ? join(root, 'cookbook', example.endsWith('.eta') ? example : `${example}.eta`)
      : join(root, 'src', `${moduleNameOf(bin ?? name)}.eta`);
  if (!existsSync(path)) fail(`entry file not found: ${path}`);
  return path;
}

/** The program of the project around the working directory, its packages up to date; null outside of projects. */
export async function projectProgram(): Promise<{ readonly name: string; readonly file: string } | null> {
  const project = findProject(process.cwd());
  if (project === null) return null;
  const file = entryOf(project, {});
  await synchronise(project, tellFetch);
  return { name: project.name, file };
}

// What is wrong with it is told when the words have been parsed, with the command's name in front.
const profileOption = (description: string) => choiceOption('--profile <name>', description, PROFILES, (name) => name);

function checkProfile(profile: string | undefined): void {
  if (profile !== undefined && !PROFILES.includes(profile)) fail("--profile must be 'release' or 'debug'");
}

interface BuildOptions {
  readonly profile?: string;
  readonly bin?: string;
}

export function build(argv: readonly string[]): Promise<number> {
  const program = commandLine('build', 'Compile the sources of the project to .eta/target.')
    .addOption(profileOption('how to compile; release, if nothing is said'))
    .option('--bin <name>', 'compile src/NAME.eta alone');
  return perform(program, argv, async () => {
    const options = program.opts<BuildOptions>();
    checkProfile(options.profile);
    return buildProject(openProject(process.cwd(), NO_PROJECT), options);
  });
}

async function buildProject(project: Manifest, { profile = 'release', bin }: BuildOptions): Promise<number> {
  const { root } = project;
  const source = join(root, 'src');
  const sources = bin === undefined ? sourcesIn(source) : [join(source, `${moduleNameOf(bin)}.eta`)];
  if (sources.length === 0) fail(`no source files found under ${source}`);
  if (!existsSync(sources[0])) fail(`entry source not found: ${sources[0]}`);
  await synchronise(project, tellFetch);
  process.chdir(root);
  const target = join(root, '.eta', 'target', profile);
  for (const file of sources) {
    const out = join(target, relative(source, file).replace(/\.eta$/, '.etac'));
    makeFolder(dirname(out));
    const status = await compile([...(profile === 'release' ? ['-O', '--no-debug'] : ['-O0']), file, '-o', out]);
    if (status !== 0) return status;
  }
  say(`compiled ${sources.length} source file(s) to ${target}`);
  return 0;
}

const sourcesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.eta'))
        .sort()
        .map((name) => join(folder, name))
    : [];

export function install(argv: readonly string[]): Promise<number> {
  const program = commandLine('install', 'Build the project and put the result, or that of a dependency, into bin.')
    .argument('[package]', 'a dependency with release artifacts')
    .option('--global', 'into ~/.eta/bin, not .eta/bin');
  return perform(program, argv, async () => {
    const project = openProject(process.cwd(), NO_PROJECT);
    const home = program.opts<{ global?: boolean }>().global ? process.env['HOME'] || homedir() : project.root;
    const bin = join(home, '.eta', 'bin');
    const [name] = program.args;
    return name === undefined ? installOwn(project, bin) : installDependency(project, name, bin);
  });
}

async function installOwn(project: Manifest, bin: string): Promise<number> {
  const status = await buildProject(project, {});
  if (status !== 0) return status;
  const artifact = `${moduleNameOf(project.name)}.etac`;
  const built = join(project.root, '.eta', 'target', 'release', artifact);
  if (!existsSync(built)) fail(`built artifact missing: ${built}`);
  const destination = join(bin, artifact);
  guarded(`cannot install into ${bin}`, () => {
    makeFolder(bin);
    copyFileSync(built, destination);
  });
  say(`installed ${destination}`);
  return 0;
}

async function installDependency(project: Manifest, name: string, bin: string): Promise<number> {
  const found = (await resolveProject(project, false, tellFetch)).slice(1).find((each) => each.name === name);
  if (found === undefined) return fail(`package not found in lockfile: ${name}`);
  // What its package holds, or else what `etai build` has made in its folder.
  const packaged = join(found.root, 'target', 'release');
  const artifacts = [packaged, join(found.root, '.eta', 'target', 'release')].find(existsSync);
  if (artifacts === undefined) return fail(`dependency has no release artifacts: ${packaged}`);
  const destination = join(bin, name);
  guarded(`cannot install into ${bin}`, () => cpSync(artifacts, destination, { recursive: true }));
  say(`installed dependency artifacts to ${destination}`);
  return 0;
}

export function clean(argv: readonly string[]): Promise<number> {
  const program = commandLine('clean', 'Delete what was built.').option('--all', 'and the installed dependencies');
  return perform(program, argv, () => {
    const { root } = openProject(process.cwd(), NO_PROJECT);
    rmSync(join(root, '.eta', 'target'), { recursive: true, force: true });
    if (program.opts<{ all?: boolean }>().all) rmSync(join(root, '.eta', 'modules'), { recursive: true, force: true });
    say('cleaned project artifacts');
  });
}
