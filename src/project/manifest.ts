// The manifest of a project: eta.toml.
//
//   [package]
//   name = "app"
//   version = "0.1.0"
//   license = "MIT"
//
//   [compatibility]
//   eta = ">=0.6, <0.8"
//
//   [dependencies]
//   dep = { path = "../dep" }
//
// TOML is read by smol-toml; what may stand in it is checked here. Edits are made in the text, so that the author's
// comments and further sections stay. Source: tools §8.6.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProjectError } from './errors.ts';
import { isCommitId, isLicense, isPackageName, isSha256, isVersion, isVersionRange, PACKAGE_NAME } from './names.ts';
import { headerOf, keyOf, lineOf, parseToml, type Table } from './toml-text.ts';

/** Where a dependency comes from. */
export type DependencySource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'git'; readonly url: string; readonly rev: string }
  | { readonly kind: 'tarball'; readonly location: string; readonly sha256: string };

/** By name, sorted. */
export type Dependencies = ReadonlyMap<string, DependencySource>;

export interface Manifest {
  /** The file that it was read from. */
  readonly path: string;
  /** The folder of that file. */
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly compatibility: string;
  readonly dependencies: Dependencies;
  readonly devDependencies: Dependencies;
}

export const MANIFEST = 'eta.toml';

/** Read and check the manifest at `path`. Throws ProjectError with the place of the fault. */
export function readManifest(path: string): Manifest {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ProjectError(`cannot open manifest: ${path}`);
  }
  return parseManifest(text, path);
}

export function parseManifest(text: string, path: string): Manifest {
  const fail: Fail = (message, section, key) => {
    const line = section === undefined || key === undefined ? undefined : lineOf(text, section, key);
    throw new ProjectError(`${path}${line === undefined ? '' : `:${line}`}: ${message}`);
  };
  const document = parseToml(text, path);
  const isArrayOfTables = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isTable);
  if (Object.values(document).some(isArrayOfTables)) fail('array-of-table syntax is not supported in eta.toml');
  const dependencies = dependenciesOf(document, 'dependencies', fail);
  const devDependencies = dependenciesOf(document, 'dev-dependencies', fail);
  for (const name of devDependencies.keys()) {
    if (!dependencies.has(name)) continue;
    fail(`dependency '${name}' cannot be in both dependencies and dev-dependencies`, 'dev-dependencies', name);
  }
  const field = (section: string, key: string): string => {
    const value = tableOf(document[section])[key];
    if (value === undefined || value === '') fail(`missing required field [${section}].${key}`);
    if (typeof value !== 'string') fail('expected quoted string', section, key);
    return value as string;
  };
  const manifest = {
    path,
    root: dirname(path),
    name: field('package', 'name'),
    version: field('package', 'version'),
    license: field('package', 'license'),
    compatibility: field('compatibility', 'eta'),
    dependencies,
    devDependencies,
  };
  const { name, version, license, compatibility } = manifest;
  if (!isPackageName(name)) fail(`package.name must match ${PACKAGE_NAME}`, 'package', 'name');
  if (!isVersion(version)) fail('package.version must be valid semver (MAJOR.MINOR.PATCH)', 'package', 'version');
  if (!isLicense(license)) fail('package.license must be a valid SPDX expression', 'package', 'license');
  if (!isVersionRange(compatibility))
    fail('compatibility.eta must be a valid semver range expression', 'compatibility', 'eta');
  return manifest;
}

/** @param section  with `key`, where in the manifest */
type Fail = (message: string, section?: string, key?: string) => void;

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const tableOf = (value: unknown): Table => (isTable(value) ? value : {});

function dependenciesOf(document: Table, table: DependencyTable, fail: Fail): Dependencies {
  const value = document[table];
  if (value !== undefined && !isTable(value)) fail('dependencies must be a table');
  const entries = Object.entries(tableOf(value)).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    entries.map(([name, spec]) => {
      const failHere = (message: string) => fail(message, table, name);
      if (!isPackageName(name)) failHere(`dependency name must match ${PACKAGE_NAME}`);
      if (!isTable(spec)) failHere('dependencies must use inline table form');
      return [name, sourceOf(spec as Table, failHere)];
    }),
  );
}

const SOURCE_KEYS = ['path', 'git', 'rev', 'tarball', 'sha256'];

function sourceOf(spec: Table, fail: (message: string) => void): DependencySource {
  for (const key of Object.keys(spec)) if (!SOURCE_KEYS.includes(key)) fail(`unsupported dependency key: ${key}`);
  if (Object.values(spec).some((value) => typeof value !== 'string')) fail('expected quoted string');
  const text = (key: string): string => (spec[key] as string | undefined) ?? '';
  const kinds = ['path', 'git', 'tarball'].filter((kind) => kind in spec);
  if (kinds.length !== 1) fail('dependency spec must declare exactly one of path/git/tarball');
  switch (kinds[0]) {
    case 'path':
      if (text('path') === '') fail('dependency spec is missing non-empty path');
      return { kind: 'path', path: text('path') };
    case 'git':
      if (text('git') === '' || text('rev') === '') fail('git dependencies require git and rev keys');
      if (!isCommitId(text('rev'))) fail('git dependency rev must be a full 40-hex commit id');
      return { kind: 'git', url: text('git'), rev: text('rev') };
    default:
      if (text('tarball') === '' || text('sha256') === '') fail('tarball dependencies require tarball and sha256 keys');
      if (!isSha256(text('sha256'))) fail('tarball dependency sha256 must be 64 hex characters');
      return { kind: 'tarball', location: text('tarball'), sha256: text('sha256').toLowerCase() };
  }
}

/** The line of a dependency in a manifest. */
export function dependencyLine(name: string, source: DependencySource): string {
  const pairs: Readonly<Record<string, string>> =
    source.kind === 'path'
      ? { path: source.path }
      : source.kind === 'git'
        ? { git: source.url, rev: source.rev }
        : { tarball: source.location, sha256: source.sha256 };
  const inner = Object.entries(pairs).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return `${name} = { ${inner.join(', ')} }`;
}

export type DependencyTable = 'dependencies' | 'dev-dependencies';

/** The text of a manifest with a dependency added, in its place by name; everything else stays as it is. */
export function withDependency(text: string, table: DependencyTable, name: string, source: DependencySource): string {
  const lines = withoutDependency(text, name).split('\n');
  const line = dependencyLine(name, source);
  const header = lines.findIndex((each) => headerOf(each) === table);
  if (header < 0) return `${lines.join('\n').trimEnd()}\n\n[${table}]\n${line}\n`;
  let at = header + 1;
  for (let i = at; i < lines.length && headerOf(lines[i]) === null; i++) {
    const key = keyOf(lines[i]);
    if (key !== null && key < name) at = i + 1;
  }
  lines.splice(at, 0, line);
  return lines.join('\n');
}

/** The text of a manifest without a dependency, in whichever table it stands. */
export function withoutDependency(text: string, name: string): string {
  let section: string | null = null;
  const kept = text.split('\n').filter((line) => {
    section = headerOf(line) ?? section;
    return !(section === 'dependencies' || section === 'dev-dependencies') || keyOf(line) !== name;
  });
  return kept.join('\n');
}

/** The manifest of the project that a folder lies in, null if it lies in none. */
export function findManifest(start: string, exists: (path: string) => boolean): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, MANIFEST);
    if (exists(path)) return path;
    if (dirname(folder) === folder) return null;
  }
}
