// Build dist/: the bundles dist/etai.cjs, which runs programs, with its parts (bundle-parts.mjs), and dist/tools.cjs, which
// has the commands beside; their source maps, V8's code caches for them (read by bin/etai), and the compiled standard
// library in dist/stdlib.
//
// Everything is made in a folder beside dist/ and renamed into place file by file, so that an etai which starts during
// a build sees the old files or the new ones. The cache goes first and comes back last: V8 checks that a cache fits its
// version and flags, but of the source only the length.

import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleEntry, PARAMETER, PART_NAMES, partEntry, partsPlugin } from './bundle-parts.mjs';
import { recordCodeCaches } from './code-cache.mjs';
import { hashInputs, ROOT, STAMP } from './setup-inputs.mjs';

const DIST = path.join(ROOT, 'dist');
const started = performance.now();
/** What the files that are made are made of; the compile cache tells builds apart by it. */
const stamp = hashInputs();
/** A bundle is a function of what Node gives to every CommonJS module, for bin/etai to call. */
const BANNER = `(function (exports, require, module, __filename, __dirname, ${PARAMETER}) { // Eta for Node. Apache-2.0.`;
const FOOTER = '})';

/**
 * Modules of Node that take long to load and that most programs never need: the bundle loads each when something of it
 * is first used. They are imported at the top of files like any other; only the bundle differs.
 */
const LAZY = [
  'node:child_process',
  'node:crypto',
  'node:inspector',
  'node:module',
  'node:os',
  'node:string_decoder',
  'node:util',
  'node:v8',
  'node:vm',
  'node:worker_threads',
];

