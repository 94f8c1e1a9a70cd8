// etai doctor: what is installed, what is missing, and how to get it.
//
//   ok       libnng           1.5.2, /usr/lib/x86_64-linux-gnu/libnng.so.1.5.2
//   problem  ETA_MODULE_PATH  /nowhere is no folder
//            remedy: make the folder, or take it out of the variable
//
// Each check looks at one thing and says what it found; a check that cannot be made is a problem. Exit status 1 if
// there is one. Source: tools §16.4.

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import { isatty } from 'node:tty';
import { version } from '../../../package.json';
import { koffi } from '../../builtins/host/koffi.ts';
import { systemWords } from '../../builtins/host/system-words.ts';
import { nng } from '../../builtins/nng/binding.ts';
import { howToGet, libraryFile } from '../../builtins/nng/library.ts';
import { readArchive } from '../../executable/archive.ts';
import { isExecutable, OWN_FOLDER } from '../../executable/invocation.ts';
import { findDamage } from '../../executable/unpack.ts';
import { COMPILED_FOLDER, keptEntries, obstacleToKeeping } from '../../modules/compile-cache.ts';
import { isCompiledFile, openCompiledFile } from '../../modules/compiled-files.ts';
import { buildSearchPath, findAllModules, splitPathString } from '../../modules/search-path.ts';
import { standardLibraries } from '../../session/locations.ts';
import { wantsCache } from '../../session/own-cache.ts';
import { Session } from '../../session/session.ts';
import { cacheFolders, isPrivate } from '../../values/cache-folders.ts';
import { isFolder } from '../../values/file-status.ts';
import { commandLine, parseCommandLine } from '../command-line.ts';
import { FAILURE, print } from '../output.ts';
import { reportStyle } from '../report.ts';
import { etaFiles } from '../source-files.ts';

/** The oldest that the tests run on; package.json says so, too. */
const OLDEST_NODE = 20;

type State = 'ok' | 'note' | 'problem';

