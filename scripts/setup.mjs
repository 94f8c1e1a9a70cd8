// npm run setup: everything that a clone needs, each step only when it is needed.
//
//     packages   node_modules as package-lock.json says
//     libnng     the networking library, from the platform's package manager
//     build      dist/, when sources have changed
//
// It runs before node_modules exists, so it uses nothing but Node. `npm start` and `npm test` call it first.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashInputs, ROOT, STAMP } from './setup-inputs.mjs';

/**
 * Run all steps. Throws if packages cannot be installed or the build fails; without libnng all but networking works.
 *
 * @param quiet  say nothing of steps with nothing to do
 */
export function setup({ quiet = false } = {}) {
  const idle = quiet ? () => {} : (line) => console.log(`setup: ${line}`);
  installPackages(idle);
  installLibnng(idle);
  buildDist(idle);
}

// ---- packages ----

function installPackages(idle) {
  const lockFile = path.join(ROOT, 'package-lock.json');
  if (!existsSync(lockFile)) return idle('packages: installed with etai');
  if (packagesMatch(lockFile)) return idle('packages: up to date');
  console.log('setup: packages: npm ci');
  // The development packages too, even where NODE_ENV=production would leave them out: they build dist/.
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** npm writes node_modules/.package-lock.json at the end of every install: what is there, in the lock file's form. */
function packagesMatch(lockFile) {
  const installedFile = path.join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([name, { integrity, optional }]) => {
    if (name === '') return true; // the project itself
    if (!(name in installed)) return optional === true; // a package of another platform
    return installed[name].integrity === integrity && existsSync(path.join(ROOT, name));
  });
}

// ---- libnng ----

const LIBRARY_NAMES = {
  linux: ['libnng.so.1', 'libnng.so'],
  darwin: ['libnng.1.dylib', 'libnng.dylib'],
  win32: ['nng.dll'],
};
const LIBRARY_FOLDERS = {
  linux: ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/usr/local/lib64', '/lib', '/lib64'],
  darwin: ['/opt/homebrew/lib', '/usr/local/lib', '/opt/local/lib'],
  win32: [],
};

function installLibnng(idle) {
  const found = findLibnng();
  if (found !== null) return idle(`libnng: ${found}`);
  if (process.platform === 'linux' && existsSync('/usr/bin/apt-get')) aptInstall('libnng1');
  else if (process.platform === 'darwin') brewInstall('nng');
  if (findLibnng() === null) console.log(HOW_TO_GET_LIBNNG);
}

/** Path of the library, by the order in which etai looks for it; null if there is none. */
function findLibnng() {
  const { platform, arch, env } = process;
  if (env.ETA_NNG_LIB && existsSync(env.ETA_NNG_LIB)) return env.ETA_NNG_LIB;
  const names = LIBRARY_NAMES[platform] ?? LIBRARY_NAMES.linux;
  const folders = [path.join(ROOT, 'vendor', 'nng', `${platform}-${arch}`), ...(LIBRARY_FOLDERS[platform] ?? [])];
  if (platform === 'linux') folders.push(...multiarchFolders());
  const candidates = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  return candidates.find((file) => existsSync(file)) ?? findWithLdconfig();
}

/** Debian's /usr/lib/x86_64-linux-gnu and the like. */
function multiarchFolders() {
  const names = readdirSync('/usr/lib').filter((name) => /-linux-(gnu|musl)/.test(name));
  return names.map((name) => path.join('/usr/lib', name));
}

function findWithLdconfig() {
  if (process.platform !== 'linux' || !existsSync('/sbin/ldconfig')) return null;
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  return /libnng\.so.* => (\S+)/.exec(stdout ?? '')?.[1] ?? null;
}

function aptInstall(name) {
  console.log(`setup: libnng: apt-get install ${name}`);
  const prefix = process.getuid() === 0 ? [] : ['sudo', '-n']; // -n: never ask for a password
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'apt-get', '-q', ...args];
    return spawnSync(command, rest, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  const install = () => apt('install', '-y', '--no-install-recommends', name).status === 0;
  // A fresh machine has no package list yet; the update needs a while, so try without it first.
  if (!install() && apt('update').status === 0) install();
}

function brewInstall(name) {
  console.log(`setup: libnng: brew install ${name}`);
  spawnSync('brew', ['install', name], { stdio: ['ignore', 'ignore', 'inherit'] });
}

const HOW_TO_GET_LIBNNG = `setup: libnng: not found. Everything but networking works without it. To get it:
  Debian, Ubuntu   sudo apt-get install libnng1
  macOS            brew install nng
  Windows          vcpkg install nng
  elsewhere        the package "nng" of your system, or build nng 1.x as a shared library (https://nng.nanomsg.org)
If the library lies in an unusual place, name it in the environment variable ETA_NNG_LIB.`;

// ---- build ----

function buildDist(idle) {
  if (!existsSync(path.join(ROOT, 'src'))) return idle('build: installed with etai');
  const stamp = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : null;
  if (stamp === hashInputs()) return idle('build: up to date');
  console.log('setup: build');
  run(process.execPath, [path.join(ROOT, 'scripts', 'build.mjs')], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Run a command that must succeed. On Windows npm is a script, which only a shell can start. */
function run(command, args, options) {
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, args, { cwd: ROOT, shell, ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    setup({ quiet: process.argv.includes('--quiet') });
  } catch (error) {
    console.error(`setup: ${error.message}`);
    process.exitCode = 1;
  }
}
