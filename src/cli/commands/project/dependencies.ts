// etai add, remove, update, vendor, tree: what a project depends on.

import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve as resolvePath } from 'node:path';
import { nearestName } from '../../../compiler/suggestions.ts';
import { fail, guarded } from '../../../project/errors.ts';
import { installPackages } from '../../../project/install.ts';
import {
  type DependencySource,
  type DependencyTable,
  type Manifest,
  parseManifest,
  withDependency,
  withoutDependency,
} from '../../../project/manifest.ts';
import { isCommitId, isPackageName, isSha256, PACKAGE_NAME } from '../../../project/names.ts';
import { modulesFolder, openProject, resolve, synchronise } from '../../../project/project.ts';
import { treeText } from '../../../project/tree.ts';
import { writeWhole } from '../../../values/whole-file.ts';
import { commandLine } from '../../command-line.ts';
import { print } from '../../output.ts';
import { NO_PROJECT, perform, say, tellFetch } from './support.ts';

interface SourceOptions {
  readonly path?: string;
  readonly git?: string;
  readonly rev?: string;
  readonly tarball?: string;
  readonly sha256?: string;
}

export function add(argv: readonly string[]): Promise<number> {
  const program = commandLine('add', 'Add a dependency, or replace it, and install it.')
    .argument('<package>', 'its name')
    .option('--path <dir>', 'a folder with a package')
    .option('--git <url>', 'a git repository, with --rev')
    .option('--rev <commit>', 'the commit, 40 hexadecimal digits')
    .option('--tarball <file>', 'a .tar.gz file or its URL, with --sha256')
    .option('--sha256 <sum>', 'its checksum, 64 hexadecimal digits')
    .option('--dev', 'needed for tests and benchmarks only');
  return perform(
    program,
    argv,
    async () => {
      const [name] = program.args[0].split('@');
      if (!isPackageName(name)) fail(`package name must match ${PACKAGE_NAME}: ${name}`);
      const options = program.opts<SourceOptions & { dev?: boolean }>();
      const given = sourceOf(options);
      const project = openProject(process.cwd(), NO_PROJECT);
      const source = seenFrom(project.root, given);
      const table: DependencyTable = options.dev ? 'dev-dependencies' : 'dependencies';
      await edit(project, options.dev ?? false, (text) => withDependency(text, table, name, source));
      say(`added dependency ${name}`);
    },
    {
      missing: 'etai add: missing package name',
      excess: () => 'etai add: accepts exactly one package argument',
    },
  );
}

function sourceOf({ path, git, rev, tarball, sha256 }: SourceOptions): DependencySource {
  if ([path, git, tarball].filter((each) => each !== undefined).length !== 1)
    fail('choose exactly one source kind: --path, --git, or --tarball');
  if (path !== undefined) return { kind: 'path', path: path.replaceAll('\\', '/') };
  if (git !== undefined) {
    if (rev === undefined) fail('git dependencies require --rev <40-hex>');
    if (!isCommitId(rev!)) fail('--rev must be a full 40-hex commit id');
    return { kind: 'git', url: git, rev: rev! };
  }
  if (sha256 === undefined) fail('tarball dependencies require --sha256 <64-hex>');
  if (!isSha256(sha256!)) fail('--sha256 must be 64 hex characters');
  return { kind: 'tarball', location: tarball!, sha256: sha256! };
}

/** What is written on the command line begins in the working directory, what is in the manifest in its folder. */
function seenFrom(root: string, source: DependencySource): DependencySource {
  const moved = (path: string) =>
    isAbsolute(path) || process.cwd() === root ? path : relative(root, resolvePath(path)).replaceAll('\\', '/') || '.';
  const isUrl = (location: string) => /^\w+:\/\//.test(location);
  switch (source.kind) {
    case 'path':
      return { ...source, path: moved(source.path) };
    case 'git':
      return /^\.\.?\//.test(source.url) ? { ...source, url: moved(source.url) } : source;
    case 'tarball':
      return isUrl(source.location) ? source : { ...source, location: moved(source.location) };
  }
}

/**
 * Edit the manifest and bring the project up to date with it; if that fails, the manifest is as it was.
 *
 * @param withDev  whether to resolve the dependencies for development, too
 */
async function edit(project: Manifest, withDev: boolean, change: (text: string) => string): Promise<void> {
  const { path } = project;
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  const changed = parseManifest(after, path);
  // Before anything is written, since a Ctrl-C during a fetch ends us at once.
  await resolve(changed, withDev, tellFetch);
  guarded('cannot write the manifest', () => writeWhole(path, after));
  try {
    await synchronise(changed, tellFetch);
  } catch (thrown) {
    writeWhole(path, before);
    throw thrown;
  }
}

const EXACTLY_ONE = 'etai remove: requires exactly one package name';

export function remove(argv: readonly string[]): Promise<number> {
  const program = commandLine('remove', 'Remove a dependency.').argument('<package>', 'its name');
  return perform(
    program,
    argv,
    async () => {
      const [name] = program.args;
      const project = openProject(process.cwd(), NO_PROJECT);
      const names = [...project.dependencies.keys(), ...project.devDependencies.keys()];
      if (!names.includes(name)) {
        const near = nearestName(name, names);
        fail(`dependency not found: ${name}${near === null ? '' : `\n(Did you mean ${near}?)`}`);
      }
      await edit(project, false, (text) => withoutDependency(text, name));
      say(`removed dependency ${name}`);
    },
    { missing: EXACTLY_ONE, excess: () => EXACTLY_ONE },
  );
}

export function update(argv: readonly string[]): Promise<number> {
  const program = commandLine('update', 'Resolve and install all dependencies, and write eta.lock.').argument(
    '[package...]',
    'accepted for compatibility: the whole graph is refreshed',
  );
  return perform(program, argv, async () => {
    await synchronise(openProject(process.cwd(), NO_PROJECT), tellFetch);
    const isNamed = program.args.length > 0;
    say(`updated lockfile${isNamed ? ' (full graph refresh; package-scoped update is not narrowed yet)' : ''}`);
  });
}

export function vendor(argv: readonly string[]): Promise<number> {
  const program = commandLine('vendor', 'Install all dependencies, to be kept with the project.').option(
    '--target <dir>',
    'where to, relative to the project; also installed where imports find them',
  );
  return perform(program, argv, async () => {
    const project = openProject(process.cwd(), NO_PROJECT);
    const packages = await synchronise(project, tellFetch);
    const { target } = program.opts<{ target?: string }>();
    const folder = target === undefined ? modulesFolder(project) : resolvePath(project.root, target);
    if (target !== undefined) installPackages(packages, folder);
    say(`materialized dependencies to ${folder}`);
  });
}

export function tree(argv: readonly string[]): Promise<number> {
  const program = commandLine('tree', 'Show what the project depends on.').option(
    '--depth <levels>',
    'levels of dependencies to show',
  );
  return perform(program, argv, async () => {
    const { depth } = program.opts<{ depth?: string }>();
    if (depth !== undefined && !/^\d+$/.test(depth)) fail('depth must be a non-negative integer');
    const cwd = process.cwd();
    const project = openProject(cwd, `could not find eta.toml (searched from ${cwd})`);
    print(
      1,
      treeText(
        await resolve(project, false, tellFetch),
        depth === undefined ? Number.POSITIVE_INFINITY : Number(depth),
      ),
    );
  });
}