interface Finding {
  readonly state: State;
  readonly check: string;
  /** What was found, one line. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function run(argv: readonly string[]): number {
  const program = commandLine('doctor', 'Tell what is installed and what is missing.')
    .option('--json', 'as one JSON object')
    .option('--path <dirs>', 'directories to search for modules, instead of ETA_MODULE_PATH');
  const status = parseCommandLine(program, argv);
  if (status !== null) return status;
  const { json, path } = program.opts<{ json?: boolean; path?: string }>();
  const findings = examine(path ?? null);
  const hasProblem = findings.some(({ state }) => state === 'problem');
  print(1, json ? `${JSON.stringify({ ok: !hasProblem, findings }, null, 2)}\n` : table(findings));
  return hasProblem ? FAILURE : 0;
}

function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ state, check, text, remedy }) => {
    const advice = remedy === undefined ? '' : `${' '.repeat(9)}${' '.repeat(width)}  remedy: ${remedy}\n`;
    return `${state.padEnd(7)}  ${check.padEnd(width)}  ${text}\n${advice}`;
  });
  return lines.join('');
}

function examine(path: string | null): Finding[] {
  const checks: Readonly<Record<string, () => Finding[]>> = {
    etai: () => [ok('etai', `${version}, ${howInstalled()}`)],
    Node: checkNode,
    koffi: checkKoffi,
    libnng: checkLibnng,
    'standard library': checkLibrary,
    'search path': () => checkSearchPath(path),
    cache: checkCache,
    'compiled code': checkCompileCache,
    terminal: checkTerminal,
  };
  return Object.entries(checks).flatMap(([check, examineIt]) => {
    try {
      return examineIt();
    } catch (thrown) {
      return [problem(check, (thrown as Error).message, 'this is unexpected; please report it')];
    }
  });
}

const ok = (check: string, text: string): Finding => ({ state: 'ok', check, text });
const note = (check: string, text: string, remedy?: string): Finding => ({ state: 'note', check, text, remedy });
const problem = (check: string, text: string, remedy: string): Finding => ({ state: 'problem', check, text, remedy });

const howInstalled = (): string =>
  isExecutable() ? `the executable ${process.execPath}` : `installed in ${OWN_FOLDER}`;

function checkNode(): Finding[] {
  const text = `${process.version} for ${process.platform}-${process.arch}, ${isExecutable() ? 'in the executable' : process.execPath}`;
  const isOld = Number.parseInt(process.versions.node, 10) < OLDEST_NODE;
  return [isOld ? problem('Node', text, `install Node ${OLDEST_NODE} or later`) : ok('Node', text)];
}

function checkKoffi(): Finding[] {
  try {
    const { version: koffiVersion } = koffi();
    return [ok('koffi', `${koffiVersion}, ${dirname(createRequire(import.meta.filename).resolve('koffi'))}`)];
  } catch (thrown) {
    const remedy = `install its package for ${process.platform}-${process.arch}: npm install --include=optional etai`;
    return [problem('koffi', firstLine(thrown), remedy)];
  }
}

function checkLibnng(): Finding[] {
  try {
    const { version: nngVersion } = nng();
    return [ok('libnng', `${nngVersion}, ${libraryFile() ?? 'from the system'}`)];
  } catch (thrown) {
    const remedy = `${howToGet()}, or name the file in ETA_NNG_LIB; everything but networking works without it`;
    return [problem('libnng', firstLine(thrown).replace('nng-error: ', ''), remedy)];
  }
}

/** Each module of the library is loaded. */
function checkLibrary(): Finding[] {
  const libraries = standardLibraries();
  const names = new Set(
    libraries.flatMap((folder) => readdirSync(join(folder, 'std'))).map((file) => file.split('.')[0]),
  );
  const remedy = isExecutable() ? 'get a new copy of the executable' : 'install etai again; in a clone, npm run setup';
  if (!names.has('prelude')) return [problem('standard library', 'not found', remedy)];
  const session = new Session({ path: '', libraries });
  try {
    // A program does not sum up what belongs to etai itself.
    for (const file of libraries.flatMap(compiledFilesIn)) openCompiledFile(file, false);
    for (const name of names) session.loader.require(`std.${name}`);
    return [ok('standard library', `${names.size} modules, ${libraries[0]}`)];
  } catch (thrown) {
    return [problem('standard library', firstLine(thrown), remedy)];
  } finally {
    session.close();
  }
}

const compiledFilesIn = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter(isCompiledFile).map((file) => join(folder, file));

function checkSearchPath(path: string | null): Finding[] {
  const origin = path === null ? 'ETA_MODULE_PATH' : '--path';
  const configured = path ?? process.env['ETA_MODULE_PATH'];
  const stdlib = standardLibraries();
  const folders = buildSearchPath({
    startDirectory: process.cwd(),
    configured: path,
    environment: process.env['ETA_MODULE_PATH'],
    stdlib,
  });
  const missing = splitPathString(configured ?? '')
    .filter((folder) => !isFolder(folder))
    .map((folder) => problem(origin, `${folder} is no folder`, 'make it, or take it out'));
  return [ok('search path', folders.join(', ')), ...missing, ...shadowedModules(folders, stdlib)];
}

/** Modules that several folders of the path have, where the first hides the others. */
function shadowedModules(folders: readonly string[], stdlib: readonly string[]): Finding[] {
  const isLibrary = (file: string) => stdlib.some((folder) => file.startsWith(folder + sep));
  const own = folders.filter((folder) => !stdlib.includes(folder));
  const names = own.flatMap((folder) => etaFiles([folder]).files.map((file) => moduleName(relative(folder, file))));
  return [...new Set(names)].flatMap((name) => {
    const [first, ...others] = findAllModules(name, folders);
    const hidden = others.filter((file) => !isLibrary(file) || !isLibrary(first));
    if (hidden.length === 0) return [];
    const text = `${name} is ${first}, which hides ${hidden.join(', ')}`;
    return [problem('shadowed module', text, 'rename one, or change the order of the folders')];
  });
}

const moduleName = (file: string): string => file.slice(0, -extname(file).length).split(sep).join('.');

function checkCache(): Finding[] {
  if (!isExecutable()) return [];
  const archive = readArchive(process.execPath)!;
  const damage = findDamage(OWN_FOLDER, archive);
  const cache = dirname(OWN_FOLDER);
  if (damage !== null) {
    return [problem('cache', `${join(OWN_FOLDER, damage)} is not as it was unpacked`, `delete ${OWN_FOLDER}`)];
  }
  const [preferred] = cacheFolders();
  const others = readdirSync(cache).filter((name) => name !== COMPILED_FOLDER).length - 1;
  const text = `${OWN_FOLDER}${others > 0 ? `, beside ${others} of other executables` : ''}`;
  if (cache === preferred || !isPrivate(cache)) return [ok('cache', text)];
  return [note('cache', text, `${preferred} would be better, but is not writable; ETA_CACHE_DIR names another`)];
}

function checkCompileCache(): Finding[] {
  if (!wantsCache()) return [note('compiled code', 'is not kept: ETA_CACHE is 0')];
  const unfit: string[] = [];
  const isFit = cacheFolders().some((folder) => {
    const obstacle = obstacleToKeeping(folder);
    if (obstacle !== null) unfit.push(wordsFor(obstacle, folder));
    return obstacle === null;
  });
  const remedy = 'make it writable for you alone (chmod 700), or name another in ETA_CACHE_DIR; ETA_CACHE=0 keeps none';
  if (!isFit) return [problem('compiled code', `is not kept: ${unfit.join('; ')}`, remedy)];
  const found = keptEntries()
    .filter(({ count }) => count > 0)
    .map(({ folder, count, bytes }) => `${folder}, ${count} files, ${Math.ceil(bytes / 1024)} kB`);
  const kept = found.length === 0 ? 'none is kept yet' : found.join('; ');
  return [
    ...unfit.map((text) => note('compiled code', `is kept elsewhere: ${text}`, remedy)),
    ok('compiled code', kept),
  ];
}

function checkTerminal(): Finding[] {
  if (!isatty(1)) return [note('terminal', 'standard output is none')];
  const { TERM = '' } = process.env;
  const text = `${TERM || 'TERM is not set'}, ${process.stdout.columns} columns, ${
    reportStyle(process.stdout, process.env).color ? 'colours' : 'no colours'
  }`;
  if (TERM === '' || TERM === 'dumb') return [note('terminal', text, 'set TERM, or the prompt reads plain lines')];
  return [ok('terminal', text)];
}

/** What the system says does not always name the folder. */
const wordsFor = (error: Error, folder: string): string =>
  'code' in error ? `${folder}: ${systemWords(error)}` : error.message;

const firstLine = (thrown: unknown): string => (thrown as Error).message.split('\n')[0];