/** What the sources import from a module of Node. */
function importedMembers(name) {
  const members = new Set();
  for (const file of readdirSync(path.join(ROOT, 'src'), { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(path.join(ROOT, 'src', file), 'utf8');
    for (const [, clause] of text.matchAll(new RegExp(`^import ([^;]*?) from '${name}';`, 'gm'))) {
      if (!clause.startsWith('{') && !clause.startsWith('type '))
        throw new Error(`${file}: name what you import from ${name}`);
      for (const part of clause.replace(/^type .*|[{}]/g, '').split(',')) {
        const [, member] = /^\s*(?:type\s.*|(\w+).*)?$/s.exec(part) ?? [];
        if (member !== undefined) members.add(member);
      }
    }
  }
  return [...members];
}

/** The sources use the lexer of chevrotain only; its parsers would add as much start-up time as all of ours. */
const chevrotainLexer = {
  name: 'chevrotain-lexer',
  setup(builder) {
    const scan = path.join(ROOT, 'node_modules/chevrotain/lib/src/scan');
    builder.onResolve({ filter: /^chevrotain$/ }, () => ({ path: 'chevrotain', namespace: 'chevrotain' }));
    builder.onLoad({ filter: /.*/, namespace: 'chevrotain' }, () => ({
      contents: `export { Lexer } from './lexer_public.js'; export { createToken } from './tokens_public.js';`,
      resolveDir: scan,
    }));
  },
};

const nodeModules = {
  name: 'node-modules',
  setup(builder) {
    const filter = new RegExp(`^(${LAZY.join('|')})$`);
    builder.onResolve({ filter }, ({ path: name, namespace }) =>
      namespace === 'lazy' ? { path: name, external: true } : { path: name, namespace: 'lazy' },
    );
    // Of the others, one module of constants for all files that import it: esbuild would copy all members for each file.
    const others = /^node:(fs|path)$/;
    builder.onResolve({ filter: others }, ({ path: name, namespace }) =>
      namespace === 'node' ? { path: name, external: true } : { path: name, namespace: 'node' },
    );
    builder.onLoad({ filter: others, namespace: 'node' }, async ({ path: name }) => {
      // A member with a getter loads what it stands for when it is read: streams, promises.
      const descriptors = Object.entries(Object.getOwnPropertyDescriptors((await import(name)).default));
      // Newer Nodes warn when F_OK and the like are read, which are in fs.constants, too.
      const isWanted = ([member, { get }]) => get === undefined && !/^[FRWX]_OK$/.test(member);
      const members = descriptors.filter(isWanted).map(([member]) => member);
      const constants = members.map((member) => `export const ${member} = all.${member};`);
      return { contents: `const all = require('${name}'); export default all; ${constants.join(' ')}`, loader: 'js' };
    });
    builder.onLoad({ filter, namespace: 'lazy' }, ({ path: name }) => {
      const members = importedMembers(name);
      const getters = members.map((member) => `get ${member}() { return load().${member}; }`);
      const load = `let loaded; const load = () => (loaded ??= require(${JSON.stringify(name)}));`;
      return { contents: `${load} module.exports = { ${getters.join(', ')} };`, loader: 'js' };
    });
  },
};

/** What an executable starts with. Node wraps it like any CommonJS module. */
const BOOT = 'src/executable/boot.ts';

const WRAPPED = { banner: { js: BANNER }, footer: { js: FOOTER } };

/** A module of text, in the place of a file. */
const madeEntry = (contents) => ({ stdin: { contents, resolveDir: path.join(ROOT, 'src'), loader: 'ts' } });

const BUNDLES = [
  { name: 'etai', ...madeEntry(bundleEntry('src/cli/main.ts')), plugins: [partsPlugin(null)] },
  ...PART_NAMES.map((name) => ({ name, ...madeEntry(partEntry(name)), plugins: [partsPlugin(name)] })),
  { name: 'tools', entryPoints: [path.join(ROOT, 'src/cli/tools.ts')] },
];

/** @param further  options of esbuild: the entry among them */
async function bundle(outfile, { plugins = [], ...further }) {
  await build({
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    plugins: [...plugins, nodeModules, chevrotainLexer],
    external: ['koffi', 'postject'], // they stay packages: one is native, few need the other
    // Names are kept as they are: stack traces and generated code read better, and the gain would be small.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    define: {
      'import.meta.filename': '__filename',
      'import.meta.dirname': '__dirname',
      ETA_BUILD: JSON.stringify(stamp),
    },
    logLevel: 'warning',
    ...further,
  });
  writeFileSync(outfile, usedAsTheyAre(readFileSync(outfile, 'utf8')));
}

/**
 * A bundle in which the modules that plugins have made are used as they are. esbuild takes them for modules of other
 * people and copies their properties, getter by getter, for each file that imports one, at every start. As long as
 * before, for the source map.
 */
function usedAsTheyAre(text) {
  const made = [...text.matchAll(/\b(\w+)=__commonJS\(\{"(?:lazy|part):/g)].map(([, name]) => name);
  const copies = new RegExp(`__toESM(\\((?:${made.join('|')})\\(\\)),1\\)`, 'g');
  return made.length === 0 ? text : text.replace(copies, (_, call) => `       ${call}  )`);
}

/** Compile the standard library to .etac files in `to`. */
async function compileLibrary(to) {
  const compiler = path.join(path.dirname(to), 'compile-stdlib.cjs');
  await bundle(compiler, { entryPoints: [path.join(ROOT, 'src/cli/compile-stdlib.ts')] });
  const run = spawnSync(process.execPath, [compiler, path.join(ROOT, 'stdlib'), to], { cwd: ROOT, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`the standard library does not compile:\n${run.stdout}${run.stderr}`);
}

mkdirSync(DIST, { recursive: true });
const work = mkdtempSync(path.join(DIST, '.build-'));
try {
  for (const { name, ...options } of BUNDLES) await bundle(path.join(work, `${name}.cjs`), { ...options, ...WRAPPED });
  await bundle(path.join(work, 'boot.cjs'), { entryPoints: [path.join(ROOT, BOOT)] });
  await compileLibrary(path.join(work, 'stdlib'));
  rmSync(STAMP, { force: true });
  for (const file of readdirSync(DIST)) if (file.endsWith('.cache')) rmSync(path.join(DIST, file));
  rmSync(path.join(DIST, 'stdlib'), { recursive: true, force: true });
  renameSync(path.join(work, 'stdlib'), path.join(DIST, 'stdlib'));
  for (const { name } of BUNDLES) {
    for (const file of [`${name}.cjs.map`, `${name}.cjs`]) renameSync(path.join(work, file), path.join(DIST, file));
  }
  renameSync(path.join(work, 'boot.cjs'), path.join(DIST, 'boot.cjs'));
  const cached = recordCodeCaches(DIST);
  writeFileSync(STAMP, stamp);
  const kilobytes = Math.round(statSync(path.join(DIST, 'etai.cjs')).size / 1024);
  const ms = Math.round(performance.now() - started);
  console.log(`build: dist/etai.cjs, ${kilobytes} KB, ${cached ? 'with' : 'without'} code cache, ${ms} ms`);
} catch (error) {
  if (!error.errors) throw error; // esbuild has printed its own already
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
